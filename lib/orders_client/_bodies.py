"""Judges bodies as they come in: how large they may be, and which error it is when one breaks off."""

from __future__ import annotations

import httpx

from ._answers import request_id_of
from .errors import ApiTimeout, ApiUnreachable, OrdersError, UnexpectedResponse

LARGEST_BODY = 32 * 1024 * 1024


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
