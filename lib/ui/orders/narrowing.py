"""Sets and clears what the order list is narrowed to, in the state of its widgets; it draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.link_filters import forget_link_filters
from lib.ui.orders.selection import unpick
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
    ORDERS_STATUS,
    ORDERS_TO,
    ORDERS_WAITING,
)


def take(view: OrderFilters, link: Mapping[str, Sequence[str]]) -> None:
    """Set the filters to a view's, and no other; the search, the sorting and the page size stay."""
    for key, value in {
        ORDERS_STATUS: list(view.statuses),
        ORDERS_PAYMENT: list(view.payments),
        ORDERS_FULFILMENT: list(view.fulfilments),
        ORDERS_COUNTRY: list(view.countries),
        ORDERS_CURRENCY: list(view.currencies),
        ORDERS_FROM: view.first_day,
        ORDERS_TO: view.last_day,
        ORDERS_MIN: None if view.min_total is None else float(view.min_total),
        ORDERS_MAX: None if view.max_total is None else float(view.max_total),
        ORDERS_WAITING: view.waiting,
    }.items():
        st.session_state[key] = value
    forget_link_filters()
    for key, words in link.items():
        st.query_params[key] = list(words)
    narrowed()


def reset() -> None:
    """Take all filters away."""
    take(OrderFilters(), {})


def only_currency(code: str) -> None:
    """Narrow the list to one currency."""
    st.session_state[ORDERS_CURRENCY] = [code]
    narrowed()


def clear_search() -> None:
    """Empty the search box."""
    st.session_state[ORDERS_SEARCH] = ""
    narrowed()


def narrowed() -> None:
    """Begin anew, as after a change of filters: what an address got wrong is settled, too."""
    searched()
    st.session_state.pop(ORDERS_HINT, None)


def searched() -> None:
    """Go to the first page, with none selected of what was listed before."""
    first_page()
    unpick()


def first_page() -> None:
    """Go back to the first page, as after each change of what is listed."""
    st.session_state[ORDERS_PAGE] = 1
