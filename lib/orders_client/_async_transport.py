"""Sends calls for async code."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from ._knowledge import Knowledge
from ._requests import LIMITS, Requests
from ._sending import AT_ONCE, Sending
from .capabilities import Capabilities

AsyncToken = str | Callable[[], str | Awaitable[str]] | None

T = TypeVar("T")


class AsyncSharedTransport(httpx.AsyncHTTPTransport):
    """A pool of connections that many clients of one event loop may share; see SharedTransport."""

    def __init__(self) -> None:
        super().__init__(limits=LIMITS)


@dataclass(frozen=True, repr=False)
class _Wire:
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
        super().__init__(requests, knowledge, _Wire(transport, token, requests.retries.async_sleep))

    async def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process."""
        async with self.knowledge.turn:
            return await super().capabilities()
