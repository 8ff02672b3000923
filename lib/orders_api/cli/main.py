"""The Orders API's commands (contract, section 8): `python -m lib.orders_api COMMAND`."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.progress import TaskID

from lib.orders_api.app.server import serve as serve_api
from lib.orders_api.cli import filling, keys, mailing, upkeep
from lib.orders_api.cli.console import fail, one_clear_line, open_store, progress_bars, sealer_of
from lib.orders_api.domain.clock import system_clock
from lib.orders_api.domain.tokens import MAX_SUBJECT, Role, is_subject
from lib.orders_api.store import order_counts
from lib.orders_api.store.migrations import upgrade
from lib.settings import Settings
from lib.staff.tokens import mint_customer_token, mint_staff_token

UNSEALED = (
    "ORDERS_CODE_KEY is not set, so the audit log of a new store is not sealed from its beginning, and "
    "`audit --verify` will say so for good. To have it sealed, set the key and migrate a new database."
)

cli = typer.Typer(
    help="The Orders API of Order Desk.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


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
        keys.settle(settings)
        serve_api(settings, host, port, workers, until_stdin_closes)


@cli.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    with one_clear_line(), progress_bars() as progress:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        settings = Settings.from_env()
        can_seal = settings.is_sqlite or settings.code_key is not None
        upgrade(settings.database_url, show, sealer_of(settings) if can_seal else None)
    if not can_seal:
        typer.echo(UNSEALED, err=True)
    typer.echo("The database has the current schema.")


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
        key = Settings.from_env().with_secrets().jwt_secrets[0]
    now, life = system_clock(), timedelta(minutes=minutes)
    if customer:
        typer.echo(mint_customer_token(key, customer, now, life))
    elif staff:
        typer.echo(mint_staff_token(key, staff, [str(each) for each in role or ()], now, life))


@cli.command()
def stats(
    verify: Annotated[
        bool, typer.Option("--verify", help="Count all orders, and show where the kept counts differ.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Replace the kept counts by a fresh count.")
    ] = False,
) -> None:
    """Check or mend the kept counts of orders."""
    if verify == rebuild:
        raise fail("give either --verify or --rebuild")
    with one_clear_line(), open_store(Settings.from_env()) as database:
        if rebuild:
            with database.writing() as session:
                order_counts.rebuild(session)
            typer.echo("All orders were counted afresh.")
            return
        with database.reading() as session:
            found = order_counts.differences(session)
        for difference in found:
            typer.echo(difference)
        if found:
            raise fail("the kept counts differ from a recount; --rebuild mends them")
    typer.echo("The kept counts agree with a recount.")


cli.command()(mailing.mail)
cli.command()(filling.seed)
cli.command("import")(filling.import_orders)
cli.command()(upkeep.audit)
cli.command()(upkeep.forget)
cli.command()(keys.keys)
cli.command()(upkeep.backup)
cli.command()(upkeep.restore)
