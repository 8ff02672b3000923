"""Somebody who looks at far more orders than their team, or reveals more, is told of; a busy team is not."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from lib.orders_api.audit.repository import StaffHour, staff_hours
from lib.orders_api.stats.alarms import SELDOM, USUAL_OVER, alarming_from, staff_alarms
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.tables.orders import Order
from tests.api.shop import NOW, Shop


def act(shop: Shop, who: str, action: str, order: int, minutes_ago: float) -> None:
    at = shop.clock() - timedelta(minutes=minutes_ago)
    context = AuditContext(f"staff:{who}", "support", None, "request-1", at)
    with shop.api.database.writing() as session:
        record(session, context, action, "OK", session.get_one(Order, order))


def raised(shop: Shop) -> dict[str, Any]:
    items = shop.get("/v1/stats/alarms").json["items"]
    return {each["alarm"]: (each["raised"], each["found"]) for each in items}


def test_looks_without_an_act_and_reveals_are_counted_by_person_and_hour(own_shop: Shop) -> None:
    for number in range(3):
        own_shop.create(orderNumber=f"T-{number}")
    ids = [row["id"] for row in own_shop.sql("SELECT id FROM orders ORDER BY id")]
    for minutes, who, action, order in (
        (5, "eve", "order.view", 0), (6, "eve", "order.view", 0), (7, "eve", "order.reveal", 1),
        (8, "eve", "order.reveal", 1), (50, "eve", "order.view", 2), (10, "eve", "order.note", 2),
        (59.9, "sam", "order.view", 0), (60.1, "sam", "order.view", 1),
        (60 * 24 * 29, "sam", "order.view", 1),
    ):  # fmt: skip
        act(own_shop, who, action, ids[order], minutes)
    with own_shop.api.database.reading() as session:
        now = own_shop.clock()
        found = staff_hours(session, now - USUAL_OVER, now)
    assert sorted(each for each in found if each.actor != "staff:sam" or each.looks_without_act) == [
        StaffHour("staff:eve", 0, 2, 2),
        StaffHour("staff:sam", 0, 1, 0),
        StaffHour("staff:sam", 1, 1, 0),
    ]


def test_who_looks_at_far_more_than_the_team_raises_an_alarm(own_shop: Shop) -> None:
    for number in range(30):
        own_shop.create(orderNumber=f"T-{number}")
    ids = [row["id"] for row in own_shop.sql("SELECT id FROM orders ORDER BY id")]
    for number, order in enumerate(ids):
        act(own_shop, "eve", "order.view", order, 1 + number)
    assert raised(own_shop)["LOOKS_WITHOUT_ACT"] == (True, 30)
    assert raised(own_shop)["REVEALS"] == (False, 0)
    for order in ids[:15]:
        act(own_shop, "eve", "order.note", order, 0.5)
    assert raised(own_shop)["LOOKS_WITHOUT_ACT"] == (False, 15)
    for order in ids[:10]:
        act(own_shop, "mia", "order.reveal", order, 3)
    assert raised(own_shop)["REVEALS"] == (True, 10)
    own_shop.clock.advance(3600)
    assert raised(own_shop)["REVEALS"] == (False, 0)


def test_nobody_gets_the_team_used_to_them_and_a_busy_team_is_usual() -> None:
    team = [StaffHour(f"staff:{who}", hour, 8 + hour % 5, 1) for who in "abc" for hour in range(1, 60)]
    eve = [StaffHour("staff:eve", hour, 60, 20) for hour in range(60)]
    looks, reveals = staff_alarms([*team, *eve], NOW)
    assert (looks.raised, looks.found, round(looks.usual)) == (True, 60, 10)
    assert (reveals.raised, reveals.limit) == (True, 8)
    busy = [StaffHour(f"staff:{who}", hour, 50 + hour % 20, 6) for who in "abcd" for hour in range(60)]
    assert [each.raised for each in staff_alarms(busy, NOW)] == [False, False]
    assert [each.raised for each in staff_alarms([], NOW)] == [False, False]


@pytest.mark.parametrize("mean", [0.1, 1.0, 9.0, 80.0, 3000.0])
def test_what_scatters_more_is_alarming_from_a_higher_number_on(mean: float) -> None:
    plain = alarming_from(mean, mean, SELDOM)
    assert plain == alarming_from(mean, None, SELDOM) > alarming_from(mean) - 1
    limits = [alarming_from(mean, mean * times, SELDOM) for times in (1.5, 3, 10)]
    assert [plain, *limits] == sorted([plain, *limits])


def test_the_limit_is_the_negative_binomials() -> None:
    # P(X >= k) by its definition, for mean 6 and variance 18: size 3, share 2/3
    def tail(k: int) -> float:
        terms = (math.comb(n + 2, n) * (1 / 3) ** 3 * (2 / 3) ** n for n in range(k))
        return 1 - sum(terms)

    limit = alarming_from(6, 18, SELDOM)
    assert tail(limit) < SELDOM <= tail(limit - 1)
