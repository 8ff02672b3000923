"""What _transport.py does, for async code: it only sends and waits, all decisions are shared."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from ._answers import SERVER_ERROR, Answer, error_of
from ._bodies import is_too_large, reading_failure, too_large, too_late
from ._call import READY, Call
from ._existence import NOT_THERE, is_there, order_of
from ._knowledge import Knowledge
from ._logging import logged
from ._requests import LIMITS, Requests, sending_failure, sent_id
from ._survey import survey
from .capabilities import Capabilities
from .errors import OrdersError

AT_ONCE = 8
AsyncToken = str | Callable[[], str | Awaitable[str]] | None

T = TypeVar("T")


class AsyncSharedTransport(httpx.AsyncHTTPTransport):
    """A pool of connections that many clients of one event loop may share; see SharedTransport."""

    def __init__(self) -> None:
        super().__init__(limits=LIMITS)


@dataclass(frozen=True, repr=False)
class AsyncConnection:
    """Where and as whom calls are made; each method does what Connection's does."""

    requests: Requests
    token: AsyncToken
    transport: httpx.AsyncBaseTransport
    knowledge: Knowledge

    async def call(self, call: Call[T]) -> T:
        """Make a call and return what it answers."""

        async def whole(request: httpx.Request, deadline: float) -> Answer:
            answer = await self._read(request, await self._send(request), deadline)
            if not answer.succeeded:
                raise await self._refusal(call, answer)
            return answer

        self.knowledge.check(call)
        with logged(call):
            return call.read(await self._repeat(call, whole))

    async def stream(self, call: Call[Any]) -> tuple[httpx.Response, str]:
        """Make a call and return its open response and the request id that was sent."""

        async def opened(request: httpx.Request, deadline: float) -> tuple[httpx.Response, str]:
            response = await self._send(request)
            if response.is_success:
                return response, sent_id(request)
            raise await self._refusal(call, await self._read(request, response, deadline))

        self.knowledge.check(call)
        with logged(call):
            return await self._repeat(call, opened)

    async def look(self, call: Call[Any]) -> Answer:
        """Make a call once and return its answer, whatever it is; of a stream only its beginning."""
        return await self._look(call, await self._identity(call))

    async def is_ready(self) -> bool:
        """Tell whether the API answers below 500, asked once and as nobody."""
        try:
            status = (await self._look(READY, {})).status
            return status < SERVER_ERROR or status in NOT_THERE
        except OrdersError:
            return False

    async def _look(self, call: Call[Any], identity: Mapping[str, str]) -> Answer:
        deadline = self.requests.deadline()
        request = self.requests.request(call, identity, deadline)
        response = await self._send(request)
        if call.streamed and response.is_success:
            await response.aclose()
            return self.requests.answer(response, b"")
        return await self._read(request, response, deadline)

    async def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process."""
        clock = self.requests.retries.clock
        async with self.knowledge.turn:
            if self.knowledge.to_be_surveyed(clock()):
                self.knowledge.note_survey(await self._survey(), clock())
        return self.knowledge.capabilities

    async def _survey(self) -> Capabilities | None:
        some = asyncio.Semaphore(AT_ONCE)

        async def look_or_none(call: Call[Any]) -> Answer | None:
            try:
                async with some:
                    return await self.look(call)
            except OrdersError:
                return None

        steps = survey()
        calls = next(steps)
        while True:
            answers = await asyncio.gather(*map(look_or_none, calls))
            try:
                calls = steps.send(answers)
            except StopIteration as end:
                found: Capabilities | None = end.value
                return found

    async def _repeat(self, call: Call[Any], make: Callable[[httpx.Request, float], Awaitable[T]]) -> T:
        retries = self.requests.retries
        deadline = self.requests.deadline()
        identity = await self._identity(call)
        attempt = 1
        while True:
            try:
                return await make(self.requests.request(call, identity, deadline), deadline)
            except OrdersError as error:
                wait = retries.wait_after(error, attempt, deadline) if call.repeatable else None
                if wait is None:
                    raise
            await retries.async_sleep(wait)
            attempt += 1

    async def _refusal(self, call: Call[Any], answer: Answer) -> OrdersError:
        there = self.knowledge.is_documented(call) or is_there(call, answer)
        if there is None:
            there = not (await self.look(order_of(call))).succeeded
        if there:
            return error_of(answer, call.refusals)
        return self.knowledge.missing(call, answer)

    async def _identity(self, call: Call[Any]) -> dict[str, str]:
        token = call.token or (self.token() if callable(self.token) else self.token)
        return self.requests.identity(call, await token if inspect.isawaitable(token) else token)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        failure: OrdersError
        try:
            return await self.transport.handle_async_request(request)
        except httpx.TransportError as error:
            failure = sending_failure(error, request)
        raise failure

    async def _read(self, request: httpx.Request, response: httpx.Response, deadline: float) -> Answer:
        failure: OrdersError
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if is_too_large(body) or self.requests.retries.clock() >= deadline:
                    break
            else:
                return self.requests.answer(response, bytes(body))
        except httpx.RequestError as error:
            failure = reading_failure(error, response, sent_id(request))
        else:
            failure = too_large(response) if is_too_large(body) else too_late(response, sent_id(request))
        finally:
            await response.aclose()
        raise failure
