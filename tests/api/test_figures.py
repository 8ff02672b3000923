"""Kept figures: whatever happens to orders, they say what a recount says, and mend when they don't."""

from __future__ import annotations

import importlib.util
import json
import random
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from typer.testing import CliRunner

from lib.orders_api.cli.main import cli
from lib.orders_api.importing import import_file
from lib.orders_api.seeding import seed_orders
from lib.orders_api.stats import keeping, reading
from lib.orders_api.store import db, migrations
from lib.settings import Settings
from tests.api.shop import NOW, Shop, at_once, order_body
from tests.api.stats_model import ZONES, figures, made_within, random_rows, recount, store, stored

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
        return keeping.differences(session)


def fold(shop: Shop) -> None:
    keeping.fold_figures(shop.api.database, least=1)


def moved(shop: Shop, number: str, *statuses: str, seconds: float = 3_601) -> None:
    """Move an order on, a while after each step."""
    for status in statuses:
        shop.clock.advance(seconds)
        assert shop.set_status(number, status).status == 200


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_a_recount_whatever_happened(
    own_shop: Shop, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 13)  # batches begin and end in the middle of one change
    monkeypatch.setattr(db, "BETWEEN_TURNS_SECONDS", 0)  # nobody else waits here
    monkeypatch.setattr(reading, "MOST_PARTS", 4)  # a range is read in more than one statement
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
    fold(own_shop)
    own_shop.clock.advance(60)
    own_shop.cancel(numbers[1], {"reason": "FRAUD_SUSPECTED", "note": "see → this: that"})
    moved(own_shop, numbers[2], "CONFIRMED", seconds=-30_000)  # a clock that was put back
    assert differences(own_shop) == []
    fold(own_shop)
    assert differences(own_shop) == []
    kept = own_shop.sql(
        "SELECT from_status, to_status, sum(steps) AS steps FROM step_figures"
        " WHERE minutes = 1440 AND shipping_country = '' GROUP BY from_status, to_status"
    )
    assert {(row["from_status"], row["to_status"]): row["steps"] for row in kept} == {
        ("", "PENDING"): 4,
        ("PENDING", "CONFIRMED"): 2,
        ("CONFIRMED", "PROCESSING"): 1,
        ("PROCESSING", "SHIPPED"): 1,
        ("SHIPPED", "DELIVERED"): 1,
        ("DELIVERED", "REFUNDED"): 1,
        ("PENDING", "CANCELLED"): 1,
    }
    stays = own_shop.sql("SELECT status, hours, stays FROM stay_figures WHERE status = 'PENDING'")
    assert sorted((row["hours"], row["stays"]) for row in stays) == [(0, 1), (2, 1), (6, 1)]
    own_shop.sql("UPDATE orders SET shipping_country = 'DE', currency = 'USD'")
    assert differences(own_shop) == []
    own_shop.sql("UPDATE orders SET cancel_reason = 'OTHER' WHERE status = 'CANCELLED'")
    assert differences(own_shop) == []
    own_shop.sql("DELETE FROM orders WHERE status = 'CANCELLED'")
    assert differences(own_shop) == []


def test_what_many_change_at_once_while_others_fold_is_counted_once(own_shop: Shop) -> None:
    numbers = [own_shop.create()["orderNumber"] for _ in range(12)]

    def act(number: int) -> None:
        if number % 3 == 2:
            fold(own_shop)
        else:
            own_shop.cancel(numbers[number // 2])

    at_once(12, act)
    assert differences(own_shop) == []


def test_orders_that_were_there_before_are_counted_by_the_migration(own_shop: Shop) -> None:
    store(own_shop.api.database.engine, random_rows(random.Random(4), 30))
    moved(own_shop, own_shop.create()["orderNumber"], "CONFIRMED")
    (file,) = Path(migrations.__path__[0]).glob("versions/*_figures.py")
    spec = importlib.util.spec_from_file_location("figures_migration", file)
    assert spec
    assert spec.loader
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    with own_shop.api.database.engine.begin() as connection:
        for statement in _undoing(sqlite=own_shop.api.database.is_sqlite):
            connection.execute(text(statement))
        with Operations.context(MigrationContext.configure(connection)):
            migration.upgrade()
    moved(own_shop, own_shop.create()["orderNumber"], "CONFIRMED")
    assert differences(own_shop) == []


def _undoing(sqlite: bool) -> list[str]:
    triggers = {"insert": "came", "update": "changed", "delete": "gone", "move": "moved", "step": "step"}
    tables = ("figure_changes", "figures", "step_changes", "step_figures", "stay_figures", "order_stays")
    return [
        *(
            f"DROP TRIGGER figures_{name}" if sqlite else f"DROP FUNCTION figures_{function} CASCADE"
            for name, function in triggers.items()
        ),
        *(f"DROP TABLE {table}" for table in tables),
    ]


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

    assert run("--verify") == (0, "All figures agree with a recount.\n")
    for wrong, said in (
        ("UPDATE figures SET total = total + 1 WHERE minutes = 60", "orders: minutes 60"),
        ("DELETE FROM step_figures", "changes of status: minutes"),
        ("UPDATE stay_figures SET hours = hours + 1", "stays: day"),
        ("UPDATE order_stays SET status = 'PENDING'", "present status: order_id"),
    ):
        own_shop.sql(wrong)
        code, output = run("--verify")
        assert code == 1
        assert said in output
        assert run("--rebuild") == (0, "All figures were counted afresh.\n")
        assert run("--verify")[0] == 0
    assert run()[0] == 1
    assert run("--verify", "--rebuild")[0] == 1
