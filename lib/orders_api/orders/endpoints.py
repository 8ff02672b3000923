"""The calls on orders over HTTP (contract, section 4): who may call, and one transaction for each."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Concatenate, ParamSpec
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import OrderNotFoundError
from lib.orders_api.domain.tokens import Principal, Role
from lib.orders_api.domain.wire import RequestModel, WireModel, format_time
from lib.orders_api.http import idempotency, paths
from lib.orders_api.http.dependencies import (
    ApiParts,
    SignedIn,
    Throttle,
    act_of,
    no_query,
    record_look,
    search_detail,
)
from lib.orders_api.orders import schemas as wire
from lib.orders_api.orders import service, staff_service
from lib.orders_api.store.api import Api
from lib.orders_api.store.order_query.filters import OrderListQuery

P = ParamSpec("P")

paths.register()
router = APIRouter(prefix="/v1/orders", tags=["orders"])
_no_query = [Depends(no_query)]

MAY_ACT = (Role.SUPPORT, Role.SUPERVISOR, Role.ADMIN)

IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")
]


@dataclass(frozen=True)
class RepeatableCall:
    """A change of orders, by whom, and under which key it may come again."""

    request: Request
    api: Api
    principal: Principal
    key: str | None

    def run(
        self,
        work: Callable[Concatenate[Session, service.Caller, P], WireModel],
        *of: P.args,
        **more: P.kwargs,
    ) -> Response:
        """Do `work` in one transaction, or give its first answer again where the call comes again."""
        request, call = self.request, None
        asked = "".join(each.model_dump_json() for each in of if isinstance(each, RequestModel))
        if self.key is not None:
            call = idempotency.Repeatable.of(
                self.principal.actor, self.key, request.method, request.url.path, asked
            )

        def answered(session: Session) -> Response:
            by = service.Caller(self.api, self.principal, act_of(request, self.api, self.principal))
            status = request.scope["route"].status_code or HTTPStatus.OK
            return json_answer(work(session, by, *of, **more), status)

        return idempotency.run(self.api, call, request.state.request_id, answered)


async def _repeatable(
    request: Request, api: ApiParts, principal: SignedIn, idempotency_key: IdempotencyKey = None
) -> RepeatableCall:
    return RepeatableCall(request, api, principal, idempotency_key)


Repeating = Annotated[RepeatableCall, Depends(_repeatable)]


@router.get("", response_model=wire.OrderPage)
def list_orders(
    request: Request, api: ApiParts, principal: SignedIn, query: Annotated[OrderListQuery, Query()]
) -> Response:
    """List orders: all for staff, their own for customers."""
    query.allow_any_part(not principal.is_staff or api.settings.pii_policy == "open")
    with api.database.reading(searching=bool(query.q)) as session:
        page, only = service.list_orders(session, principal, query)
    record_look(request, api, principal, "order.list", order=only, detail=search_detail(api, query, only))
    return json_answer(page)


@router.get("/{order_number:text}/timeline")
def get_timeline(
    api: ApiParts, principal: SignedIn, order_number: str, query: Annotated[wire.TimelineQuery, Query()]
) -> wire.Timeline:
    """Tell staff what happened to an order, newest first; `include=pins` which notes are pinned."""
    principal.require(*Role)
    with api.database.reading() as session:
        return service.get_timeline(session, principal, order_number, pins=query.include == "pins")


@router.get("/{order_number:text}/related", dependencies=_no_query)
def get_related(
    request: Request, api: ApiParts, principal: SignedIn, order_number: str
) -> wire.RelatedOrders:
    """List the newest other orders of an order's customer to staff, masked as in any list."""
    principal.require(*Role)
    with api.database.reading() as session:
        order = service.find_order(session, principal, order_number)
        found = service.related_to(session, order)
    record_look(request, api, principal, "order.related", order=order)
    return found


@router.get("/{order_number:text}", response_model=wire.OrderDetail, dependencies=_no_query)
def get_order(request: Request, api: ApiParts, principal: SignedIn, order_number: str) -> Response:
    """Return one order; headers tell staff until when its contact data is shown, where it is."""
    try:
        with api.database.reading() as session:
            seen = service.look_at(session, api, principal, order_number)
    except OrderNotFoundError:
        record_look(request, api, principal, "order.view", "NOT_FOUND")
        raise
    contact = "contact masked" if seen.detail.contact_masked else "contact in the clear"
    record_look(request, api, principal, "order.view", order=seen.order, detail=contact)
    answer = json_answer(seen.detail)
    answer.headers.update(contact_headers(seen))
    return answer


