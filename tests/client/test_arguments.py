"""Arguments: what only the server can judge is sent to it, what no server could answer is refused here."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from lib.orders_client import InvalidAccessToken, OrderNotFound, OrdersClient, TrackingNotFound
from tests.client.fakes import DETAIL, PAGE, FakeApi, answer


def test_what_only_the_server_can_judge_is_sent_to_it() -> None:
    api = FakeApi([answer(200, PAGE)])
    api.client().orders.list(page=-1, limit=0, status="NO_SUCH", sort="x")
    assert api.sent.url.query == b"page=-1&limit=0&status=NO_SUCH&sort=x"


@pytest.mark.parametrize(
    ("filters", "error", "said"),
    [
        ({"created_from": datetime(2026, 1, 1)}, ValueError, "created_from must have a time zone"),
        ({"created_to": "2026-01-01"}, ValueError, "created_to must be a date, or a datetime"),
        ({"min_total": Decimal("NaN")}, ValueError, "min_total must be a finite number"),
        ({"q": "\ud800"}, ValueError, "q holds half a character"),
        ({"q": "x" * 70_000}, ValueError, "too long"),
        ({"statuses": "PENDING"}, TypeError, "statuses"),
        ({"min_total": 1.5}, TypeError, "min_total"),
    ],
)
def test_what_no_server_could_answer_is_refused(
    filters: dict[str, Any], error: type[Exception], said: str
) -> None:
    api = FakeApi([answer(200, PAGE)])
    with pytest.raises(error, match=said):
        api.client().orders.list(**filters)
    assert api.requests == []


@pytest.mark.parametrize("bad", ["", "two words", "line\nbreak", "ümlaut", "x" * 9000])
def test_a_token_that_no_header_can_carry_is_refused_and_not_told(bad: str) -> None:
    api = FakeApi([answer(200, PAGE)])
    for make in (lambda: api.client(token=bad), lambda: api.client(token=lambda: bad).orders.list()):
        with pytest.raises(ValueError, match="the token is empty or holds") as caught:
            make()
        assert not bad or bad not in str(caught.value)
    with pytest.raises(InvalidAccessToken):
        api.client().orders.get_by_access_token(bad)
    with pytest.raises(InvalidAccessToken):
        api.client().orders.end_guest_access(bad)
    assert api.requests == []


@pytest.mark.parametrize("bad", ["", "a/../b", "../secret", "./", "\ud800", "x" * 2000])
def test_what_no_path_can_carry_is_not_found_and_not_sent(bad: str) -> None:
    api = FakeApi([answer(200, DETAIL)])
    for call in (api.client().orders.get, api.client().orders.cancel, api.client().orders.timeline):
        with pytest.raises(OrderNotFound):
            call(bad)
    for token in (bad, "a/b"):
        with pytest.raises(TrackingNotFound):
            api.client().orders.track(token)
    assert api.requests == []


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é"])
def test_an_odd_idempotency_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="idempotency_key"):
        FakeApi([answer(200, DETAIL)]).client().orders.cancel("1", idempotency_key=key)


@pytest.mark.parametrize(
    "bad",
    ["", "shop.example", "ftp://x", "http://", "http://u:SECRET@x", "http://x/?k=SECRET", "http://x/#SECRET", "http://x:SECRET"],
)  # fmt: skip
def test_a_bad_base_url_is_refused_and_not_told(bad: str) -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        OrdersClient(bad)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("bad", [0, -1, float("inf"), float("nan")])
def test_a_bad_timeout_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        OrdersClient("http://x.test", timeout=bad)
