"""The guest access page tells nobody what is right, and shows an order to nobody else."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.staff.member import StaffMember
from lib.staff.roles import ROLES
from lib.ui.guest_access import keys
from tests.ui.guest_access.page import ORDER, enter, send, shows_details
from tests.ui.guest_desk import ACCESS_TOKEN, APP, CODE, EMAIL, GENERIC, GUEST, OLGA, Desk, everything_in


def said(tab: AppTest) -> list[str]:
    return [each.value for each in (*tab.warning, *tab.info, *tab.markdown, *tab.caption, *tab.metric)]


@pytest.mark.parametrize(
    ("order_number", "email"),
    [("NO-SUCH-ORDER", EMAIL), (ORDER, "somebody@else.example"), ("#1001", "a@b.example")],
)
def test_the_second_step_never_tells_whether_order_and_email_are_right(
    desk: Desk, order_number: str, email: str
) -> None:
    right = said(send(desk))
    desk.click(keys.GUEST_START_OVER)
    wrong = said(send(desk, order_number, email))
    assert wrong == right


def test_every_refused_code_is_said_in_the_api_s_own_words_and_without_a_count(desk: Desk) -> None:
    send(desk)
    first = said(enter(desk, "999999"))
    assert any(GENERIC in each.replace("\\", "") for each in first)
    for _ in range(5):
        assert said(enter(desk, "999998")) == first
    assert not shows_details(desk.tab)


def test_nothing_of_it_is_ever_in_the_address(desk: Desk) -> None:
    for step in (send, enter, lambda each: each.click(keys.GUEST_REFRESH)):
        assert not step(desk).query_params


def test_the_access_token_and_the_code_are_never_sent_to_the_browser(desk: Desk) -> None:
    send(desk)
    for tab in (enter(desk), desk.click(keys.GUEST_REFRESH), desk.click(keys.GUEST_END)):
        assert ACCESS_TOKEN not in everything_in(tab)
        assert CODE not in everything_in(tab)


def test_the_browser_is_told_to_remember_nothing(desk: Desk) -> None:
    fields = [each.proto.autocomplete for each in desk.tab.text_input]
    fields += [each.proto.autocomplete for each in send(desk).text_input]
    assert fields == ["off", "off", "one-time-code"]


def test_the_browser_empties_the_code_field_after_each_try(desk: Desk) -> None:
    assert send(desk).form(keys.GUEST_CODE_FORM).proto.form.clear_on_submit
    assert "999999" not in everything_in(enter(desk, "999999"))


def test_the_next_person_at_the_same_screen_finds_nothing(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.staff = StaffMember("sue", "Sue", ("supervisor",))
    tab = desk.open(GUEST)
    assert not shows_details(tab)
    assert tab.text_input(key=keys.GUEST_EMAIL).value == ""


def test_a_second_tab_begins_at_the_beginning(desk: Desk) -> None:
    send(desk)
    enter(desk)
    desk.tab = AppTest.from_file(APP)
    desk.run()
    assert not shows_details(desk.open(GUEST))


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
