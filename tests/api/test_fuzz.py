"""Malformed requests of every kind, 10,000 under `--long`: none is answered by a 5xx, or by no problem."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.shop import Shop, order_body

SOME, ALL = 600, 10_000
NASTY = (
    "",
    " ",
    "\u0000",
    "\u0000\uffff",
    "\r\nSet-Cookie: x=1",
    "\ud7ff\ue000",
    "\u202eabc",
    "１２３４５６",
    "𝟙𝟚𝟛𝟜𝟝𝟞",
    "x" * 5000,
    "/" * 70,
    "../../etc/passwd",
    "%00",
    "%2f%2e",
    "' OR 1=1 --",
    "{{7*7}}",
    "<script>",
    "-1",
    "1e400",
    "NaN",
    "null",
    "9" * 400,
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "=?utf-8?q?x?=@y.z",
    "ß" * 64,
    "ﬃ",
)
VALUES: tuple[Any, ...] = (
    *NASTY,
    None,
    True,
    False,
    0,
    -1,
    2**63,
    -(2**63),
    10**400,
    1.5,
    [],
    {},
    [[]],
    [None] * 300,
    {"a": {"b": []}},
)
RAW = (
    b"",
    b"{",
    b"[" * 2000,
    b"\xff\xfe",
    b"\x00",
    b'"\\ud800"',
    b"{}" * 9,
    b'{"a":1,"a":2}',
    b"nul",
    b"1" * 5000,
)
HEADERS = (
    ("authorization", "Bearer "),
    ("authorization", "Bearer x.y.z"),
    ("authorization", "Bearer " + "\xff" * 50),
    ("authorization", "Basic eDp5"),
    ("authorization", "\x7f"),
    ("idempotency-key", ""),
    ("idempotency-key", "\xff" * 300),
    ("content-type", "text/plain"),
    ("content-type", "\xff"),
    ("content-type", "application/json; charset=utf-16"),
    ("content-length", "-1"),
    ("content-length", "x"),
    ("x-request-id", "\x01" * 8),
    ("x-forwarded-for", "not an address"),
    ("accept", "text/html"),
    ("range", "bytes=0-"),
    ("x-staff-user", "\xff"),
    ("origin", "null"),
    ("expect", "100-continue"),
    ("transfer-encoding", "chunked"),
)
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")


def request(rng: random.Random, paths: dict[str, Any], tokens: list[str | None]) -> dict[str, Any]:
    """Make one request that is wrong somewhere, or everywhere."""
    path = rng.choice(sorted(paths))
    method = rng.choice([*[name.upper() for name in paths[path]] * 8, *METHODS])
    while "{" in path:
        head, _, rest = path.partition("{")
        value = rng.choice((*NASTY, "FUZZ-1", "FUZZ-1"))
        path = (
            head
            + quote(value, safe="" if rng.random() < 0.8 else "/", errors="surrogatepass")
            + rest.partition("}")[2]
        )
    if rng.random() < 0.4:
        names = ("status", "limit", "page", "q", "sort", "createdFrom", "minTotal", "timeZone", "x", "order")
        pairs = [f"{rng.choice(names)}={quote(rng.choice(NASTY))}" for _ in range(rng.randrange(1, 4))]
        path += "?" + "&".join(pairs)
    headers = dict(rng.sample(HEADERS, rng.randrange(3))) if rng.random() < 0.5 else {}
    return {
        "method": method,
        "target": path,
        "headers": headers,
        "token": None if "authorization" in headers else rng.choice(tokens),
        "raw": body(rng),
        "client": f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}",
    }


def body(rng: random.Random) -> bytes:
    """Make a body: rubbish, or a good one with something wrong in it."""
    if rng.random() < 0.25:
        return rng.choice(RAW)
    good: dict[str, Any] = rng.choice(
        (
            order_body(orderNumber=None),
            {"orderNumber": "FUZZ-1", "email": "a@example.com", "code": "000000"},
            {"status": "CONFIRMED", "note": "x"},
            {"reason": "OTHER", "note": "x", "notify": True},
            {"text": "x"},
        )
    )
    for _ in range(rng.randrange(3)):
        good[rng.choice([*good, "more"])] = rng.choice(VALUES)
    if "items" in good and rng.random() < 0.5 and isinstance(good["items"], list):
        good["items"] = [
            {"sku": rng.choice(VALUES), "name": "x", "quantity": rng.choice(VALUES), "unitPrice": "1"}
        ]
    raw = json.dumps(good).encode()
    return raw[: rng.randrange(len(raw))] if rng.random() < 0.15 else raw


def test_no_malformed_request_is_answered_by_a_server_error(own_shop: Shop, request_count: int) -> None:
    rng = random.Random(20261124)
    own_shop.create(orderNumber="FUZZ-1")
    paths = own_shop.call("GET", "/openapi.json").json["paths"] | {
        "/track/{token}": {"get": {}},
        "/nowhere": {},
    }
    tokens = [own_shop.staff(), own_shop.staff("support"), own_shop.customer(), None, None]
    answered = 0
    for turn in range(request_count):
        sent = request(rng, paths, tokens)
        answer = own_shop.call(**sent)
        assert 200 <= answer.status < 500, (turn, sent, answer.content)
        is_page = sent["target"].startswith("/track/")
        if answer.status >= 400 and sent["method"] != "HEAD" and not is_page:
            assert answer.headers["content-type"] == "application/problem+json", (turn, sent)
            assert answer.json["code"], (turn, sent)
        answered += answer.status < 400
    assert 0 < answered < request_count


@pytest.fixture
def request_count(request: pytest.FixtureRequest) -> int:
    """How many are sent: some in continuous integration, all under `--long`."""
    return ALL if request.config.getoption("--long") else SOME
