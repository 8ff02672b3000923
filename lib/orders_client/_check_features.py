"""Checks what calls have in common: filters, sorts, errors, tokens, the document and readiness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pydantic.alias_generators import to_camel

from ._call import READY
from ._findings import Finding, by_status, different, found, missing, there, untried
from ._probing import can_show, first_page, is_heeded, queries
from ._subject import Subject

PROBLEM = ("type", "title", "status", "detail", "code", "requestId")


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
