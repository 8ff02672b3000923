"""A store that version 0.1 made, with its `seed` and its API, is all there after the migrations.

Version 0.1 is the tag `before-lighter-house`. It seeded 60 orders (`--seed 7`) up to 2026-11-23 08:15 and
made four more, on which staff, a customer and a guest acted. tests/api/data has the SQLite file after VACUUM,
and what `pg_dump --inserts` wrote of the same on PostgreSQL. The keys were made up for this, and protect
nothing else.
"""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from lib.orders_api.cli.main import cli
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.store.migrations import upgrade
from lib.orders_client import OrdersClient, Retries
from lib.settings import Settings
from tests.api.shop import Shop, time_of
from tests.api.stats_model import wrong_times
from tests.client.live import new_order
from tests.servers.desk import wait_until

DATA = Path(__file__).parent / "data"
KEYS = {
    "jwt_secret": "throw-away-jwt-secret-of-the-store-of-version-0.1",
    "code_key": "throw-away-code-key-of-the-store-of-version-0.1",
}
LEFT_AT = datetime(2026, 11, 23, 12, 46, 1, tzinfo=UTC)
ORDERS = 64


@pytest.fixture
def shop_to_upgrade(
    empty_database_url: str, make_settings: Callable[..., Settings], open_shop: Callable[[Settings], Shop]
) -> Shop:
    """The API of today on that store, before the migrations, at the time at which it was left."""
    url = make_url(empty_database_url)
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).write_bytes(gzip.decompress((DATA / "store-0.1.db.gz").read_bytes()))
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            connection.execute(gzip.decompress((DATA / "store-0.1.sql.gz").read_bytes()))
    shop = open_shop(make_settings(database_url=empty_database_url, **KEYS))
    shop.clock.now = LEFT_AT
    return shop


@pytest.fixture
def old_shop(shop_to_upgrade: Shop) -> Shop:
    """The same after the migrations."""
    migrate(shop_to_upgrade)
    return shop_to_upgrade


def migrate(shop: Shop) -> None:
    upgrade(shop.settings.database_url, sealer=Sealer(KEYS["code_key"]))


def items(shop: Shop, target: str) -> list[dict[str, Any]]:
    answer = shop.get(target)
    assert answer.status == 200, answer.content
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def told_by_words(shop: Shop) -> Counter[tuple[str, str | None, str, str | None]]:
    """Count the changes of status by day as the words of the timelines tell them."""
    counts: Counter[tuple[str, str | None, str, str | None]] = Counter()
    for row in shop.sql("SELECT at, kind, detail FROM timeline WHERE kind IN ('CREATED', 'STATUS_CHANGED')"):
        told = row["detail"] if row["kind"] == "STATUS_CHANGED" else f" → {row['detail']}"
        before, _, rest = told.partition(" → ")
        after, _, remark = rest.partition(": ")
        reason = remark.partition(":")[0] if after == "CANCELLED" else ""
        counts[f"{time_of(row['at']):%Y-%m-%d}", before or None, after, reason or None] += 1
    return counts


def test_callers_who_try_again_see_no_error_while_an_old_store_is_migrated(shop_to_upgrade: Shop) -> None:
    """Those who don't are told when to come back, and told nothing else."""
    shop = shop_to_upgrade
    met: list[int] = []
    done = threading.Event()

    def send(request: httpx.Request) -> httpx.Response:
        given = {key: value for key, value in request.headers.items() if key != "content-type"}
        body = request.content or None
        answer = shop.call(request.method, request.url.raw_path.decode(), headers=given, raw=body)
        met.append(answer.status)
        assert answer.status != 503 or int(answer.headers["retry-after"]) >= 1
        return httpx.Response(answer.status, headers=answer.headers, content=answer.content)

    def work(caller: int) -> int:
        turns = 0
        token, again = shop.staff("admin"), Retries(attempts=30)
        with OrdersClient("http://shop.test", token, 60, httpx.MockTransport(send), retries=again) as client:
            while not (done.is_set() and turns):
                key = f"while-migrating-{caller}-{turns}"
                made = client.orders.create(new_order(), idempotency_key=key)
                client.orders.cancel(made.order_number, idempotency_key=f"{key}-cancel")
                assert client.orders.list(q=made.order_number, status="CANCELLED").total == 1
                turns += 1
        return turns

    with ThreadPoolExecutor(2) as callers:
        at_work = [callers.submit(work, caller) for caller in range(2)]
        wait_until(lambda: 503 in met)
        migrate(shop)
        done.set()
        made = sum(each.result() for each in at_work)
    assert set(met) == {200, 201, 503}
    assert shop.get("/v1/orders").json["total"] == ORDERS + made


