"""Draws the parts of the order list: toolbar, table, empty states; it asks the API for nothing."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from lib.orders_client import OrderListItem, Unavailable
from lib.ui.orders import filters as rules
from lib.ui.orders.filters import OrderFilters
from lib.ui.orders.finding import Found
from lib.ui.orders.keys import (
    ORDERS_CLEAR_SEARCH,
    ORDERS_ONLY,
    ORDERS_OPEN_HIT,
    ORDERS_PER_PAGE,
    ORDERS_RESET_ALL,
)
from lib.ui.orders.link_filters import LinkFilters
from lib.ui.orders.narrowing import clear_search, first_page, only_currency, reset
from lib.ui.orders.remembered import to_be_kept
from lib.ui.orders.sifting import search_words, shows
from lib.ui.orders.table import ORDER_PAGE, open_order
from lib.ui.shared.choices import currency_codes
from lib.ui.shared.clients import api_is_ready
from lib.ui.shared.format import NOT_GIVEN, Reader, escape, in_line
from lib.ui.shared.keys import ORDERS_SORT
from lib.ui.shared.order_input import same_number
from lib.ui.shared.order_links import SORTS
from lib.ui.shared.statuses import STATUSES, look, status_chips

_SUMMARY_WIDTH = 265


def say_narrowing(filters: OrderFilters, linked: LinkFilters, reader: Reader) -> None:
    """Name the filters that are folded away or came by a link: none works unseen."""
    unseen = OrderFilters() if rules.view_of(filters) else replace(filters, statuses=())
    hidden = unseen.in_words(reader) + [escape(words) for words in linked.in_words(reader)]
    if hidden:
        st.caption(f":material/tune: Only {', '.join(hidden)}", width="content")


def sorting() -> tuple[str, int]:
    """Draw the choice of order and page size, and return both."""
    sort = st.selectbox(
        "Sort", list(SORTS), format_func=SORTS.__getitem__, key=ORDERS_SORT,
        label_visibility="collapsed", on_change=_rearranged, bind="query-params", width=190,
    )  # fmt: skip
    size = st.selectbox(
        "Orders per page", list(rules.PAGE_SIZES), format_func=str, key=ORDERS_PER_PAGE,
        label_visibility="collapsed", on_change=_rearranged, bind="query-params", width=80,
    )  # fmt: skip
    return sort, size


def _rearranged() -> None:
    first_page()
    to_be_kept()


def say_summary(found: Found, shown: int, size: int, reader: Reader) -> None:
    """Say which of how many orders are shown and as of when, in a place that does not grow or shrink."""
    with st.container(width=_SUMMARY_WIDTH, horizontal=True, vertical_alignment="center", gap="xxsmall"):
        st.text(counts(found, shown, size, reader), width="content")
        st.caption(f"as of {reader.clock(found.at)}", width="content")


def counts(found: Found, shown: int, size: int, reader: Reader) -> str:
    """Say which of how many orders are shown, such as `26–50 of 5,000 orders`, and out of which."""
    first = (shown - 1) * size + 1
    rows = f"{reader.number(first)}–{reader.number(first + len(found.items) - 1)}"
    if found.among:
        part = f"{rows} of {reader.number(found.total)}, out" if found.total > size else str(found.total)
        return f"{part} of {found.among.in_words(reader)}"
    if not found.items:
        return "No orders"
    return "1 order" if found.total == 1 else f"{rows} of {reader.number(found.total)} orders"


@contextmanager
def busy_search(search: str | None) -> Iterator[None]:
    """Say so where an API that answers has no time for a search, and stop; the page does not wait for it."""
    try:
        yield
    except Unavailable:
        if not (search and api_is_ready()):
            raise
        with st.container(border=True):
            st.markdown("**This search takes too long, or too many people are searching**")
            st.text("Use fewer or longer words, the order number or a whole email, or try again in a moment.")
            st.button("Clear the search", key=ORDERS_CLEAR_SEARCH, on_click=clear_search)
        st.stop()


def say_lost(lost: Sequence[str]) -> None:
    """Say which words of the search were left out, because nothing has them."""
    if lost:
        named = " and ".join(f"“{word}”" for word in lost)
        it = "it" if len(lost) == 1 else "them"
        st.info(
            f"Nothing has {escape(named)}: shown is the search without {it}.", icon=":material/search_off:"
        )


def say_unseen(found: Found, search: str | None) -> None:
    """Say how many rows match by what is not on them, so that nobody takes them for a mistake."""
    words = search_words(search)
    unseen = sum(not shows(order, words) for order in found.items) if words else 0
    if unseen and not found.among:
        rows = "This order matches" if len(found.items) == 1 else f"{unseen} of these match"
        st.caption(f":material/search: {rows} by contact data, the buyer, an item or a parcel.")


def say_mixed(found: Found, all_pages: Collection[str]) -> None:
    """Say that totals of several currencies are sorted by their figures, and offer each currency alone.

    `all_pages`: the currencies of the whole list, as far as they are known.
    """
    currencies = sorted({order.currency for order in found.items if order.currency} | {*all_pages})
    if len(currencies) < 2:
        return
    offered = [code for code in currencies if code in currency_codes()]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        only = " Only orders in" if offered else ""
        st.caption(f"Sorted by the figure, whatever its currency.{only}", width="content")
        for code in offered:
            st.button(
                code, key=f"{ORDERS_ONLY}_{code}", type="tertiary", on_click=only_currency, args=(code,)
            )


def meant(search: str | None, found: Found) -> OrderListItem | None:
    """Return the order that a search means: the one with this number, or the only one found."""
    only = found.items[0] if search and found.total == 1 and found.items else None
    return numbered(search, found) or only


def numbered(search: str | None, found: Found) -> OrderListItem | None:
    """Return the one order found that has what is searched for as its number."""
    whole = [each for each in found.items if search and same_number(each.order_number, search)]
    return whole[0] if len(whole) == 1 else None


def offer(order: OrderListItem, reader: Reader) -> None:
    """Offer one order, the only one found or the one the keyboard stands on, so that keys alone open it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        total = reader.money(order.grand_total, order.currency)
        st.text(in_line(order.order_number, order.customer_name or NOT_GIVEN, total))
        status_chips([look(STATUSES, order.status)])
        if st.button("Open order", key=ORDERS_OPEN_HIT, type="primary", shortcut="Alt+O"):
            open_order(order.order_number)


def nothing_found(
    found: Found, search: str | None, filters: OrderFilters, linked: LinkFilters, reader: Reader
) -> None:
    """Say why the list is empty and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        narrowed = filters.in_words(reader) + linked.in_words(reader)
        if not search and not narrowed:
            st.markdown("**There are no orders yet**", width="content")
            st.text(
                "They appear here as soon as the shop takes its first one, or once a file has been imported.",
                width="content",
            )
            return
        st.markdown("**No order matches**", width="content")
        if found.undoable:
            why = "The shop's API can't narrow its list like this, so nothing is shown."
        elif narrowed:
            why = filters.contradiction() or f"Looked only among: {', '.join(narrowed)}."
        elif found.among:
            why = "Try fewer words, or open an order by its whole number."
        else:
            why = "Try fewer words, the order number alone, or the last four digits of the phone."
        st.text(why, width="content")
        with st.container(horizontal=True, width="content"):
            if narrowed:
                st.button("Look among all orders", key=ORDERS_RESET_ALL, type="primary", on_click=reset)
            if search and found.among:
                st.page_link(ORDER_PAGE, label="Open by number", icon=":material/receipt_long:")
            if search:
                st.button("Clear the search", key=ORDERS_CLEAR_SEARCH, on_click=clear_search)
