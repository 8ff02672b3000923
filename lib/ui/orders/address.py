"""Says what the parameters of the list's address are called, and which values they may have; no API call."""

from __future__ import annotations

from collections.abc import Mapping

from lib.ui.orders import filters as rules
from lib.ui.orders.keys import ORDERS_PER_PAGE
from lib.ui.orders.link_filters import CHECKS as LINK_CHECKS
from lib.ui.orders.link_filters import drop_unusable
from lib.ui.shared import choices
from lib.ui.shared.choices import Check
from lib.ui.shared.format import country
from lib.ui.shared.keys import (
    ORDERS_COUNTRY,
    ORDERS_CURRENCY,
    ORDERS_FROM,
    ORDERS_FULFILMENT,
    ORDERS_HINT,
    ORDERS_MAX,
    ORDERS_MIN,
    ORDERS_PAGE,
    ORDERS_PAYMENT,
    ORDERS_SORT,
    ORDERS_STATUS,
    ORDERS_TO,
    ORDERS_WAITING,
)
from lib.ui.shared.left_out import note_left_out
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.paging import is_page
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES

CHECKS: Mapping[str, tuple[str, Check]] = {
    ORDERS_STATUS: ("status", choices.one_of([each.label for each in STATUSES.values()])),
    ORDERS_PAYMENT: ("payment", choices.one_of([each.label for each in PAYMENT_STATUSES.values()])),
    ORDERS_FULFILMENT: ("fulfilment", choices.one_of([each.label for each in FULFILLMENT_STATUSES.values()])),
    ORDERS_COUNTRY: ("country", choices.one_of([country(code) for code in choices.country_codes()])),
    ORDERS_CURRENCY: ("currency", choices.one_of(choices.currency_codes())),
    ORDERS_FROM: ("first day", choices.is_day),
    ORDERS_TO: ("last day", choices.is_day),
    ORDERS_MIN: ("smallest total", choices.is_amount),
    ORDERS_MAX: ("largest total", choices.is_amount),
    ORDERS_WAITING: ("time in their status", choices.one_of([f"over {each}" for each in rules.WAITING])),
    ORDERS_SORT: ("sorting", choices.one_of(list(SORTS.values()))),
    ORDERS_PER_PAGE: ("orders per page", choices.one_of([str(size) for size in rules.PAGE_SIZES])),
    ORDERS_PAGE: ("page", is_page),
}


def check_address() -> None:
    """Note which filters of the address can't be used, before they are silently dropped."""
    note_left_out(ORDERS_HINT, {**CHECKS, **LINK_CHECKS})
    drop_unusable()
