"""Reads counts and sums out of the figures that the database keeps, however many orders there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, literal, select
from sqlalchemy.orm import Session

from lib.orders_api.orders.filters import OrderFilters
from lib.orders_api.stats.days import DAY_SECONDS, EPOCH, Stretch, cut
from lib.orders_api.stats.models import Figure, FigureChange
from lib.orders_api.stats.repository import Tally, tally_orders
from lib.orders_api.stats.streams import EVER, ORDERS

ALL_COUNTRIES = ""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_QUARTER = 15


def tally(session: Session, filters: OrderFilters) -> list[Tally]:
    """Count the orders that are meant, all on day 0."""
    if _is_beyond_figures(filters):
        return list(tally_orders(session, filters))
    if filters.created_from is None and filters.created_to is None:
        return [*_figures(session, filters, EVER, 0, 1, None), *_changes(session, filters, None, None)]
    start, end = filters.created_from or EPOCH, filters.created_to or _NEVER
    return list(_within(session, filters, start, end, None))


def tally_by_day(session: Session, filters: OrderFilters, pieces: Iterable[Stretch]) -> list[Tally]:
    """Count the orders that are meant by the days of stretches of time."""
    return [each for piece in pieces for each in _tally_stretch(session, filters, piece)]


def narrowed(filters: OrderFilters, start: datetime, end: datetime) -> OrderFilters:
    """Give the filters with another range of time."""
    return filters.model_copy(update={"created_from": start, "created_to": end})


def _tally_stretch(session: Session, filters: OrderFilters, piece: Stretch) -> Iterator[Tally]:
    # Clocks a part of a quarter hour off, as Liberia's until 1972, have days that no figures are kept for.
    if _is_beyond_figures(filters) or piece.offset % (_QUARTER * 60):
        yield from tally_orders(session, narrowed(filters, piece.start, piece.end), piece.offset)
    else:
        yield from _within(session, filters, piece.start, piece.end, piece.offset)


def _within(
    session: Session, filters: OrderFilters, start: datetime, end: datetime, offset: int | None
) -> Iterator[Tally]:
    """Count within a range: whole spans in the figures and their changes, the edges in the orders."""
    kept = ORDERS.country_spans if _needs_countries(filters) else ORDERS.spans
    parts = cut(start, end, [span for span in kept if span and (offset or 0) % (span * 60) == 0])
    for since, until in parts.edges:
        yield from tally_orders(session, narrowed(filters, since, until), offset)
    for minutes, first, last in parts.wholes:
        yield from _figures(session, filters, minutes, first, last, offset)
    if parts.wholes:
        whole = min(first for _, first, _ in parts.wholes), max(last for _, _, last in parts.wholes)
        yield from _changes(session, filters, whole, offset)


def _figures(
    session: Session, filters: OrderFilters, minutes: int, first: int, last: int, offset: int | None
) -> list[Tally]:
    checks = [Figure.minutes == minutes, Figure.starts >= first, Figure.starts < last]
    checks += _kinds(filters, Figure)
    if not _needs_countries(filters):
        checks.append(Figure.shipping_country == ALL_COUNTRIES)
    elif not filters.country:
        known = select(Figure.shipping_country).where(Figure.minutes == EVER).distinct()
        checks.append(Figure.shipping_country.in_(known.where(Figure.shipping_country != ALL_COUNTRIES)))
    return _tallies(session, Figure, _day(Figure.starts * 60, offset), checks)


def _changes(
    session: Session, filters: OrderFilters, minutes: tuple[int, int] | None, offset: int | None
) -> list[Tally]:
    checks = _kinds(filters, FigureChange)
    if minutes is not None:
        checks += [
            FigureChange.quarter >= minutes[0] // _QUARTER,
            FigureChange.quarter < minutes[1] // _QUARTER,
        ]
    return _tallies(session, FigureChange, _day(FigureChange.quarter * (_QUARTER * 60), offset), checks)


def _tallies(session: Session, table: Any, day: ColumnElement[int], checks: Any) -> list[Tally]:
    kinds = (day.label("day"), table.status, table.currency)
    sums = func.sum(table.orders), func.sum(table.total)
    rows = session.execute(select(*kinds, *sums).where(*checks).group_by(*kinds))
    return [Tally(day, status, currency, int(n), int(total)) for day, status, currency, n, total in rows]


def _day(seconds: ColumnElement[int], offset: int | None) -> ColumnElement[int]:
    if offset is None:
        return literal(0)
    return cast(func.floor((seconds + (offset + DAY_SECONDS)) / DAY_SECONDS) - 1, Integer)


def _kinds(filters: OrderFilters, table: Any) -> list[ColumnElement[bool]]:
    wanted = (
        (table.status, filters.status),
        (table.payment_status, filters.payment_status),
        (table.fulfillment_status, filters.fulfillment_status),
        (table.shipping_country, filters.country),
        (table.currency, filters.currency),
    )
    return [column.in_(sorted(set(values))) for column, values in wanted if values]


def _is_beyond_figures(filters: OrderFilters) -> bool:
    """Tell whether something is asked of each order that no figure knows."""
    ranges = (filters.min_total, filters.max_total, filters.status_from, filters.status_to)
    return bool(filters.q or filters.cancel_reason) or any(each is not None for each in ranges)


def _needs_countries(filters: OrderFilters) -> bool:
    return bool(filters.country or filters.payment_status or filters.fulfillment_status)
