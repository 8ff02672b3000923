"""The async client of an Orders API: the same calls, models, errors and retries as OrdersClient."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from ._async_transport import AsyncConnection, AsyncSharedTransport, AsyncToken
from ._encoding import bearer
from ._knowledge import knowledge_of
from ._orders import AsyncOrders
from ._reports import Audit, StaffPreferences, Stats
from ._requests import Requests, checked_timeout, checked_url
from ._retrying import Retries
from .capabilities import Capabilities


class AsyncOrdersClient:
    """A client for one event loop; use it in an `async with` block, or close it by `aclose()`.

    What OrdersClient says of repeats, redirects and proxies holds here, too.
    """

    def __init__(
        self,
        base_url: str,
        token: AsyncToken = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
        staff_user: str | None = None,
        *,
        retries: Retries | None = None,
    ) -> None:
        """Make a client; nothing is sent yet. The arguments are OrdersClient's, but:

        Args:
            token: may also be an async function that gives one.
            transport: is an async one.

        Raises:
            ValueError: an argument that no call could work with. The text repeats neither of them.
        """
        if isinstance(token, str):
            bearer(token)
        requests = Requests(checked_url(base_url), checked_timeout(timeout), staff_user, retries or Retries())
        self._own: AsyncSharedTransport | None = None
        if transport is None:
            transport = self._own = AsyncSharedTransport()
        self._connection = AsyncConnection(
            requests, token, transport, knowledge_of(requests.base_url, transport)
        )
        self.orders = AsyncOrders(self._connection)
        self.stats = Stats(self._connection)
        self.audit = Audit(self._connection)
        self.preferences = StaffPreferences(self._connection)

    async def capabilities(self) -> Capabilities:
        """Tell what this API can do beyond the contract's core; see OrdersClient."""
        return await self._connection.capabilities()

    async def health(self) -> bool:
        """Tell whether the API is ready; see OrdersClient."""
        return await self._connection.is_ready()

    async def aclose(self) -> None:
        """Close the connections that are this client's own; a transport that was passed in stays open."""
        if self._own is not None:
            await self._own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncOrdersClient({str(self._connection.requests.base_url)!r})"
