"""The machine's clock, as the API is handed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lib.orders_api.clock import system_clock


def test_the_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    told = system_clock()
    assert before <= told <= datetime.now(UTC)
    assert told.utcoffset() == timedelta(0)
