"""Sample orders in the store, on each database: the same again, none twice, completed when interrupted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from lib.orders_api import seeding
from lib.orders_api.domain.statuses import NEXT_STATUSES, OrderStatus
from lib.orders_api.seeding.samples import Samples
from lib.orders_api.store.bulk import insert_orders
from tests.api.shop import NOW, Shop

COUNT = 250


def seed(shop: Shop, count: int = COUNT, number: int = 7, later: timedelta = timedelta()) -> int:
    return seeding.seed_orders(shop.api.database, count, number, NOW + later, lambda done: None)


def everything(shop: Shop) -> list[list[Any]]:
    """Return all that makes the sample orders, without the ids that the database gives."""
    return [
        shop.sql(
            "SELECT order_number, status, payment_status, fulfillment_status, currency, grand_total, email,"
            " phone, customer_id, tracking_token, tracking_number, created_at, updated_at"
            " FROM orders ORDER BY order_number"
        ),
        shop.sql(
            "SELECT order_number, position, sku, quantity, unit_price FROM line_items"
            " JOIN orders ON orders.id = order_id ORDER BY 1, 2"
        ),
        shop.sql(
            "SELECT order_number, t.at, actor, kind, detail FROM timeline t"
            " JOIN orders ON orders.id = order_id ORDER BY 1, 2, t.id"
        ),
        shop.sql("SELECT * FROM order_counters ORDER BY year"),
    ]


def test_the_same_count_and_seed_give_the_same_orders_and_none_twice(own_shop: Shop) -> None:
    assert seed(own_shop) == COUNT
    first = everything(own_shop)
    assert seed(own_shop) == 0
    assert seed(own_shop, later=timedelta(days=40)) == 0
    assert everything(own_shop) == first
    own_shop.sql("DELETE FROM orders")
    own_shop.sql("DELETE FROM order_counters")
    assert seed(own_shop, later=timedelta(minutes=30)) == COUNT
    assert everything(own_shop) == first
    own_shop.sql("DELETE FROM orders")
    seed(own_shop, number=8)
    assert everything(own_shop) != first


def test_an_interrupted_run_is_completed_as_it_was_begun(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "BATCH_SIZE", 200)
    seed(own_shop)
    whole = everything(own_shop)
    own_shop.sql("DELETE FROM orders")
    own_shop.sql("DELETE FROM order_counters")

    class StoppedError(Exception):
        """Ctrl-C after the first batch."""

    def stop(done: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        seeding.seed_orders(own_shop.api.database, COUNT, 7, NOW, stop)
    assert seed(own_shop, later=timedelta(days=3)) == COUNT - seeding.BATCH_SIZE
    assert everything(own_shop) == whole


def test_orders_of_ones_own_are_left_alone_and_create_goes_on_counting(own_shop: Shop) -> None:
    own = own_shop.create(orderNumber="ORD-2026-0003")
    assert seed(own_shop) == COUNT - 1
    assert own_shop.order("ORD-2026-0003") == own
    last = own_shop.sql("SELECT last FROM order_counters WHERE year = 2026")[0]["last"]
    assert own_shop.create(orderNumber=None)["orderNumber"] == f"ORD-2026-{last + 1:04d}"


def test_a_line_item_that_the_store_refuses_is_told_as_one_and_nothing_of_its_batch_stays(
    own_shop: Shop,
) -> None:
    samples = Samples(7, COUNT, NOW)
    orders = [samples.make(samples.arrival(number)) for number in range(3)]
    orders[1].items[0]["quantity"] = 0
    with pytest.raises(IntegrityError), own_shop.api.database.writing() as session:
        insert_orders(session, orders)
    assert own_shop.count("orders") == 0


def test_samples_send_no_mail_and_can_be_listed_opened_and_tracked(own_shop: Shop) -> None:
    seed(own_shop, 700)  # some of which still await their payment
    assert own_shop.sql("SELECT 1 FROM outbox") == []
    page = own_shop.get("/v1/orders?status=PENDING").json
    assert page["total"] > 0
    token = own_shop.sql("SELECT tracking_token FROM orders LIMIT 1")[0]["tracking_token"]
    assert own_shop.get(f"/v1/track/{token}").status == 200
    for item in page["items"]:
        assert own_shop.cancel(item["orderNumber"]).status == 200


@pytest.mark.any_engine
def test_each_timeline_goes_ways_that_orders_go_up_to_the_status_and_never_into_the_future(
    own_shop: Shop,
) -> None:
    seed(own_shop, 700)
    assert own_shop.sql(
        "SELECT 1 FROM timeline t JOIN orders o ON o.id = order_id WHERE t.at > :now OR t.at < o.created_at",
        now=NOW.timestamp() if own_shop.api.database.is_sqlite else NOW,
    ) == []  # fmt: skip
    rows = own_shop.sql(
        "SELECT o.id, o.status, t.kind, t.detail FROM timeline t JOIN orders o ON o.id = order_id"
        " ORDER BY o.id, t.at, t.id"
    )
    at: dict[int, OrderStatus] = {}
    for row in rows:
        if row["id"] not in at:
            assert (row["kind"], row["detail"]) == ("CREATED", "PENDING")
            at[row["id"]] = OrderStatus.PENDING
        elif row["kind"] == "STATUS_CHANGED":
            before, after = row["detail"].split(":")[0].split(" → ")
            assert before == at[row["id"]]
            assert after in NEXT_STATUSES[OrderStatus(before)]
            at[row["id"]] = OrderStatus(after)
    assert at == {row["id"]: row["status"] for row in rows}
