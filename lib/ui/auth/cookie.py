"""Has the browser write and drop the staff cookie, and says when it has; it reads none of it."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime

import extra_streamlit_components as stx
import streamlit as st

STAFF_COOKIE_ORDER = "staff_cookie_order"
PATIENCE_SECONDS = 3.0
"""A browser that has not written its cookie by then gets its page all the same, while the tab lives."""
LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class _CookieOrder:
    """What the browser has yet to be told: keep this value until then (no value: drop the cookie)."""

    name: str
    value: str
    expires_at: datetime
    max_age: float
    awaited: bool
    key: str = field(default_factory=lambda: f"staff_{secrets.token_hex(8)}")
    ordered_at: float = field(default_factory=time.monotonic)


def browser_cookies() -> dict[str, str]:
    """Return the browser's cookies as they were when this page was opened."""
    return st.context.cookies.to_dict()


def order_cookie(
    name: str, value: str, expires_at: datetime, now: datetime, *, awaited: bool = False
) -> None:
    """Have the browser keep a cookie until then, or drop it; `awaited`: its page is to wait for that."""
    max_age = max(0.0, (expires_at - now).total_seconds())
    st.session_state[STAFF_COOKIE_ORDER] = _CookieOrder(name, value, expires_at, max_age, awaited)


def waits_for_cookie() -> bool:
    """Return whether somebody has just signed in whose browser has yet to write the cookie.

    Until then their page is not drawn: who reloads it as soon as it is there must not be a stranger again.
    """
    order: _CookieOrder | None = st.session_state.get(STAFF_COOKIE_ORDER)
    if order is None or not order.awaited or st.session_state.get(order.key):
        return False
    return time.monotonic() < order.ordered_at + PATIENCE_SECONDS


def keep_browser_cookie() -> None:
    """Have the browser do what was ordered, if anything was; draws nothing that can be seen."""
    waiting = waits_for_cookie()
    if STAFF_COOKIE_ORDER in st.session_state:
        st.fragment(_carry_out, run_every=LOOK_AGAIN_SECONDS if waiting else None)(waiting)


def _carry_out(waiting: bool) -> None:
    order: _CookieOrder | None = st.session_state.get(STAFF_COOKIE_ORDER)
    if order is None:
        return
    if not st.session_state.get(order.key):
        # None where it does not matter: a browser takes no Secure cookie from a page without TLS.
        secure = True if (st.context.url or "").startswith("https:") else None
        stx.CookieManager(key=f"{order.key}_all").set(
            order.name,
            order.value,
            key=order.key,
            expires_at=order.expires_at,
            max_age=order.max_age,
            secure=secure,
        )
    if st.session_state.get(order.key):  # the browser says it has done so
        del st.session_state[STAFF_COOKIE_ORDER]
    if waiting and not waits_for_cookie():
        st.rerun()
