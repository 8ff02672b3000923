"""Hands a CSV export to the browser once, streamed from the API; it keeps no file, at no /media either.

It knows no session and must not: lib/dashboard imports it before any page has run, and the sign-in's cookie
component has to be imported by a page first.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lib.orders_client import CsvExport, OrdersError

GOOD_FOR_SECONDS = 60.0
MOST_WAITING = 1_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for something else; a shop's own API may send none."""


Export = CsvExport | Generator[bytes, None, None]
Make = Callable[[], Export | None]
"""Asks the API for an export, as the staff member who wants it; None once they are not signed in any more."""


class _Tickets:
    """Exports that were asked for, each by a ticket that is good once, for a minute, in this process."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Make, float]] = {}
        self._lock = threading.Lock()
        self.served = False

    def give(self, make: Make) -> str:
        with self._lock:
            now = time.monotonic()
            self._waiting = {key: each for key, each in self._waiting.items() if each[1] > now}
            while len(self._waiting) >= MOST_WAITING:
                self._waiting.pop(next(iter(self._waiting)))
            ticket = secrets.token_urlsafe(32)
            self._waiting[ticket] = (make, now + GOOD_FOR_SECONDS)
            return ticket

    def take(self, ticket: str) -> Make | None:
        with self._lock:
            make, until = self._waiting.pop(ticket, (None, 0.0))
        return make if until > time.monotonic() else None


_tickets = _Tickets()


def is_served() -> bool:
    """Return whether this process serves exports: `streamlit run app.py` has no route for them."""
    return _tickets.served


def link_for(make: Make) -> str:
    """Return an address that whoever wants the export may open once, within a minute."""
    return f"export/{_tickets.give(make)}"


def export_route() -> Route:
    """Return the route that answers those addresses."""
    _tickets.served = True
    return Route("/export/{ticket}", _send, methods=["GET"])


def _send(request: Request) -> Response:
    """Stream the export as the staff member who asked; the API decides again whether they may."""
    if request.method != "GET":  # the router lets HEAD in as well, which must not use the link up
        return PlainTextResponse("", 405, {"Allow": "GET"})
    make = _tickets.take(request.path_params["ticket"])
    try:
        export = make() if make else None
    except OrdersError as error:
        return PlainTextResponse(f"The export could not be made. Request id: {error.request_id}", 502)
    if export is None:
        return PlainTextResponse("This link has been used, or is too old. Export again.", 410)
    name = f"orders-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_chunks(export), media_type="text/csv", headers=headers)


def _chunks(export: Export) -> Iterator[bytes]:
    """Return the bytes; where the API's stream breaks off this one does too, and the browser says so."""
    with closing(export) as chunks:
        first = next(chunks, b"")
        yield first if first.startswith(BYTE_ORDER_MARK) else BYTE_ORDER_MARK + first
        yield from chunks
