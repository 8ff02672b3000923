"""Kept counts of parts of search texts: whatever happens to orders, they say what each text says."""

from __future__ import annotations

import random
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from lib.orders_api.app.factory import worker
from lib.orders_api.cli.main import cli
from lib.orders_api.orders import common_parts, parts, recounting
from lib.orders_api.stats import keeping
from lib.orders_api.store import db
from lib.settings import Settings
from tests.api.shop import NOW, Shop, at_once
from tests.api.stats_model import order_row, store
from tests.api.text_parts import differences, fold, keep_common, kept, store_texts

LETTERS = "aabbcé*[?%_/'\n田中 "
CHANGES = (
    "UPDATE orders SET search_text = search_text || 'abab' WHERE id % 5 = {n}",
    "UPDATE orders SET search_text = '田' WHERE id % 7 = {n}",
    "UPDATE orders SET status = 'SHIPPED'",
    "DELETE FROM orders WHERE id % 6 = {n}",
)


def add_orders(shop: Shop, chance: random.Random, count: int) -> None:
    texts = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 9))) for _ in range(count)]
    store_texts(shop, texts, chance)


def texts_of(shop: Shop) -> list[str]:
    return [row["search_text"] for row in shop.sql("SELECT search_text FROM orders")]


@pytest.mark.parametrize("seed", range(3))
def test_every_kept_count_is_that_of_a_recount_whatever_happened(
    own_shop: Shop, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BATCH", 7)  # batches begin and end in the middle of one change
    monkeypatch.setattr(parts, "_ROWS_A_STATEMENT", 5)
    monkeypatch.setattr(db, "BETWEEN_TURNS_SECONDS", 0)  # nobody else waits here
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


def test_common_parts_are_those_that_many_customers_share(own_shop: Shop) -> None:
    chance = random.Random(5)
    store_texts(
        own_shop, ["jane doe", *["ann-roe x"] * 3, *(f"{at:x}{at:x}{at:x}" for at in range(90))], chance
    )
    buyer = [order_row(chance, NOW, search_text="buys@a.lot", email_key="buys@a.lot") for _ in range(20)]
    store(own_shop.api.database.engine, buyer)
    with own_shop.api.database.reading() as session:
        chosen = common_parts.choose_parts(session, least=1)
        assert common_parts.choose_parts(session) == []
    word = "ann-roe"
    assert {part for part in chosen if not part.isalnum()} == {
        word[start:end] for start in range(5) for end in range(start + 3, 8) if start <= 3 < end
    }  # fmt: skip
    assert "jan" not in chosen
    assert all(part[:-1] in chosen[:at] for at, part in enumerate(chosen) if len(part) > 3)


def test_a_part_is_kept_with_all_its_beginnings_or_not_at_all(own_shop: Shop) -> None:
    database, chance = own_shop.api.database, random.Random(6)
    store_texts(own_shop, ["abcd"] * 5, chance)
    common_parts.keep_part(database, "abc")  # of which all are still noted, so that there is nothing to keep
    fold(own_shop)
    common_parts.keep_part(database, "abcd")
    store_texts(own_shop, ["abcd"] * 3, chance)
    fold(own_shop)
    assert kept(own_shop, {"abcd"})["abcd"] in (None, 8)
    assert differences(own_shop) == []


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
        assert not parts.fold_batch(session)
        keeper = threading.Thread(target=common_parts.keep_part, args=(database, "abc"))
        keeper.start()
        keeper.join(0.3)
    keeper.join()
    assert kept(own_shop, {"abc"}) == {"abc": own_shop.count("orders")}
    assert differences(own_shop) == []


def test_a_count_that_others_begin_to_keep_waits_for_the_recount(own_shop: Shop) -> None:
    database = own_shop.api.database
    store_texts(own_shop, ["abcd"] * 5, random.Random(7))
    fold(own_shop)
    store_texts(own_shop, ["abcd"] * 4, random.Random(8))
    with database.writing() as session:
        keeping.see_one_state(session)
        recounting.rebuild(session)
        keeper = threading.Thread(target=common_parts.keep_part, args=(database, "abc"))
        keeper.start()
        keeper.join(0.3)
    keeper.join()
    assert kept(own_shop, {"abc"}) == {"abc": 9}
    assert differences(own_shop) == []


def test_whoever_writes_gets_a_turn_while_others_fold(own_shop: Shop) -> None:
    database, written = own_shop.api.database, threading.Event()
    turns: list[int] = []

    def fold_on(_: Session) -> bool:
        turns.append(1)
        if len(turns) == 1:
            writer.start()
        return not written.is_set() and len(turns) < 50

    def write() -> None:
        own_shop.create()
        written.set()

    writer = threading.Thread(target=write)
    database.write_by_turns(fold_on)
    writer.join()
    assert len(turns) < 50


def test_the_worker_folds_and_chooses_by_itself(own_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BATCH", 400)
    monkeypatch.setattr(worker, "keep_common", partial(common_parts.keep_common, least=1))
    store_texts(own_shop, ["abcd"] * parts.WORTH_FOLDING, random.Random(9))
    work, waiting = worker.Worker(own_shop.api), threading.Event()
    work.start()
    try:
        for _ in range(400):
            if kept(own_shop, {"abcd"}) != {"abcd": None}:
                break
            waiting.wait(0.05)
    finally:
        work.stop()
    assert kept(own_shop, {"abcd"}) == {"abcd": parts.WORTH_FOLDING}
    assert own_shop.count("search_changes") == 0


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
    assert CliRunner().invoke(cli, ["seed", "--orders", "5"]).exit_code == 0
    assert (own_shop.count("orders"), own_shop.count("search_changes")) == (55, 0)
    assert differences(own_shop) == []
