"""The guest access page: three steps from a caller's order number to the whole order, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.guest_access import keys
from lib.ui.shared.keys import GUEST_CALLER
from tests.ui.guest_access.page import ORDER, PERSONAL, enter, send, shows_details
from tests.ui.guest_desk import ACCESS_TOKEN, EMAIL, GUEST, SAM, TRACKING, Desk, everything_in


def test_three_steps_lead_to_the_whole_order(desk: Desk) -> None:
    send(desk, f"  {ORDER} ", f" {EMAIL}\t")
    assert desk.api.bodies == [{"orderNumber": ORDER, "email": EMAIL}]
    tab = enter(desk)
    screen = everything_in(tab)
    for shown in (*PERSONAL, ORDER, EMAIL, "Wool blanket, grey", "30:00"):
        assert shown in screen


def come_from_an_order(desk: Desk, number: str, whose: str = SAM.username) -> AppTest:
    desk.open(TRACKING)
    desk.tab.session_state[GUEST_CALLER] = (whose, number)
    return desk.open(GUEST)


def test_a_caller_of_an_orders_page_is_verified_for_that_order_and_the_last_step_leads_back(
    desk: Desk,
) -> None:
    assert come_from_an_order(desk, ORDER).text_input(key=keys.GUEST_ORDER_NUMBER).value == ORDER
    send(desk)
    come_from_an_order(desk, ORDER.lower())  # the code is sent, and still good
    tab = enter(desk)
    assert "caller verified, 30 min left" in everything_in(tab)
    assert [each.proto.query_string for each in tab.get("page_link")] == [f"order={ORDER}"]
    for whose, number, asked in (("sam", "ORD-2026-0001", "ORD-2026-0001"), ("sue", ORDER, "ORD-2026-0001")):
        tab = come_from_an_order(desk, number, whose)
        assert tab.text_input(key=keys.GUEST_ORDER_NUMBER).value == asked


def test_each_step_says_what_to_tell_the_caller(desk: Desk) -> None:
    lines = []
    steps: tuple[Callable[[], AppTest], ...] = (
        lambda: desk.tab,
        lambda: send(desk),
        lambda: enter(desk),
        lambda: desk.click(keys.GUEST_END),
    )
    for step in steps:
        tab = step()
        assert "Say to the caller" in everything_in(tab)
        lines.append([each.value for each in tab.markdown if each.value.startswith("“")])
    assert all(len(line) == 1 for line in lines)
    assert len({line[0] for line in lines}) == 4


def test_a_wrong_code_first_and_then_the_right_one(desk: Desk) -> None:
    send(desk)
    assert not shows_details(enter(desk, "999999"))
    assert shows_details(enter(desk))


@pytest.mark.parametrize(
    "typed", ["12345", "1234567", "abcdef", "12 34 5", "", "½23456", "1 234567", "042137 or 999999"]
)
def test_an_incomplete_code_never_reaches_the_api(desk: Desk, typed: str) -> None:
    send(desk)
    tab = enter(desk, typed)
    assert "6 digits" in tab.warning[0].value
    assert not desk.asked("verify")


def test_an_email_that_was_copied_as_a_link_is_taken_without_it(desk: Desk) -> None:
    send(desk, ORDER, f"mailto:{EMAIL}")
    assert desk.api.bodies == [{"orderNumber": ORDER, "email": EMAIL}]


@pytest.mark.parametrize(
    "typed",
    ["042 137", "０４２１３７", "042-137", " 0 4 2 1 3 7 ", "my code is 042 137.", "042137, for order 1001"],
)
def test_a_code_is_taken_as_people_type_it(desk: Desk, typed: str) -> None:
    send(desk)
    assert shows_details(enter(desk, typed))


@pytest.mark.parametrize(
    ("order_number", "email"),
    [
        ("", EMAIL),
        (ORDER, ""),
        (ORDER, "jane"),
        ("1" * 65, EMAIL),
        (EMAIL, EMAIL),
        (f"mailto:{EMAIL}", EMAIL),
        ("https://x.example/o/1", EMAIL),
        (ORDER, "mailto:"),
    ],
)
def test_what_can_not_be_right_is_said_without_asking_the_api(
    desk: Desk, order_number: str, email: str
) -> None:
    tab = send(desk, order_number, email)
    assert tab.warning
    assert not desk.asked("access-codes")
    assert tab.text_input(key=keys.GUEST_EMAIL).value == email


def test_ending_the_access_clears_the_screen_and_kills_the_token(desk: Desk) -> None:
    send(desk)
    enter(desk)
    tab = desk.click(keys.GUEST_END)
    assert not shows_details(tab)
    assert desk.api.tokens == set()
    assert ACCESS_TOKEN not in str(vars(tab.session_state[keys.GUEST_FLOW][1]))


def test_reading_again_shows_the_order_as_it_is_now(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.api.order["status"] = "SHIPPED"
    assert "Shipped" in everything_in(desk.click(keys.GUEST_REFRESH))


def test_leaving_the_page_and_coming_back_keeps_the_step(desk: Desk) -> None:
    send(desk)
    desk.open("pages/support/tracking.py")
    desk.clock.seconds = 30
    assert desk.open(GUEST).metric[0].value == "09:30"
    enter(desk)
    desk.open("pages/support/tracking.py")
    assert not shows_details(desk.tab)
    assert shows_details(desk.open(GUEST))
    desk.open("pages/support/tracking.py")
    desk.clock.seconds = 2_000
    assert not shows_details(desk.open(GUEST))
