"""Finds orders by tracking token; the only place with SQL about tracking."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lib.orders_api.store.tables.orders import Order


def order_by_token(session: Session, token: str) -> Order | None:
    """Return the order that a tracking token leads to, with its line items."""
    return session.scalar(
        select(Order).where(Order.tracking_token == token).options(selectinload(Order.items))
    )
