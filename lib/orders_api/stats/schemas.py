"""What the calls for figures take and give (contract, section 4, Stats); it counts nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.domain.wire import UtcTime, WantedTime, WireModel
from lib.orders_api.store.order_query.filters import OrderFilters

LONGEST_RANGE = timedelta(days=3_660)


class DailyQuery(OrderFilters):
    """Which orders are counted, by the days of which time zone, and over which range."""

    created_from: WantedTime
    created_to: WantedTime

    @field_validator("created_to")
    @classmethod
    def _not_endless(cls, value: datetime, given: ValidationInfo) -> datetime:
        if value - given.data.get("created_from", value) > LONGEST_RANGE:
            raise ValueError(f"must be {LONGEST_RANGE.days} days after createdFrom at most")
        return value


class CurrencyTotal(WireModel):
    """A sum within one currency."""

    currency: str
    total: str


class StatusCount(WireModel):
    """How many orders are in a status, and their sums by currency."""

    status: OrderStatus
    count: int
    totals: list[CurrencyTotal]


class StatusCounts(WireModel):
    """All seven statuses, zeros included."""

    items: list[StatusCount]
    as_of: UtcTime


class DailyCount(StatusCount):
    """How many orders of a status were created on a day, and their sums by currency."""

    date: date


class DailyCounts(WireModel):
    """A row for each day and each of the seven statuses, zeros included."""

    items: list[DailyCount]
    as_of: UtcTime


class PendingAge(WireModel):
    """How many orders have been PENDING from `from` up to, not including, `to` hours; null: without end."""

    bucket: str
    from_: Annotated[int, Field(alias="from")]
    to: int | None
    count: int


class PendingAges(WireModel):
    """How many PENDING orders wait how long."""

    items: list[PendingAge]
    as_of: UtcTime
