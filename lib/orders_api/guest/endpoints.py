"""The guest calls over HTTP (contract, sections 4 and 6): a transaction each, one answer to all failures."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from lib.orders_api.domain.errors import InvalidCodeError, UnauthenticatedError
from lib.orders_api.domain.tokens import Role
from lib.orders_api.guest import issuing, service
from lib.orders_api.guest.schemas import AccessCodeAnswer, AccessCodeProof, AccessCodeRequest, AccessGrant
from lib.orders_api.http import paths
from lib.orders_api.http.dependencies import (
    NOBODY_TOO,
    Anybody,
    ApiParts,
    GuestBearer,
    SignedIn,
    Throttle,
    act_of,
    no_query,
)
from lib.orders_api.orders.schemas import OrderDetail

paths.register()
router = APIRouter(prefix="/v1/guest", tags=["guest access"], dependencies=[Depends(no_query)])


def access_token(bearer: GuestBearer) -> str:
    """Return the guest's access token.

    Raises:
        UnauthenticatedError: no bearer token was sent at all.
    """
    if bearer is None:
        raise UnauthenticatedError
    return bearer.credentials


GuestToken = Annotated[str, Depends(access_token)]


@router.post(
    "/access-codes",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(Throttle("access codes", 30))],
    openapi_extra=NOBODY_TOO,
)
def request_access_code(
    request: Request, api: ApiParts, principal: Anybody, body: AccessCodeRequest
) -> AccessCodeAnswer:
    """Ask for a one-time code; the answer is the same whatever was sent."""
    with api.database.writing() as session:
        issuing.keep_request(session, api, act_of(request, api, principal), body)
    return AccessCodeAnswer()


@router.post(
    "/access-codes/verify", dependencies=[Depends(Throttle("verifications", 30))], openapi_extra=NOBODY_TOO
)
def verify_access_code(
    request: Request, api: ApiParts, principal: Anybody, body: AccessCodeProof
) -> AccessGrant:
    """Prove with a one-time code that an order is one's own."""
    with api.database.writing() as session:
        grant = service.verify_code(session, api, act_of(request, api, principal), body)
    # Raised only now: a wrong attempt has to stay counted.
    if grant is None:
        raise InvalidCodeError
    return grant


@router.get("/order")
def get_by_access_token(api: ApiParts, token: GuestToken) -> OrderDetail:
    """Return the one order that an access token opens."""
    with api.database.reading() as session:
        return service.order_by_access_token(session, api, token)


@router.delete("/order", status_code=HTTPStatus.NO_CONTENT, response_class=Response)
def end_guest_access(request: Request, api: ApiParts, token: GuestToken) -> None:
    """End an access token at once."""
    with api.database.writing() as session:
        service.end_access(session, api, act_of(request, api, None), token)


staff_router = APIRouter(prefix="/v1/orders", tags=["guest access"], dependencies=[Depends(no_query)])

MAY_UNLOCK = (Role.SUPERVISOR, Role.ADMIN)


@staff_router.post(
    "/{order_number:text}/unlock-guest-access", status_code=HTTPStatus.NO_CONTENT, response_class=Response
)
def unlock_guest_access(request: Request, api: ApiParts, principal: SignedIn, order_number: str) -> None:
    """Unlock an order's codes after too many wrong ones."""
    principal.require(*MAY_UNLOCK)
    with api.database.writing() as session:
        service.unlock(session, act_of(request, api, principal), order_number)
