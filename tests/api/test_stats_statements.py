"""Each call for figures is a handful of statements, however many ranges of time it is about."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lib.orders_api.stats import insight_schemas as wire
from lib.orders_api.stats import insights, keeping, service, watch
from lib.orders_api.stats.schemas import DailyQuery
from lib.orders_api.store.order_query.filters import OrderFilters
from tests.api.shop import NOW, Shop
from tests.api.stats_model import random_rows, store

ZONE = "America/St_Johns"
MONTHS = {"firstDay": "2026-06-01", "lastDay": "2026-11-22", "timeZone": ZONE}
RANGE = {"createdFrom": "2026-06-01T01:02:03Z", "createdTo": "2026-11-22T03:02:01Z"}
PLACES = wire.PlaceFilters(currency=["EUR"])
CALLS: dict[str, tuple[int, Callable[[Session], Any]]] = {
    "status": (1, lambda s: service.status_counts(s, OrderFilters.model_validate(RANGE), NOW)),
    "daily": (1, lambda s: service.daily(s, DailyQuery(**RANGE, timeZone=ZONE), NOW)),
    "pending-age": (1, lambda s: service.pending_age(s, OrderFilters(), NOW)),
    "by-country": (1, lambda s: insights.by_country(s, OrderFilters.model_validate(RANGE), NOW)),
    "by-currency": (1, lambda s: insights.by_currency(s, OrderFilters.model_validate(RANGE), NOW)),
    "flow": (1, lambda s: insights.flow(s, wire.FlowQuery.model_validate(MONTHS), NOW)),
    "contradictions": (1, lambda s: insights.contradictions(s, PLACES, NOW)),
    # How long stays usually are, then how many are longer.
    "time-in-status": (2, lambda s: insights.time_in_status(s, PLACES, NOW)),
    # The steps, the orders, and since when there are any.
    "cards": (3, lambda s: insights.cards(s, wire.CardsQuery(timeZone=ZONE), NOW)),
    # The last order, the orders of these hours in other weeks, the cancellations, the stays, the unpaid.
    "alarms": (5, lambda s: watch.alarms(s, NOW)),
}


@pytest.fixture
def busy(own_shop: Shop) -> Shop:
    """A store with figures and with changes that are not folded yet, and stays that have ended."""
    store(own_shop.api.database.engine, random_rows(random.Random(8), 30))
    number = own_shop.create(createdAt="2026-11-23T07:00:00Z")["orderNumber"]
    keeping.fold_figures(own_shop.api.database, least=1)
    own_shop.clock.advance(timedelta(hours=1) / timedelta(seconds=1))
    assert own_shop.set_status(number, "CONFIRMED").status == 200
    return own_shop


@pytest.mark.parametrize("call", CALLS)
def test_a_call_asks_the_database_a_few_times_only(busy: Shop, call: str) -> None:
    most, ask = CALLS[call]
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    with busy.api.database.reading() as session:
        session.connection()  # what begins a transaction does not count
        event.listen(busy.api.database.engine, "before_cursor_execute", note)
        try:
            ask(session)
        finally:
            event.remove(busy.api.database.engine, "before_cursor_execute", note)
    assert len(statements) == most, statements
