"""Lets through which messages of a browser the pages need, and bounds them; what they say is Streamlit's.

docs/security.md goes through all messages of Streamlit's protocol.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.datastructures import Address
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.visitors import HEADER, VISITORS, Visit, Visitors

NEEDED = frozenset({"rerun_script", "stop_script"})
"""What a page cannot do without. All others do nothing: they empty caches that everybody shares, make places
for files, write files, or are for those who develop with Streamlit."""
MOST_BYTES = 1_000_000
MOST_STRANGERS_BYTES = 32_768
"""The sign-in's fields and the browser's own description are all that a stranger has to send."""

_POLICY_VIOLATION, _TOO_BIG, _NOT_UNDERSTOOD, _TRY_LATER = 1008, 1009, 1003, 1013


class BrowserMessages:
    """Stands between each websocket and Streamlit."""

    def __init__(self, app: ASGIApp, visitors: Visitors = VISITORS) -> None:
        self._app = app
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        visit = self._visitors.come(Address(*client).host if client else "")
        if visit is None:
            await send({"type": "websocket.close", "code": _TRY_LATER})
            return
        conversation = _Conversation(visit, receive, send)
        try:
            await self._app(_named(scope, visit), conversation.receive, conversation.send)
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
        """Give the browser's next message that may pass; one that breaks the rules ends the connection."""
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
            if kind in NEEDED:
                return message

    async def _show_out(self, code: int) -> Message:
        self._is_over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _kind_of(data: bytes) -> str | None:
    """Give a message's kind, empty where it says none; None for what is no message."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    return message.WhichOneof("type") or ""


def _named(scope: Scope, visit: Visit) -> Scope:
    """Give the handshake with the header by which the page knows its websocket, and no other of that name."""
    name = HEADER.lower().encode()
    others = [header for header in scope["headers"] if header[0].lower() != name]
    return {**scope, "headers": [*others, (name, visit.key.encode())]}
