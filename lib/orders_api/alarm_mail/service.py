"""Mails an alarm to the shop itself, once an incident (docs/insights.md); it holds nothing of any order."""

from datetime import datetime, timedelta

from lib.orders_api.alarm_mail.repository import note_raised
from lib.orders_api.mail import outbox
from lib.orders_api.mail.templates import Message, html_of
from lib.orders_api.stats.schemas import Alarm
from lib.orders_api.stats.watch import alarms
from lib.orders_api.store.api import Api

OVER_AFTER = timedelta(hours=6)
"""An incident is over once its alarm was not seen raised for so long: numbers near a limit come and go."""
_NAMES = {
    "NO_NEW_ORDERS": "no new orders",
    "CANCELLATIONS": "cancellations in the last hour",
    "UNPAID_AFTER_A_DAY": "unpaid after a day",
    "SEARCHES_FOR_ONE_ORDER": "many searches that end at one order",
    "LOOKS_WITHOUT_ACT": "one person looks at many orders",
    "REVEALS": "one person reveals much contact data",
}


def mail_new_alarms(api: Api) -> int:
    """Queue emails for each incident that begins, and return how many did.

    That an alarm is raised and the emails about it are kept in one transaction, so that of all processes
    exactly one writes them. Without anybody to write to, nothing is looked at.
    """
    if not api.settings.ops_email:
        return 0
    now = api.clock()
    with api.database.reading() as session:
        raised = [each for each in alarms(session, now).items if each.raised]
    if not raised:
        return 0
    with api.database.writing() as session:
        begun = [each for each in raised if note_raised(session, each.alarm, now, now - OVER_AFTER)]
        for alarm in begun:
            message = alarm_message(alarm, OVER_AFTER)
            for address in api.settings.ops_email:
                outbox.queue_alarm(session, api.sealer, address, message, now)
    return len(begun)


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
