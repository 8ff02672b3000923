"""Guests' access tokens: one order, read only, thirty minutes; and what a verification unlocks for staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.orders_api.domain.clock import system_clock
from lib.settings import Settings
from tests.api.serving import Served
from tests.api.shop import EMAIL, Shop
from tests.conftest import CODE_KEY, JWT_SECRET

SAME = {"x-request-id": "same-for-all"}


def grant(shop: Shop, staff: str | None = None, **changes: Any) -> tuple[str, str]:
    """Return a new order's number and a guest's token for it."""
    number = shop.create(**changes)["orderNumber"]
    answer = shop.verify(number, shop.new_code(number, changes.get("email", EMAIL)), token=staff)
    return number, answer.json["accessToken"]


def test_a_token_opens_its_order_again_and_again(shop: Shop) -> None:
    number, token = grant(shop)
    for _ in range(3):
        answer = shop.get("/v1/guest/order", token)
        assert answer.status == 200
        assert answer.json == shop.order(number)


@pytest.mark.parametrize(("seconds", "good"), [(1799, True), (1800, False), (10**6, False)])
def test_a_token_lives_for_thirty_minutes(shop: Shop, seconds: int, good: bool) -> None:
    _, token = grant(shop)
    shop.clock.advance(seconds)
    assert (shop.get("/v1/guest/order", token).status == 200) == good


def test_using_a_token_does_not_lengthen_its_life(shop: Shop) -> None:
    _, token = grant(shop)
    shop.clock.advance(1790)
    assert shop.get("/v1/guest/order", token).status == 200
    shop.clock.advance(11)
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"


def test_ending_access_kills_the_token_at_once(shop: Shop) -> None:
    number, token = grant(shop)
    ended = shop.call("DELETE", "/v1/guest/order", token=token)
    assert (ended.status, ended.content) == (204, b"")
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    assert shop.call("DELETE", "/v1/guest/order", token=token).code == "INVALID_ACCESS_TOKEN"
    audited = "SELECT actor FROM audit_log WHERE order_number = :n AND action = 'guest.end'"
    assert [row["actor"] for row in shop.sql(audited, n=number)] == ["guest"]


def test_ending_one_access_leaves_another(shop: Shop) -> None:
    number, first = grant(shop)
    shop.clock.advance(61)
    second = shop.verify(number, shop.new_code(number)).json["accessToken"]
    assert first != second
    shop.call("DELETE", "/v1/guest/order", token=first)
    assert shop.get("/v1/guest/order", second).status == 200


def test_a_token_dies_when_the_orders_email_changes(shop: Shop) -> None:
    number, token = grant(shop)
    shop.sql("UPDATE orders SET email = 'n@x.yz', email_key = 'n@x.yz' WHERE order_number = :n", n=number)
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"


def test_a_token_survives_a_restart_and_works_on_every_replica(
    own_shop: Shop, open_shop: Any, settings: Any
) -> None:
    number, token = grant(own_shop)
    replica = open_shop(settings)
    assert replica.get("/v1/guest/order", token).json["orderNumber"] == number


def test_a_token_is_as_good_after_the_service_was_killed_and_started_anew(
    own_shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    own_shop.clock.now = system_clock()
    number = own_shop.create()["orderNumber"]
    proof = {"orderNumber": number, "email": EMAIL, "code": own_shop.new_code(number)}
    given = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    with Served(tmp_path, **given) as first:
        token = httpx.post(f"{first.url}/v1/guest/access-codes/verify", json=proof).json()["accessToken"]
        first.kill()
    with Served(tmp_path, **given) as second:
        answer = httpx.get(f"{second.url}/v1/guest/order", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["orderNumber"]) == (200, number)


def test_every_failure_of_a_token_is_the_same_to_the_byte(shop: Shop) -> None:
    grant(shop)  # a good token of somebody else is no help
    _, ended = grant(shop)
    shop.call("DELETE", "/v1/guest/order", token=ended)
    tokens = [ended, "x", "x" * 3000, ended[:-1], ended.swapcase(), shop.staff(), shop.customer(), "\xff"]
    for method in ("GET", "DELETE"):
        answers = [shop.call(method, "/v1/guest/order", token=token, headers=SAME) for token in tokens]
        assert {(answer.status, answer.code) for answer in answers} == {(401, "INVALID_ACCESS_TOKEN")}
        assert len({(answer.raw_headers, answer.content) for answer in answers}) == 1


def test_without_a_token_one_is_asked_for(shop: Shop) -> None:
    for headers in ({}, {"authorization": "Basic eA=="}):
        for method in ("GET", "DELETE"):
            assert shop.call(method, "/v1/guest/order", headers=headers).code == "UNAUTHENTICATED"


def test_a_token_is_good_for_nothing_else(shop: Shop) -> None:
    number, token = grant(shop)
    for method, target in (
        ("GET", "/v1/orders"),
        ("GET", f"/v1/orders/{number}"),
        ("GET", f"/v1/orders/{number}/timeline"),
        ("POST", f"/v1/orders/{number}/cancel"),
        ("POST", f"/v1/orders/{number}/status"),
        ("POST", "/v1/orders"),
    ):
        answer = shop.call(
            method, target, {"status": "CONFIRMED"} if target.endswith("status") else None, token
        )
        assert answer.status in (401, 422), target
    assert shop.cancel(number, token=token).code == "UNAUTHENTICATED"
    assert shop.order(number)["status"] == "PENDING"


def test_a_token_is_stored_hashed(shop: Shop) -> None:
    _, token = grant(shop)
    assert token not in str(shop.sql("SELECT * FROM access_tokens"))


def test_a_token_shows_the_order_as_it_stands_now(shop: Shop) -> None:
    number, token = grant(shop)
    shop.cancel(number)
    assert shop.get("/v1/guest/order", token).json["status"] == "CANCELLED"


@pytest.mark.parametrize(("seconds", "masked"), [(0, False), (1799, False), (1800, True)])
def test_a_verification_unlocks_the_order_for_that_staff_member_for_thirty_minutes(
    shop: Shop, seconds: int, masked: bool
) -> None:
    sam, sue = shop.staff("support", name="sam"), shop.staff("supervisor", name="sue")
    number, _ = grant(shop, staff=sam)
    other = shop.create()["orderNumber"]
    shop.clock.advance(seconds)
    assert shop.order(number, sam)["contactMasked"] is masked
    assert (shop.order(number, sam)["email"] == EMAIL) is not masked
    assert shop.order(number, sue)["contactMasked"] is True
    assert shop.order(other, sam)["contactMasked"] is True


def test_a_guest_who_proves_it_unlocks_nothing_for_staff(shop: Shop) -> None:
    number, _ = grant(shop)
    assert shop.count("contact_unlocks", number) == 0


def test_a_failed_verification_unlocks_nothing(shop: Shop) -> None:
    sam = shop.staff("support", name="sam")
    number = shop.create()["orderNumber"]
    shop.new_code(number)
    shop.verify(number, "x", token=sam)
    assert shop.order(number, sam)["contactMasked"] is True


def test_a_staff_members_guest_calls_are_audited_under_their_name(shop: Shop) -> None:
    sam = shop.staff("support", name="sam")
    number = shop.create()["orderNumber"]
    shop.request_code(number, token=sam)
    shop.work()
    shop.verify(number, "x", token=sam)
    shop.verify(number, shop.codes(number)[0], token=sam)
    rows = shop.sql(
        "SELECT actor, action, outcome FROM audit_log WHERE order_number = :n ORDER BY id",
        n=number,
    )
    assert [tuple(row.values()) for row in rows[1:]] == [
        ("staff:sam", "guest.request_code", "ISSUED"),
        ("staff:sam", "guest.verify", "WRONG_CODE"),
        ("staff:sam", "guest.verify", "OK"),
    ]
    assert shop.timeline(number)[0]["actor"] == "staff:sam"


def test_what_is_over_is_forgotten(shop: Shop) -> None:
    from lib.orders_api.guest.service import end_expired

    number, _ = grant(shop, staff=shop.staff("support"))
    shop.clock.advance(1801)
    end_expired(shop.api)
    assert shop.count("access_tokens", number) == shop.count("contact_unlocks", number) == 0
