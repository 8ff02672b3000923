"""Answers what is not HTTP as every error of the API is answered; it knows no call."""

from __future__ import annotations

import uuid
from http import HTTPStatus

import h11

from lib.bounded_protocol import BoundedProtocol
from lib.orders_api.http.middleware import SECURITY_HEADERS
from lib.orders_api.http.problems import MEDIA_TYPE, plain_problem


class ApiProtocol(BoundedProtocol):
    """The bounded protocol, with problem details for a bad request."""

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
