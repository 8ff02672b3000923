"""Every answer that is no success, and what of it the error tells and keeps to itself."""

from __future__ import annotations

import inspect
import json
import traceback
from collections.abc import Iterator

import httpx
import pytest

from lib import orders_client
from lib.orders_client import (
    ApiRejected,
    ApiTimeout,
    ApiUnreachable,
    OrdersClient,
    OrdersError,
    UnexpectedResponse,
)
from tests.client.fakes import (
    CALLS,
    DETAIL,
    GRANT,
    LINE_ITEM,
    LIST_ITEM,
    PAGE,
    FakeApi,
    Step,
    answer,
    problem,
)

CODES = {
    "UNAUTHENTICATED": (401, "Unauthenticated"),
    "FORBIDDEN": (403, "Forbidden"),
    "ORDER_NOT_FOUND": (404, "OrderNotFound"),
    "TRACKING_NOT_FOUND": (404, "TrackingNotFound"),
    "ORDER_EXISTS": (409, "OrderExists"),
    "INVALID_TRANSITION": (409, "InvalidTransition"),
    "ORDER_NOT_CANCELLABLE": (409, "OrderNotCancellable"),
    "IN_PROGRESS": (409, "InProgress"),
    "INVALID_CODE": (401, "InvalidCode"),
    "INVALID_ACCESS_TOKEN": (401, "InvalidAccessToken"),
    "VALIDATION_FAILED": (422, "ValidationFailed"),
    "RATE_LIMITED": (429, "RateLimited"),
    "UNAVAILABLE": (503, "Unavailable"),
}


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_class(code: str) -> None:
    status, name = CODES[code]
    api = FakeApi([problem(status, code, Retry_After="60")])
    with pytest.raises(OrdersError) as caught:
        api.client().orders.get("1")
    error = caught.value
    assert type(error) is getattr(orders_client, name)
    assert (error.code, error.status, error.request_id, error.retry_after) == (code, status, "req-1", 60.0)
    assert (getattr(orders_client, name)().code, getattr(orders_client, name)().status) == (code, status)


def test_every_class_of_the_tree_is_an_orders_error_and_has_a_code_of_the_contract() -> None:
    kinds = [
        kind for kind in vars(orders_client).values() if inspect.isclass(kind) and issubclass(kind, Exception)
    ]
    assert all(issubclass(kind, OrdersError) for kind in kinds)
    rejected = {kind.CODE for kind in kinds if issubclass(kind, ApiRejected)}
    assert rejected == set(CODES) | {""}
    assert issubclass(ApiTimeout, ApiUnreachable)


def test_an_unknown_code_is_a_plain_rejection() -> None:
    with pytest.raises(ApiRejected) as caught:
        FakeApi([problem(418, "TEAPOT")]).client().orders.get("1")
    assert type(caught.value) is ApiRejected
    assert (caught.value.code, caught.value.status) == ("TEAPOT", 418)


def test_further_members_are_read_and_odd_ones_left_out() -> None:
    members = {"currentStatus": "SHIPPED", "errors": [{"field": "limit", "message": "too big", "n": 1}, 7]}
    with pytest.raises(ApiRejected) as caught:
        FakeApi([problem(409, "ORDER_NOT_CANCELLABLE", members=members)]).client().orders.cancel("1")
    assert caught.value.current_status == "SHIPPED"
    assert caught.value.errors == ({"field": "limit", "message": "too big"},)
    assert (caught.value.title, caught.value.detail) == ("No", "Because.")
    odd = {"currentStatus": 3, "errors": "none", "title": None, "detail": []}
    with pytest.raises(ApiRejected) as caught:
        FakeApi([problem(409, "ORDER_NOT_CANCELLABLE", members=odd)]).client().orders.cancel("1")
    assert (caught.value.current_status, caught.value.errors, caught.value.title) == (None, (), "")


