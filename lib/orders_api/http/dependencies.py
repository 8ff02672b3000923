"""What endpoints ask for: parts of the API, who is calling, limits by address, the record of looks."""

import threading
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem, RateLimitItemPerMinute
from sqlalchemy import Row

from lib.callers import counted_address
from lib.orders_api.domain.errors import RateLimitedError, UnauthenticatedError
from lib.orders_api.domain.folding import fold
from lib.orders_api.domain.search_terms import cleaned
from lib.orders_api.domain.tokens import Principal, Role
from lib.orders_api.domain.wire import RequestModel
from lib.orders_api.http.problems import validation_failed
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.order_query.filters import OrderFilters
from lib.orders_api.store.tables.orders import Order

_bearer = HTTPBearer(auto_error=False, description="A customer's or staff member's JWT (contract, section 3)")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
_access = HTTPBearer(
    auto_error=False,
    scheme_name="AccessToken",
    description="What a guest got for a right code (contract, section 6)",
)
GuestBearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_access)]
NOBODY_TOO: dict[str, Any] = {"security": [{}]}
"""What the OpenAPI document says further of a call that `Anybody` may make."""
ONE_LOOK = timedelta(minutes=10)
MOST_KEPT = 10_000
LOOKS = frozenset(("order.view", "order.related", "order.list", "audit.list"))
"""What counts once in ten minutes. An export is none of them: each takes the data out of the house."""
Look = tuple[object, ...]


async def get_api(request: Request) -> Api:
    """Return the parts of the API that this request came to; asynchronous to be spared a thread."""
    api = request.app.state.api
    assert isinstance(api, Api)  # noqa: S101 - set by create_app
    return api


ApiParts = Annotated[Api, Depends(get_api)]


async def no_query(request: Request) -> None:
    """Refuse every query parameter, for calls that take none (contract, section 2).

    Raises:
        ValidationFailedError: there is one.
    """
    if request.query_params:
        given = [{"type": "extra_forbidden", "loc": ("query", name)} for name in request.query_params]
        raise validation_failed(given)


async def signed_in(api: ApiParts, bearer: Bearer) -> Principal:
    """Return the customer or staff member who is calling; asynchronous to be spared a thread.

    Raises:
        UnauthenticatedError: there is no good token.
        ForbiddenError: it is a staff member's without any role that we know.
    """
    if bearer is None:
        raise UnauthenticatedError
    if api.tokens.asks_provider:
        principal = await run_in_threadpool(api.tokens.principal, bearer.credentials)
    else:
        principal = api.tokens.principal(bearer.credentials)
    if principal.is_staff:
        principal.require(*Role)
    return principal


async def anybody(request: Request, api: ApiParts, bearer: Bearer) -> Principal | None:
    """Return who is calling where nobody has to say; a token that is sent must be good all the same."""
    if bearer is None and "authorization" not in request.headers:
        return None
    return await signed_in(api, bearer)


def dashboard_only(api: ApiParts, bearer: Bearer) -> None:
    """Refuse whoever is not the dashboard itself, customers and staff included.

    Raises:
        UnauthenticatedError: there is no token of the dashboard's own.
    """
    if bearer is None or not api.tokens.is_dashboards(bearer.credentials):
        raise UnauthenticatedError


SignedIn = Annotated[Principal, Depends(signed_in)]
Anybody = Annotated[Principal | None, Depends(anybody)]


def act_of(request: Request, api: Api, principal: Principal | None) -> AuditContext:
    """Return who is acting, for timeline and audit log."""
    return AuditContext(
        actor=principal.actor if principal else "guest",
        role=",".join(sorted(principal.roles)) or principal.scope if principal else "guest",
        client=request.client.host if request.client else None,
        request_id=request.state.request_id,
        at=api.clock(),
    )


def record_look(
    request: Request,
    api: Api,
    principal: Principal,
    action: str,
    outcome: str = "OK",
    order: Order | Row[Any] | None = None,
    detail: str | None = None,
) -> None:
    """Record that a staff member looks at something, before they get it; customers see their own unrecorded.

    The same look within ten minutes is one row; of what was not found nobody knows whether it was the same.
    In a transaction that it shares with other looks alone: on SQLite nobody else can write meanwhile.
    """
    if not principal.is_staff:
        return
    act, looks = act_of(request, api, principal), request.app.state.looks
    look = look_of(act, action, outcome, order and order.id, detail)
    if looks.has(look, act.at):
        return
    api.database.together.write(lambda session: record(session, act, action, outcome, order, detail=detail))
    if outcome == "OK" and action in LOOKS:
        looks.keep(look, act.at)


def filter_names(query: RequestModel) -> str:
    """Name the filters that are set, without their values, which may be a customer's data."""
    no_filters = {"page", "limit", "sort", "time_zone", "separator", "rows"}
    set_ones = query.model_dump(by_alias=True, exclude_defaults=True, exclude=no_filters)
    return f"filters: {', '.join(set_ones)}" if set_ones else "no filters"


def search_detail(api: Api, query: OrderFilters, only: Order | Row[Any] | None) -> str:
    """Name the filters that are set; a search that ends at one order, by a keyed hash, too.

    By it two searches are told apart, and nobody learns what was typed.
    """
    if only is None:
        return filter_names(query)
    sought = " ".join(fold(cleaned(query.q or "")).split())
    return f"{filter_names(query)}; search {api.sealer.audit_mac(sought)[:8]}"


class Throttle:
    """Lets so many calls a minute through for each address, or each staff member (contract, section 6.2)."""

    def __init__(self, name: str, per_minute: int) -> None:
        self._name = name
        self._limit: RateLimitItem = RateLimitItemPerMinute(per_minute)

    def __call__(self, request: Request, api: ApiParts, principal: Anybody) -> None:
        """Count this call.

        Raises:
            RateLimitedError: there were too many.
        """
        # Customers count by address: whoever can make accounts must not get more guesses by it.
        by_name = principal is not None and principal.is_staff
        host = request.client.host if request.client else "unknown"
        who = principal.actor if principal and by_name else f"address:{counted_address(host)}"
        if not api.limiter.hit(self._limit, self._name, who):
            raise RateLimitedError


class RecentLooks:
    """The looks that one process has recorded in the last ten minutes: lost with it, for a row too many."""

    def __init__(self) -> None:
        self._recorded: dict[Look, datetime] = {}
        self._lock = threading.Lock()

    def has(self, look: Look, now: datetime) -> bool:
        """Return whether this very look was recorded within ten minutes."""
        at = self._recorded.get(look)
        return at is not None and at <= now < at + ONE_LOOK

    def keep(self, look: Look, now: datetime) -> None:
        """Remember a look whose row is in the store; the oldest go first."""
        with self._lock:
            self._recorded.pop(look, None)
            self._recorded[look] = now
            while len(self._recorded) > MOST_KEPT:
                del self._recorded[next(iter(self._recorded))]


def look_of(act: AuditContext, *what: object) -> Look:
    """Return what makes two looks the same: the person, from where and in which role, and the thing."""
    return (act.actor, act.role, act.client, *what)
