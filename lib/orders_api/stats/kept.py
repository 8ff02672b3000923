"""Counts orders in kept figures, or in the orders where no figure knows what is asked; it writes no SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from lib.orders_api.stats.days import Stretch
from lib.orders_api.stats.parts import QUARTER, Wanted
from lib.orders_api.stats.reading import Sum, add_up
from lib.orders_api.stats.repository import Tally, tally_orders
from lib.orders_api.stats.streams import ORDERS
from lib.orders_api.store.order_query.filters import OrderFilters

Kind = tuple[str, ...]
"""The status, payment and fulfilment of orders."""
_FACETS = {
    "status": "status",
    "payment_status": "payment_status",
    "fulfillment_status": "fulfillment_status",
    "country": "shipping_country",
    "currency": "currency",
}


def tally(session: Session, filters: OrderFilters, by_country: bool = False) -> list[Tally]:
    """Count the orders that are meant, all on day 0, and each country by itself where that is wanted."""
    if _is_beyond_figures(filters):
        return list(tally_orders(session, filters, None, by_country))
    kinds = ("status", "currency", *(["shipping_country"] if by_country else []))
    found = _add_up(session, filters, [Wanted(filters.created_from, filters.created_to)], kinds)
    return [_tally(each) for each in found]


def tally_by_day(session: Session, filters: OrderFilters, pieces: Iterable[Stretch]) -> list[Tally]:
    """Count the orders that are meant by the days of stretches of time."""
    ranges = [Wanted(piece.start, piece.end, piece.offset) for piece in pieces]
    # Clocks a part of a quarter hour off, as Liberia's until 1972, have days that no figures are kept for.
    odd = [each for each in ranges if (each.offset or 0) % (QUARTER * 60)]
    if odd or _is_beyond_figures(filters):
        return [each for wanted in ranges for each in _in_orders(session, filters, wanted)]
    return [_tally(each) for each in _add_up(session, filters, ranges, ("status", "currency"))]


def count_ranges(session: Session, filters: OrderFilters, ranges: Sequence[Wanted]) -> list[Counter[str]]:
    """Count the orders of each status in each range, whatever range the filters have."""
    counts = [Counter[str]() for _ in ranges]
    if _is_beyond_figures(filters):
        for count, wanted in zip(counts, ranges, strict=True):
            for each in _in_orders(session, filters, wanted):
                count[each.status] += each.orders
        return counts
    for found in _add_up(session, filters, ranges, ("status",)):
        counts[found.wanted][found.kinds[0]] += found.sums[0]
    return counts


def count_kinds(session: Session, filters: OrderFilters, ranges: Sequence[Wanted]) -> list[Counter[Kind]]:
    """Count the orders of each kind in each range, of the countries and currencies that are meant."""
    counts = [Counter[Kind]() for _ in ranges]
    for found in _add_up(session, filters, ranges, ("status", "payment_status", "fulfillment_status")):
        counts[found.wanted][found.kinds] += found.sums[0]
    return counts


def _in_orders(session: Session, filters: OrderFilters, wanted: Wanted) -> Sequence[Tally]:
    within = filters.model_copy(update={"created_from": wanted.start, "created_to": wanted.end})
    return tally_orders(session, within, wanted.offset)


def _add_up(
    session: Session, filters: OrderFilters, ranges: Sequence[Wanted], kinds: Sequence[str]
) -> list[Sum]:
    facets = {column: getattr(filters, name) for name, column in _FACETS.items()}
    return add_up(session, ORDERS, ranges, kinds, facets)


def _tally(found: Sum) -> Tally:
    status, currency, *country = found.kinds
    return Tally(found.day, status, currency, "".join(country), found.sums[0], found.sums[1])


def _is_beyond_figures(filters: OrderFilters) -> bool:
    """Return whether something is asked of each order that no figure knows."""
    ranges = (
        filters.min_total,
        filters.max_total,
        filters.status_from,
        filters.status_to,
        filters.changed_from,
        filters.changed_to,
    )
    words = (filters.q, filters.cancel_reason, filters.from_status, filters.to_status, filters.reached)
    return any(words) or any(each is not None for each in ranges)
