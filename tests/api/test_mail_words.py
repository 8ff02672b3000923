"""What a mail says arrives as it was meant, in text and in HTML, and becomes neither header nor recipient."""

from __future__ import annotations

from email.headerregistry import Address

import pytest

from lib.orders_api.mail.sender import deliver_due
from lib.orders_api.mail.smtp import compose
from lib.orders_api.mail.templates import Message
from tests.api.shop import EMAIL, NOW, Shop
from tests.servers.smtp import MailServer, text_of

pytestmark = pytest.mark.any_engine  # how mails are worded


def test_a_code_arrives_whole_and_opens_the_order(mailing_shop: Shop, smtp_server: MailServer) -> None:
    number = mailing_shop.create()["orderNumber"]
    code = mailing_shop.new_code(number)
    deliver_due(mailing_shop.api)
    message = smtp_server.messages[0].message
    assert code in text_of(message)
    assert code not in message["Subject"]
    assert mailing_shop.verify(number, code).status == 200


def test_unusual_letters_survive_the_way(mailing_shop: Shop, smtp_server: MailServer) -> None:
    number = mailing_shop.create(orderNumber="Bestellung №1 ☃")["orderNumber"]
    deliver_due(mailing_shop.api)
    assert number in text_of(smtp_server.messages[0].message)


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
        compose("<1@x>", Address(addr_spec="shop@example.com"), recipient, Message(subject, "Text"), NOW)


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


def test_a_mail_says_the_same_in_plain_text_and_in_html(mailing_shop: Shop, smtp_server: MailServer) -> None:
    order = mailing_shop.create(orderNumber="<b>№1<b>")
    code = mailing_shop.new_code(order["orderNumber"])
    deliver_due(mailing_shop.api)
    with_code, confirmation = (delivered.message for delivered in smtp_server.messages)
    link = f"https://shop.example/t/{order['trackingToken']}"
    html = text_of(confirmation, "html")
    assert f'<a href="{link}">{link}</a>' in html
    assert "&lt;b&gt;№1&lt;b&gt;" in html
    assert "<b>" not in html
    assert link in text_of(confirmation)
    assert f">{code}</strong>" in text_of(with_code, "html")
    assert [part.get_content_type() for part in confirmation.iter_parts()] == ["text/plain", "text/html"]


def test_the_command_lists_what_waits_and_shows_no_code(
    own_shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    from lib.orders_api.cli.mailing import _list

    number = own_shop.create()["orderNumber"]
    code = own_shop.new_code(number)
    dead = own_shop.create()["orderNumber"]
    own_shop.sql("UPDATE outbox SET state = 'DEAD', sealed_body = NULL, last_error = 'refused' WHERE id = 3")
    _list(own_shop.api)
    said = capsys.readouterr().out
    waiting, _, given_up = said.partition("2 waiting.\n")
    assert "ACCESS_CODE" in waiting
    assert "refused" not in waiting
    assert "last error: refused\n1 given up.\n" in given_up
    for secret in (code, EMAIL, number, dead):
        assert secret not in said
