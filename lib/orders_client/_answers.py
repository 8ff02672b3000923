"""Reads whole answers: JSON into models, refusals into errors; logs what it can't understand by names."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from . import errors
from .errors import (
    ApiRejected,
    Forbidden,
    OrdersError,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnexpectedResponse,
    ValidationFailed,
)

BAD_REQUEST, SERVER_ERROR = 400, 500
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:/+=@-]{1,128}", re.ASCII)
_BY_CODE: dict[str, type[ApiRejected]] = {
    kind.CODE: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ApiRejected) and kind.CODE
}
_BY_STATUS: dict[int, type[ApiRejected]] = {
    400: ValidationFailed,
    401: Unauthenticated,
    403: Forbidden,
    422: ValidationFailed,
    429: RateLimited,
}

M = TypeVar("M", bound=BaseModel)
_logger = logging.getLogger(__package__)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    request_id: str | None
    retry_after: float | None
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def succeeded(self) -> bool:
        """Whether it is a success, and no page of a proxy or a captive portal."""
        return self.status // 100 == 2 and not self.headers.get("content-type", "").startswith("text/html")

    @property
    def problem(self) -> Mapping[str, Any]:
        """The members of a JSON object, none for any other body."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> str | None:
        """The code of an error, where it has one that can be shown."""
        code = self.problem.get("code")
        return code if isinstance(code, str) and _CODE.fullmatch(code) else None

    def unexpected(
        self, reason: str, *, field: str | None = None, expected: str | None = None
    ) -> UnexpectedResponse:
        """Make the error for an answer that the contract does not know."""
        return UnexpectedResponse(
            reason,
            status=self.status,
            request_id=self.request_id,
            retry_after=self.retry_after,
            field=field,
            expected=expected,
        )


def request_id_of(value: object) -> str | None:
    """Return a request id, or None for what is too odd to be shown or logged."""
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def error_of(answer: Answer, refusals: Mapping[int, type[ApiRejected]]) -> OrdersError:
    """Make the error for an answer that is no success; `refusals` is what a status means for the call."""
    if answer.status < BAD_REQUEST:
        return answer.unexpected("the answer has a status that this call does not have")
    problem, code = answer.problem, answer.code
    kind = _BY_CODE.get(code or "")
    if kind is None and code is not None and {"type", "title"} & set(problem):
        kind = ApiRejected  # a problem document whose code is newer than this client
    if kind is None:
        code, kind = None, _kind_by_status(answer.status, refusals)
    if kind is None:
        return answer.unexpected("the answer is an error without a code")
    return kind(
        code,
        answer.status,
        answer.request_id or request_id_of(problem.get("requestId")),
        title=_text(problem.get("title")) or "",
        detail=_text(problem.get("detail")) or "",
        retry_after=answer.retry_after,
        current_status=_text(problem.get("currentStatus")),
        errors=_field_errors(problem.get("errors")),
    )


def parse(answer: Answer, model: type[M], asked: Mapping[str, Any] | None = None) -> M:
    """Read the body as a model; `asked` is what of the request fills in what the answer leaves out.

    Raises:
        UnexpectedResponse: it is not one; the text names fields, never values.
    """
    try:
        return model.model_validate_json(answer.body, context=asked)
    except ValidationError as error:
        found = faults(error)
    # Raised outside of the `except`, as the library's own error may quote the answer.
    first = found[0]
    raise answer.unexpected(
        f"the answer is no {model.__name__}: {first.field} {first.kind}",
        field=first.field,
        expected=first.expected,
    )


def reading(model: type[M]) -> Callable[[Answer], M]:
    """Return what reads a body as a model."""
    return lambda answer: parse(answer, model)


@dataclass(frozen=True)
class Fault:
    """A field that is not as the contract has it: of which kind, and what was expected."""

    field: str
    kind: str
    expected: str


def faults(error: ValidationError) -> list[Fault]:
    """Return all that is wrong with an answer, by the names of fields and without a value."""
    return [
        Fault(
            ".".join(str(part) for part in each["loc"]) or "body",
            each["type"],
            each["msg"].removeprefix("Value error, "),
        )
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _kind_by_status(status: int, refusals: Mapping[int, type[ApiRejected]]) -> type[ApiRejected] | None:
    if status >= SERVER_ERROR:
        return Unavailable
    return refusals.get(status) or _BY_STATUS.get(status)


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


@contextmanager
def logged(call: str) -> Iterator[None]:
    """Log an UnexpectedResponse on its way to the caller."""
    try:
        yield
    except UnexpectedResponse as error:
        log_unexpected(call, error)
        raise


def log_unexpected(call: str, error: UnexpectedResponse) -> None:
    """Write one line about an answer: to which call, why, which field, and the request id to look for."""
    _logger.warning(
        "unexpected answer to %s: %s; field: %s; expected: %s; status: %s; request id: %s",
        call,
        error.reason,
        error.field or "none",
        error.expected or "see the contract",
        error.status,
        error.request_id,
    )
