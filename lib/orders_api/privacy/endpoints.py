"""Customers' own data over HTTP, for supervisors; the desk's own calls, and not of the contract."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, act_of, no_query
from lib.orders_api.privacy import repository, service
from lib.orders_api.privacy.schemas import PrivacyAsk, PrivacyItem, PrivacyPreview, PrivacyRegister
from lib.orders_api.store.tables.privacy import PrivacyRequest

MAY_ASK = (Role.SUPERVISOR, Role.ADMIN)

RequestId = Annotated[int, Path(ge=1, le=2**62)]

router = APIRouter(prefix="/v1/privacy-requests", include_in_schema=False, dependencies=[Depends(no_query)])


@router.get("")
def register(api: ApiParts, principal: SignedIn) -> PrivacyRegister:
    """Return the register, open requests first."""
    principal.require(*MAY_ASK)
    with api.database.reading() as session:
        return PrivacyRegister(items=[_item(each) for each in repository.newest(session)])


@router.post("", status_code=HTTPStatus.CREATED)
def ask(request: Request, api: ApiParts, principal: SignedIn, body: PrivacyAsk) -> PrivacyItem:
    """Put a customer's request in the register."""
    principal.require(*MAY_ASK)
    with api.database.writing() as session:
        return _item(service.ask(session, api, act_of(request, api, principal), body))


@router.get("/{request_id}")
def preview(api: ApiParts, principal: SignedIn, request_id: RequestId) -> PrivacyPreview:
    """Return how much a request is about."""
    principal.require(*MAY_ASK)
    with api.database.reading() as session:
        return service.preview(session, api, request_id)


@router.post("/{request_id}/copy")
def make_copy(request: Request, api: ApiParts, principal: SignedIn, request_id: RequestId) -> Response:
    """Return the file for the customer."""
    principal.require(*MAY_ASK)
    with api.database.writing() as session:
        made = service.make_copy(session, api, act_of(request, api, principal), request_id)
    return Response(made, media_type="application/zip", headers={"Cache-Control": "no-store"})


@router.post("/{request_id}/confirm")
def confirm(request: Request, api: ApiParts, principal: SignedIn, request_id: RequestId) -> PrivacyItem:
    """Confirm that a customer is to be forgotten, as the second pair of eyes."""
    principal.require(Role.ADMIN)
    with api.database.writing() as session:
        return _item(service.confirm(session, api, act_of(request, api, principal), request_id))


def _item(request: PrivacyRequest) -> PrivacyItem:
    return PrivacyItem.model_validate(request, from_attributes=True)
