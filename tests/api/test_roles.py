"""Who may do what: every call by every kind of caller (contract, sections 3 and 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.shop import Shop, order_body
from tests.tables import who_may

pytestmark = pytest.mark.any_engine  # who may do what is settled before the store is asked

CALLERS = ("support", "supervisor", "ops", "admin", "customer", "guest", "nobody")
MAY = who_may("Calls")
BODIES: dict[str, Any] = {
    "POST /v1/orders/{order_number}/notes": {"text": "A note"},
    "POST /v1/orders/{order_number}/reveal": {"reason": "A reason"},
    "PATCH /v1/orders/{order_number}/contact": {"email": "right@example.com", "reason": "A reason"},
    "POST /v1/orders/{order_number}/status": {"status": "CONFIRMED"},
    "PUT /v1/staff/preferences": {"kind": "view", "name": "Mine", "value": {}},
    "POST /v1/guest/access-codes": {"orderNumber": "x", "email": "y"},
    "POST /v1/guest/access-codes/verify": {"orderNumber": "x", "email": "y", "code": "z"},
}
QUERIES = {
    "GET /v1/stats/daily": "?createdFrom=2026-11-01T00:00:00Z&createdTo=2026-12-01T00:00:00Z",
    "GET /v1/stats/flow": "?firstDay=2026-11-01&lastDay=2026-11-30",
}
TABLES = ("timeline", "audit_log", "outbox", "contact_unlocks")


def _guest_token(shop: Shop) -> str:
    number = shop.create()["orderNumber"]
    return str(shop.verify(number, shop.new_code(number)).json["accessToken"])


def _token(shop: Shop, who: str) -> str | None:
    if who == "nobody":
        return None
    if who == "guest":
        return _guest_token(shop)
    return shop.customer() if who == "customer" else shop.staff(who)


def test_the_table_has_every_call_that_there_is(shop: Shop) -> None:
    paths = shop.call("GET", "/openapi.json").json["paths"]
    assert set(MAY) == {f"{method.upper()} {path}" for path, calls in paths.items() for method in calls}


@pytest.mark.parametrize("call", list(MAY))
def test_every_caller_may_do_what_the_table_says_and_nothing_else(shop: Shop, call: str) -> None:
    method, template = call.split(" ")
    for who in CALLERS:
        order = shop.create()
        number = order["orderNumber"]
        shop.clock.advance(61)
        target = template.format(order_number=number, token=order["trackingToken"], id=0) + QUERIES.get(
            call, ""
        )
        body = order_body() if call == "POST /v1/orders" else BODIES.get(call)
        token = _token(shop, who)
        if call == "PATCH /v1/orders/{order_number}/notes":
            body = {"id": shop.note(number), "pinned": True}
        before = [shop.count("orders"), *(shop.count(table, number) for table in TABLES)]
        answer = shop.call(method, target, body, token)
        if who in MAY[call]:
            assert answer.status < 300 or answer.code == "INVALID_CODE", (who, answer.content)
            continue
        assert (answer.status, answer.code) == _refusal(call, who), who
        assert [shop.count("orders"), *(shop.count(table, number) for table in TABLES)] == before
        assert shop.order(number)["status"] == "PENDING"


def _refusal(call: str, who: str) -> tuple[int, str]:
    if who in ("nobody", "guest"):
        return 401, "UNAUTHENTICATED"
    return (401, "INVALID_ACCESS_TOKEN") if "/v1/guest/order" in call else (403, "FORBIDDEN")


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
