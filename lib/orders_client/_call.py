"""What a call of the contract is: what is sent, and what an answer to it means; it sends nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ._answers import Answer
from .errors import ApiRejected

JSON = "application/json, application/problem+json"

T = TypeVar("T")
NOT_THERE = frozenset({404, 405, 501})
"""Answers of an API that does not have a call."""


@dataclass(frozen=True, repr=False)
class Call(Generic[T]):
    """One call of the contract.

    Args:
        route: as the contract writes it, such as `/v1/orders/{orderNumber}`; for logs, which see no path.
        read: makes the answer's value of its body.
        segment: what stands in the route's braces, percent-encoded already.
        status: that of success, by the contract; another success is taken, too.
        token: a guest's, instead of the client's own.
        refusals: what a status means for this call, where the body does not say it by a code.
        streamed: whether the body is read bit by bit, by whoever asked.
        more: the capability that this call needs; None: it is one of the core.
    """

    method: str
    route: str
    read: Callable[[Answer], T]
    segment: str = ""
    status: int = 200
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    idempotency_key: str | None = None
    token: str | None = None
    accept: str = JSON
    refusals: Mapping[int, type[ApiRejected]] = field(default_factory=dict)
    streamed: bool = False
    more: str | None = None

    @property
    def path(self) -> str:
        """The path that is sent."""
        before, brace, rest = self.route.partition("{")
        return before + self.segment + rest.partition("}")[2] if brace else self.route

    @property
    def name(self) -> str:
        """What logs and `check` call it."""
        return f"{self.method} {self.route}"

    @property
    def repeatable(self) -> bool:
        """Whether making it twice changes no more than making it once."""
        return self.method == "GET" or self.idempotency_key is not None


def nothing(answer: Answer) -> None:
    """Read nothing of an answer whose body the contract leaves open."""


READY: Call[None] = Call("GET", "/readyz", nothing)
"""Whether the API is there at all."""


def is_there(call: Call[Any], answer: Answer) -> bool | None:
    """Tell whether a call is there; None: it is so only if its order is not (see `order_of`)."""
    if call.more is None or answer.status not in NOT_THERE:
        return True
    if answer.status == 404 and "{orderNumber}" in call.route:
        return True if answer.code == "ORDER_NOT_FOUND" else None
    return False


def order_of(call: Call[Any]) -> Call[None]:
    """Ask for the order that a call is about, which every API can give."""
    return Call("GET", "/v1/orders/{orderNumber}", nothing, call.segment)
