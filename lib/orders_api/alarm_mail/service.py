"""The rule by which an alarm is mailed to the shop itself: once for each incident (docs/insights.md)."""

from __future__ import annotations

from datetime import timedelta

from lib.orders_api.alarm_mail.repository import note_raised
from lib.orders_api.alarm_mail.words import alarm_message
from lib.orders_api.mail import outbox
from lib.orders_api.stats.watch import alarms
from lib.orders_api.store.api import Api

OVER_AFTER = timedelta(hours=6)
"""An incident is over once its alarm was not seen raised for so long: numbers near a limit come and go."""


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
