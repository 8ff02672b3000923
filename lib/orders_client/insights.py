"""Figures beyond the contract's three, as our API gives them; sums are by currency, never across."""

from pydantic import Field

from ._fields import Count, Day, Flag, Model, Money, Time
from .reports import CurrencyTotal, Figures


class CountryCount(Model):
    """How many orders go to a country (None: they have no address), and their sums by currency."""

    country: str | None
    count: Count
    totals: tuple[CurrencyTotal, ...]


class CountryCounts(Figures[CountryCount]):
    """The countries, those with most orders first."""


class CurrencyCount(Model):
    """How many orders are in a currency, and their sum."""

    currency: str
    count: Count
    total: Money


class CurrencyCounts(Figures[CurrencyCount]):
    """The currencies, by their codes."""


class StatusChangeCount(Model):
    """How many orders went from one status (None: they were made) to another on a day."""

    date: Day
    from_: str | None = Field(default=None, alias="from")
    to: str
    cancel_reason: str | None = None
    count: Count


class Flow(Figures[StatusChangeCount]):
    """Every change of status that happened, none twice."""


class StatusTime(Model):
    """How long orders are in a status; stuck are those that came to it before `stuck_before`.

    Hours are whole, begun ones counted; None where nobody can say.
    """

    status: str
    ended: Count
    median_hours: int | None = None
    nine_in_ten_hours: int | None = None
    stuck: Count
    stuck_before: Time | None = None


class StatusTimes(Figures[StatusTime]):
    """The statuses that orders pass through, by the orders that left them after `since`."""

    since: Time


class DayCount(Model):
    """How many on a day."""

    date: Day
    count: Count


class Card(Model):
    """How many orders are in a status, and how many came to it on the last whole day and each day before.

    `usual` is what the same weekday usually has; None where the shop is too young.
    """

    status: str
    count: Count
    last_day: Day
    entered: Count
    usual: float | None = None
    days: tuple[DayCount, ...]


class Cards(Figures[Card]):
    """A card for each status."""


class Contradiction(Model):
    """Orders whose status, payment and fulfilment cannot all be true, by one rule, as filters of `list`."""

    rule: str
    words: str
    status: tuple[str, ...]
    payment_status: tuple[str, ...]
    fulfillment_status: tuple[str, ...]
    created_to: Time | None = None
    count: Count


class Contradictions(Figures[Contradiction]):
    """All rules, those that nothing breaks too."""


class Alarm(Model):
    """Something watched between two times: what was found, what is usual, from where on it is alarming."""

    alarm: str
    raised: Flag
    found: Count
    usual: float
    limit: int | None = None
    from_: Time | None = Field(default=None, alias="from")
    to: Time
    words: str


class Alarms(Figures[Alarm]):
    """All that is watched, raised or not."""
