"""A customer is forgotten: nothing personal is left anywhere, the sums stay, and others are not touched."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from lib.orders_api.audit.verifying import verify
from lib.orders_api.cli.main import cli
from lib.orders_api.forgetting import Ledger, forget_customer, unite_ledgers
from lib.orders_api.store.tables.preferences import StaffPreference
from lib.settings import Settings
from tests.api.shop import ADDRESS, MakeShop, Shop
from tests.api.test_contact_change import change

EMAIL = "Rosa.Forgetmenot@Example.com"
SECRETS = ("rosa", "forgetmenot", "Grünweg", "Blumenau", "47110815", "c-rosa", "JJD-ROSA", "Her dog bites")
HOME = ADDRESS | {
    "firstName": "Rosa", "lastName": "Forgetmenot", "line1": "Grünweg 9", "city": "Blumenau",
    "postalCode": "12345", "country": "DE",
}  # fmt: skip


def rosas(shop: Shop, number: str, **more: Any) -> str:
    body = {"email": EMAIL, "phone": "+49 47110815", "customerId": "c-rosa", "shippingAddress": HOME, **more}
    shop.post("/v1/orders", _body(number, body), headers={"idempotency-key": f"made-{number}"})
    return number


def _body(number: str, body: dict[str, Any]) -> dict[str, Any]:
    from tests.api.shop import order_body

    return order_body(orderNumber=number, **body)


def everything(shop: Shop) -> str:
    """Return the whole store as text, what is sealed opened."""
    names = shop.sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'order_search%'"
        if shop.api.database.is_sqlite
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    said: list[str] = []
    for (name,) in (tuple(row.values()) for row in names):
        for row in shop.sql(f'SELECT * FROM "{name}"'):
            for column, value in row.items():
                if column.startswith("sealed") and value:
                    value = shop.api.sealer.open(bytes(value))
                said.append(f"{name}.{column}: {value}")
    if not shop.api.database.is_sqlite:
        kept = "SELECT most_common_vals::text AS a, histogram_bounds::text AS b FROM pg_stats"
        said += [
            f"pg_stats: {row}"
            for row in shop.sql(f"{kept} WHERE schemaname = 'public' AND tablename <> 'audit_log'")
        ]
    return "\n".join(said)


def kept_text(shop: Shop) -> str:
    """Return the whole store as text without case, but for the audit log, which keeps what was done."""
    left = [line for line in everything(shop).splitlines() if not line.startswith("audit_log.")]
    return "\n".join(left).casefold()


def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands work with these settings."""
    for name in ("database_url", "jwt_secret", "code_key", "forgotten_file"):
        value = getattr(settings, name)
        given = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        monkeypatch.setenv(f"ORDERS_{name.upper()}", given)


@pytest.fixture
def filled(own_shop: Shop) -> Shop:
    """A store in which Rosa has left traces everywhere, and Jane some."""
    own_shop.create(orderNumber="J-1")
    rosas(own_shop, "R-1")
    rosas(own_shop, "R-2", email=EMAIL.upper(), currency="JPY", items=[
        {"sku": "A", "name": "Tea", "quantity": 1, "unitPrice": "430"}
    ], trackingNumber="JJD-ROSA", status="SHIPPED")  # fmt: skip
    sam = own_shop.staff("support", name="sam")
    own_shop.post("/v1/orders/R-1/notes", {"text": "Her dog bites"}, sam)
    own_shop.post("/v1/orders/R-1/reveal", {"reason": "Rosa calls"}, sam)
    own_shop.verify("R-1", own_shop.new_code("R-1", EMAIL), EMAIL, sam)
    own_shop.clock.advance(61)
    own_shop.new_code("R-1", EMAIL)
    own_shop.cancel("R-1", {"reason": "DUPLICATE", "note": "Rosa said so"}, own_shop.customer("c-rosa"))
    own_shop.request_code("R-2", EMAIL)
    with own_shop.api.database.writing() as session:
        for name, sought in (("Rosa", EMAIL), ("Jane", "jane.doe@example.com")):
            view = {"owner": "sam", "kind": "view", "name": name, "value": json.dumps({"q": sought})}
            session.add(StaffPreference(**view, changed_by="sam", changed_at=own_shop.clock()))
    if not own_shop.api.database.is_sqlite:
        own_shop.sql("ANALYZE")
    return own_shop


