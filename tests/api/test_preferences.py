"""What staff have the dashboard remember: each their own, and what supervisors share with everybody."""

from __future__ import annotations

from typing import Any

import pytest

from lib.orders_api.preferences.service import MOST
from tests.api.asgi import Answer
from tests.api.shop import Shop, at_once

pytestmark = pytest.mark.any_engine

CALL = "/v1/staff/preferences"


def keep(shop: Shop, token: str, name: str = "Mine", value: Any = None, **more: Any) -> Answer:
    said = {"orders_status": ["Pending"]} if value is None else value
    return shop.call("PUT", CALL, {"kind": "view", "name": name, "value": said, **more}, token)


def names(shop: Shop, token: str) -> list[str]:
    return [each["name"] for each in shop.get(CALL, token).json["items"]]


def test_everybody_has_their_own_and_sees_what_supervisors_share(own_shop: Shop) -> None:
    sam, olga, sue = (
        own_shop.staff(role, name=name)
        for role, name in (("support", "sam"), ("ops", "olga"), ("supervisor", "sue"))
    )
    assert keep(own_shop, sam).json | {"id": 0, "changedAt": ""} == {
        "id": 0, "kind": "view", "name": "Mine", "value": {"orders_status": ["Pending"]}, "shared": False,
        "changedBy": "sam", "changedAt": "",
    }  # fmt: skip
    assert keep(own_shop, sam, shared=True).code == "FORBIDDEN"
    shared = keep(own_shop, sue, "Ours", shared=True).json
    assert (names(own_shop, sam), names(own_shop, olga), names(own_shop, sue)) == (
        ["Mine", "Ours"],
        ["Ours"],
        ["Ours"],
    )
    mine = own_shop.get(CALL, sam).json["items"][0]
    assert own_shop.call("DELETE", f"{CALL}/{mine['id']}", None, sue).status == 204
    assert own_shop.call("DELETE", f"{CALL}/{shared['id']}", None, sam).code == "FORBIDDEN"
    assert names(own_shop, sam) == ["Mine", "Ours"]
    assert own_shop.call("DELETE", f"{CALL}/{mine['id']}", None, sam).status == 204
    assert own_shop.call("DELETE", f"{CALL}/{shared['id']}", None, sue).status == 204
    assert names(own_shop, sam) == []


def test_a_name_stands_once_also_when_it_is_kept_by_many_at_once(own_shop: Shop) -> None:
    sam = own_shop.staff("support", name="sam")
    answers = at_once(8, lambda n: keep(own_shop, sam, value={"n": [str(n)]}))
    assert {each.status for each in answers} == {200}
    assert len({each.json["id"] for each in answers}) == 1
    assert names(own_shop, sam) == ["Mine"]
    assert keep(own_shop, sam, value={"n": ["last"]}).status == 200
    assert own_shop.get(CALL, sam).json["items"][0]["value"] == {"n": ["last"]}


def test_how_much_is_remembered_has_bounds(own_shop: Shop) -> None:
    sam = own_shop.staff("support", name="sam")
    assert keep(own_shop, sam, value={"a": ["x" * 300] * 14}).code == "VALIDATION_FAILED"
    assert keep(own_shop, sam, name="\u202e ").code == "VALIDATION_FAILED"
    broken_ones: list[dict[str, list[str]]] = [{"\ud800": ["a"]}, {"a": ["\udfff"]}, {"x" * 101: []}]
    for broken in broken_ones:
        assert keep(own_shop, sam, value=broken).code == "VALIDATION_FAILED"
    assert {keep(own_shop, sam, f"View {number}").status for number in range(MOST)} == {200}
    assert keep(own_shop, sam, "One more").json["errors"] == [
        {"field": "name", "message": f"there may be {MOST} at most"}
    ]
    assert keep(own_shop, sam, "View 1").status == 200
