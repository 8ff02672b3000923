"""Lists orders: counts them exactly and finds one page (docs/adr/0005)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from lib.orders_api.orders.views import LIST_COLUMNS, ListedOrder
from lib.orders_api.store.order_query.filters import (
    OrderListQuery,
    Sort,
    facet_conditions,
    range_conditions,
    sort_columns,
)
from lib.orders_api.store.order_query.search import Search, understand
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.stats import OrderCount

FEW = 5_000
"""Up to so many orders it is faster to find all and sort them than to walk through the sorted index."""
COMMON = 20_000
"""From so many on, the trigrams' places take longer to compare than each order's own text."""


def page_of_orders(
    session: Session, query: OrderListQuery, customer_id: str | None
) -> tuple[Sequence[ListedOrder], int]:
    """Return the orders of one page, LIST_COLUMNS of each, and how many there are on all pages together."""
    search = understand(session, query.q) if query.q else None
    ranges = range_conditions(query, few=customer_id is not None)
    if customer_id is not None:
        ranges.append(Order.customer_id == customer_id)
    total = _total(session, query, ranges, search)
    walks = total > FEW
    checks = [*ranges, *facet_conditions(query, Order, _indexed_up_to(session, query, walks))]
    if search is not None:
        checks.append(search.scanned if walks else search.indexed)
    return _page(session, query, checks, total), total


def _indexed_up_to(session: Session, query: OrderListQuery, walks: bool) -> int | None:
    """Return of how many values of a facet SQLite may use the index; PostgreSQL chooses well by itself."""
    if not walks or session.get_bind().dialect.name != "sqlite":
        return None
    # A facet's index has the orders of one value by the time they were made.
    return 1 if query.sort in (Sort.CREATED, Sort.CREATED_DESC) else 0


def _total(
    session: Session, query: OrderListQuery, ranges: list[ColumnElement[bool]], search: Search | None
) -> int:
    if search is None and not ranges:
        counts = select(func.coalesce(func.sum(OrderCount.orders), 0))
        return session.scalar(counts.where(*facet_conditions(query, OrderCount))) or 0
    checks = [*ranges, *facet_conditions(query, Order)]
    if search is None:
        return _count(session, checks)
    if not checks and search.trigrams is not None:
        common = _trigram_count(session, search.trigrams)
        return common if common < COMMON else _count(session, [search.scanned])
    return _count(session, [*checks, search.indexed])


def _trigram_count(session: Session, phrases: str) -> int:
    """Count what a search alone finds, in its own index; up to COMMON, where another way is shorter."""
    matching = text(
        "SELECT count(*) FROM (SELECT 1 FROM order_search WHERE order_search MATCH :phrases LIMIT :most)"
    )
    return int(session.scalar(matching, {"phrases": phrases, "most": COMMON}) or 0)


def _count(session: Session, checks: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Order).where(*checks)) or 0


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
