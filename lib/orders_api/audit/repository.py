"""Reads the audit log; the only place with SQL about it, and without a rule."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from lib.orders_api.audit.schemas import AuditQuery
from lib.orders_api.domain.text import order_number_key
from lib.orders_api.store.tables.audit import AuditEntry


def page_of_entries(session: Session, query: AuditQuery) -> tuple[Sequence[AuditEntry], int]:
    """Return the rows of one page, newest first, and how many there are on all pages together."""
    checks = _conditions(query)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*checks)) or 0
    offset = (query.page - 1) * query.limit
    if offset >= total:
        return [], total
    newest_first = (AuditEntry.at.desc(), AuditEntry.id.desc())
    page = select(AuditEntry).where(*checks).order_by(*newest_first).offset(offset).limit(query.limit)
    return session.scalars(page).all(), total


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    checks: list[ColumnElement[bool]] = []
    if query.actor:
        # A bare name is a staff member's.
        checks.append(AuditEntry.actor.in_({*query.actor, *(f"staff:{name}" for name in query.actor)}))
    if query.action:
        checks.append(AuditEntry.action.in_(set(query.action)))
    if query.role:
        held = "," + AuditEntry.role + ","
        checks.append(or_(*(held.contains(f",{role},", autoescape=True) for role in set(query.role))))
    if query.order_number is not None:
        checks.append(AuditEntry.order_number_key == (order_number_key(query.order_number) or ""))
    if query.created_from is not None:
        checks.append(AuditEntry.at >= query.created_from)
    if query.created_to is not None:
        checks.append(AuditEntry.at < query.created_to)
    return checks
