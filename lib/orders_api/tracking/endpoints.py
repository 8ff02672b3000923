"""Tracking over HTTP: the call for programs, and the small public page for people (contract, section 4)."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from lib.orders_api.domain.errors import RateLimitedError, TrackingNotFoundError
from lib.orders_api.domain.tokens import Principal
from lib.orders_api.http import paths
from lib.orders_api.http.dependencies import NOBODY_TOO, Anybody, ApiParts, Throttle, act_of, no_query
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import record
from lib.orders_api.tracking import page, service
from lib.orders_api.tracking.schemas import TrackedOrder

paths.register()
router = APIRouter(tags=["tracking"])

_throttle = Throttle("trackings", 60)


@router.get(
    "/v1/track/{token:text}", dependencies=[Depends(no_query), Depends(_throttle)], openapi_extra=NOBODY_TOO
)
def track(request: Request, api: ApiParts, principal: Anybody, token: str) -> TrackedOrder:
    """Return what the customer with this tracking token sees."""
    return _track(request, api, principal, token)


def _track(request: Request, api: Api, principal: Principal | None, token: str) -> TrackedOrder:
    tracked, order_id = None, None
    with api.database.reading() as session, suppress(TrackingNotFoundError):
        tracked, order_id = service.track(session, token)
    if principal is not None and principal.is_staff:
        outcome = "OK" if tracked else "NOT_FOUND"
        with api.database.writing() as session:
            record(session, act_of(request, api, principal), "order.track", outcome, order_id)
    if tracked is None:
        raise TrackingNotFoundError
    return tracked


def page_limit(request: Request, api: ApiParts) -> bool:
    """Return whether this address may look at one more page now."""
    try:
        _throttle(request, api, None)
    except RateLimitedError:
        return False
    return True


@router.get("/track/{token:text}", include_in_schema=False)
def tracking_page(
    request: Request, api: ApiParts, token: str, allowed: Annotated[bool, Depends(page_limit)]
) -> Response:
    """Show people what their tracking token shows."""
    if not allowed:
        return page.too_many()
    try:
        return page.tracked(_track(request, api, None, token))
    except TrackingNotFoundError:
        return page.not_found()
