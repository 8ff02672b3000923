"""The worker sends the mail by itself: past its own failures, and while a mail server hangs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from lib.orders_api.app.worker import Worker
from lib.orders_api.mail.sender import Delivery, Sender
from lib.orders_api.store.tables.mail import QueuedMessage
from tests.api.shop import Shop
from tests.servers.desk import wait_until
from tests.servers.smtp import MailServer


def test_the_worker_issues_codes_and_sends_them_by_itself(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    number = mailing_shop.create()["orderNumber"]
    worker = Worker(mailing_shop.api)
    worker.start()
    try:
        mailing_shop.request_code(number)
        arrived = threading.Event()
        for _ in range(200):
            if len(smtp_server.messages) == 2:
                break
            arrived.wait(0.05)
    finally:
        worker.stop()
    subjects = {delivered.message["Subject"] for delivered in smtp_server.messages}
    assert subjects == {"We have received your order", "Your one-time code"}


def test_the_worker_outlives_a_failure_and_logs_no_data(
    mailing_shop: Shop,
    smtp_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from lib.orders_api.app import worker as module

    turns: list[int] = []
    real = Sender.deliver_others
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)

    def first_fails(sender: Sender) -> Delivery:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("SECRET")
        return real(sender)

    monkeypatch.setattr(Sender, "deliver_others", first_fails)
    mailing_shop.create()
    worker = module.Worker(mailing_shop.api)
    worker.start()
    waiting = threading.Event()
    for _ in range(200):
        if smtp_server.messages:
            break
        waiting.wait(0.05)
    worker.stop()
    assert len(smtp_server.messages) == 1
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text


def test_a_code_does_not_wait_for_other_mail_that_is_slow(
    mailing_shop: Shop, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = mailing_shop.create()["orderNumber"]
    begun, go_on = threading.Event(), threading.Event()
    send = Sender._send

    def slow(sender: Sender, server: Any, message: QueuedMessage) -> str | None:
        if message.kind == "CONFIRMATION":
            begun.set()
            assert go_on.wait(60)
        return send(sender, server, message)

    monkeypatch.setattr(Sender, "_send", slow)
    worker = Worker(mailing_shop.api)
    worker.start()
    try:
        assert begun.wait(30)
        mailing_shop.request_code(number)
        wait_until(lambda: bool(smtp_server.messages), 30)
        assert [delivered.message["Subject"] for delivered in smtp_server.messages] == ["Your one-time code"]
    finally:
        go_on.set()
        worker.stop()


def test_a_mail_server_that_hangs_holds_up_no_caller_and_loses_nothing(
    mailing_shop: Shop, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_api.mail import smtp

    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 3)
    smtp_server.hang.clear()
    number = mailing_shop.create()["orderNumber"]
    worker = Worker(mailing_shop.api)
    worker.start()
    try:
        assert smtp_server.hanging.wait(20)
        mailing_shop.request_code(number)
        waiting = threading.Event()
        for _ in range(200):
            if mailing_shop.codes(number):
                break
            waiting.wait(0.05)
        assert mailing_shop.verify(number, mailing_shop.codes(number)[0]).status == 200
        assert not smtp_server.hang.is_set()
    finally:
        smtp_server.hang.set()
        worker.stop()
    assert mailing_shop.mails(number)[0].state in ("WAITING", "SENT")


def test_what_takes_long_and_nobody_waits_for_holds_up_no_code(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_api.app import worker as module

    began, may_end = threading.Event(), threading.Event()

    def slow(_: Any) -> None:
        began.set()
        may_end.wait(20)

    monkeypatch.setattr(module, "end_expired", slow)
    number = own_shop.create()["orderNumber"]
    worker = module.Worker(own_shop.api)
    worker.start()
    try:
        assert began.wait(20)
        own_shop.request_code(number)
        waiting = threading.Event()
        for _ in range(200):
            if own_shop.codes(number):
                break
            waiting.wait(0.05)
        assert len(own_shop.codes(number)) == 1
    finally:
        may_end.set()
        worker.stop()
