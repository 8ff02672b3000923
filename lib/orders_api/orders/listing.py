"""Lists orders: counts them exactly and finds one page (docs/adr/0005)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lib.orders_api.orders.views import LIST_COLUMNS, ListedOrder
from lib.orders_api.store.order_query.filters import (
    OrderListQuery,
    Sort,
    facet_conditions,
    range_conditions,
    sort_columns,
)
from lib.orders_api.store.order_query.keys import Ids
from lib.orders_api.store.order_query.search import Search, understand
from lib.orders_api.store.order_query.texts import count_answers
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.stats import OrderCount

FEW = 5_000
"""Up to so many orders it is faster to find all and sort them than to walk through the sorted index."""
COMMON = 20_000
"""From so many candidates on, looking at each order's texts is faster than looking them up."""


def page_of_orders(
    session: Session, query: OrderListQuery, customer_id: str | None
) -> tuple[Sequence[ListedOrder], int]:
    """Return the orders of one page, LIST_COLUMNS of each, and how many there are on all pages together."""
    search = understand(session, query, customer_id)
    ranges = range_conditions(query, few=customer_id is not None)
    if customer_id is not None:
        ranges.append(Order.customer_id == customer_id)
    ids = None if search is None else _ids(session, search)
    total = _total(session, query, ranges, ids)
    # PostgreSQL weighs by its statistics and the page's size, at which SQLite does not look.
    walks = total > FEW and session.get_bind().dialect.name == "sqlite"
    checks = [*ranges, *facet_conditions(query, Order, _indexed_up_to(query) if walks else None)]
    if search is not None and ids is not None:
        checks.append(search.scanned if walks else Order.id.in_(ids))
    return _page(session, query, checks, total), total


def _ids(session: Session, search: Search) -> Ids:
    """Return the orders that a search finds: by trigrams, or by a look at all texts where most answer."""
    if search.trigrams is not None and count_answers(session, search.trigrams, COMMON) == COMMON:
        return search.by_texts
    return search.found


def _indexed_up_to(query: OrderListQuery) -> int:
    """Return of how many values of a facet SQLite may use the index: it has those of one by time."""
    return 1 if query.sort in (Sort.CREATED, Sort.CREATED_DESC) else 0


def _total(
    session: Session, query: OrderListQuery, ranges: list[ColumnElement[bool]], ids: Ids | None
) -> int:
    if ids is None and not ranges:
        counts = select(func.coalesce(func.sum(OrderCount.orders), 0))
        return session.scalar(counts.where(*facet_conditions(query, OrderCount))) or 0
    checks = [*ranges, *facet_conditions(query, Order)]
    if ids is None:
        counted = select(func.count()).select_from(Order).where(*checks)
    elif checks:
        counted = select(func.count()).select_from(Order).where(*checks, Order.id.in_(ids))
    else:
        counted = select(func.count()).select_from(ids.subquery())
    return session.scalar(counted) or 0


def _page(
    session: Session, query: OrderListQuery, checks: list[ColumnElement[bool]], total: int
) -> Sequence[ListedOrder]:
    """Read one page, counted from whichever end of the list is nearer."""
    offset = (query.page - 1) * query.limit
    size = min(query.limit, total - offset)
    if size <= 0:
        return []
    columns, descending = sort_columns(query.sort)
    from_the_end = offset > total // 2
    if from_the_end:
        offset, descending = total - offset - size, not descending
    order = [column.desc() if descending else column.asc() for column in columns]
    # Found in an index alone, so that no order before the page is read.
    ids = select(Order.id.label("id")).where(*checks).order_by(*order).offset(offset).limit(size)
    page = ids.subquery("page")
    shown = select(*(getattr(Order, name) for name in LIST_COLUMNS)).join(page, page.c.id == Order.id)
    orders = session.execute(shown.order_by(*order)).all()
    return orders[::-1] if from_the_end else orders
