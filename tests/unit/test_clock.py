"""The machine's clock, as the API is handed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lib.orders_api.domain.clock import SharedClock, system_clock

START = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    told = system_clock()
    assert before <= told <= datetime.now(UTC)
    assert told.utcoffset() == timedelta(0)


def shared(times: list[int]) -> tuple[SharedClock, list[float]]:
    """Return a clock that is told these seconds, and the counter's reading in a list of its own."""
    counter = [0.0]
    told = iter(times)
    return SharedClock(lambda: START + timedelta(seconds=next(told)), lambda: counter[0]), counter


def test_a_shared_clock_asks_once_and_counts_from_then_on() -> None:
    clock, counter = shared([100])
    assert clock() == START + timedelta(seconds=100)
    counter[0] = 7.5
    assert clock() == START + timedelta(seconds=107.5)


def test_a_shared_clock_follows_the_other_one_but_never_back() -> None:
    clock, counter = shared([100, 200, 50])
    clock()
    clock.set()
    assert clock() == START + timedelta(seconds=200)
    counter[0] = 10
    clock.set()
    assert clock() == START + timedelta(seconds=210)
