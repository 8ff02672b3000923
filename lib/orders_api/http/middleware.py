"""What holds for every request: its id, log line and limits of size, and a last answer when all failed."""

import asyncio
import json
import logging
import re
import time
import traceback
import uuid
from http import HTTPStatus
from typing import Any

from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.orders_api.http.metrics import Metrics
from lib.orders_api.http.problems import plain_problem
from lib.orders_api.store.deadline import begin_request

MAX_URL_BYTES = 4096
MAX_BODY_BYTES = 1_000_000
MAX_ORDER_BYTES = 8_000_000
"""An order may have 1,000 line items with names of 1,000 characters."""
ORDERS_PATH = "/v1/orders"
MAX_PUBLIC_BODY_BYTES = 16_384
BODY_SECONDS = 20.0
"""How long a caller may take to send a body."""
PUBLIC_PREFIXES = ("/v1/guest/", "/v1/track/", "/track/")

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_log = logging.getLogger("orders_api.requests")


class RequestFrame:
    """Gives each request its id and headers, and writes one JSON line about it, with no path in it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        begin_request(request_id)
        trace.get_current_span().set_attribute("order_desk.request_id", request_id)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status, ended = time.perf_counter(), 0, False

        async def send_framed(message: Message) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            elif message["type"] == "http.response.body":
                ended = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as error:
            _log_line(request_id, logging.ERROR, event="failure", **_without_data(error))
            if ended:
                return
            if status:
                raise
            failure = plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, request_id)
            await failure(scope, receive, send_framed)
        finally:
            # What a caller may choose freely, such as another method, stands neither here nor in the metrics.
            method = scope["method"] if scope["method"] in METHODS else "?"
            route = getattr(scope.get("route"), "path", None)
            seconds = time.perf_counter() - started
            self._metrics.observe(method, route or "none", status, seconds)
            _log_line(
                request_id,
                logging.INFO,
                event="request",
                method=method,
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 2),
            )


class SizeLimits:
    """Turns away addresses and bodies that are larger than any honest one, before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        url_bytes = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if url_bytes > MAX_URL_BYTES:
            await self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "content-length" in headers and "transfer-encoding" in headers:
            # Proxies differ in where it ends: in what one takes for the body, a request could hide.
            await self._refuse(HTTPStatus.BAD_REQUEST, scope, receive, send)
            return
        limit = _most_bytes(scope["path"])
        announced = headers.get("content-length", "")
        try:
            too_large = announced.isdecimal() and int(announced[:19]) > limit
            async with asyncio.timeout(BODY_SECONDS):
                body = None if too_large else await _read_body(receive, limit)
        except TimeoutError:
            await self._refuse(HTTPStatus.REQUEST_TIMEOUT, scope, receive, send)
            return
        except ClientDisconnect:
            # What came is only a part of what was meant: doing that could be doing something else.
            return
        if body is None:
            await self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, scope, receive, send)
            return
        replayed = False

        async def replay() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _refuse(self, status: HTTPStatus, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = plain_problem(status, scope["state"]["request_id"], {"Connection": "close"})
        await refusal(scope, receive, send)


def _most_bytes(path: str) -> int:
    if path == ORDERS_PATH:
        return MAX_ORDER_BYTES
    return MAX_PUBLIC_BODY_BYTES if path.startswith(PUBLIC_PREFIXES) else MAX_BODY_BYTES


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SANE_REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def _without_data(error: Exception) -> dict[str, Any]:
    """Return where an error arose; its text may hold a customer's data and stays out of the log."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return {
        "error": type(error).__name__,
        "where": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _log_line(request_id: str, level: int, **members: Any) -> None:
    _log.log(level, "%s", json.dumps({"requestId": request_id, **members}))
