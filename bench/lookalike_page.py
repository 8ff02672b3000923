"""The Orders page's widgets and table, made-up orders and no API, for `streamlit run`; ?table: that alone."""

import pandas as pd
import streamlit as st

ORDERS, SIZE = 5_000, 25
STATUSES = ["Pending", "Confirmed", "In preparation", "Shipped", "Delivered", "Cancelled", "Refunded"]
COLUMNS = ["order", "status", "customer", "total", "created", "waits", "payment", "ships_to", "items"]


def table(page: int) -> None:
    rows = [
        (f"ORD-2026-{n:04d}", [STATUSES[n % 7]], f"Customer {n}", f"{n}.90 EUR", "12 Nov, 14:05", "2 h",
         ["Paid", "Unfulfilled"], "Lyon, France", n % 5 + 1)
        for n in range((page - 1) * SIZE, page * SIZE)
    ]  # fmt: skip
    chips = st.column_config.MultiselectColumn(options=STATUSES, color=["#4046CA"] * 7)
    st.dataframe(
        pd.DataFrame(rows, columns=COLUMNS), column_config={"status": chips}, hide_index=True,
        height="content", row_height=32, key=f"table_{page}", on_select="rerun",
        selection_mode=["multi-row", "single-cell", "single-column"],
    )  # fmt: skip


st.set_page_config(layout="wide")
if "table" in st.query_params:
    table(1)
    st.stop()
st.sidebar.markdown("**Sam**  \nsupport")
st.sidebar.button("Sign out")
with st.container(horizontal=True):
    st.title("Orders", width="content")
    st.text_input("Search orders", type="search", live="300ms", label_visibility="collapsed")
    st.button("Open")
    st.button("Refresh")
with st.container(horizontal=True):
    views = st.container(width="content")
    st.multiselect("Status", STATUSES, label_visibility="collapsed")
    with st.expander("Filters"), st.container(horizontal=True):
        for name in ("Payment", "Fulfilment", "Ships to", "Currency"):
            st.multiselect(name, STATUSES, key=name)
        st.date_input("Placed from", value=None)
        st.date_input("Placed to", value=None)
        st.number_input("Total from", value=None)
        st.number_input("Total to", value=None)
        st.selectbox("Time in this status", ["24 h", "3 days"], index=None)
        st.multiselect("Columns", COLUMNS, default=COLUMNS)
    st.button("Reset")
with st.container(horizontal=True):
    summary = st.container(width="content").empty()
    shown = st.pagination(ORDERS // SIZE, key="orders_page", max_visible_pages=5)
    st.selectbox("Sort", ["Newest first", "Oldest first"])
    st.selectbox("Orders per page", [25, 50, 100, 200])
    st.button("Export …")
with summary.container(horizontal=True):
    st.text(f"{(shown - 1) * SIZE + 1}–{shown * SIZE} of {ORDERS} orders")
    st.caption("as of 14:05")
table(shown)
st.pagination(ORDERS // SIZE, key="below")
views.segmented_control("Views", ["All", *STATUSES], default="All")
