"""The calls for figures; it adds nothing up itself."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from lib.orders_client._answers import parse
from lib.orders_client._filters import DayFilters, Filters, known
from lib.orders_client._transport import Call, Connection
from lib.orders_client.reports import DailyCounts, PendingAges, StatusCounts


class Stats:
    """Figures for staff; the calls raise what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def status_counts(self, **filters: Unpack[Filters]) -> StatusCounts:
        """Give how many orders are in each status, with sums by currency."""
        call = Call("GET", "/v1/stats/status", params=known(filters, Filters))
        return parse(self._connection.answer(call), StatusCounts)

    def daily(self, from_: datetime, to: datetime, **filters: Unpack[DayFilters]) -> DailyCounts:
        """Give a row for each day and status from `from_` up to, not including, `to` (both aware).

        Days are those of `time_zone`, an IANA name, UTC by default.
        """
        params = known({"created_from": from_, "created_to": to}, Filters) | known(filters, DayFilters)
        return parse(self._connection.answer(Call("GET", "/v1/stats/daily", params=params)), DailyCounts)

    def pending_age(self) -> PendingAges:
        """Give how many PENDING orders wait how long."""
        return parse(self._connection.answer(Call("GET", "/v1/stats/pending-age")), PendingAges)
