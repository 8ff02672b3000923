"""Mail from the outbox through real SMTP servers: once, wiped, never late, tried again when refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from lib.orders_api.mail import outbox
from lib.orders_api.mail.sender import Delivery, deliver_due
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.settings import Settings
from tests.api.shop import EMAIL, NOW, MakeShop, Shop, at_once
from tests.servers.postgres import free_port
from tests.servers.smtp import MailServer, text_of


def test_a_mail_is_delivered_once_and_its_body_wiped(mailing_shop: Shop, smtp_server: MailServer) -> None:
    order = mailing_shop.create()
    for _ in range(3):
        deliver_due(mailing_shop.api)
    (delivered,) = smtp_server.messages
    assert delivered.recipients == (EMAIL,)
    assert delivered.mail_from == "shop@example.com"
    message = delivered.message
    assert message["From"] == "Shop <shop@example.com>"
    assert message["To"] == EMAIL
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == NOW
    text = text_of(message)
    assert order["orderNumber"] in text
    assert f"https://shop.example/t/{order['trackingToken']}" in text
    assert order["orderNumber"] not in message["Subject"]
    (kept,) = mailing_shop.mails(order["orderNumber"])
    assert (kept.state, kept.sealed_body, kept.sent_at) == ("SENT", None, NOW)
    assert message["Message-ID"] == kept.message_id


def test_a_mail_that_is_refused_is_tried_again_under_the_same_id(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    number = mailing_shop.create()["orderNumber"]
    smtp_server.refuse_with = "451 try later"
    assert deliver_due(mailing_shop.api) == Delivery(0, 1)
    (kept,) = mailing_shop.mails(number)
    first_id = kept.message_id
    assert (kept.state, kept.attempts, kept.last_error) == ("WAITING", 1, "SMTPDataError 451")
    assert deliver_due(mailing_shop.api) == Delivery(0, 0)
    waits = []
    for _ in range(4):
        (kept,) = mailing_shop.mails(number)
        waits.append((kept.due_at - mailing_shop.clock.now).total_seconds())
        mailing_shop.clock.now = kept.due_at
        assert deliver_due(mailing_shop.api) == Delivery(0, 1)
    assert waits == [2, 4, 8, 16]
    smtp_server.refuse_with = None
    mailing_shop.clock.advance(3600)
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    (delivered,) = smtp_server.messages
    assert delivered.message["Message-ID"] == first_id


def test_codes_go_before_all_else_that_waits(mailing_shop: Shop, smtp_server: MailServer) -> None:
    numbers = [mailing_shop.create()["orderNumber"] for _ in range(3)]
    mailing_shop.clock.advance(5)
    mailing_shop.new_code(numbers[2])
    deliver_due(mailing_shop.api)
    subjects = [delivered.message["Subject"] for delivered in smtp_server.messages]
    assert subjects == ["Your one-time code", *["We have received your order"] * 3]


def test_a_decoy_is_sent_to_nobody_and_tried_as_often_as_a_code(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str, smtp_server: MailServer
) -> None:
    away = make_settings(database_url=database_url, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    shop = open_shop(away)
    number = shop.create()["orderNumber"]
    states = "SELECT state, attempts FROM {} WHERE kind = 'ACCESS_CODE'"
    shop.new_code(number)
    shop.request_code("T-NONE")
    shop.work()
    for turn in (1, 2):
        deliver_due(shop.api)
        for table in ("outbox", "decoy_outbox"):
            assert [tuple(row.values()) for row in shop.sql(states.format(table))] == [("WAITING", turn)]
        shop.clock.advance(5)
    there = open_shop(away.model_copy(update={"smtp_url": SecretStr(smtp_server.url)}))
    there.clock.now = shop.clock.now
    deliver_due(there.api)
    for table in ("outbox", "decoy_outbox"):
        assert [row["state"] for row in shop.sql(states.format(table))] == ["SENT"]
    assert {delivered.recipients for delivered in smtp_server.messages} == {(EMAIL,)}


def test_one_refused_mail_does_not_hold_up_the_others(mailing_shop: Shop, smtp_server: MailServer) -> None:
    mailing_shop.create(email="no\u00f6ne@example.com")
    mailing_shop.create(email="bob@example.com")
    deliver_due(mailing_shop.api)
    assert ("bob@example.com",) in [delivered.recipients for delivered in smtp_server.messages]


def test_a_server_that_is_away_loses_nothing(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str
) -> None:
    url = f"smtp://127.0.0.1:{free_port()}"
    shop = open_shop(make_settings(database_url=database_url, smtp_url=url))
    number = shop.create()["orderNumber"]
    assert deliver_due(shop.api) == Delivery(0, 1)
    (kept,) = shop.mails(number)
    assert (kept.state, kept.last_error) == ("WAITING", "ConnectionRefusedError")
    assert kept.sealed_body is not None


@pytest.mark.parametrize(("seconds", "sent"), [(599, 1), (600, 0), (86400, 0)])
def test_a_code_past_its_ten_minutes_is_never_sent(
    mailing_shop: Shop, smtp_server: MailServer, seconds: int, sent: int
) -> None:
    number = mailing_shop.create()["orderNumber"]
    deliver_due(mailing_shop.api)
    smtp_server.messages.clear()
    mailing_shop.new_code(number)
    mailing_shop.clock.advance(seconds)
    deliver_due(mailing_shop.api)
    assert len(smtp_server.messages) == sent
    kept = mailing_shop.mails(number, "ACCESS_CODE")[0]
    assert (kept.state, kept.sealed_body) == ("SENT" if sent else "EXPIRED", None)


def test_a_code_that_expires_while_its_turn_comes_is_not_taken(mailing_shop: Shop) -> None:
    number = mailing_shop.create()["orderNumber"]
    mailing_shop.new_code(number)
    (mail,) = mailing_shop.mails(number, "ACCESS_CODE")
    mailing_shop.clock.advance(600)
    with mailing_shop.api.database.writing() as session:
        assert outbox.claim(session, OutboxMessage, mail.id, mailing_shop.clock()) is None


def test_a_code_that_waited_for_the_server_too_long_is_not_sent_when_it_is_back(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    number = mailing_shop.create()["orderNumber"]
    deliver_due(mailing_shop.api)
    mailing_shop.new_code(number)
    smtp_server.messages.clear()
    smtp_server.refuse_with = "451 later"
    deliver_due(mailing_shop.api)
    mailing_shop.clock.advance(601)
    smtp_server.refuse_with = None
    deliver_due(mailing_shop.api)
    assert smtp_server.messages == []


def test_a_mail_that_could_not_be_delivered_for_a_day_is_dead_and_wiped(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    number = mailing_shop.create()["orderNumber"]
    smtp_server.refuse_with = "550 no"
    deliver_due(mailing_shop.api)
    mailing_shop.clock.now += timedelta(hours=24)
    smtp_server.refuse_with = None
    deliver_due(mailing_shop.api)
    (kept,) = mailing_shop.mails(number)
    assert (kept.state, kept.sealed_body, smtp_server.messages) == ("DEAD", None, [])


def test_a_mail_that_waited_for_a_server_to_be_set_is_sent_however_late(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str, smtp_server: MailServer
) -> None:
    before = open_shop(make_settings(database_url=database_url))
    before.create()
    deliver_due(before.api)
    after = open_shop(make_settings(database_url=database_url, smtp_url=smtp_server.url))
    after.clock.advance(7 * 86400)
    assert deliver_due(after.api) == Delivery(1, 0)


def test_several_senders_at_once_deliver_each_mail_once(mailing_shop: Shop, smtp_server: MailServer) -> None:
    for _ in range(12):
        mailing_shop.create()
    at_once(4, lambda _: deliver_due(mailing_shop.api))
    ids = [delivered.message["Message-ID"] for delivered in smtp_server.messages]
    assert len(ids) == len(set(ids)) == 12


def test_a_mail_that_another_sender_is_taking_holds_up_no_other(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    for _ in range(2):
        mailing_shop.create()
    if mailing_shop.api.database.is_sqlite:
        return  # of which one writes at a time
    with mailing_shop.api.database.engine.begin() as other:
        other.execute(text("SELECT id FROM outbox ORDER BY id LIMIT 1 FOR UPDATE"))
        assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)


def test_a_sender_that_died_in_the_middle_is_followed_by_another(
    mailing_shop: Shop, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_api.mail import sender

    number = mailing_shop.create()["orderNumber"]

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sender.Sender, "_send", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(mailing_shop.api)
    assert deliver_due(mailing_shop.api) == Delivery(0, 0)
    mailing_shop.clock.advance(121)
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    assert smtp_server.messages[0].message["Message-ID"] == mailing_shop.mails(number)[0].message_id


def test_a_recipient_that_is_refused_holds_up_nobody_else(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    smtp_server.refuse_recipient = EMAIL
    number = mailing_shop.create()["orderNumber"]
    mailing_shop.create(email="bob@example.com")
    assert deliver_due(mailing_shop.api) == Delivery(1, 1)
    (kept,) = mailing_shop.mails(number)
    assert (kept.state, kept.last_error) == ("WAITING", "SMTPRecipientsRefused")
    assert EMAIL not in str(kept.last_error)


def test_a_connection_that_breaks_after_the_data_loses_nothing(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    smtp_server.drop_after_data = True
    mailing_shop.create()
    assert deliver_due(mailing_shop.api) == Delivery(0, 1)
    smtp_server.drop_after_data = False
    mailing_shop.clock.advance(3)
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    first, second = (delivered.message["Message-ID"] for delivered in smtp_server.messages)
    assert first == second
