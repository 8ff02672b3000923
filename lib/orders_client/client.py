"""The client of an Orders API (contract, section 4): ours, or a shop's own; it holds no order and no rule."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Self

import httpx

from lib.orders_client._audit import Audit
from lib.orders_client._demo import Demo
from lib.orders_client._encoding import bearer
from lib.orders_client._orders import Orders
from lib.orders_client._retrying import Retries
from lib.orders_client._staff_sessions import StaffSessions
from lib.orders_client._stats import Stats
from lib.orders_client._transport import Connection, SharedTransport, Token
from lib.orders_client.errors import OrdersError


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
        if not (math.isfinite(timeout) and timeout > 0):
            raise ValueError("timeout must be a number of seconds above zero")
        if token is not None and not callable(token):
            bearer(token)
        self._own: SharedTransport | None = None
        if transport is None:
            transport = self._own = SharedTransport()
        self._connection = Connection(
            _checked_url(base_url),
            token,
            timeout,
            transport,
            staff_user,
            retries or Retries(),
        )
        self.orders = Orders(self._connection)
        self.stats = Stats(self._connection)
        self.audit = Audit(self._connection)
        self.demo = Demo(self._connection)
        self.staff_sessions = StaffSessions(self._connection)

    def health(self) -> bool:
        """Tell whether the API answers and reaches its store: asked once, as nobody, and no OrdersError."""
        try:
            response = self._connection.probe("/readyz")
        except OrdersError:
            return False
        page = response.headers.get("content-type", "").startswith("text/html")
        return response.status_code == httpx.codes.OK and not page

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
        return f"OrdersClient({str(self._connection.base_url)!r})"


def _checked_url(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("base_url must be an address such as https://shop.example")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must hold no user name, password, query or fragment")
    return url
