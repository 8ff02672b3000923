"""Every dialog: for anybody but who opened it, its buttons do nothing any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from lib.orders_client import OrderListItem, OrdersError
from lib.staff.member import StaffMember
from lib.ui.order.keys import (
    ORDER_CANCEL_DO,
    ORDER_CANCEL_KEY,
    ORDER_CORRECT_DO,
    ORDER_CORRECT_EMAIL,
    ORDER_CORRECT_KEY,
    ORDER_CORRECT_REASON,
    ORDER_RESEND_DO,
    ORDER_RESEND_KEY,
    ORDER_REVEAL_DO,
    ORDER_REVEAL_REASON,
    ORDER_UNLOCK_DO,
)
from lib.ui.orders.export_link import make_export
from lib.ui.orders.keys import (
    ORDERS_EXPORT_ROWS,
    ORDERS_EXPORT_SEPARATOR,
    ORDERS_MANY_ADD,
    ORDERS_MANY_ATTEMPT,
    ORDERS_MANY_CANCEL,
    ORDERS_MANY_NOTE,
    ORDERS_MANY_REASON,
    ORDERS_VIEW_NAME,
    ORDERS_VIEW_SAVE,
)
from tests.ui.fake_api import make_order
from tests.ui.order_desk import Desk, order_desk

ROOT = Path(__file__).parents[2]
PENDING = "ORD-2026-0007"
ADA = StaffMember("ada", "Ada", ("admin",))
LISTED = OrderListItem.model_validate(make_order(7))
# What each dialog is opened with, what is filled in before its button is pressed, and that button.
DIALOGS: dict[str, tuple[str, tuple[Any, ...], dict[str, str], str]] = {
    "cancel_dialog": (
        "lib.ui.order.cancel_dialog",
        (PENDING, ADA),
        {ORDER_CANCEL_KEY: "key-1"},
        f"{ORDER_CANCEL_DO}_OTHER",
    ),
    "resend_dialog": (
        "lib.ui.order.acts",
        (PENDING, "n***@example.com", ADA),
        {ORDER_RESEND_KEY: "key-1"},
        ORDER_RESEND_DO,
    ),
    "correct_dialog": (
        "lib.ui.order.contact",
        (PENDING, "CANCELLED", ADA),
        {
            ORDER_CORRECT_EMAIL: "a@b.example",
            ORDER_CORRECT_KEY: str(uuid4()),
            ORDER_CORRECT_REASON: "Mistyped",
        },
        ORDER_CORRECT_DO,
    ),
    "unlock_dialog": ("lib.ui.order.acts", (PENDING, ADA), {}, ORDER_UNLOCK_DO),
    "reveal_dialog": (
        "lib.ui.order.contact",
        (PENDING, ADA),
        {ORDER_REVEAL_REASON: "Fraud is suspected"},
        ORDER_REVEAL_DO,
    ),
    "cancel_many_dialog": (
        "lib.ui.orders.many_dialogs",
        (ADA, (LISTED,)),
        {ORDERS_MANY_REASON: "OTHER", ORDERS_MANY_ATTEMPT: "one"},
        ORDERS_MANY_CANCEL,
    ),
    "note_many_dialog": (
        "lib.ui.orders.many_dialogs",
        (ADA, (LISTED,)),
        {ORDERS_MANY_NOTE: "Ask the warehouse"},
        ORDERS_MANY_ADD,
    ),
    "view_dialog": (
        "lib.ui.orders.view_dialog",
        (ADA, {"orders_country": ["France"]}, ()),
        {ORDERS_VIEW_NAME: "France"},
        ORDERS_VIEW_SAVE,
    ),
    "export_dialog": ("lib.ui.orders.export_button", (ADA, {}), {}, ""),
}
SOMEBODY_ELSE = [
    pytest.param(None, id="signed out or disabled"),
    pytest.param(StaffMember("bea", "Bea", ("admin",)), id="somebody else signed in"),
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("lib.ui.orders.export_button.is_served", lambda: True)
    with order_desk(tmp_path) as desk:
        desk.staff = ADA
        yield desk


def dialog_alone() -> None:
    """Run the dialog named in the page's state, if it is open still, as a browser has it run by itself."""
    import importlib

    import streamlit as st

    from tests.ui.test_dialogs import DIALOGS

    module, arguments, filled, _ = DIALOGS[st.session_state["dialog"]]
    if st.session_state.pop("is_open", False):
        for key, value in filled.items():
            st.session_state.setdefault(key, value)
        getattr(importlib.import_module(module), st.session_state["dialog"])(*arguments)


