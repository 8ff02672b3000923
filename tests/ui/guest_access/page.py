"""The guest access page in a staff member's hands: what they type and click there, and what it shows."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from lib.ui.guest_access import keys
from tests.ui.guest_desk import CODE, EMAIL, PHONE, STREET, Desk, everything_in

ORDER = "ORD-2026-0042"
PERSONAL = (STREET, PHONE, "SW1A 1AA", "Jane Doe")


def send(desk: Desk, order_number: str = ORDER, email: str = EMAIL) -> AppTest:
    """Ask for a code."""
    desk.tab.text_input(key=keys.GUEST_ORDER_NUMBER).set_value(order_number)
    desk.tab.text_input(key=keys.GUEST_EMAIL).set_value(email)
    return desk.click(keys.GUEST_SEND)


def enter(desk: Desk, code: str = CODE) -> AppTest:
    """Show a code."""
    desk.tab.text_input(key=keys.GUEST_CODE).set_value(code)
    return desk.click(keys.GUEST_OPEN)


def shows_details(tab: AppTest) -> bool:
    """Return whether anything personal was sent to the browser."""
    screen = everything_in(tab)
    return any(each in screen for each in PERSONAL)
