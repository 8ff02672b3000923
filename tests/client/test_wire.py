"""A real server on a free port of loopback: paths on the wire, broken connections, many threads."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn

from lib.orders_client import (
    ApiTimeout,
    ApiUnreachable,
    OrdersClient,
    OrdersError,
    Retries,
    SharedTransport,
    UnexpectedResponse,
)
from tests.client.fakes import DETAIL

HOSTILE = [
    "ORD-2026-0042", "#1001", "a b", " a ", "50%", "%2F", "%2E%2E", "x?y=z", "Ø-ß-日本-🎁", ".", "..", "...",
    "a;b=c&d+e", '"<>`{}|\\^~[]@:!$\'()*,', "\u00e9", "e\u0301",
]  # fmt: skip


@contextmanager
def plain_server(handle: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve every request by `handle`, and return the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            handle(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            handle(self)

        def log_message(self, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, length: int | None = None) -> None:
    """Answer with a body, whose length may be a lie."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.send_header("X-Request-Id", "req-1")
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def uvicorn_server() -> Iterator[str]:
    """Run an ASGI app under uvicorn that gives back the path it was asked for as the order's number."""

    async def echo(scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # ASGI's own untyped callables
        if scope["type"] != "http":
            return
        number = scope["path"].removeprefix("/v1/orders/")
        body = json.dumps(DETAIL | {"orderNumber": number}).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(echo, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_every_order_number_arrives_as_it_was_given() -> None:
    with uvicorn_server() as address, OrdersClient(address) as client:
        assert [client.orders.get(number).order_number for number in HOSTILE] == HOSTILE


def test_a_path_on_the_wire_is_percent_encoded_and_has_one_segment_for_the_number() -> None:
    seen: list[str] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        say(handler, json.dumps(DETAIL).encode())

    with plain_server(note) as address, OrdersClient(address + "/shop") as client:
        for number in HOSTILE:
            client.orders.cancel(number)
    assert all(path.count("/") == 5 and path.isascii() and "?" not in path for path in seen)
    assert seen[1] == "/shop/v1/orders/%231001/cancel"
    assert seen[9:11] == ["/shop/v1/orders/%2E/cancel", "/shop/v1/orders/%2E%2E/cancel"]


def test_a_truncated_body_is_unexpected() -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        say(handler, b'{"orderNumber":', length=999)
        close(handler)

    with plain_server(break_off) as address:
        with OrdersClient(address) as client, pytest.raises(UnexpectedResponse, match="broke off") as caught:
            client.orders.get("1")
        assert (caught.value.status, caught.value.request_id) == (200, "req-1")


def test_an_answer_that_never_comes_is_a_timeout_in_time() -> None:
    over = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        over.wait(30)

    with plain_server(wait) as address:
        started = time.monotonic()
        with OrdersClient(address, timeout=0.3) as client, pytest.raises(ApiTimeout):
            client.orders.get("1")
        took = time.monotonic() - started
        over.set()
    assert 0.3 <= took < 10


def close(handler: BaseHTTPRequestHandler) -> None:
    """Hang up."""
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def test_a_server_that_hangs_up_is_unreachable_after_three_tries_for_a_get_and_one_for_a_code() -> None:
    seen: list[str] = []

    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.command)
        close(handler)

    with plain_server(hang_up) as address, OrdersClient(address, retries=Retries(first_wait=0.001)) as client:
        for call in (lambda: client.orders.get("1"), lambda: client.orders.request_access_code("1", "e")):
            with pytest.raises(ApiUnreachable):
                call()
    assert seen == ["GET", "GET", "GET", "POST"]


def test_threads_share_one_client_and_one_pool() -> None:
    with uvicorn_server() as address:
        pool = SharedTransport()
        client = OrdersClient(address, transport=pool)
        numbers = [f"ORD-{index}" for index in range(200)]
        with ThreadPoolExecutor(16) as threads:
            found = list(threads.map(lambda number: client.orders.get(number).order_number, numbers))
        pool.close()
    assert found == numbers


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with uvicorn_server() as address, OrdersClient(address) as client:
        assert client.orders.get("1").order_number == "1"


def test_a_redirect_is_not_followed() -> None:
    seen: list[str] = []

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        handler.send_response(307)
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with (
        plain_server(redirect) as address,
        OrdersClient(address, token="t") as client,
        pytest.raises(OrdersError),
    ):
        client.orders.get("1")
    assert seen == ["/v1/orders/1"]
