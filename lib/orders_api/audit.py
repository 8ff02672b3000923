"""Writes who did what to which order into the audit log, in the transaction of the act itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.orders_api.service_models import AuditEntry


@dataclass(frozen=True)
class Act:
    """Who is acting, from where and in which request."""

    actor: str
    role: str
    client: str | None
    request_id: str
    at: datetime

    @property
    def staff(self) -> str | None:
        """The staff member's name, if it is one who acts."""
        scope, _, name = self.actor.partition(":")
        return name if scope == "staff" else None


def record(
    session: Session, act: Act, action: str, outcome: str, order_id: int | None, reason: str | None = None
) -> None:
    """Add one row to the audit log; `reason` must not hold a customer's personal data."""
    session.add(
        AuditEntry(
            at=act.at,
            actor=act.actor,
            role=act.role,
            action=action,
            outcome=outcome,
            order_id=order_id,
            reason=reason,
            client=act.client,
            request_id=act.request_id,
        )
    )