def run(tab: AppTest, name: str) -> AppTest:
    tab.session_state["dialog"], tab.session_state["is_open"] = name, True
    tab.run()
    assert not tab.exception
    return tab


def writes(desk: Desk) -> list[str]:
    return [path for method, path, _ in desk.api.asked if method != "GET"]


def press(desk: Desk, name: str, staff: StaffMember | None) -> list[str]:
    """Open a dialog as Ada, have `staff` press its button; return what reached the API."""
    tab = run(AppTest.from_function(dialog_alone, default_timeout=30), name)
    desk.api.asked.clear()
    desk.staff = staff
    tab.button(key=DIALOGS[name][3]).click()
    run(tab, name)
    return writes(desk)


@pytest.mark.parametrize("name", [name for name, dialog in DIALOGS.items() if dialog[3]])
@pytest.mark.parametrize("staff", SOMEBODY_ELSE)
def test_a_dialogs_button_does_nothing_for_anybody_but_who_opened_it(
    desk: Desk, name: str, staff: StaffMember | None
) -> None:
    assert press(desk, name, staff) == []
    assert desk.api.asked == []
    desk.staff = ADA
    assert len(press(desk, name, ADA)) == 1


@pytest.mark.parametrize("staff", SOMEBODY_ELSE)
def test_the_export_dialog_gives_a_link_to_nobody_but_who_opened_it(
    desk: Desk, staff: StaffMember | None
) -> None:
    tab = run(AppTest.from_function(dialog_alone, default_timeout=30), "export_dialog")
    assert tab.get("link_button")
    desk.staff = staff
    assert not run(tab, "export_dialog").get("link_button")


@pytest.mark.parametrize("chosen", [{}, {"rows": "items"}, {"rows": "items", "separator": "semicolon"}])
def test_an_export_is_asked_for_as_it_was_chosen_and_no_more_where_nothing_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str]
) -> None:
    monkeypatch.setattr("lib.ui.orders.export_link.staff_by", lambda _: ADA)
    tab = AppTest.from_function(dialog_alone, default_timeout=30)
    for name, key in (("rows", ORDERS_EXPORT_ROWS), ("separator", ORDERS_EXPORT_SEPARATOR)):
        if name in chosen:
            tab.session_state[key] = chosen[name]
    link = run(tab, "export_dialog").get("link_button")[0].proto.url
    with pytest.raises(OrdersError):  # this API has no export
        make_export(link.removeprefix("export/"))
    (asked,) = [query for _, path, query in desk.api.asked if path.endswith(".csv")]
    assert asked == {name: [choice] for name, choice in chosen.items()}


def test_selected_orders_are_exported_whatever_has_become_of_them_since(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"sort": "-createdAt", "q": "roux", "status": ["PENDING"]}
    monkeypatch.setitem(
        DIALOGS, "export_dialog", ("lib.ui.orders.export_button", (ADA, wanted, (LISTED,)), {}, "")
    )
    monkeypatch.setattr("lib.ui.orders.export_link.staff_by", lambda _: ADA)
    link = run(AppTest.from_function(dialog_alone, default_timeout=30), "export_dialog").get("link_button")
    with pytest.raises(OrdersError):  # this API has no export
        make_export(link[0].proto.url.removeprefix("export/"))
    (asked,) = [query for _, path, query in desk.api.asked if path.endswith(".csv")]
    assert asked.keys() == {"sort", "createdFrom", "createdTo"}


def test_every_dialog_there_is_stands_here() -> None:
    found = {
        node.name
        for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any("dialog" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
    assert found == DIALOGS.keys()
