"""Sends one call, again where that is safe, and returns what its answer means.

It speaks to an httpx transport without httpx.Client, on purpose: the client writes each URL to the log,
tracking tokens and searched-for emails included; it keeps cookies, which would travel from one staff member's
call to the next; and it takes proxies from the environment, which only lib/settings.py reads here (and no
proxy must see a call to loopback). A shop behind a proxy passes `httpx.HTTPTransport(proxy=…)`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
Token = str | Callable[[], str] | None

T = TypeVar("T")


class SharedTransport(httpx.HTTPTransport):
    """A pool of connections that many clients and threads may share; it knows no tokens, keeps no cookies.

    It trusts certifi's certificates, or those of SSL_CERT_FILE / SSL_CERT_DIR (a shop's own CA).
    """

    def __init__(self) -> None:
        super().__init__(limits=LIMITS)


@dataclass(frozen=True, repr=False)
class Connection:
    """Where and as whom calls are made."""

    requests: Requests
    token: Token
    transport: httpx.BaseTransport
    knowledge: Knowledge

    def call(self, call: Call[T]) -> T:
        """Make a call and return what it answers.

        Raises:
            OrdersError: any answer but success, or none.
        """

        def whole(request: httpx.Request, deadline: float) -> Answer:
            answer = self._read(request, self._send(request), deadline)
            if not answer.succeeded:
                raise self._refusal(call, answer)
            return answer

        self.knowledge.check(call)
        with logged(call):
            return call.read(self._repeat(call, whole))

    def stream(self, call: Call[Any]) -> tuple[httpx.Response, str]:
        """Make a call and return its open response and the request id that was sent; the caller closes it."""

        def opened(request: httpx.Request, deadline: float) -> tuple[httpx.Response, str]:
            response = self._send(request)
            if response.is_success:
                return response, sent_id(request)
            raise self._refusal(call, self._read(request, response, deadline))

        self.knowledge.check(call)
        with logged(call):
            return self._repeat(call, opened)

    def look(self, call: Call[Any]) -> Answer:
        """Make a call once and return its answer, whatever it is; of a stream only its beginning.

        Raises:
            OrdersError: there is no answer.
        """
        return self._look(self._prepared(call))

    def is_ready(self) -> bool:
        """Tell whether the API answers below 500, asked once and as nobody."""
        answer = self._look_or_none((READY, {}))
        return answer is not None and (answer.status < SERVER_ERROR or answer.status in NOT_THERE)

    def capabilities(self) -> Capabilities:
        """Find out what the API can, once a process."""
        clock = self.requests.retries.clock
        with self.knowledge.lock:
            if self.knowledge.to_be_surveyed(clock()):
                self.knowledge.note_survey(self._survey(), clock())
        return self.knowledge.capabilities

    def _survey(self) -> Capabilities | None:
        steps = survey()
        calls = next(steps)
        while True:
            prepared = [self._prepared(call) for call in calls]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                answers = list(pool.map(self._look_or_none, prepared))
            try:
                calls = steps.send(answers)
            except StopIteration as end:
                found: Capabilities | None = end.value
                return found

    def _repeat(self, call: Call[Any], make: Callable[[httpx.Request, float], T]) -> T:
        retries = self.requests.retries
        deadline = self.requests.deadline()
        identity = self._identity(call)
        attempt = 1
        while True:
            try:
                return make(self.requests.request(call, identity, deadline), deadline)
            except OrdersError as error:
                wait = retries.wait_after(error, attempt, deadline) if call.repeatable else None
                if wait is None:
                    raise
            retries.sleep(wait)
            attempt += 1

    def _refusal(self, call: Call[Any], answer: Answer) -> OrdersError:
        there = self.knowledge.is_documented(call) or is_there(call, answer)
        if there is None:
            there = not self.look(order_of(call)).succeeded
        if there:
            return error_of(answer, call.refusals)
        return self.knowledge.missing(call, answer)

    def _identity(self, call: Call[Any]) -> dict[str, str]:
        token = call.token or (self.token() if callable(self.token) else self.token)
        return self.requests.identity(call, token)

    def _prepared(self, call: Call[Any]) -> tuple[Call[Any], dict[str, str]]:
        return call, self._identity(call)

    def _look(self, prepared: tuple[Call[Any], dict[str, str]]) -> Answer:
        call, identity = prepared
        deadline = self.requests.deadline()
        request = self.requests.request(call, identity, deadline)
        response = self._send(request)
        if call.streamed and response.is_success:
            response.close()
            return self.requests.answer(response, b"")
        return self._read(request, response, deadline)

    def _look_or_none(self, prepared: tuple[Call[Any], dict[str, str]]) -> Answer | None:
        try:
            return self._look(prepared)
        except OrdersError:
            return None

    def _send(self, request: httpx.Request) -> httpx.Response:
        failure: OrdersError
        try:
            return self.transport.handle_request(request)
        except httpx.TransportError as error:
            failure = sending_failure(error, request)
        raise failure

    def _read(self, request: httpx.Request, response: httpx.Response, deadline: float) -> Answer:
        failure: OrdersError
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
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
            response.close()
        raise failure
