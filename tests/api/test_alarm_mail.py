"""Alarms are mailed to the shop once for each incident: by many at once, after restarts, at their limit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lib.orders_api.alarm_mail.service import OVER_AFTER, mail_new_alarms
from lib.orders_api.app.worker import Worker
from lib.orders_api.cli.main import cli
from lib.orders_api.domain.clock import system_clock
from lib.orders_api.forgetting import forget_customer
from lib.orders_api.mail import outbox
from lib.orders_api.mail.sender import deliver_due
from lib.orders_api.store.migrations import upgrade
from lib.settings import Settings
from tests.api.serving import Served
from tests.api.shop import EMAIL, MakeShop, Shop, at_once
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.desk import wait_until
from tests.servers.smtp import MailServer

OPS = "ops@shop.example"
MINUTE, QUARTER, HOUR = 60, 900, 3600
ENOUGH = 5  # cancellations within an hour in which none is usual


@pytest.fixture
def make_watched(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str, smtp_server: MailServer
) -> Callable[..., Shop]:
    """Make APIs that mail alarms to ops, all on this test's one store."""

    def make(*addresses: str) -> Shop:
        ops = addresses or (OPS,)
        return open_shop(make_settings(database_url=database_url, smtp_url=smtp_server.url, ops_email=ops))

    return make


def cancel_many(shop: Shop, count: int = ENOUGH) -> None:
    """Cancel so many orders that a quarter of an hour later the alarm is raised, for an hour."""
    for _ in range(count):
        number = shop.create()["orderNumber"]
        assert shop.cancel(number, {"notify": False}).status == 200
    shop.sql(
        "UPDATE outbox SET state = 'DEAD', sealed_body = NULL WHERE kind <> 'ALARM' AND state = 'WAITING'"
    )
    shop.clock.advance(QUARTER)


def alarm_mails(shop: Shop) -> list[str]:
    """Return to whom the mails about alarms in the outbox go."""
    return [
        row["recipient"] for row in shop.sql("SELECT recipient FROM outbox WHERE kind = 'ALARM' ORDER BY id")
    ]


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_an_incident_is_mailed_once_however_often_it_is_looked_at(
    make_watched: Callable[..., Shop], smtp_server: MailServer
) -> None:
    shop = make_watched()
    assert mail_new_alarms(shop.api) == 0
    cancel_many(shop)
    for _ in range(59):
        mail_new_alarms(shop.api)
        deliver_due(shop.api)
        shop.clock.advance(MINUTE)
    (delivered,) = smtp_server.messages
    assert delivered.recipients == (OPS,)
    message = delivered.message
    assert message["Subject"] == "Alarm: cancellations in the last hour"
    text = part(message, "plain")
    for words in (
        "From 2026-11-23 07:30 UTC to 2026-11-23 08:30 UTC",
        "Cancelled in this hour.",
        "Found: 5\nUsual: 0\nAlarm at: 5 or more\n",
        "raised again after 6 hours without it",
    ):
        assert words in text.replace("\r\n", "\n"), words
    assert "Found: 5<br>" in part(message, "html")
    for secret in ("jane", "T-0", "http"):
        assert secret not in f"{text}{part(message, 'html')}"
    (kept,) = shop.sql("SELECT message_id, order_id, state, sealed_body FROM outbox WHERE kind = 'ALARM'")
    assert dict(kept) == {
        "message_id": message["Message-ID"], "order_id": None, "state": "SENT", "sealed_body": None,
    }  # fmt: skip


def test_everybody_of_ops_gets_a_mail_of_their_own(
    make_watched: Callable[..., Shop], smtp_server: MailServer
) -> None:
    shop = make_watched(OPS, "boss@shop.example")
    cancel_many(shop)
    smtp_server.refuse_recipient = OPS
    mail_new_alarms(shop.api)
    deliver_due(shop.api)
    assert [each.recipients for each in smtp_server.messages] == [("boss@shop.example",)]
    smtp_server.refuse_recipient = None
    shop.clock.advance(3)
    deliver_due(shop.api)
    assert [each.recipients for each in smtp_server.messages] == [("boss@shop.example",), (OPS,)]


