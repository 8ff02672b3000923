"""Reads JSON strictly, one document or a value a line, and tells what kind of orders it holds."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lib.orders_api.importing import strangers
from lib.orders_api.importing.errors import ImportFileError, RowRejectedError
from lib.orders_api.importing.kinds.fields import TimeReader
from lib.orders_api.importing.kinds.json_fields import part, parts
from lib.orders_api.importing.kinds.order_desk import OrderDeskJson
from lib.orders_api.importing.kinds.shopify_json import ShopifyJson
from lib.orders_api.importing.kinds.woocommerce_json import WooCommerceJson
from lib.orders_api.importing.reading.decoding import MAX_LINE, Lines
from lib.orders_api.importing.sources import GUESSED_ZONE, Options, Record, Source, check, stranger

JsonKind = ShopifyJson | WooCommerceJson | OrderDeskJson

LOOKED_AT = 20
"""So many values are looked at to tell what a file holds."""
_NEVER_CANCELLED = (
    "These orders have no cancelled_at: those that were cancelled came in as if they were not. Export it too."
)
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


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


def _by_lines(lines: Lines) -> Iterator[Record]:
    """Yield the value of each line that is not blank."""
    for line in lines:
        if line.content is None:
            yield Record(line.number, None, f"longer than {MAX_LINE} characters")
        elif line.content.strip():
            try:
                yield Record(line.number, read_json(line.content))
            except RowRejectedError as error:
                yield Record(line.number, None, str(error))


def read_document(lines: Lines, path: object) -> Any:
    """Return the value that a whole file is.

    Raises:
        ImportFileError: it is none, or too large to be read whole.
    """
    if lines.total > MAX_DOCUMENT_BYTES:
        most = MAX_DOCUMENT_BYTES // 1024**2
        raise ImportFileError(
            f"{path}: JSON that is one document can have {most} MB: save fewer orders a file"
        )
    try:
        return read_json(lines.whole())
    except RowRejectedError as error:
        raise ImportFileError(f"{path}: {error}") from None


def read_json(text: str) -> Any:
    """Read JSON: no key twice, no NaN, not too deep.

    Raises:
        RowRejectedError: it is none.
    """
    try:
        text.encode()
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except UnicodeEncodeError:
        raise RowRejectedError("not UTF-8") from None
    except RecursionError:
        raise RowRejectedError("nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise RowRejectedError(f"not JSON: {error.msg} at {where}") from None
    except ValueError:
        raise RowRejectedError("not JSON: a number is too long") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RowRejectedError("not clear: a key stands twice in one object")
    return made


def _refuse_constant(_constant: str) -> None:
    raise RowRejectedError("not JSON: NaN and Infinity are no JSON")
