"""What stands at the head of the insights: what is watched, and the cards day by day, with their links."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lib.orders_client.insights import Alarm, Alarms, Card, Cards, DayCount
from lib.ui.insights.bar import Scope
from lib.ui.insights.summaries import alarm_link, alarms_part, came_part
from lib.ui.shared.format import reader_of

START, END = (datetime(2026, 9, 2, hour, 30, tzinfo=UTC) for hour in (7, 9))
ROME = reader_of("en-GB", "Europe/Rome")
DAY = date(2026, 9, 2)


def alarm(name: str) -> Alarm:
    return Alarm(alarm=name, raised=True, found=0, usual=7.5, from_=START, to=END, words="No order.")


def test_what_is_watched_says_from_when_to_when_by_the_readers_clock() -> None:
    table = alarms_part(Alarms(items=(alarm("NO_NEW_ORDERS"),), as_of=END), ROME).table
    (row,) = table.to_dict("records")
    assert (row["From"], row["To"]) == ("2 Sept 2026, 09:30", "2 Sept 2026, 11:30")


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("NO_NEW_ORDERS", {"orders_sort": "Newest first"}),
        (
            "CANCELLATIONS",
            {
                "orders_change_to": "CANCELLED",
                "orders_changed_since": "2026-09-02T07:30:00Z",
                "orders_changed_before": "2026-09-02T09:30:00Z",
            },
        ),
        (
            "UNPAID_AFTER_A_DAY",
            {
                "orders_status": "Pending",
                "orders_placed_since": "2026-09-02T07:30:00Z",
                "orders_placed_before": "2026-09-02T09:30:00Z",
            },
        ),
    ],
)
def test_an_alarm_leads_to_the_orders_of_its_own_hours(name: str, link: dict[str, str]) -> None:
    assert dict(alarm_link(alarm(name)) or ()) == link


def test_an_alarm_that_this_desk_does_not_know_leads_nowhere() -> None:
    assert alarm_link(alarm("STOCK_IS_LOW")) is None


def test_each_day_of_a_card_leads_to_the_orders_of_that_day_of_the_reader_in_the_chosen_places() -> None:
    days = tuple(DayCount(date=DAY - timedelta(days=back), count=back) for back in (1, 0))
    cards = Cards(
        items=(Card(status="SHIPPED", count=9, last_day=DAY, entered=0, usual=None, days=days),), as_of=END
    )
    part = came_part(cards, Scope(DAY, DAY, ("DE",), (), share=False), ROME)
    assert part.table.values.tolist() == [[DAY, 0], [DAY - timedelta(days=1), 1]]
    marks = part.marks_of_table
    assert dict(marks[(1, "Shipped")] or ()) == {
        "orders_country": "Germany",
        "orders_change_to": "SHIPPED",
        "orders_changed_since": "2026-08-31T22:00:00Z",
        "orders_changed_before": "2026-09-01T22:00:00Z",
    }
    assert marks[(1,)] is None
