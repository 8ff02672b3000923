"""Chains the rows of the audit log to one another by keyed hashes (docs/adr/0006); it decides on no act."""

import hmac
import json
from datetime import UTC
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.store.audit_log import RECORDED
from lib.orders_api.store.tables.audit import AuditEntry, AuditHead, AuditPeriod, StrangerAddress

FIRST = 1
HEAD = (AuditHead.entries, AuditHead.seal, AuditHead.head_seal, AuditHead.unsealed)
STRANGERS = ("guest", "customer")
"""Whose addresses stand apart, to be deleted before the rows are."""
PRUNE = "audit.prune"
CHANGE_OF_KEY = "key.change"
SEALED = (
    "actor",
    "role",
    "action",
    "outcome",
    "order_number",
    "order_number_key",
    "reason",
    "detail",
    "client",
    "request_id",
)
"""The columns that a row's seal covers, besides its time, its number and the seal of the row before."""


class AuditChain:
    """Adds rows to the chain, one transaction at a time over all processes."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def take_in(self, session: Session) -> None:
        """Write what was recorded in a session, chained to what is there; its transaction ends right after.

        The head's lock is the last that a transaction takes: nobody who holds it waits for anything else.
        A head that somebody changed never fits again: acts go on, and the log's check says so for good.
        """
        entries: list[AuditEntry] = session.info.pop(RECORDED, [])
        if not entries:
            return
        session.flush()
        head = session.execute(select(*HEAD).with_for_update()).one()
        known = self.key_of(head)
        key = known if known and self._was_replaced(session) else 0
        if known and not key:
            entries.insert(0, self._change_of_key(known, entries[0]))
        number, seal = head.entries, head.seal
        addresses = []
        for entry in entries:
            number += 1
            entry.id = number
            if entry.client and entry.actor.partition(":")[0] in STRANGERS:
                addresses.append({"entry_id": number, "address": entry.client, "at": entry.at})
                entry.client = None
            seal = entry.seal = self.seal_of(entry, seal, key)
        # As plain statements: a session's bookkeeping costs more than these writes, at each look of staff.
        connection = session.connection()
        connection.execute(insert(AuditEntry), [_row(entry) for entry in entries])
        if addresses:
            connection.execute(insert(StrangerAddress), addresses)
        end = {"entries": number, "seal": seal}
        if known is not None:
            end["head_seal"] = self.seal_of_head(number, seal, head.unsealed, key)
        connection.execute(update(AuditHead).values(end))

    def _was_replaced(self, session: Session) -> bool:
        """Return whether this process' first key has gone out of use: others have had a newer one first.

        So keys change while all are at work. A key that went never comes back.
        """
        gone = select(AuditEntry.id).where(
            AuditEntry.action == CHANGE_OF_KEY, AuditEntry.detail.startswith(f"{self.keys[0]} ")
        )
        return session.scalar(gone.limit(1)) is not None

    def is_under_older_key(self, session: Session) -> bool:
        """Return whether the log is sealed under a key that is not the first one any more."""
        return bool(self.key_of(session.execute(select(*HEAD)).one()))

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the keys, the one that seals first, then those before it."""
        return self._sealer.key_names

    def _change_of_key(self, key: int, first: AuditEntry) -> AuditEntry:
        """Return the row that says which key seals from here on; it stands before the first that it seals."""
        return AuditEntry(
            at=first.at,
            actor="system",
            role="system",
            action=CHANGE_OF_KEY,
            outcome="OK",
            detail=f"{self.keys[key]} → {self.keys[0]}",
            request_id=first.request_id,
        )

    def seal_of(self, entry: AuditEntry, seal_before: str, key: int = 0) -> str:
        """Return the seal that a row must have after the row with `seal_before`."""
        at = entry.at.astimezone(UTC).isoformat()
        values = [getattr(entry, name) for name in SEALED]
        return self._sealer.audit_mac(json.dumps([seal_before, entry.id, at, *values]), key)

    def key_of(self, head: AuditHead | Row[int, str, str, int]) -> int | None:
        """Return which key the head is sealed under; None if it is not as it was written."""
        for key in range(len(self.keys)):
            right = self.seal_of_head(head.entries, head.seal, head.unsealed, key)
            if hmac.compare_digest(head.head_seal.encode(), right.encode()):
                return key
        return None

    def seal_of_period(self, period: AuditPeriod, key: int = 0) -> str:
        """Return the seal that a closed period must have: whoever cuts off more can't make it."""
        until = period.until.astimezone(UTC).isoformat()
        return self._sealer.audit_mac(json.dumps(["period", period.last_entry, period.seal, until]), key)

    def fits(self, period: AuditPeriod) -> bool:
        """Return whether a closed period is as it was written, under whichever key."""
        rights = [self.seal_of_period(period, key) for key in range(len(self.keys))]
        return any(hmac.compare_digest(period.period_seal, right) for right in rights)

    def seal_of_head(self, entries: int, seal: str, unsealed: int, key: int = 0) -> str:
        """Return the seal that the head must have: whoever cuts rows off the end can't make it."""
        return self._sealer.audit_mac(json.dumps(["head", entries, seal, unsealed]), key)


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {column.name: getattr(entry, column.name) for column in AuditEntry.__table__.columns}


def row_words(last: int) -> str:
    """Say up to which row the log was cut off, in the row that tells so."""
    return f"up to row {last}"
