"""The insights page on a real API with sample orders: each figure leads to as many orders as it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from pandas.testing import assert_frame_equal
from sqlalchemy import create_engine, text
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from lib.ui.cancelling import NO_REASON
from lib.ui.format import reader_of
from lib.ui.insights_summaries import WATCHED
from lib.ui.order_links import Address, parameters
from lib.ui.session import (
    INSIGHTS_ALARMS,
    INSIGHTS_CAME,
    INSIGHTS_CARD,
    INSIGHTS_CONTRADICTIONS,
    INSIGHTS_COUNTRIES,
    INSIGHTS_COUNTRY,
    INSIGHTS_CURRENCY,
    INSIGHTS_DAILY,
    INSIGHTS_FLOW,
    INSIGHTS_FROM,
    INSIGHTS_LINKS,
    INSIGHTS_PRINT,
    INSIGHTS_PROGRESS,
    INSIGHTS_RAISED,
    INSIGHTS_RANGE,
    INSIGHTS_REASONS,
    INSIGHTS_SHARE,
    INSIGHTS_TO,
    INSIGHTS_WAITING,
    ORDERS_SORT,
    StaffMember,
)
from tests.api.serving import Served, environment, start
from tests.e2e.walking import place_order
from tests.ui.fake_api import FakeApi
from tests.ui.order_desk import Desk, button_labels, order_desk, words

INSIGHTS = "pages/ops/insights.py"
KEYS = {"jwt_secret": "tests-only-jwt-secret-of-more-than-32-bytes", "code_key": "a" * 40}
OLGA = StaffMember("olga", "Olga", ("ops",))
READER = reader_of(None, None)
LATE = 9
"""How many orders of the day before yesterday are planted that nobody has paid."""
COMPARED = {
    "Country": ("Orders", "Period before"),
    "Currency": ("Value", "Period before"),
    "Cancelled on these days, by reason": ("Orders", "Period before"),
    "To": ("Orders", "Period before"),
}
"""The tables with a period before, by the column of their rows' names: their numbers now and then."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an API with sample orders; one contradicts itself, many placed a day ago are unpaid."""
    folder = tmp_path_factory.mktemp("insights")
    settings = {"database_url": f"sqlite:///{folder}/orders.db", **KEYS}
    assert environment(**settings)
    seeding = start(folder, "seed", "--orders", "700", **settings)
    _, said = seeding.communicate(timeout=120)
    assert seeding.returncode == 0, said
    engine = create_engine(settings["database_url"])
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE orders SET payment_status = 'PAID'"
                " WHERE id = (SELECT max(id) FROM orders WHERE status = 'CANCELLED')"
            )
        )
        connection.execute(
            text(
                "UPDATE orders SET cancel_reason = NULL WHERE id IN"
                " (SELECT id FROM orders WHERE status = 'CANCELLED' ORDER BY updated_at DESC LIMIT 3)"
            )
        )
    engine.dispose()
    with Served(folder, **settings) as api:
        admin = OrdersClient(api.url, lambda: mint_staff_token(KEYS["jwt_secret"], "ada", ["admin"], now()))
        with admin as shop:
            for number in range(LATE):
                placed = now() - timedelta(hours=30, minutes=number)
                place_order(shop, f"ORD-2026-8000{number}", created_at=placed)
        yield api.url


@pytest.fixture
def desk(tmp_path: Path, served: str) -> Iterator[Desk]:
    """A desk on that API, where Olga of ops is signed in."""
    with order_desk(tmp_path) as desk, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERS_API_URL", served)
        st.cache_resource.clear()
        desk.staff = OLGA
        yield desk


def now() -> datetime:
    return datetime.now(UTC)


def listed(desk: Desk, link: Address) -> int:
    """Open the order list by a link, and give how many orders it says there are."""
    tab = desk.tab(**parameters(link))
    assert not tab.exception
    assert "left out" not in words(tab)
    if "No orders" in words(tab):
        return 0
    line = next(each.value for each in tab.text if each.value.endswith(("of 1 order", " orders", "1 order")))
    return int(line.removesuffix(" orders").removesuffix(" order").rpartition(" ")[2].replace(",", ""))


def own_days(first: int, last: int) -> dict[str, str | list[str]]:
    """Choose own days, by how many ago they are."""
    today = datetime.now(UTC).date()
    return {
        INSIGHTS_RANGE: "Own days",
        INSIGHTS_FROM: f"{today - timedelta(days=first)}",
        INSIGHTS_TO: f"{today - timedelta(days=last)}",
    }


