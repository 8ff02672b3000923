"""One order in front of an API with the core alone: what is not there is hidden, contact data are masked."""

from __future__ import annotations

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.ui.order.keys import ORDER_CANCEL_KEY
from tests.ui.guest_desk import everything_in
from tests.ui.order_desk import ORDER, button_labels, words
from tests.ui.own_api.desk import SAM, ShopDesk

NUMBER = "SHOP-1000"
WHY = "The carrier needs the address or phone"
EMAIL, PHONE, STREET, TOKEN = "doe0@example.com", "+49 151 1000000", "1 Main Street", "track-1000"


def reveal(tab: AppTest, reason: str) -> AppTest:
    tab.button(key="order_reveal").click().run()
    tab.text_input(key="order_reveal_reason").set_value(reason)
    tab.button(key="order_reveal").click()
    tab.run()
    tab.button(key="order_reveal").click()
    tab.button(key="order_reveal_do").click()
    return tab.run()


def test_nothing_is_offered_that_is_not_there(desk: ShopDesk) -> None:
    tab = desk.tab(ORDER, order=NUMBER)
    assert {*button_labels(tab)} == {
        "Refresh",
        "Cancel order …",
        "Show contact data …",
        "Verify this caller",
        "Sign out",
    }
    assert "Timeline" not in words(tab)
    asked = [target for _, target in desk.shop.asked]
    desk.tab(ORDER, order=NUMBER)
    assert [target for _, target in desk.shop.asked][len(asked) :] == [f"/v1/orders/{NUMBER}"]


def test_contact_data_are_masked_and_shown_for_a_reason_that_the_log_keeps(
    desk: ShopDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    tab = desk.tab(ORDER, order=NUMBER)
    for hidden in (EMAIL, PHONE, STREET, "69001", TOKEN):
        assert hidden not in everything_in(tab)
    assert "Contact data are masked." in words(tab)
    tab = reveal(tab, WHY)
    for shown in (EMAIL, PHONE, STREET, "69001", TOKEN, "contact shown until"):
        assert shown in everything_in(tab)
    line = json.loads(next(line for line in capsys.readouterr().err.splitlines() if line.startswith("{")))
    assert line.pop("at")
    assert line == {"event": "CONTACT_REVEALED", "staff": "sue", "order": NUMBER, "reason": WHY}
    desk.staff = SAM
    assert EMAIL not in everything_in(tab.run())
    assert EMAIL not in everything_in(desk.tab(ORDER, order=NUMBER))


def test_what_can_not_be_logged_is_not_shown(desk: ShopDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("lib.ui.shared.own_log._StrictHandler.flush", full)
    tab = reveal(desk.tab(ORDER, order=NUMBER), WHY)
    assert EMAIL not in everything_in(tab)


def test_with_an_open_policy_nothing_is_masked(desk: ShopDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_PII_POLICY", "open")
    assert EMAIL in everything_in(desk.tab(ORDER, order=NUMBER))


def test_an_order_is_cancelled_and_nothing_is_said_that_the_desk_can_not_know(
    desk: ShopDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lib.ui.order.cancel_dialog.prepare", lambda _: st.session_state.setdefault(ORDER_CANCEL_KEY, "key-1")
    )
    listed = desk.tab(orders_status="Pending")
    tab = listed.switch_page(ORDER)
    tab.query_params["order"] = NUMBER
    tab.run()
    tab.button(key="order_cancel").click().run()
    tab.button(key="order_cancel").click()
    tab.button(key="order_cancel_do_CUSTOMER_REQUEST").click().run()
    assert desk.shop.orders[NUMBER]["status"] == "CANCELLED"
    said = words(tab).replace("**", "")
    assert "Order cancelled. Nothing will be charged. The shop's API was asked to tell the customer" in said
    tab.switch_page("pages/support/orders.py").run()
    assert "5 of the newest 37 orders" in words(tab)


def test_an_order_with_the_needed_fields_alone_opens(desk: ShopDesk) -> None:
    desk.shop.switches.only_needed = True
    tab = desk.tab(ORDER, order="#FR/2026/1009")
    said = words(tab)
    assert "#FR/2026/1009" in said
    assert said.count("not given") >= 3
    assert "Guest, without an account" not in said
    assert [*tab.dataframe[0].value["unit_price"].unique()] == ["not given"]
    assert "last change" not in said


@pytest.mark.parametrize("errors", ["problem", "plain", "text"])
def test_an_unknown_order_is_said_to_be_unknown(desk: ShopDesk, errors: str) -> None:
    desk.shop.switches.errors = errors
    assert "There is no such order" in words(desk.tab(ORDER, order="SHOP-9"))
