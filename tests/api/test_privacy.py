"""A customer gets all that is kept about them, and nobody else's; two people have to forget one."""

from __future__ import annotations

import io
import json
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest

from lib.orders_api.privacy.service import forget_confirmed
from lib.orders_api.store.audit_log import AuditContext, record
from lib.settings import Settings
from tests.api.shop import MakeShop, Shop
from tests.api.test_contact_change import change
from tests.api.test_forget import EMAIL, filled, kept_text

__all__ = ["filled"]

REQUESTS = "/v1/privacy-requests"


def ask(shop: Shop, kind: str, number: str = "R-1", email: str = EMAIL, name: str = "sue") -> Any:
    body = {"kind": kind, "orderNumber": number, "email": email}
    return shop.post(REQUESTS, body, shop.staff("supervisor", name=name))


def test_a_customer_gets_all_of_their_data_and_nobody_elses(filled: Shop) -> None:
    sue = filled.staff("supervisor", name="sue")
    filled.post("/v1/orders/J-1/notes", {"text": "Jane likes tea"})
    filled.create(orderNumber="X-<1>", email="other@example.com")
    request = ask(filled, "COPY", "r-1", EMAIL.upper())
    assert (request.status, request.json["dueAt"][:10]) == (201, "2026-12-23")
    seen = filled.get(f"{REQUESTS}/{request.json['id']}", sue).json
    assert (sorted(seen["orders"]), seen["looks"] > 0) == (["R-1", "R-2"], True)
    made = filled.post(f"{REQUESTS}/{request.json['id']}/copy", token=sue)
    assert (made.status, made.headers["cache-control"]) == (200, "no-store")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        data = json.loads(archive.read("data.json"))
        page = archive.read("read-me.html").decode()
    assert [order["orderNumber"] for order in data["orders"]] == ["R-1", "R-2"]
    for text in (json.dumps(data, ensure_ascii=False), page):
        for theirs in (
            "Rosa Forgetmenot",
            "Grünweg 9",
            "47110815",
            "Her dog bites",
            "Rosa calls",
            "staff:sam",
        ):
            assert theirs in text, theirs
        for others in ("Jane", "jane.doe", "J-1", "Marked Street", "other@example.com"):
            assert others not in text, others
    assert {mail["to"] for mail in data["emails"]} == {EMAIL, EMAIL.upper()}
    (item,) = filled.get(REQUESTS, sue).json["items"]
    assert (item["state"], item["askedBy"]) == ("DONE", "staff:sue")
    acts = filled.sql("SELECT action FROM audit_log WHERE action LIKE 'privacy.%' ORDER BY id")
    assert [row["action"] for row in acts] == ["privacy.ask", "privacy.copy", "privacy.copy"]
    for number in ("R-1", "R-2"):
        looks = filled.get(f"/v1/audit?orderNumber={number}&action=privacy.copy", sue).json["items"]
        assert [each["actor"] for each in looks] == ["staff:sue"], number


def test_what_a_customer_wrote_stays_text_on_the_page(own_shop: Shop) -> None:
    own_shop.create(orderNumber="T-1", email=EMAIL, customerId=None)
    own_shop.sql("UPDATE orders SET customer_name = '<script>x</script>'")
    request = ask(own_shop, "COPY", "T-1").json
    made = own_shop.post(f"{REQUESTS}/{request['id']}/copy", token=own_shop.staff("supervisor"))
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert b"<script" not in archive.read("read-me.html")


@pytest.mark.parametrize(("number", "email"), [("R-1", "jane.doe@example.com"), ("R-9", EMAIL)])
def test_who_can_not_prove_an_order_gets_nothing(filled: Shop, number: str, email: str) -> None:
    assert ask(filled, "COPY", number, email).code == "ORDER_NOT_FOUND"
    assert filled.count("privacy_requests") == 0


