"""Reads counts and sums out of the figures that the database keeps, however many orders there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from lib.orders_api.orders.filters import OrderFilters
from lib.orders_api.stats.days import DAY_SECONDS, Stretch, cut
from lib.orders_api.stats.models import Figure, FigureChange
from lib.orders_api.stats.repository import Tally, tally_orders
from lib.orders_api.stats.streams import EVER, ORDERS

ALL_COUNTRIES = ""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_QUARTER = 15


def tally(session: Session, filters: OrderFilters, by_country: bool = False) -> list[Tally]:
    """Count the orders that are meant, all on day 0, and each country by itself where that is wanted."""
    if _is_beyond_figures(filters):
        return list(tally_orders(session, filters, None, by_country))
    start, end = filters.created_from, filters.created_to
    if start is not None:
        return list(_within(session, filters, start, end or _NEVER, None, by_country))
    ever = _figures(session, filters, (EVER, 0, 1), None, by_country)
    ever += _changes(session, filters, None, None, by_country)
    if end is None:
        return ever
    # The past is long and what comes after a recent moment is short.
    later = _within(session, filters, end, _NEVER, None, by_country)
    return ever + [each._replace(orders=-each.orders, total=-each.total) for each in later]


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
    session: Session,
    filters: OrderFilters,
    start: datetime,
    end: datetime,
    offset: int | None,
    by_country: bool = False,
) -> Iterator[Tally]:
    """Count within a range: whole spans in the figures and their changes, the edges in the orders."""
    kept = ORDERS.country_spans if by_country or _needs_countries(filters) else ORDERS.spans
    parts = cut(start, end, [span for span in kept if span and (offset or 0) % (span * 60) == 0])
    for since, until in parts.edges:
        yield from tally_orders(session, narrowed(filters, since, until), offset, by_country)
    for whole in parts.wholes:
        yield from _figures(session, filters, whole, offset, by_country)
    if parts.wholes:
        ends = min(first for _, first, _ in parts.wholes), max(last for _, _, last in parts.wholes)
        yield from _changes(session, filters, ends, offset, by_country)


def _figures(
    session: Session,
    filters: OrderFilters,
    whole: tuple[int, int, int],
    offset: int | None,
    by_country: bool,
) -> list[Tally]:
    minutes, first, last = whole
    checks = [Figure.minutes == minutes, Figure.starts >= first, Figure.starts < last]
    checks += _kinds(filters, Figure)
    if not (by_country or _needs_countries(filters)):
        checks.append(Figure.shipping_country == ALL_COUNTRIES)
    elif not filters.country:
        checks.append(Figure.shipping_country.in_(known_countries()))
    return _tallies(session, Figure, day_expression(Figure.starts * 60, offset), checks, by_country)


def _changes(
    session: Session,
    filters: OrderFilters,
    minutes: tuple[int, int] | None,
    offset: int | None,
    by_country: bool,
) -> list[Tally]:
    checks = _kinds(filters, FigureChange)
    if minutes is not None:
        checks += [
            FigureChange.quarter >= minutes[0] // _QUARTER,
            FigureChange.quarter < minutes[1] // _QUARTER,
        ]
    day = day_expression(FigureChange.quarter * (_QUARTER * 60), offset)
    return _tallies(session, FigureChange, day, checks, by_country)


def _tallies(
    session: Session, table: Any, day: ColumnElement[int], checks: Any, by_country: bool
) -> list[Tally]:
    country = table.shipping_country if by_country else literal("")
    kinds = (day.label("day"), table.status, table.currency, country.label("country"))
    sums = [cast(func.sum(each), BigInteger) for each in (table.orders, table.total)]
    rows = session.execute(select(*kinds, *sums).where(*checks).group_by(*kinds))
    return [Tally(*row) for row in rows]


def known_countries() -> Select[str]:
    """Select the countries that figures are kept of, so that an index can be asked for each."""
    known = aliased(Figure)
    return (
        select(known.shipping_country)
        .where(known.minutes == EVER, known.shipping_country != ALL_COUNTRIES)
        .distinct()
    )


def day_expression(seconds: ColumnElement[int], offset: int | None) -> ColumnElement[int]:
    """Give which day it is by clocks `offset` seconds ahead of UTC, counted from 1970; 0 without any."""
    if offset is None:
        return literal(0)
    # A day is added and taken off again, because databases round what is below nought upwards.
    return cast((seconds + (offset + DAY_SECONDS)) // DAY_SECONDS - 1, Integer)


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
