"""A customer's other orders, known by the account, else by the order's email; masked, and written down."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.api.shop import Shop

HERS, HIS = "her.own@example.com", "his.own@example.com"


def related(shop: Shop, order: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    target = f"/v1/orders/{quote(order['orderNumber'], safe='')}/related"
    answer = shop.get(target, token or shop.staff("support", name="sam"))
    assert answer.status == 200, answer.content
    return dict(answer.json)


def test_an_accounts_orders_belong_together_whatever_their_emails_and_guests_by_their_email(
    shop: Shop,
) -> None:
    account = f"c-{shop.create()['orderNumber']}"
    at_home = shop.create(customerId=account, email=HERS)
    at_work = shop.create(customerId=account, email=f"work-{HERS}")
    as_guest, again = (shop.create(customerId=None, email=email) for email in (HIS, HIS.upper()))
    shop.create(customerId=None, email=f"x{HIS}")
    found = related(shop, at_home)
    assert (found["matchedBy"], found["total"]) == ("account", 1)
    assert [each["orderNumber"] for each in found["items"]] == [at_work["orderNumber"]]
    found = related(shop, as_guest)
    assert (found["matchedBy"], found["total"]) == ("email", 1)
    assert [each["orderNumber"] for each in found["items"]] == [again["orderNumber"]]
    assert HIS.upper() not in str(found)
    alone = shop.create(customerId=None, email=None)
    assert related(shop, alone) == {"items": [], "total": 0, "matchedBy": None}


def test_the_newest_twenty_come_with_the_true_count(shop: Shop) -> None:
    account = f"c-{shop.create()['orderNumber']}"
    made = [
        shop.create(customerId=account, createdAt=f"2026-11-0{1 + each // 10}T08:00:{each % 10:02d}Z")
        for each in range(23)
    ]
    found = related(shop, made[0])
    assert found["total"] == 22
    numbers = [each["orderNumber"] for each in found["items"]]
    assert numbers == [order["orderNumber"] for order in reversed(made)][:20]


def test_a_look_at_them_stands_in_the_audit_log(shop: Shop) -> None:
    order = shop.create()
    related(shop, order)
    (row,) = shop.sql(
        "SELECT actor FROM audit_log WHERE order_number = :n AND action = 'order.related'",
        n=order["orderNumber"],
    )
    assert row["actor"] == "staff:sam"
    assert shop.get("/v1/orders/T-NONE/related", shop.staff("support")).code == "ORDER_NOT_FOUND"
