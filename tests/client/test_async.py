"""The async client: the same calls, models, errors and retries as the sync one, whose tests say more."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, assert_type

import httpx
import pytest

from lib.orders_client import (
    ApiTimeout,
    ApiUnreachable,
    AsyncOrdersClient,
    AsyncSharedTransport,
    OrderDetail,
    OrdersClient,
    OrdersError,
    Retries,
    UnexpectedResponse,
)
from tests.client.fakes import CALLS, DETAIL, PAGE, FakeApi, Step, answer, problem
from tests.client.live import Live, new_order, staff_token
from tests.client.test_calls import TABLE
from tests.client.test_errors import CODES, ODD_ANSWERS
from tests.client.test_retries import FAULTS
from tests.servers.reference import ReferenceServer

T = TypeVar("T")
ASYNC_CALLS = [name for name in CALLS if name not in ("mailbox", "export")]


def run(call: Callable[[AsyncOrdersClient], Coroutine[Any, Any, T]], client: AsyncOrdersClient) -> T:
    async def whole() -> T:
        async with client:
            return await call(client)

    return asyncio.run(whole())


def failure(make: Callable[[], object]) -> tuple[Any, ...]:
    """Return all that an error tells."""
    with pytest.raises(OrdersError) as caught:
        make()
    error = caught.value
    told = {name: value for name, value in vars(error).items() if name != "request_id"}
    return type(error), told, error.__context__


def test_both_have_the_same_calls_with_the_same_arguments() -> None:
    sync, other = OrdersClient("http://x.test"), AsyncOrdersClient("http://x.test")
    for part in ("orders", "stats", "audit"):
        for name, method in inspect.getmembers(getattr(sync, part), inspect.isroutine):
            if not name.startswith("_"):
                twin = inspect.signature(getattr(getattr(other, part), name))
                assert twin.parameters == inspect.signature(method).parameters, name
                assert "Call[" not in str(twin), name
    if TYPE_CHECKING:  # `make lint` sees to it that both are typed
        assert_type(sync.orders.get("1"), OrderDetail)
        _ = assert_type(other.orders.get("1"), Coroutine[Any, Any, OrderDetail])
    made = inspect.signature(AsyncOrdersClient).parameters
    assert list(made) == list(inspect.signature(OrdersClient).parameters)


def test_each_call_sends_and_returns_the_same() -> None:
    for call, _, target, status, body in TABLE:
        if "/demo/" in target:  # the dashboard's own, only sync
            continue
        one, other = FakeApi([answer(status, body)]), FakeApi([answer(status, body)])
        assert call(one.client()) == run(call, other.async_client())  # type: ignore[arg-type]  # awaited
        for sent in (one.sent, other.sent):
            for own in ("X-Request-Id", "Idempotency-Key"):
                sent.headers.pop(own, None)
        assert one.sent.headers == other.sent.headers
        assert [one.sent.method, one.sent.url, one.sent.content] == [
            other.sent.method, other.sent.url, other.sent.content
        ]  # fmt: skip


STATUSES = (400, 401, 403, 404, 409, 422, 429, 500)
ANSWERS: dict[str, Step] = {
    **{f"code {code}": problem(status, code, Retry_After="60") for code, (status, _) in CODES.items()},
    **{f"status {status}": answer(status, {"error": "no"}) for status in STATUSES},
    **{name: step for name, step in ODD_ANSWERS.items() if isinstance(step, httpx.Response)},
    "late": httpx.ReadTimeout("late"),
    "illegal": httpx.LocalProtocolError("Illegal header value b'Bearer SECRET'"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["get", "cancel", "verify_access_code"])
def test_each_failure_is_the_same_error(name: str) -> None:
    for step in ANSWERS.values():
        if isinstance(step, httpx.Response) and step.is_success and name == "cancel":
            continue
        one, other = FakeApi([step]), FakeApi([step])
        sync = failure(lambda api=one: CALLS[name](api.client()))  # type: ignore[misc]  # bound at once
        assert failure(lambda api=other: run(CALLS[name], api.async_client())) == sync  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ASYNC_CALLS)
def test_the_same_calls_are_repeated_after_the_same_waits(name: str, fault: str) -> None:
    one, other = FakeApi([FAULTS[fault]]), FakeApi([FAULTS[fault]])
    with pytest.raises(OrdersError):
        CALLS[name](one.client())
    with pytest.raises(OrdersError):
        run(CALLS[name], other.async_client())  # type: ignore[arg-type]  # the same calls, awaited
    assert len(one.requests) == len(other.requests)
    assert one.sleeps == other.sleeps


def test_a_token_may_come_from_a_function_or_an_async_one() -> None:
    async def later() -> str:
        await asyncio.sleep(0)
        return "later"

    for token in ("later", lambda: "later", later):
        api = FakeApi([answer(200, PAGE)])
        run(lambda client: client.orders.list(), api.async_client(token=token, staff_user="sam"))
        assert api.sent.headers["Authorization"] == "Bearer later"
        assert api.sent.headers["X-Staff-User"] == "sam"
    with pytest.raises(ValueError, match="token"):
        AsyncOrdersClient("http://x.test", token="two words")


class Chunks(httpx.AsyncByteStream):
    """A body in chunks, which remembers whether it was closed."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self.chunks, self.closed = chunks, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    async def aclose(self) -> None:
        self.closed = True


