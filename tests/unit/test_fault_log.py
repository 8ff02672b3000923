"""The log of faults: no text of theirs, and not without end."""

from __future__ import annotations

import logging

from lib.dashboard import MOST_A_MINUTE, FaultFilter


def fault(text: str) -> logging.LogRecord:
    try:
        raise ValueError(text)
    except ValueError as error:
        where = (type(error), error, error.__traceback__)
        return logging.LogRecord(
            "streamlit.x", logging.ERROR, "x.py", 1, "Uncaught in %s", ("a page",), where
        )


def test_a_fault_is_logged_by_kind_and_place_without_its_text() -> None:
    record = fault("jane@example.com")
    assert FaultFilter().filter(record)
    said = logging.Formatter().format(record)
    assert "Uncaught in a page: ValueError" in said
    assert "test_fault_log.py" in said
    assert "jane" not in said


def test_a_flood_of_faults_fills_no_disk() -> None:
    now = 0.0
    only = FaultFilter(lambda: now)
    records = [fault("x") for _ in range(MOST_A_MINUTE * 3)]
    assert [only.filter(record) for record in records] == [True] * MOST_A_MINUTE + [False] * MOST_A_MINUTE * 2
    assert records[MOST_A_MINUTE - 1].getMessage().endswith("left out.")
    now = 61.0
    assert only.filter(fault("x"))
