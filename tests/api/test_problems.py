"""What goes wrong is said as problem details, whoever notices it, never with what was sent (section 2)."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest

from lib.orders_api.orders import service
from tests.api.asgi import Answer
from tests.api.shop import Shop, order_body

pytestmark = pytest.mark.any_engine  # how HTTP is spoken

MEMBERS = {"type", "title", "status", "detail", "code", "requestId"}


def problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is the contract's problem document, and return it."""
    assert answer.status == status, answer.content
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json
    assert set(body) >= MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["requestId"] == answer.headers["x-request-id"]
    assert all(isinstance(body[name], str) and body[name] for name in MEMBERS - {"status"})
    return body


@pytest.mark.parametrize(
    ("method", "target", "status", "code"),
    [
        ("GET", "/", 404, "NOT_FOUND"),
        ("GET", "/v1/SECRET", 404, "NOT_FOUND"),
        ("GET", "/docs", 404, "NOT_FOUND"),
        ("GET", "/v1/demo/mailbox", 404, "NOT_FOUND"),
        ("GET", "/v1/orders/T-NONE", 404, "ORDER_NOT_FOUND"),
        ("GET", "/v1/track/SECRET", 404, "TRACKING_NOT_FOUND"),
        ("DELETE", "/v1/orders", 405, "METHOD_NOT_ALLOWED"),
        ("PATCH", "/v1/orders/SECRET", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/guest/access-codes", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/healthz", 405, "METHOD_NOT_ALLOWED"),
        ("SECRETMETHOD", "/v1/orders", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/orders?q=" + "x" * 5000, 414, "URI_TOO_LONG"),
        ("GET", "/v1/track/" + "x" * 5000, 414, "URI_TOO_LONG"),
        ("GET", "/v1/orders?limit=SECRET", 422, "VALIDATION_FAILED"),
    ],
)
def test_every_refusal_is_a_problem_document(
    shop: Shop, method: str, target: str, status: int, code: str
) -> None:
    answer = shop.call(method, target, token=shop.staff())
    problem(answer, status, code)
    assert b"SECRET" not in answer.content
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/v1/orders", "GET, POST"),
        ("/v1/orders/T-1", "GET"),
        ("/v1/orders/T-1/cancel", "POST"),
        ("/v1/guest/order", "DELETE, GET"),
        ("/v1/guest/access-codes", "POST"),
        ("/healthz", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "BREW"])
