"""The rules of tracking: a token shows the masked view of its order, and nothing else."""

from uuid import UUID

from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import TrackingNotFoundError
from lib.orders_api.orders.repository import order_by_token
from lib.orders_api.orders.views import line_items, listed
from lib.orders_api.tracking.schemas import TrackedOrder

TOKEN_LENGTH = 36


def track(session: Session, token: str) -> tuple[TrackedOrder, int]:
    """Return what a tracking token shows, and the order's key for the audit log.

    Raises:
        TrackingNotFoundError: the token is unknown, malformed or withdrawn.
    """
    order = order_by_token(session, _canonical(token))
    if order is None:
        raise TrackingNotFoundError
    # Of what a list shows, TrackedOrder takes its own fields alone.
    tracked = TrackedOrder.model_validate({**listed(order), "items": line_items(order)})
    return tracked, order.id


def _canonical(token: str) -> str:
    """Return a token as it is stored; one that can't be a token gives one that no order has."""
    try:
        return str(UUID(token)) if len(token) == TOKEN_LENGTH else ""
    except ValueError:
        return ""
