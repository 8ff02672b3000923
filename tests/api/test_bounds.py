"""What a caller may send: how much, how long, how deep, how slowly; over real connections where needed."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lib.orders_api.http import middleware
from tests.api.serving import Served
from tests.api.shop import Shop
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.databases import Databases

DEEP = 200_000


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 16_000,
        b'{"a":' * 3_000,
        b"[" * 8_000 + b"]" * 8_000,
        b'{"orderNumber":' + b"9" * 16_000 + b"}",
        b'{"orderNumber":1e999999999}',
        b'{"orderNumber":NaN,"email":Infinity}',
        b'"\\ud800"',
        b"\xff\xfe",
        b"\x00",
    ],
)
def test_a_bomb_of_json_is_refused_like_any_other_bad_body(shop: Shop, raw: bytes) -> None:
    for path in ("/v1/guest/access-codes", "/v1/guest/access-codes/verify", "/v1/orders"):
        answer = shop.call("POST", path, raw=raw, token=None if "guest" in path else shop.staff())
        assert (answer.status, answer.code) == (422, "VALIDATION_FAILED"), (path, answer.content)


@pytest.mark.any_engine
def test_a_deep_body_costs_no_more_than_a_flat_one(shop: Shop) -> None:
    answer = shop.call("POST", "/v1/orders", raw=b"[" * DEEP, token=shop.staff())
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")


@pytest.mark.any_engine
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(shop: Shop) -> None:
    for path, size, status in (
        ("/v1/guest/access-codes", 16_385, 413),
        ("/v1/orders", 16_385, 422),
        ("/v1/orders/X/notes", 1_000_001, 413),
        ("/v1/orders", 8_000_001, 413),
        ("/v1/orders", 10**30, 413),
    ):
        answer = shop.call(
            "POST", path, raw=[b"{"], token=None if "guest" in path else shop.staff(),
            headers={"content-length": str(size)},
        )  # fmt: skip
        assert answer.status == status, (path, size)


@pytest.mark.any_engine
def test_a_slow_body_is_turned_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.05)
    sent: list[dict[str, object]] = []

    async def never() -> Any:
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": "/v1/guest/access-codes", "raw_path": b"/v1/guest/access-codes", "query_string": b"",
        "headers": [], "client": ("192.0.2.1", 1), "server": ("testserver", 80), "scheme": "http",
        "root_path": "",
    }  # fmt: skip
    asyncio.run(shop.app(scope, never, send))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "REQUEST_TIMEOUT"  # type: ignore[arg-type]  # bytes


@pytest.fixture(scope="module")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server on SQLite, with two processes."""
    url = databases.fresh("sqlite")
    folder = tmp_path_factory.mktemp("served")
    with Served(folder, "--workers", "2", database_url=url, jwt_secret=JWT_SECRET, code_key=CODE_KEY) as api:
        yield api


def exchange(served: Served, sent: bytes) -> bytes:
    """Send bytes, and return all that comes until the server hangs up."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        parts = []
        with suppress(OSError):
            connection.sendall(sent)
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)


def test_what_is_not_http_gets_problem_details(served: Served) -> None:
    head, _, body = exchange(served, b"SSH-2.0-x\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert b"no-store" in head
    assert json.loads(body)["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("path", ["/v1/guest/access-codes", "/healthz"])
def test_a_request_that_gives_its_length_in_two_ways_is_refused(served: Served, path: str) -> None:
    hidden = b"0\r\n\r\nGET /readyz HTTP/1.1\r\nhost: x\r\n\r\n"
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(hidden)}\r\n".encode()
    answer = exchange(served, head + b"transfer-encoding: chunked\r\n\r\n" + hidden)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_flood_of_headers_is_turned_away(served: Served) -> None:
    flood = b"".join(b"x-flood-%d: %s\r\n" % (turn, b"x" * 100) for turn in range(5000))
    answer = exchange(served, b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + flood)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert served.is_ready()


def test_metrics_are_those_of_all_processes(served: Served) -> None:
    import urllib.request

    def count() -> float:
        with urllib.request.urlopen(f"{served.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        wanted = 'orders_request_duration_seconds_count{method="GET",route="/healthz",status="200"}'
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(wanted))

    before = count()
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            while connection.recv(65536):
                pass
    deadline = time.monotonic() + 10
    while count() < before + 20:
        assert time.monotonic() < deadline
    assert {count() for _ in range(10)} == {before + 20}


@pytest.mark.any_engine
def test_metrics_name_routes_and_nothing_of_the_caller(shop: Shop) -> None:
    order = shop.create()
    shop.call("GET", f"/v1/track/{order['trackingToken']}")
    shop.call("GET", "/marked-nowhere")
    shop.call("MARKED", "/v1/orders")
    for _ in range(61):
        shop.call("GET", "/v1/track/nope")
    answer = shop.call("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    text = answer.content.decode()
    for line in (
        'orders_request_duration_seconds_count{method="GET",route="/v1/track/{token:text}",status="200"} ',
        'orders_request_duration_seconds_count{method="GET",route="none",status="404"} ',
        'orders_throttled_total{route="/v1/track/{token:text}"} ',
        "orders_outbox_waiting ",
        "orders_outbox_oldest_seconds ",
        "orders_store_up 1.0",
    ):
        assert f"\n{line}" in text, line
    for secret in (order["trackingToken"], order["orderNumber"], "marked", "MARKED", "192.0.2"):
        assert secret not in text


def test_metrics_do_not_tell_a_stranger_that_a_code_was_issued(own_shop: Shop) -> None:
    def outbox() -> list[bytes]:
        lines = own_shop.call("GET", "/metrics").content.splitlines()
        return [line for line in lines if line.startswith(b"orders_outbox")]

    number = own_shop.create()["orderNumber"]
    before = outbox()
    assert b"orders_outbox_waiting 1.0" in before
    own_shop.new_code(number)
    assert outbox() == before


def test_metrics_are_told_even_without_a_store(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own_shop.sql("ALTER TABLE outbox RENAME TO elsewhere")
    answer = own_shop.call("GET", "/metrics")
    assert answer.status == 200
    assert b"orders_store_up 0.0" in answer.content
