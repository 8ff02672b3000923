"""Reads kept figures of changes of status, and of how long orders stay in each; it holds no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.stats.days import Stretch
from lib.orders_api.stats.parts import Wanted
from lib.orders_api.stats.reading import add_up
from lib.orders_api.stats.streams import STEPS
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.stats import OrderStay, StayFigure, StepChange

QUARTERS_A_DAY = 96


class Step(NamedTuple):
    """How many orders went from one status to another on a day; empty: they were made, or nobody said why."""

    piece: int
    """In which of the stretches that were asked for."""
    day: int
    from_status: str
    to_status: str
    reason: str
    steps: int


def tally_steps(
    session: Session, pieces: Iterable[Stretch], countries: Sequence[str], currencies: Sequence[str]
) -> list[Step]:
    """Count changes of status by the days of stretches of time, whose ends are on quarter hours."""
    ranges = [Wanted(piece.start, piece.end, piece.offset) for piece in pieces]
    filters = {"shipping_country": countries, "currency": currencies}
    found = add_up(session, STEPS, ranges, ("from_status", "to_status", "reason"), filters)
    steps = []
    for each in found:
        before, after, reason = each.kinds
        steps.append(Step(each.wanted, each.day, before, after, reason, each.sums[0]))
    return steps


def count_steps(session: Session, to_status: str, ranges: Sequence[Wanted]) -> list[int]:
    """Count the changes to a status in each range, whose ends are on quarter hours."""
    counts = [0 for _ in ranges]
    for found in add_up(session, STEPS, ranges, (), {"to_status": [to_status]}):
        counts[found.wanted] += found.sums[0]
    return counts


def stays_ended(session: Session, first_day: int) -> dict[str, Counter[int]]:
    """Count the stays in each status that ended since the beginning of a day of UTC, by their hours."""
    ended = select(StayFigure.status, StayFigure.hours, StayFigure.stays).where(StayFigure.day >= first_day)
    noted = select(StepChange.from_status, StepChange.hours, StepChange.steps).where(
        StepChange.quarter >= first_day * QUARTERS_A_DAY, StepChange.from_status != ""
    )
    both = union_all(ended, noted).subquery()
    rows = session.execute(
        select(both.c.status, both.c.hours, func.sum(both.c.stays)).group_by(both.c.status, both.c.hours)
    )
    stays: dict[str, Counter[int]] = {}
    for status, hours, count in rows:
        stays.setdefault(status, Counter())[hours] = int(count)
    return stays


def count_staying(
    session: Session,
    before: Mapping[OrderStatus, datetime],
    countries: Sequence[str],
    currencies: Sequence[str],
) -> Counter[str]:
    """Count, by status, the orders that came to it before the moment given for it, and still are in it."""
    where = [
        column.in_(values)
        for column, values in ((Order.shipping_country, countries), (Order.currency, currencies))
        if values
    ]
    counts = []
    for status, moment in before.items():
        count = select(literal(status.value), func.count()).select_from(OrderStay)
        count = count.where(OrderStay.status == status, OrderStay.since < moment)
        if where:
            # The status is the stay's; named too, it leads to the few orders in it, not to all of a country.
            count = count.where(
                exists().where(Order.id == OrderStay.order_id, Order.status == status, *where)
            )
        counts.append(count)
    if not counts:
        return Counter()
    return Counter({status: count for status, count in session.execute(union_all(*counts))})
