"""The rules of counting wrong codes: five burn a code, ten a day or a hundred in a row lock an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from lib.orders_api.domain import timestamps
from lib.orders_api.store.tables.guest import Code, Lock

WRONG_PER_CODE = 5
WRONG_PER_DAY = 10
WRONG_IN_A_ROW = 100
DAY = timedelta(days=1)


def is_locked(lock: Lock, now: datetime) -> bool:
    """Return whether no code works, for a day or until a supervisor unlocks."""
    for_a_day = lock.locked_until is not None and lock.locked_until > now
    return for_a_day or lock.wrong_in_a_row >= WRONG_IN_A_ROW


def count_wrong(code: Code, lock: Lock, now: datetime) -> None:
    """Count a wrong code. A code that this ends keeps its mail until `end_expired`: no more work here."""
    code.wrong_attempts += 1
    lock.wrong_in_a_row += 1
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.locked_until = now + DAY
    if code.wrong_attempts >= WRONG_PER_CODE or is_locked(lock, now):
        code.state = "DEAD"


def count_on_decoy(code: Code, lock: Lock, now: datetime) -> None:
    """Count a guess at nothing by the same writes: a decoy is never burned or locked, but begins anew."""
    code.wrong_attempts = (code.wrong_attempts + 1) % WRONG_PER_CODE
    if _count_for_day(lock, now) >= WRONG_PER_DAY:
        lock.wrong_at = ""
    lock.wrong_in_a_row = (lock.wrong_in_a_row + 1) % WRONG_IN_A_ROW


def _count_for_day(lock: Lock, now: datetime) -> int:
    """Count a wrong code; return how many that makes in the 24 hours that end now."""
    wrong = [*timestamps.within(lock.wrong_at, now, DAY), timestamps.as_number(now)]
    lock.wrong_at = timestamps.as_text(wrong)
    return len(wrong)
