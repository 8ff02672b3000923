"""Sets and clears what the order list is narrowed to, in the state of its widgets; it draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from lib.ui.orders.address import WRITTEN
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_TAKEN
from lib.ui.orders.link_filters import forget_link_filters
from lib.ui.orders.selection import unpick
from lib.ui.shared.keys import (
    ORDERS_CURRENCY,
    ORDERS_HINT,
    ORDERS_PAGE,
    ORDERS_SEARCH,
)


def take(view: OrderFilters, link: Mapping[str, Sequence[str]]) -> None:
    """Set the filters to a view's, and no other; the search, the sorting and the page size stay."""
    for key, each in WRITTEN.items():
        value = getattr(view, each.field)
        st.session_state[key] = (
            list(value) if each.several else float(value) if isinstance(value, Decimal) else value
        )
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
    st.session_state[ORDERS_TAKEN] = True


def searched() -> None:
    """Go to the first page, with none selected of what was listed before."""
    first_page()
    unpick()


def first_page() -> None:
    """Go back to the first page, as after each change of what is listed."""
    st.session_state[ORDERS_PAGE] = 1
