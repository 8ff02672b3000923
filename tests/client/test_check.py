"""`check`: right about our own API, a shop with the core alone, and each thing that may be off."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from lib.orders_client.__main__ import main
from lib.orders_client._check import Report, check
from lib.staff.tokens import mint_staff_token
from tests.client.live import Live, new_order
from tests.conftest import JWT_SECRET
from tests.servers.desk import ROOT
from tests.servers.reference import ReferenceServer

CORE = (
    "list", "get", "cancel", "track", "request_access_code", "verify_access_code", "get_by_access_token"
)  # fmt: skip
FEATURES_OF_THE_CORE = {"errors with codes", "a token is asked for", "X-Request-Id"}


def verdicts(report: Report) -> dict[str, str]:
    return {each.name: str(each.verdict) for _, findings in report.groups for each in findings}


def remarks(report: Report, name: str) -> str:
    return "; ".join(
        remark
        for _, findings in report.groups
        for each in findings
        if each.name == name
        for remark in each.remarks
    )


@cache
def of_the_core_alone() -> dict[str, str]:
    """Return what is found out about a shop in which nothing is off."""
    with ReferenceServer() as shop:
        return verdicts(checked(shop))


def checked(shop: ReferenceServer, **options: Any) -> Report:
    return check(shop.url, shop.token, **options)


@pytest.mark.any_engine
@pytest.mark.parametrize("write", [False, True])
def test_our_own_api_has_everything(live: Live, write: bool) -> None:
    with live.as_staff() as staff:
        for turn in range(3):
            staff.orders.create(
                new_order(
                    order_number=f"Check/{write}/{turn}",
                    shipping_total=Decimal(turn),
                    created_at=datetime.now(UTC) - timedelta(hours=turn),
                )
            )
        before = staff.orders.list().total
        token = mint_staff_token(JWT_SECRET, "ada", ["admin"], datetime.now(UTC))
        report = check(live.url, token, write=write)
        assert {name: is_so for name, is_so in verdicts(report).items() if is_so != "there"} == {}
        assert report.core_holds
        assert staff.orders.list().total == before + (2 if write else 0)
        assert staff.orders.list(status="PENDING", q="Check").total >= 3
        left = [
            order for order in staff.orders.iterate() if order.item_count == 1 and order.status == "PENDING"
        ]
        assert left == [], "what was made to be tried out is cancelled"


def test_a_shop_with_the_core_alone_has_that_and_nothing_more() -> None:
    with ReferenceServer() as shop:
        before = json.dumps(shop.orders)
        report = checked(shop)
        assert json.dumps(shop.orders) == before
    found = verdicts(report)
    assert report.core_holds
    assert {name for name, is_so in found.items() if is_so == "there"} == {*CORE} | FEATURES_OF_THE_CORE
    assert set(found.values()) == {"there", "missing"}
    assert "customerNote" in remarks(report, "get")
    assert remarks(report, "filter status") == "ignored"


SWITCHES: list[tuple[dict[str, Any], dict[str, str], dict[str, str]]] = [
    ({"errors": "plain"}, {"cancel": "not tried", "errors with codes": "missing"}, {}),
    ({"errors": "text"}, {"cancel": "not tried", "errors with codes": "missing"}, {}),
    ({"only_needed": True}, {}, {"list": "customerName", "track": "unknown token"}),
    ({"openapi": True}, {"/openapi.json": "there"}, {}),
    ({"more": 405}, {}, {"timeline": "answered 405"}),
    ({"more": 501}, {}, {"add_note": "answered 501"}),
    ({"slow": 0.02}, {}, {}),
    ({"refuses_unknown": True}, {}, {"filter q": "refused with 422"}),
    (
        {"understands": frozenset({"status", "createdTo", "sort"})},
        {"filter status": "there", "filter createdTo": "there", "sort by createdAt": "there",
         "sort by grandTotal": "there", "sort by orderNumber": "there"},
        {"filter createdFrom": "ignored"},
    ),
    (
        {"missing": frozenset({"grandTotal", "items.name"})},
        {"get": "different", "sort by grandTotal": "not tried"},
        {"get": "grandTotal: Field required; items.0.name: Field required"},
    ),
    ({"missing": frozenset({"createdAt"})}, {"list": "different", "get": "different"},
     {"list": "items.0.createdAt: Field required"}),
    ({"wrong_types": {"grandTotal": 12.5}}, {"list": "different", "get": "different"},
     {"list": "items.0.grandTotal: must be a decimal string"}),
    ({"wrong_types": {"items.quantity": "2"}}, {"get": "different"},
     {"get": "items.0.quantity: Input should be a valid integer"}),
]  # fmt: skip


@pytest.mark.parametrize(("switches", "said", "remarked"), SWITCHES)
def test_each_thing_that_is_off_is_said_with_its_field_and_nothing_else_is(
    switches: dict[str, Any], said: dict[str, str], remarked: dict[str, str]
) -> None:
    with ReferenceServer(**switches) as shop:
        report = checked(shop)
    usual, found = of_the_core_alone(), verdicts(report)
    unseen = (
        {"filter", "sort"} if found["list"] == "different" else set()
    )  # rows that can't be read show no filter
    changed = {
        name: found[name] for name in found
        if found[name] != usual[name] and name.split()[0] not in unseen
    }  # fmt: skip
    assert changed == {name: is_so for name, is_so in said.items() if is_so != usual[name]}
    for name, remark in remarked.items():
        assert remark in remarks(report, name)
    assert report.core_holds is ("different" not in [found[name] for name in CORE])


def test_an_api_that_is_down_holds_nothing() -> None:
    with ReferenceServer(down=500) as shop:
        report = checked(shop)
    assert not report.core_holds
    assert "there" not in {is_so for name, is_so in verdicts(report).items() if name != "X-Request-Id"}


def test_with_write_an_order_is_cancelled_and_only_one() -> None:
    with ReferenceServer(errors="text") as shop:
        pending = [number for number, order in shop.orders.items() if order["status"] == "PENDING"]
        report = checked(shop, write=True)
        now = [number for number, order in shop.orders.items() if order["status"] == "PENDING"]
    assert verdicts(report)["cancel"] == "there"
    assert now == pending[1:]


def test_an_order_that_is_cancelled_twice_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReferenceServer() as shop:
        monkeypatch.setattr(shop, "_cancel", lambda number, _: shop.orders[number] | {"status": "CANCELLED"})
        report = checked(shop, write=True)
    assert verdicts(report)["cancel"] == "different"
    assert "cancelling again; expected: 409" in remarks(report, "cancel")


def test_without_a_token_it_says_what_to_do() -> None:
    with ReferenceServer() as shop:
        report = check(shop.url)
    assert not report.core_holds
    assert "--token" in remarks(report, "list")


def test_more_than_a_link_may_show_is_remarked() -> None:
    with ReferenceServer() as shop:
        for order in shop.orders.values():
            order["carrier"] = "DHL"
        shop._without = lambda order, left: dict(order)  # type: ignore[method-assign]  # shows all to everybody
        report = checked(shop)
    assert "shows more to whoever has the link: carrier, customerName, email" in remarks(report, "track")


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize("call", ["cancel", "track", "access-codes", "verify", "order"])
def test_a_call_of_the_core_that_is_missing_is_said(
    call: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReferenceServer(more=status) as shop:
        answer = shop.answer

        def without(method: str, target: str, bearer: str, body: Any) -> Any:
            gone = target.endswith(f"/{call}") or (call == "track" and "/track/" in target)
            return answer(method, "/no-such-thing" if gone else target, bearer, body)

        monkeypatch.setattr(shop, "answer", without)
        report = checked(shop)
    names = dict(zip(["cancel", "track", "access-codes", "verify", "order"], CORE[2:], strict=True))
    assert not report.core_holds
    broken = {name for name in CORE if verdicts(report)[name] in ("missing", "different")}
    assert broken == {names[call]}


def test_the_command_ends_with_0_where_the_core_holds(capsys: pytest.CaptureFixture[str]) -> None:
    with ReferenceServer() as shop:
        assert main(["check", shop.url, "--token", shop.token]) == 0
        said = capsys.readouterr().out
        assert "The core holds." in said
        assert shop.token not in said
        shop.switches.missing = frozenset({"currency"})
        assert main(["check", shop.url, "--token", shop.token]) == 1
        assert "currency: Field required" in capsys.readouterr().out
    for bad in (
        ["check", "http://127.0.0.1:1"],
        ["check", "nowhere"],
        ["check", "http://x.test", "--token", "a b"],
    ):
        assert main(bad) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1


def test_the_command_explains_itself() -> None:
    for arguments in (["--help"], ["check", "--help"]):
        run = subprocess.run(
            [sys.executable, "-m", "lib.orders_client", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "check" in run.stdout


def test_the_documentation_shows_what_the_command_says_of_the_core_alone() -> None:
    with ReferenceServer() as shop:
        said = "\n".join(checked(shop).lines())
    assert f"```text\n{said}\n```\n" in (ROOT / "docs" / "own-api.md").read_text("utf-8")
