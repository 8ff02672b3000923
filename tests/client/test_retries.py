"""What is repeated, how often and after how long; on a clock of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from lib.orders_client import ApiTimeout, ApiUnreachable, OrdersError, RateLimited, Retries, Unavailable
from tests.client.fakes import CALLS, DETAIL, PAGE, REPEATED, FakeApi, Step, answer, problem

REFUSED = httpx.ConnectError("refused")
FAULTS: dict[str, Step] = {
    "no connection": REFUSED,
    "dropped": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "reset": httpx.ReadError("reset"),
    "429": problem(429, "RATE_LIMITED", Retry_After="0"),
    "503": problem(503, "UNAVAILABLE", Retry_After="1"),
    "503 of a proxy": httpx.Response(503, html="<h1>Back soon</h1>"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CALLS)
def test_only_what_is_safe_is_repeated_and_three_times_at_most(name: str, fault: str) -> None:
    api = FakeApi([FAULTS[fault]])
    with pytest.raises(OrdersError):
        CALLS[name](api.client())
    assert len(api.requests) == (3 if name in REPEATED else 1)
    assert len(api.sleeps) == len(api.requests) - 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 502, 504])
def test_no_other_status_is_repeated(status: int) -> None:
    api = FakeApi([problem(status, "SOMETHING", Retry_After="0")])
    with pytest.raises(OrdersError):
        api.client().orders.get("1")
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "timeout", [httpx.ReadTimeout, httpx.ConnectTimeout, httpx.WriteTimeout, httpx.PoolTimeout]
)
def test_a_timeout_is_an_api_timeout_and_not_repeated(timeout: type[httpx.TimeoutException]) -> None:
    api = FakeApi([timeout("late")])
    with pytest.raises(ApiTimeout) as caught:
        api.client().orders.get("1")
    assert len(api.requests) == 1
    assert isinstance(caught.value, ApiUnreachable)


def test_a_call_that_succeeds_at_last_gives_its_answer() -> None:
    api = FakeApi([REFUSED, problem(503, "UNAVAILABLE"), answer(200, PAGE)])
    assert api.client().orders.list().total == 1
    assert len(api.requests) == 3


def test_repeats_of_a_cancel_carry_the_same_key_and_body() -> None:
    api = FakeApi([REFUSED, httpx.ReadError("reset"), answer(200, DETAIL)])
    api.client().orders.cancel("1", note="n")
    assert len({request.headers["Idempotency-Key"] for request in api.requests}) == 1
    assert len({request.content for request in api.requests}) == 1


def test_each_cancel_has_a_key_of_its_own_unless_the_caller_gives_one() -> None:
    api = FakeApi([answer(200, DETAIL)])
    client = api.client()
    client.orders.cancel("1")
    client.orders.cancel("1")
    client.orders.cancel("1", idempotency_key="mine")
    keys = [request.headers["Idempotency-Key"] for request in api.requests]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_the_wait_doubles_and_is_jittered() -> None:
    for chance, waits in ((1.0, [0.2, 0.4]), (0.0, [0.1, 0.2])):
        api = FakeApi([REFUSED], chance=chance)
        with pytest.raises(ApiUnreachable):
            api.client().orders.get("1")
        assert api.sleeps == pytest.approx(waits)


def test_retry_after_is_honoured_and_never_undercut() -> None:
    for chance in (0.0, 0.5, 1.0):
        api = FakeApi([problem(503, "UNAVAILABLE", Retry_After="2"), answer(200, PAGE)], chance=chance)
        api.client().orders.list()
        assert 2.0 <= api.sleeps[0] <= 2.2


@pytest.mark.parametrize(
    "said", ["60", "5", "86400", "999999999999999999999", "Mon, 23 Nov 2099 08:00:00 GMT"]
)
def test_a_long_retry_after_is_not_slept_but_told(said: str) -> None:
    api = FakeApi([problem(429, "RATE_LIMITED", Retry_After=said)])
    with pytest.raises(RateLimited) as caught:
        api.client().orders.get("1")
    assert api.sleeps == []
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 5


def test_a_wait_that_the_calls_time_does_not_cover_is_not_begun() -> None:
    api = FakeApi([problem(503, "UNAVAILABLE", Retry_After="2")])
    with pytest.raises(Unavailable):
        api.client(timeout=5.0).orders.get("1")
    assert api.time < 5.0
    assert len(api.requests) == 3
    hurried = FakeApi([problem(503, "UNAVAILABLE", Retry_After="2")])
    with pytest.raises(Unavailable):
        hurried.client(timeout=1.5).orders.get("1")
    assert hurried.sleeps == []


def test_each_repeat_has_only_what_is_left_of_the_time() -> None:
    api = FakeApi([problem(503, "UNAVAILABLE", Retry_After="2"), answer(200, PAGE)], chance=0.0)
    api.client(timeout=8.0).orders.list()
    assert [request.extensions["timeout"]["read"] for request in api.requests] == pytest.approx([8.0, 6.0])


NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("3", None, 3.0),
        (" 3 ", None, 3.0),
        ("Mon, 23 Nov 2026 12:00:04 GMT", None, 4.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None, 0.0),
        ("Mon, 23 Nov 2026 11:00:04 GMT", "Mon, 23 Nov 2026 11:00:00 GMT", 4.0),
        ("Mon, 23 Nov 2026 12:00:04 GMT", "nonsense", 4.0),
        ("-1", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("٣", None, None),
        ("", None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, date: str | None, seconds: float | None) -> None:
    headers = httpx.Headers({b"Retry-After": said.encode()})
    if date:
        headers["Date"] = date
    assert Retries(now=lambda: NOON).retry_after(headers) == seconds


def test_health_is_asked_once_and_never_raises() -> None:
    for step, ready in (
        (answer(200, {"status": "ok"}), True),
        (problem(503, "UNAVAILABLE", Retry_After="1"), False),
        (httpx.Response(404, html="<h1>A shop that has no such call</h1>"), True),
        (httpx.Response(302, headers={"Location": "/login"}), True),
        (REFUSED, False),
        (httpx.ReadTimeout("late"), False),
    ):
        api = FakeApi([step])
        assert api.client(token="SECRET").health() is ready
        assert len(api.requests) == 1
        assert api.sent.url.path == "/readyz"
        assert "Authorization" not in api.sent.headers