def compared(tab: AppTest) -> dict[str, Any]:
    """Give the tables that are compared, each by its rows' names, and how many orders were placed."""
    assert not tab.exception
    found: dict[str, Any] = {}
    for frame in (each.value for each in tab.dataframe if "Period before" in each.value):
        name = next(name for name in COMPARED if name in frame)
        found[name] = frame.set_index(["From", "To"] if name == "To" else name)
    numbers = re.search(r"([\d,]+) placed from .*?; ([\d,]+) in the \d+ days before", words(tab))
    assert numbers
    return found | {"placed": numbers.groups()}


def beyond_zero(numbers: pd.Series) -> dict[Any, Any]:
    """Leave out the rows that are there for their number on the other days."""
    return {row: number for row, number in numbers.items() if re.search("[1-9]", str(number))}


def tables_of(tab: AppTest) -> dict[str, pd.DataFrame]:
    """Give the tables that can be clicked, by their keys."""
    assert not tab.exception
    return {frame.proto.id.rsplit("-", 1)[-1]: frame.value for frame in tab.dataframe if frame.proto.id}


def link_of(tab: AppTest, key: str, row: int, column: str) -> Address | None:
    """Give where a click on a table's cell leads."""
    links: dict[tuple[object, ...], Address | None] = tab.session_state[INSIGHTS_LINKS][key]
    return links.get((row, column), links[(row,)])


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
        row = int(numbers.idxmax())
        then, now = (link_of(tab, key, row, column) for column in ("Period before", "Orders"))
        assert then is not None
        assert then != now
        assert listed(desk, then) == numbers[row] > 0, (key, then)
    marks = tab.session_state[INSIGHTS_LINKS][INSIGHTS_REASONS]
    name = tables[key].iloc[row, 0]
    assert (marks[(name, "before")], marks[(name,)]) == (then, now)


def test_a_card_s_day_leads_to_the_orders_that_came_to_the_status_on_it(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: ["Germany", "United States"]})
    table = tables_of(tab)[INSIGHTS_CAME]
    assert len(table) == 28
    assert list(table["Day"]) == sorted(table["Day"], reverse=True)
    assert [each.label for each in tab.metric] == list(table)[1:]
    for column in ("Pending", "Shipped"):
        row = int(table[column].idxmax())
        link = link_of(tab, INSIGHTS_CAME, row, column)
        assert link is not None
        assert listed(desk, link) == table[column][row] > 0
    assert link_of(tab, INSIGHTS_CAME, 0, "Day") is None


def test_what_is_watched_leads_to_the_orders_it_counts_in_the_whole_shop(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: "Germany"})
    table = tables_of(tab)[f"{INSIGHTS_ALARMS}_table"]
    links = [link_of(tab, f"{INSIGHTS_ALARMS}_table", row, "Found") for row in range(3)]
    for link, number in list(zip(links, table["Found"], strict=True))[1:]:
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
    assert tab.metric[0].label == "Pending"
    tab.button(key=f"{INSIGHTS_CARD}_open_PENDING").click().run()
    assert [each.value for each in tab.title] == ["Orders"]
    assert f"of {number} orders" in words(tab)


def test_a_card_of_two_countries_leads_to_the_orders_of_both(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS, **{INSIGHTS_COUNTRY: ["Germany", "United States"]})
    number = next(each.value for each in tab.metric if each.label == "Delivered")
    tab.button(key=f"{INSIGHTS_CARD}_open_DELIVERED").click().run()
    assert f"of {number} orders" in words(tab)


def test_the_print_view_holds_every_figure_and_no_widget_but_the_scope(desk: Desk) -> None:
    narrowed = {INSIGHTS_RANGE: "90 days", INSIGHTS_COUNTRY: ["Germany", "United States"]}
    screen = desk.tab(INSIGHTS, **narrowed)
    paper = desk.tab(INSIGHTS, **narrowed, **{INSIGHTS_PRINT: "true"})
    assert not paper.exception
    assert not paper.dataframe
    assert not paper.metric
    assert not [label for label in button_labels(paper) if label not in ("Sign out", "Try again")]
    assert "Germany · United States" in words(paper)
    assert "Figures from" in words(paper)
    headings = [each.value for each in screen.subheader]
    came_title = "Came to each status, day by day"
    assert [each.value for each in paper.subheader] == ["Orders by status", came_title, WATCHED, *headings]
    cards, came, alarms, days, *others = (each.value for each in paper.table)
    assert list(cards["In it now"]) == [each.value for each in screen.metric]
    came_shown, alarms_shown, days_shown, *others_shown = (each.value for each in screen.dataframe)
    assert_frame_equal(came.drop(columns="Day"), came_shown.drop(columns="Day"))
    assert came["Day"][0] == READER.day(came_shown["Day"][0])
    moving = ["From", "To"]  # up to now, which may be another minute by the second page
    assert_frame_equal(alarms.drop(columns=moving), alarms_shown.drop(columns=moving))
    assert days.columns[0] == "Week from"
    by_status = days_shown.groupby("Status now")["Orders"].sum().to_dict()
    assert days.drop(columns="Week from").sum().to_dict() == by_status | {"All": days_shown["Orders"].sum()}
    assert len(others) == len(others_shown)
    for printed, shown in zip(others, others_shown, strict=True):
        assert_frame_equal(printed, shown)


