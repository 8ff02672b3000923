"""What the calls beyond the contract's three take and give, for the insights page; it counts nothing."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.wire import (
    RequestModel,
    UtcTime,
    WantedCountry,
    WantedCurrency,
    WireModel,
    ZoneName,
)
from lib.orders_api.stats.schemas import LONGEST_RANGE, CurrencyTotal


def _known_year(value: dt.date) -> dt.date:
    if not 1970 < value.year < 9999:
        raise ValueError("must be a day of the years 1971 to 9998")
    return value


Day = Annotated[dt.date, AfterValidator(_known_year)]


class PlaceFilters(RequestModel):
    """Orders of which countries and currencies are meant."""

    country: list[WantedCountry] = Field(default_factory=list)
    currency: list[WantedCurrency] = Field(default_factory=list)


class FlowQuery(PlaceFilters):
    """Over which days, both included, of which time zone."""

    first_day: Day
    last_day: Day
    time_zone: ZoneName = "UTC"

    @field_validator("last_day")
    @classmethod
    def _not_endless(cls, value: dt.date, given: ValidationInfo) -> dt.date:
        if value - given.data.get("first_day", value) >= LONGEST_RANGE:
            raise ValueError(f"must be less than {LONGEST_RANGE.days} days after firstDay")
        return value


class CardsQuery(PlaceFilters):
    """By the days of which time zone."""

    time_zone: ZoneName = "UTC"


class CountryCount(WireModel):
    """How many orders go to a country, or (null) have no address, and their sums by currency."""

    country: str | None
    count: int
    totals: list[CurrencyTotal]


class CountryCounts(WireModel):
    """The countries, those with most orders first."""

    items: list[CountryCount]
    as_of: UtcTime


class CurrencyCount(WireModel):
    """How many orders are in a currency, and their sum."""

    currency: str
    count: int
    total: str


class CurrencyCounts(WireModel):
    """The currencies, by their codes."""

    items: list[CurrencyCount]
    as_of: UtcTime


class StatusChangeCount(WireModel):
    """How many orders went from one status (null: they were made) to another on a day."""

    date: dt.date
    from_: Annotated[OrderStatus | None, Field(alias="from")]
    to: OrderStatus
    cancel_reason: CancelReason | None
    count: int


class Flow(WireModel):
    """Every change of status that happened, none twice."""

    items: list[StatusChangeCount]
    as_of: UtcTime


class StatusTime(WireModel):
    """How long orders are in a status, by those that left it, and how many are in it for longer now.

    Hours are whole, begun ones counted. Null where none left it, so that nobody can say what is long.
    """

    status: OrderStatus
    ended: int
    median_hours: int | None
    nine_in_ten_hours: int | None
    stuck: int
    stuck_before: UtcTime | None
    """Stuck is who came to the status before this."""


class StatusTimes(WireModel):
    """The statuses that orders pass through."""

    items: list[StatusTime]
    since: UtcTime
    as_of: UtcTime


class DayCount(WireModel):
    """How many on a day."""

    date: dt.date
    count: int


class Card(WireModel):
    """How many orders are in a status now, and how many came to it on the last whole day and before."""

    status: OrderStatus
    count: int
    last_day: dt.date
    entered: int
    usual: float | None
    """The median of the same weekday in the eight weeks before; null where the shop is younger."""
    days: list[DayCount]


class Cards(WireModel):
    """A card for each status."""

    items: list[Card]
    as_of: UtcTime


class Contradiction(WireModel):
    """Orders whose status, payment and fulfilment cannot all be true, by one rule, as filters of `list`."""

    rule: str
    words: str
    status: list[OrderStatus]
    payment_status: list[PaymentStatus]
    fulfillment_status: list[FulfillmentStatus]
    created_to: UtcTime | None
    count: int


class Contradictions(WireModel):
    """All rules, those that nothing breaks too."""

    items: list[Contradiction]
    as_of: UtcTime


class Alarm(WireModel):
    """Something watched: what is, what is usual, and from where on it is alarming."""

    alarm: str
    raised: bool
    found: int
    usual: float
    limit: int | None
    from_: Annotated[UtcTime, Field(alias="from")]
    to: UtcTime
    words: str


class Alarms(WireModel):
    """All that is watched, raised or not."""

    items: list[Alarm]
    as_of: UtcTime
