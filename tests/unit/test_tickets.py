"""Tickets: good once and for a minute, at whichever dashboard; strangers' cost the API nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.orders_client import ApiRejected, ApiUnreachable, NewRecord, OrdersError, SharedRecord
from lib.staff.tickets import Tickets

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Api:
    """Keeps what it is given, or fails."""

    def __init__(self, failure: OrdersError | None = None) -> None:
        self.kept: dict[str, str] = {}
        self.asked = 0
        self.failure = failure

    def read_shared(self, name: str) -> SharedRecord:
        self._count()
        return SharedRecord(revision=0, text=None)

    def keep_shared(self, name: str, record: NewRecord) -> None:
        self._count()
        self.kept[name] = record.text

    def take_shared(self, name: str) -> SharedRecord:
        self._count()
        return SharedRecord(revision=0, text=self.kept.pop(name, None))

    def _count(self) -> None:
        self.asked += 1
        if self.failure:
            raise self.failure


def dashboard(api: Api | None, *keys: str) -> Tickets:
    return Tickets(api, keys or ("a key",))  # type: ignore[arg-type]  # stands in for it


def test_a_ticket_is_good_once_at_whichever_dashboard_is_asked() -> None:
    api = Api()
    here, there = dashboard(api, "old", "new"), dashboard(api, "new", "old")
    ticket = here.give("orders of Sam", NOW)
    assert ticket.partition(".")[0] not in str(api.kept)
    assert [each.take(ticket, NOW) for each in (there, here, there)] == ["orders of Sam", None, None]


@pytest.mark.parametrize("api", [None, Api(ApiRejected(None, 404, "id")), Api(ApiUnreachable("away"))])
def test_where_the_api_can_not_keep_it_the_process_does_for_a_minute(api: Api | None) -> None:
    here = dashboard(api)
    ticket, late = here.give("orders", NOW), here.give("late", NOW)
    assert here.take(ticket, NOW + timedelta(seconds=59)) == "orders"
    assert here.take(late, NOW + timedelta(seconds=60)) is None


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (501, 1), (503, 3)])
def test_an_api_that_may_not_keep_tickets_is_sent_none(status: int, asked: int) -> None:
    """A text may hold a customer's email; an API without these calls is asked once a process."""
    api = Api(ApiRejected(None, status, "id"))
    api.keep_shared = lambda name, record: pytest.fail("sent")  # type: ignore[method-assign]
    here = dashboard(api)
    for _ in range(3):
        here.give("orders of sam@shop.example", NOW)
    assert api.asked == asked


def test_a_ticket_that_was_kept_without_an_answer_is_good_once_all_the_same() -> None:
    api = Api()
    here = dashboard(api)

    def keep_and_break_off(name: str, record: NewRecord) -> None:
        api.kept[name] = record.text
        raise ApiUnreachable("broken off")

    api.keep_shared = keep_and_break_off  # type: ignore[method-assign]  # as a connection that breaks
    ticket = here.give("orders", NOW)
    assert [here.take(ticket, NOW) for _ in range(2)] == ["orders", None]


@pytest.mark.parametrize(
    "given", ["", ".", "guess", "guess.0123", "gu.es.s", "ä.ö", "\udcff.\udcff", "x" * 5000]
)
def test_what_nobody_signed_is_not_asked_for(given: str) -> None:
    api = Api()
    assert dashboard(api).take(given, NOW) is None
    ticket, _, mark = dashboard(api, "another key").give("orders", NOW).partition(".")
    asked = api.asked
    assert dashboard(api).take(f"{ticket}.{mark}", NOW) is None
    assert api.asked == asked
