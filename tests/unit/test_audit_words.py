"""The audit log in words, and who looked as a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.orders_client import AuditEntry, OrderDetail
from lib.ui.audit.keys import AUDIT_LISTS
from lib.ui.order.contact import shown_words
from lib.ui.order.reasons import why_no_reason
from lib.ui.shared.audit_words import ACTIONS, LISTED, audit_columns, audit_table, who_looked
from lib.ui.shared.format import reader_of
from tests.client.fakes import DETAIL

READER = reader_of("en-GB", "Europe/Paris")
AT = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)


def entry(**fields: object) -> AuditEntry:
    return AuditEntry.model_validate({"at": AT, "actor": "staff:sam", "action": "order.view", **fields})


def filters_alone() -> None:
    from datetime import UTC, datetime

    import streamlit as st

    from lib.ui.audit.listing import filters
    from tests.unit.test_audit_words import READER

    st.session_state["asked"] = filters(READER, datetime.now(UTC))


def test_by_default_the_log_leaves_out_lists_and_nothing_else() -> None:
    tab = AppTest.from_function(filters_alone).run()
    assert [tab.session_state["asked"][name] for name in ("action", "not_action")] == [[], [LISTED]]
    tab.toggle(key=AUDIT_LISTS).set_value(True).run()
    assert tab.session_state["asked"]["not_action"] == []


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


def test_who_looked_and_why_is_a_sentence_with_a_count() -> None:
    assert (
        who_looked([entry(action="order.create")], READER) == "Nobody is known to have looked at this order."
    )
    looks = [
        entry(),
        entry(outcome="NOT_FOUND"),
        entry(actor="staff:sue", action="order.reveal", reason="Caller asks"),
        entry(actor="staff:sue", at=AT.replace(hour=12)),
        entry(at=AT.replace(hour=11)),
    ]
    assert who_looked(looks, READER) == (
        "2 people looked at this order: sam (2 times), sue (once), last 23 Nov 2026, 14:32."
        " Contact data were shown once: sue, “Caller asks”."
    )
    assert (
        who_looked(looks[:1], READER) == "1 person looked at this order: sam (once), last 23 Nov 2026, 14:32."
    )


def test_the_desk_has_words_for_every_act_that_the_api_records() -> None:
    source = "\n".join(path.read_text("utf-8") for path in Path("lib/orders_api").rglob("*.py"))
    recorded = set(re.findall(r'record(?:_look)?\([^"]*"([a-z_]+\.[a-z_]+)"', source))
    assert len(recorded) > 12
    assert recorded - ACTIONS.keys() == set()


def test_a_badge_says_until_when_contact_data_are_shown() -> None:
    order = OrderDetail.model_validate(DETAIL)
    assert shown_words(order, READER) is None
    shown = order.model_copy(update={"contact_shown_until": AT})
    assert shown_words(shown, READER) == "contact shown until 14:32"


@pytest.mark.parametrize(
    ("reason", "fits"), [(None, False), (" ab ", False), ("abc", True), ("x" * 201, False)]
)
def test_a_reason_is_long_enough_and_not_too_long(reason: str | None, fits: bool) -> None:
    assert (why_no_reason(reason) is None) is fits
