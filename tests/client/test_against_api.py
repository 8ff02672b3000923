"""The contract between the two: our client against our API, served by a process, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.orders_client import (
    ApiUnreachable,
    Forbidden,
    InvalidAccessToken,
    InvalidCode,
    InvalidTransition,
    OrderExists,
    OrderNotCancellable,
    OrderNotFound,
    OrdersClient,
    RateLimited,
    Retries,
    TrackingNotFound,
    Unauthenticated,
    ValidationFailed,
)
from lib.staff.tokens import mint_staff_token
from tests.api.shop import ADDRESS, EMAIL, order_body
from tests.client.live import Live, new_order
from tests.conftest import JWT_SECRET

ONCE = Retries(attempts=1)


def test_an_order_lives_its_whole_life_through_the_client(live: Live) -> None:
    with live.as_staff() as staff, live.as_customer("c-1") as customer:
        begun = datetime.now(UTC) - timedelta(seconds=2)
        made = staff.orders.create(new_order(shipping_total=Decimal("0.5"), order_number="#Live 1 ü"))
        assert made.order_number == "#Live 1 ü"
        assert (made.subtotal, made.grand_total) == (Decimal("3.750"), Decimal("4.250"))
        assert made.created_at >= begun
        assert made.created_at.tzinfo is not None
        assert made.tracking_token
        assert staff.orders.get(made.order_number).contact_masked
        assert staff.orders.get(made.order_number).tracking_token is None
        assert customer.orders.get(made.order_number) == made
        for status in ("CONFIRMED", "PROCESSING"):
            assert staff.orders.set_status(made.order_number, status).status == status
        shipped = staff.orders.set_status(made.order_number, "SHIPPED", "DHL", "JJD1", "Left")
        assert (shipped.carrier, shipped.tracking_number) == ("DHL", "JJD1")
        with pytest.raises(InvalidTransition) as refused:
            staff.orders.set_status(made.order_number, "PENDING")
        assert refused.value.current_status == "SHIPPED"
        with pytest.raises(OrderNotCancellable) as late:
            customer.orders.cancel(made.order_number)
        assert late.value.current_status == "SHIPPED"
        entries = staff.orders.timeline(made.order_number).items
        assert [entry.kind for entry in entries] == ["STATUS_CHANGED"] * 3 + ["CREATED"]
        assert entries[0].actor == "staff:sam"
        assert entries[0].detail == "PROCESSING → SHIPPED: Left"


def test_cancelling_through_the_client_reaches_the_store(live: Live) -> None:
    with live.as_staff() as staff:
        number = staff.orders.create(new_order()).order_number
        cancelled = staff.orders.cancel(number, "OUT_OF_STOCK", "Sold out", notify=False)
        assert (cancelled.status, cancelled.payment_status) == ("CANCELLED", "VOIDED")
        assert cancelled.cancel_reason == "OUT_OF_STOCK"
        again = staff.orders.create(new_order()).order_number
        key = "one-and-the-same-key"
        first = staff.orders.cancel(again, idempotency_key=key)
        assert staff.orders.cancel(again, idempotency_key=key) == first
    assert live.store.mails(number, "CANCELLATION") == []
    assert len(live.store.mails(again, "CANCELLATION")) == 1


def test_lists_take_every_filter_of_the_client(live: Live) -> None:
    with live.as_staff() as staff:
        made = [
            staff.orders.create(
                order_body(
                    orderNumber=f"List {turn}",
                    shippingAddress=ADDRESS | {"firstName": f"Lister{turn}"},
                    customerId=None,
                )
            )
            for turn in range(3)
        ]
        page = staff.orders.list(
            page=1,
            limit=2,
            status=["PENDING", "SHIPPED"],
            payment_status="PENDING",
            fulfillment_status="UNFULFILLED",
            country=["FR", "DE"],
            currency="EUR",
            created_from=made[0].created_at,
            created_to=made[0].created_at + timedelta(minutes=5),
            min_total=Decimal("20.00"),
            max_total=20,
            q="list doe",
            sort="orderNumber",
        )
        assert [item.order_number for item in page.items] == ["List 0", "List 1"]
        assert (page.total, page.page, page.total_pages) == (3, 1, 2)
        assert page.items[0].grand_total == Decimal("20.00")
        assert staff.orders.list(page=99, q="list").items == ()
        staff.orders.cancel("List 1")
        change: dict[str, Any] = {
            "from_status": ["NEW", "PENDING"],
            "to_status": "CANCELLED",
            "changed_from": made[1].created_at,
            "changed_to": made[1].created_at + timedelta(minutes=5),
        }
        assert [item.order_number for item in staff.orders.list(q="list", **change).items] == ["List 1"]
        assert staff.orders.list(**change, reached="SHIPPED").total == 0
        with staff.orders.export(q="list", **change) as file:
            assert b"".join(file).count(b"List ") == 1
        assert staff.orders.list(q="lister1", created_to=made[0].created_at).total == 0


def test_a_customer_has_their_own_orders_only(live: Live) -> None:
    with live.as_staff() as staff:
        number = staff.orders.create(new_order(customer_id="c-own")).order_number
    with live.as_customer("c-own") as owner, live.as_customer("c-other") as other:
        assert [item.order_number for item in owner.orders.list().items] == [number]
        assert other.orders.list().total == 0
        with pytest.raises(OrderNotFound):
            other.orders.get(number)
        with pytest.raises(Forbidden):
            owner.orders.timeline(number)


def test_tracking_shows_the_customers_view(live: Live) -> None:
    with live.as_staff() as staff, OrdersClient(live.url) as nobody:
        made = staff.orders.create(new_order())
        assert made.tracking_token
        tracked = nobody.orders.track(made.tracking_token)
        assert tracked == staff.orders.track(made.tracking_token)
        assert tracked.order_number == made.order_number
        assert tracked.email_masked == "j***@example.com"
        assert tracked.items == made.items
        with pytest.raises(TrackingNotFound):
            nobody.orders.track("00000000-0000-4000-8000-000000000000")


def test_a_guest_gets_in_once_and_out_again(live: Live) -> None:
    with live.as_staff("admin", "support") as staff, OrdersClient(live.url) as nobody:
        made = staff.orders.create(new_order())
        number = made.order_number
        nobody.orders.request_access_code(number, EMAIL)
        nobody.orders.request_access_code("no such order", EMAIL)
        code = live.code(number)
        with pytest.raises(InvalidCode):
            nobody.orders.verify_access_code(number, EMAIL, f"{(int(code) + 1) % 10**6:06d}")
        grant = nobody.orders.verify_access_code(number, EMAIL, code)
        assert grant.expires_in == 1800
        assert grant.order == made
        with pytest.raises(InvalidCode):
            nobody.orders.verify_access_code(number, EMAIL, code)
        assert nobody.orders.get_by_access_token(grant.access_token) == made
        nobody.orders.end_guest_access(grant.access_token)
        with pytest.raises(InvalidAccessToken):
            nobody.orders.get_by_access_token(grant.access_token)
        with pytest.raises(InvalidAccessToken):
            nobody.orders.end_guest_access(grant.access_token)
        assert staff.orders.get(number).contact_masked


def test_verifying_a_guest_unlocks_the_order_for_that_staff_member(live: Live) -> None:
    with live.as_staff("support", "admin", name="sue") as sue, live.as_staff("support", name="sam") as sam:
        number = sue.orders.create(new_order()).order_number
        sue.orders.request_access_code(number, EMAIL)
        sue.orders.verify_access_code(number, EMAIL, live.code(number))
        assert sue.orders.get(number).email == EMAIL
        assert sam.orders.get(number).contact_masked


def test_errors_arrive_as_the_clients_own(live: Live) -> None:
    with live.as_staff() as staff:
        made = staff.orders.create(new_order(order_number="Twice"))
        with pytest.raises(OrderExists) as exists:
            staff.orders.create(new_order(order_number="TWICE"))
        assert (exists.value.code, exists.value.status) == ("ORDER_EXISTS", 409)
        assert exists.value.request_id
        with pytest.raises(ValidationFailed) as refused:
            staff.orders.create(new_order(grand_total=Decimal("1")))
        assert [error["field"] for error in refused.value.errors] == ["grandTotal"]
        with pytest.raises(ValidationFailed):
            staff.orders.list(limit=201)
        with pytest.raises(OrderNotFound):
            staff.orders.get("nope")
    with live.as_staff("ops") as ops, pytest.raises(Forbidden):
        ops.orders.cancel(made.order_number)
    with OrdersClient(live.url, "not.a.token") as bad, pytest.raises(Unauthenticated):
        bad.orders.list()
    with OrdersClient(live.url) as nobody, pytest.raises(Unauthenticated):
        nobody.orders.list()


def test_too_many_calls_are_said_with_when_to_come_back(live: Live) -> None:
    token = mint_staff_token(JWT_SECRET, "hasty", ["support"], datetime.now(UTC))
    with OrdersClient(live.url, token, retries=ONCE) as hasty:
        for _ in range(30):
            hasty.orders.request_access_code("x", "y")
        with pytest.raises(RateLimited) as limited:
            hasty.orders.request_access_code("x", "y")
    assert limited.value.retry_after


def test_health_tells_whether_the_api_is_there(live: Live) -> None:
    with OrdersClient(live.url) as client:
        assert client.health()
    with OrdersClient("http://127.0.0.1:9", retries=ONCE) as away:
        assert not away.health()
        with pytest.raises(ApiUnreachable):
            away.orders.list()


def test_figures_come_as_the_client_reads_them(live: Live) -> None:
    with live.as_staff() as client:
        client.orders.create(new_order(order_number="T-FIGURES-1", status="SHIPPED"))
        client.orders.create(new_order(order_number="T-FIGURES-2"))
        from_, to = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(minutes=1)
        shipped = client.stats.status_counts(status="SHIPPED", q="T-FIGURES-1").items[3]
        assert (shipped.status, shipped.count, len(shipped.totals)) == ("SHIPPED", 1, 1)
        days = client.stats.daily(from_, to, q="T-FIGURES", time_zone="Asia/Kathmandu").items
        assert sum(day.count for day in days) == 2
        assert client.stats.pending_age(country="KW").items[0].from_ == 0
        assert client.stats.by_country(q="T-FIGURES").items[0].country == "KW"
        assert client.stats.by_currency(q="T-FIGURES").items[0].total == Decimal("7.500")
        today = datetime.now(UTC).date()
        assert {step.to for step in client.stats.flow(today, today, "UTC", currency="KWD").items} >= {
            "SHIPPED"
        }
        assert len(client.stats.cards("Asia/Kathmandu", country=["KW", "DE"]).items) == 7
        assert len(client.stats.time_in_status(currency="KWD").items) == 4
        assert sum(rule.count for rule in client.stats.contradictions().items) == 0
        assert "UNPAID_AFTER_A_DAY" in {alarm.alarm for alarm in client.stats.alarms().items}
    with live.as_customer("c-1") as customer, pytest.raises(Forbidden):
        customer.stats.status_counts()


def test_staff_look_behind_the_mask_leave_notes_and_are_found_in_the_log(live: Live) -> None:
    with live.as_staff(name="ada") as ada, live.as_staff("support", name="sam") as sam:
        number = ada.orders.create(new_order(order_number="#Audit 1")).order_number
        sam.orders.add_note(number, "Asks for a gift wrap")
        masked, shown = sam.orders.get(number), sam.orders.reveal(number, "Caller asks")
        assert (masked.contact_masked, masked.contact_shown_until) == (True, None)
        assert (shown.email, shown.contact_shown_by) == (EMAIL, "CONTACT_REVEALED")
        assert shown.contact_shown_until
        assert shown == sam.orders.get(number)
        live.store.sql("UPDATE outbox SET created_at = :long_ago", long_ago="2026-01-01 00:00:00")
        sam.orders.resend_confirmation(number)
        kinds = [(entry.kind, entry.detail) for entry in ada.orders.timeline(number).items]
        assert kinds[1:3] == [("CONTACT_REVEALED", "Caller asks"), ("NOTE", "Asks for a gift wrap")]
        found = ada.audit.list(1, 3, order_number="#audit 1", actor="sam")
        assert [entry.action for entry in found.items] == [
            "order.resend_confirmation",
            "order.view",
            "order.reveal",
        ]
        assert (found.total, found.items[2].reason) == (5, "Caller asks")
        assert found.items[1].detail == "contact in the clear"
        with pytest.raises(Forbidden):
            sam.audit.list()


def test_an_export_comes_whole_through_the_client(live: Live) -> None:
    with live.as_staff("ops") as ops, live.as_staff("admin") as ada:
        for turn in range(3):
            ada.orders.create(new_order(order_number=f"Csv {turn}"))
        with ops.orders.export(q="Csv", sort="orderNumber") as export:
            lines = b"".join(export).decode("utf-8-sig").split("\r\n")
        assert (export.total, [line.split(",")[0] for line in lines[1:4]]) == (3, ["Csv 0", "Csv 1", "Csv 2"])
        assert EMAIL not in "".join(lines)
        with ops.orders.export(q="Csv", rows="items", separator="semicolon") as items:
            lines = b"".join(items).decode("utf-8-sig").splitlines()
        assert (items.total, len(lines)) == (3, 4)
        assert lines[0].startswith("orderNumber;status;createdAt;sku;")
    with live.as_staff("support") as sam, pytest.raises(Forbidden):
        sam.orders.export()
