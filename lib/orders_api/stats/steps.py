"""Reads kept figures of changes of status, and of how long orders stay in each; it holds no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lib.orders_api.models import Order
from lib.orders_api.stats.days import Stretch, cut
from lib.orders_api.stats.kept import ALL_COUNTRIES, day_expression, known_countries
from lib.orders_api.stats.models import OrderStay, StayFigure, StepChange, StepFigure
from lib.orders_api.stats.streams import STEPS

QUARTER = 15
QUARTERS_A_DAY = 96


class Step(NamedTuple):
    """How many orders went from one status to another on a day; empty: they were made, or nobody said why."""

    day: int
    from_status: str
    to_status: str
    reason: str
    steps: int


def tally_steps(
    session: Session, pieces: Iterable[Stretch], countries: Sequence[str], currencies: Sequence[str]
) -> list[Step]:
    """Count changes of status by the days of stretches of time, whose ends are on quarter hours."""
    found: list[Step] = []
    for piece in pieces:
        spans = STEPS.country_spans if countries or currencies else STEPS.spans
        parts = cut(piece.start, piece.end, [span for span in spans if piece.offset % (span * 60) == 0])
        for minutes, first, last in parts.wholes:
            checks = [
                StepFigure.minutes == minutes,
                StepFigure.starts >= first,
                StepFigure.starts < last,
                _countries(countries, currencies),
            ]
            day = day_expression(StepFigure.starts * 60, piece.offset)
            found += _steps(session, StepFigure, day, [*checks, *_of(StepFigure, [], currencies)])
        if parts.wholes:
            quarters = [minute // QUARTER for _, first, last in parts.wholes for minute in (first, last)]
            checks = [StepChange.quarter >= min(quarters), StepChange.quarter < max(quarters)]
            day = day_expression(StepChange.quarter * (QUARTER * 60), piece.offset)
            found += _steps(session, StepChange, day, [*checks, *_of(StepChange, countries, currencies)])
    return found


def stays_ended(session: Session, first_day: int) -> dict[str, Counter[int]]:
    """Count the stays in each status that ended since the beginning of a day of UTC, by their hours."""
    stays: dict[str, Counter[int]] = {}
    ended = select(StayFigure.status, StayFigure.hours, func.sum(StayFigure.stays))
    noted = select(StepChange.from_status, StepChange.hours, func.sum(StepChange.steps))
    for statement in (
        ended.where(StayFigure.day >= first_day).group_by(StayFigure.status, StayFigure.hours),
        noted.where(StepChange.quarter >= first_day * QUARTERS_A_DAY, StepChange.from_status != "").group_by(
            StepChange.from_status, StepChange.hours
        ),
    ):
        for status, hours, count in session.execute(statement):
            stays.setdefault(status, Counter())[hours] += int(count)
    return stays


def count_staying(
    session: Session, status: str, before: datetime, countries: Sequence[str], currencies: Sequence[str]
) -> int:
    """Count the orders that came to a status before a moment and still are in it."""
    statement = select(func.count()).select_from(OrderStay)
    statement = statement.where(OrderStay.status == status, OrderStay.since < before)
    if countries or currencies:
        statement = statement.join(Order, Order.id == OrderStay.order_id)
        statement = statement.where(*_of(Order, countries, currencies))
    return session.scalar(statement) or 0


def _countries(countries: Sequence[str], currencies: Sequence[str]) -> ColumnElement[bool]:
    if currencies and not countries:
        return StepFigure.shipping_country.in_(known_countries())
    return StepFigure.shipping_country.in_(countries or [ALL_COUNTRIES])


def _of(table: Any, countries: Sequence[str], currencies: Sequence[str]) -> list[ColumnElement[bool]]:
    wanted = ((table.shipping_country, countries), (table.currency, currencies))
    return [column.in_(values) for column, values in wanted if values]


def _steps(
    session: Session, table: Any, day: ColumnElement[int], checks: list[ColumnElement[bool]]
) -> list[Step]:
    kinds = (day.label("day"), table.from_status, table.to_status, table.reason)
    rows = session.execute(select(*kinds, func.sum(table.steps)).where(*checks).group_by(*kinds))
    return [Step(day, before, after, reason, int(steps)) for day, before, after, reason, steps in rows]
