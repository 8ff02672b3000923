"""Makes calls, again where that is safe, and returns what their answers mean: once, for both clients.

It is written for async code. The sync client runs it, too: on a wire that never waits for an event loop.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

import httpx

from ._answers import SERVER_ERROR, Answer, error_of, logged
from ._call import NOT_THERE, READY, Call, is_there, order_of
from ._filters import misfits
from ._knowledge import Knowledge
from ._requests import Requests, is_too_large, reading_failure, sending_failure, sent_id, too_large, too_late
from ._survey import survey
from .capabilities import Capabilities
from .errors import OrdersError
from .models import OrderPage

AT_ONCE = 8

P = ParamSpec("P")
T = TypeVar("T")


class Wire(Protocol):
    """What the sync and the async client do each in its own way."""

    async def token(self) -> str | None:
        """Return the bearer token, asked for anew."""

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its open response."""

    async def read(self, response: httpx.Response, take: Callable[[bytes], None]) -> None:
        """Hand the body on, chunk by chunk."""

    async def close(self, response: httpx.Response) -> None:
        """Return the connection of a response."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def all_of(self, jobs: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> Sequence[T]:
        """Do several things, AT_ONCE of them at a time, and return what came of each."""


@dataclass(frozen=True, repr=False)
class Sending:
    """Where and as whom calls are made."""

    requests: Requests
    knowledge: Knowledge
    wire: Wire

    async def call(self, build: Callable[P, Call[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the call that `build` returns, and return what it answers.

        Raises:
            OrdersError: any answer but success, or none.
        """
        call = build(*args, **kwargs)

        async def whole(request: httpx.Request, deadline: float) -> Answer:
            answer = await self._read(request, await self._send(request), deadline)
            if not answer.succeeded:
                raise await self._refusal(call, answer)
            return answer

        self.knowledge.check(call)
        with logged(call.name):
            found = call.read(await self._repeat(call, whole))
        if isinstance(found, OrderPage):
            self.knowledge.note_ignored(*(misfits(order, call.params) for order in found.items))
        return found

    async def stream(self, call: Call[Any]) -> tuple[httpx.Response, str]:
        """Make a call and return its open response and the request id that was sent; the caller closes it."""

        async def opened(request: httpx.Request, deadline: float) -> tuple[httpx.Response, str]:
            response = await self._send(request)
            if response.is_success:
                return response, sent_id(request)
            raise await self._refusal(call, await self._read(request, response, deadline))

        self.knowledge.check(call)
        with logged(call.name):
            return await self._repeat(call, opened)

    async def look(self, call: Call[Any]) -> Answer:
        """Make a call once and return its answer, whatever it is; of a stream only its beginning.

        Raises:
            OrdersError: there is no answer.
        """
        return await self._look(call, await self._identity(call))

    async def is_ready(self) -> bool:
        """Tell whether the API answers below 500, asked once and as nobody."""
        answer = await self._look_or_none(READY, {})
        return answer is not None and (answer.status < SERVER_ERROR or answer.status in NOT_THERE)

    async def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process; the caller sees to it that only one does so."""
        clock = self.requests.retries.clock
        if self.knowledge.to_be_surveyed(clock()):
            self.knowledge.note_survey(await survey(self._ask), clock())
        return self.knowledge.capabilities

    async def _ask(self, calls: Sequence[Call[Any]]) -> Sequence[Answer | None]:
        # Who calls is found out first: a function that gives a token may know only the caller's own thread.
        return await self.wire.all_of(
            [partial(self._look_or_none, call, await self._identity(call)) for call in calls]
        )

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
            await self.wire.sleep(wait)
            attempt += 1

    async def _refusal(self, call: Call[Any], answer: Answer) -> OrdersError:
        there = self.knowledge.is_documented(call) or is_there(call, answer)
        if there is None:
            there = not (await self.look(order_of(call))).succeeded
        if there:
            return error_of(answer, call.refusals)
        return self.knowledge.missing(call, answer)

    async def _identity(self, call: Call[Any]) -> dict[str, str]:
        return self.requests.identity(call, call.token or await self.wire.token())

    async def _look(self, call: Call[Any], identity: Mapping[str, str]) -> Answer:
        deadline = self.requests.deadline()
        request = self.requests.request(call, identity, deadline)
        response = await self._send(request)
        if call.streamed and response.is_success:
            await self.wire.close(response)
            return self.requests.answer(response, b"")
        return await self._read(request, response, deadline)

    async def _look_or_none(self, call: Call[Any], identity: Mapping[str, str]) -> Answer | None:
        try:
            return await self._look(call, identity)
        except OrdersError:
            return None

    async def _send(self, request: httpx.Request) -> httpx.Response:
        failure: OrdersError
        try:
            return await self.wire.send(request)
        except httpx.TransportError as error:
            failure = sending_failure(error, request)
        raise failure

    async def _read(self, request: httpx.Request, response: httpx.Response, deadline: float) -> Answer:
        failure: OrdersError
        body = bytearray()

        def take(chunk: bytes) -> None:
            body.extend(chunk)
            if is_too_large(body):
                raise too_large(response)
            if self.requests.retries.clock() >= deadline:
                raise too_late(response, sent_id(request))

        try:
            await self.wire.read(response, take)
            return self.requests.answer(response, bytes(body))
        except httpx.RequestError as error:
            failure = reading_failure(error, response, sent_id(request))
        finally:
            await self.wire.close(response)
        raise failure
