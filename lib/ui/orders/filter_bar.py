"""Draws the order list's filters, each bound to the page's address, and reads them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.orders_client import Capabilities
from lib.ui.orders import filters as rules
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.keys import ORDERS_COLUMNS, ORDERS_MORE, ORDERS_RESET
from lib.ui.orders.narrowing import narrowed, reset
from lib.ui.orders.remembered import to_be_kept
from lib.ui.shared import choices, keys
from lib.ui.shared.format import Reader, country
from lib.ui.shared.statuses import FULFILLMENT_STATUSES, PAYMENT_STATUSES, STATUSES, Look
from lib.ui.shared.tables import ORDER_COLUMNS

MOST_NAMED = 12
"""So many countries are named with their orders on hover."""
CHOSEN_COLUMNS: Mapping[str, str] = {name: title for name, title in ORDER_COLUMNS.items() if name != "order"}
"""The columns that may be hidden."""
_FOLDED = (
    *(keys.ORDERS_PAYMENT, keys.ORDERS_FULFILMENT, keys.ORDERS_COUNTRY, keys.ORDERS_CURRENCY),
    *(keys.ORDERS_FROM, keys.ORDERS_TO, keys.ORDERS_MIN, keys.ORDERS_MAX, keys.ORDERS_WAITING),
)


def filter_bar(
    can: Capabilities, places: Callable[[], Mapping[str, int]], reader: Reader
) -> tuple[OrderFilters, list[str]]:
    """Draw the filters, the status first and the others folded away; return them and the columns to show.

    Half of the page's widgets are folded away: they are drawn once somebody unfolds them, or one is set.
    """
    statuses = _choice("Status", "Any status", keys.ORDERS_STATUS, STATUSES, label_visibility="collapsed")
    is_set = any(st.session_state.get(key) not in (None, []) or key in st.query_params for key in _FOLDED)
    more: dict[str, Any] = {}
    columns = _chosen(st.session_state.get(ORDERS_COLUMNS))
    # Not in a popover: a browser keeps what was set in a closed one, and later sends it again.
    with st.expander(
        "Filters", icon=":material/tune:", type="compact", key=ORDERS_MORE, on_change="rerun"
    ) as folded:
        if folded.open or is_set:
            more = _more_filters(can, places(), reader)
            columns = _columns()
    st.button("Reset", key=ORDERS_RESET, icon=":material/filter_alt_off:", type="tertiary", on_click=reset)
    return OrderFilters(statuses, **more), columns


def _columns() -> list[str]:
    """Draw the choice of columns."""
    chosen = st.multiselect(
        "Columns", list(CHOSEN_COLUMNS), format_func=CHOSEN_COLUMNS.__getitem__, default=list(CHOSEN_COLUMNS),
        key=ORDERS_COLUMNS, on_change=to_be_kept, persist_state="session", select_all=False,
    )  # fmt: skip
    return _chosen(chosen)


def _chosen(columns: Sequence[str] | None) -> list[str]:
    """Return columns in their order; whoever takes all away gets all."""
    return [each for each in CHOSEN_COLUMNS if each in (columns or CHOSEN_COLUMNS)]


def _choice(label: str, any_words: str, key: str, looks: Mapping[str, Look], **more: Any) -> tuple[str, ...]:
    chosen = st.multiselect(
        label, list(looks), format_func=lambda code: looks[code].label, placeholder=any_words,
        **_several(key), width=180, **more,
    )  # fmt: skip
    return tuple(chosen)


def _several(key: str) -> dict[str, Any]:
    """Return what all choices of several have; without "Select all", which Enter would take first."""
    return {"key": key, "on_change": narrowed, "bind": "query-params", "select_all": False}


def _more_filters(can: Capabilities, places: Mapping[str, int], reader: Reader) -> dict[str, Any]:
    with st.container(horizontal=True, gap="small"):
        payments = _choice("Payment", "Any payment", keys.ORDERS_PAYMENT, PAYMENT_STATUSES)
        fulfilments = _choice("Fulfilment", "Any fulfilment", keys.ORDERS_FULFILMENT, FULFILLMENT_STATUSES)
        countries = st.multiselect(
            "Ships to", _countries(places), format_func=country, placeholder="Any country",
            help=_most_orders(places, reader), **_several(keys.ORDERS_COUNTRY), width=210,
        )  # fmt: skip
        currencies = st.multiselect(
            "Currency", choices.currency_codes(), placeholder="Any currency",
            **_several(keys.ORDERS_CURRENCY), width=150,
        )  # fmt: skip
        return {
            "payments": payments,
            "fulfilments": fulfilments,
            "countries": tuple(countries),
            "currencies": tuple(currencies),
            "first_day": st.date_input("Placed from", **_day(keys.ORDERS_FROM, reader)),
            "last_day": st.date_input("Placed to", **_day(keys.ORDERS_TO, reader)),
            "min_total": rules.amount_of(st.number_input("Total from", **_amount(keys.ORDERS_MIN))),
            "max_total": rules.amount_of(st.number_input("Total to", **_amount(keys.ORDERS_MAX))),
            "waiting": _waiting() if "status_to" in can.filters else None,
        }


def _waiting() -> str | None:
    return st.selectbox(
        "Time in this status", list(rules.WAITING), index=None, format_func=lambda length: f"over {length}",
        placeholder="Any time", key=keys.ORDERS_WAITING, on_change=narrowed, bind="query-params", width=150,
    )  # fmt: skip


def _countries(places: Mapping[str, int]) -> Sequence[str]:
    """List the countries that the shop has orders from, most orders first, and those already chosen.

    Without figures, or to keep what an address names, all that there are.
    """
    if not places:
        return choices.country_codes()
    named = st.query_params.get_all(keys.ORDERS_COUNTRY)
    chosen = [
        *st.session_state.get(keys.ORDERS_COUNTRY, ()),
        *(c for c in choices.country_codes() if country(c) in named),
    ]
    return tuple(dict.fromkeys([*places, *chosen]))


def _most_orders(places: Mapping[str, int], reader: Reader) -> str | None:
    counted = [f"{country(code)} {reader.number(count)}" for code, count in places.items()]
    return ", ".join(counted[:MOST_NAMED]) if counted else None


def _day(key: str, reader: Reader) -> dict[str, Any]:
    bounds = {"min_value": choices.EARLIEST_DAY, "max_value": choices.LATEST_DAY}
    looks = {"format": reader.day_pattern, "width": 140}
    return {**bounds, **looks, "value": None, "key": key, "on_change": narrowed, "bind": "query-params"}


def _amount(key: str) -> dict[str, Any]:
    bounds = {"min_value": 0.0, "max_value": choices.LARGEST_AMOUNT, "format": "%.2f", "width": 150}
    return {**bounds, "value": None, "key": key, "on_change": narrowed, "bind": "query-params"}
