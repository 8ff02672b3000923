"""Reads JSON strictly, a value a line or one whole document; it does not know what the values mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from lib.orders_api.importing.errors import ImportFileError, RowRejectedError
from lib.orders_api.importing.reading.decoding import MAX_LINE, Lines

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


class Value(NamedTuple):
    """A value, by the number of its line; `problem` says why there is none."""

    line: int
    value: Any
    problem: str | None = None


def values_of_lines(lines: Lines) -> Iterator[Value]:
    """Yield the value of each line that is not blank."""
    for line in lines:
        if line.content is None:
            yield Value(line.number, None, f"longer than {MAX_LINE} characters")
        elif line.content.strip():
            try:
                yield Value(line.number, read_json(line.content))
            except RowRejectedError as error:
                yield Value(line.number, None, str(error))


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
