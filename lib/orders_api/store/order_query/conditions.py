"""Says which orders all filters together mean, once for lists, exports and figures."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lib.orders_api.store.order_query.filters import OrderFilters, facet_conditions, range_conditions
from lib.orders_api.store.order_query.search import understand
from lib.orders_api.store.tables.orders import Order


def order_conditions(session: Session, filters: OrderFilters) -> list[ColumnElement[bool]]:
    """Return what the orders that staff mean by these filters have to fulfil."""
    search = understand(session, filters)
    checks = [*range_conditions(filters), *facet_conditions(filters, Order)]
    return checks if search is None else [*checks, Order.id.in_(search.found)]


def only_order(session: Session, filters: OrderFilters) -> Order | None:
    """Return the one order at which a search of staff's ends; None where it ends at none, or at more."""
    if not filters.q:
        return None
    found = session.scalars(select(Order).where(*order_conditions(session, filters)).limit(2)).all()
    return found[0] if len(found) == 1 else None
