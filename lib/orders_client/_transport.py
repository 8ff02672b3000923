"""Sends one call, again where that is safe, and gives its answer; it puts no secret into an error.

It speaks to an httpx transport without httpx.Client, on purpose: the client writes each URL to the log,
tracking tokens and searched-for emails included; it keeps cookies, which would travel from one staff member's
call to the next; and it takes proxies from the environment, which only lib/settings.py reads here (and no
proxy must see a call to loopback). A shop behind a proxy passes `httpx.HTTPTransport(proxy=…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from lib.orders_client._answers import Answer, error_of, read_body, request_id_of
from lib.orders_client._encoding import bearer, header_text, json_body, query_string
from lib.orders_client._retrying import Retries
from lib.orders_client.errors import ApiTimeout, ApiUnreachable, OrdersError

KEEP_ALIVE_SECONDS = 4.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

T = TypeVar("T")
Token = str | Callable[[], str] | None


class SharedTransport(httpx.HTTPTransport):
    """A pool of connections that many clients and threads may share; it knows no tokens, keeps no cookies.

    It trusts certifi's certificates, or those of SSL_CERT_FILE / SSL_CERT_DIR (a shop's own CA).
    """

    def __init__(self) -> None:
        # Idle connections go before uvicorn drops them (5 s): a POST on a dying one could not be repeated.
        super().__init__(limits=httpx.Limits(max_connections=100, keepalive_expiry=KEEP_ALIVE_SECONDS))


@dataclass(frozen=True, repr=False)
class Call:
    """One call of the contract: `path` is encoded already, `status` is that of success."""

    method: str
    path: str
    status: int = 200
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    idempotency_key: str | None = None
    token: str | None = None
    accept: str = "application/json, application/problem+json"

    @property
    def repeatable(self) -> bool:
        """Whether making it twice changes no more than making it once."""
        return self.method == "GET" or (self.method == "POST" and self.idempotency_key is not None)


@dataclass(frozen=True, repr=False)
class Connection:
    """Where and as whom calls are made."""

    base_url: httpx.URL
    token: Token
    timeout: float
    transport: httpx.BaseTransport
    staff_user: str | None
    retries: Retries

    def answer(self, call: Call) -> Answer:
        """Make a call and give its answer, which has the call's status.

        Raises:
            OrdersError: any other answer, or none.
        """

        def whole(request: httpx.Request, deadline: float) -> Answer:
            answer = self._read(request, self._send(request), deadline)
            if answer.status != call.status:
                raise error_of(answer)
            return answer

        return self._repeat(call, whole)

    def stream(self, call: Call) -> tuple[httpx.Response, str]:
        """Make a call and give its open response and the request id that was sent; the caller closes it."""

        def opened(request: httpx.Request, deadline: float) -> tuple[httpx.Response, str]:
            response = self._send(request)
            if response.status_code == call.status:
                return response, _id(request)
            raise error_of(self._read(request, response, deadline))

        return self._repeat(call, opened)

    def probe(self, path: str) -> httpx.Response:
        """Ask once, as nobody, and give the whole response."""
        request = self._request(Call("GET", path), {})
        response = self._send(request)
        self._read(request, response, self.retries.clock() + self.timeout)
        return response

    def _repeat(self, call: Call, make: Callable[[httpx.Request, float], T]) -> T:
        deadline = self.retries.clock() + self.timeout
        identity = self._identity(call)
        attempt = 1
        while True:
            request = self._request(call, identity, max(deadline - self.retries.clock(), 0.001))
            try:
                return make(request, deadline)
            except OrdersError as error:
                wait = self.retries.wait_after(error, attempt, deadline) if call.repeatable else None
                if wait is None:
                    raise
            self.retries.sleep(wait)
            attempt += 1

    def _identity(self, call: Call) -> dict[str, str]:
        token = call.token or (self.token() if callable(self.token) else self.token)
        headers = {"X-Request-Id": uuid4().hex}
        if token is not None:
            headers["Authorization"] = bearer(token)
        if self.staff_user is not None:
            headers["X-Staff-User"] = header_text(self.staff_user)
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        return headers

    def _request(
        self, call: Call, identity: Mapping[str, str], timeout: float | None = None
    ) -> httpx.Request:
        query = query_string(call.params)
        target = self.base_url.raw_path.rstrip(b"/").decode() + call.path + (f"?{query}" if query else "")
        headers = {"Accept": call.accept, "Accept-Encoding": "gzip", "User-Agent": "order-desk", **identity}
        content = None
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            content = json_body(call.body)
        try:
            url = self.base_url.copy_with(raw_path=target.encode())
        except httpx.InvalidURL:
            url = None
        if url is None:
            raise ValueError("the arguments make an address that is too long to be sent")
        limits = httpx.Timeout(self.timeout if timeout is None else timeout)
        extensions = {"timeout": limits.as_dict()}
        return httpx.Request(call.method, url, headers=headers, content=content, extensions=extensions)

    def _send(self, request: httpx.Request) -> httpx.Response:
        failure: OrdersError
        try:
            return self.transport.handle_request(request)
        except httpx.TimeoutException as error:
            failure = ApiTimeout(request_id=None if isinstance(error, _NEVER_SENT) else _id(request))
        except httpx.TransportError as error:
            failure = _unreachable(error, request)
        raise failure

    def _read(self, request: httpx.Request, response: httpx.Response, deadline: float) -> Answer:
        body = read_body(response, lambda: self.retries.clock() < deadline, _id(request))
        return Answer(
            status=response.status_code,
            request_id=request_id_of(response.headers.get("x-request-id")),
            retry_after=self.retries.retry_after(response.headers),
            body=body,
            headers=response.headers,
        )


def _id(request: httpx.Request) -> str:
    return str(request.headers.get("x-request-id", ""))


def _unreachable(error: httpx.TransportError, request: httpx.Request) -> ApiUnreachable:
    """Say why, in httpx's words only where they can't quote a request or an answer."""
    if isinstance(error, httpx.ConnectError):
        return ApiUnreachable(f"the Orders API can't be reached: {error}")
    return ApiUnreachable(
        f"the connection to the Orders API broke: {type(error).__name__}", request_id=_id(request)
    )
