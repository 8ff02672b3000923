"""Addresses that are not like all others: what a mail server is told, and what no mail server takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from lib.orders_api.mail.sender import NO_SUCH_LETTERS, Delivery, deliver_due
from lib.settings import Settings
from tests.api.shop import MakeShop, Shop
from tests.servers.smtp import MailServer, RunningMailServer

pytestmark = pytest.mark.any_engine  # how mail servers are spoken to; test_mail_delivery.py has the outbox


@pytest.fixture
def plain_server() -> Iterator[MailServer]:
    """A mail server without SMTPUTF8."""
    with RunningMailServer(takes_utf8=False) as mail:
        yield mail


@pytest.fixture
def plain_shop(
    open_shop: MakeShop,
    make_settings: Callable[..., Settings],
    database_url: str,
    plain_server: MailServer,
) -> Shop:
    """A shop of which that server delivers the mail."""
    sender = "Möbel Grün <shop@möbel-grün.example>"
    return open_shop(make_settings(database_url=database_url, smtp_url=plain_server.url, mail_from=sender))


@pytest.mark.parametrize(
    ("email", "told", "same"),
    [
        ("eva@żółw.example", "eva@xn--w-uga1v8h.example", "EVA@xn--w-uga1v8h.example"),
        ("ken..t.@ezweb.ne.jp", "ken..t.@ezweb.ne.jp", "KEN..T.@ezweb.ne.jp"),
        ("Li@例え.テスト", "Li@xn--r8jz45g.xn--zckzah", "li@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_address_is_told_in_letters_that_every_server_takes_and_means_one_mailbox(
    plain_shop: Shop, plain_server: MailServer, email: str, told: str, same: str
) -> None:
    number = plain_shop.create(email=email)["orderNumber"]
    assert plain_shop.order(number)["email"] == email
    plain_shop.new_code(number, same)
    assert deliver_due(plain_shop.api) == Delivery(2, 0)
    assert [mail.recipients for mail in plain_server.messages] == [(told,), (told,)]
    assert str(plain_server.messages[0].message["To"]) == told
    assert plain_server.messages[0].mail_from == "shop@xn--mbel-grn-n4a0e.example"


def test_an_address_that_the_server_cannot_take_is_given_up_at_once_and_staff_are_told(
    plain_shop: Shop, plain_server: MailServer
) -> None:
    number = plain_shop.create(email="zoë@example.com")["orderNumber"]
    other = plain_shop.create()["orderNumber"]
    assert deliver_due(plain_shop.api) == Delivery(1, 1)
    (kept,) = plain_shop.mails(number)
    assert (kept.state, kept.sealed_body, kept.attempts) == ("DEAD", None, 1)
    told = plain_shop.timeline(number)[0]
    assert (told["kind"], told["actor"]) == ("NOTE", "system")
    assert told["detail"] == f"The confirmation email was not delivered to the customer: {NO_SUCH_LETTERS}"
    assert [entry["kind"] for entry in plain_shop.timeline(other)] == ["CREATED"]
    assert deliver_due(plain_shop.api) == Delivery(0, 0)


def test_a_server_that_takes_such_letters_is_given_them(mailing_shop: Shop, smtp_server: MailServer) -> None:
    mailing_shop.create(email="zoë@bücher.example")
    assert deliver_due(mailing_shop.api) == Delivery(1, 0)
    assert smtp_server.messages[0].recipients == ("zoë@xn--bcher-kva.example",)


def test_what_no_server_took_for_a_day_is_given_up_and_staff_are_told(
    mailing_shop: Shop, smtp_server: MailServer
) -> None:
    number = mailing_shop.create()["orderNumber"]
    mailing_shop.cancel(number)
    smtp_server.refuse_with = "554 no"
    deliver_due(mailing_shop.api)
    mailing_shop.clock.now += timedelta(hours=24)
    assert deliver_due(mailing_shop.api) == Delivery(0, 0)
    told = [entry["detail"] for entry in mailing_shop.timeline(number) if entry["actor"] == "system"]
    assert sorted(told) == [
        "The confirmation email was not delivered to the customer: SMTPDataError 554",
        "The email about the cancellation was not delivered to the customer: SMTPDataError 554",
    ]


@pytest.mark.parametrize("written", ["{} {}", "{}-{}", " {}\u2013{} ", "{}\u00a0{}"])
def test_a_code_is_taken_as_people_write_it(shop: Shop, written: str) -> None:
    number = shop.create()["orderNumber"]
    code = shop.new_code(number)
    assert shop.verify(number, written.format(code[:3], code[3:])).status == 200
    wide = shop.create()["orderNumber"]
    digits = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
    assert shop.verify(wide, shop.new_code(wide).translate(digits)).status == 200
