"""Reads JSON Lines into candidates, one line after the other; it touches no store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from lib.orders_api.domain.text import order_number_key
from lib.orders_api.importing.candidates import PLACEHOLDER, Candidate
from lib.orders_api.importing.errors import ImportFileError, RowRejectedError
from lib.orders_api.importing.jsonl_order import JsonOrder, read_object
from lib.orders_api.importing.source import MAX_LINE_BYTES, Line, Source
from lib.orders_api.importing.spool import RejectedRow, Spool


class JsonLines:
    """The orders of one file, each on a line of its own."""

    def __init__(self, source: Source, spool: Spool, now: datetime) -> None:
        self._source = source
        self._spool = spool
        self._now = now

    def candidates(self) -> Iterator[Candidate]:
        """Return each order that can be right, and reject the other lines.

        Raises:
            ImportFileError: the file is an export of Shopify's or WooCommerce's.
        """
        for line in self._source.lines():
            if line.number == 1:
                self._refuse_tables(line.content or b"")
            if line.content is not None and not line.content.strip():
                continue
            try:
                yield self._candidate(line)
            except RowRejectedError as error:
                self._reject(line.number, str(error))

    def _refuse_tables(self, first: bytes) -> None:
        for shop, column in (("Shopify", b"Name"), ("WooCommerce", b"order_id")):
            if first.startswith((column + b",", b'"' + column + b'",')):
                message = f"not JSON Lines but a table: for {shop}'s export use --format {shop.lower()}"
                raise ImportFileError(f"{self._source.path}: {message}")

    def _candidate(self, line: Line) -> Candidate:
        text = _text(line)
        order = JsonOrder(text, self._now)
        number, token = order.body.order_number, order.body.tracking_token
        built = order.build(number or PLACEHOLDER)
        if number is not None:
            self._refuse_second(f"number:{order_number_key(number)}", line, "orderNumber")
        if token is not None:
            self._refuse_second(f"token:{token}", line, "trackingToken")
        return Candidate(
            number=number,
            token=str(token) if token else None,
            digest=None if number else self._digest(text, line),
            built=built,
            rebuild=order.build,
            reject=partial(self._reject, line.number),
        )

    def _refuse_second(self, key: str, line: Line, field: str) -> None:
        first, times = self._spool.repeat(key, line.number)
        if times > 1:
            raise RowRejectedError(f"{field}: a duplicate: line {first} has it already")

    def _digest(self, text: str, line: Line) -> str:
        """Know a line without an order number again; of equal lines each is an order of its own."""
        canonical = json.dumps(read_object(text), sort_keys=True)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return f"{digest}:{self._spool.repeat(f'line:{digest}', line.number)[1]}"

    def _reject(self, line: int, reason: str) -> None:
        self._spool.reject(RejectedRow(line, reason, []))


def _text(line: Line) -> str:
    if line.content is None:
        raise RowRejectedError(f"longer than {MAX_LINE_BYTES} bytes")
    try:
        return line.content.decode()
    except UnicodeDecodeError:
        raise RowRejectedError("not UTF-8") from None
