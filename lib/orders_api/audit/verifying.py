"""Reads the whole audit log and says what was changed, deleted, inserted or cut off; it mends nothing."""

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.orders_api.store.audit_chain import CHANGE_OF_KEY, FIRST, PRUNE, AuditChain, row_words
from lib.orders_api.store.tables.audit import AuditEntry, AuditHead, AuditPeriod

AT_ONCE = 1000


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole log gave: `faults` in words, each with the number of its row."""

    entries: int
    unsealed: int
    cut: int
    """How many rows before them were deleted when their time was over."""
    head: str
    faults: tuple[str, ...]


def verify(session: Session, chain: AuditChain, kept_head: str | None = None) -> Verdict:
    """Check every row, and that none is missing; `kept_head` is what an earlier verdict gave as `head`."""
    period = session.scalar(select(AuditPeriod).order_by(AuditPeriod.last_entry.desc()).limit(1))
    cut = period.last_entry if period is not None else -1
    walk = _Walk(chain, session.scalar(select(AuditHead)), period, kept_head, first_key(session, cut))
    rows = select(AuditEntry).where(AuditEntry.id > cut).order_by(AuditEntry.id)
    for entry in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
        walk.step(entry)
        session.expunge(entry)
    return walk.end()


def first_key(session: Session, cut: int = 0) -> str | None:
    """Return the name of the first key behind row `cut`, by the first change of key; None: no change."""
    changes = select(AuditEntry.detail).where(AuditEntry.action == CHANGE_OF_KEY, AuditEntry.id > cut)
    detail = session.scalar(changes.order_by(AuditEntry.id).limit(1))
    return None if detail is None else detail.partition(" ")[0]


class _Walk:
    """Goes along the chain; after a fault it goes on from what the row says, so that each is named once."""

    def __init__(
        self,
        chain: AuditChain,
        head: AuditHead | None,
        period: AuditPeriod | None,
        kept_head: str | None,
        first_key: str | None,
    ) -> None:
        self._chain = chain
        self._head_key = None if head is None else chain.key_of(head)
        self._head_row = None if self._head_key is None else head
        self._key = self._head_key or 0 if first_key is None else None
        if first_key in chain.keys:
            self._key = chain.keys.index(first_key)
        self._first_key = first_key
        self._faults: list[str] = []
        self._last, self._seal = (period.last_entry, period.seal) if period else (FIRST - 1, "")
        self._cut = self._last
        self._cut_is_told = period is None
        if period is not None and not chain.fits(period):
            self._faults.append("the end of the rows that were cut off was changed")
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
        elif not self._fits(entry):
            self._faults.append(f"row {entry.id} was changed or inserted")
        elif entry.action == PRUNE and (entry.detail or "").startswith(f"{row_words(self._cut)},"):
            self._cut_is_told = True
        self._last, self._seal = entry.id, entry.seal
        if self._kept_head == self._head():
            self._kept_head = None

    def _fits(self, entry: AuditEntry) -> bool:
        """Return whether a row's seal is right; from the row of a change on, under the key that came then.

        A key that went never comes back: who found an old one can't go on with it.
        """
        if entry.action == CHANGE_OF_KEY:
            newer = range(len(self._chain.keys) if self._key is None else self._key)
            key = next((key for key in newer if self._is_sealed(entry, key)), None)
            first = self._cut + 1
            if key is not None and self._key is None and entry.id > first:
                before = f"{_rows(first, entry.id - first)} sealed under the key {self._first_key}"
                self._faults.append(f"{before}, which ORDERS_CODE_KEY does not hold any more")
            self._key = self._key if key is None else key
            return key is not None
        return self._key is None or self._is_sealed(entry, self._key)

    def _is_sealed(self, entry: AuditEntry, key: int) -> bool:
        right = self._chain.seal_of(entry, self._seal, key)
        return hmac.compare_digest(entry.seal.encode(), right.encode())

    def end(self) -> Verdict:
        """Compare the end with what the head says of it."""
        head = self._head_row
        if head is None:
            self._faults.append("the head of the log was changed, deleted or never sealed")
        elif head.entries > self._last:
            self._faults.append(f"{_rows(self._last + 1, head.entries - self._last)} missing at the end")
        elif (head.entries, head.seal, self._head_key) != (self._last, self._seal, self._key):
            self._faults.append(f"row {self._last} is not the one that was written last")
        if not self._cut_is_told:
            self._faults.append(f"{_rows(FIRST, self._cut)} missing, and no row tells that they were cut off")
        if self._kept_head is not None:
            self._faults.append("the log does not go through the head that was kept")
        return Verdict(self._entries, self._unsealed, self._cut, self._head(), tuple(self._faults))

    def _head(self) -> str:
        return f"{self._last}:{self._seal}"


def _rows(first: int, count: int) -> str:
    return f"row {first} is" if count == 1 else f"rows {first} to {first + count - 1} are"
