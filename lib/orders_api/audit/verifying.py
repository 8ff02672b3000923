"""Reads the whole audit log and says what was changed, deleted, inserted or cut off; it mends nothing."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.orders_api.store.audit_chain import FIRST, AuditChain
from lib.orders_api.store.tables.audit import AuditEntry, AuditHead

AT_ONCE = 1000


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole log gave: `faults` in words, each with the number of its row."""

    entries: int
    unsealed: int
    head: str
    faults: tuple[str, ...]


def verify(session: Session, chain: AuditChain, kept_head: str | None = None) -> Verdict:
    """Check every row, and that none is missing; `kept_head` is what an earlier verdict gave as `head`."""
    walk = _Walk(chain, session.scalar(select(AuditHead)), kept_head)
    rows = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=AT_ONCE)
    for entry in session.scalars(rows):
        walk.step(entry)
        session.expunge(entry)
    return walk.end()


class _Walk:
    """Goes along the chain; after a fault it goes on from what the row says, so that each is named once."""

    def __init__(self, chain: AuditChain, head: AuditHead | None, kept_head: str | None) -> None:
        self._chain = chain
        self._head_row = head if head is not None and chain.fits(head) else None
        self._faults: list[str] = []
        self._last, self._seal = FIRST - 1, ""
        self._entries = 0
        self._unsealed = self._head_row.unsealed if self._head_row else 0
        self._kept_head = kept_head if kept_head != self._head() else None

    def step(self, entry: AuditEntry) -> None:
        """Look at the next row."""
        self._entries += 1
        missing = entry.id - self._last - 1
        if entry.id < FIRST:
            self._faults.append(f"row {entry.id} was inserted")
            return
        if missing:
            gone = _rows(self._last + 1, missing)
            self._faults.append(f"{gone} missing, and row {entry.id} can't be checked without")
        elif entry.id <= self._unsealed and not entry.seal:
            pass  # From before there was a chain: nothing tells whether it is as it was.
        elif not _same(entry.seal, self._chain.seal_of(entry, self._seal)):
            self._faults.append(f"row {entry.id} was changed or inserted")
        self._last, self._seal = entry.id, entry.seal
        if self._kept_head == self._head():
            self._kept_head = None

    def end(self) -> Verdict:
        """Compare the end with what the head says of it."""
        head = self._head_row
        if head is None:
            self._faults.append("the head of the log was changed, deleted or never sealed")
        elif head.entries > self._last:
            self._faults.append(f"{_rows(self._last + 1, head.entries - self._last)} missing at the end")
        elif (head.entries, head.seal) != (self._last, self._seal):
            self._faults.append(f"row {self._last} is not the one that was written last")
        if self._kept_head is not None:
            self._faults.append("the log does not go through the head that was kept")
        return Verdict(self._entries, self._unsealed, self._head(), tuple(self._faults))

    def _head(self) -> str:
        return f"{self._last}:{self._seal}"


def _rows(first: int, count: int) -> str:
    return f"row {first} is" if count == 1 else f"rows {first} to {first + count - 1} are"


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