def csv(stream: Chunks, kind: str = "text/csv") -> FakeApi:
    headers = {"Content-Type": kind, "X-Total-Count": "7"}
    return FakeApi([lambda _: httpx.Response(200, headers=headers, stream=stream)])


def test_an_export_comes_in_chunks_and_is_closed_at_its_end_or_when_it_is_left() -> None:
    async def whole(client: AsyncOrdersClient) -> list[bytes]:
        export = await client.orders.export(status="PENDING")
        assert export.total == 7
        return [chunk async for chunk in export]

    async def left(client: AsyncOrdersClient) -> list[bytes]:
        async with await client.orders.export() as export:
            first = await anext(export)
        return [first, *[chunk async for chunk in export]]

    for read, chunks in ((whole, [b"a", b"b"]), (left, [b"a"])):
        stream = Chunks(b"a", b"b")
        assert run(read, csv(stream).async_client()) == chunks
        assert stream.closed


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(httpx.RemoteProtocolError("cut"), UnexpectedResponse), (httpx.ReadTimeout("late"), ApiTimeout)],
)
def test_an_export_that_breaks_off_is_an_error_and_closed(fault: Exception, kind: type[Exception]) -> None:
    async def whole(client: AsyncOrdersClient) -> list[bytes]:
        return [chunk async for chunk in await client.orders.export()]

    stream = Chunks(b"a", fault)
    with pytest.raises(kind):
        run(whole, csv(stream).async_client())
    assert stream.closed
    page = Chunks(b"<h1>")
    with pytest.raises(UnexpectedResponse):
        run(whole, csv(page, "text/html").async_client())
    assert page.closed


def test_a_body_that_drips_past_the_timeout_is_a_timeout() -> None:
    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(100):
                api.time += 3.0
                yield b"x"

    api = FakeApi([lambda _: httpx.Response(200, stream=Dripping())])
    with pytest.raises(ApiTimeout):
        run(lambda client: client.orders.get("1"), api.async_client(timeout=10.0))
    assert api.time == 12.0


def test_a_transport_that_was_passed_in_stays_open_and_an_own_one_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed: list[object] = []

    async def close(transport: object) -> None:
        closed.append(transport)

    monkeypatch.setattr(AsyncSharedTransport, "aclose", close)
    shared = AsyncSharedTransport()
    for transport, count in ((shared, 0), (None, 1)):

        async def ready(client: AsyncOrdersClient) -> bool:
            return await client.health()

        assert not run(ready, AsyncOrdersClient("http://127.0.0.1:1", transport=transport))
        assert len(closed) == count


def test_many_calls_at_once_share_a_client() -> None:
    async def all_at_once(shop: ReferenceServer) -> list[str]:
        async with AsyncOrdersClient(shop.url, shop.token) as client:
            orders = await asyncio.gather(*(client.orders.get(number) for number in shop.orders))
            return [order.order_number for order in orders]

    with ReferenceServer() as shop:
        assert asyncio.run(all_at_once(shop)) == list(shop.orders)


def test_a_call_that_is_given_up_gives_its_connection_back() -> None:
    async def give_up(shop: ReferenceServer) -> str:
        transport = AsyncSharedTransport()
        async with AsyncOrdersClient(shop.url, shop.token, transport=transport) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await client.orders.list()
            shop.switches.slow = 0.0
            status = (await client.orders.get("SHOP-1001")).status
        await transport.aclose()
        return status

    with ReferenceServer(slow=0.5) as shop:
        assert asyncio.run(give_up(shop)) == "CONFIRMED"


def test_no_answer_and_no_connection_are_told_apart_over_a_real_network() -> None:
    async def ask(url: str) -> None:
        async with AsyncOrdersClient(url, "t", timeout=0.2, retries=Retries(attempts=1)) as client:
            await client.orders.list()

    with ReferenceServer(slow=2.0) as shop, pytest.raises(ApiTimeout):
        asyncio.run(ask(shop.url))
    with pytest.raises(ApiUnreachable):
        asyncio.run(ask("http://127.0.0.1:1"))


@pytest.mark.any_engine
def test_our_own_api_and_the_async_client_understand_each_other(live: Live) -> None:
    with live.as_staff() as staff:
        made = staff.orders.create(new_order(order_number="#Async/1"))

    async def ask() -> tuple[Any, ...]:
        async with AsyncOrdersClient(live.url, staff_token) as client:
            async with await client.orders.export(q="Async/1") as export:
                lines = b"".join([chunk async for chunk in export]).count(b"\n")
            return (
                (await client.orders.get("#Async/1")).grand_total,
                (await client.orders.cancel("Async/1", notify=False)).status,
                (await client.orders.timeline("#Async/1")).items[0].kind,
                (await client.stats.status_counts(q="Async/1")).items[5].count,
                (await client.audit.list(order_number="#Async/1")).total > 0,
                (await client.capabilities()).documented,
                lines,
            )

    assert asyncio.run(ask()) == (made.grand_total, "CANCELLED", "STATUS_CHANGED", 1, True, True, 2)


def test_the_detail_of_an_order_is_the_same_value() -> None:
    one, other = FakeApi([answer(200, DETAIL)]), FakeApi([answer(200, DETAIL)])
    order = run(lambda client: client.orders.get("1"), other.async_client())
    assert order == one.client().orders.get("1")
