"""The Orders API's commands (contract, section 8): `python -m lib.orders_api COMMAND`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from lib.orders_api.app.server import serve as serve_api
from lib.orders_api.cli import upkeep
from lib.orders_api.cli.console import fail, one_clear_line, open_store
from lib.orders_api.domain.clock import system_clock
from lib.orders_api.domain.tokens import MAX_SUBJECT, Role, is_subject
from lib.orders_api.domain.zones import zone_of
from lib.orders_api.mail import outbox, sender
from lib.orders_api.orders.counts import fold_counts
from lib.orders_api.stats import keeping
from lib.orders_api.store.api import Api
from lib.orders_api.store.db import Database
from lib.orders_api.store.migrations import upgrade
from lib.settings import Settings
from lib.staff.tokens import mint_customer_token, mint_staff_token

cli = typer.Typer(
    help="The Orders API of Order Desk.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
MOST_LISTED = 1000
_error_console = Console(stderr=True)


class ImportFormat(StrEnum):
    """What kind of file is imported."""

    JSONL = "jsonl"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"


def _tidy(database: Database) -> None:
    """Sum up the counts after many orders came at once."""
    with database.writing() as session:
        fold_counts(session)
    keeping.fold_figures(database, least=1)


def _progress(unit: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn(unit), console=_error_console, transient=False)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8601,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes.")] = 1,
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="Stop when whoever started it is gone.")
    ] = False,
) -> None:
    """Serve the Orders API."""
    with one_clear_line():
        settings = Settings.from_env()
        with open_store(settings):
            pass
        serve_api(settings, host, port, workers, until_stdin_closes)


@cli.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    with one_clear_line():
        upgrade(Settings.from_env().database_url)
    typer.echo("The database has the current schema.")


@cli.command()
def seed(
    orders: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How many sample orders there shall be.")
    ],
    seed: Annotated[int, typer.Option(help="The same number gives the same orders.")] = 1,
) -> None:
    """Add sample orders."""
    # Imported here: the pools of names take time to load, and `serve` needs none of them.
    from lib.orders_api.seeding import seed_orders

    with one_clear_line(), open_store(Settings.from_env()) as database, _progress("") as progress:
        task = progress.add_task("Sample orders", total=orders)
        added = seed_orders(
            database, orders, seed, system_clock(), lambda done: progress.update(task, completed=done)
        )
        _tidy(database)
    typer.echo(f"{added} sample orders added.")


@cli.command("import")
def import_orders(
    file: Annotated[Path, typer.Argument(help="The file with the orders.")],
    format: Annotated[ImportFormat, typer.Option(help="What kind of file it is.")] = ImportFormat.JSONL,
    time_zone: Annotated[str | None, typer.Option(help="For WooCommerce: the shop's own, else UTC.")] = None,
) -> None:
    """Import real orders from a file; what can't be right is listed in FILE.rejected.csv."""
    from lib.orders_api.importing import import_file

    if time_zone is not None and format is not ImportFormat.WOOCOMMERCE:
        raise fail("--time-zone goes with --format woocommerce: the other formats name the zone themselves")
    try:
        zone = zone_of(time_zone or "UTC")
    except ValueError as error:
        raise fail(f"--time-zone {error}") from None
    with one_clear_line(), open_store(Settings.from_env()) as database, _progress("") as progress:
        task = progress.add_task(file.name, total=None)
        report = import_file(
            database,
            file,
            format.value,
            system_clock(),
            lambda done, total: progress.update(task, completed=done, total=total),
            zone,
        )
        _tidy(database)
    typer.echo(f"{report.added} added, {report.already_there} already there, {report.rejected} rejected.")
    if report.rejected:
        typer.echo(f"The rejected ones are listed in {report.rejected_path}.", err=True)
    if report.rejected and not report.added and not report.already_there:
        raise fail("nothing in this file could be imported")


@cli.command()
def token(
    customer: Annotated[str | None, typer.Option(help="The customer's id.")] = None,
    staff: Annotated[str | None, typer.Option(help="The staff member's user name.")] = None,
    role: Annotated[list[Role] | None, typer.Option(help="The staff member's role; may be repeated.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long it is good.")] = 60,
) -> None:
    """Print a bearer token for a customer, or for a staff member with a role."""
    if not is_subject(customer or staff or "-"):
        raise fail(f"a name must be printable and at most {MAX_SUBJECT} characters long")
    if bool(customer) == bool(staff):
        raise fail("give either --customer ID, or --staff NAME with --role ROLE")
    if bool(staff) != bool(role):
        raise fail("--role goes with --staff, and --staff needs at least one --role")
    with one_clear_line():
        secret = Settings.from_env().with_secrets().jwt_secret
    assert secret is not None  # noqa: S101 - with_secrets gives it
    key, now, life = secret.get_secret_value(), system_clock(), timedelta(minutes=minutes)
    if customer:
        typer.echo(mint_customer_token(key, customer, now, life))
    elif staff:
        typer.echo(mint_staff_token(key, staff, [str(each) for each in role or ()], now, life))


@cli.command()
def mail(
    send: Annotated[bool, typer.Option("--send", help="Deliver now what is due.")] = False,
) -> None:
    """List what waits in the outbox, or deliver it now."""
    with one_clear_line():
        settings = Settings.from_env()
        if send and settings.smtp_url is None:
            raise fail("there is no mail server: set ORDERS_SMTP_URL")
        with open_store(settings):
            api = Api.from_settings(settings)
        try:
            _send(api) if send else _list_waiting(api)
        finally:
            api.database.close()


@cli.command()
def stats(
    verify: Annotated[
        bool, typer.Option("--verify", help="Count everything afresh, and show where the figures differ.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Replace the figures by a fresh count.")] = False,
) -> None:
    """Check or mend the kept figures about orders."""
    if verify == rebuild:
        raise fail("give either --verify or --rebuild")
    with one_clear_line(), open_store(Settings.from_env()) as database:
        if rebuild:
            with database.writing() as session:
                keeping.see_one_state(session)
                keeping.rebuild(session)
            typer.echo("All figures were counted afresh.")
            return
        with database.reading() as session:
            found = keeping.differences(session)
        for difference in found:
            typer.echo(difference)
        if found:
            raise fail("the figures differ from a recount; --rebuild mends them")
    typer.echo("All figures agree with a recount.")


def _send(api: Api) -> None:
    try:
        delivery = sender.deliver_due(api)
    except ValueError as error:
        raise fail(str(error)) from None
    typer.echo(f"{delivery.sent} sent, {delivery.failed} failed.")
    if delivery.failed:
        raise fail("some messages could not be delivered; they stay in the outbox and are tried again")


def _list_waiting(api: Api) -> None:
    with api.database.reading() as session:
        waiting = outbox.newest(session, MOST_LISTED, waiting_only=True)
        total = outbox.count_waiting(session)
    for message in waiting:
        error = f"  last error: {message.last_error}" if message.last_error else ""
        order = "no order" if message.order_id is None else f"order {message.order_id}"
        typer.echo(
            f"{message.created_at:%Y-%m-%d %H:%M:%S}Z  {message.kind:<13}  {order}"
            f"  attempts: {message.attempts}{error}"
        )
    shown = f"; the newest {MOST_LISTED} are listed" if total > MOST_LISTED else ""
    typer.echo(f"{total} waiting{shown}.")


cli.command()(upkeep.audit)
cli.command()(upkeep.forget)
