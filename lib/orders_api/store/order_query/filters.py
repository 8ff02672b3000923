"""The filters, sorts and pages of order lists (contract, section 4, Filters), as conditions on the store."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, StringConstraints
from sqlalchemy import ColumnElement, String, UnaryExpression, and_, or_
from sqlalchemy.sql.operators import custom_op

from lib.orders_api.domain.money import SORT_DIGITS
from lib.orders_api.domain.statuses import CancelReason, FulfillmentStatus, OrderStatus, PaymentStatus
from lib.orders_api.domain.wire import WantedCountry, WantedCurrency, WantedTime, ZonedQuery
from lib.orders_api.store.order_query.changes import StatusBefore, was_changed
from lib.orders_api.store.tables.orders import Order
from lib.orders_api.store.tables.stats import OrderCount

MAX_LIMIT = 200
MAX_QUERY = 200
BEYOND_ANY_TOTAL = 2**63 - 1
"""More than any order's sum, and the most that the databases compare."""

Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$")]


class Sort(StrEnum):
    """By what a list is ordered; a minus means the highest first."""

    CREATED_DESC = "-createdAt"
    CREATED = "createdAt"
    TOTAL_DESC = "-grandTotal"
    TOTAL = "grandTotal"
    NUMBER = "orderNumber"
    NUMBER_DESC = "-orderNumber"


class WantedReason(StrEnum):
    """Why an order was cancelled; UNKNOWN: it was, and nobody said why, as of imported ones."""

    CUSTOMER_REQUEST = CancelReason.CUSTOMER_REQUEST
    PAYMENT_NOT_RECEIVED = CancelReason.PAYMENT_NOT_RECEIVED
    FRAUD_SUSPECTED = CancelReason.FRAUD_SUSPECTED
    OUT_OF_STOCK = CancelReason.OUT_OF_STOCK
    DUPLICATE = CancelReason.DUPLICATE
    OTHER = CancelReason.OTHER
    UNKNOWN = "UNKNOWN"


class Reached(StrEnum):
    """How far an order got at least, by what it says of itself."""

    PROCESSING = OrderStatus.PROCESSING
    SHIPPED = OrderStatus.SHIPPED


SENT = (FulfillmentStatus.PARTIALLY_FULFILLED, FulfillmentStatus.FULFILLED, FulfillmentStatus.RETURNED)
"""The fulfilments that say that something of an order has been sent."""
_SINCE_SENDING = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUNDED)
_GOT_THERE = {Reached.PROCESSING: (OrderStatus.PROCESSING, *_SINCE_SENDING), Reached.SHIPPED: _SINCE_SENDING}
"""The statuses of orders that got so far; a refunded one did only if something of it was sent."""


class OrderFilters(ZonedQuery):
    """Which orders are meant; all that is given has to fit."""

    status: list[OrderStatus] = Field(default_factory=list)
    payment_status: list[PaymentStatus] = Field(default_factory=list)
    fulfillment_status: list[FulfillmentStatus] = Field(default_factory=list)
    country: list[WantedCountry] = Field(default_factory=list)
    currency: list[WantedCurrency] = Field(default_factory=list)
    created_from: WantedTime | None = None
    created_to: WantedTime | None = None
    min_total: Amount | None = None
    max_total: Amount | None = None
    cancel_reason: list[WantedReason] = Field(default_factory=list)
    status_from: WantedTime | None = None
    status_to: WantedTime | None = None
    from_status: list[StatusBefore] = Field(default_factory=list)
    to_status: list[OrderStatus] = Field(default_factory=list)
    changed_from: WantedTime | None = None
    changed_to: WantedTime | None = None
    reached: Reached | None = None
    q: Annotated[str, StringConstraints(max_length=MAX_QUERY)] | None = None
    _any_part: bool = PrivateAttr(default=False)

    @property
    def any_part(self) -> bool:
        """Whether `q` finds contact data by any part of them, as for those who see them in full anyway."""
        return self._any_part

    def allow_any_part(self, allowed: bool) -> Self:
        """Say whether any part of contact data may be searched for: not by those who see them masked."""
        self._any_part = allowed
        return self


