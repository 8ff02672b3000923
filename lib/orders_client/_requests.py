"""Builds requests and judges what became of them, for both transports; it puts no secret into an error."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from ._answers import Answer, request_id_of
from ._call import Call
from ._encoding import bearer, header_text, json_body, query_string
from ._retrying import Retries
from .errors import ApiTimeout, ApiUnreachable, OrdersError, UnexpectedResponse

KEEP_ALIVE_SECONDS = 4.0
# Idle connections go before uvicorn drops them (5 s): a POST on a dying one could not be repeated.
LIMITS = httpx.Limits(max_connections=100, keepalive_expiry=KEEP_ALIVE_SECONDS)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LARGEST_BODY = 32 * 1024 * 1024


@dataclass(frozen=True, repr=False)
class Requests:
    """Where calls go, for how long, and what each request carries."""

    base_url: httpx.URL
    timeout: float
    staff_user: str | None
    retries: Retries

    def identity(self, call: Call[Any], token: str | None) -> dict[str, str]:
        """Return the headers that say who calls, the same for all repeats of a call."""
        headers = {"X-Request-Id": uuid4().hex}
        if token is not None:
            headers["Authorization"] = bearer(token)
        if self.staff_user is not None:
            headers["X-Staff-User"] = header_text(self.staff_user)
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        return headers

    def request(self, call: Call[Any], identity: Mapping[str, str], deadline: float) -> httpx.Request:
        """Build the request of a call, which may take until the deadline.

        Raises:
            ValueError: the address would be too long.
        """
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
        timeout = httpx.Timeout(max(deadline - self.retries.clock(), 0.001))
        return httpx.Request(
            call.method, url, headers=headers, content=content, extensions={"timeout": timeout.as_dict()}
        )

    def deadline(self) -> float:
        """Return when a call that begins now has to be over."""
        return self.retries.clock() + self.timeout

    def answer(self, response: httpx.Response, body: bytes) -> Answer:
        """Return a response as an answer."""
        return Answer(
            status=response.status_code,
            request_id=request_id_of(response.headers.get("x-request-id")),
            retry_after=self.retries.retry_after(response.headers),
            body=body,
            headers=response.headers,
        )


def sending_failure(error: httpx.TransportError, request: httpx.Request) -> OrdersError:
    """Say why nothing was answered, in httpx's words only where they can't quote a request or an answer."""
    if isinstance(error, httpx.TimeoutException):
        return ApiTimeout(request_id=None if isinstance(error, _NEVER_SENT) else sent_id(request))
    if isinstance(error, httpx.ConnectError):
        return ApiUnreachable(f"the Orders API can't be reached: {error}")
    return ApiUnreachable(
        f"the connection to the Orders API broke: {type(error).__name__}", request_id=sent_id(request)
    )


def sent_id(request: httpx.Request) -> str:
    """Return the request id that a request carries."""
    return str(request.headers.get("x-request-id", ""))


def checked_url(base_url: str) -> httpx.URL:
    """Return where the API is.

    Raises:
        ValueError: no address of an API; the text does not repeat it.
    """
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("base_url must be an address such as https://shop.example")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must hold no user name, password, query or fragment")
    return url


def checked_timeout(timeout: float) -> float:
    """Return a number of seconds back.

    Raises:
        ValueError: not one above zero.
    """
    if not (math.isfinite(timeout) and timeout > 0):
        raise ValueError("timeout must be a number of seconds above zero")
    return timeout


def is_too_large(body: bytes | bytearray) -> bool:
    """Tell whether a body is larger than any answer of an Orders API."""
    return len(body) > LARGEST_BODY


def reading_failure(error: httpx.RequestError, response: httpx.Response, sent_id: str) -> OrdersError:
    """Make the error for a body that could not be read; httpx's own text may quote it, so it is dropped."""
    if isinstance(error, httpx.TimeoutException):
        return too_late(response, sent_id)
    if isinstance(error, httpx.RemoteProtocolError):
        return _broken(response, "the answer broke off", broken_off=True)
    if isinstance(error, httpx.TransportError):
        return ApiUnreachable(
            f"the connection to the Orders API broke: {type(error).__name__}",
            request_id=_id(response) or sent_id,
        )
    return _broken(response, "the answer can't be decoded")


def too_late(response: httpx.Response, sent_id: str) -> ApiTimeout:
    """Make the error for a body that is not whole in time."""
    return ApiTimeout(request_id=_id(response) or sent_id)


def too_large(response: httpx.Response) -> UnexpectedResponse:
    """Make the error for a body that does not end."""
    return _broken(response, "the answer is too large")


def no_csv(response: httpx.Response) -> UnexpectedResponse | None:
    """Make the error for an export that is no CSV; None where it is one."""
    if "csv" in response.headers.get("content-type", "").lower():
        return None
    return _broken(response, "the answer is no CSV")


def _id(response: httpx.Response) -> str | None:
    return request_id_of(response.headers.get("x-request-id"))


def _broken(response: httpx.Response, reason: str, *, broken_off: bool = False) -> UnexpectedResponse:
    return UnexpectedResponse(
        reason, status=response.status_code, request_id=_id(response), broken_off=broken_off
    )
