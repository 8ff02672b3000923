"""The desk's pages with orders that lack an email or an address, or hold what only an import knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.orders_client import OrderDetail
from lib.ui.order.keys import ORDER_CANCEL, ORDER_CANCEL_NOTIFY, ORDER_RESEND
from lib.ui.shared.format import reader_of
from lib.ui.shared.order_view import sums
from tests.ui.fake_api import make_order
from tests.ui.order_desk import ORDER, Desk, button_labels, order_desk, words

BARE = "ORD-2026-0007"
NOBODY = {
    "email": None, "emailMasked": None, "shippingAddress": None, "billingAddress": None, "shippingCity": None,
    "shippingCountry": None, "customerName": None, "phone": None,
}  # fmt: skip
IMPORTED = {
    "customerNote": "Bitte *nicht* klingeln!\n[Danke](https://example.com)", "tags": ["gift", "VIP :red[x]"],
    "source": "import", "shippingMethod": "Express, insured", "dutiesTotal": "3.00",
    "refundedTotal": "12.50", "grandTotal": "114.75",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with order_desk(tmp_path, orders=10) as desk:
        yield desk


def test_an_order_that_lacks_something_says_so_and_offers_no_mail(desk: Desk) -> None:
    desk.api.orders[BARE] |= NOBODY
    tab = desk.tab(ORDER, order=BARE)
    said = words(tab)
    for part in ("no email", "no phone", "no name", "no address (pickup or download)"):
        assert part in said, part
    assert "None" not in said
    assert "not given" not in said
    assert not [label for label in button_labels(tab) if label.startswith("Send confirmation")]
    assert "The order has no email, so no confirmation can be sent." in said
    tab.button(key=ORDER_CANCEL).click().run()
    assert "nobody is told of it unless you do" in words(tab)
    assert ORDER_CANCEL_NOTIFY not in [toggle.key for toggle in tab.toggle]


def test_an_order_with_an_email_can_be_confirmed_again_and_its_customer_told(desk: Desk) -> None:
    tab = desk.tab(ORDER, order=BARE)
    assert tab.button(key=ORDER_RESEND)
    tab.button(key=ORDER_CANCEL).click().run()
    assert tab.toggle(key=ORDER_CANCEL_NOTIFY).value is True


def test_what_an_api_leaves_out_is_not_said_to_be_none(desk: Desk) -> None:
    for field in NOBODY:
        del desk.api.orders[BARE][field]
    said = words(desk.tab(ORDER, order=BARE))
    assert "not given" in said
    assert "no email" not in said
    assert "pickup" not in said


def test_the_list_says_what_an_order_lacks(desk: Desk) -> None:
    desk.api.orders[BARE] |= NOBODY
    table = desk.tab().dataframe[0].value
    (row,) = table[table["order"] == BARE].to_dict("records")
    assert (row["customer"], row["ships_to"]) == ("no name", "no address")


def test_what_an_import_knows_is_shown_and_is_plain_text(desk: Desk) -> None:
    desk.api.orders[BARE] |= IMPORTED
    tab = desk.tab(ORDER, order=BARE)
    assert IMPORTED["customerNote"] in [each.value for each in tab.text]
    assert {"gift, VIP :red[x]", "Express, insured", "An imported file"} <= {*words(tab).splitlines()}
    assert "Nothing has been sent yet." in words(tab), "a shipping method is no parcel"


def test_the_sums_add_up_with_what_is_not_explained_and_say_what_was_paid_back() -> None:
    reader = reader_of("en-GB", "UTC")
    shown = sums(OrderDetail.model_validate(make_order(9) | IMPORTED | {"currency": "EUR"}), reader)
    assert {name: words.replace("\\", "") for name, words in shown.items()} == {
        "Subtotal": "€109.00",
        "Shipping": "€5.00",
        "Duties": "€3.00",
        "Other, see the timeline": "-€2.25",
        "Tax, included": "€16.00",
        "**Total**": "**€114.75**",
        "Paid back": "€12.50",
    }
    assert "Other, see the timeline" not in sums(OrderDetail.model_validate(make_order(9)), reader)
