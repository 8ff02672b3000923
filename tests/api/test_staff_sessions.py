"""The dashboard's calls about sign-ins: what is counted over all dashboards, what stands, who may call."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from lib.orders_api.staff_sessions.service import forget_over
from lib.staff.tokens import account_hash, mint_dashboard_token
from tests.api.asgi import Answer
from tests.api.shop import NOW, Shop, at_once

WINDOW = 300


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known_as(shop: Shop, account: str) -> str:
    return account_hash(shop.secret.encode(), account)


def ask(shop: Shop, call: str, **body: Any) -> Answer:
    token = mint_dashboard_token(shop.secret, datetime.now(UTC))
    return shop.post(f"/v1/staff-sessions/{call}", body, token)


def admit(shop: Shop, account: str, address: str = "192.0.2.7") -> dict[str, Any]:
    answer = ask(shop, "attempts", account=known_as(shop, account), address=address)
    assert answer.status == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


def change(shop: Shop, whom: str, kind: str, **body: Any) -> None:
    assert ask(shop, "accounts", whom=whom, kind=kind, **body).status == 204


def stands(shop: Shop, account: str, session: str, began_at: datetime = NOW) -> bool:
    answer = ask(
        shop, "checks", account=known_as(shop, account), session=hashed(session), beganAt=began_at.isoformat()
    )
    assert answer.status == 200, answer.content
    return bool(answer.json["stands"])


def test_five_failures_close_an_account_for_five_minutes_from_wherever_they_come(own_shop: Shop) -> None:
    for number in range(5):
        assert admit(own_shop, "sam", f"192.0.2.{number}")["verdict"] == "ADMITTED"
    assert admit(own_shop, "sam", "192.0.2.99") == {"verdict": "THROTTLED", "attempt": None}
    assert admit(own_shop, "sue", "192.0.2.99")["verdict"] == "ADMITTED"
    own_shop.clock.advance(WINDOW - 1)
    assert admit(own_shop, "sam")["verdict"] == "THROTTLED"
    own_shop.clock.advance(1)
    assert admit(own_shop, "sam")["verdict"] == "ADMITTED"


@pytest.mark.parametrize(
    "addresses",
    [
        ["192.0.2.1"] * 20,
        [f"2001:db8:1:2::{number:x}" for number in range(20)],
        ["192.0.2.1", "::ffff:192.0.2.1"] * 10,
        ["unknown"] * 20,
    ],
    ids=["one address", "one household's IPv6", "the same in both families", "no address"],
)
def test_twenty_failures_close_an_address_whatever_names_it_tries(
    own_shop: Shop, addresses: list[str]
) -> None:
    for number, address in enumerate(addresses):
        assert admit(own_shop, f"guess {number}", address)["verdict"] == "ADMITTED"
    assert admit(own_shop, "sam", addresses[0])["verdict"] == "THROTTLED"
    assert admit(own_shop, "sam", "198.51.100.1")["verdict"] == "ADMITTED"


def test_hammering_keeps_nobody_out_and_a_success_takes_back_its_own_try_only(own_shop: Shop) -> None:
    for _ in range(4):
        admit(own_shop, "sam")
    attempt = admit(own_shop, "sam")["attempt"]
    assert admit(own_shop, "sam")["verdict"] == "THROTTLED"
    assert ask(own_shop, "outcomes", attempt=attempt, outcome="OK", staff="sam").status == 204
    assert admit(own_shop, "sam")["verdict"] == "ADMITTED"
    for _ in range(50):
        assert admit(own_shop, "sam")["verdict"] == "THROTTLED"
    own_shop.clock.advance(WINDOW)
    assert admit(own_shop, "sam")["verdict"] == "ADMITTED"


def test_of_many_tries_at_once_five_get_through(own_shop: Shop) -> None:
    verdicts = at_once(16, lambda _: admit(own_shop, "sam")["verdict"])
    assert sorted(verdicts) == ["ADMITTED"] * 5 + ["THROTTLED"] * 11


def test_a_session_signed_out_is_dead_and_no_other(own_shop: Shop) -> None:
    assert stands(own_shop, "sam", "one")
    until = (NOW + timedelta(hours=12)).isoformat()
    for _ in range(2):
        ended = ask(own_shop, "endings", session=hashed("one"), until=until, staff="sam", roles=["support"])
        assert ended.status == 204
    assert not stands(own_shop, "sam", "one")
    assert stands(own_shop, "sam", "two")
    own_shop.clock.advance(12 * 3600 - 1)
    forget_over(own_shop.api)
    assert not stands(own_shop, "sam", "one")
    own_shop.clock.advance(2)
    forget_over(own_shop.api)
    assert own_shop.count("ended_staff_sessions") == 0


def test_of_many_sessions_those_that_have_ended_are_named(own_shop: Shop) -> None:
    change(own_shop, "tom", "staff.disable")
    change(own_shop, "sam", "staff.end_session", session=hashed("one"))
    asked = [("sam", "one"), ("sam", "two"), ("tom", "three")]
    sessions = [
        {"account": known_as(own_shop, name), "session": hashed(which), "beganAt": NOW.isoformat()}
        for name, which in asked
    ]
    answer = ask(own_shop, "standings", sessions=sessions)
    assert answer.json == {"ended": [hashed("one"), hashed("three")]}


def test_a_disabled_account_is_dead_everywhere_until_it_is_opened_again(own_shop: Shop) -> None:
    change(own_shop, "sam", "staff.disable")
    assert not stands(own_shop, "sam", "one", NOW + timedelta(hours=1))
    assert admit(own_shop, "sam")["verdict"] == "DISABLED"
    assert stands(own_shop, "sue", "other")
    change(own_shop, "sam", "staff.password")
    assert admit(own_shop, "sam")["verdict"] == "DISABLED"
    own_shop.clock.advance(60)
    change(own_shop, "sam", "staff.enable")
    assert not stands(own_shop, "sam", "one", NOW + timedelta(seconds=59))
    assert stands(own_shop, "sam", "new", NOW + timedelta(seconds=61))
    assert admit(own_shop, "sam")["verdict"] == "ADMITTED"


def test_an_admin_ends_one_session_or_all_and_whoever_is_added_again_may_come_in(own_shop: Shop) -> None:
    change(own_shop, "sam", "staff.end_session", session=hashed("one"))
    assert not stands(own_shop, "sam", "one", NOW + timedelta(hours=1))
    assert stands(own_shop, "sam", "two")
    change(own_shop, "sam", "staff.role", rolesGiven=["ops"])
    assert stands(own_shop, "sam", "two")
    change(own_shop, "sam", "staff.end_sessions")
    assert not stands(own_shop, "sam", "two")
    change(own_shop, "sam", "staff.disable")
    change(own_shop, "sam", "staff.add")
    assert admit(own_shop, "sam")["verdict"] == "ADMITTED"


RECORDS = "/v1/staff-sessions/records"
SECRET = "jo: {password: $2b$12$hunter2}"


def shared(shop: Shop, name: str, method: str = "GET", **body: Any) -> Answer:
    token = mint_dashboard_token(shop.secret, datetime.now(UTC))
    return shop.call(method, f"{RECORDS}/{name}", body or None, token)


def test_what_dashboards_share_is_sealed_and_of_two_changes_of_the_same_one_counts(own_shop: Shop) -> None:
    assert shared(own_shop, "accounts").json == {"revision": 0, "text": None}
    assert shared(own_shop, "accounts", "PUT", text=SECRET).status == 204
    assert shared(own_shop, "accounts").json == {"revision": 1, "text": SECRET}
    kept = own_shop.sql("SELECT * FROM dashboard_records")
    assert "hunter2" not in str(kept)
    assert own_shop.api.sealer.open(bytes(kept[0]["sealed"])) == SECRET
    kind = {"whom": "tom", "kind": "staff.role", "rolesGiven": ["ops"]}
    answers = at_once(
        4,
        lambda turn: ask(
            own_shop, "accounts", **kind, accounts={"text": f"{SECRET} {turn}", "over": 1, "revision": 2}
        ),
    )
    assert sorted(each.status for each in answers) == [204, 409, 409, 409]
    assert {each.code for each in answers if each.status == 409} == {"CHANGED_MEANWHILE"}
    assert own_shop.count("audit_log") == 1
    assert shared(own_shop, "accounts", "PUT", text="older", over=1, revision=5).status == 409
    assert shared(own_shop, "accounts").json["revision"] == 2
    assert shared(own_shop, "accounts", "DELETE").json["text"] is None  # only what has an end is taken
    assert shared(own_shop, "accounts").json["revision"] == 2


def test_what_a_link_stands_for_is_taken_once_and_within_its_time(own_shop: Shop) -> None:
    until = (NOW + timedelta(minutes=1)).isoformat()
    for name in ("export-a", "export-b", "export-c"):
        shared(own_shop, name, "PUT", text=SECRET, until=until)
    taken = at_once(8, lambda _: shared(own_shop, "export-a", "DELETE").json["text"])
    assert sorted(map(str, taken)) == [str(None)] * 7 + [SECRET]
    own_shop.clock.advance(61)
    assert shared(own_shop, "export-b", "DELETE").json["text"] is None
    forget_over(own_shop.api)
    assert own_shop.count("dashboard_records") == 0


def test_what_counts_no_more_is_forgotten(own_shop: Shop) -> None:
    admit(own_shop, "sam")
    own_shop.clock.advance(WINDOW)
    forget_over(own_shop.api)
    assert own_shop.count("sign_in_attempts") == 0


def test_the_audit_log_names_accounts_and_never_what_a_stranger_typed(own_shop: Shop) -> None:
    admit(own_shop, "hunter2 typed into the wrong field")
    ask(own_shop, "outcomes", outcome="WRONG", address="192.0.2.7")
    ask(own_shop, "outcomes", outcome="OK", staff="sam", roles=["support", "ops"], address="192.0.2.7")
    ask(own_shop, "endings", session=hashed("one"), until=NOW.isoformat(), staff="sam", roles=["support"])
    change(own_shop, "tom", "staff.disable")
    ada = {"staff": "ada", "roles": ["admin"], "address": "192.0.2.9"}
    change(own_shop, "tom", "staff.add", rolesGiven=["support", "ops"], **ada)
    change(own_shop, "tom", "staff.role", rolesGiven=["supervisor"], **ada)
    for kind in ("staff.password", "staff.disable", "staff.enable", "staff.end_sessions"):
        change(own_shop, "tom", kind, **ada)
    change(own_shop, "tom", "staff.end_session", session=hashed("one"), **ada)
    rows = own_shop.sql("SELECT actor, role, action, outcome, client, detail FROM audit_log ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("nobody", "nobody", "staff.sign_in", "WRONG", "192.0.2.7", None),
        ("staff:sam", "ops,support", "staff.sign_in", "OK", "192.0.2.7", None),
        ("staff:sam", "support", "staff.sign_out", "OK", None, None),
        ("operator", "operator", "staff.disable", "OK", None, "tom"),
        ("staff:ada", "admin", "staff.add", "OK", "192.0.2.9", "tom: support, ops"),
        ("staff:ada", "admin", "staff.role", "OK", "192.0.2.9", "tom: supervisor"),
        ("staff:ada", "admin", "staff.password", "OK", "192.0.2.9", "tom"),
        ("staff:ada", "admin", "staff.disable", "OK", "192.0.2.9", "tom"),
        ("staff:ada", "admin", "staff.enable", "OK", "192.0.2.9", "tom"),
        ("staff:ada", "admin", "staff.end_sessions", "OK", "192.0.2.9", "tom"),
        ("staff:ada", "admin", "staff.end_session", "OK", "192.0.2.9", "tom"),
    ]
    everything = [
        row for table in ("audit_log", "sign_in_attempts") for row in own_shop.sql(f"SELECT * FROM {table}")
    ]
    assert "hunter2" not in str(everything)
    assert "one" not in str(own_shop.sql("SELECT session FROM ended_staff_sessions"))


GOOD = {"account": hashed("sam"), "address": "192.0.2.7"}


def tokens(shop: Shop) -> dict[str, str | None]:
    now = datetime.now(UTC)
    claims = {"sub": "order-desk", "scope": "dashboard", "exp": now + timedelta(minutes=5)}
    return {
        "none": "",
        "an admin's": shop.staff("admin"),
        "a customer's": shop.customer(),
        "expired": mint_dashboard_token(shop.secret, now - timedelta(minutes=6)),
        "another secret": mint_dashboard_token("x" * 40, now),
        "no expiry": jwt.encode({"sub": "order-desk", "scope": "dashboard"}, shop.secret),
        "alg none": jwt.encode(claims, "", algorithm="none"),
        "garbage": "a.b.c",
    }


def test_nobody_but_the_dashboard_may_call(shop: Shop) -> None:
    for kind, token in tokens(shop).items():
        for call in ("attempts", "outcomes", "endings", "checks", "standings", "accounts"):
            answer = shop.call("POST", f"/v1/staff-sessions/{call}", GOOD, token or None)
            assert (answer.status, answer.code) == (401, "UNAUTHENTICATED"), (kind, call)
        for method in ("GET", "PUT", "DELETE"):
            answer = shop.call(method, f"{RECORDS}/accounts", {"text": "x"}, token or None)
            assert (answer.status, answer.code) == (401, "UNAUTHENTICATED"), (kind, method)


def test_the_dashboards_token_opens_nothing_else(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    token = mint_dashboard_token(shop.secret, datetime.now(UTC))
    for target in ("/v1/orders", f"/v1/orders/{number}", f"/v1/orders/{number}/timeline"):
        assert shop.get(target, token).code == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("attempts", {}),
        ("attempts", {**GOOD, "account": "sam"}),
        ("attempts", {**GOOD, "account": hashed("sam") + "\n"}),
        ("attempts", {**GOOD, "address": "a\u0000b"}),
        ("attempts", {**GOOD, "address": "x" * 301}),
        ("attempts", {**GOOD, "password": "hunter2"}),
        ("outcomes", {"outcome": "MAYBE"}),
        ("outcomes", {"outcome": "OK", "attempt": 2**70}),
        ("outcomes", {"outcome": "OK", "attempt": "1"}),
        ("outcomes", {"outcome": "OK", "staff": "a\nb"}),
        ("outcomes", {"outcome": "OK", "roles": ["a"] * 21}),
        ("endings", {"session": hashed("one"), "until": "tomorrow"}),
        ("endings", {"session": hashed("one"), "until": "0001-01-01T00:00:00Z"}),
        ("checks", {"account": hashed("sam"), "session": "one", "beganAt": "2026-11-23T08:15:00Z"}),
        ("accounts", {"whom": "sam", "kind": "staff.crown"}),
        ("accounts", {"whom": "sam", "kind": "staff.role", "rolesGiven": ["boss"]}),
        (
            "accounts",
            {"whom": "sam", "kind": "staff.password", "password": "hunter2"},
        ),
        ("accounts", {"whom": "sam", "kind": "staff.end_session"}),
        ("accounts", {"whom": "sam", "kind": "staff.disable", "session": hashed("one")}),
        ("accounts", {"whom": "sam", "kind": "staff.role", "accounts": {"text": 7, "password": "hunter2"}}),
        ("accounts", []),
    ],
)
def test_bad_input_is_refused_without_an_echo(shop: Shop, call: str, body: Any) -> None:
    answer = shop.call(
        "POST", f"/v1/staff-sessions/{call}", body, mint_dashboard_token(shop.secret, datetime.now(UTC))
    )
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert "hunter2" not in json.dumps(answer.json)


def test_an_ending_far_ahead_is_kept_two_days_at_most(own_shop: Shop) -> None:
    ask(own_shop, "endings", session=hashed("one"), until="9000-01-01T00:00:00Z")
    own_shop.clock.advance(2 * 86400 + 1)
    forget_over(own_shop.api)
    assert own_shop.count("ended_staff_sessions") == 0


def test_other_methods_and_queries_are_refused(shop: Shop) -> None:
    token = mint_dashboard_token(shop.secret, datetime.now(UTC))
    assert shop.get("/v1/staff-sessions/attempts", token).status == 405
    assert shop.post("/v1/staff-sessions/attempts?a=1", GOOD, token).status == 422
