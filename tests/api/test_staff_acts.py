"""Notes, contact data revealed for a while, and the confirmation again (contract, section 4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.asgi import Answer
from tests.api.shop import ADDRESS, EMAIL, NOW, Shop, at_once

REASON = {"reason": "Caller changes the address"}


def act(
    shop: Shop, number: str, what: str, body: Any = None, token: str | None = None, **more: Any
) -> Answer:
    token = token or shop.staff("support", name="sam")
    return shop.post(f"/v1/orders/{quote(number, safe='')}/{what}", body, token, **more)


def audited(shop: Shop, number: str, action: str) -> list[Any]:
    return shop.sql(
        "SELECT * FROM audit_log WHERE order_number = :n AND action = :a ORDER BY id", n=number, a=action
    )


def test_a_reveal_shows_one_order_to_one_staff_member_for_half_an_hour(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    sam, sue = shop.staff("support", name="sam"), shop.staff("support", name="sue")
    answer = act(shop, number, "reveal", {"reason": "  Caller changes the address "}, sam)
    assert answer.status == 200
    order = answer.json
    assert (order["contactMasked"], order["email"]) == (False, EMAIL)
    assert order["shippingAddress"] == ADDRESS
    assert order["trackingToken"]
    shown = ("2026-11-23T08:45:00Z", "CONTACT_REVEALED")
    seen = shop.get(f"/v1/orders/{number}", sam)
    for each in (answer, seen):
        assert (each.headers["x-contact-shown-until"], each.headers["x-contact-shown-by"]) == shown
    assert seen.json == order
    for masked in (shop.get(f"/v1/orders/{number}", sue), shop.get(f"/v1/orders/{other}", sam)):
        assert masked.json["contactMasked"] is True
        assert "x-contact-shown-until" not in masked.headers
    shop.clock.advance(1799)
    assert shop.order(number, sam)["contactMasked"] is False
    shop.clock.advance(1)
    assert shop.order(number, sam)["contactMasked"] is True


def test_a_reveal_is_written_down_with_its_reason(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    act(shop, number, "reveal", REASON, headers={"x-request-id": "reveal-request-1"})
    (row,) = audited(shop, number, "order.reveal")
    assert (row["actor"], row["role"], row["reason"]) == ("staff:sam", "support", REASON["reason"])
    assert (row["request_id"], row["client"], row["outcome"]) == ("reveal-request-1", "192.0.2.1", "OK")
    entry = shop.timeline(number)[0]
    assert (entry["kind"], entry["actor"], entry["detail"]) == (
        "CONTACT_REVEALED",
        "staff:sam",
        REASON["reason"],
    )


def test_reveals_at_once_all_succeed_and_a_later_one_lasts_longer(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    assert {answer.status for answer in at_once(6, lambda _: act(shop, number, "reveal", REASON))} == {200}
    assert len(audited(shop, number, "order.reveal")) == 6
    shop.clock.advance(600)
    assert act(shop, number, "reveal", REASON).headers["x-contact-shown-until"] == "2026-11-23T08:55:00Z"


def test_a_repeated_reveal_is_another_one_and_no_answer_is_kept(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    kept = shop.count("idempotency_keys")
    for _ in range(2):
        assert act(shop, number, "reveal", REASON, headers={"idempotency-key": "again"}).status == 200
    assert len(audited(shop, number, "order.reveal")) == 2
    assert shop.count("idempotency_keys") == kept
    call = shop.get("/openapi.json").json["paths"]["/v1/orders/{order_number}/reveal"]["post"]
    assert [each["name"] for each in call["parameters"]] == ["order_number"]


def test_a_verified_caller_is_told_apart_from_a_reveal(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    sam = shop.staff("support", name="sam")
    shop.verify(number, shop.new_code(number), token=sam)
    assert shop.get(f"/v1/orders/{number}", sam).headers["x-contact-shown-by"] == "GUEST_VERIFIED"


@pytest.mark.parametrize(
    "body",
    [None, {}, {"reason": "ab"}, {"reason": "  a  "}, {"reason": "x" * 201}, {"reason": None}, {"reason": 7},
     {"reason": "why\u0000"}, {"reason": "why", "more": 1}, [], "why"],
)  # fmt: skip
def test_without_a_reason_nothing_is_shown(shop: Shop, body: Any) -> None:
    number = shop.create()["orderNumber"]
    answer = act(shop, number, "reveal", body)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert shop.count("contact_unlocks", number) == 0
    assert shop.order(number, shop.staff("support"))["contactMasked"] is True


def test_a_note_stands_in_the_timeline_and_its_text_not_in_the_audit(shop: Shop) -> None:
    number = shop.create(orderNumber="#N 1")["orderNumber"]
    answer = act(shop, number, "notes", {"text": " Calls back\non Monday 🎁 "})
    assert (answer.status, answer.json) == (201, shop.timeline(number)[0])
    assert answer.json == {
        "at": "2026-11-23T08:15:00Z",
        "actor": "staff:sam",
        "kind": "NOTE",
        "detail": "Calls back\non Monday 🎁",
    }
    (row,) = audited(shop, number, "order.note")
    assert "Monday" not in str(dict(row))


def test_a_note_sent_twice_under_one_key_is_there_once(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    first, again = (
        act(shop, number, "notes", {"text": "once"}, headers={"idempotency-key": "note-1"}) for _ in range(2)
    )
    assert (first.status, first.content) == (again.status, again.content)
    assert [entry["kind"] for entry in shop.timeline(number)] == ["NOTE", "CREATED"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, None, 1, "a\u0000b"])
def test_what_is_no_note_is_refused(shop: Shop, text: Any) -> None:
    number = shop.create()["orderNumber"]
    assert act(shop, number, "notes", {"text": text}).code == "VALIDATION_FAILED"
    assert len(shop.timeline(number)) == 1


def test_the_longest_note_is_taken(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    assert act(shop, number, "notes", {"text": "ß" * 2000}).status == 201


def test_a_confirmation_is_queued_again_to_the_orders_own_address(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.clock.advance(60)
    answer = act(shop, number, "resend-confirmation")
    assert answer.status == 202
    first, second = shop.mails(number, "CONFIRMATION")
    assert (second.recipient, second.state) == (EMAIL, "WAITING")
    assert shop.text_of(first) == shop.text_of(second)
    assert first.message_id != second.message_id
    assert shop.timeline(number)[0]["detail"] == "Confirmation email sent again"
    assert len(audited(shop, number, "order.resend_confirmation")) == 1


def test_confirmations_are_sent_once_a_minute_and_five_times_a_day_at_most(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    key = {"idempotency-key": f"again-{number}"}
    soon = act(shop, number, "resend-confirmation", headers=key)
    assert (soon.code, soon.headers["retry-after"]) == ("RATE_LIMITED", "61")
    for _ in range(4):
        shop.clock.advance(61)
        assert act(shop, number, "resend-confirmation", headers=key).status == 202
        key = {}
    shop.clock.advance(61)
    enough = act(shop, number, "resend-confirmation", token=shop.staff("admin", name="ada"))
    assert (enough.code, int(enough.headers["retry-after"])) == ("RATE_LIMITED", 86400 - 5 * 61 + 1)
    shop.clock.now = NOW
    shop.clock.advance(86400)
    assert act(shop, number, "resend-confirmation").status == 202


def test_of_resends_at_once_one_mail_goes_out(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    shop.clock.advance(61)
    answers = at_once(6, lambda _: act(shop, number, "resend-confirmation"))
    assert sorted(answer.status for answer in answers) == [202] + [429] * 5
    assert len(shop.mails(number, "CONFIRMATION")) == 2


@pytest.mark.parametrize(
    ("what", "body"), [("reveal", REASON), ("notes", {"text": "x"}), ("resend-confirmation", None)]
)
def test_an_order_that_is_not_there_is_not_found(shop: Shop, what: str, body: Any) -> None:
    for number in ("T-NONE", "a/b", "%00"):
        assert act(shop, number, what, body).code == "ORDER_NOT_FOUND"


def test_a_note_is_pinned_for_everybody_and_stays_what_the_contract_says_of_it(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    note = shop.note(number)

    def pin(pinned: bool, order: str = number) -> Answer:
        body = {"id": note, "pinned": pinned}
        return shop.call("PATCH", f"/v1/orders/{order}/notes", body, shop.staff("support", name="sam"))

    def told(query: str = "?include=pins") -> list[Any]:
        answer = shop.get(f"/v1/orders/{number}/timeline{query}", shop.staff("ops", name="olga"))
        return list(answer.json["items"])

    assert [pin(True).status, pin(True).status] == [200, 200]
    assert [(each.get("id"), each.get("pinned")) for each in told()] == [(note, True), (None, None)]
    assert {*told("")[0]} == {"at", "actor", "kind", "detail"}
    assert pin(False, other).json["errors"][0]["field"] == "id"
    assert pin(False).json["pinned"] is False
    assert not told()[0]["pinned"]
    rows = [(row["actor"], row["detail"]) for row in audited(shop, number, "order.pin_note")]
    assert rows == [("staff:sam", "pinned"), ("staff:sam", "unpinned")]
