"""Each figure of the insights leads to as many orders as it says, on a real API with sample orders."""

from __future__ import annotations

import pytest

from lib.ui.insights.keys import (
    INSIGHTS_ALARMS,
    INSIGHTS_CAME,
    INSIGHTS_CARD,
    INSIGHTS_CONTRADICTIONS,
    INSIGHTS_COUNTRIES,
    INSIGHTS_COUNTRY,
    INSIGHTS_CURRENCIES,
    INSIGHTS_CURRENCY,
    INSIGHTS_DAILY,
    INSIGHTS_FLOW,
    INSIGHTS_LINKS,
    INSIGHTS_PROGRESS,
    INSIGHTS_RAISED,
    INSIGHTS_RANGE,
    INSIGHTS_REASONS,
    INSIGHTS_WAITING,
)
from lib.ui.shared.cancelling import NO_REASON
from lib.ui.shared.keys import ORDERS_PICKED, ORDERS_SORT
from tests.ui.insights.page import INSIGHTS, LATE, RARE, link_of, listed, tables_of
from tests.ui.order_desk import Desk, words


def test_every_figure_leads_to_as_many_orders_as_it_says(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS)
    assert "Figures from" in words(tab)
    tables = tables_of(tab)
    assert {INSIGHTS_CONTRADICTIONS, INSIGHTS_FLOW, f"{INSIGHTS_PROGRESS}_table"} <= set(tables)
    for key, table in tables.items():
        if key in (INSIGHTS_CAME, f"{INSIGHTS_ALARMS}_table"):
            continue
        column = "Orders" if "Orders" in table else "Longer than that"
        rows = list(enumerate(table[column]))
        for row, number in rows if key == f"{INSIGHTS_PROGRESS}_table" else rows[-2:]:
            link = link_of(tab, key, row, column)
            assert link is not None
            assert listed(desk, link) == number, (key, link)


def test_the_period_before_leads_to_the_orders_of_the_days_before(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_RANGE: "90 days", INSIGHTS_CURRENCY: "EUR"})
    tables = tables_of(tab)
    for key in (INSIGHTS_FLOW, INSIGHTS_COUNTRIES, f"{INSIGHTS_REASONS}_table"):
        numbers = tables[key]["Period before"]
        row = int(numbers.to_numpy().argmax())
        then, now = (link_of(tab, key, row, column) for column in ("Period before", "Orders"))
        assert then is not None
        assert then != now
        assert listed(desk, then) == numbers[row] > 0, (key, then)
    marks = tab.session_state[INSIGHTS_LINKS][INSIGHTS_REASONS]
    name = tables[key].iloc[row, 0]
    assert (marks[(name, "before")], marks[(name,)]) == (then, now)


@pytest.mark.parametrize(
    ("key", "column", "name"),
    [(INSIGHTS_COUNTRIES, "Country", "Kosovo"), (INSIGHTS_CURRENCIES, "Currency", "SVC")],
)
def test_the_row_of_a_rare_country_or_currency_opens_its_orders_alone(
    desk: Desk, key: str, column: str, name: str
) -> None:
    tab = desk.tab(INSIGHTS)
    table = tables_of(tab)[key]
    row = list(table[column]).index(name)
    link = link_of(tab, key, row, "Orders")
    assert link is not None
    assert listed(desk, link) == table["Orders"][row] == RARE
    orders = desk.tabs[-1].dataframe[0].value
    assert orders["ships_to" if name == "Kosovo" else "total"].str.contains(name).all()


def test_a_card_s_day_leads_to_the_orders_that_came_to_the_status_on_it(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: ["Germany", "United States"]})
    table = tables_of(tab)[INSIGHTS_CAME]
    assert len(table) == 28
    assert list(table["Day"]) == sorted(table["Day"], reverse=True)
    assert [each.label for each in tab.metric] == list(table)[1:]
    for column in ("Pending", "Shipped"):
        row = int(table[column].to_numpy().argmax())
        link = link_of(tab, INSIGHTS_CAME, row, column)
        assert link is not None
        assert listed(desk, link) == table[column][row] > 0
    assert link_of(tab, INSIGHTS_CAME, 0, "Day") is None


def test_what_is_watched_leads_to_the_orders_it_counts_in_the_whole_shop(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: "Germany"})
    table = tables_of(tab)[f"{INSIGHTS_ALARMS}_table"]
    links = [link_of(tab, f"{INSIGHTS_ALARMS}_table", row, "Found") for row in range(3)]
    for link, number in zip(links[1:], table["Found"][1:3], strict=True):
        assert link is not None
        assert listed(desk, link) == number
    assert table["Found"][2] >= LATE
    tab.button(key=f"{INSIGHTS_RAISED}_UNPAID_AFTER_A_DAY").click().run()
    assert f"of {table['Found'][2]} orders" in words(tab)
    assert links[0] is not None


def test_no_new_orders_lead_to_the_newest_ones_however_the_list_was_sorted(desk: Desk) -> None:
    tab = desk.tab()
    tab.selectbox(key=ORDERS_SORT).select("createdAt").run()
    tab.switch_page(INSIGHTS).run()
    link = link_of(tab, f"{INSIGHTS_ALARMS}_table", 0, "Found")
    assert dict(link or ())[ORDERS_SORT] == "Newest first"


def test_a_mark_of_a_chart_leads_where_its_row_does(desk: Desk) -> None:
    links = desk.tab(INSIGHTS).session_state[INSIGHTS_LINKS]
    for key in (INSIGHTS_DAILY, INSIGHTS_PROGRESS, INSIGHTS_WAITING, INSIGHTS_REASONS):
        assert list(links[key].values()) == list(links[f"{key}_table"].values())


def test_cancellations_without_a_reason_lead_to_their_orders_too(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS)
    links = tab.session_state[INSIGHTS_LINKS][INSIGHTS_REASONS]
    behind = next(frame.value for frame in tab.dataframe if NO_REASON in set(frame.value.iloc[:, 0]))
    number = behind.set_index(behind.columns[0])["Orders"][NO_REASON]
    assert number == 3
    assert listed(desk, links[(NO_REASON,)]) == number


def test_a_card_leads_to_its_orders_however_the_list_was_left(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS)
    number = int(tab.metric[0].value)
    tab.session_state[ORDERS_PICKED] = {"ONE": None}
    assert tab.metric[0].label == "Pending"
    tab.button(key=f"{INSIGHTS_CARD}_open_PENDING").click().run()
    assert [each.value for each in tab.title] == ["Orders"]
    assert not tab.session_state[ORDERS_PICKED]
    assert f"of {number} orders" in words(tab)


def test_a_card_of_two_countries_leads_to_the_orders_of_both(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: ["Germany", "United States"]})
    number = next(each.value for each in tab.metric if each.label == "Delivered")
    tab.button(key=f"{INSIGHTS_CARD}_open_DELIVERED").click().run()
    assert f"of {number} orders" in words(tab)


def test_what_is_pending_for_more_than_a_day_is_one_click_away(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS)
    waiting = tables_of(tab)[f"{INSIGHTS_WAITING}_table"]["Orders"]
    tab.button(key=f"{INSIGHTS_CARD}_open_long").click().run()
    assert f"of {waiting[3:].sum()} orders" in words(tab)
