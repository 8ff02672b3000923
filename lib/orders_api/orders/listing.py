"""Lists orders: counts them exactly and finds one page, each by the shortest way (docs/adr/0005)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, not_, select, text, union
from sqlalchemy.orm import Session

from lib.orders_api.orders.pairs import holds_pair
from lib.orders_api.orders.parts import SHORT, Holding, kept
from lib.orders_api.orders.views import LIST_COLUMNS, ListedOrder
from lib.orders_api.stats.kept import tally
from lib.orders_api.store.order_query.filters import (
    OrderListQuery,
    Sort,
    complement_of_range,
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
SAMPLE = 64
"""So many orders are looked at to guess how many pass a check."""


def page_of_orders(
    session: Session, query: OrderListQuery, customer_id: str | None
) -> tuple[Sequence[ListedOrder], int]:
    """Return the orders of one page, LIST_COLUMNS of each, and how many there are on all pages together."""
    search = understand(session, query.q) if query.q else None
    ranges = range_conditions(query, few=customer_id is not None)
    if customer_id is not None:
        ranges.append(Order.customer_id == customer_id)
    held = None if search is None else _held(session, search)
    total = _total(session, query, ranges, search, held)
    near = _is_near(session, query, total, search, held)
    # PostgreSQL weighs facets by its statistics and the page's size, at which SQLite does not look.
    walks = near and session.get_bind().dialect.name == "sqlite"
    checks = [
        *ranges,
        *facet_conditions(query, Order, indexed_up_to=_walked_values(query) if walks else None),
    ]
    if search is not None and total > 0:
        checks.append(search.scanned if near else _found(session, search, None if checks else total))
        if near and held is not None and held.oldest is not None and held.newest is not None:
            # A walk need not begin before, nor go on after: order numbers of a year lie side by side.
            checks.append(Order.created_at.between(held.oldest, held.newest))
    return _page(session, query, checks, total), total


def _held(session: Session, search: Search) -> Holding | None:
    """Return how many orders a search finds, by what is kept of its one part; None where that is not kept."""
    held = None if search.part is None else kept(session, search.part)
    if held is None or not search.exact:
        return held
    more = select(func.count(), func.min(Order.created_at), func.max(Order.created_at))
    others = Order.id.in_(union(*search.exact)), not_(search.contained)
    return held.joined(Holding(*session.execute(more.where(*others)).one()))


def _is_near(
    session: Session, query: OrderListQuery, total: int, search: Search | None, held: Holding | None
) -> bool:
    """Guess whether the page is reached sooner by a walk through all orders than by sorting what is found."""
    if search is None:
        return total > FEW
    if held is None and total <= FEW:
        # Nobody knows where these are, and together they may be far away.
        return False
    offset = (query.page - 1) * query.limit
    walked = _newest(session) * (min(offset, total - offset) + query.limit)
    return total * total > walked


def _found(session: Session, search: Search, alone: int | None) -> ColumnElement[bool]:
    """Return the form of a search for few orders; `alone`: how many it finds, with no filter beside it."""
    pair = search.part if search.part is not None and len(search.part) == SHORT else None
    if pair is None or search.exact or alone is None or alone > FEW:
        return search.indexed
    rare = holds_pair(session, pair)
    return search.indexed if rare is None else rare


def _walked_values(query: OrderListQuery) -> int:
    """Return of how many values of one column there is an index that has them in the order of the list."""
    return 1 if query.sort in (Sort.CREATED, Sort.CREATED_DESC) else 0


def _total(
    session: Session,
    query: OrderListQuery,
    ranges: list[ColumnElement[bool]],
    search: Search | None,
    held: Holding | None,
) -> int:
    if search is None and not ranges:
        return _kept_count(session, query)
    bounds = [bound for bound in (query.created_from, query.created_to) if bound is not None]
    if search is None and len(ranges) == len(bounds):
        return sum(each.orders for each in tally(session, query))
    facets = facet_conditions(query, Order)
    others = complement_of_range(query)
    if search is None and len(ranges) == 1 and others is not None and _passes_most(session, ranges[0]):
        return _kept_count(session, query) - _count(session, [others, *facets])
    if search is None or ranges or facets:
        return _count(session, [*ranges, *facets, *([search.indexed] if search else [])])
    if held is not None:
        return held.orders
    if search.trigrams is not None:
        common = _trigram_count(session, search.trigrams)
        return common if common < COMMON else _count(session, [search.scanned])
    return _count(session, [search.indexed])


def _kept_count(session: Session, query: OrderListQuery) -> int:
    """Count by what the database keeps counts of, however many orders there are."""
    counts = select(func.coalesce(func.sum(OrderCount.orders), 0))
    return session.scalar(counts.where(*facet_conditions(query, OrderCount))) or 0


def _passes_most(session: Session, check: ColumnElement[bool]) -> bool:
    """Guess by a few orders out of all whether more than half of them pass a check."""
    newest = _newest(session)
    if newest < COMMON:
        return False
    ids = range(1, newest + 1, max(newest // SAMPLE, 1))
    found, passed = session.execute(
        select(func.count(), func.count().filter(check)).where(Order.id.in_(ids))
    ).one()
    return bool(2 * passed > found)


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(Order.id))) or 0


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
