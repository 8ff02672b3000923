"""Figures are shared for up to a minute by all who ask for the same ones, and by nobody longer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from lib.orders_api.stats.sharing import SharedFigures
from tests.api.shop import NOW, Shop

pytestmark = pytest.mark.any_engine


@pytest.fixture
def sharing(own_shop: Shop) -> Shop:
    """A shop with one order whose figures are shared as they are in service."""
    own_shop.app.state.figures = SharedFigures(own_shop.clock)
    own_shop.create(orderNumber="ONE")
    return own_shop


def orders(shop: Shop, target: str = "by-country", name: str = "sam") -> tuple[int, str]:
    """Return how many orders a call counts, and of when that is."""
    answer = shop.get(f"/v1/stats/{target}", shop.staff("support", name=name))
    assert answer.status == 200, answer.content
    return sum(item["count"] for item in answer.json["items"]), answer.json["asOf"]


def test_an_answer_is_good_for_a_minute_for_all_staff_and_says_how_old_it_is(sharing: Shop) -> None:
    assert orders(sharing) == (1, "2026-11-23T08:15:00Z")
    sharing.create(orderNumber="TWO")
    sharing.clock.advance(59)
    assert orders(sharing, name="eve") == (1, "2026-11-23T08:15:00Z")
    assert orders(sharing, "by-country?country=FR") == (2, "2026-11-23T08:15:59Z")
    assert orders(sharing, "status") == (2, "2026-11-23T08:15:59Z")
    sharing.clock.advance(1)
    assert orders(sharing) == (2, "2026-11-23T08:16:00Z")
    sharing.clock.advance(-3_600)
    assert orders(sharing) == (2, "2026-11-23T07:16:00Z")


def test_what_somebody_searches_for_is_shared_with_nobody(sharing: Shop) -> None:
    assert orders(sharing, "status?q=lyon")[0] == 1
    sharing.create(orderNumber="ONE-2")
    assert orders(sharing, "status?q=lyon")[0] == 2


def test_what_has_changed_is_counted_anew_each_time(sharing: Shop) -> None:
    target = "status?changedFrom=2026-11-23T08:00:00Z"
    assert orders(sharing, target)[0] == 1
    sharing.create(orderNumber="TWO")
    assert orders(sharing, target)[0] == 2


def test_customers_get_no_shared_answer_either(sharing: Shop) -> None:
    orders(sharing)
    assert sharing.get("/v1/stats/by-country", sharing.customer()).code == "FORBIDDEN"


def test_those_who_ask_at_once_wait_for_one_count_and_get_what_it_raises() -> None:
    counted: list[datetime] = []
    asked = threading.Barrier(8)

    def count(now: datetime) -> bytes:
        counted.append(now)
        if len(counted) == 2:
            raise RuntimeError("the store has gone")
        return b"{}"

    def ask(shared: SharedFigures) -> Any:
        asked.wait()
        return shared.get("status", count)

    shared = SharedFigures(lambda: NOW)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, [shared] * 8)) == {b"{}"}
    assert len(counted) == 1
    with pytest.raises(RuntimeError):
        shared.get("daily", count)
    assert shared.get("daily", count) == b"{}"
    assert len(counted) == 3


def test_the_oldest_answers_go_where_they_would_take_too_much() -> None:
    counted: list[str] = []
    shared = SharedFigures(lambda: NOW, max_age=timedelta(minutes=1), max_bytes=10_000)

    def ask(question: str) -> None:
        def count(_: datetime) -> bytes:
            counted.append(question)
            return b"x" * 1_500

        shared.get(question, count)

    for question in ("a", "b", "a", "c", "b", "a"):
        ask(question)
    assert counted == ["a", "b", "c", "a"]


def test_what_is_too_old_takes_no_room_from_what_can_be_given() -> None:
    at = [NOW]
    shared = SharedFigures(lambda: at[0], max_age=timedelta(minutes=1), max_bytes=10_000)
    for question in ("a", "b", "c"):
        shared.get(question, lambda _: b"x" * 1_000)
    at[0] += timedelta(minutes=1)
    shared.get("d", lambda _: b"x")
    assert list(shared._answers) == ["d"]
