"""Speaks HTTP for uvicorn within bounds: the slow and the long are turned away; it knows no call."""

from __future__ import annotations

import asyncio
import uuid
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from lib.orders_api.http.middleware import SECURITY_HEADERS
from lib.orders_api.http.problems import MEDIA_TYPE, plain_problem

HEAD_SECONDS = 15.0
"""How long a caller may take to send a request's line and headers."""
MAX_HEAD_BYTES = 32_768


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol, with an end to waiting for a request's head, and problem details for a bad one."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as above it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; from the first byte of a request on, its head has so long to come whole."""
        if self._is_between_requests:
            self._wait_for_head()
        super().data_received(data)
        if not self._is_between_requests:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, or too long, as every error is answered."""
        request_id = str(uuid.uuid4())
        answer = plain_problem(HTTPStatus.BAD_REQUEST, request_id)
        headers = {
            **SECURITY_HEADERS,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(answer.body)),
            "X-Request-Id": request_id,
            "Connection": "close",
        }
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    @property
    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.close()