def test_nothing_is_looked_at_or_mailed_where_no_address_is_set(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("the alarms were looked at")

    cancel_many(own_shop)
    monkeypatch.setattr("lib.orders_api.alarm_mail.service.alarms", never)
    assert mail_new_alarms(own_shop.api) == 0
    assert own_shop.count("raised_alarms") == 0
    assert alarm_mails(own_shop) == []
    worker = Worker(own_shop.api)
    worker.start()
    names = {thread.name for thread in threading.enumerate()}
    worker.stop()
    assert "mail" in names
    assert "alarms" not in names


def test_an_alarm_that_comes_and_goes_at_its_limit_is_mailed_once(make_watched: Callable[..., Shop]) -> None:
    shop = make_watched()
    for _ in range(4):
        cancel_many(shop)
        assert mail_new_alarms(shop.api) in (0, 1)
        shop.clock.advance(2 * HOUR)
        assert mail_new_alarms(shop.api) == 0
        shop.clock.advance(2 * HOUR)
    assert alarm_mails(shop) == [OPS]


@pytest.mark.parametrize(("seconds_short", "mails"), [(1, 1), (0, 2)])
def test_a_later_incident_is_mailed_again_once_the_one_before_was_over(
    make_watched: Callable[..., Shop], seconds_short: int, mails: int
) -> None:
    shop = make_watched()
    cancel_many(shop)
    shop.clock.advance(seconds_short)
    mail_new_alarms(shop.api)
    shop.clock.advance(OVER_AFTER.total_seconds() - QUARTER - seconds_short)
    cancel_many(shop)
    mail_new_alarms(shop.api)
    assert len(alarm_mails(shop)) == mails


def test_of_many_that_look_at_once_one_writes_the_mail(make_watched: Callable[..., Shop]) -> None:
    shops = [make_watched() for _ in range(2)]
    cancel_many(shops[0])
    shops[1].clock.now = shops[0].clock.now
    begun = at_once(8, lambda number: mail_new_alarms(shops[number % 2].api))
    assert sorted(begun) == [0] * 7 + [1]
    assert alarm_mails(shops[0]) == [OPS]
    for shop in shops:
        shop.clock.advance(8 * HOUR)
    cancel_many(shops[0])
    shops[1].clock.now = shops[0].clock.now
    assert sum(at_once(8, lambda number: mail_new_alarms(shops[number % 2].api))) == 1


def test_several_processes_that_are_started_again_mail_once(
    own_shop: Shop, settings: Settings, tmp_path: Path, smtp_server: MailServer
) -> None:
    own_shop.clock.now = system_clock() - timedelta(minutes=30)
    cancel_many(own_shop)
    given = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    given |= {"ops_email": OPS, "smtp_url": smtp_server.url}
    one, other = Served(tmp_path, **given), Served(tmp_path, **given)
    with one, other:
        wait_until(lambda: bool(smtp_server.messages))
        one.restart()
    assert [delivered.recipients for delivered in smtp_server.messages] == [(OPS,)]
    assert alarm_mails(own_shop) == [OPS]


def test_what_is_cut_off_in_the_middle_leaves_neither_mail_nor_mark_and_is_made_up_for(
    make_watched: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_watched(OPS, "boss@shop.example")
    cancel_many(shop)
    real = outbox.queue_alarm
    written: list[str] = []

    def killed(session: Any, sealer: Any, recipient: str, *more: Any) -> None:
        if written:
            session.flush()
            raise KeyboardInterrupt
        real(session, sealer, recipient, *more)
        written.append(recipient)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue_alarm", killed)
        with pytest.raises(KeyboardInterrupt):
            mail_new_alarms(shop.api)
    assert written == [OPS]
    assert alarm_mails(shop) == []
    assert shop.count("raised_alarms") == 0
    assert mail_new_alarms(shop.api) == 1
    assert alarm_mails(shop) == [OPS, "boss@shop.example"]


def test_the_worker_mails_alarms_while_the_mail_server_hangs_and_delivers_them_after(
    make_watched: Callable[..., Shop], smtp_server: MailServer
) -> None:
    shop = make_watched()
    cancel_many(shop)
    smtp_server.hang.clear()
    shop.create()
    worker = Worker(shop.api)
    worker.start()
    waiting = threading.Event()
    try:
        assert smtp_server.hanging.wait(20)
        for _ in range(200):
            if alarm_mails(shop):
                break
            waiting.wait(0.05)
        assert alarm_mails(shop) == [OPS]
        smtp_server.hang.set()
        for _ in range(200):
            if len(smtp_server.messages) == 2:
                break
            waiting.wait(0.05)
    finally:
        smtp_server.hang.set()
        worker.stop()
    assert sorted(each.recipients for each in smtp_server.messages) == [(EMAIL,), (OPS,)]


def test_a_mail_that_belongs_to_no_order_is_listed_and_counted(
    make_watched: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_watched()
    cancel_many(shop)
    mail_new_alarms(shop.api)
    shop.clock.advance(90)
    figures = shop.get("/metrics").content.decode()
    assert "orders_outbox_waiting 1.0" in figures
    assert "orders_outbox_oldest_seconds 90.0" in figures
    for name in ("database_url", "jwt_secret", "code_key"):
        value = getattr(shop.settings, name)
        monkeypatch.setenv(f"ORDERS_{name.upper()}", getattr(value, "get_secret_value", lambda v=value: v)())
    listed = CliRunner().invoke(cli, ["mail"]).stdout
    assert "ALARM          no order  attempts: 0\n" in listed
    assert "\n1 waiting.\n" in listed
    assert OPS not in listed


def test_the_demonstrations_mailbox_shows_a_mail_that_belongs_to_no_order(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = make_settings(ops_email=(OPS,))
    upgrade(settings.database_url)
    shop = open_shop(settings)
    cancel_many(shop)
    mail_new_alarms(shop.api)
    newest = shop.get("/v1/demo/mailbox").json["items"][0]
    assert (newest["kind"], newest["recipient"]) == ("ALARM", OPS)
    assert "Found: 5" in newest["text"]


def test_a_customer_of_the_shops_own_people_is_forgotten_in_mails_about_alarms_too(
    make_watched: Callable[..., Shop], smtp_server: MailServer
) -> None:
    shop = make_watched(OPS, EMAIL.title())
    cancel_many(shop)
    mail_new_alarms(shop.api)
    deliver_due(shop.api)
    shop.clock.advance(8 * HOUR)
    cancel_many(shop)
    mail_new_alarms(shop.api)
    assert forget_customer(shop.api, EMAIL).left == {}
    states = shop.sql("SELECT recipient, state FROM outbox WHERE kind = 'ALARM' ORDER BY id")
    assert [row["state"] for row in states] == ["SENT", "SENT", "WAITING", "DEAD"]
    assert [row["recipient"] == OPS for row in states] == [True, False, True, False]
    assert states[1]["recipient"].endswith("@forgotten.invalid")
