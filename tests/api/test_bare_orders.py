"""Orders without email or address, and with what only another system's file says, on each engine."""

from __future__ import annotations

from typing import Any

import pytest

from lib.orders_api.domain.errors import ValidationFailedError
from lib.orders_api.orders.creating import new_order
from lib.orders_api.orders.schemas import OrderImport
from tests.api.shop import ADDRESS, EMAIL, Shop, order_body

NOTHING = {"email": None, "shippingAddress": None, "phone": None, "customerId": None}


def test_an_order_needs_a_currency_and_items_and_what_is_unknown_is_null(shop: Shop) -> None:
    order = shop.create(**NOTHING)
    unknown = (
        *("email", "emailMasked", "shippingAddress", "billingAddress", "shippingCity", "shippingCountry"),
        *("customerName", "customerId", "phone", "carrier", "shippingMethod", "customerNote"),
        *("refundedTotal", "dutiesTotal", "cancelReason"),
    )
    assert {name: order[name] for name in unknown} == dict.fromkeys(unknown)
    assert (order["tags"], order["source"], order["grandTotal"]) == ([], "api", "20.00")
    assert shop.mails(order["orderNumber"]) == []
    masked = shop.order(order["orderNumber"], shop.staff("support"))
    assert {name: masked[name] for name in unknown} == dict.fromkeys(unknown)
    (listed,) = shop.get(f"/v1/orders?q={order['orderNumber']}").json["items"]
    assert listed["emailMasked"] is listed["shippingCountry"] is listed["customerName"] is None
    tracked = shop.get(f"/v1/track/{order['trackingToken']}").json
    assert tracked["emailMasked"] is tracked["shippingCity"] is tracked["shippingCountry"] is None
    page = shop.call("GET", f"/track/{order['trackingToken']}").content.decode()
    assert "<dd>no address (pickup or download)</dd>" in page
    assert "None" not in page
    assert "Ordered by" not in page


def test_orders_without_a_country_are_counted_and_found_as_such(own_shop: Shop) -> None:
    for number, changes in (("A", {}), ("B", {"shippingAddress": None}), ("C", NOTHING)):
        own_shop.create(orderNumber=number, **changes)
    counted = own_shop.get("/v1/stats/by-country").json["items"]
    assert [(each["country"], each["count"]) for each in counted] == [(None, 2), ("FR", 1)]
    found = own_shop.get("/v1/orders?country=ZZ&sort=orderNumber").json
    assert [item["orderNumber"] for item in found["items"]] == ["B", "C"]
    both = own_shop.get("/v1/stats/status?country=ZZ&country=FR").json["items"]
    assert sum(each["count"] for each in both) == 3
    assert own_shop.post("/v1/orders", order_body(shippingAddress=ADDRESS | {"country": "ZZ"})).status == 422


def test_who_is_billed_is_known_by_name_where_nothing_is_sent(shop: Shop) -> None:
    order = shop.create(shippingAddress=None, billingAddress=ADDRESS)
    assert (order["customerName"], order["shippingAddress"]) == ("Jane Doe", None)
    assert order["billingAddress"] == ADDRESS
    assert order["shippingCountry"] is None


def test_an_order_without_email_goes_its_way_without_any_mail(shop: Shop) -> None:
    number = shop.create(email=None)["orderNumber"]
    assert shop.set_status(number, "CONFIRMED").status == 200
    cancelled = shop.create(email=None)["orderNumber"]
    assert shop.cancel(cancelled).status == 200
    resent = shop.post(f"/v1/orders/{number}/resend-confirmation")
    assert (resent.status, resent.code) == (422, "VALIDATION_FAILED")
    assert [error["field"] for error in resent.json["errors"]] == ["email"]
    assert shop.mails(number) == shop.mails(cancelled) == []


