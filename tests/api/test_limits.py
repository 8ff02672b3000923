"""Limits by address and by staff member, and whose word about an address is believed (section 6.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lib.orders_api.guest.service import end_expired
from lib.settings import Settings
from tests.api.asgi import Answer
from tests.api.shop import Shop, at_once, fresh_token

AuditContext = Callable[..., Answer]


def _track(shop: Shop, **more: Any) -> Answer:
    return shop.call("GET", f"/v1/track/{fresh_token()}", **more)


def _request(shop: Shop, **more: Any) -> Answer:
    return shop.request_code("T-NONE", **more)


def _verify(shop: Shop, **more: Any) -> Answer:
    return shop.verify("T-NONE", "000000", **more)


CALLS = [(_track, 60, 404), (_request, 30, 202), (_verify, 30, 401)]


@pytest.mark.parametrize(("act", "limit", "usual"), CALLS)
def test_an_address_has_so_many_calls_a_minute(shop: Shop, act: AuditContext, limit: int, usual: int) -> None:
    assert [act(shop).status for _ in range(limit)] == [usual] * limit
    answer = act(shop)
    assert (answer.status, answer.code) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert act(shop, client="192.0.2.2").status == usual


def test_the_limit_is_the_same_for_a_known_and_an_unknown_order(shop: Shop) -> None:
    known = shop.create()
    ids = {"x-request-id": "same-for-all"}
    acts: tuple[Callable[[str, str], Answer], ...] = (
        lambda n, c: shop.request_code(n, client=c, headers=ids),
        lambda n, c: shop.verify(n, "x", client=c, headers=ids),
    )
    for act in acts:
        answers = {
            number: [act(number, address) for _ in range(32)]
            for number, address in ((known["orderNumber"], "192.0.2.11"), ("T-NONE", "192.0.2.12"))
        }
        seen = [[(a.raw_headers, a.content) for a in each] for each in answers.values()]
        assert seen[0] == seen[1]
        shop.reset()


def test_calls_of_this_minute_stay_counted_when_older_ones_are_forgotten(shop: Shop) -> None:
    _verify(shop, client="192.0.2.77")
    shop.clock.advance(45)
    assert [_verify(shop).status for _ in range(30)] == [401] * 30
    shop.clock.advance(30)
    end_expired(shop.api)
    assert _verify(shop).status == 429


@pytest.mark.parametrize(("act", "limit", "usual"), CALLS)
def test_staff_are_counted_one_by_one_and_not_by_address(
    shop: Shop, act: AuditContext, limit: int, usual: int
) -> None:
    sam, sue = shop.staff("support", name="sam"), shop.staff("support", name="sue")
    assert [act(shop, token=sam).status for _ in range(limit)] == [usual] * limit
    assert act(shop, token=sam, client="192.0.2.9").status == 429
    assert act(shop, token=sue).status == usual
    assert act(shop).status == usual


def test_customers_are_counted_by_address(shop: Shop) -> None:
    statuses = [_verify(shop, token=shop.customer(f"c-{turn}")).status for turn in range(31)]
    assert statuses == [401] * 30 + [429]


def test_the_tracking_page_counts_with_the_tracking_call(shop: Shop) -> None:
    statuses = [shop.call("GET", "/track/nope").status for _ in range(30)]
    assert statuses == [404] * 30
    assert [_track(shop).status for _ in range(31)] == [404] * 30 + [429]
    answer = shop.call("GET", "/track/nope")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0


def forwarded(addresses: str) -> dict[str, str]:
    return {"x-forwarded-for": addresses}


def test_without_trusted_proxies_nobody_is_believed(shop: Shop) -> None:
    statuses = [_verify(shop, headers=forwarded(f"203.0.113.{turn}")).status for turn in range(31)]
    assert statuses[-1] == 429


def test_a_trusted_proxy_is_believed_about_the_address_before_it(
    open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings], database_url: str
) -> None:
    settings = make_settings(database_url=database_url, trusted_proxies="192.0.2.1, 10.0.0.0/8, fd00::/8")
    shop = open_shop(settings)
    for turn in range(31):
        assert _verify(shop, headers=forwarded(f"203.0.113.{turn}")).status == 401
    # A caller can write what they like before the proxy's own entry: the last untrusted one counts.
    statuses = [
        _verify(shop, headers=forwarded(f"198.51.100.{turn}, 203.0.113.200, 10.1.2.3")).status
        for turn in range(31)
    ]
    assert statuses == [401] * 30 + [429]
    assert _verify(shop, client="fd00::7", headers=forwarded("203.0.113.200")).status == 429
    strangers = [
        _verify(shop, client="198.51.100.7", headers=forwarded(f"203.0.113.{turn}")).status
        for turn in range(31)
    ]
    assert strangers[-1] == 429
    seen = shop.get("/v1/audit?limit=200").json["items"]
    assert "203.0.113.200" in {item["address"] for item in seen}


def test_calls_are_counted_over_all_processes_and_restarts(
    own_shop: Shop, open_shop: Callable[[Settings], Shop], settings: Settings
) -> None:
    replica = open_shop(settings)
    statuses = [_verify(each).status for _ in range(15) for each in (own_shop, replica)]
    assert statuses == [401] * 30
    for shop in (own_shop, replica, open_shop(settings)):
        assert _verify(shop).status == 429


@pytest.mark.parametrize(("seconds", "free"), [(59.9, 0), (60, 1), (62, 3), (120, 30)])
def test_the_minute_moves_with_the_time(shop: Shop, seconds: float, free: int) -> None:
    for _ in range(30):
        assert _verify(shop).status == 401
        shop.clock.advance(1)
    shop.clock.advance(seconds - 30)
    statuses = [_verify(shop).status for _ in range(31)]
    assert statuses == [401] * free + [429] * (31 - free)


def test_of_many_calls_at_once_no_more_than_the_limit_get_through(shop: Shop) -> None:
    statuses = at_once(32, lambda _: _verify(shop).status)
    assert sorted(statuses) == [401] * 30 + [429] * 2


def test_an_ipv6_network_is_one_caller_and_a_mapped_address_is_its_own(shop: Shop) -> None:
    statuses = [_verify(shop, client=f"2001:db8:1:2::{turn}").status for turn in range(31)]
    assert statuses == [401] * 30 + [429]
    assert _verify(shop, client="2001:db8:1:3::1").status == 401
    mapped = [_verify(shop, client=f"::ffff:192.0.2.{turn}").status for turn in range(31)]
    assert mapped == [401] * 31


def test_counts_that_are_over_are_forgotten(shop: Shop) -> None:
    _verify(shop)
    shop.clock.advance(61)
    end_expired(shop.api)
    assert shop.count("call_windows") == 0
