"""What was kept for long enough goes by itself; what is left of the audit log is still proven."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from lib.orders_api.audit.pruning import prune
from lib.orders_api.retention import STRANGERS_KEPT, end_what_is_over
from lib.orders_api.retention.repository import still_unchanged
from lib.orders_api.store.audit_log import record
from lib.orders_api.store.tables.audit import AuditPeriod
from lib.settings import Settings
from tests.api.command_line import Run
from tests.api.shop import NOW, MakeShop, Shop, order_body
from tests.api.test_audit_chain import ACT, look, tamper
from tests.api.test_forget import EMAIL, HOME, everything, rosas
from tests.conftest import CODE_KEY, JWT_SECRET

DAY = 86_400


def after(shop: Shop, days: float) -> None:
    """Let days pass, at the first and the last of which the worker does its daily work."""
    end_what_is_over(shop.api)
    shop.clock.advance(days * DAY)
    end_what_is_over(shop.api)


def write(shop: Shop, rows: int) -> None:
    for _ in range(rows):
        with shop.api.database.writing() as session:
            record(session, replace(ACT, at=shop.clock()), "test.write", "OK")


def test_contact_data_go_after_their_time_and_sums_and_statuses_stay(own_shop: Shop) -> None:
    rosas(own_shop, "R-1")
    own_shop.post("/v1/orders/R-1/notes", {"text": "Rosa's dog bites"})
    own_shop.new_code("R-1", EMAIL)
    own_shop.clock.advance(10 * DAY)
    rosas(own_shop, "R-2")
    sums = "SELECT order_number, status, grand_total, currency, shipping_country FROM orders ORDER BY id"
    before = own_shop.sql(sums)
    after(own_shop, 1095 - 10)
    assert own_shop.order("R-1", own_shop.customer("c-rosa"))["email"] == EMAIL
    after(own_shop, 2)
    assert own_shop.sql(sums) == before
    gone, kept = own_shop.sql("SELECT * FROM orders ORDER BY id")
    assert (gone["customer_name"], kept["customer_name"]) == ("Forgotten customer", "Rosa Forgetmenot")
    assert own_shop.get("/v1/orders?q=forgetmenot").json["total"] == 1
    assert "1096 days" in own_shop.timeline("R-1")[0]["detail"]
    after(own_shop, 10)
    left = [line for line in everything(own_shop).splitlines() if not line.startswith("audit_log.")]
    for secret in ("forgetmenot", "c-rosa", "47110815", HOME["line1"], "dog bites"):
        assert secret.casefold() not in "\n".join(left).casefold(), secret


def test_what_one_worker_has_ended_another_does_not_end_again(own_shop: Shop) -> None:
    rosas(own_shop, "R-1")
    after(own_shop, 1100)
    with own_shop.api.database.writing() as session:
        assert still_unchanged(session, [1], own_shop.clock(), "Forgotten customer") == []


def test_an_old_order_that_is_new_to_the_store_keeps_its_customer_for_a_month(own_shop: Shop) -> None:
    own_shop.create(orderNumber="T-1", createdAt="2001-02-03T04:05:06Z")
    for _ in range(30):
        after(own_shop, 1)
    assert own_shop.order("T-1")["customerName"] == "Jane Doe"
    after(own_shop, 1)
    assert own_shop.sql("SELECT customer_name FROM orders") == [{"customer_name": "Forgotten customer"}]
    assert own_shop.count("retention_marks") <= 33


def test_import_says_whose_data_will_not_be_kept(run: Run, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(json.dumps(order_body(createdAt=f"200{n}-02-03T04:05:06Z")) for n in range(3)))
    keys = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    said = run("import", str(file), **keys).stderr
    assert "3 orders last changed more than 1096 days ago" in said
    file.write_text(json.dumps(order_body(createdAt="2003-02-03T04:05:06Z")))
    assert "days ago" not in run("import", str(file), keep_contacts="0", **keys).stderr


def test_an_order_that_still_moves_keeps_its_customer(own_shop: Shop) -> None:
    own_shop.create(orderNumber="T-1")
    own_shop.clock.advance(1000 * DAY)
    own_shop.set_status("T-1", "CONFIRMED")
    after(own_shop, 1000)
    assert own_shop.order("T-1")["email"]


def test_mails_and_strangers_addresses_go_after_theirs(own_shop: Shop) -> None:
    own_shop.create(orderNumber="T-1")
    own_shop.cancel("T-1")
    own_shop.sql("UPDATE outbox SET state = 'DEAD', sealed_body = NULL WHERE kind = 'CANCELLATION'")
    own_shop.verify("T-1", "123456", client="198.51.100.7")
    own_shop.get("/v1/orders/T-1", client="192.0.2.9")
    held = own_shop.sql("SELECT client FROM audit_log WHERE actor = 'guest'")
    assert [row["client"] for row in held] == [None]
    seen = {item["actor"]: item["address"] for item in own_shop.get("/v1/audit?limit=100").json["items"]}
    assert (seen["guest"], seen["staff:sam"]) == ("198.51.100.7", "192.0.2.1")
    after(own_shop, 89)
    assert own_shop.count("stranger_addresses") == 0
    assert own_shop.count("outbox") == 2
    after(own_shop, 2)
    assert [mail.state for mail in own_shop.mails("T-1")] == ["WAITING"]
    assert timedelta(days=30) == STRANGERS_KEPT
    assert look(own_shop).faults == ()


def test_the_audit_log_is_cut_at_its_time_and_what_is_left_is_whole(own_shop: Shop) -> None:
    write(own_shop, 4)
    head = look(own_shop).head
    after(own_shop, 200)
    write(own_shop, 3)
    after(own_shop, 166)
    verdict = look(own_shop, head)
    assert (verdict.cut, verdict.entries, verdict.faults) == (4, 4, ())
    assert own_shop.sql("SELECT min(id) AS first FROM audit_log")[0]["first"] == 5
    write(own_shop, 1)
    after(own_shop, 400)
    verdict = look(own_shop)
    assert (verdict.cut, verdict.entries, verdict.faults) == (9, 1, ())
    write(own_shop, 1)
    assert look(own_shop).faults == ()


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["DELETE FROM audit_log WHERE id = 5"], "row 5 is missing"),
        (
            ["DELETE FROM audit_log WHERE id < 7", "UPDATE audit_periods SET last_entry = 6"],
            "the end of the rows that were cut off was changed",
        ),
        (["DELETE FROM audit_periods"], "rows 1 to 4 are missing"),
        (["UPDATE audit_periods SET seal = 'x'"], "the end of the rows that were cut off was changed"),
    ],
)
def test_a_cut_that_was_not_ours_is_named(own_shop: Shop, statements: list[str], named: str) -> None:
    write(own_shop, 4)
    own_shop.clock.advance(200 * DAY)
    write(own_shop, 3)
    after(own_shop, 166)
    off = (
        ["DROP TRIGGER audit_periods_no_update", "DROP TRIGGER audit_periods_no_delete"]
        if own_shop.api.database.is_sqlite
        else ["ALTER TABLE audit_periods DISABLE TRIGGER USER"]
    )
    tamper(own_shop, *off, *statements)
    assert named in "; ".join(look(own_shop).faults)


def test_a_period_that_no_row_tells_of_is_not_believed(own_shop: Shop) -> None:
    write(own_shop, 4)
    with own_shop.api.database.reading() as session:
        rows = session.execute(text("SELECT id, seal FROM audit_log WHERE id = 2")).one()
    period = AuditPeriod(last_entry=rows.id, seal=rows.seal, until=NOW)
    period.period_seal = own_shop.api.audit.seal_of_period(period)
    with own_shop.api.database.writing() as session:
        session.add(period)
    own_shop.sql("DELETE FROM audit_log WHERE id <= 2")
    assert look(own_shop).faults == ("rows 1 to 2 are missing, and no row tells that they were cut off",)


def test_the_database_refuses_to_cut_what_no_period_has_closed(own_shop: Shop) -> None:
    write(own_shop, 3)
    with pytest.raises(Exception, match="append only"):
        own_shop.sql("DELETE FROM audit_log WHERE id = 1")
    own_shop.clock.advance(DAY)
    prune(own_shop.api, own_shop.clock())
    with pytest.raises(Exception, match=r"keeps its periods|append only"):
        own_shop.sql("DELETE FROM audit_periods")
    assert own_shop.count("audit_log") == 1


def test_nobody_waits_long_while_much_goes(own_shop: Shop) -> None:
    for number in range(120):
        own_shop.create(orderNumber=f"T-{number}")
    end_what_is_over(own_shop.api)
    own_shop.clock.advance(2000 * DAY)
    waits = []
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(end_what_is_over, own_shop.api)
        while not working.done():
            began = time.monotonic()
            own_shop.sql("UPDATE order_counts SET orders = orders WHERE id = 0")
            waits.append(time.monotonic() - began)
        working.result()
    assert max(waits) < 5
    assert own_shop.sql("SELECT count(*) AS n FROM orders WHERE email_key LIKE 'jane%'")[0]["n"] == 0


def test_what_is_set_to_nothing_is_kept_for_good(open_shop: MakeShop, settings: Settings) -> None:
    shop = open_shop(settings.model_copy(update={"keep_contacts": 0, "keep_mails": 0, "keep_looks": 0}))
    shop.create(orderNumber="T-1")
    rows = shop.count("audit_log")
    after(shop, 20_000)
    assert (shop.count("audit_log"), shop.order("T-1")["customerName"]) == (rows, "Jane Doe")