def test_the_request_id_is_the_headers_then_the_bodys_and_never_an_odd_one() -> None:
    for headers, body_id, expected in (
        ({"X-Request-Id": "head"}, "body", "head"),
        ({}, "body", "body"),
        ({"X-Request-Id": "<script>"}, "two words", None),
        ({"X-Request-Id": "x" * 200}, None, None),
    ):
        content = json.dumps({"code": "FORBIDDEN", "requestId": body_id}).encode()
        with pytest.raises(OrdersError) as caught:
            FakeApi([httpx.Response(403, headers=headers, content=content)]).client().orders.get("1")
        assert caught.value.request_id == expected


BODILESS = {"request_access_code", "end_guest_access", "add_note", "pin_note", "resend_confirmation"}
"""Calls that read nothing of a success."""


def _json(body: object, status: int = 200) -> httpx.Response:
    return answer(status, body)


def _without(body: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in body.items() if key != name}


def _raw(content: bytes, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"X-Request-Id": "req-1"} | headers, content=content)


ODD_ANSWERS: dict[str, Step] = {
    "a proxy's page": httpx.Response(200, html="<h1>SECRET</h1>", headers={"X-Request-Id": "req-1"}),
    "nothing": _raw(b""),
    "no content": _raw(b"", 204),
    "an error page for a success": httpx.Response(203, html="SECRET", headers={"X-Request-Id": "req-1"}),
    "a redirect": httpx.Response(302, headers={"Location": "http://SECRET/", "X-Request-Id": "req-1"}),
    "not modified": _raw(b"", 304),
    "another document": _json({"hello": "SECRET"}),
    "a list": _json([DETAIL]),
    "a text": _json("SECRET"),
    "null": answer(200, None),
    "half a document": _raw(json.dumps(DETAIL).encode()[:-40]),
    "invalid UTF-8": _raw(json.dumps(DETAIL).encode().replace(b"Lyon", b"Ly\xffon")),
    "UTF-16": _raw(json.dumps(DETAIL).encode("utf-16")),
    "bad gzip": lambda request: httpx.Response(
        200, headers={"Content-Encoding": "gzip", "X-Request-Id": "req-1"}, stream=httpx.ByteStream(b"SECRET")
    ),
    "deep nesting": _raw(b"[" * 100_000),
    "money as a number": _json(DETAIL | {"grandTotal": 129.9}),
    "money in words": _json(DETAIL | {"grandTotal": "SECRET"}),
    "money that is none": _json(DETAIL | {"grandTotal": "NaN"}),
    "a time without a zone": _json(DETAIL | {"createdAt": "2026-11-23T08:15:00"}),
    "a time as a number": _json(DETAIL | {"createdAt": 1700000000}),
    "a count as text": _json(DETAIL | {"itemCount": "2"}),
    "a flag as text": _json(DETAIL | {"taxIncluded": "yes"}),
    "no status": _json(_without(DETAIL, "status")),
    "an item without a name": _json(DETAIL | {"items": [_without(LINE_ITEM, "name")]}),
    "an error without a code": _json({"title": "SECRET", "status": 418}, 418),
    "an error with an odd code": _json({"code": "SECRET\nSECRET", "title": "SECRET"}, 418),
    "an error as text": _raw(b"SECRET", 402),
    "an informational status": _raw(b"", 100),
}


@pytest.mark.parametrize("odd", ODD_ANSWERS)
def test_an_answer_that_the_contract_does_not_know_is_unexpected(odd: str) -> None:
    api = FakeApi([ODD_ANSWERS[odd]])
    with pytest.raises(UnexpectedResponse) as caught:
        api.client().orders.get("1")
    error = caught.value
    assert (error.code, error.request_id) == (None, "req-1")
    assert error.status is not None
    assert len(api.requests) == 1, "a strange answer is no reason to ask again"
    assert "SECRET" not in "".join(traceback.format_exception(error))
    assert error.__context__ is None, "the library's own error may quote the answer"


