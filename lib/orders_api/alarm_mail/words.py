"""Words the email about an alarm; it holds numbers and times, nothing of any order or customer."""

from __future__ import annotations

from datetime import datetime, timedelta

from lib.orders_api.mail.html import html_of
from lib.orders_api.mail.templates import Message
from lib.orders_api.stats.insight_schemas import Alarm

_NAMES = {
    "NO_NEW_ORDERS": "no new orders",
    "CANCELLATIONS": "cancellations in the last hour",
    "UNPAID_AFTER_A_DAY": "unpaid after a day",
    "SEARCHES_FOR_ONE_ORDER": "many searches that end at one order",
    "LOOKS_WITHOUT_ACT": "one person looks at many orders",
    "REVEALS": "one person reveals much contact data",
}


def alarm_message(alarm: Alarm, over_after: timedelta) -> Message:
    """Tell of an alarm that is raised, and when the next email about it may come."""
    limit = "" if alarm.limit is None else f"Alarm at: {alarm.limit} or more\n"
    subject = f"Alarm: {_NAMES.get(alarm.alarm, alarm.alarm)}"
    text = (
        f"From {_utc(alarm.from_)} to {_utc(alarm.to)}:\n{alarm.words}\n\n"
        f"Found: {alarm.found}\nUsual: {alarm.usual:g}\n{limit}\n"
        "The dashboard's page Insights shows how things are now.\n\n"
        "This email comes once. The next about the same alarm comes when it is raised again after"
        f" {over_after // timedelta(hours=1)} hours without it.\n"
    )
    return Message(subject, text, html_of(text, subject))


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
