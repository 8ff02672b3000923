"""The audit log is append only and chained: what was changed, deleted or cut off is found and named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from alembic import command
from sqlalchemy import text
from typer.testing import CliRunner

from lib.orders_api.audit.verifying import Verdict, verify
from lib.orders_api.cli.main import cli
from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_api.store.db import Database
from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.migrations import _config, upgrade
from lib.orders_api.store.tables.audit import AuditEntry
from lib.settings import Settings
from tests.api.shop import NOW, Shop, at_once
from tests.conftest import CODE_KEY, JWT_SECRET

ACT = AuditContext("staff:sam", "support", "192.0.2.1", "request-1", NOW)
WRITER = """
import sys
from datetime import UTC, datetime
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.settings import Settings
url, jwt_secret, code_key = sys.argv[1:]
api = Api.from_settings(Settings(_env_file=None, database_url=url, jwt_secret=jwt_secret, code_key=code_key))
act = AuditContext("staff:sam", "support", "192.0.2.1", "request-1", datetime(2026, 11, 23, tzinfo=UTC))
for turn in range(40):
    with api.database.writing() as session:
        record(session, act, "test.write", "OK", detail=str(turn))
        if turn % 4 == 0:
            record(session, act, "test.write", "TWICE")
"""


def write(shop: Shop, rows: int) -> None:
    for turn in range(rows):
        with shop.api.database.writing() as session:
            record(session, ACT, "test.write", "OK", reason="why", detail=str(turn))


def look(shop: Shop, head: str | None = None) -> Verdict:
    with shop.api.database.reading() as session:
        return verify(session, shop.api.audit, head)


def tamper(shop: Shop, *statements: str) -> None:
    """Do as whoever owns the database can: switch the triggers off first."""
    if shop.api.database.is_sqlite:
        off = [
            f"DROP TRIGGER IF EXISTS {name}"
            for name in (
                "audit_log_no_update",
                "audit_log_no_delete",
                "audit_log_next",
                "audit_head_no_delete",
            )
        ]
    else:
        off = ["ALTER TABLE audit_log DISABLE TRIGGER USER", "ALTER TABLE audit_head DISABLE TRIGGER USER"]
    with shop.api.database.engine.begin() as connection:
        for statement in (*off, *statements):
            connection.execute(text(statement))


COLUMNS = "at, actor, role, action, outcome, order_number, reason, detail, client, request_id, seal"
EMPTY_HEAD = "UPDATE audit_head SET seal = '', head_seal = ''"
COPY = f"INTO audit_log (id, {COLUMNS}) SELECT {{}}, {COLUMNS} FROM audit_log WHERE id = {{}}"


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE audit_log SET actor = 'staff:eve' WHERE id = 3"], "row 3 was changed"),
        (["UPDATE audit_log SET reason = NULL WHERE id = 3"], "row 3 was changed"),
        (["UPDATE audit_log SET at = '2026-11-24 08:15:00' WHERE id = 3"], "row 3 was changed"),
        (["UPDATE audit_log SET order_number = 'X' WHERE id = 3"], "row 3 was changed"),
        (["DELETE FROM audit_log WHERE id = 3"], "row 3 is missing"),
        (["DELETE FROM audit_log WHERE id IN (3, 4)"], "rows 3 to 4 are missing"),
        (["DELETE FROM audit_log WHERE id < 3"], "rows 1 to 2 are missing"),
        (
            ["DELETE FROM audit_log WHERE id = 3", "UPDATE audit_log SET id = 3 WHERE id = 4"],
            "row 3 was changed or inserted",
        ),
        (
            ["INSERT " + COPY.format(7, 6)],
            "row 7 was",
        ),
        (
            ["INSERT " + COPY.format(0, 6)],
            "row 0 was",
        ),
        (["DELETE FROM audit_log WHERE id > 4"], "rows 5 to 6 are missing at the end"),
        (
            [
                "DELETE FROM audit_log WHERE id > 4",
                "UPDATE audit_head SET entries = 4, seal = (SELECT seal FROM audit_log WHERE id = 4)",
            ],
            "the head of the log was changed",
        ),
        (["DELETE FROM audit_log"], "rows 1 to 6 are missing at the end"),
        (["UPDATE audit_log SET seal = '' WHERE id < 3"], "row 1 was changed"),
        (["UPDATE audit_log SET seal = '', actor = 'staff:nobody'"], "row 6 was changed"),
        (
            ["UPDATE audit_log SET seal = ''", f"{EMPTY_HEAD}, unsealed = 6"],
            "the head of the log was changed",
        ),
        (["DELETE FROM audit_log", f"{EMPTY_HEAD}, entries = 0"], "the head of the log was changed"),
        (["DELETE FROM audit_log", "DELETE FROM audit_head"], "the head of the log was changed, deleted"),
    ],
)
def test_tampering_is_found_and_named(own_shop: Shop, statements: list[str], named: str) -> None:
    write(own_shop, 6)
    assert look(own_shop).faults == ()
    tamper(own_shop, *statements)
    assert named in "; ".join(look(own_shop).faults)


def test_a_log_that_was_wiped_is_not_made_good_by_what_is_written_after(own_shop: Shop) -> None:
    write(own_shop, 3)
    tamper(own_shop, "DELETE FROM audit_log", f"{EMPTY_HEAD}, entries = 0")
    write(own_shop, 2)
    (fault,) = look(own_shop).faults
    assert "the head of the log was changed" in fault


def test_a_log_is_sealed_before_anything_is_written(own_shop: Shop) -> None:
    assert look(own_shop) == Verdict(0, 0, 0, "0:", ())


def test_a_log_and_head_put_back_to_an_older_state_are_found_by_a_head_kept_elsewhere(own_shop: Shop) -> None:
    write(own_shop, 2)
    (old,) = own_shop.sql("SELECT entries, seal, head_seal FROM audit_head")
    kept_early = look(own_shop).head
    write(own_shop, 3)
    kept_late = look(own_shop).head
    assert look(own_shop, kept_early).faults == look(own_shop, kept_late).faults == ()
    values = f"entries = {old['entries']}, seal = '{old['seal']}', head_seal = '{old['head_seal']}'"
    tamper(own_shop, "DELETE FROM audit_log WHERE id > 2", f"UPDATE audit_head SET {values}")
    assert look(own_shop).faults == look(own_shop, kept_early).faults == ()
    assert look(own_shop, kept_late).faults == ("the log does not go through the head that was kept",)


def test_the_database_itself_refuses_to_put_anything_in_a_rows_place(own_shop: Shop) -> None:
    write(own_shop, 2)
    if own_shop.api.database.is_sqlite:
        statement = "INSERT OR REPLACE " + COPY.format(1, 2)
    else:
        statement = "TRUNCATE audit_log"
    with pytest.raises(Exception, match="append only"):
        own_shop.sql(statement)
    assert look(own_shop).faults == ()


def test_writers_in_threads_and_processes_make_one_chain(own_shop: Shop, settings: Settings) -> None:
    program = [sys.executable, "-c", WRITER, settings.database_url, JWT_SECRET, CODE_KEY]
    processes = [subprocess.Popen(program, stderr=subprocess.PIPE) for _ in range(2)]
    at_once(4, lambda _: write(own_shop, 15))
    for process in processes:
        assert process.communicate(timeout=60)[1] == b""
        assert process.returncode == 0
    assert (look(own_shop).entries, look(own_shop).faults) == (2 * 50 + 4 * 15, ())


def test_what_is_rolled_back_leaves_no_gap(own_shop: Shop) -> None:
    write(own_shop, 1)
    with suppress(ZeroDivisionError), own_shop.api.database.writing() as session:
        record(session, ACT, "test.write", "OK")
        raise ZeroDivisionError
    write(own_shop, 1)
    assert (look(own_shop).entries, look(own_shop).faults) == (2, ())


def test_a_store_without_a_chain_takes_no_act_in_silence(settings: Settings) -> None:
    database = Database(settings.database_url)
    with pytest.raises(RuntimeError, match="audit"), database.writing() as session:
        record(session, ACT, "test.write", "OK")
    database.close()


def test_another_key_does_not_fit(
    own_shop: Shop, open_shop: Callable[[Settings], Shop], settings: Settings
) -> None:
    write(own_shop, 1)
    other = open_shop(settings.model_copy(update={"code_key": settings.jwt_secret}))
    assert look(other).faults


@pytest.fixture
def log_before_the_chain(empty_database_url: str) -> str:
    """A store as it was before the audit log was a chain, with two rows."""
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        command.upgrade(_config(connection), "0003")
    columns = "at, actor, role, action, outcome, request_id"
    row = (
        f"INSERT INTO audit_log ({columns}) VALUES ('2026-01-01 00:00:00', 'staff:x', 'ops', 'a', 'OK', 'r')"
    )
    with engine.begin() as connection:
        for _ in range(2):
            connection.execute(text(row))
    engine.dispose()
    return empty_database_url


def test_how_many_rows_came_before_the_chain_is_sealed_by_the_migration(
    log_before_the_chain: str, open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings]
) -> None:
    upgrade(log_before_the_chain, sealer=Sealer(CODE_KEY))
    shop = open_shop(make_settings(database_url=log_before_the_chain))
    assert (look(shop).entries, look(shop).unsealed, look(shop).faults) == (2, 2, ())
    write(shop, 2)
    assert (look(shop).entries, look(shop).unsealed, look(shop).faults) == (4, 2, ())
    tamper(shop, "UPDATE audit_log SET seal = '', actor = 'staff:nobody' WHERE id = 3")
    assert "row 3 was changed" in look(shop).faults[0]


def test_a_store_that_is_migrated_without_the_key_is_not_whole(
    log_before_the_chain: str, open_shop: Callable[[Settings], Shop], make_settings: Callable[..., Settings]
) -> None:
    upgrade(log_before_the_chain)
    shop = open_shop(make_settings(database_url=log_before_the_chain))
    write(shop, 1)
    assert "never sealed" in look(shop).faults[-1]


@pytest.mark.parametrize("head", [None, "UPDATE audit_head SET entries = 5", EMPTY_HEAD])
def test_a_chain_from_before_its_beginning_was_sealed_goes_on_if_nobody_changed_it(
    empty_database_url: str,
    open_shop: Callable[[Settings], Shop],
    make_settings: Callable[..., Settings],
    head: str | None,
) -> None:
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        command.upgrade(_config(connection), "0020")
    shop = open_shop(make_settings(database_url=empty_database_url))
    seal_as_before(shop, 3)
    if head is not None:
        tamper(shop, head)
    # The key may have been changed since.
    newer = f"newer-{CODE_KEY}"
    upgrade(empty_database_url, sealer=Sealer(newer, CODE_KEY))
    if head is not None:
        tamper(shop)
    shop = open_shop(make_settings(database_url=empty_database_url, code_key=f"{newer},{CODE_KEY}"))
    write(shop, 1)
    assert bool(look(shop).faults) == (head is not None)
    engine.dispose()


def seal_as_before(shop: Shop, rows: int) -> None:
    """Write rows as it was done before: the head had no column for how many came unsealed."""
    seal = ""
    for number in range(1, rows + 1):
        entry = AuditEntry(
            id=number, at=NOW, actor="staff:x", role="ops", action="a", outcome="OK", request_id="r"
        )
        seal = entry.seal = shop.api.audit.seal_of(entry, seal)
        with shop.api.database.writing() as session:
            session.add(entry)
    head_seal = shop.api.sealer.audit_mac(json.dumps(["head", rows, seal]))
    shop.sql("UPDATE audit_head SET entries = :n, seal = :s, head_seal = :h", n=rows, s=seal, h=head_seal)


def test_the_command_says_whether_the_log_is_whole(own_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "jwt_secret", "code_key"):
        value = getattr(own_shop.settings, name)
        monkeypatch.setenv(f"ORDERS_{name.upper()}", getattr(value, "get_secret_value", lambda v=value: v)())
    run = partial(CliRunner().invoke, cli)
    assert run(["audit"]).exit_code == 1
    write(own_shop, 3)
    whole = run(["audit", "--verify"])
    assert (whole.exit_code, whole.stdout.splitlines()[0]) == (0, "The audit log is whole: 3 rows.")
    head = whole.stdout.split()[-1]
    assert run(["audit", "--verify", "--head", head]).exit_code == 0
    tamper(own_shop, "DELETE FROM audit_log WHERE id = 2")
    found = run(["audit", "--verify", "--head", head])
    assert (found.exit_code, found.stdout) == (1, "row 2 is missing, and row 3 can't be checked without\n")
    assert "1 fault" in found.stderr
