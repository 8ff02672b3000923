"""The streamed CSV of `export`; it holds one connection until it is read to its end or closed."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import httpx

from lib.orders_client._answers import reading_failure, request_id_of
from lib.orders_client.errors import OrdersError, UnexpectedResponse


class CsvExport:
    """An iterator over chunks of bytes (UTF-8 CSV), cut anywhere: join or write them, don't split them.

    It closes its response at the end, on an error, on leaving a `with` block, on `close()`, and at the latest
    when it is collected. Reading raises ApiTimeout (no chunk within the client's `timeout`), ApiUnreachable
    or UnexpectedResponse; what came before one of them is not the whole export. `total` is how many rows
    follow the header row, where the server says so.
    """

    def __init__(self, response: httpx.Response, sent_id: str) -> None:
        self._response = response
        self._chunks = response.iter_bytes()
        self._sent_id = sent_id
        count = response.headers.get("x-total-count", "")
        self.total = int(count) if re.fullmatch("[0-9]{1,12}", count) else None
        self._finalizer = weakref.finalize(self, response.close)
        self._finalizer.atexit = False
        if "csv" not in response.headers.get("content-type", "").lower():
            self.close()
            raise UnexpectedResponse(
                "the answer is no CSV",
                status=response.status_code,
                request_id=request_id_of(response.headers.get("x-request-id")),
            )

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        failure: OrdersError
        try:
            return next(self._chunks)
        except StopIteration:
            self.close()
            raise
        except httpx.RequestError as error:
            failure = reading_failure(error, self._response, self._sent_id)
        self.close()
        raise failure

    def close(self) -> None:
        """Give the connection back; reading on gives nothing more."""
        self._chunks = iter(())
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
