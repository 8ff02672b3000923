"""Refuses what is closed, whom another name than the desk's led here, and the pages of other sites."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.callers import is_address

CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
"""Streamlit's figures about its users, its API that drives the app, and uploads, which no page takes."""
NOT_OUR_NAME = (
    "Order Desk does not go by this name. Whoever runs it can add the name to ORDERS_DASHBOARD_HOSTS.\n"
)


class ClosedDoors:
    """Lets through what a browser that shows the desk itself may ask for."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """Answer under `names`, under `localhost` and under any address."""
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        ours = is_our_name(headers.get("host", ""), self._names)
        if scope["type"] == "websocket":
            if not ours or not _is_same_site(headers):
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._app(scope, receive, send)
            return
        app = self._app
        if not ours:
            app = PlainTextResponse(NOT_OUR_NAME, 421)
        elif any(path in scope["path"] for path in CLOSED_PATHS):
            app = PlainTextResponse("Not Found", 404)
        await app(scope, receive, send)


def is_our_name(host: str, names: Collection[str]) -> bool:
    """Return whether a Host header names this desk.

    An address always does: a site that has its own name lead to this machine (DNS rebinding) still has the
    browser send that name.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name == "localhost" or name in names or is_address(name)


def _is_same_site(headers: Headers) -> bool:
    """Return whether the page that opens a websocket is the desk's own; programs that don't say are not."""
    origin = urlsplit(headers.get("origin", "")).netloc
    return bool(origin) and origin.lower() == headers.get("host", "").lower()
