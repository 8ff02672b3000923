"""Lists orders: counts them exactly and finds one page (docs/adr/0005)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, case, cast, func, select
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
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    search = understand(session, query, customer_id)
    checks = range_conditions(query, few=customer_id is not None)
    if customer_id is not None:
        checks.append(Order.customer_id == customer_id)
    found = None if search is None else _find(session, search, is_sqlite)
    total = _total(session, query, checks, found)
    # PostgreSQL weighs by its statistics and the page's size, at which SQLite does not look.
    walks = is_sqlite and total > FEW
    checks += facet_conditions(query, Order, _indexed_up_to(query) if walks else None)
    if search is not None and found is not None:
        checks.append(search.scanned if walks else found.among)
    return _page(session, query, checks, total), total


@dataclass(frozen=True)
class _Found:
    """How many orders a search finds, were there no other filter, and the condition to be one of them."""

    count: int
    among: ColumnElement[bool]


def _find(session: Session, search: Search, is_sqlite: bool) -> _Found:
    """Look once for what a search finds: by trigrams, or in all texts where most orders have these."""
    if search.ids is not None:
        return _Found(len(search.ids), Order.id.in_(search.ids))
    common = search.trigrams and count_answers(session, search.trigrams, COMMON) == COMMON
    ids = search.by_texts if common else search.found
    of_all = ids.subquery().c[0]
    if search.repeats:
        of_all = select(of_all).distinct().subquery().c[0]
    gathered = func.json_group_array(of_all) if is_sqlite else func.array_agg(of_all)
    count, few = session.execute(
        select(func.count(of_all), case((func.count(of_all) <= FEW, gathered)))
    ).one()
    if few is None:
        return _Found(count, Order.id.in_(ids))
    if is_sqlite:
        return _Found(count, Order.id.in_(select(func.json_each(few).table_valued("value").c.value)))
    return _Found(count, Order.id == any_(cast(few, ARRAY(BigInteger))))


def _indexed_up_to(query: OrderListQuery) -> int:
    """Return of how many values of a facet SQLite may use the index: it has those of one by time."""
    return 1 if query.sort in (Sort.CREATED, Sort.CREATED_DESC) else 0


def _total(
    session: Session, query: OrderListQuery, checks: list[ColumnElement[bool]], found: _Found | None
) -> int:
    facets = facet_conditions(query, Order)
    if found is None and not checks:
        counts = select(func.coalesce(func.sum(OrderCount.orders), 0))
        return session.scalar(counts.where(*facet_conditions(query, OrderCount))) or 0
    if found is not None and not checks and not facets:
        return found.count
    meant = [] if found is None else [found.among]
    return session.scalar(select(func.count()).select_from(Order).where(*checks, *facets, *meant)) or 0


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
