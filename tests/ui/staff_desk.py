"""The dashboard in AppTest with real accounts and the real sign-in, and an API that has no orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.once import forget_all
from lib.staff import changes
from tests.passwords import PASSWORD, hash_cheaply
from tests.servers.whole_api import document
from tests.ui.guest_desk import everything_in

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*/*.py"))


@dataclass
class StaffDesk:
    """A desk with the accounts sam (support), olga (ops) and gone (disabled); all have PASSWORD."""

    staff_file: Path
    now: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    address: str = "192.0.2.7"
    cookies: dict[str, str] = field(default_factory=dict)
    written: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What the API was told about sign-ins: which call, and its body."""
    says: dict[str, Any] = field(default_factory=dict)
    """What the API answers to such a call; it lacks those that are not named here."""
    failing: str = ""
    """The call that the API has a fault in."""

    def tab(self) -> AppTest:
        """Open a browser tab, with the cookies that the browser has at this moment."""
        return AppTest.from_file(APP, default_timeout=30).run()

    def signed_in_tab(self, username: str = "sam") -> AppTest:
        """Open a tab and sign in; the browser then has the cookie."""
        return self.sign_in(self.tab(), username)

    def sign_in(self, tab: AppTest, username: str, password: str = PASSWORD) -> AppTest:
        """Fill the form and send it."""
        tab.text_input(key="sign_in_username").set_value(username)
        tab.text_input(key="sign_in_password").set_value(password)
        tab.button(key="sign_in_send").click()
        return tab.run()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as an API that has no orders."""
        before, _, call = request.url.path.partition("/v1/staff-sessions/")
        if not before and call:
            self.told.append((call, json.loads(request.content or b"{}")))
            return self._about_sign_ins(call)
        if request.url.path == "/openapi.json":
            return httpx.Response(200, json=document())
        if request.url.path == "/v1/orders":
            return httpx.Response(200, json={"items": [], "total": 0, "page": 1, "totalPages": 0})
        return httpx.Response(200, json={"items": []})

    def _about_sign_ins(self, call: str) -> httpx.Response:
        if call == self.failing:
            return httpx.Response(500)
        if call not in self.says:
            return httpx.Response(404, json={"code": "NOT_FOUND"})
        return httpx.Response(200 if self.says[call] else 204, json=self.says[call] or None)

    def forget_answers(self) -> None:
        """Have the ledger ask anew, as it does a moment later."""
        from lib.ui.auth.records import ledger

        ledger()._stood.clear()

    def wait(self, **duration: float) -> None:
        """Set the dashboard's clock forward."""
        self.now += timedelta(**duration)


class FakeCookieManager:
    """The browser's side: takes what it is told, and says it has done so."""

    desk: StaffDesk

    def __init__(self, key: str) -> None:
        self.key = key

    def set(self, cookie: str, val: str, key: str, **options: Any) -> None:
        if options["max_age"]:
            self.desk.cookies[cookie] = val
        else:
            self.desk.cookies.pop(cookie, None)
        self.desk.written.append({"cookie": cookie, "value": val, **options})
        st.session_state[key] = True


@contextmanager
def staff_desk(folder: Path) -> Iterator[StaffDesk]:
    """Return a desk whose data are in `folder`."""
    desk = StaffDesk(folder / "staff.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        hash_cheaply(patch)
        for name, role in (("sam", "support"), ("olga", "ops"), ("gone", "admin")):
            changes.add_account(desk.staff_file, name, name.title(), [role], PASSWORD)
        changes.set_disabled(desk.staff_file, "gone", True)
        patch.setenv("ORDERS_STAFF_FILE", str(desk.staff_file))
        patch.setenv("ORDERS_API_URL", "http://api.test")
        FakeCookieManager.desk = desk
        patch.setattr("lib.ui.auth.cookie.stx.CookieManager", FakeCookieManager)
        patch.setattr("lib.ui.auth.password.browser_cookies", lambda: dict(desk.cookies))
        patch.setattr("lib.ui.auth.records.client_address", lambda _trusted: desk.address)
        patch.setattr("lib.ui.auth.clock.now", lambda: desk.now)
        patch.setattr("lib.ui.shared.clients._connections", lambda: httpx.MockTransport(desk.answer))
        forget_all()
        yield desk
        forget_all()


def is_signed_in(tab: AppTest) -> bool:
    """Return whether the tab shows somebody's page, rather than the sign-in; it must be one of the two."""
    keys = {button.key for button in tab.button}
    assert ("sign_in_out" in keys) != ("sign_in_send" in keys), keys
    return "sign_in_out" in keys


def words_on(tab: AppTest) -> str:
    """Return all that was sent to the browser."""
    return everything_in(tab)


def refusal(tab: AppTest) -> str:
    """Return the one thing that the sign-in says against it; nobody may be signed in."""
    assert not is_signed_in(tab)
    assert not tab.exception
    (error,) = tab.error
    return str(error.value)
