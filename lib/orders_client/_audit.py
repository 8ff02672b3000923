"""The call for the audit log; it only reads."""

from __future__ import annotations

from typing import Unpack

from lib.orders_client._answers import parse
from lib.orders_client._filters import AuditFilters, known
from lib.orders_client._transport import Call, Connection
from lib.orders_client.reports import AuditPage


class Audit:
    """Who did what to which order, when and why; the call raises what all calls raise (see Orders)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, page: int = 1, limit: int = 10, **filters: Unpack[AuditFilters]) -> AuditPage:
        """Give a page of the audit log, newest first."""
        params = {"page": page, "limit": limit} | known(filters, AuditFilters)
        return parse(self._connection.answer(Call("GET", "/v1/audit", params=params)), AuditPage)