@pytest.mark.parametrize("email", [EMAIL, "", "null", "None", "@", "***@***"])
def test_nobody_gets_a_code_for_an_order_without_email_nor_learns_that_there_is_one(
    shop: Shop, email: str
) -> None:
    number = shop.create(email=None)["orderNumber"]
    answers = []
    for asked in (number, f"{number}-unheard-of"):
        requested = shop.request_code(asked, email)
        shop.work()
        refused = shop.verify(asked, "000000", email)
        answers.append((requested.status, requested.content, refused.status, refused.code))
    assert answers[0] == answers[1]
    assert answers[0][0] == 202
    assert answers[0][3] == "INVALID_CODE"
    assert shop.mails(number) == []
    assert shop.count("access_codes", number) == 0


def imported(**changes: Any) -> OrderImport:
    return OrderImport.model_validate(order_body(**changes))


def test_what_a_file_says_beside_the_body_of_create_is_kept_and_shown(shop: Shop) -> None:
    body = imported(
        customerNote="Please ring twice.\nThank you",
        tags=["gift", "big  order", "gift"],
        shippingMethod="Parcel, uninsured",
        dutiesTotal="3.98",
        refundedTotal="5.00",
        shippingTotal="4.00",
    )
    with shop.api.database.writing() as session:
        session.add(new_order(body, str(body.order_number), shop.clock(), adjustment=-48))
    order = shop.order(str(body.order_number))
    expected = {
        "customerNote": "Please ring twice.\nThank you",
        "tags": ["gift", "big order"],
        "shippingMethod": "Parcel, uninsured",
        "carrier": None,
        "dutiesTotal": "3.98",
        "refundedTotal": "5.00",
        "shippingTotal": "4.00",
        "grandTotal": "27.50",
        "source": "import",
    }
    assert order | expected == order


@pytest.mark.parametrize(
    ("quantity", "price", "total", "shown"),
    [
        (700, "0.0168", None, ("0.0168", "11.76")),
        (3, "8.3933", "25.18", ("8.3933", "25.18")),
        (7, "1.00", None, ("1.00", "7.00")),
        (7, "1.000", "7.00", ("1.00", "7.00")),
    ],
)
def test_a_lines_total_counts_where_its_price_does_not_divide(
    shop: Shop, quantity: int, price: str, total: str | None, shown: tuple[str, str]
) -> None:
    line = {"sku": "S", "name": "Screw", "quantity": quantity, "unitPrice": price, "total": total}
    body = imported(items=[line])
    with shop.api.database.writing() as session:
        session.add(new_order(body, str(body.order_number), shop.clock()))
    order = shop.order(str(body.order_number))
    assert [(each["unitPrice"], each["total"]) for each in order["items"]] == [shown]
    assert order["subtotal"] == order["grandTotal"] == shown[1]
    assert order["discountTotal"] == "0.00"


@pytest.mark.parametrize(
    ("price", "total"), [("8.40", "25.18"), ("8.39", "25.18"), ("8.3933", "25.20"), ("0.00000001", "0.01")]
)
def test_a_lines_total_that_its_price_cannot_give_is_refused(shop: Shop, price: str, total: str) -> None:
    body = imported(items=[{"sku": "S", "name": "Screw", "quantity": 3, "unitPrice": price, "total": total}])
    with pytest.raises(ValidationFailedError):
        new_order(body, "X", shop.clock())


def test_an_order_may_have_a_thousand_lines_with_long_names(shop: Shop) -> None:
    lines = [{"sku": f"S{n}", "name": "ﷺ" * 1000, "quantity": 1, "unitPrice": "0.10"} for n in range(1000)]
    order = shop.create(items=lines)
    assert len(order["items"]) == 1000
    assert order["grandTotal"] == "100.00"
    too_long = [{"sku": "S", "name": "x" * 1001, "quantity": 1, "unitPrice": "0.10"}]
    assert shop.post("/v1/orders", order_body(items=too_long)).status == 422


@pytest.mark.parametrize("country", ["AC", "ta", "AN", "XK", "IC"])
def test_countries_that_shops_have_are_accepted(shop: Shop, country: str) -> None:
    order = shop.create(shippingAddress=ADDRESS | {"country": country})
    assert order["shippingCountry"] == country.upper()
