"""The Orders API's commands: help, what they do, and one clear line for input that can't be right."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from lib.orders_api.domain.clock import system_clock
from lib.settings import Settings
from tests.api.command_line import Run, one_clear_line
from tests.api.serving import Served, environment, start
from tests.api.shop import Shop
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.databases import Databases
from tests.servers.postgres import free_port
from tests.servers.smtp import MailServer

COMMANDS = ("serve", "migrate", "seed", "import", "token", "mail")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


def test_the_commands_are_listed(run: Run) -> None:
    listed = run("--help").stdout
    assert all(command in listed for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("serve", "--port", "0"),
        ("serve", "--port", "65536"),
        ("serve", "--port", "x"),
        ("serve", "--workers", "0"),
        ("serve", "--nonsense"),
        ("seed",),
        ("seed", "--orders", "0"),
        ("seed", "--orders", "many"),
        ("seed", "--orders", "1", "--seed", "x"),
        ("token",),
        ("token", "--customer", "c-1", "--staff", "sam"),
        ("token", "--staff", "sam"),
        ("token", "--customer", "c-1", "--role", "support"),
        ("token", "--staff", "sam", "--role", "boss"),
        ("token", "--customer", "c-1", "--minutes", "0"),
        ("token", "--customer", ""),
        ("token", "--staff", "", "--role", "support"),
        ("mail", "more"),
    ],
)
def test_arguments_that_cant_be_right_end_in_one_clear_line(run: Run, arguments: tuple[str, ...]) -> None:
    one_clear_line(run(*arguments))


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("seed", "--orders", "1"), ("mail",)])
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("jwt_secret", "SECRET-too-short"),
        ("code_key", "SECRET-too-short"),
        ("database_url", "mysql://SECRET"),
        ("tracking_url", "https://SECRET.example"),
        ("pii_policy", "SECRET"),
    ],
)
def test_a_setting_that_cant_be_right_is_named_without_its_value(
    run: Run, command: tuple[str, ...], setting: str, value: str
) -> None:
    result = run(*command, **{setting: value})
    one_clear_line(result, f"ORDERS_{setting.upper()}")
    assert "SECRET" not in result.output.replace("ORDERS_JWT_SECRET", "")


def test_postgresql_without_secrets_is_refused(run: Run, databases: object) -> None:
    from tests.servers.databases import Databases

    assert isinstance(databases, Databases)
    url = databases.fresh("postgresql")
    one_clear_line(run("serve", database_url=url), "ORDERS_JWT_SECRET")
    one_clear_line(run("serve", database_url=url, jwt_secret=JWT_SECRET), "ORDERS_CODE_KEY")
    one_clear_line(run("token", "--customer", "c-1", database_url=url), "ORDERS_JWT_SECRET")


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("seed", "--orders", "1"), ("mail",)])
def test_a_database_that_nobody_answers_for_is_said_in_one_line(run: Run, command: tuple[str, ...]) -> None:
    url = f"postgresql+psycopg://user:SECRET@127.0.0.1:{free_port()}/orders"
    result = run(*command, database_url=url, jwt_secret=JWT_SECRET, code_key=CODE_KEY)
    one_clear_line(result, "ORDERS_DATABASE_URL")
    assert "SECRET" not in result.output


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("mail",)])
def test_a_file_that_is_no_database_is_said_in_one_line(
    run: Run, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    one_clear_line(run(*command, database_url="sqlite:///letter.txt"), "database")
    one_clear_line(run(*command, database_url="sqlite:///letter.txt/orders.db"))
    assert (tmp_path / "letter.txt").read_text().startswith("Dear")


def test_a_server_without_the_schema_is_not_served_until_it_is_migrated(
    run: Run, empty_database_url: str
) -> None:
    secrets = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    if empty_database_url.startswith("postgresql"):
        one_clear_line(run("serve", database_url=empty_database_url, **secrets), "migrate")
        one_clear_line(run("mail", database_url=empty_database_url, **secrets), "migrate")
    for _ in range(2):
        result = run("migrate", database_url=empty_database_url, **secrets)
        assert (result.exit_code, result.stdout) == (0, "The database has the current schema.\n")
    assert (
        run("mail", database_url=empty_database_url, jwt_secret=JWT_SECRET, code_key=CODE_KEY).exit_code == 0
    )


def test_a_server_migrated_without_the_key_is_told_what_that_costs(run: Run, databases: Databases) -> None:
    server = databases.postgres
    url = server.url(server.create_database())
    result = run("migrate", database_url=url)
    assert result.exit_code == 0
    assert "not sealed from its beginning" in result.stderr
    kept = {"database_url": url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    assert "never sealed" in run("audit", "--verify", **kept).output
    sealed = server.url(server.create_database())
    assert "sealed" not in run("migrate", database_url=sealed, code_key=CODE_KEY).stderr
    kept |= {"database_url": sealed}
    assert run("audit", "--verify", **kept).exit_code == 0


def test_a_store_of_a_newer_version_is_left_alone_and_said(
    run: Run, settings: Settings, own_shop: Shop
) -> None:
    kept = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    own_shop.sql("UPDATE alembic_version SET version_num = '9999'")
    for command in (["migrate"], ["serve"], ["mail"], ["seed", "--orders", "1"]):
        one_clear_line(run(*command, **kept), "newer version")
    assert own_shop.count("orders") == 0
    answer = own_shop.get("/readyz")
    assert (answer.status, "newer version" in answer.json["detail"]) == (503, True)


def test_machines_that_migrate_at_once_do_it_one_after_the_other(
    databases: Databases, tmp_path: Path
) -> None:
    server = databases.postgres
    kept = {
        "database_url": server.url(server.create_database()),
        "jwt_secret": JWT_SECRET,
        "code_key": CODE_KEY,
    }
    machines = [start(tmp_path, "migrate", **kept) for _ in range(3)]
    for machine in machines:
        said, complained = machine.communicate(timeout=120)
        assert (machine.returncode, said) == (0, "The database has the current schema.\n"), complained


def test_tokens_are_good_at_the_door(run: Run, settings: Settings, own_shop: Shop) -> None:
    kept = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    number = own_shop.create(customerId="c-5")["orderNumber"]
    customer = run("token", "--customer", "c-5", **kept).stdout.strip()
    assert own_shop.order(number, customer)["contactMasked"] is False
    staff = run("token", "--staff", "olga", "--role", "ops", "--role", "support", "--minutes", "2", **kept)
    claims = jwt.decode(staff.stdout.strip(), JWT_SECRET, ["HS256"])
    assert (claims["sub"], claims["scope"], claims["roles"]) == ("olga", "staff", ["ops", "support"])
    assert claims["exp"] - claims["iat"] == 120
    assert own_shop.cancel(number, token=staff.stdout.strip()).status == 200


def test_secrets_are_made_once_and_kept_private(run: Run, tmp_path: Path) -> None:
    first = run("token", "--customer", "c-1")
    assert first.exit_code == 0
    secret = tmp_path / "data" / "jwt_secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    before = secret.read_text()
    run("token", "--customer", "c-1")
    assert secret.read_text() == before
    assert jwt.decode(first.stdout.strip(), before, ["HS256"])["sub"] == "c-1"


def test_mail_lists_what_waits_without_addresses_or_codes(
    run: Run, settings: Settings, own_shop: Shop
) -> None:
    kept = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    assert run("mail", **kept).stdout == "0 waiting.\n"
    number = own_shop.create()["orderNumber"]
    code = own_shop.new_code(number)
    listed = run("mail", **kept).stdout
    assert "CONFIRMATION" in listed
    assert "ACCESS_CODE" in listed
    assert listed.endswith("2 waiting.\n")
    assert code not in listed
    assert "jane" not in listed


def test_mail_send_delivers_now_and_says_what_it_did(
    run: Run, settings: Settings, own_shop: Shop, smtp_server: MailServer
) -> None:
    kept = {"database_url": settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    one_clear_line(run("mail", "--send", **kept), "ORDERS_SMTP_URL")
    one_clear_line(run("mail", "--send", smtp_url="smtp://h:99999", **kept), "ORDERS_SMTP_URL")
    own_shop.clock.now = system_clock()  # the command has no other: after a day it would give up
    own_shop.create()
    smtp_server.refuse_with = "451 later"
    failed = run("mail", "--send", smtp_url=smtp_server.url, **kept)
    assert "0 sent, 1 failed." in failed.stdout
    one_clear_line(failed, "outbox")
    assert "SMTPDataError 451" in run("mail", **kept).stdout
    own_shop.sql("UPDATE outbox SET due_at = created_at")
    smtp_server.refuse_with = None
    assert run("mail", "--send", smtp_url=smtp_server.url, **kept).stdout == "1 sent, 0 failed.\n"
    assert len(smtp_server.messages) == 1
    assert run("mail", **kept).stdout == "0 waiting.\n"


def test_a_taken_port_is_said_with_what_to_do(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        one_clear_line(run("serve", "--port", port), port, "--port")


def test_the_demonstration_is_served_on_this_machine_only(run: Run) -> None:
    one_clear_line(run("serve", "--host", "0.0.0.0", "--port", str(free_port())), "ORDERS_DEMO")


def test_serve_refuses_a_mail_server_that_cant_be_one(run: Run) -> None:
    one_clear_line(run("serve", smtp_url="http://SECRET", port="1"), "ORDERS_SMTP_URL")


def test_serve_makes_its_store_serves_and_stops_when_told(tmp_path: Path) -> None:
    with Served(tmp_path) as api:
        assert (tmp_path / "data" / "orders.db").exists()
        api.process.send_signal(signal.SIGTERM)
        assert api.process.wait(15) in (0, -signal.SIGTERM)
    assert "Traceback" not in api.said


def test_serve_stops_when_its_parent_is_gone(tmp_path: Path) -> None:
    with Served(tmp_path, "--until-stdin-closes") as api:
        assert api.process.stdin is not None
        api.process.stdin.close()
        assert api.process.wait(15) == 0


def test_serve_by_several_processes_stops_whole(tmp_path: Path, settings: Settings) -> None:
    kept = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    with Served(tmp_path, "--workers", "2", database_url=settings.database_url, **kept) as api:
        assert all(api.is_ready() for _ in range(6))
    assert not api.is_ready()


def test_a_command_run_as_a_program_ends_with_its_status(tmp_path: Path) -> None:
    bad = start(tmp_path, "token")
    _, errors = bad.communicate(timeout=60)
    assert bad.returncode == 1
    assert errors == "Error: give either --customer ID, or --staff NAME with --role ROLE\n"
    good = subprocess.run(
        [sys.executable, "-m", "lib.orders_api", "--help"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert good.returncode == 0