def test_a_customer_is_forgotten_by_two_people_and_the_register_keeps_nothing_of_theirs(filled: Shop) -> None:
    request = ask(filled, "FORGET", name="sue").json
    confirm = f"{REQUESTS}/{request['id']}/confirm"
    assert filled.post(confirm, token=filled.staff("admin", name="sue")).code == "FORBIDDEN"
    assert filled.post(confirm, token=filled.staff("supervisor", name="mia")).code == "FORBIDDEN"
    forget_confirmed(filled.api)
    assert filled.order("R-1", filled.customer("c-rosa"))["email"] == EMAIL
    done = filled.post(confirm, token=filled.staff("admin", name="ada"))
    assert (done.status, done.json["state"], done.json["confirmedBy"]) == (200, "CONFIRMED", "staff:ada")
    assert filled.post(confirm, token=filled.staff("admin", name="ada")).code == "VALIDATION_FAILED"
    forget_confirmed(filled.api)
    (item,) = filled.get(REQUESTS, filled.staff("supervisor")).json["items"]
    assert (item["state"], item["stillFound"]) == ("DONE", None)
    assert "forgetmenot" not in kept_text(filled)
    rows = filled.sql("SELECT actor, order_number FROM audit_log WHERE action = 'customer.forget'")
    assert {(row["actor"], row["order_number"]) for row in rows} == {
        ("staff:ada", "R-1"),
        ("staff:ada", "R-2"),
    }
    assert filled.post(f"{REQUESTS}/{request['id']}/copy").code == "ORDER_NOT_FOUND"
    assert filled.get(f"{REQUESTS}/{request['id']}").json["orders"] == []


def test_nobody_is_forgotten_where_the_ledger_has_no_place(open_shop: MakeShop, settings: Settings) -> None:
    shop = open_shop(settings.model_copy(update={"forgotten_file": None}))
    shop.create(orderNumber="R-1", email=EMAIL)
    confirm = f"{REQUESTS}/{ask(shop, 'FORGET').json['id']}/confirm"
    answer = shop.post(confirm, token=shop.staff("admin", name="ada"))
    if shop.settings.is_sqlite:
        assert answer.status == 200
    else:
        assert (answer.status, "ORDERS_FORGOTTEN_FILE" in answer.content.decode()) == (422, True)


def test_a_number_that_no_request_can_have_is_refused(own_shop: Shop) -> None:
    for target in (f"{REQUESTS}/{10**20}", f"{REQUESTS}/-1"):
        assert own_shop.get(target).status == 422
        assert own_shop.post(f"{target}/copy", None).status == 422


def confirmed(shop: Shop, request_id: int) -> dict[str, Any]:
    """Confirm that a customer is to be forgotten, let the worker do it, and return what the register says."""
    answer = shop.post(f"{REQUESTS}/{request_id}/confirm", token=shop.staff("admin", name="ada"))
    assert answer.status == 200, answer.json
    forget_confirmed(shop.api)
    items = shop.get(REQUESTS, shop.staff("supervisor")).json["items"]
    return next(item for item in items if item["id"] == request_id)


def test_who_asked_is_forgotten_although_the_order_they_named_has_another_address(filled: Shop) -> None:
    request = ask(filled, "FORGET").json["id"]
    assert change(filled, "R-1", email="corrected@example.com").status == 200
    done = confirmed(filled, request)
    assert (done["state"], "another address" in done["stillFound"]) == ("DONE", True)
    assert "forgetmenot@" not in kept_text(filled)
    assert filled.order("R-1", filled.staff("admin"))["customerName"] == "Rosa Forgetmenot"


