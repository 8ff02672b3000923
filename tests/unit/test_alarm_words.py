"""What the email about each kind of alarm says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.orders_api.alarm_mail.service import alarm_message
from lib.orders_api.stats.schemas import Alarm

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "limit", "subject"),
    [
        ("NO_NEW_ORDERS", None, "Alarm: no new orders"),
        ("CANCELLATIONS", 5, "Alarm: cancellations in the last hour"),
        ("UNPAID_AFTER_A_DAY", 12, "Alarm: unpaid after a day"),
        ("LOOKS_WITHOUT_ACT", 40, "Alarm: one person looks at many orders"),
        ("REVEALS", 9, "Alarm: one person reveals much contact data"),
        ("SEARCHES_FOR_ONE_ORDER", 15, "Alarm: many searches that end at one order"),
    ],
)
def test_each_alarm_is_named_with_its_numbers_and_hours(name: str, limit: int | None, subject: str) -> None:
    alarm = Alarm(
        alarm=name,
        raised=True,
        found=14,
        usual=3.5,
        limit=limit,
        from_=NOON - timedelta(hours=1),
        to=NOON,
        words="Counted so.",
    )
    message = alarm_message(alarm, timedelta(hours=6))
    assert message.subject == subject
    lines = message.text.splitlines()
    assert lines[:2] == ["From 2026-11-24 11:00 UTC to 2026-11-24 12:00 UTC:", "Counted so."]
    assert {"Found: 14", "Usual: 3.5"} <= set(lines)
    assert [line for line in lines if line.startswith("Alarm at")] == (
        [] if limit is None else [f"Alarm at: {limit} or more"]
    )
    assert "6 hours" in message.text
