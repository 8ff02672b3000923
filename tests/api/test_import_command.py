"""`python -m lib.orders_api import`: what it says of a file and what became of it, or one clear line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from lib.settings import Settings
from tests.api.command_line import Run, one_clear_line
from tests.api.imported import detail
from tests.api.shop import Shop, order_body
from tests.api.shopify_export import full, write
from tests.api.test_import_woocommerce import COLUMNS, row

pytestmark = pytest.mark.any_engine


def test_it_names_what_the_file_is_and_counts_what_became_of_it(
    run: Run, own_shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    url = settings.database_url
    write(tmp_path / "o.csv", full("#1"), full("#2"), full("#3", Total="dear"))
    first = run("import", "o.csv", database_url=url)
    assert (first.exit_code, first.stdout) == (
        0,
        "Read as Shopify's orders export.\n2 added, 0 already there, 1 rejected.\n",
    )
    assert "The rejected ones are listed in o.csv.rejected.csv." in first.stderr
    paid = {"Financial Status": "paid"}
    write(tmp_path / "o.csv", full("#1") | paid, full("#2"))
    told = run("import", "o.csv", database_url=url).stdout.splitlines()
    assert told[1:] == [
        "0 added, 2 already there, 0 rejected.",
        "1 of the orders that were there already differ from the file; --update takes its state over:",
        "  #1: status PENDING → CONFIRMED, payment PENDING → PAID",
    ]
    updated = run("import", "o.csv", "--update", database_url=url)
    assert updated.stdout.splitlines()[1:] == ["0 added, 1 updated, 1 already there, 0 rejected."]
    write(tmp_path / "o.csv", full("#1"))
    older = run("import", "o.csv", "--update", database_url=url).stdout.splitlines()
    assert older[2:] == [
        "1 of the orders that were there already would take a step back; --trust-file lets them:",
        "  #1: status CONFIRMED → PENDING, payment PAID → PENDING (a step back)",
    ]
    trusted = run("import", "o.csv", "--update", "--trust-file", database_url=url).stdout.splitlines()
    assert trusted[1:] == [
        "0 added, 1 updated, 0 already there, 0 rejected.",
        "1 of the orders that were there already took a step back:",
        "  #1: status CONFIRMED → PENDING, payment PAID → PENDING",
    ]
    assert detail(own_shop, "#1")["status"] == "PENDING"


def test_a_plugins_statuses_and_the_shops_own_zone_are_said(
    run: Run, own_shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    with (tmp_path / "woo.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerow(row(order_number="W-a", status="wc-at-depot"))
        writer.writerow(row(order_number="W-b", status="collected"))
    asked = run("import", "woo.csv", database_url=settings.database_url)
    one_clear_line(asked, "nothing in this file could be imported")
    reason = (tmp_path / "woo.csv.rejected.csv").read_text()
    assert "--status wc-at-depot=SHIPPED" in reason
    meant = ("--status", "wc-at-depot=PROCESSING", "--status", "collected=delivered")
    zone = ("--time-zone", "Europe/Berlin")
    done = run("import", "woo.csv", *meant, *zone, database_url=settings.database_url)
    assert done.exit_code == 0
    assert "UTC" not in done.stderr
    assert detail(own_shop, "W-a")["status"] == "PROCESSING"
    delivered = detail(own_shop, "W-b")
    assert (delivered["status"], delivered["createdAt"]) == ("DELIVERED", "2025-07-04T07:30:00Z")
    (tmp_path / "woo.csv").write_text((tmp_path / "woo.csv").read_text().replace("W-b", "W-c"))
    guessed = run("import", "woo.csv", *meant, database_url=settings.database_url)
    assert "taken for UTC's" in guessed.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.csv",), "there is no such file"),
        (("/dev/zero",), "neither a file nor a pipe"),
        (("o.csv", "--format", "xml"), "--format"),
        (("o.csv", "--trust-file"), "--trust-file goes with --update"),
        (("o.csv", "--time-zone", "Mars"), "--time-zone must be"),
        (("o.csv", "--time-zone", "Europe/Berlin"), "--time-zone and --status go with WooCommerce's files"),
        (("o.csv", "--status", "shipped=SHIPPED"), "--time-zone and --status go with WooCommerce's files"),
        (("o.csv", "--status", "shipped"), "must be such as wc-shipped=SHIPPED"),
        (("o.csv", "--status", "shipped=SENT"), "with one of PENDING, CONFIRMED"),
        (("o.csv", "--format", "woocommerce"), "looks like Shopify's orders export"),
        (("page.html",), "a web page (HTML)"),
        (("bad.jsonl",), "nothing in this file could be imported"),
    ],
)
def test_what_can_not_be_done_is_one_clear_line(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    write(tmp_path / "o.csv", full("#1"))
    (tmp_path / "page.html").write_text("<html>")
    (tmp_path / "bad.jsonl").write_text(json.dumps(order_body(items=[])))
    one_clear_line(run("import", *arguments), words)
