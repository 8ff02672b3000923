"""A backup is whole or none, so is a store that is made of one, and whoever was forgotten stays so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.orders_api.backup import BackupError, back_up, restore
from lib.orders_api.forgetting import forget_customer, forget_order
from lib.orders_api.store.engine import create_store_engine
from lib.settings import Settings
from tests.api.command_line import Run, one_clear_line
from tests.api.serving import environment
from tests.api.shop import MakeShop, Shop, order_body
from tests.api.test_audit_chain import look
from tests.api.test_forget import EMAIL, everything, filled, rosas
from tests.api.test_staff_sessions import stands
from tests.conftest import CODE_KEY, JWT_SECRET

__all__ = ["filled"]

WHOLE = "SELECT order_number, status, email, grand_total, tracking_token FROM orders ORDER BY id"
# Kills itself, as `kill -9` would, in the middle of the named step.
KILLED = """
import os, signal, sys
from lib.orders_api.backup import service
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
real = service.{name}
def half(*given, **more):
    if {before}: die()
    real(*given, **more)
    die()
service.{name} = half
from lib.orders_api.cli.main import cli
cli()
"""
MakeSettings = Callable[..., Settings]


@pytest.fixture
def elsewhere(settings: Settings, empty_database_url: str) -> Settings:
    """The same shop with a store that is empty."""
    return settings.model_copy(update={"database_url": empty_database_url})


def given(settings: Settings) -> dict[str, str]:
    keys = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    return {"database_url": settings.database_url, "forgotten_file": str(settings.ledger_path), **keys}


def test_a_store_is_kept_while_it_is_served_and_is_made_of_its_backup_whole(
    own_shop: Shop, elsewhere: Settings, open_shop: MakeShop, run: Run, tmp_path: Path
) -> None:
    for number in range(5):
        own_shop.create(orderNumber=f"B-{number}")
    code, file = own_shop.new_code("B-1"), tmp_path / "kept.backup"
    before = own_shop.sql(WHOLE)
    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(run, "backup", str(file), **given(own_shop.settings))
        while not kept.done():
            own_shop.create(orderNumber=None)
        assert kept.result().exit_code == 0, kept.result().output
    assert (file.stat().st_mode & 0o777, list(tmp_path.glob("*.part*"))) == (0o600, [])
    one_clear_line(run("backup", str(file), **given(own_shop.settings)), "is there already")
    done = run("restore", str(file), **given(elsewhere))
    assert done.exit_code == 0, done.output
    restored = open_shop(elsewhere)
    assert restored.sql(WHOLE)[:5] == before
    assert restored.verify("B-1", code).code == "INVALID_CODE"
    assert not stands(restored, "sam", "signed out since")
    assert stands(restored, "sam", "new", datetime.now(UTC) + timedelta(minutes=1))
    assert restored.get("/readyz").status == 200
    assert restored.get("/v1/orders?q=B-3").json["total"] == 1
    assert look(restored).faults == ()
    actions = {row["action"] for row in restored.sql("SELECT action FROM audit_log")}
    assert "store.restore" in actions
    one_clear_line(run("restore", str(file), **given(elsewhere)), "the store is not empty")


def test_who_is_forgotten_after_a_backup_is_nowhere_in_what_is_made_of_it(
    filled: Shop, elsewhere: Settings, open_shop: MakeShop, tmp_path: Path
) -> None:
    rosas(filled, "R-3", email=None)
    other = rosas(filled, "R-4", email="someone@example.com", customerId=None)
    back_up(filled.api, tmp_path / "before")
    forget_customer(filled.api, EMAIL)
    forget_order(filled.api, "R-3")
    filled.clock.advance(3600)
    later = order_body(orderNumber="R-9", email=EMAIL)
    filled.post("/v1/orders", later)
    back_up(filled.api, tmp_path / "after")
    done = restore(elsewhere, tmp_path / "before")
    assert done.forgotten == 2
    restored = open_shop(elsewhere)
    left = [line for line in everything(restored).splitlines() if not line.startswith("audit_log.")]
    theirs = [line for line in left if "R-4" not in line and "someone" not in line]
    for secret in ("forgetmenot@example", "c-rosa", "JJD-ROSA", "Her dog bites"):
        assert secret.casefold() not in "\n".join(theirs).casefold(), secret
    rows = {row["order_number"]: row for row in restored.sql("SELECT * FROM orders")}
    assert {rows[number]["customer_name"] for number in ("R-1", "R-2", "R-3")} == {"Forgotten customer"}
    assert (rows[other]["customer_name"], rows["J-1"]["customer_name"]) == ("Rosa Forgetmenot", "Jane Doe")
    assert look(restored).faults == ()


def test_who_comes_back_after_being_forgotten_is_no_stranger_to_a_restored_store(
    filled: Shop, elsewhere: Settings, open_shop: MakeShop, tmp_path: Path
) -> None:
    forget_customer(filled.api, EMAIL)
    filled.clock.advance(3600)
    filled.post("/v1/orders", order_body(orderNumber="R-9", email=EMAIL))
    back_up(filled.api, tmp_path / "after")
    restore(elsewhere, tmp_path / "after")
    (row,) = open_shop(elsewhere).sql("SELECT email FROM orders WHERE order_number = 'R-9'")
    assert row["email"] == EMAIL


def test_a_restore_without_the_ledger_or_the_key_is_refused(
    filled: Shop, elsewhere: Settings, tmp_path: Path
) -> None:
    forget_customer(filled.api, EMAIL)
    back_up(filled.api, tmp_path / "kept")
    empty = elsewhere.model_copy(update={"forgotten_file": tmp_path / "none"})
    with pytest.raises(BackupError, match="fewer forgotten customers"):
        restore(empty, tmp_path / "kept")
    foreign = elsewhere.model_copy(update={"code_key": elsewhere.jwt_secret})
    with pytest.raises(BackupError, match="needs the key"):
        restore(foreign, tmp_path / "kept")
    assert not _tables(elsewhere)


def test_what_was_cut_off_or_changed_is_no_backup(
    own_shop: Shop, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    own_shop.create()
    file, bad = tmp_path / "kept", tmp_path / "bad"
    back_up(own_shop.api, file)
    whole = file.read_bytes()
    for content in (b"", whole[: len(whole) // 2], whole[:-1], b"no backup"):
        bad.write_bytes(content)
        one_clear_line(run("restore", str(bad), **given(elsewhere)), "is no whole backup")
    with zipfile.ZipFile(file) as archive:
        manifest, store = json.loads(archive.read("manifest.json")), archive.read("store")
    for changes, content, words in (
        ({}, store[:-1] + bytes([store[-1] ^ 1]), "its checksum differs"),
        ({"schema": "9999"}, store, "a newer Order Desk"),
        ({"engine": "other"}, store, "is of other"),
    ):
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr("manifest.json", json.dumps(manifest | changes))
            archive.writestr("store", content)
        one_clear_line(run("restore", str(bad), **given(elsewhere)), words)
    one_clear_line(run("restore", str(tmp_path / "none"), **given(elsewhere)), "there is no")
    assert not _tables(elsewhere)


def _tables(settings: Settings) -> bool:
    engine = create_store_engine(settings.database_url)
    from sqlalchemy import inspect

    with engine.connect() as connection:
        found = inspect(connection).get_table_names()
    engine.dispose()
    return bool(found)


def killed(folder: Path, settings: Settings, name: str, before: bool, *arguments: str) -> None:
    program = KILLED.format(name=name, before=before)
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment(**given(settings)),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_backup_that_is_killed_in_the_middle_leaves_none(own_shop: Shop, tmp_path: Path, run: Run) -> None:
    own_shop.create()
    file = tmp_path / "kept"
    killed(tmp_path, own_shop.settings, "pack", False, "backup", str(file))
    assert not file.exists()
    assert {each.stat().st_mode & 0o777 for each in tmp_path.glob("kept.*")} == {0o600}
    assert run("backup", str(file), **given(own_shop.settings)).exit_code == 0
    assert [each.name for each in tmp_path.glob("kept*")] == ["kept"]


@pytest.mark.parametrize(("name", "before"), [("upgrade", True), ("_finish", False)])
def test_a_restore_that_is_killed_in_the_middle_leaves_nothing_that_passes_for_whole(
    own_shop: Shop, elsewhere: Settings, tmp_path: Path, run: Run, name: str, before: bool
) -> None:
    own_shop.create(orderNumber="B-1")
    file = tmp_path / "kept"
    back_up(own_shop.api, file)
    killed(tmp_path, elsewhere, name, before, "restore", str(file))
    if elsewhere.is_sqlite:
        assert not _tables(elsewhere)
        assert run("restore", str(file), **given(elsewhere)).exit_code == 0
        return
    one_clear_line(run("mail", **given(elsewhere)), "a restore was cut off")
    one_clear_line(run("restore", str(file), **given(elsewhere)), "a restore was cut off in it")


def test_a_database_server_that_is_left_while_it_is_filled_has_nothing(
    own_shop: Shop, elsewhere: Settings, tmp_path: Path, run: Run
) -> None:
    if elsewhere.is_sqlite:
        return
    own_shop.create(orderNumber="B-1")
    file = tmp_path / "kept"
    back_up(own_shop.api, file)
    blocker = create_store_engine(elsewhere.database_url)
    with blocker.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE timeline ()")
        process = subprocess.Popen(
            [sys.executable, "-m", "lib.orders_api", "restore", str(file)],
            cwd=tmp_path,
            env=environment(**given(elsewhere)),
            start_new_session=True,
        )
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with blocker.connect() as other:
            while not other.exec_driver_sql(waiting).scalar():
                assert process.poll() is None
                other.rollback()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        connection.rollback()
    blocker.dispose()
    done = run("restore", str(file), **given(elsewhere))
    assert done.exit_code == 0, done.output
