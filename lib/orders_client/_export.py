"""The streamed CSV of `export`; it holds one connection until it is read to its end or closed."""

import re
import weakref
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Self

import httpx

from ._answers import log_unexpected
from ._requests import no_csv, reading_failure
from .errors import OrdersError, UnexpectedResponse

ROUTE = "GET /v1/orders.csv"


class _Export:
    """What both kinds of export know of their response."""

    def __init__(self, response: httpx.Response, sent_id: str) -> None:
        self._response = response
        self._sent_id = sent_id
        count = response.headers.get("x-total-count", "")
        self.total = int(count) if re.fullmatch("[0-9]{1,12}", count) else None

    def _failure(self, error: httpx.RequestError) -> OrdersError:
        return _told(reading_failure(error, self._response, self._sent_id))


class CsvExport(_Export):
    """An iterator over chunks of bytes (UTF-8 CSV), cut anywhere: join or write them, don't split them.

    It closes its response at the end, on an error, on leaving a `with` block, on `close()`, and at the latest
    when it is collected. Reading raises ApiTimeout (no chunk within the client's `timeout`), ApiUnreachable
    or UnexpectedResponse; what came before one of them is not the whole export. `total` is how many rows
    follow the header row, where the server says so.
    """

    def __init__(self, response: httpx.Response, sent_id: str) -> None:
        super().__init__(response, sent_id)
        self._chunks = response.iter_bytes()
        self._finalizer = weakref.finalize(self, response.close)
        self._finalizer.atexit = False
        if (failure := no_csv(response)) is not None:
            self.close()
            raise _told(failure)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            self.close()
            raise
        except httpx.RequestError as error:
            failure = self._failure(error)
        self.close()
        raise failure

    def close(self) -> None:
        """Return the connection back; reading on gives nothing more."""
        self._chunks = iter(())
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncCsvExport(_Export):
    """An async iterator over chunks of bytes (UTF-8 CSV), cut anywhere; see CsvExport.

    It closes its response at the end, on an error, on leaving an `async with` block and on `aclose()`.
    """

    def __init__(self, response: httpx.Response, sent_id: str) -> None:
        super().__init__(response, sent_id)
        self._chunks: AsyncIterator[bytes] | None = response.aiter_bytes()

    @classmethod
    async def opened(cls, response: httpx.Response, sent_id: str) -> Self:
        """Make one of a response.

        Raises:
            UnexpectedResponse: it is no CSV.
        """
        if (failure := no_csv(response)) is not None:
            await response.aclose()
            raise _told(failure)
        return cls(response, sent_id)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._chunks is None:
            raise StopAsyncIteration
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            await self.aclose()
            raise
        except httpx.RequestError as error:
            failure = self._failure(error)
        await self.aclose()
        raise failure

    async def aclose(self) -> None:
        """Return the connection back; reading on gives nothing more."""
        self._chunks = None
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _told(failure: OrdersError) -> OrdersError:
    if isinstance(failure, UnexpectedResponse):
        log_unexpected(ROUTE, failure)
    return failure
