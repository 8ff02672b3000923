"""The CSV of selected orders: their rows alone, whole, however the export comes in."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, cast

from lib.ui.orders.selected_export import only_orders

FILE = (
    "\ufefforderNumber;name\r\n"
    '#1001;"two\r\nlines; ""quoted"""\r\n'
    "1001;another\r\n"
    "\r\n"
    "'=7;a formula to a spreadsheet\r\n"
    "ORD-9;Łukasz\r\n"
)


class Chunks:
    """An export that comes in bits of a few bytes, letters cut in two."""

    def __init__(self, size: int) -> None:
        data = FILE.encode()
        self._bits = iter([data[at : at + size] for at in range(0, len(data), size)])
        self.closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._bits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True


def test_the_rows_of_the_selected_orders_alone_come_through_whole() -> None:
    for size in (1, 7, 1000):
        chunks = Chunks(size)
        found = b"".join(only_orders(cast(Any, chunks), {"#1001", "=7", "ORD-9"}, ";")).decode()
        assert found == FILE.removeprefix("\ufeff").replace("1001;another\r\n\r\n", "")
        assert chunks.closed


def test_the_file_says_how_many_of_the_selected_orders_are_not_in_it() -> None:
    found = b"".join(only_orders(cast(Any, Chunks(1000)), {"ORD-9", "GONE", "GONE-2"}, ";")).decode()
    assert found.splitlines()[1:] == ["ORD-9;Łukasz", "2 selected orders not found any more"]
