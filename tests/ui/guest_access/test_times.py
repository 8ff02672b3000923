"""The guest access page keeps the times of codes, of resends, of limits, and of the opened order."""

from __future__ import annotations

from lib.ui.guest_access import keys
from tests.ui.guest_access.page import ORDER, enter, send, shows_details
from tests.ui.guest_desk import ACCESS_TOKEN, EMAIL, Desk, everything_in


def test_the_ten_minutes_run_from_the_request_and_then_only_a_new_code_helps(desk: Desk) -> None:
    assert send(desk).metric[0].value == "10:00"
    desk.clock.seconds = 599
    assert desk.run().metric[0].value == "00:01"
    desk.clock.seconds = 600
    tab = desk.run()
    assert not [each for each in tab.text_input if each.key == keys.GUEST_CODE]
    assert desk.click(keys.GUEST_RESEND).metric[0].value == "10:00"


def test_a_resend_waits_a_minute_shows_the_seconds_and_starts_the_clocks_anew(desk: Desk) -> None:
    tab = send(desk)
    assert tab.metric[1].value == "01:00"
    assert tab.button(key=keys.GUEST_RESEND).disabled
    desk.clock.seconds = 60
    assert not desk.run().button(key=keys.GUEST_RESEND).disabled
    tab = desk.click(keys.GUEST_RESEND)
    assert tab.button(key=keys.GUEST_RESEND).disabled
    assert [each.value for each in tab.metric] == ["10:00", "01:00"]
    assert len(desk.asked("access-codes")) == 2


def test_a_corrected_email_goes_out_at_once_but_the_same_one_waits_its_minute(desk: Desk) -> None:
    send(desk)
    desk.clock.seconds = 20
    desk.click(keys.GUEST_CHANGE)
    assert desk.tab.text_input(key=keys.GUEST_EMAIL).value == EMAIL
    assert send(desk, ORDER, EMAIL.upper()).metric[1].value == "00:40"
    assert len(desk.api.bodies) == 1
    desk.click(keys.GUEST_CHANGE)
    assert send(desk, ORDER, "j.doe@example.com").metric[1].value == "01:00"
    assert len(desk.api.bodies) == 2


def test_the_details_leave_when_the_thirty_minutes_are_over(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.clock.seconds = 1_799
    assert shows_details(desk.run())
    desk.clock.seconds = 1_800
    tab = desk.run()
    assert not shows_details(tab)
    assert ACCESS_TOKEN not in str(vars(tab.session_state[keys.GUEST_FLOW][1]))
    assert "The time is over" in everything_in(tab)
    desk.click(keys.GUEST_START_OVER)
    assert desk.tab.text_input(key=keys.GUEST_EMAIL).value == ""


def test_the_browser_hides_the_details_on_its_own_clock_too(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.clock.seconds = 100
    assert "display: none" in everything_in(desk.run())
    assert "1700s" in everything_in(desk.tab)


def test_a_rate_limit_says_how_long_at_the_first_step(desk: Desk) -> None:
    desk.api.limited = 45
    tab = send(desk)
    assert tab.metric[0].value == "00:45"
    assert tab.button(key=keys.GUEST_SEND).disabled
    desk.api.limited, desk.clock.seconds = 0, 45
    assert not desk.run().button(key=keys.GUEST_SEND).disabled


def test_a_rate_limit_says_how_long_at_the_second_step(desk: Desk) -> None:
    send(desk)
    desk.api.limited = 45
    tab = enter(desk, "999999")
    assert "00:45" in [each.value for each in tab.metric]
    assert tab.button(key=keys.GUEST_OPEN).disabled
    desk.api.limited, desk.clock.seconds = 0, 45
    desk.run()
    assert shows_details(enter(desk))
