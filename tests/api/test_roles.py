"""Who may do what: every call by every kind of caller (contract, sections 3 and 4)."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop, order_body

STAFF = ("support", "supervisor", "ops", "admin")
CALLERS = (*STAFF, "customer", "guest", "nobody")
MAY = {
    "list": {*STAFF, "customer"},
    "get": {*STAFF, "customer"},
    "cancel": {"support", "supervisor", "admin", "customer"},
    "timeline": set(STAFF),
    "create": {"admin"},
    "set_status": {"admin"},
    "guest order": {"guest"},
    "track": {*STAFF, "customer", "nobody"},
    "request": {*STAFF, "customer", "nobody"},
}
SIGN_IN = {"guest order": "INVALID_ACCESS_TOKEN"}


def _guest_token(shop: Shop) -> str:
    number = shop.create()["orderNumber"]
    return str(shop.verify(number, shop.new_code(number)).json["accessToken"])


def _token(shop: Shop, who: str) -> str | None:
    if who == "nobody":
        return None
    if who == "guest":
        return _guest_token(shop)
    return shop.customer() if who == "customer" else shop.staff(who)


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("call", list(MAY))
def test_every_caller_may_do_what_the_contract_says_and_nothing_else(shop: Shop, call: str, who: str) -> None:
    order = shop.create()
    path = f"/v1/orders/{order['orderNumber']}"
    method, target, body = {
        "list": ("GET", "/v1/orders", None),
        "get": ("GET", path, None),
        "cancel": ("POST", f"{path}/cancel", {}),
        "timeline": ("GET", f"{path}/timeline", None),
        "create": ("POST", "/v1/orders", order_body()),
        "set_status": ("POST", f"{path}/status", {"status": "CONFIRMED"}),
        "guest order": ("GET", "/v1/guest/order", None),
        "track": ("GET", f"/v1/track/{order['trackingToken']}", None),
        "request": ("POST", "/v1/guest/access-codes", {"orderNumber": "x", "email": "y"}),
    }[call]
    orders = shop.count("orders")
    token = _token(shop, who)
    answer = shop.call(method, target, body, token)
    if who in MAY[call]:
        assert answer.status < 300, answer.content
        return
    if who == "nobody" or who == "guest":
        expected = (401, "UNAUTHENTICATED")
    elif call in SIGN_IN:
        expected = (401, SIGN_IN[call])
    else:
        expected = (403, "FORBIDDEN")
    assert (answer.status, answer.code) == expected
    assert shop.order(order["orderNumber"])["status"] == "PENDING"
    assert shop.count("orders") <= orders + (who == "guest")


def test_roles_add_up(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    assert shop.cancel(number, token=shop.staff("ops", "support")).status == 200


@pytest.mark.parametrize("roles", [["boss"], ["SUPPORT"], ["", "Admin"]])
def test_staff_without_a_role_that_we_know_may_do_nothing(shop: Shop, roles: list[str]) -> None:
    token = shop.staff(*roles)
    number = shop.create()["orderNumber"]
    for target in ("/v1/orders", f"/v1/orders/{number}", f"/v1/orders/{number}/timeline"):
        assert shop.get(target, token).code == "FORBIDDEN"
    assert shop.cancel(number, token=token).code == "FORBIDDEN"


def test_who_may_not_learns_nothing_about_the_order(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    same = {"x-request-id": "same-for-all"}
    known, unknown = (
        shop.call("POST", f"/v1/orders/{asked}/cancel", {}, shop.staff("ops"), same)
        for asked in (number, "T-NONE")
    )
    assert (known.raw_headers, known.content) == (unknown.raw_headers, unknown.content)
