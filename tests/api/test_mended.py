"""Faults that a review found, each held down by a test: of repeated calls, of mail, of numbering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session

from lib.orders_api.domain.errors import StoreUnavailableError
from lib.orders_api.mail import outbox, sender
from lib.orders_api.mail.smtp import SmtpServer
from lib.orders_api.mail.templates import Message
from lib.orders_api.orders import creating, repository, service
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.guest import AccessCode
from lib.orders_api.store.tables.mail import OutboxMessage
from lib.orders_api.store.tables.orders import Order
from lib.settings import Settings
from tests.api.shop import EMAIL, Shop, order_body

KEY = {"idempotency-key": "key-mended"}


def test_a_lost_acknowledgement_does_not_make_a_second_order(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Database.writing
    committed: list[str] = []

    @contextmanager
    def losing(self: Database) -> Iterator[Session]:
        with real(self) as session:
            yield session
        committed.append("a transaction")
        if len(committed) == len(("the key's", "the work's")):
            raise StoreUnavailableError

    monkeypatch.setattr(Database, "writing", losing)
    body = order_body()
    assert own_shop.post("/v1/orders", body, headers=KEY).status == 503
    again = own_shop.post("/v1/orders", body, headers=KEY)
    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert own_shop.count("orders") == 1


def test_a_call_that_lost_its_key_to_another_undoes_its_work(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = service.create_order
    body = order_body()

    def slow(session: Session, *arguments: Any) -> Any:
        answer = real(session, *arguments)
        monkeypatch.setattr(service, "create_order", real)
        session.connection().exec_driver_sql("UPDATE idempotency_keys SET started_at = '2030-01-01 00:00:00'")
        return answer

    monkeypatch.setattr(service, "create_order", slow)
    answer = own_shop.post("/v1/orders", body, headers=KEY)
    assert (answer.status, answer.code) == (409, "IN_PROGRESS")
    assert own_shop.count("orders") == 0


@pytest.fixture
def mailing_shop(open_shop: Callable[[Settings], Shop], settings: Settings) -> Shop:
    """A shop with a mail server that is never really asked."""
    return open_shop(settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")}))


def test_a_batch_that_expires_while_it_is_sent_does_not_hold_up_the_next_message(
    mailing_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = mailing_shop.api
    mailing_shop.create()
    with api.database.writing() as session:
        order = session.query(Order).one()
        until = api.clock() + timedelta(minutes=10)
        for _ in range(2 * sender.BATCH):
            code = AccessCode(order_id=order.id, issued_at=api.clock(), expires_at=until)
            outbox.queue_code(session, api.sealer, OutboxMessage, EMAIL, Message("Code", "text"), code)

    @contextmanager
    def hanging(self: SmtpServer) -> Iterator[Any]:
        mailing_shop.clock.advance(20)
        raise TimeoutError
        yield

    monkeypatch.setattr(SmtpServer, "connect", hanging)
    result = sender.deliver_due(api)
    assert result.failed < 2 * sender.BATCH
    sender.Sender(api).end_overdue()
    with api.database.reading() as session:
        assert [each.kind for each in outbox.newest(session, 999, "WAITING")] == ["CONFIRMATION"]


@pytest.mark.parametrize(
    "email",
    [
        "=?utf-8?q?victim=40evil.example=2C?=x@y.example",
        "=?utf-8?q??=@y.example",
        "a@.",
        "a@b.",
        "a@b..c",
        ".a@b.c",
        "..@..",
    ],
)
def test_an_address_that_a_mail_program_reads_otherwise_is_refused(shop: Shop, email: str) -> None:
    answer = shop.post("/v1/orders", order_body(email=email))
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "email")


def test_only_a_taken_number_is_said_to_be_taken(own_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    real_order, real_find = creating.new_order, repository.find_order

    def faulty(*arguments: Any) -> Order:
        order = real_order(*arguments)
        order.item_count = 0
        return order

    monkeypatch.setattr(service, "new_order", faulty)
    answer = own_shop.post("/v1/orders", order_body())
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    monkeypatch.setattr(service, "new_order", real_order)
    own_shop.create(orderNumber="ONE")
    # Somebody else stores it between the look and the insert.
    monkeypatch.setattr(repository, "find_order", lambda *_: None)
    assert own_shop.post("/v1/orders", order_body(orderNumber="ONE")).code == "ORDER_EXISTS"
    monkeypatch.setattr(repository, "find_order", real_find)
    assert own_shop.count("orders") == 1


def test_numbers_that_imports_took_are_stepped_over(own_shop: Shop) -> None:
    year = own_shop.clock().year
    for taken in (1, 2):
        own_shop.create(orderNumber=f"ORD-{year}-{taken:04d}")
    assert own_shop.create(orderNumber=None)["orderNumber"] == f"ORD-{year}-0003"


def test_a_staff_member_who_tries_tokens_is_audited(own_shop: Shop) -> None:
    before = own_shop.count("audit_log")
    assert own_shop.get("/v1/track/00000000-0000-4000-8000-000000000000").status == 404
    assert own_shop.count("audit_log") == before + 1
