"""The audit log in words, one row for a page that was read anew, and export links that work once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.orders_client import AuditEntry, OrderDetail
from lib.ui.order.contact import shown_words, why_no_reason
from lib.ui.orders import export_link
from lib.ui.shared.audit_words import audit_columns, audit_table, folded
from lib.ui.shared.format import reader_of
from tests.client.fakes import DETAIL

READER = reader_of("en-GB", "Europe/Paris")
AT = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)


def entry(**fields: object) -> AuditEntry:
    return AuditEntry.model_validate({"at": AT, "actor": "staff:sam", "action": "order.view", **fields})


def test_rows_are_read_aloud_in_the_readers_time() -> None:
    table = audit_table(
        [
            entry(action="order.reveal", outcome="OK", reason="Caller asks", orderNumber="#1"),
            entry(actor="guest", action="guest.verify", outcome="WRONG_CODE"),
            entry(action="new.thing"),
        ],
        READER,
    )
    assert list(table["at"]) == ["23 Nov 2026, 14:32"] * 3
    assert list(table["actor"]) == ["sam", "Guest", "sam"]
    assert list(table["action"]) == ["Had contact data shown", "Verified a guest: wrong code", "new.thing"]
    assert list(table["reason"]) == ["Caller asks", "", ""]
    assert set(audit_columns()) == set(table.columns)


def test_a_page_read_anew_is_one_look_but_another_persons_is_not() -> None:
    looks = [entry(requestId="1"), entry(requestId="2"), entry(actor="staff:sue"), entry(requestId="3")]
    assert [each.actor for each in folded(looks)] == ["staff:sam", "staff:sue", "staff:sam"]


def test_a_badge_says_until_when_and_whether_the_caller_was_verified() -> None:
    order = OrderDetail.model_validate(DETAIL)
    assert shown_words(order, READER) is None
    for by, words in (("GUEST_VERIFIED", "caller verified"), ("CONTACT_REVEALED", "contact shown")):
        shown = order.model_copy(update={"contact_shown_until": AT, "contact_shown_by": by})
        assert shown_words(shown, READER) == f"{words} until 14:32"


@pytest.mark.parametrize(
    ("reason", "fits"), [(None, False), (" ab ", False), ("abc", True), ("x" * 201, False)]
)
def test_a_reason_is_long_enough_and_not_too_long(reason: str | None, fits: bool) -> None:
    assert (why_no_reason(reason) is None) is fits


def test_an_export_link_works_once_and_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("lib.ui.orders.export_link.time.monotonic", lambda: now)
    tickets = export_link._Tickets()
    made = [tickets.give(pytest.fail) for _ in range(2)]
    assert len(set(made)) == 2
    assert tickets.take(made[0]) is pytest.fail
    assert tickets.take(made[0]) is None
    now += 60
    assert tickets.take(made[1]) is None
    assert tickets.take("x") is None
