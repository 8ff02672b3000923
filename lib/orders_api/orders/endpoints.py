"""The calls on orders over HTTP (contract, section 4): who may call, and one transaction for each."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import OrderNotFoundError
from lib.orders_api.domain.tokens import Principal, Role
from lib.orders_api.domain.wire import WireModel, format_time
from lib.orders_api.http import idempotency, paths
from lib.orders_api.http.dependencies import ApiParts, SignedIn, act_of, no_query, record_look, search_detail
from lib.orders_api.orders import service
from lib.orders_api.orders.schemas import (
    OrderCancel,
    OrderCreate,
    OrderDetail,
    OrderPage,
    RelatedOrders,
    StatusChange,
    Timeline,
    TimelineQuery,
)
from lib.orders_api.store.api import Api
from lib.orders_api.store.order_query.filters import OrderListQuery

paths.register()
router = APIRouter(prefix="/v1/orders", tags=["orders"])
_no_query = [Depends(no_query)]

MAY_CANCEL = (Role.SUPPORT, Role.SUPERVISOR, Role.ADMIN)

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$"),
]


@router.get("", response_model=OrderPage)
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
    api: ApiParts, principal: SignedIn, order_number: str, query: Annotated[TimelineQuery, Query()]
) -> Timeline:
    """Tell staff what happened to an order, newest first; `include=pins` which notes are pinned."""
    principal.require(*Role)
    with api.database.reading() as session:
        return service.get_timeline(session, principal, order_number, pins=query.include == "pins")


@router.get("/{order_number:text}/related", dependencies=_no_query)
def get_related(request: Request, api: ApiParts, principal: SignedIn, order_number: str) -> RelatedOrders:
    """List the newest other orders of an order's customer to staff, masked as in any list."""
    principal.require(*Role)
    with api.database.reading() as session:
        order = service.find_order(session, principal, order_number)
        found = service.related_to(session, order)
    record_look(request, api, principal, "order.related", order=order)
    return found


@router.get("/{order_number:text}", response_model=OrderDetail, dependencies=_no_query)
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


@router.post("", status_code=HTTPStatus.CREATED, response_model=OrderDetail, dependencies=_no_query)
def create_order(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    body: OrderCreate,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Store a new order, and queue its confirmation email."""
    principal.require(Role.ADMIN)

    def work(session: Session) -> Response:
        order = service.create_order(session, api, principal, act_of(request, api, principal), body)
        answer = json_answer(order, HTTPStatus.CREATED)
        answer.headers["Location"] = f"/v1/orders/{quote(order.order_number, safe='')}"
        return answer

    return run_repeatable(request, api, principal, idempotency_key, body.model_dump_json(), work)


@router.post("/{order_number:text}/cancel", response_model=OrderDetail, dependencies=_no_query)
def cancel_order(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: Annotated[OrderCancel | None, Body()] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Cancel an order while it is PENDING."""
    if principal.is_staff:
        principal.require(*MAY_CANCEL)
    asked = body or OrderCancel()

    def work(session: Session) -> Response:
        act = act_of(request, api, principal)
        return json_answer(service.cancel_order(session, api, principal, act, order_number, asked))

    return run_repeatable(request, api, principal, idempotency_key, asked.model_dump_json(), work)


@router.post("/{order_number:text}/status", response_model=OrderDetail, dependencies=_no_query)
def set_status(
    request: Request,
    api: ApiParts,
    principal: SignedIn,
    order_number: str,
    body: StatusChange,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Move an order to a status that may follow its current one."""
    principal.require(Role.ADMIN)

    def work(session: Session) -> Response:
        act = act_of(request, api, principal)
        return json_answer(service.set_status(session, api, principal, act, order_number, body))

    return run_repeatable(request, api, principal, idempotency_key, body.model_dump_json(), work)


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


def json_answer(answer: WireModel, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return an answer that can be kept for a repeated call."""
    return Response(answer.model_dump_json(by_alias=True), status, media_type="application/json")


def run_repeatable(
    request: Request,
    api: Api,
    principal: Principal,
    key: str | None,
    body: str,
    work: Callable[[Session], Response],
) -> Response:
    """Do `work`, or give its first answer again where the caller repeats a call under a key."""
    call = None
    if key is not None:
        call = idempotency.Repeatable.of(principal.actor, key, request.method, request.url.path, body)
    answer = idempotency.run(api, call, request.state.request_id, work)
    return answer
