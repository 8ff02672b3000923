"""Draws the order list's filters, each bound to the page's address, and reads them; it calls no API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.ui.orders import filters as rules
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_PER_PAGE, ORDERS_RESET, ORDERS_VIEW
from lib.ui.orders.link_filters import CHECKS as LINK_CHECKS
from lib.ui.orders.link_filters import drop_unusable, forget_link_filters
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
    ORDERS_SEARCH,
    ORDERS_SORT,
    ORDERS_STATUS,
    ORDERS_TO,
)
from lib.ui.shared.left_out import note_left_out
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.paging import is_page
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look

_EMPTY: Mapping[str, Any] = {
    ORDERS_STATUS: [],
    ORDERS_PAYMENT: [],
    ORDERS_FULFILMENT: [],
    ORDERS_COUNTRY: [],
    ORDERS_CURRENCY: [],
    ORDERS_FROM: None,
    ORDERS_TO: None,
    ORDERS_MIN: None,
    ORDERS_MAX: None,
}


_CHECKS: Mapping[str, tuple[str, Check]] = {
    ORDERS_STATUS: ("status", choices.one_of([each.label for each in STATUSES.values()])),
    ORDERS_PAYMENT: ("payment", choices.one_of([each.label for each in PAYMENT_STATUSES.values()])),
    ORDERS_FULFILMENT: ("fulfilment", choices.one_of([each.label for each in FULFILLMENT_STATUSES.values()])),
    ORDERS_COUNTRY: ("country", choices.one_of([country(code) for code in choices.country_codes()])),
    ORDERS_CURRENCY: ("currency", choices.one_of(choices.currency_codes())),
    ORDERS_FROM: ("first day", choices.is_day),
    ORDERS_TO: ("last day", choices.is_day),
    ORDERS_MIN: ("smallest total", choices.is_amount),
    ORDERS_MAX: ("largest total", choices.is_amount),
    ORDERS_SORT: ("sorting", choices.one_of(list(SORTS.values()))),
    ORDERS_PER_PAGE: ("orders per page", choices.one_of([str(size) for size in rules.PAGE_SIZES])),
    ORDERS_PAGE: ("page", is_page),
}


def check_address() -> None:
    """Note which filters of the address can't be used, before they are silently dropped."""
    note_left_out(ORDERS_HINT, {**_CHECKS, **LINK_CHECKS})
    drop_unusable()


def filter_bar() -> OrderFilters:
    """Draw the filters and read them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        statuses = _choice("Status", "Any status", ORDERS_STATUS, STATUSES)
        payments = _choice("Payment", "Any payment", ORDERS_PAYMENT, PAYMENT_STATUSES)
        fulfilments = _choice("Fulfilment", "Any fulfilment", ORDERS_FULFILMENT, FULFILLMENT_STATUSES)
        st.button(
            "Reset", key=ORDERS_RESET, icon=":material/filter_alt_off:", type="tertiary", on_click=reset
        )
    # Not in a popover: a browser keeps what was set in a closed one, and later sends it again.
    with st.expander("Place, day, amount", icon=":material/tune:", type="compact"):
        more = _more_filters()
    return OrderFilters(statuses, payments, fulfilments, **more)


def _choice(label: str, any_words: str, key: str, looks: Mapping[str, Look]) -> tuple[str, ...]:
    chosen = st.multiselect(
        label,
        list(looks),
        format_func=lambda code: looks[code].label,
        key=key,
        placeholder=any_words,
        label_visibility="collapsed",
        on_change=_narrowed,
        bind="query-params",
        width=210,
    )
    return tuple(chosen)


def _more_filters() -> dict[str, Any]:
    with st.container(horizontal=True, gap="small"):
        countries = st.multiselect(
            "Ships to", choices.country_codes(), format_func=country, key=ORDERS_COUNTRY,
            placeholder="Any country", on_change=_narrowed, bind="query-params", width=210,
        )  # fmt: skip
        currencies = st.multiselect(
            "Currency", choices.currency_codes(), key=ORDERS_CURRENCY,
            placeholder="Any currency", on_change=_narrowed, bind="query-params", width=150,
        )  # fmt: skip
        return {
            "countries": tuple(countries),
            "currencies": tuple(currencies),
            "first_day": st.date_input("Placed from", **_day(ORDERS_FROM)),
            "last_day": st.date_input("Placed to", **_day(ORDERS_TO)),
            "min_total": rules.amount_of(st.number_input("Total from", **_amount(ORDERS_MIN))),
            "max_total": rules.amount_of(st.number_input("Total to", **_amount(ORDERS_MAX))),
        }


def _day(key: str) -> dict[str, Any]:
    bounds = {"min_value": choices.EARLIEST_DAY, "max_value": choices.LATEST_DAY, "width": 130}
    return {**bounds, "value": None, "key": key, "on_change": _narrowed, "bind": "query-params"}


def _amount(key: str) -> dict[str, Any]:
    bounds = {"min_value": 0.0, "max_value": choices.LARGEST_AMOUNT, "format": "%.2f", "width": 150}
    return {**bounds, "value": None, "key": key, "on_change": _narrowed, "bind": "query-params"}


def quick_views(filters: OrderFilters) -> None:
    """Draw the quick views, with the one marked that the filters amount to."""
    st.session_state[ORDERS_VIEW] = rules.view_of(filters)
    st.segmented_control(
        "Quick views", list(rules.VIEWS), key=ORDERS_VIEW, label_visibility="collapsed", on_change=_take_view
    )


def _take_view() -> None:
    """Set the filters to the chosen view; choosing the marked one again goes back to all orders."""
    view = rules.VIEWS[st.session_state[ORDERS_VIEW] or "All"]
    reset()
    st.session_state[ORDERS_STATUS] = list(view.statuses)
    st.session_state[ORDERS_PAYMENT] = list(view.payments)
    st.session_state[ORDERS_FULFILMENT] = list(view.fulfilments)


def reset() -> None:
    """Take all filters away; the search, the sorting and the page size stay."""
    for key, value in _EMPTY.items():
        st.session_state[key] = value
    forget_link_filters()
    _narrowed()


def clear_search() -> None:
    """Empty the search box."""
    st.session_state[ORDERS_SEARCH] = ""
    _narrowed()


def _narrowed() -> None:
    """Go to the first page: the old one means nothing among other orders."""
    st.session_state[ORDERS_PAGE] = 1
    st.session_state.pop(ORDERS_HINT, None)