@pytest.mark.parametrize("name", [name for name in CALLS if name != "export"])
def test_no_call_takes_a_captive_portal_for_success(name: str) -> None:
    with pytest.raises(UnexpectedResponse):
        CALLS[name](FakeApi([httpx.Response(200, html="<h1>Log in to the Wi-Fi</h1>")]).client())


def test_a_page_with_one_bad_order_is_unexpected_and_says_where() -> None:
    bad = PAGE | {"items": [LIST_ITEM, _without(LIST_ITEM, "createdAt")]}
    with pytest.raises(UnexpectedResponse, match=r"OrderPage: items\.1\.createdAt missing"):
        FakeApi([_json(bad)]).client().orders.list()


def test_an_endless_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.orders_client._requests.LARGEST_BODY", 10_000)
    read = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(100):
                read.append(1)
                yield b"x" * 1000

    with pytest.raises(UnexpectedResponse, match="too large"):
        FakeApi([lambda _: httpx.Response(200, stream=Endless())]).client().orders.get("1")
    assert len(read) == 11


def test_a_body_that_drips_past_the_timeout_is_a_timeout() -> None:
    class Dripping(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(100):
                api.time += 3.0
                yield b"x"

    api = FakeApi([lambda _: httpx.Response(200, stream=Dripping())])
    with pytest.raises(ApiTimeout):
        api.client(timeout=10.0).orders.get("1")
    assert api.time == 12.0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx.RemoteProtocolError("peer closed connection: SECRET"), UnexpectedResponse),
        (httpx.ReadError("reset"), ApiUnreachable),
        (httpx.ReadTimeout("late"), ApiTimeout),
    ],
)
def test_a_body_that_breaks_off_is_an_orders_error(
    fault: httpx.TransportError, kind: type[OrdersError]
) -> None:
    class Breaking(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"orderNumber":"SECRET'
            raise fault

    api = FakeApi([lambda _: httpx.Response(200, headers={"X-Request-Id": "req-1"}, stream=Breaking())])
    with pytest.raises(kind) as caught:
        api.client().orders.get("1")
    assert type(caught.value) is kind
    assert caught.value.request_id == "req-1"
    assert "SECRET" not in str(caught.value)
    assert len(api.requests) == (1 if kind is ApiTimeout else 3)


@pytest.mark.parametrize("name", CALLS)
def test_no_error_or_repr_ever_holds_a_secret(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for step in (
        httpx.ConnectError("refused"),
        httpx.LocalProtocolError("Illegal header value b'Bearer SECRET'"),
        httpx.RemoteProtocolError("illegal status line: bytearray(b'SECRET')"),
        httpx.ReadTimeout("late"),
        problem(
            403, "FORBIDDEN", members={"detail": "SECRET", "title": "SECRET", "errors": [{"field": "SECRET"}]}
        ),
        httpx.Response(200, html="SECRET"),
        _json(GRANT | {"expiresIn": "SECRET"}, 302 if name in BODILESS else 200),
    ):
        client = FakeApi([step]).client(token="SECRET-bearer", staff_user="sam")
        with pytest.raises(OrdersError) as caught:
            CALLS[name](client)
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(client)
        # the call's own arguments stand in this file's source lines, which a traceback shows
        told = "\n".join(
            line for line in told.splitlines() if "lambda" not in line and "client.orders" not in line
        )
        assert "SECRET" not in told
    assert "SECRET" not in caplog.text


def test_an_error_tells_the_request_id_that_was_sent_when_there_is_no_answer() -> None:
    api = FakeApi([httpx.ReadTimeout("late")])
    with pytest.raises(ApiTimeout) as caught:
        api.client().orders.get("1")
    assert caught.value.request_id == api.sent.headers["X-Request-Id"]
    with pytest.raises(ApiUnreachable) as refused:
        FakeApi([httpx.ConnectError("refused")]).client().orders.get("1")
    assert refused.value.request_id is None


def test_a_real_refused_connection_is_unreachable() -> None:
    with OrdersClient("http://127.0.0.1:1") as client, pytest.raises(ApiUnreachable):
        client.orders.get("1")
