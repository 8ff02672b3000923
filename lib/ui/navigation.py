"""Lists the dashboard's pages and what each role sees of them; whether somebody may open one is the page's."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from lib.ui.session import StaffMember

ROOT = Path(__file__).resolve().parents[2]


def refuse_flat_pages(root: Path = ROOT) -> None:
    """Stop where a page lies in `pages/` itself: Streamlit would serve it without app.py's sign-in.

    Raises:
        RuntimeError: there is such a page.
    """
    flat = sorted(path.name for path in (root / "pages").glob("*.py"))
    if flat:
        raise RuntimeError(f"pages/{flat[0]} must move into a folder of pages/: here it escapes the sign-in")


def pages_for(staff: StaffMember | None, *, demo_mode: bool) -> dict[str, list[Page]]:
    """List every page there is, whoever asks, so that a link to one survives the sign-in.

    The pages a role may not open are left out of the menu only: they refuse for themselves.
    """
    pages = {
        "Support": [
            st.Page(
                "pages/support/orders.py",
                title="Orders",
                url_path="orders",
                icon=":material/list_alt:",
                default=True,
            ),
            _page(staff, "view", "support/order", "Order", ":material/receipt_long:"),
            _page(staff, "track", "support/tracking", "Tracking", ":material/local_shipping:"),
            _page(staff, "guest_access", "support/guest_access", "Guest access", ":material/key:"),
        ]
    }
    if demo_mode:
        pages["Demonstration"] = [_page(staff, "mailbox", "admin/mailbox", "Mailbox", ":material/mail:")]
    return pages


def _page(staff: StaffMember | None, act: str, path: str, title: str, icon: str) -> Page:
    return st.Page(
        f"pages/{path}.py",
        title=title,
        url_path=path.rpartition("/")[2],
        icon=icon,
        visibility="visible" if staff is not None and staff.may(act) else "hidden",
    )
