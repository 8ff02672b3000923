"""Kept counts and columns: whatever happens to orders, they say what a recount says, and mend when not."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from lib.orders_api.cli.main import cli
from lib.orders_api.importing import import_file
from lib.orders_api.seeding import seed_orders
from lib.orders_api.store import db, order_counts
from lib.settings import Settings
from tests.api.shop import NOW, Shop, at_once, order_body
from tests.api.stats_model import (
    ZONES,
    figures,
    made_within,
    random_rows,
    recount,
    store,
    stored,
    wrong_times,
)

CHANGES = (
    "UPDATE orders SET status = 'SHIPPED' WHERE id % 7 = {n}",
    "UPDATE orders SET status = 'CANCELLED', payment_status = 'VOIDED' WHERE id % 11 = {n}",
    "UPDATE orders SET payment_status = 'PAID', fulfillment_status = 'FULFILLED' WHERE id % 5 = {n}",
    "UPDATE orders SET subtotal = subtotal + 7, grand_total = grand_total + 7,"
    " total_sort = (grand_total + 7) * CASE currency_digits WHEN 0 THEN 10000 WHEN 2 THEN 100 ELSE 10 END"
    " WHERE id % 6 = {n}",
    "UPDATE orders SET shipping_country = 'FR' WHERE id % 9 = {n}",
    "UPDATE orders SET updated_at = created_at",
    "DELETE FROM orders WHERE id % 13 = {n}",
)


def differences(shop: Shop) -> list[str]:
    with shop.api.database.reading() as session:
        return order_counts.differences(session)


def fold(shop: Shop) -> None:
    order_counts.fold(shop.api.database, least=1)


def moved(shop: Shop, number: str, *statuses: str, seconds: float = 3_601) -> None:
    """Move an order on, a while after each step."""
    for status in statuses:
        shop.clock.advance(seconds)
        assert shop.set_status(number, status).status == 200


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_a_recount_whatever_happened(
    own_shop: Shop, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_counts, "BATCH", 40)  # fewer than there are rows
    monkeypatch.setattr(db, "BETWEEN_TURNS_SECONDS", 0)  # nobody else waits here
    chance, engine = random.Random(seed), own_shop.api.database.engine
    for _ in range(12):
        store(engine, random_rows(chance, 25))
        with engine.connect() as connection:
            connection.execute(text(chance.choice(CHANGES).format(n=chance.randrange(5))))
            connection.rollback() if chance.random() < 0.3 else connection.commit()
        if chance.random() < 0.4:
            fold(own_shop)
    assert differences(own_shop) == []
    rows = stored(engine)
    assert figures(own_shop.get("/v1/stats/status").json) == recount(rows, None, lambda row: True)
    for zone in ZONES:
        start = chance.choice(rows)["created_at"] - timedelta(seconds=chance.randrange(10**6))
        end = start + timedelta(days=30, seconds=chance.randrange(10**6))
        country = chance.choice((None, "FR", "JP"))
        filters = {"createdFrom": start.isoformat(), "createdTo": end.isoformat(), "timeZone": zone}
        filters |= {"country": country} if country else {}
        answer = own_shop.get(f"/v1/stats/daily?{urlencode(filters)}").json
        expected = recount(rows, zone, made_within(start, end, country))
        assert figures(answer) == expected
        assert expected


def test_changes_of_status_and_how_long_each_lasted_are_kept(own_shop: Shop) -> None:
    numbers = [own_shop.create()["orderNumber"] for _ in range(4)]
    moved(own_shop, numbers[0], "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "REFUNDED")
    own_shop.clock.advance(60)
    own_shop.cancel(numbers[1], {"reason": "FRAUD_SUSPECTED", "note": "see → this: that"})
    moved(own_shop, numbers[2], "CONFIRMED", seconds=-30_000)  # a clock that was put back
    found = own_shop.sql("SELECT from_status, to_status, reason, status_hours FROM timeline ORDER BY id")
    changes = [tuple(row.values()) for row in found]
    assert changes == [
        *[("NEW", "PENDING", "", None)] * 4,
        ("PENDING", "CONFIRMED", "", 2),
        ("CONFIRMED", "PROCESSING", "", 2),
        ("PROCESSING", "SHIPPED", "", 2),
        ("SHIPPED", "DELIVERED", "", 2),
        ("DELIVERED", "REFUNDED", "", 2),
        ("PENDING", "CANCELLED", "FRAUD_SUSPECTED", 6),
        ("PENDING", "CONFIRMED", "", 0),
    ]
    assert wrong_times(own_shop.api.database.engine) == []


def test_what_many_change_at_once_while_others_fold_is_counted_once(own_shop: Shop) -> None:
    numbers = [own_shop.create()["orderNumber"] for _ in range(12)]

    def act(number: int) -> None:
        if number % 3 == 2:
            fold(own_shop)
        else:
            own_shop.cancel(numbers[number // 2])

    at_once(12, act)
    assert differences(own_shop) == []


def test_sample_and_imported_orders_are_counted_as_they_come(own_shop: Shop, tmp_path: Path) -> None:
    database = own_shop.api.database
    seed_orders(database, 40, 3, NOW, lambda done: None)
    body = order_body(status="SHIPPED", createdAt="2026-11-01T08:00:00Z")
    lines = [body, body, order_body(orderNumber=None), order_body(currency="NONE")]
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    report = import_file(database, file, NOW, lambda done, total: None)
    assert report.added == 2
    assert differences(own_shop) == []
    fold(own_shop)
    assert differences(own_shop) == []
    counts = own_shop.get("/v1/stats/status").json["items"]
    assert sum(item["count"] for item in counts) == own_shop.count("orders") == 42
    assert wrong_times(own_shop.api.database.engine) == []


def test_the_command_finds_a_wrong_figure_and_mends_it(
    own_shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERS_DATABASE_URL", settings.database_url)
    moved(own_shop, own_shop.create()["orderNumber"], "CONFIRMED")
    fold(own_shop)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["stats", *arguments])
        return result.exit_code, result.output

    assert run("--verify") == (0, "The kept counts agree with a recount.\n")
    for wrong, said in (
        ("UPDATE order_counts SET orders = orders + 7", "FR, EUR: +7 orders, +0\n"),
        ("UPDATE order_counts SET total = total - 1", "FR, EUR: +0 orders, -1\n"),
        ("DELETE FROM order_counts", "FR, EUR: -1 orders, -2000\n"),
    ):
        own_shop.sql(wrong)
        code, output = run("--verify")
        assert code == 1
        assert said in output
        assert run("--rebuild") == (0, "All orders were counted afresh.\n")
        assert run("--verify")[0] == 0
    assert run()[0] == 1
    assert run("--verify", "--rebuild")[0] == 1