def test_lists_orders_timelines_and_figures_of_an_old_store_are_right(old_shop: Shop) -> None:
    assert old_shop.get("/readyz").status == 200
    listed = items(old_shop, "/v1/orders?limit=200")
    assert len({item["orderNumber"] for item in listed}) == ORDERS
    assert [item["orderNumber"] for item in items(old_shop, "/v1/orders?q=old-2")] == ["OLD-2"]
    cancelled = old_shop.order("OLD-1")
    assert (cancelled["status"], cancelled["paymentStatus"]) == ("CANCELLED", "VOIDED")
    assert (cancelled["cancelReason"], cancelled["grandTotal"]) == ("DUPLICATE", "20.00")
    told = [(each["kind"], each["detail"]) for each in old_shop.timeline("OLD-1")]
    assert told == [
        ("STATUS_CHANGED", "PENDING → CANCELLED: DUPLICATE: twice → see OLD-2: same"),
        ("CREATED", "PENDING"),
    ]
    assert [each["detail"] for each in old_shop.timeline("OLD-2")] == [
        "Caller asks",
        "PENDING → CONFIRMED, says Jane",
        "CONFIRMED → PROCESSING",
        "PENDING → CONFIRMED: paid by wire",
        "PENDING",
    ]
    statuses = Counter(item["status"] for item in listed)
    assert {each["status"]: each["count"] for each in items(old_shop, "/v1/stats/status")} == {
        **dict.fromkeys(("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED"), 0),
        **statuses,
    }
    flow = items(old_shop, "/v1/stats/flow?firstDay=2024-11-01&lastDay=2026-11-23")
    found = {(each["date"], each["from"], each["to"], each["cancelReason"]): each["count"] for each in flow}
    assert found == told_by_words(old_shop)
    assert found["2026-11-23", "PENDING", "CANCELLED", "DUPLICATE"] == 1
    processed = items(old_shop, "/v1/orders?toStatus=PROCESSING&changedFrom=2026-11-23T12:45:00Z")
    assert [item["orderNumber"] for item in processed] == ["OLD-2"]
    hours = old_shop.sql("SELECT status_hours FROM timeline WHERE to_status = 'PROCESSING' ORDER BY id")
    assert hours[-1]["status_hours"] == 2
    assert wrong_times(old_shop.api.database.engine) == []


def test_the_audit_log_and_the_counts_of_an_old_store_hold_and_its_codes_still_work(
    old_shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERS_DATABASE_URL", old_shop.settings.database_url)
    for name, key in KEYS.items():
        monkeypatch.setenv(f"ORDERS_{name.upper()}", key)
    audit = CliRunner().invoke(cli, ["audit", "--verify"])
    assert audit.exit_code == 0, audit.output
    assert audit.output.startswith("The audit log is whole: ")
    assert CliRunner().invoke(cli, ["stats", "--verify"]).exit_code == 0
    (code,) = old_shop.codes("OLD-4")
    assert old_shop.verify("OLD-4", code).json["order"]["orderNumber"] == "OLD-4"
    assert old_shop.cancel("OLD-4").status == 200
    old_shop.create(orderNumber="NEW-1")
    assert old_shop.get("/v1/orders?limit=1").json["total"] == ORDERS + 1
