"""The clients of an Orders API (contract, section 4): ours, or a shop's own; they hold no order, no rule."""

from types import TracebackType
from typing import Self

import httpx

from ._desk import Demo, Privacy
from ._encoding import bearer
from ._knowledge import knowledge_of
from ._orders import AsyncOrders, Audit, Orders, StaffPreferences, Stats
from ._requests import Requests, checked_timeout, checked_url
from ._retrying import Retries
from ._staff_sessions import StaffSessions
from ._transport import AsyncConnection, AsyncSharedTransport, AsyncToken, Connection, SharedTransport, Token
from .capabilities import Capabilities


class OrdersClient:
    """A client that may be shared by threads; use it in a `with` block, or close it.

    GET, and POST with an Idempotency-Key, are repeated on connection errors, 429 and 503 (see Retries);
    nothing else ever is. Redirects are not followed. Proxies are not taken from the environment.
    """

    def __init__(
        self,
        base_url: str,
        token: Token = None,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
        staff_user: str | None = None,
        *,
        retries: Retries | None = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            base_url: where the API is, without `/v1`, such as `https://shop.example/api`.
            token: the bearer token, or what gives one, asked once for each call; None: nobody.
            timeout: seconds that a call may take in all, its repeats included; for `export`, each chunk.
            transport: an httpx transport; it stays the caller's and is not closed. None: one of its own.
            staff_user: sent as `X-Staff-User`, percent-encoded where a header needs it.
            retries: how often and how long; time and randomness are passed in there.

        Raises:
            ValueError: an argument that no call could work with. The text repeats neither of them.
        """
        if token is not None and not callable(token):
            bearer(token)
        requests = Requests(checked_url(base_url), checked_timeout(timeout), staff_user, retries or Retries())
        self._own: SharedTransport | None = None
        if transport is None:
            transport = self._own = SharedTransport()
        self._base_url = requests.base_url
        self._connection = Connection(requests, token, transport, knowledge_of(requests.base_url, transport))
        self.orders = Orders(self._connection)
        self.stats = Stats(self._connection)
        self.audit = Audit(self._connection)
        self.preferences = StaffPreferences(self._connection)
        self.demo = Demo(self._connection)
        self.privacy = Privacy(self._connection)
        self.staff_sessions = StaffSessions(self._connection)

    def capabilities(self) -> Capabilities:
        """Tell what this API can do beyond the contract's core; it is asked once a process, with this token.

        It reads `/openapi.json`, or asks around where there is none; it changes nothing and raises nothing
        that has to do with the API. An API that is down is taken to have everything, and asked later.
        """
        return self._connection.capabilities()

    def health(self) -> bool:
        """Tell whether the API is ready: any answer to `/readyz` below 500; it raises no OrdersError."""
        return self._connection.is_ready()

    def close(self) -> None:
        """Close the connections that are this client's own; a transport that was passed in stays open."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"OrdersClient({str(self._base_url)!r})"


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