def test_an_address_that_only_an_email_went_to_is_forgotten_and_in_nobody_elses_file(own_shop: Shop) -> None:
    own_shop.create(orderNumber="O-1", email=EMAIL)
    request = ask(own_shop, "FORGET", "O-1").json["id"]
    assert change(own_shop, "O-1", email="corrected@example.com").status == 200
    copy = ask(own_shop, "COPY", "O-1", "corrected@example.com").json["id"]
    made = own_shop.post(f"{REQUESTS}/{copy}/copy", token=own_shop.staff("supervisor"))
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert {mail["to"] for mail in json.loads(archive.read("data.json"))["emails"]} == {
            "corrected@example.com"
        }
    assert confirmed(own_shop, request)["state"] == "DONE"
    assert "forgetmenot" not in kept_text(own_shop)
    own_shop.sql("DELETE FROM outbox")
    again = ask(own_shop, "FORGET", "O-1", "corrected@example.com").json["id"]
    assert change(own_shop, "O-1", email=EMAIL).status == 200
    own_shop.sql("DELETE FROM outbox")
    left = confirmed(own_shop, again)
    assert (left["state"], left["confirmedBy"]) == ("OPEN", None)
    assert "another address" in left["stillFound"]


def test_nobody_is_taken_for_forgotten_without_the_key_by_which_they_are_known(
    filled: Shop, open_shop: MakeShop, settings: Settings
) -> None:
    request = ask(filled, "FORGET").json["id"]
    alone = open_shop(settings.model_copy(update={"code_key": settings.jwt_secret}))
    left = confirmed(alone, request)
    assert (left["state"], filled.api.sealer.key_names[0] in left["stillFound"]) == ("OPEN", True)
    assert confirmed(filled, request)["state"] == "DONE"


def test_a_forgetting_that_the_ledger_can_not_keep_is_opened_again(
    filled: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(filled, "FORGET").json["id"]
    settings.ledger_path.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("lib.orders_api.forgetting.service.wipe", None)
        left = confirmed(filled, request)
    assert (left["state"], "can't be written" in left["stillFound"]) == ("OPEN", True)
    settings.ledger_path.rmdir()
    done = confirmed(filled, request)
    assert (done["state"], done["stillFound"]) == ("DONE", None)


def test_a_look_from_before_numbers_were_folded_is_in_the_file(own_shop: Shop) -> None:
    own_shop.create(orderNumber="#L-1", email=EMAIL)
    with own_shop.api.database.writing() as session:
        old = SimpleNamespace(order_number="#L-1", order_number_key="#l-1")
        others = SimpleNamespace(order_number="#L-1 ", order_number_key="#l-1")
        act = AuditContext("staff:old", "support", None, "r", own_shop.clock())
        record(session, act, "order.look", "OK", old)
        record(session, act, "order.others", "OK", others)
    copy = ask(own_shop, "COPY", "#L-1").json["id"]
    made = own_shop.post(f"{REQUESTS}/{copy}/copy", token=own_shop.staff("supervisor"))
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        looks = [each["did"] for each in json.loads(archive.read("data.json"))["whoLooked"]]
    assert ("order.look" in looks, "order.others" in looks) == (True, False)


@pytest.mark.any_engine
@pytest.mark.parametrize("who", ["support", "ops", "customer", "nobody"])
def test_nobody_else_asks_sees_or_confirms(own_shop: Shop, who: str) -> None:
    own_shop.create(orderNumber="R-1", email=EMAIL)
    request = ask(own_shop, "COPY").json["id"]
    token = {"customer": own_shop.customer(), "nobody": ""}.get(who) or own_shop.staff(who)
    for method, target, body in (
        ("GET", REQUESTS, None),
        ("POST", REQUESTS, {"kind": "COPY", "orderNumber": "R-1", "email": EMAIL}),
        ("GET", f"{REQUESTS}/{request}", None),
        ("POST", f"{REQUESTS}/{request}/copy", None),
        ("POST", f"{REQUESTS}/{request}/confirm", None),
    ):
        answer = own_shop.call(method, target, body, None if who == "nobody" else token)
        assert answer.status == (401 if who == "nobody" else 403), target
    assert own_shop.count("privacy_requests") == 1
