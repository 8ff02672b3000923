"""The figures beyond the contract's three: each number is a recount's, and that of the list it opens."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from lib.orders_api.seeding import seed_orders
from lib.orders_api.stats.alarms import alarming_from, is_too_quiet
from lib.orders_api.stats.insights import RULES, Rule, hours_of
from lib.settings import Settings
from lib.ui.insights import flow
from tests.api.asgi import Caller
from tests.api.shop import NOW, Shop, time_of
from tests.api.stats_model import order_row, store
from tests.servers.databases import Databases, Kind


@pytest.fixture(scope="module")
def seeded(
    databases: Databases, database_kind: Kind, make_settings: Callable[..., Settings], caller: Caller
) -> Iterator[Shop]:
    """A store with a thousand sample orders and their figures, which no test changes."""
    url = databases.fresh(database_kind)
    shop = Shop(make_settings(database_url=url), caller)
    seed_orders(shop.api.database, 1_000, 1, NOW, lambda done: None)
    yield shop
    shop.close()
    databases.drop(url)


def ask(shop: Shop, call: str, **params: Any) -> list[dict[str, Any]]:
    answer = shop.get(f"/v1/stats/{call}?{urlencode(params, doseq=True)}")
    assert answer.status == 200, answer.content
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def listed(shop: Shop, **filters: Any) -> int:
    """Return how many orders the list has under these filters."""
    given = {name: value for name, value in filters.items() if value not in (None, [])}
    answer = shop.get(f"/v1/orders?{urlencode({**given, 'limit': 1}, doseq=True)}")
    assert answer.status == 200, answer.content
    return int(answer.json["total"])


@pytest.mark.parametrize("where", [{}, {"country": ["DE", "US"]}, {"currency": "EUR", "country": "FR"}])
def test_flow_is_the_timelines_own(seeded: Shop, where: dict[str, Any]) -> None:
    entries = seeded.sql(
        "SELECT o.id, t.at, t.kind, t.detail, o.shipping_country, o.currency, o.cancel_reason"
        " FROM timeline t JOIN orders o ON o.id = t.order_id"
        " WHERE t.kind IN ('CREATED', 'STATUS_CHANGED') ORDER BY t.id"
    )
    expected: Counter[tuple[str, str | None, str, str | None]] = Counter()
    before: dict[int, str] = {}
    for entry in entries:
        after = entry["detail"].partition(" → ")[2].partition(":")[0] or entry["detail"]
        day = time_of(entry["at"]).astimezone(ZoneInfo("Asia/Kathmandu")).date()
        countries = where.get("country", entry["shipping_country"])
        fits = (
            entry["shipping_country"] in countries
            and where.get("currency", entry["currency"]) in (entry["currency"])
        )
        if fits and date(2026, 10, 1) <= day <= date(2026, 11, 20):
            reason = entry["cancel_reason"] if after == "CANCELLED" else None
            expected[str(day), before.get(entry["id"]), after, reason] += 1
        before[entry["id"]] = after
    steps = ask(
        seeded, "flow", firstDay="2026-10-01", lastDay="2026-11-20", timeZone="Asia/Kathmandu", **where
    )
    assert {(s["date"], s["from"], s["to"], s["cancelReason"]): s["count"] for s in steps} == expected
    assert len(expected) > 10


def test_countries_and_currencies_are_those_of_the_list(seeded: Shop) -> None:
    within = {"createdFrom": "2026-08-01T03:04:05Z", "status": ["DELIVERED", "SHIPPED"]}
    changed = {"fromStatus": "SHIPPED", "toStatus": "DELIVERED", "changedFrom": "2026-11-01T00:00:00Z"}
    for filters in ({}, within, changed, {"reached": "SHIPPED"}):
        countries = ask(seeded, "by-country", **filters)
        assert sum(each["count"] for each in countries) == listed(seeded, **filters)
        counts = [each["count"] for each in countries]
        assert counts == sorted(counts, reverse=True)
        for each in countries[:3]:
            assert each["count"] == listed(seeded, **filters, country=each["country"])
        for each in ask(seeded, "by-currency", **filters):
            assert each["count"] == listed(seeded, **filters, currency=each["currency"])
    euros = seeded.sql("SELECT sum(grand_total) AS total FROM orders WHERE currency = 'EUR'")[0]["total"]
    total = next(each["total"] for each in ask(seeded, "by-currency") if each["currency"] == "EUR")
    assert total == f"{int(euros) // 100}.{int(euros) % 100:02}"


def test_cards_say_what_is_what_came_yesterday_and_what_usually_does(seeded: Shop) -> None:
    cards = {card["status"]: card for card in ask(seeded, "cards")}
    assert len(cards) == 7
    flow = ask(seeded, "flow", firstDay="2026-09-01", lastDay="2026-11-22")
    for status, card in cards.items():
        entered = Counter({date.fromisoformat(step["date"]): 0 for step in flow})
        for step in flow:
            entered[date.fromisoformat(step["date"])] += step["count"] * (step["to"] == status)
        yesterday = date(2026, 11, 22)
        weeks = sorted(entered[yesterday - timedelta(days=7 * week)] for week in range(1, 9))
        assert card["count"] == listed(seeded, status=status)
        assert card["lastDay"] == "2026-11-22"
        assert (card["entered"], card["usual"]) == (entered[yesterday], (weeks[3] + weeks[4]) / 2)
        assert [day["count"] for day in card["days"]] == [
            entered[yesterday - timedelta(days=back)] for back in range(27, -1, -1)
        ]


@pytest.mark.parametrize("where", [{}, {"country": "DE"}])
def test_who_is_stuck_has_been_there_longer_than_nine_in_ten(seeded: Shop, where: dict[str, str]) -> None:
    found = ask(seeded, "time-in-status", **where)
    assert [each["status"] for each in found] == ["PENDING", "CONFIRMED", "PROCESSING", "SHIPPED"]
    assert any(each["stuck"] for each in found)
    for each in found:
        assert each["stuck"] == listed(seeded, status=each["status"], statusTo=each["stuckBefore"], **where)
        stays = _stays(seeded, each["status"])
        assert each["ended"] == len(stays) > 10
        assert sum(stay <= each["nineInTenHours"] for stay in stays) >= 0.9 * len(stays)
        assert sum(stay <= each["nineInTenHours"] - 1 for stay in stays) < 0.9 * len(stays)
        assert each["stuckBefore"] == f"{NOW - timedelta(hours=each['nineInTenHours']):%Y-%m-%dT%H:%M:%SZ}"


def _stays(shop: Shop, status: str) -> list[float]:
    """Return the hours of each stay in a status that ended in the last 28 days and today."""
    rows = shop.sql(
        "SELECT order_id, at, detail FROM timeline WHERE kind IN ('CREATED', 'STATUS_CHANGED') ORDER BY id"
    )
    came: dict[int, datetime] = {}
    stays = []
    for row in rows:
        at = time_of(row["at"])
        if row["detail"].startswith(f"{status} → ") and at >= datetime(2026, 10, 26, tzinfo=UTC):
            stays.append((at - came[row["order_id"]]) / timedelta(hours=1))
        came[row["order_id"]] = at
    return stays


def test_reasons_of_cancellations_are_those_of_the_list(seeded: Shop) -> None:
    reasons: Counter[str] = Counter()
    for step in ask(seeded, "flow", firstDay="2026-11-01", lastDay="2026-11-22"):
        if step["to"] == "CANCELLED":
            reasons[step["cancelReason"]] += step["count"]
    assert len(reasons) > 1
    for reason, count in reasons.items():
        assert count == listed(
            seeded, cancelReason=reason, statusFrom="2026-11-01T00:00:00Z", statusTo="2026-11-23T00:00:00Z"
        )


@pytest.mark.parametrize("placed", [{}, {"createdFrom": "2026-06-01T03:04:05Z"}])
def test_the_stages_of_the_flow_picture_are_those_of_the_list(seeded: Shop, placed: dict[str, str]) -> None:
    counts = {each["status"]: each["count"] for each in ask(seeded, "status", **placed)}
    refunded = ask(seeded, "status", status="REFUNDED", fulfillmentStatus=flow.SENT, **placed)
    sent = sum(each["count"] for each in refunded)
    ways = {way.target: way.orders for way in flow.ways_of(counts, sent)}
    assert listed(seeded, reached="PROCESSING", **placed) == ways["Preparing"]
    assert listed(seeded, reached="SHIPPED", **placed) == ways["Sent"]
    assert ways["Refunded, unsent"] * ways["Refunded, sent"] * ways["Still processing"]


def test_clean_orders_contradict_nothing(seeded: Shop) -> None:
    assert {each["rule"]: each["count"] for each in ask(seeded, "contradictions")} == {
        rule.name: 0 for rule in RULES
    }


def test_each_contradiction_is_found_by_its_rule_alone_and_named_as_a_list(own_shop: Shop) -> None:
    for number, rule in enumerate(RULES):
        country = f"A{'ABCDEFGHIJ'[number]}"
        rows = [contradicting(rule, country, NOW - timedelta(hours=1, seconds=1))]
        if rule.age:
            rows.append(contradicting(rule, country, NOW - rule.age))  # not old enough
        store(own_shop.api.database.engine, rows)
        caught = [each for each in ask(own_shop, "contradictions", country=country) if each["count"]]
        assert [(each["rule"], each["count"]) for each in caught] == [(rule.name, 1)]
        names = ("status", "paymentStatus", "fulfillmentStatus", "createdTo")
        assert listed(own_shop, country=country, **{name: caught[0][name] for name in names}) == 1


def contradicting(rule: Rule, country: str, created_at: datetime) -> dict[str, Any]:
    """Make an order that breaks this rule, and no other."""
    status = rule.statuses[0]
    usual = {"PENDING": "PENDING", "CANCELLED": "VOIDED", "REFUNDED": "REFUNDED"}
    sent = "FULFILLED" if status in ("SHIPPED", "DELIVERED") else "UNFULFILLED"
    return order_row(
        random.Random(5),
        created_at,
        status=status,
        payment_status=rule.payments[0] if rule.payments else usual.get(status, "PAID"),
        fulfillment_status=rule.fulfillments[0] if rule.fulfillments else sent,
        shipping_country=country,
    )


def test_alarms_are_raised_by_what_is_far_from_the_usual(own_shop: Shop) -> None:
    chance, rows = random.Random(6), []
    for week in range(9):
        for minutes in range(30, 120, 10):
            at = NOW - timedelta(weeks=week, minutes=minutes)
            # This week the orders end two hours ago, and most of the day before yesterday's are unpaid.
            if week or minutes == 110:
                rows.append(order_row(chance, at, status="DELIVERED"))
            rows.append(
                order_row(chance, at - timedelta(hours=30), status="DELIVERED" if week else "PENDING")
            )
    store(own_shop.api.database.engine, rows)
    for _ in range(6):
        number = own_shop.create(createdAt="2026-11-20T08:00:00Z")["orderNumber"]
        own_shop.clock.now = NOW - timedelta(minutes=20)
        own_shop.cancel(number)
        own_shop.clock.now = NOW
    found = {each["alarm"]: each for each in ask(own_shop, "alarms")}
    quiet = found["NO_NEW_ORDERS"]
    assert (quiet["raised"], quiet["usual"], quiet["from"]) == (True, 9.0, "2026-11-23T06:25:00Z")
    cancelled = found["CANCELLATIONS"]
    assert (cancelled["raised"], cancelled["found"], cancelled["usual"], cancelled["limit"]) == (
        True,
        6,
        0,
        5,
    )
    changed = {"changedFrom": cancelled["from"], "changedTo": cancelled["to"]}
    assert listed(own_shop, toStatus="CANCELLED", **changed) == 6
    unpaid = found["UNPAID_AFTER_A_DAY"]
    between = {"createdFrom": unpaid["from"], "createdTo": unpaid["to"]}
    assert unpaid["found"] == listed(own_shop, status="PENDING", **between) == 9
    own_shop.create(createdAt="2026-11-23T08:10:00Z")
    assert not ask(own_shop, "alarms")[0]["raised"]


def test_what_is_alarming_comes_up_less_than_once_in_a_thousand_times() -> None:
    assert [alarming_from(usual) for usual in (0, 0.5, 1, 10)] == [5, 5, 6, 22]
    assert 1_095 < alarming_from(1_000) < 1_102
    assert [is_too_quiet(usual) for usual in (0, 6.9, 7)] == [False, False, True]


def test_no_stay_says_nothing_about_what_is_long() -> None:
    assert hours_of(Counter(), 9, 10) is None
    assert hours_of(Counter({3: 9, 50: 1}), 9, 10) == 3
    assert hours_of(Counter({3: 8, 7: 1, 50: 1}), 9, 10) == 7


def test_an_empty_store_has_nothing_to_say(own_shop: Shop) -> None:
    for call in ("by-country", "by-currency", "flow?firstDay=2026-01-01&lastDay=2026-01-02"):
        assert own_shop.get(f"/v1/stats/{call}").json["items"] == []
    assert [card["usual"] for card in ask(own_shop, "cards")] == [None] * 7
    assert [each["stuckBefore"] for each in ask(own_shop, "time-in-status")] == [None] * 4
    assert [each["raised"] for each in ask(own_shop, "alarms")] == [False] * 5


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("flow?firstDay=2026-01-01", "lastDay"),
        ("flow?firstDay=2006-01-01&lastDay=2026-01-01", "lastDay"),
        ("flow?firstDay=0001-01-01&lastDay=2026-01-01", "firstDay"),
        ("flow?firstDay=2026-01-01&lastDay=9999-12-31", "lastDay"),
        ("cards?timeZone=Mars/Olympus", "timeZone"),
        ("time-in-status?status=PENDING", "status"),
        ("alarms?country=DE", "country"),
    ],
)
def test_what_can_not_be_right_is_refused_by_its_name(shop: Shop, target: str, field: str) -> None:
    answer = shop.get(f"/v1/stats/{target}")
    assert answer.code == "VALIDATION_FAILED"
    assert field in [error["field"] for error in answer.json["errors"]]
