"""The rules of tracking: a token shows the masked view of its order, and nothing else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lib.orders_api.domain.countries import known_country
from lib.orders_api.domain.errors import TrackingNotFoundError
from lib.orders_api.domain.masking import mask_email
from lib.orders_api.domain.money import format_minor_units
from lib.orders_api.orders.views import line_items
from lib.orders_api.tracking import repository
from lib.orders_api.tracking.schemas import TrackedOrder

TOKEN_LENGTH = 36


def track(session: Session, token: str) -> tuple[TrackedOrder, int]:
    """Return what a tracking token shows, and the order's key for the audit log.

    Raises:
        TrackingNotFoundError: the token is unknown, malformed or withdrawn.
    """
    order = repository.order_by_token(session, _canonical(token))
    if order is None:
        raise TrackingNotFoundError
    tracked = TrackedOrder(
        order_number=order.order_number,
        status=order.status,
        payment_status=order.payment_status,
        fulfillment_status=order.fulfillment_status,
        currency=order.currency,
        grand_total=format_minor_units(order.grand_total, order.currency_digits),
        email_masked=mask_email(order.email),
        shipping_city=order.shipping_city or None,
        shipping_country=known_country(order.shipping_country),
        items=line_items(order),
        created_at=order.created_at,
    )
    return tracked, order.id


def _canonical(token: str) -> str:
    """Return a token as it is stored; one that can't be a token gives one that no order has."""
    try:
        return str(UUID(token)) if len(token) == TOKEN_LENGTH else ""
    except ValueError:
        return ""
