"""Shapes what stands at the head of the insights, the cards and what is watched, and its links; pure."""

from datetime import date

import pandas as pd

from lib.orders_client.insights import Alarm, Alarms, Cards
from lib.ui.insights.bar import Scope
from lib.ui.insights.keys import INSIGHTS_ALARMS, INSIGHTS_CAME
from lib.ui.insights.shapes import Part, Shaped
from lib.ui.shared.format import Reader
from lib.ui.shared.keys import ORDERS_SORT
from lib.ui.shared.order_links import SORTS, Address, OrderLinks
from lib.ui.shared.statuses import STATUSES, label_of

_ALARM_NAMES = {
    "NO_NEW_ORDERS": ("No new orders", "Open the newest orders"),
    "CANCELLATIONS": ("Cancellations in the last hour", "Open these cancellations"),
    "UNPAID_AFTER_A_DAY": ("Unpaid after a day", "Open these unpaid orders"),
    "SEARCHES_FOR_ONE_ORDER": ("Many searches that end at one order", ""),
    "LOOKS_WITHOUT_ACT": ("One person looks at many orders", ""),
    "REVEALS": ("One person reveals much contact data", ""),
}
ALARM_ICON = ":material/notification_important:"
WATCHED = "What is watched, in the whole shop"
EVERYWHERE = OrderLinks()
"""What is watched is the whole shop, whatever the page is narrowed to."""


def cards_table(cards: Cards, reader: Reader) -> pd.DataFrame:
    """Make a row for each card."""
    rows = [
        (
            label_of(STATUSES, card.status),
            reader.number(card.count),
            reader.number(card.entered),
            "–" if card.usual is None else f"{card.usual:g}",
            "–" if card.usual is None else difference(card.entered - card.usual),
        )
        for card in cards.items
    ]
    return pd.DataFrame(rows, columns=["Status", "In it now", "Came to it", "Usual", "Difference"])


def difference(by: float) -> str:
    """Write by how many there are more or fewer than usual."""
    return f"{by:+g}" if by else "0"


def came_words(cards: Cards, reader: Reader) -> str:
    """Say what the cards' changes compare."""
    if not cards.items:
        return ""
    day = reader.day(cards.items[0].last_day)
    return (
        "How many are in each status now; and by how many more or fewer than usual on that weekday came to it"
        f" on {day}"
    )


def came_part(cards: Cards, scope: Scope, reader: Reader) -> Part:
    """Make a row for each day that the cards' bars are of, the newest first, a column for each status."""
    days = sorted({day.date for card in cards.items for day in card.days}, reverse=True)
    counts = {(card.status, day.date): day.count for card in cards.items for day in card.days}
    statuses = [card.status for card in cards.items]
    rows = [(day.isoformat(), *(counts.get((status, day), 0) for status in statuses)) for day in days]
    return Part(
        INSIGHTS_CAME,
        "Came to each status, day by day",
        Shaped(
            pd.DataFrame(rows, columns=["day", *statuses]),
            tuple(None for _ in days),
            {status: tuple(came_link(status, day, scope, reader) for day in days) for status in statuses},
        ),
        {"day": "Day"} | {status: label_of(STATUSES, status) for status in statuses},
        is_folded=True,
    )


def came_link(status: str, day: date, scope: Scope, reader: Reader) -> Address:
    """Lead to the orders that came to a status on a day, whatever became of them since."""
    start, end = scope.times(reader, (day, day))
    return scope.links.to(times={"changed_from": start, "changed_to": end}, to_statuses=(status,))


def alarms_part(alarms: Alarms, reader: Reader) -> Part:
    """Make a row for each alarm, raised or not, with the time that it looks at by the reader's clock."""
    rows = [
        (
            alarm_name(each.alarm),
            "–" if each.from_ is None else reader.moment(each.from_),
            reader.moment(each.to),
            each.found,
            f"{each.usual:g}",
            "–" if each.limit is None else f"{each.limit} or more",
            each.words,
        )
        for each in alarms.items
    ]
    columns = {"alarm": "Watched", "from": "From", "to": "To", "orders": "Found", "usual": "Usual",
               "limit": "Alarm at", "words": "How it is counted"}  # fmt: skip
    return Part(
        f"{INSIGHTS_ALARMS}_table",
        WATCHED,
        Shaped(pd.DataFrame(rows, columns=list(columns)), tuple(map(alarm_link, alarms.items))),
        columns,
        "An alarm is raised where a number as far from the usual would come up less than once in a "
        "thousand times if all were as usual (a Poisson distribution around the mean).",
    )


def alarm_link(alarm: Alarm) -> Address | None:
    """Lead to the orders that an alarm counts; where none came, to the newest ones, the last one on top."""
    times = alarm.from_, alarm.to
    if alarm.alarm == "NO_NEW_ORDERS":
        return (*EVERYWHERE.to(), (ORDERS_SORT, SORTS["-createdAt"]))
    if alarm.alarm == "CANCELLATIONS":
        when = dict(zip(("changed_from", "changed_to"), times, strict=True))
        return EVERYWHERE.to(times=when, to_statuses=("CANCELLED",))
    if alarm.alarm == "UNPAID_AFTER_A_DAY":
        return EVERYWHERE.to(["PENDING"], times=dict(zip(("created_from", "created_to"), times, strict=True)))
    return None


def alarm_words(alarm: Alarm, reader: Reader) -> str:
    """Say what is alarming."""
    since = f" since {reader.moment(alarm.from_)}" if alarm.from_ else ""
    return f"**{alarm_name(alarm.alarm)}**{since}: {alarm.found}, usual {alarm.usual:g}."


def alarm_name(code: str) -> str:
    """Name what is watched."""
    return _ALARM_NAMES[code][0] if code in _ALARM_NAMES else code


def open_words(alarm: Alarm) -> str:
    """Name what an alarm that has a link leads to."""
    return _ALARM_NAMES[alarm.alarm][1]