def test_nothing_of_the_customer_is_left_and_nobody_else_is_touched(filled: Shop) -> None:
    jane = filled.sql("SELECT * FROM orders WHERE order_number = 'J-1'")
    assert _file_holds_the_address(filled) in (True, None)
    if not filled.api.database.is_sqlite:
        assert "forgetmenot" in everything(filled).casefold().partition("pg_stats")[2]
    assert filled.count("stranger_addresses") > 0
    done = forget_customer(filled.api, EMAIL)
    assert filled.count("stranger_addresses") == 0
    assert [row["name"] for row in filled.sql("SELECT name FROM staff_preferences")] == ["Jane"]
    wiped = done.wiped
    assert (wiped.orders, done.left) == (2, {})
    assert min(wiped.timeline_entries, wiped.mails, wiped.access_ended, wiped.kept_answers) > 0
    left = everything(filled)
    audit = [line for line in left.splitlines() if line.startswith("audit_log.")]
    kept = kept_text(filled)
    for secret in SECRETS:
        assert secret.casefold() not in kept, secret
    assert "forgetmenot" not in "\n".join(audit).casefold()
    assert _file_holds_the_address(filled) in (False, None)
    assert filled.sql("SELECT * FROM orders WHERE order_number = 'J-1'") == jane
    rows = filled.sql("SELECT * FROM audit_log WHERE action = 'customer.forget' ORDER BY id")
    assert [(row["actor"], row["order_number"]) for row in rows] == [("system", "R-1"), ("system", "R-2")]
    with filled.api.database.reading() as session:
        assert verify(session, filled.api.audit).faults == ()
    filled.work()
    assert filled.mails("R-2", "ACCESS_CODE") == []


def _file_holds_the_address(shop: Shop) -> bool | None:
    """Look into SQLite's files, byte by byte; None on a server."""
    if not shop.api.database.is_sqlite:
        return None
    path = Path(make_url(shop.settings.database_url).database or "")
    return any(
        b"forgetmenot@example" in file.read_bytes().lower() for file in path.parent.glob(f"{path.name}*")
    )


