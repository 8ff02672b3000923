"""The guest access page: three steps, one answer for every order, and details that leave on time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from lib.staff.roles import ROLES
from lib.ui import session
from lib.ui.session import StaffMember
from tests.ui.guest_desk import (
    ACCESS_TOKEN,
    APP,
    CODE,
    EMAIL,
    GENERIC,
    GUEST,
    OLGA,
    PHONE,
    STREET,
    Desk,
    everything_in,
    guest_desk,
)

ORDER = "ORD-2026-0042"
PERSONAL = (STREET, PHONE, "SW1A 1AA", "Jane Doe")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with guest_desk(tmp_path) as made:
        made.open(GUEST)
        yield made


def send(desk: Desk, order_number: str = ORDER, email: str = EMAIL) -> AppTest:
    desk.tab.text_input(key=session.GUEST_ORDER_NUMBER).set_value(order_number)
    desk.tab.text_input(key=session.GUEST_EMAIL).set_value(email)
    return desk.click(session.GUEST_SEND)


def enter(desk: Desk, code: str = CODE) -> AppTest:
    desk.tab.text_input(key=session.GUEST_CODE).set_value(code)
    return desk.click(session.GUEST_OPEN)


def said(tab: AppTest) -> list[str]:
    return [each.value for each in (*tab.warning, *tab.info, *tab.markdown, *tab.caption, *tab.metric)]


def shows_details(tab: AppTest) -> bool:
    screen = everything_in(tab)
    return any(each in screen for each in PERSONAL)


def test_three_steps_lead_to_the_whole_order(desk: Desk) -> None:
    send(desk, f"  {ORDER} ", f" {EMAIL}\t")
    assert desk.api.bodies == [{"orderNumber": ORDER, "email": EMAIL}]
    tab = enter(desk)
    screen = everything_in(tab)
    for shown in (*PERSONAL, ORDER, EMAIL, "Wool blanket, grey", "30:00"):
        assert shown in screen


def test_each_step_says_what_to_tell_the_caller(desk: Desk) -> None:
    lines = []
    for step in (
        lambda: desk.tab,
        lambda: send(desk),
        lambda: enter(desk),
        lambda: desk.click(session.GUEST_END),
    ):
        tab = step()
        assert "Say to the caller" in everything_in(tab)
        lines.append([each.value for each in tab.markdown if each.value.startswith("“")])
    assert all(len(line) == 1 for line in lines)
    assert len({line[0] for line in lines}) == 4


@pytest.mark.parametrize(
    ("order_number", "email"),
    [("NO-SUCH-ORDER", EMAIL), (ORDER, "somebody@else.example"), ("#1001", "a@b.example")],
)
def test_the_second_step_never_tells_whether_order_and_email_are_right(
    desk: Desk, order_number: str, email: str
) -> None:
    right = said(send(desk))
    desk.click(session.GUEST_START_OVER)
    wrong = said(send(desk, order_number, email))
    assert wrong == right


def test_every_refused_code_is_said_in_the_api_s_own_words_and_without_a_count(desk: Desk) -> None:
    send(desk)
    first = said(enter(desk, "999999"))
    assert any(GENERIC in each.replace("\\", "") for each in first)
    for _ in range(5):
        assert said(enter(desk, "999998")) == first
    assert not shows_details(desk.tab)


def test_a_wrong_code_first_and_then_the_right_one(desk: Desk) -> None:
    send(desk)
    assert not shows_details(enter(desk, "999999"))
    assert shows_details(enter(desk))


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "12 34 5", "", "½23456"])
def test_an_incomplete_code_never_reaches_the_api(desk: Desk, typed: str) -> None:
    send(desk)
    tab = enter(desk, typed)
    assert "6 digits" in tab.warning[0].value
    assert not desk.asked("verify")


@pytest.mark.parametrize("typed", ["042 137", "０４２１３７", "042-137", " 0 4 2 1 3 7 "])
def test_a_code_is_taken_as_people_type_it(desk: Desk, typed: str) -> None:
    send(desk)
    assert shows_details(enter(desk, typed))


@pytest.mark.parametrize(
    ("order_number", "email"), [("", EMAIL), (ORDER, ""), (ORDER, "jane"), ("a/b", EMAIL)]
)
def test_what_can_not_be_right_is_said_without_asking_the_api(
    desk: Desk, order_number: str, email: str
) -> None:
    tab = send(desk, order_number, email)
    assert tab.warning
    assert not desk.asked("access-codes")
    assert tab.text_input(key=session.GUEST_EMAIL).value == email


def test_nothing_of_it_is_ever_in_the_address(desk: Desk) -> None:
    for step in (send, enter, lambda each: each.click(session.GUEST_REFRESH)):
        assert not step(desk).query_params


def test_the_access_token_and_the_code_are_never_sent_to_the_browser(desk: Desk) -> None:
    send(desk)
    for tab in (enter(desk), desk.click(session.GUEST_REFRESH), desk.click(session.GUEST_END)):
        assert ACCESS_TOKEN not in everything_in(tab)
        assert CODE not in everything_in(tab)


def test_the_browser_is_told_to_remember_nothing(desk: Desk) -> None:
    fields = [each.proto.autocomplete for each in desk.tab.text_input]
    fields += [each.proto.autocomplete for each in send(desk).text_input]
    assert fields == ["off", "off", "one-time-code"]


def test_the_browser_empties_the_code_field_after_each_try(desk: Desk) -> None:
    assert send(desk).form(session.GUEST_CODE_FORM).proto.form.clear_on_submit
    assert "999999" not in everything_in(enter(desk, "999999"))


def test_the_ten_minutes_run_from_the_request_and_then_only_a_new_code_helps(desk: Desk) -> None:
    assert send(desk).metric[0].value == "10:00"
    desk.clock.seconds = 599
    assert desk.run().metric[0].value == "00:01"
    desk.clock.seconds = 600
    tab = desk.run()
    assert not [each for each in tab.text_input if each.key == session.GUEST_CODE]
    assert desk.click(session.GUEST_RESEND).metric[0].value == "10:00"


def test_a_resend_waits_a_minute_shows_the_seconds_and_starts_the_clocks_anew(desk: Desk) -> None:
    tab = send(desk)
    assert tab.metric[1].value == "01:00"
    assert tab.button(key=session.GUEST_RESEND).disabled
    desk.clock.seconds = 60
    assert not desk.run().button(key=session.GUEST_RESEND).disabled
    tab = desk.click(session.GUEST_RESEND)
    assert tab.button(key=session.GUEST_RESEND).disabled
    assert [each.value for each in tab.metric] == ["10:00", "01:00"]
    assert len(desk.asked("access-codes")) == 2


def test_a_corrected_email_goes_out_at_once_but_the_same_one_waits_its_minute(desk: Desk) -> None:
    send(desk)
    desk.clock.seconds = 20
    desk.click(session.GUEST_CHANGE)
    assert desk.tab.text_input(key=session.GUEST_EMAIL).value == EMAIL
    assert send(desk, ORDER, EMAIL.upper()).metric[1].value == "00:40"
    assert len(desk.api.bodies) == 1
    desk.click(session.GUEST_CHANGE)
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
    assert ACCESS_TOKEN not in str(vars(tab.session_state[session.GUEST_FLOW][1]))
    assert "The time is over" in everything_in(tab)
    desk.click(session.GUEST_START_OVER)
    assert desk.tab.text_input(key=session.GUEST_EMAIL).value == ""


def test_the_browser_hides_the_details_on_its_own_clock_too(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.clock.seconds = 100
    assert "display: none" in everything_in(desk.run())
    assert "1700s" in everything_in(desk.tab)


def test_ending_the_access_clears_the_screen_and_kills_the_token(desk: Desk) -> None:
    send(desk)
    enter(desk)
    tab = desk.click(session.GUEST_END)
    assert not shows_details(tab)
    assert desk.api.tokens == set()
    assert ACCESS_TOKEN not in str(vars(tab.session_state[session.GUEST_FLOW][1]))


@pytest.mark.parametrize("fault", [500, 503, httpx.ConnectError("gone"), httpx.ReadTimeout("slow")])
def test_the_screen_is_cleared_even_if_the_api_can_not_be_told(desk: Desk, fault: int | Exception) -> None:
    send(desk)
    enter(desk)
    break_api(desk, fault)
    tab = desk.click(session.GUEST_END)
    assert not shows_details(tab)
    assert "could not be told" in everything_in(tab)


def test_an_access_that_the_api_ended_takes_the_details_along(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.api.tokens.clear()
    tab = desk.click(session.GUEST_REFRESH)
    assert not shows_details(tab)
    assert "no longer good" in everything_in(tab)


def test_reading_again_shows_the_order_as_it_is_now(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.api.order["status"] = "SHIPPED"
    assert "Shipped" in everything_in(desk.click(session.GUEST_REFRESH))


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


def test_the_next_person_at_the_same_screen_finds_nothing(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.staff = StaffMember("sue", "Sue", ("supervisor",))
    tab = desk.open(GUEST)
    assert not shows_details(tab)
    assert tab.text_input(key=session.GUEST_EMAIL).value == ""


def test_a_second_tab_begins_at_the_beginning(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.tab = AppTest.from_file(APP)
    desk.run()
    assert not shows_details(desk.open(GUEST))


def test_a_rate_limit_says_how_long_at_the_first_step(desk: Desk) -> None:
    desk.api.limited = 45
    tab = send(desk)
    assert tab.metric[0].value == "00:45"
    assert tab.button(key=session.GUEST_SEND).disabled
    desk.api.limited, desk.clock.seconds = 0, 45
    assert not desk.run().button(key=session.GUEST_SEND).disabled


def test_a_rate_limit_says_how_long_at_the_second_step(desk: Desk) -> None:
    send(desk)
    desk.api.limited = 45
    tab = enter(desk, "999999")
    assert "00:45" in [each.value for each in tab.metric]
    assert tab.button(key=session.GUEST_OPEN).disabled
    desk.api.limited, desk.clock.seconds = 0, 45
    desk.run()
    assert shows_details(enter(desk))


FAULTS = [500, 503, httpx.ConnectError("gone"), httpx.ReadError("broke")]


def break_api(desk: Desk, fault: int | Exception) -> None:
    if isinstance(fault, int):
        desk.api.failing = fault
    else:
        desk.api.raises = fault


@pytest.mark.parametrize("fault", [*FAULTS, httpx.ReadTimeout("slow")])
def test_an_api_that_fails_at_the_first_step_is_said_and_nothing_typed_is_lost(
    desk: Desk, fault: int | Exception
) -> None:
    break_api(desk, fault)
    tab = send(desk)
    assert tab.button(key="page_retry")
    desk.api.failing, desk.api.raises = 0, None
    tab = desk.click("page_retry")
    assert tab.text_input(key=session.GUEST_EMAIL).value == EMAIL
    assert desk.click(session.GUEST_SEND).metric[0].value == "10:00"


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
    desk.click("page_retry")
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
    assert shows_details(desk.click(session.GUEST_REFRESH))
    assert desk.tab.button(key="page_retry")
    tab = desk.run()
    assert shows_details(tab)
    assert "can't be reached" in everything_in(tab)


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_that_may_verify_callers_see_the_form(desk: Desk, role: str) -> None:
    desk.staff = StaffMember("x", "X", (role,))
    tab = desk.open(GUEST)
    assert bool(tab.text_input) is (role != "ops")


def test_a_role_that_lost_the_right_loses_the_opened_order(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.staff = OLGA
    assert not shows_details(desk.run())


def test_nobody_signed_in_sees_nothing_of_an_opened_order(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.staff = None
    assert not shows_details(desk.run())
    assert ORDER not in everything_in(desk.tab)
