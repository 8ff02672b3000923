"""What the calls for figures take and give (contract, section 4), and those beyond it; it counts nothing."""

from datetime import date, datetime, timedelta
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.wire import (
    RequestModel,
    UtcTime,
    WantedCountry,
    WantedCurrency,
    WantedTime,
    WireModel,
    ZoneName,
)
from lib.orders_api.store.order_query.filters import OrderFilters

LONGEST_RANGE = timedelta(days=3_660)
Row = TypeVar("Row", bound=WireModel)


class Figures(WireModel, Generic[Row]):
    """Rows, and when they were counted."""

    items: list[Row]
    as_of: UtcTime


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


class StatusCounts(Figures[StatusCount]):
    """All seven statuses, zeros included."""


class DailyCount(StatusCount):
    """How many orders of a status were created on a day, and their sums by currency."""

    date: date


class DailyCounts(Figures[DailyCount]):
    """A row for each day and each of the seven statuses, zeros included."""


class PendingAge(WireModel):
    """How many orders have been PENDING from `from` up to, not including, `to` hours; null: without end."""

    bucket: str
    from_: Annotated[int, Field(alias="from")]
    to: int | None
    count: int


class PendingAges(Figures[PendingAge]):
    """How many PENDING orders wait how long."""


def _known_year(value: date) -> date:
    if not 1970 < value.year < 9999:
        raise ValueError("must be a day of the years 1971 to 9998")
    return value


Day = Annotated[date, AfterValidator(_known_year)]


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
    def _not_endless(cls, value: date, given: ValidationInfo) -> date:
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


class CountryCounts(Figures[CountryCount]):
    """The countries, those with most orders first."""


class CurrencyCount(WireModel):
    """How many orders are in a currency, and their sum."""

    currency: str
    count: int
    total: str


class CurrencyCounts(Figures[CurrencyCount]):
    """The currencies, by their codes."""


class StatusChangeCount(WireModel):
    """How many orders went from one status (null: they were made) to another on a day."""

    date: date
    from_: Annotated[OrderStatus | None, Field(alias="from")]
    to: OrderStatus
    cancel_reason: CancelReason | None
    count: int


class Flow(Figures[StatusChangeCount]):
    """Every change of status that happened, none twice."""


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


class StatusTimes(Figures[StatusTime]):
    """The statuses that orders pass through."""

    since: UtcTime


class DayCount(WireModel):
    """How many on a day."""

    date: date
    count: int


class Card(WireModel):
    """How many orders are in a status now, and how many came to it on the last whole day and before."""

    status: OrderStatus
    count: int
    last_day: date
    entered: int
    usual: float | None
    """The median of the same weekday in the eight weeks before; null where the shop is younger."""
    days: list[DayCount]


class Cards(Figures[Card]):
    """A card for each status."""


class Contradiction(WireModel):
    """Orders whose status, payment and fulfilment cannot all be true, by one rule, as filters of `list`."""

    rule: str
    words: str
    status: list[OrderStatus]
    payment_status: list[PaymentStatus]
    fulfillment_status: list[FulfillmentStatus]
    created_to: UtcTime | None
    count: int


class Contradictions(Figures[Contradiction]):
    """All rules, those that nothing breaks too."""


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


class Alarms(Figures[Alarm]):
    """All that is watched, raised or not."""
