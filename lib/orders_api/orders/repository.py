"""Reads and writes orders; the only place with SQL about them, and without a rule of business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.domain.tokens import Principal
from lib.orders_api.orders.views import LIST_COLUMNS, ListedOrder
from lib.orders_api.store.order_numbers import exact_first, is_named
from lib.orders_api.store.tables.guest import ContactUnlock
from lib.orders_api.store.tables.orders import Order, OrderCounter, TimelineEntry

PROOF_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class ShownContact:
    """Until when a staff member sees contact data in the clear, and by which kind of timeline entry."""

    until: datetime
    by: str


def lock_order(session: Session, order_id: int) -> None:
    """Lock an order against everybody else until the transaction ends."""
    session.execute(select(Order.id).where(Order.id == order_id).with_for_update())


def whole_order_to_change(session: Session, order_id: int) -> Order:
    """Return an order with all that hangs on it, locked until the transaction ends."""
    parts = (selectinload(Order.items), selectinload(Order.addresses), selectinload(Order.texts))
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .options(*parts)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def find_order(
    session: Session, number: str, customer_id: str | None = None, whole: bool = False
) -> Order | None:
    """Return the order with this number, if it is the customer's; `whole` with its items and addresses."""
    statement = select(Order).where(is_named(number)).order_by(exact_first(number)).limit(1)
    if customer_id is not None:
        statement = statement.where(Order.customer_id == customer_id)
    if whole:
        statement = statement.options(selectinload(Order.items), selectinload(Order.addresses))
    return session.scalar(statement.execution_options(populate_existing=True))


def order_by_token(session: Session, token: str) -> Order | None:
    """Return the order that a tracking token leads to, with its line items."""
    found = select(Order).where(Order.tracking_token == token)
    return session.scalar(found.options(selectinload(Order.items)))


def orders_of_customer(
    session: Session, theirs: ColumnElement[bool], but: int, most: int
) -> tuple[Sequence[ListedOrder], int]:
    """Return a customer's newest orders but one, LIST_COLUMNS of each, and how many there are but that."""
    others = (theirs, Order.id != but)
    columns = select(*(getattr(Order, name) for name in LIST_COLUMNS)).where(*others)
    newest = columns.order_by(Order.created_at.desc(), Order.id.desc()).limit(most)
    total = session.scalar(select(func.count()).select_from(Order).where(*others))
    return session.execute(newest).all(), total or 0


def change_status(session: Session, order_id: int, expected: OrderStatus, values: dict[str, Any]) -> bool:
    """Change an order if its status still is `expected`; return whether it was. One statement decides."""
    changed = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.status == expected)
        .values(values)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar() is not None


def next_counter(session: Session, year: int) -> int:
    """Return the next number of a year, each once."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(OrderCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[OrderCounter.year], set_={"last": OrderCounter.last + 1})
        .returning(OrderCounter.last)
    )
    return session.scalars(statement).one()


def timeline_of(session: Session, order_id: int) -> Sequence[TimelineEntry]:
    """Return all that happened to an order, newest first."""
    return session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.order_id == order_id)
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
    ).all()


def note_to_change(session: Session, order_id: int, note_id: int) -> TimelineEntry | None:
    """Return a note of an order, locked until the transaction ends."""
    its_note = (TimelineEntry.id == note_id, TimelineEntry.order_id == order_id, TimelineEntry.kind == "NOTE")
    return session.scalar(select(TimelineEntry).where(*its_note).with_for_update())


def shown_contact(
    session: Session, order_id: int, principal: Principal, now: datetime
) -> ShownContact | None:
    """Return until when an order's contact data are shown to a staff member, and why; None: they are not."""
    unlock = session.get(ContactUnlock, (order_id, principal.subject))
    if unlock is None or unlock.expires_at <= now:
        return None
    latest = (
        select(TimelineEntry.kind)
        .where(
            TimelineEntry.order_id == order_id,
            TimelineEntry.actor == principal.actor,
            TimelineEntry.kind.in_(("GUEST_VERIFIED", "CONTACT_REVEALED")),
        )
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
        .limit(1)
    )
    return ShownContact(unlock.expires_at, session.scalar(latest) or "CONTACT_REVEALED")


def verified_until(session: Session, order_id: int, actor: str, now: datetime) -> datetime | None:
    """Return until when a caller counts as verified for a staff member; None: they don't.

    Whoever proved the old mailbox of an order has proved nothing once its email was changed.
    """
    latest = session.execute(
        select(TimelineEntry.kind, TimelineEntry.at)
        .where(
            TimelineEntry.order_id == order_id,
            or_(
                TimelineEntry.kind == "EMAIL_CHANGED",
                and_(TimelineEntry.kind == "GUEST_VERIFIED", TimelineEntry.actor == actor),
            ),
        )
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
        .limit(1)
    ).first()
    if latest is None or latest.kind != "GUEST_VERIFIED":
        return None
    until: datetime = latest.at + PROOF_LASTS
    return until if until > now else None


def end_unlocks(session: Session, order_id: int) -> None:
    """Mask an order's contact data for every staff member again."""
    session.execute(delete(ContactUnlock).where(ContactUnlock.order_id == order_id))


def unlock_contact(session: Session, order_id: int, staff: str, until: datetime) -> None:
    """Unmask an order's contact data for a staff member until then."""
    session.merge(ContactUnlock(order_id=order_id, staff=staff, expires_at=until))
