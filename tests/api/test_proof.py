"""A caller's proof: whose it is, how long it lasts, what ends it, and the policy that wants it first."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from lib.settings import Settings
from tests.api.asgi import Answer
from tests.api.conftest import MakeShop
from tests.api.shop import Shop

WHY = {"reason": "Caller asks"}


@pytest.fixture
def strict_shop(open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str) -> Shop:
    """A shop that wants a proof before all acts that may want one."""
    acts = ("reveal", "cancel", "contact")
    return open_shop(make_settings(database_url=database_url, require_proof=acts))


def verified_until(shop: Shop, number: str, token: str) -> str | None:
    answer = shop.get(f"/v1/orders/{quote(number, safe='')}", token)
    return answer.headers.get("x-caller-verified-until")


def act(shop: Shop, name: str, number: str, token: str, **headers: str) -> Answer:
    method = "PATCH" if name == "contact" else "POST"
    body = {"phone": "1234567", **WHY} if name == "contact" else WHY if name == "reveal" else {}
    return shop.call(method, f"/v1/orders/{quote(number, safe='')}/{name}", body, token, headers=headers)


def test_a_proof_is_one_staff_members_for_one_order_and_half_an_hour(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    sam, sue = shop.staff("support", name="sam"), shop.staff("support", name="sue")
    assert verified_until(shop, number, sam) is None
    shop.verify(number, shop.new_code(number), token=sam)
    assert verified_until(shop, number, sam) == "2026-11-23T08:45:00Z"
    assert verified_until(shop, number, sue) is None
    assert verified_until(shop, other, sam) is None
    assert act(shop, "reveal", number, sam).headers["x-caller-verified-until"] == "2026-11-23T08:45:00Z"
    shop.clock.advance(1799)
    assert verified_until(shop, number, sam)
    shop.clock.advance(1)
    assert verified_until(shop, number, sam) is None


def test_a_changed_email_ends_it_and_a_changed_phone_does_not(shop: Shop) -> None:
    number, sam = shop.create()["orderNumber"], shop.staff("support", name="sam")
    shop.verify(number, shop.new_code(number), token=sam)
    target = f"/v1/orders/{quote(number, safe='')}/contact"
    assert shop.call("PATCH", target, {"phone": "1234567", **WHY}, sam).status == 200
    assert verified_until(shop, number, sam)
    assert shop.call("PATCH", target, {"email": "new@example.com", **WHY}, sam).status == 200
    assert act(shop, "reveal", number, sam).status == 200
    assert verified_until(shop, number, sam) is None


@pytest.mark.parametrize("name", ["reveal", "contact", "cancel"])
def test_a_policy_wants_a_proof_before_an_act_of_staff_and_of_no_customer(
    strict_shop: Shop, name: str
) -> None:
    shop = strict_shop
    number, sam = shop.create()["orderNumber"], shop.staff("support", name="sam")
    again = {"idempotency-key": f"once-{name}"}
    refused = act(shop, name, number, sam, **again)
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert "ORDERS_REQUIRE_PROOF" in refused.json["detail"]
    assert [entry["kind"] for entry in shop.timeline(number)] == ["CREATED"]
    shop.verify(number, shop.new_code(number), token=sam)
    assert act(shop, name, number, sam, **again).status == 200
    own = shop.create(customerId="c-77")["orderNumber"]
    assert shop.cancel(own, token=shop.customer("c-77")).status == 200
