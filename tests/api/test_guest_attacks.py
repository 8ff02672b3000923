"""Guest access under malice: equal work for all failures, changed emails, clocks set back, locks undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from lib.orders_api.guest.service import end_expired
from lib.orders_api.mail import outbox
from lib.orders_api.mail.sender import Sender
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.settings import Settings
from tests.api.shop import EMAIL, NOW, Shop, wrong
from tests.servers.smtp import MailServer

OpenShop = Callable[[Settings], Shop]


@contextmanager
def statements(shop: Shop) -> Iterator[list[str]]:
    """Return what is sent to the database meanwhile; a decoy's tables under the names of the real ones."""
    seen: list[str] = []

    def keep(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        named = statement.replace("decoy_codes", "access_codes").replace("decoy_locks", "guest_locks")
        named = named.replace("decoy_outbox", "outbox")
        named = re.sub(r"busy_timeout = \d+", "busy_timeout = …", named)
        named = re.sub(r"application_name = '[0-9a-f-]{36}'", "application_name = …", named)
        seen.append(re.sub(r"SELECT .*?\sFROM", "SELECT … FROM", named, flags=re.DOTALL))

    event.listen(shop.api.database.engine, "before_cursor_execute", keep)
    yield seen
    event.remove(shop.api.database.engine, "before_cursor_execute", keep)


def test_every_failed_verification_does_the_same_work(shop: Shop) -> None:
    live, used, burned, expired, unasked = (shop.create()["orderNumber"] for _ in range(5))
    shop.new_code(expired)
    shop.clock.advance(600)
    codes = {number: shop.new_code(number) for number in (live, used, burned)}
    shop.verify(used, codes[used])
    for turn in range(5):
        shop.verify(burned, wrong(codes[burned], turn + 1))
    done = {}
    for name, number, code, email in (
        ("live", live, wrong(codes[live]), EMAIL),
        ("used", used, codes[used], EMAIL),
        ("burned", burned, codes[burned], EMAIL),
        ("expired", expired, "000000", EMAIL),
        ("unasked", unasked, "000000", EMAIL),
        ("wrong email", live, codes[live], "stranger@example.com"),
        ("unknown", "T-NONE", codes[live], EMAIL),
        ("malformed", "/" * 100, "x", "\u0000"),
    ):
        with statements(shop) as seen:
            assert shop.verify(number, code, email).code == "INVALID_CODE"
        done[name] = tuple(seen)
    for name, each in done.items():
        assert each == done["live"], name
    assert sum(statement.startswith("UPDATE guest_locks") for statement in done["unknown"]) == 1
    assert sum(statement.startswith("UPDATE access_codes") for statement in done["unknown"]) == 1


def test_no_number_of_guesses_at_nothing_changes_their_work(shop: Shop) -> None:
    """A decoy counts as a code does, and has to begin anew at five, ten and a hundred."""
    shop.sql("UPDATE decoy_locks SET wrong_in_a_row = 94")
    done = []
    for _ in range(12):
        with statements(shop) as seen:
            shop.verify("T-NONE", "000000")
        done.append(tuple(seen))
    assert set(done) == {done[0]}
    assert all(len(row["wrong_at"].split()) < 10 for row in shop.sql("SELECT wrong_at FROM decoy_locks"))


@pytest.mark.parametrize("mails", [True, False], ids=["with a mail server", "without one"])
def test_every_code_request_does_the_same_work_and_leaves_the_same_to_do(
    mailing_shop: Shop, own_shop: Shop, smtp_server: MailServer, mails: bool
) -> None:
    """From the request to the last trace of it: only whose tables they are may differ."""
    shop = mailing_shop if mails else own_shop
    number, throttled = shop.create()["orderNumber"], shop.create()["orderNumber"]
    shop.new_code(throttled)
    asked = {
        "right pair": (number, EMAIL),
        "throttled pair": (throttled, EMAIL),
        "wrong email": (number, "stranger@example.com"),
        "unknown order": ("T-NONE", EMAIL),
        "malformed": ("", ""),
    }
    for email in (EMAIL, "", "null"):
        asked[f"order without an email, {email}"] = (shop.create(email=None)["orderNumber"], email)
    # What one leaves to do must not be taken for the next one's.
    run_to_its_end(shop)
    shop.sql("UPDATE guest_locks SET locked_until = '2999-01-01 00:00:00'")
    done = {}
    for name, (each, email) in asked.items():
        with statements(shop) as seen:
            assert shop.request_code(each, email).status == 202
            at_the_request = tuple(seen)
            shop.work()
            run_to_its_end(shop)
        done[name] = (at_the_request, sorted(seen))
        shop.clock.now = NOW
    for name, each in done.items():
        assert each == done["unknown order"], name
    assert len(smtp_server.messages) == (4 if mails else 0)
    assert shop.count("decoy_outbox") == 0


def run_to_its_end(shop: Shop) -> None:
    """Do all that the worker does with a code and its email until nothing of them is left."""
    sender = Sender(shop.api)
    for seconds in (0, 600, 7200):
        shop.clock.advance(seconds)
        for work in (sender.deliver_codes, sender.deliver_decoys, sender.deliver_others, sender.end_overdue):
            work()
        end_expired(shop.api)


def test_a_guess_without_a_live_code_counts_against_no_order(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    before = shop.sql("SELECT * FROM guest_locks ORDER BY order_id")
    for turn in range(120):
        shop.verify(number, "000000", client=f"192.0.2.{turn}")
    assert shop.sql("SELECT * FROM guest_locks ORDER BY order_id") == before
    assert shop.verify(number, shop.new_code(number)).status == 200


def change_email(shop: Shop, number: str, email: str) -> None:
    statement = "UPDATE orders SET email = :e, email_key = :k WHERE order_number = :n"
    shop.sql(statement, e=email, k=email, n=number)


def test_a_changed_email_ends_tokens_codes_and_waiting_mails_for_good(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    token = shop.verify(number, shop.new_code(number)).json["accessToken"]
    shop.clock.advance(61)
    code = shop.new_code(number)
    change_email(shop, number, "new@example.com")
    assert [mail.state for mail in shop.mails(number, "ACCESS_CODE")] == ["EXPIRED", "EXPIRED"]
    for email in (EMAIL, "new@example.com"):
        assert shop.verify(number, code, email).code == "INVALID_CODE"
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    change_email(shop, number, EMAIL)
    assert shop.verify(number, code).code == "INVALID_CODE"
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    assert shop.count("access_tokens", number) == 0


def test_a_change_of_anything_else_ends_nothing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    token = shop.verify(number, shop.new_code(number)).json["accessToken"]
    shop.sql("UPDATE orders SET email = email, status = 'CONFIRMED' WHERE order_number = :n", n=number)
    assert shop.get("/v1/guest/order", token).status == 200


def test_a_code_that_was_sent_to_another_email_is_good_for_nothing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.sql("UPDATE access_codes SET email_key = 'old@example.com' WHERE state = 'LIVE'")
    assert shop.verify(number, code).code == "INVALID_CODE"


def test_a_token_for_another_email_is_good_for_nothing(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    token = shop.verify(number, shop.new_code(number)).json["accessToken"]
    shop.sql("UPDATE access_tokens SET email_key = 'old@example.com'")
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"


def test_what_ends_for_one_order_stays_for_another(shop: Shop) -> None:
    ended, other, third = (shop.create()["orderNumber"] for _ in range(3))
    old_token = shop.verify(ended, shop.new_code(ended)).json["accessToken"]
    shop.clock.advance(61)
    code, token = shop.new_code(other), shop.verify(third, shop.new_code(third)).json["accessToken"]
    shop.new_code(ended)
    shop.clock.advance(599)
    shop.request_code(third)
    shop.work()
    shop.clock.now += timedelta(seconds=0.5)
    end_expired(shop.api)
    assert shop.get("/v1/guest/order", old_token).status == 200
    assert shop.get("/v1/guest/order", token).status == 200
    assert shop.verify(other, code).status == 200
    shop.clock.advance(1200)
    end_expired(shop.api)
    assert shop.get("/v1/guest/order", old_token).status == 401
    assert shop.get("/v1/guest/order", token).status == 200


def test_a_step_of_the_clock_back_revives_nothing(shop: Shop) -> None:
    number, other = shop.create()["orderNumber"], shop.create()["orderNumber"]
    token = shop.verify(other, shop.new_code(other)).json["accessToken"]
    code = shop.new_code(number)
    shop.clock.advance(1801)
    end_expired(shop.api)
    shop.clock.advance(-1801)
    assert shop.verify(number, code).code == "INVALID_CODE"
    assert shop.get("/v1/guest/order", token).code == "INVALID_ACCESS_TOKEN"
    assert shop.codes(number) == []


def test_a_code_alone_is_ended_when_its_time_is_over(own_shop: Shop) -> None:
    code = own_shop.new_code(number := own_shop.create()["orderNumber"])
    own_shop.api.limiter.storage.reset()
    own_shop.clock.advance(600)
    end_expired(own_shop.api)
    own_shop.clock.advance(-600)
    assert own_shop.verify(number, code).code == "INVALID_CODE"


def test_code_requests_that_nobody_can_read_hold_up_none_behind_them(shop: Shop) -> None:
    first, number = shop.create()["orderNumber"], shop.create()["orderNumber"]
    shop.request_code(first)
    shop.sql("UPDATE access_requests SET sealed = :other", other=b"under another key")
    shop.request_code(first)
    shop.sql(
        "UPDATE access_requests SET sealed = :rubbish WHERE id = (SELECT max(id) FROM access_requests)",
        rubbish=shop.api.sealer.seal("no request"),
    )
    shop.request_code(number)
    shop.work()
    assert (len(shop.codes(first)), len(shop.codes(number))) == (0, 1)


def test_a_burned_codes_mail_is_neither_sent_nor_kept(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    for turn in range(5):
        shop.verify(number, wrong(code, turn + 1))
    (mail,) = shop.mails(number, "ACCESS_CODE")
    with shop.api.database.writing() as session:
        assert outbox.claim(session, OutboxMessage, mail.id, shop.clock()) is None
    end_expired(shop.api)
    assert shop.codes(number) == []


def lock_for_good(shop: Shop, number: str) -> None:
    shop.new_code(number)
    shop.sql(
        "UPDATE guest_locks SET wrong_in_a_row = 99 WHERE order_id ="
        " (SELECT id FROM orders WHERE order_number = :n)",
        n=number,
    )
    shop.verify(number, wrong(shop.codes(number)[-1]))


def test_a_supervisor_unlocks_an_order_after_a_hundred_wrong_codes(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    shop.clock.advance(61)
    lock_for_good(shop, number)
    assert shop.verify(number, code).code == "INVALID_CODE"
    shop.clock.advance(30 * 86400)
    shop.request_code(number)
    shop.work()
    assert shop.verify(number, "000000").code == "INVALID_CODE"
    sue = shop.staff("supervisor", name="sue")
    answer = shop.post(f"/v1/orders/{number}/unlock-guest-access", token=sue)
    assert (answer.status, answer.content) == (204, b"")
    assert shop.verify(number, shop.new_code(number)).status == 200
    rows = shop.sql("SELECT actor, order_number FROM audit_log WHERE action = 'guest.unlock'")
    assert (rows[-1]["actor"], rows[-1]["order_number"]) == ("staff:sue", number)


def test_nobody_else_unlocks_an_order(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    lock_for_good(shop, number)
    path = f"/v1/orders/{number}/unlock-guest-access"
    for token in (shop.staff("support"), shop.staff("ops"), shop.customer()):
        assert shop.post(path, token=token).code == "FORBIDDEN"
    assert shop.call("POST", path).code == "UNAUTHENTICATED"
    assert shop.post("/v1/orders/T-NONE/unlock-guest-access").code == "ORDER_NOT_FOUND"
    shop.clock.advance(30 * 86400)
    end_expired(shop.api)
    shop.request_code(number)
    shop.work()
    assert shop.codes(number) == []


def test_an_unlocked_order_that_was_never_locked_stays_as_it_is(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    assert shop.post(f"/v1/orders/{number}/unlock-guest-access").status == 204
    assert shop.verify(number, shop.new_code(number)).status == 200
