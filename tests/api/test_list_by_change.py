"""Lists by a change of status that an order's timeline holds, and by how far orders got."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from graphlib import TopologicalSorter
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from lib.orders_api.domain.statuses import NEXT_STATUSES, CancelReason, OrderStatus
from lib.orders_api.store.order_query.changes import StatusBefore
from tests.api.shop import ADDRESS, Shop
from tests.api.test_list_by_stay import numbers

NIGHTS = {
    "Europe/Berlin": datetime(2026, 10, 25, 1, tzinfo=UTC),  # 25 hours long
    "America/St_Johns": datetime(2026, 3, 8, 5, 31, tzinfo=UTC),  # 23 hours long
    "America/Sao_Paulo": datetime(2018, 11, 4, 3, tzinfo=UTC),  # it has no midnight
    "Australia/Lord_Howe": datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # half an hour shorter
    "Asia/Kathmandu": datetime(2026, 11, 20, 18, 15, tzinfo=UTC),  # its midnight is at a quarter
}


@pytest.fixture
def changed(own_shop: Shop) -> Shop:
    """A: made at 8:15, confirmed at 9:15, being prepared at 10:15; B: cancelled at 9:15; C: nothing since."""
    for number in ("A", "B", "C"):
        own_shop.create(orderNumber=number)
    own_shop.clock.advance(3_600)
    own_shop.set_status("A", "CONFIRMED")
    own_shop.cancel("B", {"reason": "OTHER", "note": "PENDING → CONFIRMED: said the customer"})
    own_shop.clock.advance(3_600)
    own_shop.set_status("A", "PROCESSING", note="Soon → SHIPPED")
    return own_shop


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("toStatus=CONFIRMED", ["A"]),
        ("toStatus=SHIPPED", []),
        ("fromStatus=PENDING", ["A", "B"]),
        ("fromStatus=PENDING&toStatus=CANCELLED", ["B"]),
        ("fromStatus=NEW", ["A", "B", "C"]),
        ("fromStatus=NEW&toStatus=PENDING", ["A", "B", "C"]),
        ("fromStatus=NEW&toStatus=CONFIRMED", []),
        ("toStatus=CANCELLED&toStatus=PROCESSING", ["A", "B"]),
        ("fromStatus=NEW&fromStatus=CONFIRMED&changedFrom=2026-11-23T09:15:00Z", ["A"]),
        ("changedFrom=2026-11-23T09:15:00Z", ["A", "B"]),
        ("changedTo=2026-11-23T09:15:00Z", ["A", "B", "C"]),
        ("changedFrom=2026-11-23T10:15:00Z", ["A"]),
        ("changedFrom=2026-11-23T10:15:01Z", []),
        ("changedTo=2026-11-23T08:15:00Z", []),
        ("toStatus=CONFIRMED&changedFrom=2026-11-23T09:15:00Z&changedTo=2026-11-23T09:15:01Z", ["A"]),
        ("toStatus=CONFIRMED&changedFrom=2026-11-23T09:16:00Z", []),
        ("fromStatus=NEW&changedFrom=2026-11-23T09:15:00Z", []),
        ("toStatus=CONFIRMED&status=PENDING", []),
        ("toStatus=CANCELLED&cancelReason=OTHER&status=CANCELLED", ["B"]),
    ],
)
def test_a_list_may_be_of_orders_with_one_change_that_fits_all_that_is_asked(
    changed: Shop, query: str, found: list[str]
) -> None:
    assert numbers(changed, query) == found


@pytest.mark.parametrize(
    "query",
    ["fromStatus=LOST", "toStatus=NEW", "toStatus=", "changedFrom=2026-11-3", "changedTo=soon",
     "reached=DELIVERED", "reached="],
)  # fmt: skip
def test_what_is_no_status_time_or_stage_is_refused_by_its_name(shop: Shop, query: str) -> None:
    answer = shop.get(f"/v1/orders?{query}")
    assert answer.code == "VALIDATION_FAILED"
    assert [error["field"] for error in answer.json["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("zone", NIGHTS)
def test_each_number_of_the_flow_is_that_of_the_list_of_its_day(own_shop: Shop, zone: str) -> None:
    chance = random.Random(zone)
    for _ in range(12):
        wander(own_shop, chance, NIGHTS[zone])
    first, last = (NIGHTS[zone].date() + timedelta(days=days) for days in (-4, 4))
    query = {"firstDay": first, "lastDay": last, "timeZone": zone}
    found = own_shop.get(f"/v1/stats/flow?{urlencode(query)}").json["items"]
    days: Counter[tuple[str, str | None, str]] = Counter()
    for step in found:
        days[step["date"], step["from"], step["to"]] += step["count"]
        if step["to"] == "CANCELLED":
            assert listed(own_shop, zone, step, cancelReason=step["cancelReason"]) == step["count"]
    for (day, before, after), count in days.items():
        assert listed(own_shop, zone, {"date": day, "from": before, "to": after}) == count
    assert len({day for day, _, _ in days}) > 2
    assert len(days) > 7


def wander(shop: Shop, chance: random.Random, night: datetime) -> None:
    """Make an order about that night and move it on, at times on the edges of hours and quarters."""

    def pass_time(earliest: int, latest: int) -> None:
        shop.clock.now += timedelta(minutes=15 * chance.randrange(earliest, latest))
        shop.clock.now += timedelta(seconds=chance.choice((-1, 0, 0, 1, 700)))

    shop.clock.now = night
    pass_time(-150, 50)
    address = ADDRESS | {"country": chance.choice(("FR", "DE"))}
    number = shop.create(createdAt=f"{shop.clock.now:%Y-%m-%dT%H:%M:%SZ}", shippingAddress=address)[
        "orderNumber"
    ]
    status = OrderStatus.PENDING
    while NEXT_STATUSES[status] and chance.random() < 0.9:
        status = chance.choice(sorted(NEXT_STATUSES[status]))
        pass_time(1, 60)
        if status is OrderStatus.CANCELLED:
            assert shop.cancel(number, {"reason": chance.choice(list(CancelReason))}).status == 200
        else:
            assert shop.set_status(number, status).status == 200


def listed(shop: Shop, zone: str, step: dict[str, Any], **more: str) -> int:
    """Return how many orders the list has for a row of the flow."""
    day = date.fromisoformat(step["date"])
    start, end = (datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, day + timedelta(days=1)))
    query = {
        "fromStatus": step["from"] or "NEW",
        "toStatus": step["to"],
        "changedFrom": start.astimezone(UTC).isoformat(),
        "changedTo": end.astimezone(UTC).isoformat(),
        **more,
    }
    return int(shop.get(f"/v1/orders?{urlencode(query)}").json["total"])


def test_no_order_comes_to_a_status_twice_so_that_changes_are_as_many_as_orders() -> None:
    TopologicalSorter(NEXT_STATUSES).prepare()  # refuses to, where a status leads back to itself


def test_every_status_may_have_been_the_one_before() -> None:
    assert {each.value for each in StatusBefore} == {*OrderStatus, "NEW"}


QUERY = "fromStatus=PENDING&toStatus=CONFIRMED&changedFrom=2026-11-23T09:00:00Z"


def test_changes_are_found_in_their_index_and_not_by_looking_at_each(changed: Shop) -> None:
    plan = plan_of_counting(changed, QUERY, changed.staff())
    if changed.api.database.is_sqlite:
        change = "to_status=? AND from_status=? AND at>?"
        assert f"SEARCH timeline USING COVERING INDEX ix_timeline_change ({change})" in plan
    else:
        assert "ix_timeline_change" in plan
        assert "Index Cond: ((to_status" in plan


def test_a_customers_changes_are_looked_for_among_their_own_orders_alone(changed: Shop) -> None:
    plan = plan_of_counting(changed, QUERY, changed.customer())
    # With so few rows, PostgreSQL would as soon read one index as another: not by what it holds, though.
    assert "Index Cond: ((to_status" not in plan
    assert "to_status=?" not in plan
    assert "ix_timeline_order" in plan or not changed.api.database.is_sqlite


def plan_of_counting(shop: Shop, query: str, token: str) -> str:
    """Return the plan by which the database counts a list."""
    asked: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    engine = shop.api.database.engine
    event.listen(engine, "before_cursor_execute", keep)
    assert shop.get(f"/v1/orders?{query}", token).json["total"] == 1
    event.remove(engine, "before_cursor_execute", keep)
    ((count, values),) = (each for each in asked if "count(*)" in each[0])
    explain = "EXPLAIN QUERY PLAN" if shop.api.database.is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        if not shop.api.database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # quicker with so few rows
        return str(connection.exec_driver_sql(f"{explain} {count}", values).fetchall())
