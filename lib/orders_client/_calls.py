"""Makes methods of calls: one definition of each serves the sync client and the async one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import Signature, signature
from typing import Any, Generic, ParamSpec, TypeVar, overload

from ._async_transport import AsyncConnection
from ._call import Call
from ._transport import Connection

C = TypeVar("C", bound=Connection | AsyncConnection)
P = ParamSpec("P")
T = TypeVar("T")


class Calls(Generic[C]):
    """Calls that belong together, made over one connection."""

    def __init__(self, connection: C) -> None:
        self._connection = connection


class call(Generic[P, T]):
    """A method that makes the call which `build` returns; arguments and documentation are `build`'s."""

    def __init__(self, build: Callable[P, Call[T]]) -> None:
        self._build = build
        # What is returned is no Call: `help` must not say so.
        self._signature = signature(build).replace(return_annotation=Signature.empty)

    @overload
    def __get__(self, owner: Calls[Connection], kind: type) -> Callable[P, T]: ...

    @overload
    def __get__(self, owner: Calls[AsyncConnection], kind: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, owner: Calls[Any], kind: type) -> Callable[P, Any]:
        @wraps(self._build)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._connection.call(self._build, *args, **kwargs)

        method.__dict__["__signature__"] = self._signature
        return method
