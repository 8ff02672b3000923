"""Checks the seven calls of the contract's core, one function each; without `--write` it changes nothing."""

import secrets
from functools import partial
from typing import Any

from . import _guest_calls, _order_calls
from ._answers import Answer
from ._call import NOT_THERE, Call
from ._encoding import path_segment
from ._findings import Finding, by_shape, by_status, different, found, missing, not_given, there, untried
from ._probing import LOOKED_AT, unknown_number
from ._subject import Subject
from .models import OrderDetail, OrderListItem, OrderPage, SeenBy, TrackedOrder

FAR = 1_000_000
NOBODYS_EMAIL = "nobody@example.invalid"
IN_HEADERS = frozenset(field.alias or name for name, field in SeenBy.model_fields.items())


def check_core(subject: Subject) -> list[Finding]:
    """Check all seven."""
    checks = {
        "list": _check_list,
        "get": _check_get,
        "cancel": _cancel_one if subject.write else _cancel_none,
        "track": _check_track,
        "request_access_code": _check_request,
        "verify_access_code": _check_verify,
        "get_by_access_token": _check_guest_order,
    }
    return [found(name, partial(check, subject)) for name, check in checks.items()]


def _check_list(subject: Subject, name: str) -> Finding:
    answer = subject.first_page
    if answer.status in (401, 403):
        return different(name, f"answered {answer.status}; expected: 200 (by --token, give one that may)")
    finding = by_status(name, answer, 200) or by_shape(name, answer, OrderPage, _ASKED)
    if not finding.holds or subject.page is None:
        return finding
    if len(subject.numbers) > LOOKED_AT:
        return different(name, f"items: `limit` of them at most, {LOOKED_AT}")
    second, far = (subject.ask(_order_calls.list_orders(page, LOOKED_AT)) for page in (2, FAR))
    if subject.page.total > LOOKED_AT and second.problem.get("items") == answer.problem["items"]:
        return different(name, "items: others on page 2 than on page 1")
    if far.status != 200 or far.problem.get("items") != []:
        return different(name, "items: none on a page past the end, and status 200")
    rows = answer.problem["items"] or [None]
    return there(name, *not_given(OrderPage, answer.problem), *not_given(OrderListItem, rows[0]))


_ASKED = {"page": 1, "limit": LOOKED_AT}


def _check_get(subject: Subject, name: str) -> Finding:
    if not subject.numbers:
        return untried(name, "`list` shows no orders")
    if subject.unknown_order.succeeded:
        return different(name, "an order for a number that no order has; expected: 404")
    number = next((each for each in subject.numbers if "/" in each), subject.numbers[0])
    answer = subject.ask(_order_calls.get(number))
    if answer.status == 404:
        sent = path_segment(number)
        return different(name, f"answered 404 for a number of the list; it was sent as {sent}")
    finding = by_status(name, answer, 200) or by_shape(name, answer, OrderDetail)
    if not finding.holds:
        return finding
    if answer.problem.get("orderNumber") != number:
        return different(name, "orderNumber: that of the order that was asked for")
    return there(name, *finding.remarks, *not_given(OrderDetail, answer.problem, IN_HEADERS))


def _cancel_none(subject: Subject, name: str) -> Finding:
    """Cancel an order that is not there, so that nothing happens."""
    answer = subject.ask(_order_calls.cancel(unknown_number(), notify=False))
    known, beside = subject.unknown_order.code, subject.unknown_act.code
    if finding := by_status(name, answer, 404):
        return finding
    if answer.code == known != beside:
        return there(name, "tried on no order only; --write cancels one")
    if answer.code == beside != known:
        return missing(name, "answered 404, like a call that no API has")
    return untried(name, "an unknown order is answered like an unknown call; --write cancels an order")


def _cancel_one(subject: Subject, name: str) -> Finding:
    """Cancel an order that was made for it, else the newest that is PENDING; and once more."""
    number = subject.pending_number
    if number is None:
        return untried(name, "there is no PENDING order on the first page")
    answer, again = (
        subject.ask(_order_calls.cancel(number, "OTHER", notify=False)) for _ in ("once", "again")
    )
    finding = by_status(name, answer, 200) or by_shape(name, answer, OrderDetail)
    if not finding.holds or answer.status != 200:
        return finding
    if answer.problem.get("status") != "CANCELLED":
        return different(name, "status: CANCELLED after cancelling")
    if again.status != 409:
        return different(name, f"answered {again.status} to cancelling again; expected: 409")
    return finding


def _check_track(subject: Subject, name: str) -> Finding:
    token = subject.order.tracking_token if subject.order else None
    if token is None:
        return _track_nothing(subject, name)
    answer = subject.ask(_guest_calls.track(token), as_nobody=True)
    finding = by_status(name, answer, 200) or by_shape(name, answer, TrackedOrder)
    if not finding.holds:
        return finding
    contracts = {field.alias for field in TrackedOrder.model_fields.values()}
    more = ", ".join(sorted(set(answer.problem) - contracts))
    shown = [f"shows more to whoever has the link: {more}"] if more else []
    return there(name, *shown, *not_given(TrackedOrder, answer.problem))


def _track_nothing(subject: Subject, name: str) -> Finding:
    """Track by a token that no order has, where no other is known."""
    call = _guest_calls.track(secrets.token_hex(16))
    answer = subject.ask(call, as_nobody=True)
    if answer.code != "TRACKING_NOT_FOUND" and answer.status == 404 and subject.is_as_unknown(call, answer):
        return untried(name, "an unknown token is answered like an unknown call; `get` gives no other")
    if answer.status in (405, 501):
        return missing(name, f"answered {answer.status}")
    why = "404 for a token that no order has"
    return _expected(name, answer, 404, why) or there(name, "tried with an unknown token: `get` gives none")


def _check_request(subject: Subject, name: str) -> Finding:
    call = _guest_calls.request_access_code(unknown_number(), NOBODYS_EMAIL)
    answer = subject.ask(call, as_nobody=True)
    if answer.succeeded and answer.status != 202:
        return there(name, f"answered {answer.status}; expected: 202")
    why = "202 for every pair, so that nobody learns which orders there are"
    return _guest_finding(subject, name, call, answer, 202, why)


def _check_verify(subject: Subject, name: str) -> Finding:
    call = _guest_calls.verify_access_code(unknown_number(), NOBODYS_EMAIL, "000000")
    answer = subject.ask(call, as_nobody=True)
    return _guest_finding(subject, name, call, answer, 401, "401 for every failure, of an unknown order, too")


def _check_guest_order(subject: Subject, name: str) -> Finding:
    call = _guest_calls.get_by_access_token(secrets.token_hex(16))
    return _guest_finding(subject, name, call, subject.ask(call), 401, "401 for a token that opens nothing")


def _guest_finding(
    subject: Subject, name: str, call: Call[Any], answer: Answer, expected: int, why: str
) -> Finding:
    if answer.status in NOT_THERE and subject.is_as_unknown(call, answer):
        return missing(name, f"answered {answer.status}")
    return _expected(name, answer, expected, why) or there(name)


def _expected(name: str, answer: Answer, status: int, why: str) -> Finding | None:
    if answer.status == status:
        return None
    return different(name, f"answered {answer.status}; expected: {why}")
