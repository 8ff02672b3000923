"""The guest access page with an API that fails, is away, or ended the access by itself."""

from __future__ import annotations

import httpx
import pytest

from lib.ui.guest_access import keys
from tests.ui.guest_access.page import enter, send, shows_details
from tests.ui.guest_desk import EMAIL, Desk, everything_in

FAULTS = [500, 503, httpx.ConnectError("gone"), httpx.ReadError("broke")]


def break_api(desk: Desk, fault: int | Exception) -> None:
    if isinstance(fault, int):
        desk.api.failing = fault
    else:
        desk.api.raises = fault


@pytest.mark.parametrize("fault", [500, 503, httpx.ConnectError("gone"), httpx.ReadTimeout("slow")])
def test_the_screen_is_cleared_even_if_the_api_can_not_be_told(desk: Desk, fault: int | Exception) -> None:
    send(desk)
    enter(desk)
    break_api(desk, fault)
    tab = desk.click(keys.GUEST_END)
    assert not shows_details(tab)
    assert "could not be told" in everything_in(tab)


def test_an_access_that_the_api_ended_takes_the_details_along(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.api.tokens.clear()
    tab = desk.click(keys.GUEST_REFRESH)
    assert not shows_details(tab)
    assert "no longer good" in everything_in(tab)


@pytest.mark.parametrize("fault", [*FAULTS, httpx.ReadTimeout("slow")])
def test_an_api_that_fails_at_the_first_step_is_said_and_nothing_typed_is_lost(
    desk: Desk, fault: int | Exception
) -> None:
    break_api(desk, fault)
    tab = send(desk)
    assert tab.button(key="page_retry")
    desk.api.failing, desk.api.raises = 0, None
    tab = desk.click("page_retry")
    assert tab.text_input(key=keys.GUEST_EMAIL).value == EMAIL
    assert "not known whether a code was asked for" in everything_in(tab)
    assert desk.click(keys.GUEST_SEND).metric[0].value == "10:00"


@pytest.mark.parametrize("fault", FAULTS)
def test_an_api_that_fails_at_the_second_step_is_said_and_the_step_stays(
    desk: Desk, fault: int | Exception
) -> None:
    send(desk)
    break_api(desk, fault)
    tab = enter(desk)
    assert tab.button(key="page_retry")
    assert not shows_details(tab)
    desk.api.failing, desk.api.raises = 0, None
    assert "may be used up" in everything_in(desk.click("page_retry"))
    assert shows_details(enter(desk))


def test_a_lost_answer_says_that_the_code_may_be_used_up(desk: Desk) -> None:
    send(desk)
    desk.api.raises = httpx.ReadTimeout("slow")
    assert "may be used up" in everything_in(enter(desk))


@pytest.mark.parametrize("fault", FAULTS)
def test_an_api_that_is_away_leaves_the_opened_order_and_says_so(desk: Desk, fault: int | Exception) -> None:
    send(desk)
    enter(desk)
    break_api(desk, fault)
    assert shows_details(desk.click(keys.GUEST_REFRESH))
    assert desk.tab.button(key="page_retry")
    tab = desk.run()
    assert shows_details(tab)
    assert "can't be reached" in everything_in(tab)
