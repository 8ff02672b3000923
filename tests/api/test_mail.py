"""Mail from the outbox through real SMTP servers: once, wiped, never late, tried again when refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from lib.orders_api.mail import outbox
from lib.orders_api.mail.sender import Delivery, deliver_due
from lib.orders_api.mail.smtp import SmtpServer, compose
from lib.settings import Settings
from tests.api.shop import EMAIL, NOW, Shop, at_once
from tests.servers.postgres import free_port
from tests.servers.smtp import MailServer

MakeShop = Callable[[Settings], Shop]


@pytest.fixture
def mailing_shop(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str, smtp_server: MailServer
) -> Shop:
    """An API that sends to the test's mail server."""
    return open_shop(
        make_settings(
            database_url=database_url,
            smtp_url=smtp_server.url,
            mail_from="Shop <shop@example.com>",
            tracking_url="https://shop.example/t/{token}",
        )
    )


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Give the text of one part of a mail."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


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


def test_a_code_arrives_whole_and_opens_the_order(mailing_shop: Shop, smtp_server: MailServer) -> None:
    number = mailing_shop.create()["orderNumber"]
    code = mailing_shop.new_code(number)
    deliver_due(mailing_shop.api)
    message = smtp_server.messages[-1].message
    assert code in text_of(message)
    assert code not in message["Subject"]
    assert mailing_shop.verify(number, code).status == 200


def test_unusual_letters_survive_the_way(mailing_shop: Shop, smtp_server: MailServer) -> None:
    number = mailing_shop.create(orderNumber="Bestellung №1 ☃")["orderNumber"]
    deliver_due(mailing_shop.api)
    assert number in text_of(smtp_server.messages[0].message)


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
        assert outbox.claim(session, mail.id, mailing_shop.clock()) is None


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


def test_a_sender_that_died_in_the_middle_is_followed_by_another(
    mailing_shop: Shop, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_api.mail import sender

    number = mailing_shop.create()["orderNumber"]

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sender, "_send", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(mailing_shop.api)
    assert deliver_due(mailing_shop.api) == Delivery(0, 0)
    mailing_shop.clock.advance(121)
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    assert smtp_server.messages[0].message["Message-ID"] == mailing_shop.mails(number)[0].message_id


def test_starttls_is_used_where_it_is_offered(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    database_url: str,
    smtp_tls_server: MailServer,
) -> None:
    shop = open_shop(make_settings(database_url=database_url, smtp_url=smtp_tls_server.url))
    shop.create()
    assert deliver_due(shop.api) == Delivery(1, 0)
    assert smtp_tls_server.messages[0].encrypted


def test_a_server_elsewhere_must_show_a_certificate_that_fits(
    smtp_tls_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    from lib.orders_api.mail import smtp

    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    server = SmtpServer.from_url(smtp_tls_server.url)
    with pytest.raises(ssl.SSLCertVerificationError), server.connect():
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(smtp_tls_server.certificate))
    with server.connect() as connection:
        assert connection.noop()[0] == 250


def test_the_worker_issues_codes_and_sends_them_by_itself(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    from lib.orders_api.worker import Worker

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
    from lib.orders_api import worker as module

    turns: list[int] = []
    real = module.deliver_due
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 0.05)

    def first_fails(api: Any) -> Delivery:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("SECRET")
        return real(api)

    monkeypatch.setattr(module, "deliver_due", first_fails)
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


@pytest.mark.parametrize(
    ("recipient", "subject"),
    [
        ("a@example.com\r\nBcc: evil@example.com", "Hello"),
        ("a@example.com\nBcc: evil@example.com", "Hello"),
        ("a@example.com", "Hello\r\nBcc: evil@example.com"),
    ],
)
def test_nothing_can_become_a_header(recipient: str, subject: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)header|linefeed|carriage|CR or LF"):
        compose("<1@x>", "shop@example.com", recipient, subject, "Text", NOW)


@pytest.mark.parametrize(
    "email",
    [
        "a,bob@example.com",
        "a;bob@example.com",
        "jane<bob@example.com>",
        "(x)bob@example.com",
        '"jane"bob@example.com',
        "group:bob@example.com",
        "a\\bob@example.com",
        "jane@exam,ple.com",
    ],
)
def test_an_email_that_a_mail_server_would_read_as_another_is_none(shop: Shop, email: str) -> None:
    from tests.api.shop import order_body

    answer = shop.post("/v1/orders", order_body(email=email))
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")


@pytest.mark.parametrize(
    "url", ["http://x:25", "smtp://", "smtp://host:port", "smtp://host:99999", "smtp://[::1", "mail"]
)
def test_an_address_that_is_no_mail_servers_is_refused_without_an_echo(url: str) -> None:
    with pytest.raises(ValueError, match="ORDERS_SMTP_URL must look like") as refused:
        SmtpServer.from_url(url)
    assert str(refused.value).endswith("smtp://host:25 or smtps://user:password@host:465")


def test_a_mail_servers_address_is_read_in_full() -> None:
    server = SmtpServer.from_url("smtps://us%40er:p%3Ass@mail.example")
    assert (server.host, server.port, server.implicit_tls) == ("mail.example", 465, True)
    assert (server.username, server.password) == ("us@er", "p:ss")
    assert SmtpServer.from_url("smtp://mail.example").port == 25


def test_a_mail_says_the_same_in_plain_text_and_in_html(mailing_shop: Shop, smtp_server: MailServer) -> None:
    order = mailing_shop.create(orderNumber="<b>№1<b>")
    code = mailing_shop.new_code(order["orderNumber"])
    deliver_due(mailing_shop.api)
    confirmation, with_code = (delivered.message for delivered in smtp_server.messages)
    link = f"https://shop.example/t/{order['trackingToken']}"
    html = text_of(confirmation, "html")
    assert f'<a href="{link}">{link}</a>' in html
    assert "&lt;b&gt;№1&lt;b&gt;" in html
    assert "<b>" not in html
    assert link in text_of(confirmation)
    assert f">{code}</strong>" in text_of(with_code, "html")
    assert [part.get_content_type() for part in confirmation.iter_parts()] == ["text/plain", "text/html"]


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


def test_a_mail_server_that_hangs_holds_up_no_caller_and_loses_nothing(
    mailing_shop: Shop, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.orders_api.mail import smtp
    from lib.orders_api.worker import Worker

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


def test_the_command_lists_what_waits_and_shows_no_code(
    own_shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    from lib.orders_api.__main__ import _list_waiting

    number = own_shop.create()["orderNumber"]
    code = own_shop.new_code(number)
    _list_waiting(own_shop.api)
    said = capsys.readouterr().out
    assert "ACCESS_CODE" in said
    assert "2 waiting." in said
    for secret in (code, EMAIL, number):
        assert secret not in said