def test_the_page_refreshes_itself_and_the_print_view_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = ScriptRunContext.enqueue
    again: list[float] = []

    def enqueue(context: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "auto_rerun":
            again.append(message.auto_rerun.interval)
        sent(context, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", enqueue)
    desk.tab(INSIGHTS)
    assert 60 in again
    again.clear()
    assert "Figures from" in words(desk.tab(INSIGHTS, **{INSIGHTS_PRINT: "true"}))
    assert not again


def test_a_file_holds_its_table_with_days_as_machines_write_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str] = {}

    def offer(_label: str, data: Callable[[], bytes], key: str, **_rest: object) -> None:
        files[key] = data().decode("utf-8-sig")

    monkeypatch.setattr(st, "download_button", offer)
    assert not desk.tab(INSIGHTS).exception
    assert files[f"{INSIGHTS_PROGRESS}_csv"].splitlines()[0] == "From,To,Orders"
    assert re.fullmatch(r"Day,Status now,Orders\n\d{4}-\d\d-\d\d,.*", files[f"{INSIGHTS_DAILY}_csv"], re.S)


def test_what_the_address_can_not_choose_is_left_out_and_said_so_until_something_is_chosen(
    desk: Desk,
) -> None:
    wrong = {
        INSIGHTS_RANGE: "a fortnight",
        INSIGHTS_COUNTRY: ["Germany", "Atlantis"],
        INSIGHTS_CURRENCY: "XXX",
        INSIGHTS_SHARE: "perhaps",
    }
    tab = desk.tab(INSIGHTS, **wrong)
    assert "left out: days, country, currency, as shares" in words(tab)
    tab.toggle(key=INSIGHTS_SHARE).set_value(True).run()
    assert "left out" not in words(tab)
    assert "left out: last day." in words(desk.tab(INSIGHTS, **own_days(40, -2)))
    assert "left out" not in words(desk.tab(INSIGHTS, **own_days(40, -1), **{INSIGHTS_COUNTRY: "Germany"}))


def test_more_days_than_are_shown_at_once_are_said_to_be_too_many(desk: Desk) -> None:
    assert "At most 366 days" in words(desk.tab(INSIGHTS, **own_days(366, 0)))
    assert "At most" not in words(desk.tab(INSIGHTS, **own_days(365, 0)))


def test_the_period_before_has_the_numbers_of_these_days_when_they_are_chosen(desk: Desk) -> None:
    later, earlier = (compared(desk.tab(INSIGHTS, **own_days(last + 89, last))) for last in (1, 91))
    placed, before = later.pop("placed")
    assert placed != before
    assert before == earlier.pop("placed")[0]
    for name, (now, then) in COMPARED.items():
        was, is_now = later[name][then], earlier[name][now]
        assert beyond_zero(was) == beyond_zero(is_now), name
        assert was.to_dict() != later[name][now].to_dict(), name


def test_days_and_countries_narrow_what_is_asked_for(desk: Desk) -> None:
    today = datetime.now(UTC).date()
    tab = desk.tab(INSIGHTS, **own_days(40, 31), **{INSIGHTS_COUNTRY: "Germany"})
    assert not tab.exception
    links = tab.session_state[INSIGHTS_LINKS]
    days = {day for day, _ in links[INSIGHTS_DAILY]}
    assert days
    assert all(f"{today - timedelta(days=40)}" <= day <= f"{today - timedelta(days=31)}" for day in days)
    assert all(("orders_country", "Germany") in link for link in links[INSIGHTS_DAILY].values())
    assert "in the 10 days before" in words(tab)


def test_an_api_that_fails_is_said_in_words(tmp_path: Path) -> None:
    with order_desk(tmp_path) as desk:
        desk.staff = OLGA
        assert isinstance(desk.api, FakeApi)
        desk.api.failing = 500
        tab = desk.tab(INSIGHTS)
        assert not tab.exception
        assert tab.button(key="insights_retry")
        assert "figures" not in words(desk.tab(INSIGHTS, **{INSIGHTS_PRINT: "true"})).lower()
        assert "page_retry" in {each.key for each in desk.tabs[-1].button}


def test_who_has_no_insights_sees_none(desk: Desk) -> None:
    desk.staff = StaffMember("sam", "Sam", ("support",))
    tab = desk.tab(INSIGHTS)
    assert "Your role doesn't include this page" in words(tab)
    assert not tab.metric
