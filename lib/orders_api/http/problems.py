"""Turns whatever went wrong into problem details (RFC 9457; contract, section 2), without echoing input."""

import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from lib.orders_api.domain.errors import DomainError, RateLimitedError, ValidationFailedError

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 20

_SAFE_NAME = re.compile(r"Idempotency-Key|[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)
_CODES = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "REQUEST_TIMEOUT",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    500: "INTERNAL_ERROR",
}
_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not known",
    "json_invalid": "must be valid JSON",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be a UUID",
    "string_pattern_mismatch": "does not have the right form",
    "string_unicode": "must be text that can be written as UTF-8",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
}

_TEXT = {"type": "string"}
_FIELD_ERROR = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": _TEXT, "message": _TEXT},
}
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457); its `code` is stable and for programs",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "title": "Problem",
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code", "requestId"],
                    "properties": {
                        **{name: _TEXT for name in ("type", "title", "detail", "code", "requestId")},
                        "status": {"type": "integer"},
                        "currentStatus": _TEXT,
                        "errors": {"type": "array", "items": _FIELD_ERROR},
                    },
                }
            }
        },
    }
}
"""What the OpenAPI document says of every answer that is no success."""


def problem_bytes(status: int, code: str, title: str, detail: str, request_id: str, **members: Any) -> bytes:
    """Return a problem document."""
    document = {
        "type": f"urn:order-desk:problem:{code.lower().replace('_', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": request_id,
        **members,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def domain_problem(error: DomainError, request_id: str) -> Response:
    """Return the answer that an error of the domain stands for."""
    body = problem_bytes(error.status, error.code, error.title, error.detail, request_id, **error.members)
    headers = dict(error.headers)
    if isinstance(error, RateLimitedError):
        headers["Cache-Control"] = "no-store"
    return Response(body, error.status, headers, MEDIA_TYPE)


def plain_problem(status: int, request_id: str, headers: dict[str, str] | None = None) -> Response:
    """Return the answer for a status of HTTP's own, such as 404 for no such address."""
    phrase = HTTPStatus(status).phrase
    code = _CODES.get(status, phrase.upper().replace(" ", "_").replace("-", "_"))
    body = problem_bytes(status, code, phrase, HTTPStatus(status).description or phrase, request_id)
    return Response(body, status, headers, MEDIA_TYPE)


def validation_failed(errors: Sequence[Any]) -> ValidationFailedError:
    """Return Pydantic's errors as the contract's: which field, and what is wrong, never the value."""
    return ValidationFailedError(
        [{"field": _field(error), "message": _message(error)} for error in errors[:MAX_ERRORS]]
    )


def _field(error: Any) -> str:
    # An unknown field's name is input too: it is named only when it looks like a name.
    place, *path = error["loc"]
    parts = [
        str(part) if isinstance(part, int) or _SAFE_NAME.fullmatch(part) else "unknown"
        for part in (path[:1] if place == "query" else path)
    ]
    return "body" if error["type"] == "json_invalid" or not parts else ".".join(parts)


def _message(error: Any) -> str:
    kind = str(error["type"])
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    if kind in ("value_error", "assertion_error"):
        return str(error["ctx"]["error"])
    return str(error["msg"]).replace("Input should be", "must be", 1)


def install(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document."""

    @app.exception_handler(DomainError)
    async def domain(request: Request, error: DomainError) -> Response:
        return domain_problem(error, request.state.request_id)

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        return domain_problem(validation_failed(error.errors()), request.state.request_id)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            unreadable = ValidationFailedError.of("body", "can't be read as JSON")
            return domain_problem(unreadable, request.state.request_id)
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = _allowed(app, request.scope["path"]) or headers.get("Allow", "")
        return plain_problem(error.status_code, request.state.request_id, headers)


def _allowed(app: FastAPI, path: str) -> str:
    """Name all methods of an address (RFC 9110, 15.5.6), of which each route knows only its own."""
    methods: dict[str, set[str]] = {}
    for route in iter_route_contexts(app.routes):
        if route.path_format and route.path_regex.match(path):
            methods.setdefault(route.path_format, set()).update(route.methods or ())
    # What lies below an order, such as its timeline, might be an order's number with a slash as well.
    longest = max(methods, key=len, default="")
    return ", ".join(sorted(methods.get(longest, ())))
