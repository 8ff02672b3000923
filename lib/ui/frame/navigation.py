"""Lists the pages and what each role sees of them in the menu; who may open one is the page's to say."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager

from lib.staff.member import StaffMember

ROOT = Path(__file__).resolve().parents[3]
# A file of ours: the browser would fetch a Material icon, or an emoji, from somebody else's server.
ICON = str(Path(__file__).with_name("icon.svg"))

_HOME = "home"
"""What Streamlit serves the default page at, beside /."""
_NAME = re.compile(r"[\w-]{1,64}")
OWN_HEADS = ("Orders", "Order")
"""The pages that draw their title themselves, in one line with what is used most."""


def refuse_flat_pages(root: Path = ROOT) -> None:
    """Stop where a page lies in `pages/` itself: Streamlit would serve it without app.py's sign-in.

    Raises:
        RuntimeError: there is such a page.
    """
    flat = sorted(path.name for path in (root / "pages").glob("*.py"))
    if flat:
        raise RuntimeError(f"pages/{flat[0]} must move into a folder of pages/: here it escapes the sign-in")


def wanted_page(staff: StaffMember | None, *, demo_mode: bool, keeps_audit: bool = True) -> Page:
    """Return the page that the address names, and draw the menu, which a stranger does not see."""
    pages = pages_for(staff, demo_mode=demo_mode, keeps_audit=keeps_audit)
    names = {page.url_path for group in pages.values() for page in group}
    asked = urlsplit(st.context.url or "").path.rpartition("/")[2]
    _leave_folder_navigation(asked, names)
    if asked not in names | {_HOME} and _NAME.fullmatch(asked):
        # Streamlit would lay words of its own over the list.
        pages[""] = [st.Page(_no_such_page, title="No such page", url_path=asked, visibility="hidden")]
    return st.navigation(pages, position="hidden" if staff is None else "sidebar")


def pages_for(staff: StaffMember | None, *, demo_mode: bool, keeps_audit: bool) -> dict[str, list[Page]]:
    """List every page there is, whoever asks, so that a link to one survives the sign-in.

    The pages a role may not open, and the audit log where the API keeps none, are left out of the menu only:
    they refuse for themselves.
    """
    pages = {
        "Support": [
            _page(staff, "view", "support/orders", "Orders", ":material/list_alt:", default=True),
            _page(staff, "view", "support/order", "Order", ":material/receipt_long:"),
            _page(staff, "track", "support/tracking", "Tracking", ":material/local_shipping:"),
            _page(staff, "guest_access", "support/guest_access", "Guest access", ":material/key:"),
            # The default page answers at / alone, so that /orders needs an entry of its own.
            _page(None, "view", "support/orders", "Orders", ":material/list_alt:"),
        ],
        "Operations": [_page(staff, "insights", "ops/insights", "Insights", ":material/insights:")],
        "Administration": [
            _page(staff if keeps_audit else None, "audit", "admin/audit", "Audit log", ":material/policy:"),
            _page(staff if keeps_audit else None, "privacy", "admin/privacy", "Privacy", ":material/shield:"),
            _page(staff, "accounts", "admin/accounts", "Accounts", ":material/group:"),
        ],
    }
    if demo_mode:
        pages["Demonstration"] = [_page(staff, "mailbox", "admin/mailbox", "Mailbox", ":material/mail:")]
    return pages


def _page(
    staff: StaffMember | None, act: str, path: str, title: str, icon: str, *, default: bool = False
) -> Page:
    return st.Page(
        f"pages/{path}.py",
        title=title,
        url_path=_HOME if default else path.rpartition("/")[2],
        icon=icon,
        default=default,
        visibility="visible" if staff is not None and staff.may(act) else "hidden",
    )


def _no_such_page() -> None:
    st.text("This address leads to no page of Order Desk. It may have been cut short.")
    st.page_link(f"{ROOT}/pages/support/orders.py", label="All orders", icon=":material/list_alt:")


def _leave_folder_navigation(wanted: str, names: set[str]) -> None:
    """Have the first visitor after a start come again, if Streamlit took `pages/` for a menu of its own.

    Until st.navigation has been called once, it does (`PagesManager.uses_pages_directory`): it runs app.py
    for every address and lays "Page not found" over it. lib/dashboard.py settles that before anybody
    comes; `streamlit run app.py` gives no such chance.
    """
    if not PagesManager.uses_pages_directory or wanted not in names - {""}:
        return
    PagesManager.uses_pages_directory = False
    to = f"location.pathname.replace(/[/]$/, '') + '/{wanted}' + location.search"
    st.html(f"<script>location.replace({to})</script>", unsafe_allow_javascript=True)
    st.stop()
