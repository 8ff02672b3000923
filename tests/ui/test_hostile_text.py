"""Text that lies: no page shows a customer's words with characters that nobody sees, whoever stored them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib.plain_text import without_unseen
from lib.ui.order.keys import ORDER_CANCEL
from lib.ui.shared.keys import ORDERS_SEARCH
from lib.ui.tracking import keys as tracking_keys
from tests.ui.guest_desk import TOKEN, TRACKING, everything_in, guest_desk
from tests.ui.order_desk import ORDER, order_desk, words

PENDING = "ORD-2026-0007"
HIDDEN = "\u202e\u200b\u2066"
NOT_CUSTOMERS = {"status", "paymentStatus", "fulfillmentStatus", "currency", "orderNumber", "trackingToken"}
NOT_CUSTOMERS |= {
    "createdAt",
    "updatedAt",
    "grandTotal",
    "subtotal",
    "shippingTotal",
    "taxTotal",
    "kind",
    "at",
}
NOT_CUSTOMERS |= {"discountTotal", "unitPrice", "total", "country", "shippingCountry", "contactShownUntil"}
NOT_CUSTOMERS |= {"cancelReason", "actor", "contactShownBy", "source", "customerId", "expiresAt"}


def lying(value: Any, name: str = "") -> Any:
    """Return an answer in which every text of a customer's ends with what nobody sees."""
    if isinstance(value, dict):
        return {key: lying(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [lying(each, name) for each in value]
    return value + HIDDEN if isinstance(value, str) and name not in NOT_CUSTOMERS else value


def hidden_in(text: str) -> list[str]:
    """Return the lines that hold what nobody sees, but for what keeps each part of a line to itself."""
    return [
        line for line in text.splitlines() if without_unseen(plain := line.strip("\u2068\u2069")) != plain
    ]


def test_no_page_shows_what_nobody_sees(tmp_path: Path) -> None:
    with order_desk(tmp_path) as desk:
        desk.api.orders = lying(desk.api.orders)
        desk.api.timelines = lying(desk.api.timelines)
        tab = desk.tab()
        assert "Noor Al-Sabah" in everything_in(tab)
        assert hidden_in(everything_in(tab)) == []
        tab.text_input(key=ORDERS_SEARCH).set_value(PENDING).run()
        assert f"{PENDING} · Noor Al-Sabah" in words(tab)
        assert hidden_in(everything_in(tab)) == []
        tab = desk.tab(ORDER, order=PENDING)
        tab.button(key=ORDER_CANCEL).click().run()
        assert "1Z999" in everything_in(desk.tab(ORDER, order="ORD-2026-0003"))
        for each in (tab, desk.tabs[-1]):
            assert hidden_in(everything_in(each)) == []


def test_nor_do_the_pages_of_guests(tmp_path: Path) -> None:
    with guest_desk(tmp_path) as desk:
        desk.api.order = lying(desk.api.order)
        desk.open(TRACKING)
        desk.tab.text_input(key=tracking_keys.TRACKING_PASTED).set_value(TOKEN)
        tracked = everything_in(desk.click(tracking_keys.TRACKING_SHOW))
        assert "Wool blanket, grey" in tracked
        assert hidden_in(tracked) == []


def test_a_name_from_right_to_left_leaves_the_amount_beside_it_alone(tmp_path: Path) -> None:
    with order_desk(tmp_path) as desk:
        desk.api.orders[PENDING]["customerName"] = "נועה לוי"
        assert "\u2068נועה לוי\u2069 · €" in words(desk.tab(ORDER, order=PENDING)).replace("KWD", "€")
