"""Serves the fake Orders API over real HTTP on loopback; what it answers is fake_api's."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.ui.fake_api import FakeApi


def caller_of(authorization: str) -> str:
    """Read the staff member's name from a bearer token, unchecked."""
    parts = authorization.removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return "?"
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    return str(claims.get("sub", "?"))


def _handler(api: FakeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: the second of two would wait for the first to be acknowledged

        def _serve(self) -> None:
            url = urlsplit(self.path)
            query = parse_qs(url.query)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            who = caller_of(self.headers.get("Authorization", ""))
            if url.path.startswith(("/v1/stats/", "/v1/staff/")) and self.command == "GET":
                api.counted.append((url.path, query))
            elif url.path.startswith("/v1/"):
                api.asked.append((self.command, url.path, query))
            if url.path.startswith("/v1/"):
                api.callers.append(who)
            key = self.headers.get("Idempotency-Key", "")
            status, answer = api.answer(self.command, url.path, query, body, key, who)
            if not status:  # the connection goes in the middle
                self.close_connection = True
                return
            payload = b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            kind = "application/json" if status < 400 else "application/problem+json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload)))
            self.send_header("X-Request-Id", "req-42")
            for name, value in api.headers.items():
                self.send_header(name, value)
            if status in (429, 503):
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running(api: FakeApi, port: int = 0) -> Iterator[FakeApi]:
    """Serve `api` on loopback; its address is then in `api.url`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(api))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    fake = FakeApi()
    fake.fill(400)
    with running(fake, 18990):
        threading.Event().wait()
