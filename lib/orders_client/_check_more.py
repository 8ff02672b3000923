"""Checks the calls beyond the contract's core; without `--write` it changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from . import _order_calls
from ._call import Call, nothing
from ._existence import NOT_THERE
from ._findings import Finding, by_status, different, found, missing, there, untried
from ._probing import acts, is_known, is_trouble, reads, unknown_number
from ._subject import Subject
from .errors import UnexpectedResponse

NOTE = "A test of the API"


def check_more(subject: Subject) -> list[Finding]:
    """Check each call."""
    findings = [
        found(str(call.more), partial(_check_read, subject, call))
        for call in reads(next(iter(subject.numbers), None))
    ]
    if not subject.numbers:
        findings += [untried(name, "`list` shows no orders") for name in ("timeline", "related")]
    setting = _order_calls.set_status(unknown_number(), "CONFIRMED")
    findings += [
        found(str(call.more), partial(_check_act, subject, call)) for call in [*acts()[:-1], setting]
    ]
    return [*findings, found("create", partial(_check_create, subject))]


def _check_read(subject: Subject, call: Call[Any], name: str) -> Finding:
    answer = subject.ask(call)
    if call.method == "DELETE":  # of a guest's token that opens nothing
        return by_status(name, answer, 401) or there(name)
    if finding := by_status(name, answer, call.status):
        return finding
    if call.streamed:
        kind = answer.headers.get("content-type", "none")
        return there(name) if "csv" in kind else different(name, f"Content-Type: text/csv, not {kind}")
    try:
        call.read(answer)
    except UnexpectedResponse as error:
        return different(name, f"{error.field}: {error.expected}")
    return there(name)


def _check_act(subject: Subject, call: Call[Any], name: str) -> Finding:
    """Try an act on an order that is made for it, else on one that is not there, so that nothing happens."""
    if subject.made and name in _TRIED and (real := _TRIED[name](subject)):
        return by_status(name, subject.ask(real), real.status) or there(name)
    answer = subject.ask(call)
    if is_known(answer, subject.unknown_act):
        return there(name, "tried on no order only")
    if answer.status == 404 and subject.document and getattr(subject.document, name):
        return there(name, "by /openapi.json; an unknown order is answered like an unknown call")
    if is_trouble(answer):
        return different(name, f"answered {answer.status}")
    return missing(name, f"answered {answer.status}, like a call that no API has")


def _check_create(subject: Subject, name: str) -> Finding:
    """Make an order, or ask for one without a body, which no API makes."""
    if subject.made:
        return there(name)
    answer = subject.ask(Call("POST", "/v1/orders", nothing))
    if answer.succeeded or answer.status in NOT_THERE or is_trouble(answer):
        return by_status(name, answer, 422) or there(name)
    return there(name, "tried without a body only")


def _set_a_status(subject: Subject) -> Call[Any] | None:
    order = subject.make_order()
    return _order_calls.set_status(order.order_number, "CANCELLED") if order else None


def _number(subject: Subject) -> str:
    return subject.made.order_number if subject.made else unknown_number()


_TRIED: dict[str, Callable[[Subject], Call[Any] | None]] = {
    "add_note": lambda subject: _order_calls.add_note(_number(subject), NOTE),
    "reveal": lambda subject: _order_calls.reveal(_number(subject), NOTE),
    "unlock_guest_access": lambda subject: _order_calls.unlock_guest_access(_number(subject)),
    "set_status": _set_a_status,
}