class OrderListQuery(OrderFilters):
    """A page of the orders that are meant."""

    sort: Sort = Sort.CREATED_DESC
    page: Annotated[int, Field(ge=1)] = 1
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 10


def facet_conditions(
    filters: OrderFilters, table: type[Order | OrderCount], indexed_up_to: int | None = None
) -> list[ColumnElement[bool]]:
    """Return what has to be checked of the columns with few values, in the orders or in their counts.

    With `indexed_up_to`, SQLite uses no index for a column of which more values than that are wanted: a
    unary plus is how one tells its planner.
    """
    checks: list[ColumnElement[bool]] = []
    got_there = _GOT_THERE[filters.reached] if filters.reached else ()
    for column, values in (
        (table.status, filters.status),
        (table.status, got_there),
        (table.payment_status, filters.payment_status),
        (table.fulfillment_status, filters.fulfillment_status),
        (table.shipping_country, filters.country),
        (table.currency, filters.currency),
    ):
        wanted = sorted(set(values))
        term: ColumnElement[str] = column.expression
        if indexed_up_to is not None and len(wanted) > indexed_up_to:
            term = UnaryExpression(term, operator=custom_op("+"), type_=String())
        if wanted:
            checks.append(term == wanted[0] if len(wanted) == 1 else term.in_(wanted))
    if got_there:
        checks.append(or_(table.status != OrderStatus.REFUNDED, table.fulfillment_status.in_(SENT)))
    return checks


def range_conditions(filters: OrderFilters, few: bool = False) -> list[ColumnElement[bool]]:
    """Return what has to be checked of times, amount, reason and changes of status.

    `few` says that only a few orders will be checked, such as those of one customer.
    """
    checks: list[ColumnElement[bool]] = []
    if filters.created_from is not None:
        checks.append(Order.created_at >= filters.created_from)
    if filters.created_to is not None:
        checks.append(Order.created_at < filters.created_to)
    if filters.min_total is not None:
        checks.append(Order.total_sort >= _comparable(filters.min_total, ROUND_CEILING))
    if filters.max_total is not None:
        checks.append(Order.total_sort <= _comparable(filters.max_total, ROUND_FLOOR))
    if filters.cancel_reason:
        checks.append(_cancelled_for(filters.cancel_reason))
    if filters.status_from is not None:
        checks.append(Order.status_since >= filters.status_from)
    if filters.status_to is not None:
        checks.append(Order.status_since < filters.status_to)
    change = (filters.from_status, filters.to_status, filters.changed_from, filters.changed_to)
    if any(change):
        checks.append(was_changed(*change, few=few))
    return checks


def _cancelled_for(reasons: list[WantedReason]) -> ColumnElement[bool]:
    fits: ColumnElement[bool] = Order.cancel_reason.in_(sorted(set(reasons) - {WantedReason.UNKNOWN}))
    if WantedReason.UNKNOWN in reasons:
        fits = or_(fits, Order.cancel_reason.is_(None))
    # The status, because it has an index.
    return and_(Order.status == OrderStatus.CANCELLED, fits)


def sort_columns(sort: Sort) -> tuple[tuple[Any, ...], bool]:
    """Return the columns to sort by, a tie-break last, and whether the highest comes first."""
    column = {
        "createdAt": Order.created_at,
        "grandTotal": Order.total_sort,
        "orderNumber": Order.order_number_key,
    }[sort.value.removeprefix("-")]
    return (column, Order.id), sort.value.startswith("-")


def _comparable(amount: str, rounding: str) -> int:
    exact = int(Decimal(amount).scaleb(SORT_DIGITS).to_integral_value(rounding))
    return max(-BEYOND_ANY_TOTAL, min(exact, BEYOND_ANY_TOTAL))