@router.post("", status_code=HTTPStatus.CREATED, response_model=wire.OrderDetail, dependencies=_no_query)
def create_order(call: Repeating, body: wire.OrderCreate) -> Response:
    """Store a new order, and queue its confirmation email."""
    call.principal.require(Role.ADMIN)
    return call.run(service.create_order, body)


@router.post("/{order_number:text}/cancel", response_model=wire.OrderDetail, dependencies=_no_query)
def cancel_order(
    call: Repeating, order_number: str, body: Annotated[wire.OrderCancel | None, Body()] = None
) -> Response:
    """Cancel an order while it is PENDING."""
    if call.principal.is_staff:
        call.principal.require(*MAY_ACT)
    return call.run(service.cancel_order, order_number, body or wire.OrderCancel())


@router.post("/{order_number:text}/status", response_model=wire.OrderDetail, dependencies=_no_query)
def set_status(call: Repeating, order_number: str, body: wire.StatusChange) -> Response:
    """Move an order to a status that may follow its current one."""
    call.principal.require(Role.ADMIN)
    return call.run(service.set_status, order_number, body)


@router.post(
    "/{order_number:text}/notes",
    status_code=HTTPStatus.CREATED,
    response_model=wire.TimelineItem,
    dependencies=_no_query,
)
def add_note(call: Repeating, order_number: str, body: wire.NoteCreate) -> Response:
    """Add a note to the timeline; the answer is the new entry."""
    call.principal.require(*MAY_ACT)
    return call.run(staff_service.add_note, order_number, body)


@router.patch("/{order_number:text}/notes", response_model=wire.Note, dependencies=_no_query)
def pin_note(
    request: Request, api: ApiParts, principal: SignedIn, order_number: str, body: wire.NotePin
) -> wire.TimelineItem:
    """Pin a note on top of the order's page, or take its pin away."""
    principal.require(*MAY_ACT)
    with api.database.writing() as session:
        by = service.Caller(api, principal, act_of(request, api, principal))
        return staff_service.pin_note(session, by, order_number, body)


@router.post("/{order_number:text}/reveal", dependencies=_no_query)
def reveal(
    request: Request,
    response: Response,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: wire.Reveal,
) -> wire.OrderDetail:
    """Show the order's contact data to this staff member for 30 minutes; the reason is kept.

    It takes no Idempotency-Key: a kept answer would show contact data after their time. Each call is another
    reveal, with rows of its own.
    """
    principal.require(*MAY_ACT)
    with api.database.writing() as session:
        by = service.Caller(api, principal, act_of(request, api, principal))
        seen = staff_service.reveal(session, by, order_number, body)
    response.headers.update(contact_headers(seen))
    return seen.detail


@router.patch("/{order_number:text}/contact", response_model=wire.OrderDetail, dependencies=_no_query)
def change_contact(call: Repeating, order_number: str, body: wire.ContactChange) -> Response:
    """Put a wrong email or phone right; the reason is kept, and an old email address is told."""
    call.principal.require(*MAY_ACT)
    return call.run(staff_service.change_contact, order_number, body)


@router.post(
    "/{order_number:text}/resend-confirmation",
    status_code=HTTPStatus.ACCEPTED,
    response_model=wire.Resent,
    dependencies=[*_no_query, Depends(Throttle("confirmations", 30))],
)
def resend_confirmation(call: Repeating, order_number: str) -> Response:
    """Queue the confirmation email again; once a minute and five times a day for each order."""
    call.principal.require(*MAY_ACT)
    return call.run(staff_service.resend_confirmation, order_number)


def contact_headers(seen: service.OrderView) -> dict[str, str]:
    """Return until when a staff member sees contact data, by which act, and their caller is verified."""
    headers: dict[str, str] = {}
    if seen.shown is not None:
        headers |= {
            "X-Contact-Shown-Until": format_time(seen.shown.until),
            "X-Contact-Shown-By": seen.shown.by,
        }
    if seen.verified_until is not None:
        headers["X-Caller-Verified-Until"] = format_time(seen.verified_until)
    return headers


def json_answer(answer: WireModel, status: int = HTTPStatus.OK) -> Response:
    """Return an answer that can be kept for a repeated call; that of `create` says where the order is."""
    headers = {}
    if isinstance(answer, wire.OrderDetail) and status == HTTPStatus.CREATED:
        headers["Location"] = f"/v1/orders/{quote(answer.order_number, safe='')}"
    return Response(answer.model_dump_json(by_alias=True), status, headers, "application/json")
