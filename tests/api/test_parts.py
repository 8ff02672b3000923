"""Kept counts of parts of search texts: whatever happens to orders, they say what each text says."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from lib.orders_api.__main__ import cli
from lib.orders_api.orders import common_parts, listing, pairs, parts
from lib.settings import Settings
from tests.api.shop import NOW, Shop, at_once
from tests.api.stats_model import order_row, store

LETTERS = "aabbcé*[?%_/'\n田中 "
CHANGES = (
    "UPDATE orders SET search_text = search_text || 'abab' WHERE id % 5 = {n}",
    "UPDATE orders SET search_text = '田' WHERE id % 7 = {n}",
    "UPDATE orders SET status = 'SHIPPED'",
    "DELETE FROM orders WHERE id % 6 = {n}",
)


def add_orders(shop: Shop, chance: random.Random, count: int) -> None:
    texts = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 9))) for _ in range(count)]
    rows = [order_row(chance, NOW, search_text=each) for each in texts]
    store(shop.api.database.engine, rows)


def texts_of(shop: Shop) -> list[str]:
    return [row["search_text"] for row in shop.sql("SELECT search_text FROM orders")]


def fold(shop: Shop) -> None:
    parts.fold_parts(shop.api.database, least=1)


def keep_common(shop: Shop) -> None:
    common_parts.keep_common(shop.api.database, least=1)


def differences(shop: Shop) -> list[str]:
    with shop.api.database.reading() as session:
        return parts.differences(session)


def kept(shop: Shop, wanted: set[str]) -> dict[str, int | None]:
    with shop.api.database.reading() as session:
        return {part: parts.kept_total(session, part) for part in wanted}


@pytest.mark.parametrize("seed", range(3))
def test_every_kept_count_is_that_of_a_recount_whatever_happened(
    own_shop: Shop, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BATCH", 7)  # batches begin and end in the middle of one change
    monkeypatch.setattr(parts, "_ROWS_A_STATEMENT", 5)
    chance = random.Random(seed)
    for _ in range(8):
        add_orders(own_shop, chance, 20)
        with own_shop.api.database.engine.connect() as connection:
            connection.execute(text(chance.choice(CHANGES).format(n=chance.randrange(5))))
            connection.rollback() if chance.random() < 0.3 else connection.commit()
        if chance.random() < 0.5:
            fold(own_shop)
        if chance.random() < 0.5:
            keep_common(own_shop)
    keep_common(own_shop)
    assert differences(own_shop) == []
    texts = texts_of(own_shop)
    short = {each[at : at + size] for each in texts for at in range(len(each)) for size in (1, 2)}
    wanted = short | {"zz", "b*", "[?"}
    assert kept(own_shop, wanted) == {part: sum(part in each for each in texts) for part in wanted}
    common = {row["part"] for row in own_shop.sql("SELECT part FROM search_parts") if len(row["part"]) > 2}
    assert common
    assert kept(own_shop, common) == {part: sum(part in each for each in texts) for part in common}
    assert kept(own_shop, {"", "no part of any"}) == {"": None, "no part of any": None}


def test_common_parts_are_those_that_many_orders_share(own_shop: Shop) -> None:
    names = ["jane doe", *("ann roe" for _ in range(3)), *(f"{at:x}{at:x}{at:x}" for at in range(90))]
    rows = [order_row(random.Random(at), NOW, search_text=name) for at, name in enumerate(names)]
    store(own_shop.api.database.engine, rows)
    with own_shop.api.database.reading() as session:
        chosen = common_parts.choose_parts(session, least=1)
        assert common_parts.choose_parts(session) == []
    assert {part for part in chosen if not part.isalnum()} == {
        "ann roe"[start:end] for start in range(7) for end in range(start + 3, 8) if start <= 3 < end
    }  # fmt: skip
    assert "jan" not in chosen
    assert all(part[:-1] in chosen[:at] for at, part in enumerate(chosen) if len(part) > 3)


def test_what_many_change_at_once_while_others_fold_is_counted_once(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common_parts, "SHARED_BY", 0.1)
    add_orders(own_shop, random.Random(9), 40)

    def act(number: int) -> None:
        if number % 4 == 0:
            fold(own_shop)
        elif number % 4 == 1:
            keep_common(own_shop)
        else:
            own_shop.create()

    at_once(16, act)
    assert differences(own_shop) == []
    fold(own_shop)
    assert differences(own_shop) == []
    assert own_shop.count("search_changes") == 0


def test_nobody_begins_to_keep_a_count_while_another_folds(own_shop: Shop) -> None:
    add_orders(own_shop, random.Random(3), 30)
    fold(own_shop)
    own_shop.sql("UPDATE orders SET search_text = 'abcd'")
    database = own_shop.api.database
    with database.writing() as session:
        assert parts.fold_batch(session) > 0
        keeping = threading.Thread(target=common_parts.keep_part, args=(database, "abc"))
        keeping.start()
        keeping.join(0.3)
    keeping.join()
    assert kept(own_shop, {"abc"}) == {"abc": own_shop.count("orders")}
    assert differences(own_shop) == []


def found(shop: Shop, q: str) -> set[str]:
    query = urlencode({"q": q, "limit": 200})
    body = shop.get(f"/v1/orders?{query}", shop.staff("support")).json
    assert body["total"] == len(body["items"])
    return {item["orderNumber"] for item in body["items"]}


@pytest.mark.parametrize("most", [pairs.MOST_TRIGRAMS, 0], ids=["by trigrams", "by each text"])
def test_a_pair_is_found_wherever_it_stands_and_whenever_it_came(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(pairs, "MOST_TRIGRAMS", most)
    monkeypatch.setattr(listing, "COMMON", 1)
    texts = (
        "*_ first",
        "in a*_middle",
        "a\n*_line",
        "at its end*_",
        "*_*_",
        "*x_",
        "a_*",
        "",
        "*",
        "_",
        "*_",
    )
    batches = {"before": texts, "after": (*texts, "after what stands nowhere else: é*_")}
    for when, batch in batches.items():
        chance = random.Random(1)
        rows = [order_row(chance, NOW, search_text=each, order_number=f"{when} {each}") for each in batch]
        store(own_shop.api.database.engine, rows)
        if when == "before":
            fold(own_shop)
    holding = {f"{when} {each}" for when, batch in batches.items() for each in batch if "*_" in each}
    assert found(own_shop, "*_") == holding
    fold(own_shop)
    assert found(own_shop, "*_") == holding
    assert found(own_shop, "*z") == set()


def test_one_customers_search_counts_none_but_their_own(own_shop: Shop) -> None:
    mine = own_shop.create(customerId="c-1")["orderNumber"]
    own_shop.create(customerId="c-2")
    fold(own_shop)
    answer = own_shop.get("/v1/orders?q=t-", own_shop.customer("c-1")).json
    assert (answer["total"], [item["orderNumber"] for item in answer["items"]]) == (1, [mine])


def test_the_command_finds_a_wrong_count_and_mends_it(
    own_shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERS_DATABASE_URL", settings.database_url)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["stats", *arguments])

    add_orders(own_shop, random.Random(2), 50)
    fold(own_shop)
    keep_common(own_shop)
    common = own_shop.sql("SELECT count(*) AS n FROM search_parts WHERE length(part) > 2")[0]["n"]
    assert common > 0
    assert run("--verify").exit_code == 0
    own_shop.sql("UPDATE search_parts SET orders = orders + 2 WHERE part = 'ab'")
    said = run("--verify")
    assert said.exit_code == 1
    assert "parts of texts: 'ab', 2" in said.output
    assert run("--rebuild").exit_code == 0
    assert differences(own_shop) == []
    assert own_shop.sql("SELECT count(*) AS n FROM search_parts WHERE length(part) > 2")[0]["n"] == common
