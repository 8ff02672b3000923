"""Hands a CSV export to the browser once, streamed from the API; it keeps no file, at no /media either.

A link is honoured by whichever dashboard is asked: what it stands for is kept by lib.ui.auth.later's tickets.
"""

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from threading import Event
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lib.orders_client import CsvExport, OrdersError
from lib.ui.auth.later import give_ticket, staff_by, take_ticket
from lib.ui.orders.selected_export import only_orders
from lib.ui.shared.clients import orders_client

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for something else; a shop's own API may send none."""
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
TIMES = ("_from", "_to")
"""How the names of filters end that are times."""

Export = CsvExport | Generator[bytes, None, None]
_served = Event()


def is_served() -> bool:
    """Return whether this process serves exports: `streamlit run app.py` has no route for them."""
    return _served.is_set()


def link_for(mark: Mapping[str, Any], filters: Mapping[str, Any], orders: Sequence[str] = ()) -> str:
    """Return an address at which whoever is meant by `mark` may have an export once, within a minute.

    With `orders`, it has those of them alone that the filters find.
    """
    wanted = {"mark": mark, "filters": dict(filters), "orders": list(orders)}
    return f"export/{give_ticket(json.dumps(wanted, default=_plain))}"


def export_route() -> Route:
    """Return the route that answers those addresses."""
    _served.set()
    return Route("/export/{ticket}", _send, methods=["GET"])


def make_export(ticket: str) -> Export | None:
    """Ask the API for what a ticket stands for; None if it is used up, or its person not signed in any more.

    Raises:
        OrdersError: the API could not be asked, or refuses.
    """
    text = take_ticket(ticket)
    if text is None:
        return None
    wanted = json.loads(text)
    staff = staff_by(wanted["mark"])
    if staff is None:
        return None
    filters: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name.endswith(TIMES) else value
        for name, value in wanted["filters"].items()
    }
    whole = orders_client(staff).orders.export(**filters)
    if not wanted["orders"]:
        return whole
    return only_orders(whole, wanted["orders"], DELIMITERS[filters.get("separator", "comma")])


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"a filter can't be a {type(value).__name__}")


def _send(request: Request) -> Response:
    """Stream the export as the staff member who asked; the API decides again whether they may."""
    if request.method != "GET":  # the router lets HEAD in as well, which must not use the link up
        return PlainTextResponse("", 405, {"Allow": "GET"})
    try:
        export = make_export(request.path_params["ticket"])
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
