"""Deadlines that neither a sleeping machine nor a clock set back can stretch, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.shared.countdown import Deadline, Instant, minutes, now

START = Instant(steady=100.0, wall=1_700_000_000.0)
TEN_MINUTES = Deadline.after(600, START)


def later(steady: float, wall: float | None = None) -> Instant:
    return Instant(START.steady + steady, START.wall + (steady if wall is None else wall))


@pytest.mark.parametrize(
    ("seconds", "left"), [(0, 600), (0.1, 600), (1, 599), (599, 1), (599.9, 1), (600, 0), (9_999, 0)]
)
def test_the_seconds_left_are_rounded_up_and_never_negative(seconds: float, left: int) -> None:
    assert TEN_MINUTES.left(later(seconds)) == left


def test_it_is_over_at_its_moment_and_not_a_tenth_earlier() -> None:
    assert not TEN_MINUTES.over(later(599.9))
    assert TEN_MINUTES.over(later(600))


def test_a_machine_that_slept_does_not_stretch_it() -> None:
    assert TEN_MINUTES.over(later(steady=5, wall=605))


def test_a_clock_set_back_does_not_stretch_it() -> None:
    assert TEN_MINUTES.over(later(steady=600, wall=-3_600))


@given(st.floats(0, 10_000), st.floats(0, 10_000))
def test_time_left_never_grows(first: float, more: float) -> None:
    assert TEN_MINUTES.left(later(first + more)) <= TEN_MINUTES.left(later(first))


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (59, "00:59"), (600, "10:00"), (1800, "30:00")])
def test_seconds_are_written_as_minutes(seconds: int, text: str) -> None:
    assert minutes(seconds) == text


def test_both_clocks_run() -> None:
    first, second = now(), now()
    assert second.steady >= first.steady
    assert second.wall > 1_700_000_000
