"""What staff do on an order besides changing it, over HTTP: who may call, and one transaction for each."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from lib.orders_api.domain.tokens import Role
from lib.orders_api.http import paths
from lib.orders_api.http.dependencies import ApiParts, SignedIn, Throttle, act_of, no_query
from lib.orders_api.orders import contact_service, staff_service
from lib.orders_api.orders.endpoints import IdempotencyKey, contact_headers, json_answer, run_repeatable
from lib.orders_api.orders.schemas import (
    ContactChange,
    Note,
    NoteCreate,
    NotePin,
    OrderDetail,
    Resent,
    Reveal,
    TimelineItem,
)

paths.register()
router = APIRouter(prefix="/v1/orders", tags=["orders"], dependencies=[Depends(no_query)])

MAY_ACT = (Role.SUPPORT, Role.SUPERVISOR, Role.ADMIN)


@router.post("/{order_number:text}/notes", status_code=HTTPStatus.CREATED, response_model=TimelineItem)
def add_note(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: NoteCreate,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Add a note to the timeline; the answer is the new entry."""
    principal.require(*MAY_ACT)

    def work(session: Session) -> Response:
        act = act_of(request, api, principal)
        return json_answer(
            staff_service.add_note(session, principal, act, order_number, body), HTTPStatus.CREATED
        )

    return run_repeatable(request, api, principal, idempotency_key, body.model_dump_json(), work)


@router.patch("/{order_number:text}/notes", response_model=Note)
def pin_note(
    request: Request, api: ApiParts, principal: SignedIn, order_number: str, body: NotePin
) -> TimelineItem:
    """Pin a note on top of the order's page, or take its pin away."""
    principal.require(*MAY_ACT)
    with api.database.writing() as session:
        act = act_of(request, api, principal)
        return staff_service.pin_note(session, principal, act, order_number, body)


@router.post("/{order_number:text}/reveal")
def reveal(
    request: Request,
    response: Response,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: Reveal,
) -> OrderDetail:
    """Show the order's contact data to this staff member for 30 minutes; the reason is kept.

    It takes no Idempotency-Key: a kept answer would show contact data after their time. Each call is another
    reveal, with rows of its own.
    """
    principal.require(*MAY_ACT)
    with api.database.writing() as session:
        act = act_of(request, api, principal)
        seen = staff_service.reveal(session, api, principal, act, order_number, body)
    response.headers.update(contact_headers(seen))
    return seen.detail


@router.patch("/{order_number:text}/contact", response_model=OrderDetail)
def change_contact(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: ContactChange,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Put a wrong email or phone right; the reason is kept, and an old email address is told."""
    principal.require(*MAY_ACT)

    def work(session: Session) -> Response:
        act = act_of(request, api, principal)
        return json_answer(contact_service.change_contact(session, api, principal, act, order_number, body))

    return run_repeatable(request, api, principal, idempotency_key, body.model_dump_json(), work)


@router.post(
    "/{order_number:text}/resend-confirmation",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Resent,
    dependencies=[Depends(Throttle("confirmations", 30))],
)
def resend_confirmation(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Queue the confirmation email again; once a minute and five times a day for each order."""
    principal.require(*MAY_ACT)

    def work(session: Session) -> Response:
        act = act_of(request, api, principal)
        staff_service.resend_confirmation(session, api, principal, act, order_number)
        return json_answer(Resent(), HTTPStatus.ACCEPTED)

    return run_repeatable(request, api, principal, idempotency_key, "", work)