def test_a_refused_method_is_told_all_that_are_allowed(
    shop: Shop, target: str, allowed: str, method: str
) -> None:
    answer = shop.call(method, target)
    assert (answer.status, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("target", "limit"),
    [
        ("/v1/guest/access-codes", 16_384),
        ("/v1/guest/access-codes/verify", 16_384),
        ("/v1/orders", 8_000_000),
        ("/v1/orders/T-1/cancel", 1_000_000),
    ],
)
def test_a_body_over_the_limit_is_turned_away_whole_or_in_parts(shop: Shop, target: str, limit: int) -> None:
    before = shop.count("orders")
    too_much: list[Any] = [b" " * (limit + 1), [b" " * (limit // 2)] * 3]
    for raw in too_much:
        problem(shop.post(target, raw=raw), 413, "PAYLOAD_TOO_LARGE")
    assert shop.post(target, raw=b" " * limit).status != 413
    assert shop.count("orders") == before


BAD_BODIES = {
    "nothing": b"",
    "not JSON": b"SECRET",
    "half": b'{"email": "SECRET',
    "two": b"{} {}",
    "NaN": b"NaN",
    "invalid UTF-8": b'{"email": "\xff\xfeSECRET"}',
    "UTF-16": '{"email": "SECRET"}'.encode("utf-16"),
    "NUL": b"\x00",
    "deep list": b"[" * 100_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "endless number": b'{"items": ' + b"9" * 10_000 + b"}",
    "huge exponent": b'{"items": 1e999999}',
    "lone surrogate": b'{"email": "\\ud800"}',
    "surrogate key": b'{"\\ud800SECRET": 1}',
    "list": b"[]",
    "text": b'"SECRET"',
}


@pytest.mark.parametrize("kind", list(BAD_BODIES))
@pytest.mark.parametrize(
    "target",
    ["/v1/orders", "/v1/orders/T-1/status", "/v1/guest/access-codes", "/v1/guest/access-codes/verify"],
)
def test_a_body_that_cant_be_read_is_refused_without_an_echo(shop: Shop, target: str, kind: str) -> None:
    raw = BAD_BODIES[kind]
    if "guest" in target:
        raw = raw[:16_384]
    answer = shop.post(target, raw=raw)
    assert problem(answer, 422, "VALIDATION_FAILED")["errors"]
    assert b"SECRET" not in answer.content


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", "", "x"])
def test_a_body_of_another_kind_is_no_order(shop: Shop, content_type: str) -> None:
    before = shop.count("orders")
    raw = json.dumps(order_body()).encode()
    answer = shop.post("/v1/orders", raw=raw, headers={"content-type": content_type})
    assert answer.status in (415, 422)
    assert shop.count("orders") == before


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/orders/{n}"),
        ("GET", "/v1/orders/{n}/timeline"),
        ("POST", "/v1/orders"),
        ("POST", "/v1/orders/{n}/cancel"),
        ("POST", "/v1/orders/{n}/status"),
        ("POST", "/v1/guest/access-codes"),
        ("POST", "/v1/guest/access-codes/verify"),
        ("GET", "/v1/guest/order"),
        ("DELETE", "/v1/guest/order"),
        ("GET", "/v1/track/{t}"),
    ],
)
def test_an_unknown_query_parameter_is_refused_on_every_call(shop: Shop, method: str, target: str) -> None:
    order = shop.create()
    path = target.format(n=order["orderNumber"], t=order["trackingToken"])
    body = {"POST": {"status": "CONFIRMED"} if target.endswith("status") else {}}.get(method)
    answer = shop.call(method, f"{path}?verbose=SECRET&123456=1", body, shop.staff())
    errors = problem(answer, 422, "VALIDATION_FAILED")["errors"]
    assert errors
    if body is None or target.endswith(("cancel", "status")):
        assert [error["field"] for error in errors] == ["verbose", "unknown"]
    assert b"SECRET" not in answer.content
    assert b"123456" not in answer.content
    assert shop.order(order["orderNumber"])["status"] == "PENDING"


def test_an_order_number_with_a_slash_is_not_found_by_any_call(shop: Shop) -> None:
    for method, act in (("GET", ""), ("GET", "/timeline"), ("POST", "/cancel"), ("POST", "/status")):
        body = {"status": "CONFIRMED"} if act == "/status" else None
        answer = shop.call(method, f"/v1/orders/a%2Fb%0A{act}", body, shop.staff())
        problem(answer, 404, "ORDER_NOT_FOUND")


def test_a_failure_of_our_own_says_nothing_of_itself(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SECRET jane.doe@example.com")

    monkeypatch.setattr(service, "list_orders", broken)
    with caplog.at_level(logging.INFO):
        answer = shop.get("/v1/orders?q=SECRET")
    body = problem(answer, 500, "INTERNAL_ERROR")
    assert b"SECRET" not in answer.content
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "SECRET" not in logged
    failure = next(json.loads(line) for line in logged.splitlines() if '"failure"' in line)
    assert failure["requestId"] == body["requestId"]
    assert failure["error"] == "RuntimeError"


@pytest.mark.parametrize(
    "given", ["abcd1234", "3f2a-77.b_C", "x" * 64, "3f2a7700-5d1c-4a58-9c0e-8b6f4e2d1a90"]
)
def test_a_sane_request_id_is_kept(shop: Shop, given: str) -> None:
    for target in ("/v1/orders", "/v1/orders/T-NONE", "/healthz", "/nowhere"):
        answer = shop.get(target, headers={"x-request-id": given})
        assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "<script>alert", "naïve-id-1", "a" * 9 + "\n"]
)
def test_another_request_id_is_replaced_by_one_of_our_own(shop: Shop, given: str) -> None:
    answers = [shop.get("/v1/orders", headers={"x-request-id": given}) for _ in range(2)]
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 2
    assert given not in ids
    assert all(uuid.UUID(each) for each in ids)


def test_every_answer_is_kept_by_nobody(shop: Shop) -> None:
    for target in ("/v1/orders", "/v1/orders/T-NONE", "/nowhere", "/v1/orders?limit=0"):
        headers = shop.get(target).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_request_leaves_one_line_without_what_was_sent(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "orders_api"):
        shop.get("/v1/orders/SECRET-number?SECRET=1")
        shop.call("GET", "/v1/track/SECRET-token")
        shop.verify("SECRET-number", "SECRET", "SECRET@example.com")
    lines = [
        json.loads(record.getMessage()) for record in caplog.records if record.name == "orders_api.requests"
    ]
    assert [(line["method"], line["status"]) for line in lines] == [("GET", 422), ("GET", 404), ("POST", 401)]
    assert "SECRET" not in caplog.text
