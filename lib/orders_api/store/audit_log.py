"""Records who did what to which order, in the transaction of the act itself; it writes no row by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lib.orders_api.store.tables.audit import AuditEntry
from lib.orders_api.store.tables.orders import Order

RECORDED = "audit"
"""Under this name a session keeps what was recorded in it, until the chain takes it in (docs/adr/0006)."""


class Numbered(Protocol):
    """An order, or what is known of it."""

    @property
    def order_number(self) -> str:
        """Its number as it is shown."""

    @property
    def order_number_key(self) -> str:
        """Its number as it is compared."""


@dataclass(frozen=True)
class AuditContext:
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
    session: Session,
    act: AuditContext,
    action: str,
    outcome: str,
    order: Numbered | int | None = None,
    reason: str | None = None,
    detail: str | None = None,
) -> None:
    """Record an act in the audit log; it stands there when the transaction of `session` is committed.

    `action` is `thing.verb`, such as `order.cancel`; `outcome` is `OK` or says in capitals why not. `reason`
    is why somebody did it, `detail` what else there is to know; neither holds a customer's personal data.
    `order` is an order, what is known of it, or its id.
    """
    if isinstance(order, int):
        order = session.get(Order, order)
    entry = AuditEntry(
        at=act.at,
        actor=act.actor,
        role=act.role,
        action=action,
        outcome=outcome,
        order_number=order.order_number if order else None,
        order_number_key=order.order_number_key if order else None,
        reason=reason,
        detail=detail,
        client=act.client,
        request_id=act.request_id,
    )
    session.info.setdefault(RECORDED, []).append(entry)
