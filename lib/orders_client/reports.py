"""Figures, audit rows and demonstration mails as the API gives them; sums are by currency, never across."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

from pydantic import Field

from ._fields import Count, Day, Flag, Model, Money, Secret, Time

Row = TypeVar("Row", bound=Model)


class Figures(Model, Generic[Row]):
    """Rows, and when they were counted."""

    items: tuple[Row, ...]
    as_of: Time


class CurrencyTotal(Model):
    """A sum within one currency."""

    currency: str
    total: Money


class StatusCount(Model):
    """How many orders are in a status, and their sums by currency."""

    status: str
    count: Count
    totals: tuple[CurrencyTotal, ...]


class StatusCounts(Figures[StatusCount]):
    """All statuses, zeros included."""


class DailyCount(Model):
    """How many orders of a status were created on a day, and their sums by currency."""

    date: Day
    status: str
    count: Count
    totals: tuple[CurrencyTotal, ...]


class DailyCounts(Figures[DailyCount]):
    """A row for each day and status."""


class PendingAge(Model):
    """How many orders have been PENDING from `from_` to `to` hours; None: without bound."""

    bucket: str
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    count: Count

    def placed_within(self, as_of: datetime) -> tuple[datetime | None, datetime | None]:
        """Return the half-open range of time in which these orders were placed, as filters of `list`.

        Orders are placed on whole seconds, so what was placed this very second waits no time yet.
        """
        now = as_of.replace(microsecond=0) + timedelta(seconds=1)
        oldest = None if self.to is None else now - timedelta(hours=self.to)
        return oldest, (now - timedelta(hours=self.from_) if self.from_ else None)


class PendingAges(Figures[PendingAge]):
    """How many PENDING orders wait how long."""


class AuditEntry(Model):
    """Who did what to which order, when and why; what a row does not have is None."""

    at: Time
    actor: str
    action: str
    role: str | None = None
    outcome: str | None = None
    order_number: str | None = None
    reason: str | None = None
    detail: str | None = None
    address: str | None = None
    request_id: str | None = None


class AuditPage(Model):
    """A page of audit rows; `total` is exact."""

    items: tuple[AuditEntry, ...]
    total: Count
    page: Count
    total_pages: Count


class MailboxMessage(Model):
    """A mail of the demonstration mode; `sent_at` is None while it waits."""

    message_id: str
    kind: str
    recipient: Secret
    subject: str
    text: Secret
    created_at: Time
    sent_at: Time | None = None


class Mailbox(Model):
    """The mails of the demonstration mode, newest first."""

    items: tuple[MailboxMessage, ...]


class Preference(Model):
    """Something that the dashboard remembers for a staff member, or (`shared`) for everybody."""

    id: Count
    kind: str
    name: str
    value: dict[str, list[str]]
    shared: Flag
    changed_by: str
    changed_at: Time


class Preferences(Model):
    """A staff member's own, then everybody's."""

    items: tuple[Preference, ...]
