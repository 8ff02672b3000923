"""Reads a WooCommerce orders export into candidates, a row an order; it touches no store.

WooCommerce has no orders export of its own. This is the one of the plugin "Order Export & Order Import for
WooCommerce" (WebToffee), also sold as "Import Export Suite for WooCommerce", with its default columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import partial

from lib.orders_api.domain.text import is_order_number, order_number_key
from lib.orders_api.importing.candidates import Candidate
from lib.orders_api.importing.csv_rows import CsvRows, Header, Row
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.source import Source
from lib.orders_api.importing.spool import RejectedRow, Spool
from lib.orders_api.importing.woocommerce_order import WooCommerceOrder

NEEDED_COLUMNS = (
    "order_id",
    "order_date",
    "status",
    "order_total",
    "order_currency",
    "billing_email",
    "billing_country",
    "line_item_1",
)


class WooCommerceExport:
    """The orders of one export."""

    def __init__(self, source: Source, spool: Spool, zone: tzinfo, now: datetime) -> None:
        """Read the header; `zone` is the shop's own, in which the export writes its times.

        Raises:
            ImportFileError: it is not that of the plugin's orders export.
        """
        self._rows = CsvRows(source.lines()).rows()
        self._spool = spool
        self._zone = zone
        self._now = now
        self.header = Header(source.path, "WooCommerce", NEEDED_COLUMNS, next(self._rows, None))

    def candidates(self) -> Iterator[Candidate]:
        """Return each order that can be right, and reject the rows of the others."""
        for row in self._rows:
            try:
                yield self._candidate(row)
            except RowRejectedError as error:
                self._reject(row, str(error))

    def _candidate(self, row: Row) -> Candidate:
        if row.problem is not None:
            raise RowRejectedError(row.problem)
        cells = self.header.named(row.cells)
        number = cells["order_number"] or cells["order_id"]
        if not is_order_number(number):
            raise RowRejectedError("order_number: must be 1 to 64 printable characters")
        order = WooCommerceOrder(cells, self._zone, self._now)
        built = order.build(number)
        first, times = self._spool.repeat(f"number:{order_number_key(number)}", row.line)
        if times > 1:
            raise RowRejectedError(f"a duplicate: line {first} has this order already")
        return Candidate(
            number=number,
            token=None,
            digest=None,
            built=built,
            rebuild=order.build,
            reject=partial(self._reject, row),
        )

    def _reject(self, row: Row, reason: str) -> None:
        self._spool.reject(RejectedRow(row.line, reason, row.cells))
