"""The tracking page: what the customer sees, nothing else, and a token that leaves no trace."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.tracking import keys
from tests.ui.guest_desk import APP, EMAIL, OLGA, PHONE, TOKEN, TRACKING, Desk, everything_in, guest_desk

LINK = f"https://shop.example/track/{TOKEN}"
UNKNOWN = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with guest_desk(tmp_path) as made:
        made.open(TRACKING)
        yield made


def show(desk: Desk, pasted: str) -> AppTest:
    desk.tab.text_input(key=keys.TRACKING_PASTED).set_value(pasted)
    return desk.click(keys.TRACKING_SHOW)


@pytest.mark.parametrize("pasted", [TOKEN, LINK, f"<{LINK.upper()}>.", f"{LINK[:30]}\n{LINK[30:]}?lang=de"])
def test_a_token_or_a_whole_link_shows_what_the_customer_sees(desk: Desk, pasted: str) -> None:
    screen = everything_in(show(desk, pasted))
    assert "This is all that the customer sees." in screen
    for shown in ("ORD-2026-0042", "j***@example.com", "Wool blanket, grey", "Pending"):
        assert shown in screen
    (to_order,) = desk.tab.get("page_link")
    assert to_order.proto.query_string.endswith("order=ORD-2026-0042")


def test_nothing_but_the_tracked_order_is_on_the_screen(desk: Desk) -> None:
    screen = everything_in(show(desk, TOKEN))
    for hidden in (EMAIL, PHONE, "Rose Lane", "SW1A", desk.api.order["customerName"]):
        assert hidden not in screen


def test_the_token_is_in_no_address_and_in_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tab = show(desk, LINK)
        show(desk, f"https://shop.example/track/{UNKNOWN}")
    assert not tab.query_params
    assert TOKEN not in caplog.text
    assert UNKNOWN not in caplog.text


@pytest.mark.parametrize("pasted", [UNKNOWN, f"{LINK[:-1]}", "ORD-2026-0042", EMAIL, "hello"])
def test_unknown_and_malformed_look_the_same(desk: Desk, pasted: str) -> None:
    assert without_field(show(desk, pasted)) == without_field(show(desk, UNKNOWN))
    assert "looks the same" in everything_in(desk.tab)


def without_field(tab: AppTest) -> list[str]:
    return [each.value for each in (*tab.warning, *tab.markdown, *tab.text, *tab.caption)]


@pytest.mark.parametrize("pasted", ["ORD-2026-0042", EMAIL, "../../v1/orders", ""])
def test_what_holds_no_token_is_never_sent(desk: Desk, pasted: str) -> None:
    show(desk, pasted)
    assert not desk.asked("/track/")


def test_clear_empties_the_page(desk: Desk) -> None:
    show(desk, TOKEN)
    tab = desk.click(keys.TRACKING_CLEAR)
    assert tab.text_input(key=keys.TRACKING_PASTED).value == ""
    assert "ORD-2026-0042" not in everything_in(tab)
    assert TOKEN not in str(tab.session_state.to_dict())


def test_leaving_the_page_takes_order_and_token_along(desk: Desk) -> None:
    show(desk, TOKEN)
    desk.open("pages/support/guest_access.py")
    tab = desk.open(TRACKING)
    assert "ORD-2026-0042" not in everything_in(tab)
    assert TOKEN not in str(tab.session_state.to_dict())


def test_the_order_is_asked_for_once_and_not_at_each_rerun(desk: Desk) -> None:
    show(desk, TOKEN)
    desk.run()
    assert desk.asked("/track/") == [("GET", f"/v1/track/{TOKEN}")]


def test_a_second_tab_never_sees_what_the_first_looked_up(desk: Desk) -> None:
    show(desk, TOKEN)
    desk.tab = AppTest.from_file(APP)
    desk.run()
    assert "ORD-2026-0042" not in everything_in(desk.open(TRACKING))


def test_too_many_look_ups_say_how_long_and_go_on_by_themselves(desk: Desk) -> None:
    desk.api.limited = 30
    tab = show(desk, TOKEN)
    assert tab.metric[0].value == "00:30"
    desk.api.limited = 0
    desk.clock.seconds = 29
    assert "ORD-2026-0042" not in everything_in(desk.run())
    desk.clock.seconds = 30
    assert "ORD-2026-0042" in everything_in(desk.run())


@pytest.mark.parametrize(
    "fault", [500, 503, httpx.ConnectError("gone"), httpx.ReadTimeout("slow"), httpx.ReadError("broke")]
)
def test_an_api_that_fails_is_said_and_the_look_up_goes_on_once_it_is_back(
    desk: Desk, fault: int | Exception
) -> None:
    if isinstance(fault, int):
        desk.api.failing = fault
    else:
        desk.api.raises = fault
    tab = show(desk, TOKEN)
    assert tab.button(key="page_retry")
    assert tab.text_input(key=keys.TRACKING_PASTED).value == TOKEN
    assert "ORD-2026-0042" not in everything_in(tab)
    desk.api.failing, desk.api.raises = 0, None
    assert "ORD-2026-0042" in everything_in(desk.click("page_retry"))


def test_an_idle_page_says_that_the_api_is_away_and_takes_it_back(desk: Desk) -> None:
    desk.api.raises = httpx.ConnectError("gone")
    assert "can't be reached" in everything_in(desk.run())
    desk.api.raises = None
    assert "can't be reached" not in everything_in(desk.run())


def test_a_role_that_may_not_track_is_refused(desk: Desk) -> None:
    desk.staff = OLGA
    tab = desk.open(TRACKING)
    assert "role" in tab.warning[0].value
    assert not tab.text_input


def test_a_stranger_sees_the_sign_in_and_no_field(desk: Desk) -> None:
    show(desk, TOKEN)
    desk.staff = None
    screen = everything_in(desk.open(TRACKING))
    assert "Order Desk" in screen
    assert "ORD-2026-0042" not in screen
    assert TOKEN not in screen
