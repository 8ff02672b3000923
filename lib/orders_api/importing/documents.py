"""Tells what kind of JSON a file holds, one document or a value a line, and gives the orders in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lib.orders_api.importing import strangers
from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.kinds.fields import TimeReader
from lib.orders_api.importing.kinds.json_fields import part, parts
from lib.orders_api.importing.kinds.order_desk import OrderDeskJson
from lib.orders_api.importing.kinds.shopify_json import ShopifyJson
from lib.orders_api.importing.kinds.woocommerce_json import WooCommerceJson
from lib.orders_api.importing.reading.decoding import Lines
from lib.orders_api.importing.reading.json_values import read_document, values_of_lines
from lib.orders_api.importing.sources import GUESSED_ZONE, Options, Record, Source, check, stranger

JsonKind = ShopifyJson | WooCommerceJson | OrderDeskJson

LOOKED_AT = 20
"""So many values are looked at to tell what a file holds."""
_NEVER_CANCELLED = (
    "These orders have no cancelled_at: those that were cancelled came in as if they were not. Export it too."
)


def open_json(lines: Lines, path: Path, now: datetime, options: Options) -> Source:
    """Return the orders in a file of JSON.

    Raises:
        ImportFileError: it is none, or of a kind that can't be imported.
    """
    records = _records(lines, path, options)
    first = list(islice(records, LOOKED_AT))
    objects = [record.raw for record in first if isinstance(record.raw, Mapping)]
    kind = _kind_of(objects, now, options)
    if kind is None:
        raise stranger(path, strangers.json(next(iter(objects), None)))
    check(path, kind, options)
    if isinstance(kind, ShopifyJson) and (lacking := kind.lacks(objects)):
        raise ImportFileError(
            f"{path}: looks like {kind.name}, but its query left out {', '.join(lacking)}:"
            " docs/importing.md has one that asks for all that is needed"
        )
    return Source(kind, chain(first, records), [], lambda value: value, lambda: _hints(kind))


def _records(lines: Lines, path: Path, options: Options) -> Iterator[Record]:
    """Yield each value: of a line by the line's number, of a document or several by its place."""
    first = list(islice(_by_lines(lines), LOOKED_AT))
    lines.rewind()
    begins = first[0] if first else Record(1, None, "is empty")
    pages = bool(_orders_in(begins.raw))
    if begins.problem is None and not pages:
        return _by_lines(lines)
    try:
        return _numbered(_orders_in(read_document(lines, path)))
    except ImportFileError:
        lines.rewind()
        if pages:
            return _numbered(
                order for record in _by_lines(lines) for order in _orders_in(record.raw) or [record]
            )
        if options.format == "jsonl" or any(isinstance(record.raw, Mapping) for record in first):
            return _by_lines(lines)
        raise


def _by_lines(lines: Lines) -> Iterator[Record]:
    return (Record(*value) for value in values_of_lines(lines))


def _numbered(orders: Iterable[Any]) -> Iterator[Record]:
    for number, order in enumerate(orders, 1):
        yield Record(number, None, order.problem) if isinstance(order, Record) else Record(number, order)


def _orders_in(value: Any) -> list[Any]:
    """Return the orders of a page of them, as the APIs of shops answer with; none of anything else."""
    if isinstance(value, list):
        return value if any(isinstance(each, Mapping) for each in value) else []
    if order := part(value, "order"):
        return [order]
    return [*parts(value, "orders"), *parts(part(value, "data"), "orders")]


def _kind_of(objects: Iterable[Mapping[str, Any]], now: datetime, options: Options) -> JsonKind | None:
    for value in objects:
        if ShopifyJson.fits(value):
            return ShopifyJson(TimeReader(now, None, needs_zone=True))
        if WooCommerceJson.fits(value):
            return WooCommerceJson(TimeReader(now, options.zone), options.statuses)
        if OrderDeskJson.fits(value):
            break
    else:
        if options.format != "jsonl":
            return None
    return OrderDeskJson(now)


def _hints(kind: JsonKind) -> list[str]:
    if isinstance(kind, ShopifyJson) and kind.never_cancelled:
        return [_NEVER_CANCELLED]
    return [GUESSED_ZONE] if isinstance(kind, WooCommerceJson) and kind.reader.guessed else []
