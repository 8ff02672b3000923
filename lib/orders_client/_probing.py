"""Asks in ways that change nothing, and judges by the answers what of the contract an API has."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic.alias_generators import to_snake

from . import _guest_calls, _order_calls, _report_calls
from ._answers import SERVER_ERROR, Answer
from ._call import NOT_THERE, Call, nothing
from ._filters import misfits
from .capabilities import ALL_SORTS
from .errors import UnexpectedResponse
from .models import OrderListItem, OrderPage

LOOKED_AT = 20
_AGO, _AHEAD = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_RARE = {
    "status": ("REFUNDED", "CANCELLED", "PROCESSING", "CONFIRMED"),
    "payment_status": ("FAILED", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED"),
    "fulfillment_status": ("RETURNED", "PARTIALLY_FULFILLED", "FULFILLED"),
    "country": ("AQ", "TV", "NR"),
    "currency": ("ISK", "MNT", "FJD"),
}
"""Values to ask for, of which one is taken that no order on the first page has."""


def first_page(query: Mapping[str, Any]) -> Call[OrderPage]:
    """Ask for the first page of the orders that a query names."""
    return _order_calls.list_orders(1, LOOKED_AT, **query)


def page_of(answer: Answer | None) -> OrderPage | None:
    """Return the page that is answered; None where it is none."""
    try:
        return first_page({}).read(answer) if answer is not None and answer.succeeded else None
    except UnexpectedResponse:
        return None


def unknown_number() -> str:
    """Return an order number that no order has."""
    return f"no-such-order-{secrets.token_hex(8)}"


def reads(order_number: str | None) -> list[Call[Any]]:
    """Return calls that only read: where one answers that there is no such thing, the call is not there.

    Without an order, there is no timeline and no other order to ask for.
    """
    now = datetime.now(UTC)
    calls: list[Call[Any]] = [
        _report_calls.status_counts(),
        _report_calls.daily(now - timedelta(days=1), now),
        _report_calls.pending_age(),
        _report_calls.by_country(),
        _report_calls.by_currency(),
        _report_calls.flow(now.date(), now.date()),
        _report_calls.cards(),
        _report_calls.time_in_status(),
        _report_calls.contradictions(),
        _report_calls.alarms(),
        _report_calls.list_audit(1, 1),
        _report_calls.list_preferences(),
        _order_calls.export(created_from=_AHEAD),
        _guest_calls.end_guest_access(secrets.token_hex(16)),
    ]
    if order_number:
        calls += [_order_calls.timeline(order_number), _order_calls.related(order_number)]
    return calls


def acts() -> list[Call[Any]]:
    """Return acts on an order that is not there, so that nothing happens; the last is one that no API has."""
    number = unknown_number()
    return [
        _order_calls.add_note(number, ""),
        _order_calls.pin_note(number, 0),
        _order_calls.reveal(number, ""),
        _order_calls.change_contact(number, reason=""),
        _order_calls.resend_confirmation(number),
        _order_calls.unlock_guest_access(number),
        no_such_act(number),
    ]


def every_call() -> list[Call[Any]]:
    """Return all calls that an API need not have, each as it would be made of some order."""
    number = unknown_number()
    changes = [_order_calls.set_status(number, "CONFIRMED"), _order_calls.create({})]
    return [*reads(number), *acts()[:-1], *changes]


def no_such_act(order_number: str) -> Call[None]:
    """Ask for something that no API does, to see how it says so."""
    return Call("POST", "/v1/orders/{orderNumber}/no-such-call", nothing, order_number, body={})


def is_trouble(answer: Answer) -> bool:
    """Tell whether an answer says nothing but that the API has troubles now."""
    return answer.status == 429 or (answer.status >= SERVER_ERROR and answer.status not in NOT_THERE)


def is_there(answer: Answer | None) -> bool:
    """Tell whether a call that reads is answered as one that is there."""
    return answer is None or answer.status not in NOT_THERE


def is_known(answer: Answer | None, control: Answer | None) -> bool:
    """Tell whether an act is answered otherwise than one that no API has."""
    if answer is None or control is None:
        return True
    if answer.status == 404 and answer.code != "ORDER_NOT_FOUND":
        return False
    return answer.status not in {405, 501} and (answer.status, answer.code) != (control.status, control.code)


def queries(page: OrderPage) -> list[dict[str, Any]]:
    """Return queries that nothing fits, if possible, so that what comes back shows if they were heeded."""
    bounds = {"created_from": _AHEAD, "created_to": _AGO, "min_total": 10**9, "max_total": "-1"}
    others = {**bounds, "q": secrets.token_hex(12)}
    return [
        *({name: _absent(name, values, page.items)} for name, values in _RARE.items()),
        *({name: value} for name, value in others.items()),
        *({"sort": _other_way(sort, page.items)} for sort in sorted(ALL_SORTS)),
    ]


def _absent(name: str, values: Sequence[str], orders: Sequence[OrderListItem]) -> str:
    """Return a value that no order has, else the first."""
    return next(
        (value for value in values if all(misfits(each, {name: value}) for each in orders)), values[0]
    )


def _other_way(sort: str, orders: Sequence[OrderListItem]) -> str:
    """Return a sort, rising or falling, in which orders do not stand yet."""
    values = [getattr(order, to_snake(sort)) for order in orders]
    return f"-{sort}" if None not in values and values == sorted(values) else sort


def can_show(query: Mapping[str, Any], page: OrderPage) -> bool:
    """Tell whether the first page without a query lets one see whether it is heeded."""
    if "sort" not in query:
        return bool(page.items)
    name = to_snake(query["sort"].lstrip("-"))
    return len({getattr(order, name) for order in page.items} - {None}) > 1


def is_heeded(query: Mapping[str, Any], answer: Answer | None, page: OrderPage) -> bool:
    """Tell whether `list` did what a query says, as far as the first page without it can show that."""
    if answer is None or is_trouble(answer) or not can_show(query, page):
        return True
    found = page_of(answer)
    if found is None:
        return False
    if "sort" in query:
        return _in_another_order(found.items, page.items)
    return not any(misfits(order, query) or "q" in query for order in found.items)


def _in_another_order(found: Sequence[OrderListItem], before: Sequence[OrderListItem]) -> bool:
    """Tell whether rows come otherwise than before; new orders may have come in between."""
    numbers, known = [each.order_number for each in found], [each.order_number for each in before]
    common = [number for number in numbers if number in known]
    stayed = len(common) * 2 > len(known) and common == [number for number in known if number in common]
    return not stayed
