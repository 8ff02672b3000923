"""Reads answers: bodies of bounded size and time, problem documents into errors, JSON into models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from lib.orders_client import errors
from lib.orders_client.errors import ApiRejected, ApiTimeout, ApiUnreachable, OrdersError, UnexpectedResponse

LARGEST_BODY = 32 * 1024 * 1024
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:/+=@-]{1,128}", re.ASCII)
_KINDS: dict[str, type[ApiRejected]] = {
    kind.CODE: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ApiRejected) and kind.CODE
}

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    request_id: str | None
    retry_after: float | None
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def unexpected(self, reason: str) -> UnexpectedResponse:
        """Make the error for an answer that the contract does not know."""
        return UnexpectedResponse(
            reason, status=self.status, request_id=self.request_id, retry_after=self.retry_after
        )


class _Problem(BaseModel):
    """A problem document (RFC 9457), as far as a program needs it."""

    model_config = ConfigDict(extra="ignore")

    code: str
    title: Any = None
    detail: Any = None
    requestId: Any = None
    currentStatus: Any = None
    errors: Any = None


def request_id_of(value: object) -> str | None:
    """Give a request id, or None for what is too odd to be shown or logged."""
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def read_body(response: httpx.Response, in_time: Callable[[], bool], sent_id: str) -> bytes:
    """Read and close a response.

    Raises:
        ApiTimeout: not whole in time.
        ApiUnreachable: the connection was reset.
        UnexpectedResponse: it broke off, can't be decoded or does not end.
    """
    failure: OrdersError
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_BODY or not in_time():
                break
        else:
            return bytes(body)
    except httpx.RequestError as error:
        failure = reading_failure(error, response, sent_id)
    else:
        too_late = ApiTimeout(request_id=_id(response) or sent_id)
        failure = _broken(response, "the answer is too large") if in_time() else too_late
    finally:
        response.close()
    raise failure


def reading_failure(error: httpx.RequestError, response: httpx.Response, sent_id: str) -> OrdersError:
    """Make the error for a body that could not be read; httpx's own text may quote it, so it is dropped."""
    if isinstance(error, httpx.TimeoutException):
        return ApiTimeout(request_id=_id(response) or sent_id)
    if isinstance(error, httpx.RemoteProtocolError):
        return _broken(response, "the answer broke off", broken_off=True)
    if isinstance(error, httpx.TransportError):
        return ApiUnreachable(
            f"the connection to the Orders API broke: {type(error).__name__}",
            request_id=_id(response) or sent_id,
        )
    return _broken(response, "the answer can't be decoded")


def error_of(answer: Answer) -> OrdersError:
    """Make the error for an answer other than the one that was expected."""
    if answer.status < httpx.codes.BAD_REQUEST:
        return answer.unexpected("the answer has a status that this call does not have")
    try:
        problem = _Problem.model_validate_json(answer.body)
    except ValidationError:
        return answer.unexpected("the answer is an error without a code")
    if not _CODE.fullmatch(problem.code):
        return answer.unexpected("the answer is an error without a code")
    return _KINDS.get(problem.code, ApiRejected)(
        problem.code,
        answer.status,
        answer.request_id or request_id_of(problem.requestId),
        title=_text(problem.title) or "",
        detail=_text(problem.detail) or "",
        retry_after=answer.retry_after,
        current_status=_text(problem.currentStatus),
        errors=_field_errors(problem.errors),
    )


def parse(answer: Answer, model: type[M]) -> M:
    """Read the body as a model.

    Raises:
        UnexpectedResponse: it is not one; the text names fields, never values.
    """
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        failure = answer.unexpected(f"the answer is no {model.__name__}: {where or 'body'} {first['type']}")
    raise failure


def _text(found: object) -> str | None:
    return found if isinstance(found, str) else None


def _field_errors(found: object) -> list[dict[str, str]]:
    rows = found if isinstance(found, list) else []
    return [
        {
            name: value
            for name, value in row.items()
            if name in ("field", "message") and isinstance(value, str)
        }
        for row in rows
        if isinstance(row, dict)
    ]


def _id(response: httpx.Response) -> str | None:
    return request_id_of(response.headers.get("x-request-id"))


def _broken(response: httpx.Response, reason: str, *, broken_off: bool = False) -> UnexpectedResponse:
    return UnexpectedResponse(
        reason, status=response.status_code, request_id=_id(response), broken_off=broken_off
    )
