"""The steps of verifying a caller: what time does to them, and what they never give away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.guest_access import flow as guest_flow
from lib.ui.guest_access import words
from lib.ui.guest_access.flow import Asking, CodeSent, OrderOpen, Over, Why
from lib.ui.shared.countdown import Instant

START = Instant(steady=50.0, wall=1_700_000_000.0)
SECRET = "access-token-that-nobody-may-see"
GRANT = cast(Any, SimpleNamespace(access_token=SECRET, expires_in=1800, order="ORDER-IN-FULL"))


def later(seconds: float) -> Instant:
    return Instant(START.steady + seconds, START.wall + seconds)


def test_a_code_counts_ten_minutes_and_a_resend_one_from_the_request() -> None:
    flow = guest_flow.sent("ORD-2026-0042", "jane@example.com", START)
    assert flow.code_until.left(START) == 600
    assert not flow.may_resend(later(59.9))
    assert flow.may_resend(later(60))


def test_the_second_step_is_the_same_for_every_order_but_for_what_was_typed() -> None:
    one = guest_flow.sent("ORD-2026-0042", "jane@example.com", START)
    other = guest_flow.sent("NO-SUCH-ORDER", "nobody@example.com", START)
    assert (one.code_until, one.resend_at, one.notice, one.wait) == (
        other.code_until,
        other.resend_at,
        other.notice,
        other.wait,
    )


def test_an_opened_order_stays_as_long_as_the_api_grants() -> None:
    flow = guest_flow.opened(GRANT, START)
    assert guest_flow.settle(flow, later(1799.9)) is flow
    assert guest_flow.settle(flow, later(1800)) == Over(Why.EXPIRED)


def test_what_is_over_holds_neither_token_nor_order() -> None:
    gone = guest_flow.settle(guest_flow.opened(GRANT, START), later(5_000))
    assert set(vars(gone)) == {"why"}


def test_other_steps_do_not_change_with_time() -> None:
    for flow in (Asking(), guest_flow.sent("1", "a@b", START), Over(Why.ENDED)):
        assert guest_flow.settle(flow, later(10_000)) is flow


def test_a_rate_limit_holds_a_step_back_and_then_lets_go() -> None:
    flow = guest_flow.held_back(guest_flow.sent("1", "a@b", START), 90, START)
    assert isinstance(flow, CodeSent)
    assert not flow.may_resend(later(89))
    assert flow.may_resend(later(90))


def test_no_token_and_no_email_shows_when_a_step_is_printed() -> None:
    opened: OrderOpen = guest_flow.opened(GRANT, START)
    sent = guest_flow.sent("1", "jane@example.com", START)
    printed = repr([opened, guest_flow.Ending(SECRET), sent, Asking("1", "jane@example.com")])
    assert SECRET not in printed
    assert "ORDER-IN-FULL" not in printed
    assert "jane" not in printed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("012345", "012345"),
        (" 012 345 ", "012345"),
        ("012-345", "012345"),
        ("0 1 2 3 4 5", "012345"),
        ("０１２３４５", "012345"),
        ("٠١٢٣٤٥", "012345"),
        ("012\u00a0345", "012345"),
        ("012\u200b345\n", "012345"),
        ("", None),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("12345²", None),
        ("½23456", None),
        ("code 123456", "123456"),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert guest_flow.read_code(typed) == code


@given(st.text())
def test_any_text_gives_six_plain_digits_or_nothing(typed: str) -> None:
    code = guest_flow.read_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())


@pytest.mark.parametrize(
    ("order_number", "email", "complete"),
    [
        ("ORD-2026-0042", "jane@example.com", True),
        ("#1001", "jürgen@müller.example", True),
        ("", "jane@example.com", False),
        ("x" * 65, "jane@example.com", False),
        ("#FR/2026/1001", "jane@example.com", True),
        ("a\x00b", "jane@example.com", False),
        ("1001", "", False),
        ("1001", "jane", False),
        ("1001", "@example.com", False),
        ("1001", "jane@", False),
        ("1001", "jane doe@example.com", False),
        ("1001", "jane@example.com\r\nBcc: x@y", False),
    ],
)
def test_what_can_not_be_right_is_refused_before_the_api_is_asked(
    order_number: str, email: str, complete: bool
) -> None:
    assert (guest_flow.missing(order_number, email) is None) is complete


def test_every_ending_has_words() -> None:
    assert set(words.OVER) == set(words.SAY_OVER) == set(Why)
