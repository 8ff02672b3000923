"""Checks the calls beyond the core, and what calls have in common; without `--write` it changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from pydantic.alias_generators import to_camel

from . import _order_calls
from ._call import NOT_THERE, READY, Call, nothing
from ._findings import Finding, by_status, different, found, missing, there, untried
from ._probing import (
    acts,
    can_show,
    first_page,
    is_heeded,
    is_known,
    is_trouble,
    queries,
    reads,
    unknown_number,
)
from ._subject import Subject
from .errors import UnexpectedResponse

NOTE = "A test of the API"
PROBLEM = ("type", "title", "status", "detail", "code", "requestId")


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


def check_features(subject: Subject) -> Iterator[Finding]:
    """Check each."""
    for query in queries(subject.page) if subject.page else ():
        (name, value), *_ = query.items()
        title = f"sort by {str(value).lstrip('-')}" if name == "sort" else f"filter {to_camel(name)}"
        yield found(title, partial(_check_query, subject, query))
    yield found("errors with codes", partial(_check_errors, subject))
    yield found("a token is asked for", partial(_check_strangers, subject))
    yield found("X-Request-Id", partial(_check_request_ids, subject))
    yield found("/openapi.json", partial(_check_document, subject))
    yield found("/readyz", partial(_check_readiness, subject))


def _check_query(subject: Subject, query: Mapping[str, Any], name: str) -> Finding:
    page = subject.page
    if page is None or not can_show(query, page):
        return untried(name, "the orders are too few, or too much alike, to see it")
    answer = subject.ask(first_page(query))
    if is_heeded(query, answer, page):
        return there(name)
    return missing(name, "ignored" if answer.succeeded else f"refused with {answer.status}")


def _check_errors(subject: Subject, name: str) -> Finding:
    answer = subject.unknown_order
    problem, kind = answer.problem, answer.headers.get("content-type", "none")
    if answer.status != 404:
        return different(name, f"answered {answer.status} for an unknown order; expected: 404")
    if "code" not in problem:
        return missing(name, "code: ORDER_NOT_FOUND for an unknown order; without one, its status counts")
    if problem["code"] != "ORDER_NOT_FOUND":
        return different(name, "code: ORDER_NOT_FOUND for an unknown order")
    if left := [field for field in PROBLEM if field not in problem]:
        return different(name, "not given: " + ", ".join(left))
    if not kind.startswith("application/problem+json"):
        return different(name, f"Content-Type: application/problem+json, not {kind}")
    return there(name)


def _check_strangers(subject: Subject, name: str) -> Finding:
    answer = subject.ask(first_page({}), as_nobody=True)
    if answer.succeeded:
        return different(name, "`list` gives orders to everybody; expected: 401")
    if answer.status != 401:
        return different(name, f"answered {answer.status}; expected: 401")
    return there(name)


def _check_request_ids(subject: Subject, name: str) -> Finding:
    return there(name) if subject.first_page.request_id else missing(name)


def _check_document(subject: Subject, name: str) -> Finding:
    if subject.document:
        return there(name)
    return missing(name, "none that names `list`: the desk asks around once instead")


def _check_readiness(subject: Subject, name: str) -> Finding:
    answer = subject.ask(READY, as_nobody=True)
    if answer.status < 500 and answer.status != 200:
        return missing(name, "any answer below 500 is taken as ready")
    return by_status(name, answer, 200) or there(name)
