"""Insights: how many orders are where, if that is usual, where they get stuck; it counts nothing itself."""

from datetime import UTC, datetime

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui import insights_tables as tables
from lib.ui import insights_view as view
from lib.ui.clients import orders_client
from lib.ui.feedback import api_guard
from lib.ui.insights_bar import scope_bar
from lib.ui.reader import current_reader
from lib.ui.session import (
    INSIGHTS_ALARMS,
    INSIGHTS_CONTRADICTIONS,
    INSIGHTS_COUNTRIES,
    INSIGHTS_CURRENCIES,
    INSIGHTS_DAILY,
    INSIGHTS_FLOW,
    INSIGHTS_PROGRESS,
    INSIGHTS_REASONS,
    INSIGHTS_STUCK,
    INSIGHTS_WAITING,
    recheck_staff,
    require_staff,
)

REFRESH_SECONDS = 60

require_staff(*roles_for("insights"))
reader = current_reader()
scope = scope_bar(datetime.now(UTC).astimezone(reader.zone).date())


@st.fragment(run_every=REFRESH_SECONDS)
def insights() -> None:
    """Draw all figures as they are now, the cards first."""
    with api_guard("insights"):
        stats = orders_client(recheck_staff()).stats
        zone, places, links = str(reader.zone), scope.places, scope.links
        days, (start, end) = (scope.first_day, scope.last_day), scope.times(reader)
        before_start, before_end = scope.times(reader, scope.before)

        cards = stats.cards(zone, **places)
        st.caption(f"Figures from {reader.clock(cards.as_of)}, refreshed every minute")
        view.draw_cards(cards, links, reader)
        view.draw_alarms(stats.alarms(), reader, INSIGHTS_ALARMS)

        daily = stats.daily(start, end, time_zone=zone, **places)
        earlier = stats.by_currency(created_from=before_start, created_to=before_end, **places)
        shaped = tables.days_table(daily, links)
        st.subheader("Orders a day", anchor=False)
        st.caption(
            f"{reader.number(shaped.orders)} placed from {reader.day(days[0])} to {reader.day(days[1])}; "
            f"{reader.number(sum(each.count for each in earlier.items))} in the {scope.days} days before"
        )
        view.linked_days(shaped, scope.share, INSIGHTS_DAILY)

        grid = st.grid(2, min_column_width=420, gap="large")
        with grid.cell():
            st.subheader("How far these orders got", anchor=False)
            progress = tables.progress_table(daily, links, days)
            view.linked_bars(progress, INSIGHTS_PROGRESS, "Orders", "How far orders got")
        with grid.cell():
            st.subheader("Pending, by waiting time", anchor=False)
            waiting = tables.waiting_table(stats.pending_age(**places), links)
            view.linked_bars(waiting, INSIGHTS_WAITING, "Pending orders", "Pending orders by waiting time")
        flow = stats.flow(*days, time_zone=zone, **places)
        with grid.cell():
            st.subheader("Cancelled on these days, by reason", anchor=False)
            reasons = tables.reasons_table(flow, links, (start, end))
            view.linked_bars(reasons, INSIGHTS_REASONS, "Cancelled orders", "Cancellations by reason")
        with grid.cell():
            st.subheader("Where orders are stuck", anchor=False)
            st.caption(
                "In their status for longer than nine in ten were over the last 28 days, all countries"
            )
            stuck = tables.stuck_table(stats.time_in_status(**places), links)
            titles = {"status": "Status", "median": "Half leave within", "nine_in_ten": "Nine in ten within",
                      "orders": "Longer than that"}  # fmt: skip
            view.linked_table(stuck, INSIGHTS_STUCK, titles, "Stuck orders")
        with grid.cell():
            st.subheader("Value by currency", anchor=False)
            value = tables.currencies_table(
                stats.by_currency(created_from=start, created_to=end, **places), earlier, links, days, reader
            )
            titles = {"currency": "Currency", "orders": "Orders", "value": "Value", "before": "Period before"}
            view.linked_table(value, INSIGHTS_CURRENCIES, titles, "Value by currency")
        with grid.cell():
            st.subheader("Countries", anchor=False)
            found = stats.by_country(created_from=start, created_to=end, **places)
            countries = tables.countries_table(found, links, days, reader)
            titles = {"country": "Country", "orders": "Orders", "value": "Value"}
            view.linked_table(countries, INSIGHTS_COUNTRIES, titles, "Countries")
        with grid.cell():
            st.subheader("Changes of status on these days", anchor=False)
            titles = {"from": "From", "to": "To", "orders": "Times"}
            view.plain_table(tables.flow_table(flow), INSIGHTS_FLOW, titles, "Changes of status")
        with grid.cell():
            st.subheader("Contradictions", anchor=False)
            st.caption("Orders whose status, payment and fulfilment cannot all be true")
            broken = tables.contradictions_table(stats.contradictions(**places), links)
            view.linked_table(broken, INSIGHTS_CONTRADICTIONS, {"rule": "What can't be", "orders": "Orders"},
                              "Contradictions")  # fmt: skip


insights()
