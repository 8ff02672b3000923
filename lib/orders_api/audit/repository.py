"""Reads the audit log; the only place with SQL about it, and without a rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, distinct, func, or_, select
from sqlalchemy.orm import Session

from lib.orders_api.audit.schemas import AuditQuery
from lib.orders_api.domain.text import written_number_key
from lib.orders_api.store.order_numbers import exact_first, is_named, number_keys
from lib.orders_api.store.tables.audit import AuditEntry, AuditPeriod, StrangerAddress
from lib.orders_api.store.tables.orders import Order

SEARCHES = ("order.list", "order.export")
"""The acts that name an order where a search ended at it."""

LOOKS = ("order.view", "order.related", "order.track", "order.reveal")
HOUR = 3600
REVEALS = ("order.reveal",)
ACTS = (
    "order.cancel", "order.note", "order.pin_note", "order.change_contact", "order.resend_confirmation",
    "order.set_status", "guest.verify", "guest.unlock", "guest.request_code",
)  # fmt: skip


def page_of_entries(session: Session, query: AuditQuery) -> tuple[Sequence[AuditEntry], int]:
    """Return the rows of one page, newest first, and how many there are on all pages together."""
    checks = _conditions(session, query)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*checks)) or 0
    offset = (query.page - 1) * query.limit
    if offset >= total:
        return [], total
    newest_first = (AuditEntry.at.desc(), AuditEntry.id.desc())
    page = select(AuditEntry).where(*checks).order_by(*newest_first).offset(offset).limit(query.limit)
    return session.scalars(page).all(), total


def addresses_of(session: Session, entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Return from where guests and customers did these, as far as it is still kept."""
    theirs = StrangerAddress.entry_id.in_([entry.id for entry in entries])
    kept = select(StrangerAddress.entry_id, StrangerAddress.address).where(theirs)
    return {entry_id: address for entry_id, address in session.execute(kept)}


def most_searches(session: Session, since: datetime) -> int:
    """Count the different searches since then of one staff member that ended at one order, at most of all."""
    different = func.count(distinct(AuditEntry.detail))
    ended = (AuditEntry.at >= since, AuditEntry.order_number_key.is_not(None))
    most = (
        select(different)
        .where(AuditEntry.action.in_(SEARCHES), *ended)
        .group_by(AuditEntry.actor, AuditEntry.order_number_key)
        .order_by(different.desc())
        .limit(1)
    )
    return session.scalar(most) or 0


class StaffHour(NamedTuple):
    """An hour in which a staff member looked at orders; hour 0 is the one that ends now."""

    actor: str
    hours_ago: int
    looks_without_act: int
    reveals: int


def staff_hours(session: Session, since: datetime, now: datetime) -> Sequence[StaffHour]:
    """Count for each hour of each staff member the orders looked at without an act, and the reveals."""
    ago = _hours_ago(session, now)
    within = (AuditEntry.at > since, AuditEntry.at <= now, AuditEntry.order_number_key.is_not(None))
    looked, acted, revealed = (
        func.sum(case((AuditEntry.action.in_(actions), 1), else_=0)) for actions in (LOOKS, ACTS, REVEALS)
    )
    orders = (
        select(
            AuditEntry.actor.label("actor"),
            ago.label("ago"),
            case((and_(looked > 0, acted == 0), 1), else_=0).label("idle"),
            revealed.label("reveals"),
        )
        .where(AuditEntry.actor.like("staff:%"), AuditEntry.outcome == "OK", *within)
        .group_by(AuditEntry.actor, ago, AuditEntry.order_number_key)
        .subquery()
    )
    hours = select(orders.c.actor, orders.c.ago, func.sum(orders.c.idle), func.sum(orders.c.reveals))
    rows = session.execute(hours.group_by(orders.c.actor, orders.c.ago))
    return [StaffHour(actor, int(ago), int(idle), int(reveals)) for actor, ago, idle, reveals in rows]


def _hours_ago(session: Session, now: datetime) -> ColumnElement[Any]:
    """Return how many whole hours before `now` a row was written."""
    until = int(now.timestamp())
    if session.get_bind().dialect.name == "sqlite":
        return (until - cast(func.strftime("%s", AuditEntry.at), BigInteger)) // HOUR
    return func.floor((until - func.extract("epoch", AuditEntry.at)) / HOUR)


def _conditions(session: Session, query: AuditQuery) -> list[ColumnElement[bool]]:
    # What is cut off is gone for readers before it is deleted.
    cut = select(func.max(AuditPeriod.last_entry)).scalar_subquery()
    checks: list[ColumnElement[bool]] = [AuditEntry.id > func.coalesce(cut, -1)]
    if query.actor:
        # A bare name is a staff member's.
        checks.append(AuditEntry.actor.in_({*query.actor, *(f"staff:{name}" for name in query.actor)}))
    if query.action:
        checks.append(AuditEntry.action.in_(set(query.action)))
    if query.not_action:
        checks.append(AuditEntry.action.not_in(set(query.not_action)))
    if query.role:
        held = "," + AuditEntry.role + ","
        checks.append(or_(*(held.contains(f",{role},", autoescape=True) for role in set(query.role))))
    if query.order_number is not None:
        checks.append(AuditEntry.order_number_key.in_(_keys_of(session, query.order_number)))
    if query.created_from is not None:
        checks.append(AuditEntry.at >= query.created_from)
    if query.created_to is not None:
        checks.append(AuditEntry.at < query.created_to)
    return checks


def _keys_of(session: Session, number: str) -> set[str]:
    """Return the keys of an order's rows: older ones, which nobody may change, have the number as written."""
    order = session.scalar(select(Order).where(is_named(number)).order_by(exact_first(number)).limit(1))
    if order is None:
        return set(number_keys(number))
    return {order.order_number_key, written_number_key(order.order_number) or ""}
