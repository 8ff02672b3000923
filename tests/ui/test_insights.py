"""The insights page on a real API with sample orders: each figure leads to as many orders as it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import create_engine, text

from lib.ui.cancelling import NO_REASON
from lib.ui.order_links import Address
from lib.ui.session import (
    INSIGHTS_CARD,
    INSIGHTS_CONTRADICTIONS,
    INSIGHTS_COUNTRY,
    INSIGHTS_DAILY,
    INSIGHTS_FROM,
    INSIGHTS_LINKS,
    INSIGHTS_RANGE,
    INSIGHTS_REASONS,
    INSIGHTS_TO,
    StaffMember,
)
from tests.api.serving import Served, environment, start
from tests.ui.fake_api import FakeApi
from tests.ui.order_desk import Desk, order_desk, words

INSIGHTS = "pages/ops/insights.py"
KEYS = {"jwt_secret": "tests-only-jwt-secret-of-more-than-32-bytes", "code_key": "a" * 40}
OLGA = StaffMember("olga", "Olga", ("ops",))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an API with sample orders, one of which contradicts itself."""
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
        yield api.url


@pytest.fixture
def desk(tmp_path: Path, served: str) -> Iterator[Desk]:
    """A desk on that API, where Olga of ops is signed in."""
    with order_desk(tmp_path) as desk, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERS_API_URL", served)
        st.cache_resource.clear()
        desk.staff = OLGA
        yield desk


def listed(desk: Desk, link: Address) -> int:
    """Open the order list by a link, and give how many orders it says there are."""
    params: dict[str, list[str]] = {}
    for name, value in link:
        params.setdefault(name, []).append(value)
    tab = desk.tab(**params)
    assert not tab.exception
    assert "left out" not in words(tab)
    if "No orders" in words(tab):
        return 0
    line = next(each.value for each in tab.text if each.value.endswith(("of 1 order", " orders", "1 order")))
    return int(line.removesuffix(" orders").removesuffix(" order").rpartition(" ")[2].replace(",", ""))


def test_every_figure_leads_to_as_many_orders_as_it_says(desk: Desk) -> None:
    tab = desk.tab(INSIGHTS)
    assert not tab.exception
    assert "Figures from" in words(tab)
    links: dict[str, dict[tuple[object, ...], Address | None]] = tab.session_state[INSIGHTS_LINKS]
    tables = {frame.proto.id.rsplit("-", 1)[-1]: frame.value for frame in tab.dataframe if frame.proto.id}
    shown = {key: tables[key]["Orders" if "Orders" in tables[key] else "Longer than that"] for key in tables}
    assert INSIGHTS_CONTRADICTIONS in shown
    for key, numbers in shown.items():
        for row, number in list(enumerate(numbers))[:2]:
            link = links[key][(row,)]
            assert link is not None
            assert listed(desk, link) == number, (key, link)
    behind = [frame.value for frame in tab.dataframe if not frame.proto.id]
    days = next(table for table in behind if "Status now" in table)
    day, status, number = days.iloc[-1]
    link = links[INSIGHTS_DAILY][day, status]
    assert link is not None
    assert listed(desk, link) == number
    checked = 0
    for table in behind:
        name = table.columns[0]
        for key, marks in links.items():
            if {(each,) for each in table[name]} == set(marks):
                for label, number in list(zip(table[name], table["Orders"], strict=True))[:3]:
                    link = marks[(label,)]
                    assert link is not None
                    assert listed(desk, link) == number, (key, label)
                checked += 1
    assert checked == 3


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


def test_days_and_countries_narrow_what_is_asked_for(desk: Desk) -> None:
    today = datetime.now(UTC).date()
    own = {INSIGHTS_RANGE: "Own days", INSIGHTS_FROM: f"{today - timedelta(days=40)}",
           INSIGHTS_TO: f"{today - timedelta(days=31)}", INSIGHTS_COUNTRY: "Germany"}  # fmt: skip
    tab = desk.tab(INSIGHTS, **own)
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


def test_who_has_no_insights_sees_none(desk: Desk) -> None:
    desk.staff = StaffMember("sam", "Sam", ("support",))
    tab = desk.tab(INSIGHTS)
    assert "Your role doesn't include this page" in words(tab)
    assert not tab.metric
