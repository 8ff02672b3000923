"""Sends calls for sync code, and for async code.

It speaks to an httpx transport without httpx.Client, on purpose: the client writes each URL to the log,
tracking tokens and searched-for emails included; it keeps cookies, which would travel from one staff member's
call to the next; and it takes proxies from the environment, which only lib/settings.py reads here (and no
proxy must see a call to loopback). A shop behind a proxy passes `httpx.HTTPTransport(proxy=…)`.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import httpx

from ._answers import Answer
from ._call import Call
from ._knowledge import Knowledge
from ._requests import LIMITS, Requests
from ._sending import AT_ONCE, Sending
from .capabilities import Capabilities

Token = str | Callable[[], str] | None

P = ParamSpec("P")
T = TypeVar("T")
AsyncToken = str | Callable[[], str | Awaitable[str]] | None


class SharedTransport(httpx.HTTPTransport):
    """A pool of connections that many clients and threads may share; it knows no tokens, keeps no cookies.

    It trusts certifi's certificates, or those of SSL_CERT_FILE / SSL_CERT_DIR (a shop's own CA).
    """

    def __init__(self) -> None:
        super().__init__(limits=LIMITS)


@dataclass(frozen=True, repr=False)
class _Wire:
    """A wire that blocks; its coroutines never wait for an event loop."""

    transport: httpx.BaseTransport
    given_token: Token
    pause: Callable[[float], None]

    async def token(self) -> str | None:
        return self.given_token() if callable(self.given_token) else self.given_token

    async def send(self, request: httpx.Request) -> httpx.Response:
        return self.transport.handle_request(request)

    async def read(self, response: httpx.Response, take: Callable[[bytes], None]) -> None:
        for chunk in response.iter_bytes():
            take(chunk)

    async def close(self, response: httpx.Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        self.pause(seconds)

    async def all_of(self, jobs: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> Sequence[T]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda job: _run(job()), jobs))


class Connection:
    """Where and as whom calls are made; each method does what Sending's does."""

    def __init__(
        self, requests: Requests, token: Token, transport: httpx.BaseTransport, knowledge: Knowledge
    ) -> None:
        self._knowledge = knowledge
        self._sending = Sending(requests, knowledge, _Wire(transport, token, requests.retries.sleep))

    def call(self, build: Callable[P, Call[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the call that `build` returns, and return what it answers."""
        return _run(self._sending.call(build, *args, **kwargs))

    def stream(self, call: Call[Any]) -> tuple[httpx.Response, str]:
        """Make a call and return its open response and the request id that was sent."""
        return _run(self._sending.stream(call))

    def look(self, call: Call[Any]) -> Answer:
        """Make a call once and return its answer, whatever it is."""
        return _run(self._sending.look(call))

    def is_ready(self) -> bool:
        """Tell whether the API answers below 500."""
        return _run(self._sending.is_ready())

    def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process."""
        with self._knowledge.lock:
            return _run(self._sending.capabilities())


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        found: T = end.value
        return found
    raise RuntimeError("a blocking wire made a call wait for an event loop")


class AsyncSharedTransport(httpx.AsyncHTTPTransport):
    """A pool of connections that many clients of one event loop may share; see SharedTransport."""

    def __init__(self) -> None:
        super().__init__(limits=LIMITS)


@dataclass(frozen=True, repr=False)
class _AsyncWire:
    transport: httpx.AsyncBaseTransport
    given_token: AsyncToken
    pause: Callable[[float], Awaitable[None]]

    async def token(self) -> str | None:
        token = self.given_token() if callable(self.given_token) else self.given_token
        return await token if inspect.isawaitable(token) else token

    async def send(self, request: httpx.Request) -> httpx.Response:
        return await self.transport.handle_async_request(request)

    async def read(self, response: httpx.Response, take: Callable[[bytes], None]) -> None:
        async for chunk in response.aiter_bytes():
            take(chunk)

    async def close(self, response: httpx.Response) -> None:
        await response.aclose()

    async def sleep(self, seconds: float) -> None:
        await self.pause(seconds)

    async def all_of(self, jobs: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> Sequence[T]:
        some = asyncio.Semaphore(AT_ONCE)

        async def one(job: Callable[[], Coroutine[Any, Any, T]]) -> T:
            async with some:
                return await job()

        return await asyncio.gather(*map(one, jobs))


class AsyncConnection(Sending):
    """Where and as whom calls are made."""

    def __init__(
        self, requests: Requests, token: AsyncToken, transport: httpx.AsyncBaseTransport, knowledge: Knowledge
    ) -> None:
        super().__init__(requests, knowledge, _AsyncWire(transport, token, requests.retries.async_sleep))

    async def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process."""
        async with self.knowledge.turn:
            return await super().capabilities()
