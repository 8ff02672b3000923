"""Lets through which messages of a browser the pages need, and bounds them; what they say is Streamlit's.

docs/security.md goes through all messages of Streamlit's protocol.
"""

from collections.abc import Callable, Mapping
from uuid import uuid4

from google.protobuf.message import DecodeError
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.visitors import HEADER, VISITORS, Visit, Visitors

STRANGERS_MAY = frozenset({"rerun_script", "stop_script"})
STAFF_MAY = STRANGERS_MAY | {"deferred_file"}
"""What a page can't do without; the last is for a download button whose file is made on the click.

All others do nothing: they empty caches that everybody shares, make places for files, write files, or are for
those who develop with Streamlit.
"""
MOST_BYTES = 1_000_000
MOST_STRANGERS_BYTES = 32_768
"""The sign-in's fields and the browser's own description are all that a stranger has to send."""

OwnerOf = Callable[[Mapping[str, str]], str | None]
"""Says of a browser's cookies whose they are, None if nobody's."""

_TOO_BIG, _NOT_UNDERSTOOD, _TRY_LATER = 1009, 1003, 1013
_TAB = 2
"""The place among the subprotocols where Streamlit's browser names the tab that it wants to have back."""


class BrowserMessages:
    """Stands between each websocket and Streamlit."""

    def __init__(self, app: ASGIApp, owner_of: OwnerOf, visitors: Visitors = VISITORS) -> None:
        self._app = app
        self._owner_of = owner_of
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        handshake = HTTPConnection(scope)
        visit = self._visitors.come(handshake.client.host if handshake.client else "")
        if visit is None:
            await send({"type": "websocket.close", "code": _TRY_LATER})
            return
        owner = self._owner_of(handshake.cookies)
        protocols = [
            each
            for place, each in enumerate(handshake.headers.get("sec-websocket-protocol", "").split(","))
            if place != _TAB or self._visitors.may_have_back(each.strip(), owner)
        ]
        changed = {HEADER: visit.key, "sec-websocket-protocol": ",".join(protocols)}
        conversation = _Conversation(visit, receive, send)
        try:
            await self._app(_with_headers(scope, changed), conversation.receive, conversation.send)
        finally:
            self._visitors.go(visit)


class _Conversation:
    """What a browser and Streamlit get to see of each other's messages."""

    def __init__(self, visit: Visit, receive: Receive, send: Send) -> None:
        self._visit = visit
        self._receive = receive
        self._send = send
        self._is_over = False

    async def send(self, message: Message) -> None:
        """Pass on what Streamlit says, but not to a browser that was shown out."""
        if not self._is_over:
            await self._send(message)

    async def receive(self) -> Message:
        """Return the browser's next message that may pass; one that breaks the rules ends the connection."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            if not data or len(data) > (MOST_STRANGERS_BYTES if self._visit.is_strangers else MOST_BYTES):
                return await self._show_out(_TOO_BIG if data else _NOT_UNDERSTOOD)
            kind = _kind_of(data)
            if kind is None:
                return await self._show_out(_NOT_UNDERSTOOD)
            if kind in (STRANGERS_MAY if self._visit.is_strangers else STAFF_MAY):
                self._visit.click = uuid4().hex
                return message

    async def _show_out(self, code: int) -> Message:
        self._is_over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _kind_of(data: bytes) -> str | None:
    """Return a message's kind, an operation's own name, empty where it says none; None for no message."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    kind = message.WhichOneof("type") or ""
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") or ""
    return kind


def _with_headers(scope: Scope, changed: Mapping[str, str]) -> Scope:
    """Return the handshake with these headers in place of all others of their names, without the empty."""
    names = {name.lower().encode() for name in changed}
    kept = [header for header in scope["headers"] if header[0].lower() not in names]
    new = [(name.lower().encode(), value.encode("latin-1")) for name, value in changed.items() if value]
    return {**scope, "headers": [*kept, *new]}
