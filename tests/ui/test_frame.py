"""The frame: every page guards itself, the menu fits the role, and addresses outlive the sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.ui.frame import navigation
from lib.ui.shared.keys import ORDERS_STATUS
from tests.ui.staff_desk import APP, PAGES, ROOT, StaffDesk, is_signed_in, staff_desk, words_on

SUPPORT = {"Orders", "Order", "Tracking", "Guest access"}
OPS = {"Orders", "Order", "Insights"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StaffDesk]:
    with staff_desk(tmp_path) as made:
        yield made


def kinds_on(tab: AppTest) -> set[str]:
    """Return the kinds of everything on the page, containers aside."""
    return {node.type for node in tab.main if node.type not in {"block", "flex_container", "form", "main"}}


def test_the_pages_are_those_we_know() -> None:
    known = [
        "accounts",
        "audit",
        "mailbox",
        "privacy",
        "insights",
        "guest_access",
        "order",
        "orders",
        "tracking",
    ]
    assert [Path(page).stem for page in PAGES] == known


@pytest.mark.parametrize("page", [page for page in PAGES if "mailbox" not in page])
def test_a_page_opened_by_a_stranger_is_the_sign_in_and_nothing_else(desk: StaffDesk, page: str) -> None:
    stranger = desk.tab()
    asked = desk.tab().switch_page(page).run()
    assert not is_signed_in(asked)
    assert not asked.exception
    assert kinds_on(asked) == kinds_on(stranger)
    assert [button.key for button in asked.button] == ["sign_in_send"]
    assert not asked.sidebar.children


@pytest.mark.parametrize("page", PAGES)
def test_a_page_run_without_the_frame_is_the_sign_in_and_nothing_else(desk: StaffDesk, page: str) -> None:
    alone = AppTest.from_file(ROOT / page, default_timeout=30).run()
    assert not alone.exception
    assert [button.key for button in alone.button] == ["sign_in_send"]
    assert kinds_on(alone) == kinds_on(desk.tab())


@pytest.mark.parametrize(
    ("page", "title", "name", "value"),
    [
        ("orders", "Orders", ORDERS_STATUS, "Pending"),
        ("order", "Order", "order", "ORD-2026-0042"),
        ("tracking", "Tracking", "x", "y"),
        ("guest_access", "Guest access", "x", "y"),
    ],
)
def test_an_address_asked_for_by_a_stranger_opens_after_the_sign_in(
    desk: StaffDesk, page: str, title: str, name: str, value: str
) -> None:
    tab = desk.tab().switch_page(f"pages/support/{page}.py")
    tab.query_params[name] = value
    tab.run()
    desk.sign_in(tab, "sam")
    assert is_signed_in(tab)
    assert [shown.value for shown in tab.title] == [title]
    assert tab.query_params[name] == value


@pytest.mark.parametrize(("username", "menu"), [("sam", SUPPORT), ("olga", OPS)])
def test_the_menu_shows_what_the_role_may_do_and_every_page_is_there_always(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch, username: str, menu: set[str]
) -> None:
    asked: list[tuple[dict[str, list[Any]], str]] = []
    navigate = st.navigation

    def recording(pages: dict[str, list[Any]], *, position: str) -> Any:
        asked.append((pages, position))
        return navigate(pages, position=position)  # type: ignore[arg-type]  # it is one of the three

    monkeypatch.setattr("lib.ui.frame.navigation.st.navigation", recording)
    tab = desk.tab()
    desk.sign_in(tab, username)
    (pages, position), (pages_after, position_after) = asked[0], asked[-1]
    assert (position, position_after) == ("hidden", "sidebar")
    assert shown(pages) == set()
    assert shown(pages_after) == menu
    everywhere = {
        "",
        "orders",
        "order",
        "tracking",
        "guest_access",
        "audit",
        "privacy",
        "accounts",
        "insights",
    }
    assert addresses(pages) == addresses(pages_after) == everywhere


def test_the_default_pages_own_name_is_no_page_that_is_missing(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.url", "http://desk.example/home")
    assert not desk.signed_in_tab().exception


def shown(pages: dict[str, list[Any]]) -> set[str]:
    return {page.title for group in pages.values() for page in group if page.visibility == "visible"}


def addresses(pages: dict[str, list[Any]]) -> set[str]:
    return {page.url_path for group in pages.values() for page in group}


@pytest.mark.parametrize("page", ["pages/support/tracking.py", "pages/support/guest_access.py"])
def test_a_page_outside_the_role_refuses_politely(desk: StaffDesk, page: str) -> None:
    tab = desk.signed_in_tab("olga").switch_page(page).run()
    assert "Your role doesn't include this page" in words_on(tab)
    assert not tab.exception
    assert [button.key for button in tab.button] == ["sign_in_out"]
    assert not tab.text_input


def test_a_flat_page_stops_the_desk(desk: StaffDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    navigation.refuse_flat_pages(ROOT)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "secret.py").write_text("")
    with pytest.raises(RuntimeError, match=r"pages/secret\.py"):
        navigation.refuse_flat_pages(tmp_path)
    monkeypatch.setattr(navigation, "refuse_flat_pages", lambda: 1 / 0)
    stopped = desk.tab()
    assert len(stopped.exception) == 1
    assert not stopped.button


def test_a_setting_that_cannot_be_right_is_said_in_words(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_DATABASE_URL", "mysql://root:hunter2@db/orders")
    tab = desk.tab()
    assert not tab.exception
    assert "ORDERS_DATABASE_URL" in words_on(tab)
    assert "hunter2" not in words_on(tab)


def test_the_frame_stays_a_frame() -> None:
    assert len(APP.read_text().splitlines()) <= 60
