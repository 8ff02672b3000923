"""Reads Shopify's orders export into candidates; rows of an order may be apart. It touches no store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from lib.orders_api.domain.text import is_order_number, order_number_key
from lib.orders_api.importing.candidates import Candidate
from lib.orders_api.importing.csv_rows import CsvRows, Header, Row
from lib.orders_api.importing.errors import RowRejectedError
from lib.orders_api.importing.shopify_order import ShopifyOrder
from lib.orders_api.importing.source import Source
from lib.orders_api.importing.spool import RejectedRow, Spool, SpooledRow
from lib.orders_api.orders.schemas import MAX_LINE_ITEMS

NEEDED_COLUMNS = (
    "Name",
    "Email",
    "Financial Status",
    "Fulfillment Status",
    "Currency",
    "Subtotal",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
)
FULL_ROW_COLUMNS = ("Currency", "Subtotal", "Total", "Financial Status")
"""A row with any of these holds the order's own data; `Email` and `Created at` may stand in each row."""
MAX_ROWS = 2 * MAX_LINE_ITEMS


class ShopifyExport:
    """The orders of one export: first all rows are put beside the others of their order, then orders made."""

    def __init__(self, source: Source, spool: Spool, now: datetime) -> None:
        """Read the header.

        Raises:
            ImportFileError: it is not that of Shopify's orders export.
        """
        self._rows = CsvRows(source.lines()).rows()
        self._spool = spool
        self._now = now
        self.header = Header(source.path, "Shopify", NEEDED_COLUMNS, next(self._rows, None))

    def candidates(self, on_order: Callable[[int, int], None]) -> Iterator[Candidate]:
        """Return each order that can be right, and reject the rows of the others.

        Args:
            on_order: told after each order which one it was, and of how many.
        """
        for row in self._rows:
            self._keep(row)
        for number in range(1, self._spool.orders + 1):
            try:
                yield self._candidate(number)
            except RowRejectedError as error:
                self._spool.reject_order(number, str(error))
            on_order(number, self._spool.orders)

    def _keep(self, row: Row) -> None:
        if row.problem is not None:
            self._spool.reject(RejectedRow(row.line, row.problem, row.cells))
            return
        cells = self.header.named(row.cells)
        key = order_number_key(cells["Name"])
        if key is None or not is_order_number(cells["Name"]):
            reason = "Name: must be 1 to 64 printable characters"
            self._spool.reject(RejectedRow(row.line, reason, row.cells))
            return
        is_full = any(cells[column] for column in FULL_ROW_COLUMNS)
        self._spool.add_row(key, SpooledRow(row.line, is_full, row.cells))

    def _candidate(self, number: int) -> Candidate:
        rows = self._spool.rows_of(number, MAX_ROWS + 1)
        if len(rows) > MAX_ROWS:
            raise RowRejectedError(f"the order has more than {MAX_ROWS} rows")
        full = [row for row in rows if row.is_full]
        if not full:
            raise RowRejectedError("no row of the order holds its sums and its currency")
        order = self._without_duplicates(rows, full)
        name = self.header.named(full[0].cells)["Name"]
        return Candidate(
            number=name,
            token=None,
            digest=None,
            built=order.build(name),
            rebuild=order.build,
            reject=partial(self._spool.reject_order, number),
        )

    def _without_duplicates(self, rows: list[SpooledRow], full: list[SpooledRow]) -> ShopifyOrder:
        """Make the order of its first full row; what was repeated with another full row is rejected."""
        first, *repeated = full
        duplicates = list(repeated)
        if repeated:
            since = [row for row in rows if row.line > repeated[0].line]
            try:
                order = self._order(first, [row for row in rows if row.line < repeated[0].line])
                duplicates += [row for row in since if not row.is_full]
            except RowRejectedError:
                # The plain rows after the repeated one may still be the first one's own: the sums tell.
                order = self._order(first, [row for row in rows if row not in repeated])
        else:
            order = self._order(first, rows)
        for row in duplicates:
            reason = f"a duplicate: line {first.line} has this order already"
            self._spool.reject(RejectedRow(row.line, reason, row.cells))
        return order

    def _order(self, full: SpooledRow, rows: list[SpooledRow]) -> ShopifyOrder:
        named = {row.line: self.header.named(row.cells) for row in rows}
        return ShopifyOrder(named[full.line], list(named.values()), self._now)