def test_it_says_where_the_address_still_is_while_somebody_reads_an_older_state(
    filled: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not filled.api.database.is_sqlite:
        return
    use(filled.settings, monkeypatch)
    with filled.api.database.reading() as reader:
        reader.execute(text("SELECT count(*) FROM orders"))
        with ThreadPoolExecutor(1) as pool:
            forgetting = pool.submit(CliRunner().invoke, cli, ["forget", "--email", EMAIL])
            waits = []
            while not forgetting.done():
                began = time.monotonic()
                filled.sql("UPDATE order_counts SET orders = orders")
                waits.append(time.monotonic() - began)
            done = forgetting.result()
    assert max(waits) < 3
    assert (done.exit_code, "write-ahead log" in done.stderr) == (1, True)
    assert "nowhere" not in done.stdout
    assert _file_holds_the_address(filled)
    again = CliRunner().invoke(cli, ["forget", "--email", EMAIL])
    assert (again.exit_code, _file_holds_the_address(filled)) == (0, False)


def test_who_is_spelt_differently_is_asked_for_and_not_forgotten(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(own_shop.settings, monkeypatch)
    own_shop.create(orderNumber="A-1", email="weiss@strasse.example")
    own_shop.create(orderNumber="A-2", email="weiß@straße.example")
    own_shop.create(orderNumber="A-3", email="wess@strasse.example")
    done = CliRunner().invoke(cli, ["forget", "--email", "weiss@strasse.example"])
    assert (done.exit_code, done.stdout.splitlines()[0][:8]) == (0, "1 orders")
    assert "not forgotten: weiß@xn--strae-oqa.example." in done.stdout
    assert own_shop.order("A-2")["email"] == "weiß@straße.example"


def test_nobody_is_forgotten_unless_the_ledger_keeps_it(
    filled: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(filled.settings, monkeypatch)
    folder = filled.settings.ledger_path
    folder.mkdir()
    done = CliRunner().invoke(cli, ["forget", "--email", EMAIL])
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: the ledger {folder} can't be written: Is a directory\n",
    )
    assert filled.order("R-1", filled.customer("c-rosa"))["email"] == EMAIL
    folder.rmdir()
    folder.write_text("cut off in the mid")
    assert CliRunner().invoke(cli, ["forget", "--email", EMAIL]).exit_code == 0
    (_, line) = folder.read_text().splitlines()
    assert not [word for word in ("rosa", "forgetmenot", "@") if word in line.lower()]
    assert len(Ledger.of(filled.settings, filled.api.sealer).entries()) == 1


def test_each_machines_ledger_says_what_all_others_do_and_a_new_one_has_it_from_the_store(
    filled: Shop, open_shop: MakeShop, tmp_path: Path
) -> None:
    here = filled.settings.ledger_path
    here.write_text(f"2026-11-20T08:15:00+00:00 0f0f0f0f {'ab' * 32}\n")  # from before the store kept them
    forget_customer(filled.api, EMAIL)
    unite_ledgers(filled.api)
    there = open_shop(filled.settings.model_copy(update={"forgotten_file": tmp_path / "there"}))
    unite_ledgers(there.api)
    assert lines(there.settings.ledger_path) == lines(here)
    assert there.settings.ledger_path.stat().st_mode & 0o777 == 0o600
    forget_customer(there.api, "jane.doe@example.com")
    for _ in range(2):
        unite_ledgers(filled.api)
    assert lines(there.settings.ledger_path) == lines(here)
    assert len(lines(here)) == 3


def lines(path: Path) -> list[str]:
    return sorted(path.read_text().splitlines())


def test_the_search_index_does_not_keep_what_was_taken_out_of_it(filled: Shop) -> None:
    if not filled.api.database.is_sqlite:
        return
    pages = "SELECT sum(length(block)) AS bytes FROM order_search_data WHERE id > 10"
    forget_customer(filled.api, EMAIL.casefold())
    kept = filled.sql(pages)
    filled.sql("INSERT INTO order_search(order_search) VALUES ('rebuild')")
    assert filled.sql(pages) == kept


def test_somebody_whose_address_only_looks_like_it_is_not_forgotten(own_shop: Shop) -> None:
    others = {
        "N-1": "weiss@strasse.example",
        "N-2": "joweiß@straße.example",
        "N-3": "weiß@straße.example.org",
    }
    for number, email in others.items():
        own_shop.post("/v1/orders", _body(number, {"email": email}), headers={"idempotency-key": number})
    for number, email in {"W-1": "WEIẞ@straße.example", "W-2": "weiß@xn--strae-oqa.example"}.items():
        own_shop.create(orderNumber=number, email=email)
    before = own_shop.sql("SELECT * FROM orders WHERE order_number LIKE 'N-%' ORDER BY id")
    done = forget_customer(own_shop.api, "Weiß@Straße.example")
    assert (done.wiped.orders, done.wiped.kept_answers, done.left) == (2, 0, {})
    assert done.alike == ("weiss@strasse.example",)
    assert own_shop.sql("SELECT * FROM orders WHERE order_number LIKE 'N-%' ORDER BY id") == before
    assert own_shop.count("idempotency_keys") == 3


def test_an_email_about_another_order_loses_the_address_and_a_forgotten_order_gets_none(filled: Shop) -> None:
    assert change(filled, "R-1", email="corrected@example.com").status == 200
    assert forget_customer(filled.api, EMAIL).left == {}
    assert forget_customer(filled.api, "corrected@example.com").left == {}
    refused = change(filled, "R-1", email=EMAIL)
    assert (refused.status, "forgotten" in str(refused.json["errors"])) == (422, True)


SUMS = (
    "SELECT order_number, status, grand_total, currency, shipping_country, created_at FROM orders ORDER BY id"
)


def test_the_command_keeps_sums_and_what_happened_and_ends_every_way_in(
    filled: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(filled.settings, monkeypatch)
    before, items = filled.sql(SUMS), filled.count("line_items")
    (token,) = filled.sql("SELECT tracking_token FROM orders WHERE order_number = 'R-1'")
    done = CliRunner().invoke(cli, ["forget", "--email", f" {EMAIL} "])
    assert done.exit_code == 0
    assert done.stdout.startswith("2 orders, with ")
    assert done.stdout.endswith("the address is nowhere any more.\n")
    again = CliRunner().invoke(cli, ["forget", "--email", EMAIL])
    assert (again.exit_code, again.stdout.split(",")[0]) == (0, "0 orders")
    assert CliRunner().invoke(cli, ["forget", "--email", "rosa"]).exit_code == 1
    assert (filled.sql(SUMS), filled.count("line_items")) == (before, items)
    entries = [(entry["kind"], entry["actor"], entry["detail"]) for entry in filled.timeline("R-1")]
    assert sorted(entries) == [
        ("CONTACT_REVEALED", "staff:sam", "-"),
        ("CREATED", "staff:sam", "PENDING"),
        ("GUEST_VERIFIED", "staff:sam", "Customer proved access to the order's mailbox"),
        ("NOTE", "staff:sam", "-"),
        ("NOTE", "system", "The customer's personal data were removed"),
        ("STATUS_CHANGED", "customer", "PENDING → CANCELLED: DUPLICATE"),
    ]
    seen = filled.order("R-1", filled.staff("support", name="sam"))
    assert (seen["customerName"], seen["shippingCity"]) == ("Forgotten customer", "-")
    assert seen["contactMasked"] is True
    for word in ("rosa", "forgetmenot", "47110815"):
        assert filled.get(f"/v1/orders?q={word}").json["total"] == 0
    assert filled.get(f"/v1/track/{token['tracking_token']}").code == "TRACKING_NOT_FOUND"
    assert filled.get("/v1/orders", filled.customer("c-rosa")).json["total"] == 0


def test_an_order_without_an_email_is_forgotten_by_its_number(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(own_shop.settings, monkeypatch)
    number = rosas(own_shop, "#R/3", email=None)
    own_shop.post("/v1/orders/r%2F3/notes", {"text": "Her dog bites"})
    other = rosas(own_shop, "R-4")
    runs = {
        asked: CliRunner().invoke(cli, ["forget", *asked])
        for asked in ((), ("--order", "R-5"), ("--order", other), ("--order", "x", "--email", EMAIL))
    }
    assert {run.exit_code for run in runs.values()} == {1}
    done = CliRunner().invoke(cli, ["forget", "--order", "№ r/3"])
    assert (done.exit_code, done.stdout.splitlines()[0].split(" with ")[0]) == (0, "1 orders,")
    seen = own_shop.order(number, own_shop.staff("admin"))
    assert (seen["customerName"], seen["email"], seen["grandTotal"]) == ("Forgotten customer", None, "20.00")
    CliRunner().invoke(cli, ["forget", "--email", EMAIL])
    left = everything(own_shop).lower()
    assert [word for word in SECRETS if word.lower() in left] == []
