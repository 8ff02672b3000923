"""The commands that fill the store: sample orders, and real ones from a file."""

from pathlib import Path
from typing import Annotated

import typer

from lib.orders_api.cli.console import fail, one_clear_line, open_store, progress_bars
from lib.orders_api.domain.clock import system_clock, zone_of
from lib.orders_api.domain.statuses import OrderStatus
from lib.orders_api.importing import Format, ImportReport, Options, import_file, own_status
from lib.orders_api.retention import GRACE, count_over
from lib.orders_api.store import order_counts
from lib.orders_api.store.db import Database
from lib.settings import Settings

MOST_LISTED = 50


def seed(
    orders: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How many sample orders there shall be.")
    ],
    seed: Annotated[int, typer.Option(help="The same number gives the same orders.")] = 1,
) -> None:
    """Add sample orders."""
    # Imported here: the pools of names take time to load, and `serve` needs none of them.
    from lib.orders_api.seeding import seed_orders

    with one_clear_line(), open_store(Settings.from_env()) as database, progress_bars() as progress:
        task = progress.add_task("Sample orders", total=orders)
        added = seed_orders(
            database, orders, seed, system_clock(), lambda done: progress.update(task, completed=done)
        )
        _tidy(database)
    typer.echo(f"{added} sample orders added.")


def import_orders(
    file: Annotated[Path, typer.Argument(help="The file with the orders.")],
    format: Annotated[Format | None, typer.Option(help="What it must be; else its first lines tell.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="For WooCommerce: the shop's own, else UTC.")] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            help="For WooCommerce: what a plugin's status means, as wc-shipped=SHIPPED. Repeatable."
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Bring orders that are there to the file's newer state.")
    ] = False,
    trust_file: Annotated[
        bool, typer.Option("--trust-file", help="With --update: even if that is a step back.")
    ] = False,
) -> None:
    """Import real orders from a file; what can't be right is listed in FILE.rejected.csv."""
    if trust_file and not update:
        raise fail("--trust-file goes with --update")
    try:
        zone = None if time_zone is None else zone_of(time_zone)
    except ValueError as error:
        raise fail(f"--time-zone {error}") from None
    options = Options(
        format=format,
        zone=zone,
        statuses=dict(_meaning(each) for each in status or ()),
        update=update,
        trust_file=trust_file,
    )
    settings = Settings.from_env()
    with one_clear_line(), open_store(settings) as database, progress_bars() as progress:
        task = progress.add_task(file.name, total=None)
        report = import_file(
            database,
            file,
            system_clock(),
            lambda done, total: progress.update(task, completed=done, total=total),
            options,
        )
        _tidy(database)
        over = count_over(database, system_clock(), settings.keep_contacts)
    _tell(report, update)
    if over and report.outcome.added:
        typer.echo(
            f"{over} orders last changed more than {settings.keep_contacts} days ago. Their customers' data "
            f"are removed {GRACE.days} days after they came here; ORDERS_KEEP_CONTACTS changes that.",
            err=True,
        )


def _meaning(text: str) -> tuple[str, OrderStatus]:
    """Read `wc-shipped=SHIPPED`."""
    word, _, meaning = text.partition("=")
    try:
        return own_status(word.strip()), OrderStatus(meaning.strip().upper())
    except ValueError:
        known = ", ".join(OrderStatus)
        raise fail(f"--status {text}: must be such as wc-shipped=SHIPPED, with one of {known}") from None


def _tell(report: ImportReport, update: bool) -> None:
    outcome = report.outcome
    updated = f"{outcome.updated} updated, " if update else ""
    typer.echo(f"Read as {report.kind}.")
    typer.echo(
        f"{report.added} added, {updated}{report.already_there} already there, {report.rejected} rejected."
    )
    there = "of the orders that were there already"
    if outcome.differing and update:
        typer.echo(f"{len(outcome.differing)} {there} would take a step back; --trust-file lets them:")
    elif outcome.differing:
        typer.echo(f"{len(outcome.differing)} {there} differ from the file; --update takes its state over:")
    _list(outcome.differing)
    if outcome.stepped_back:
        typer.echo(f"{len(outcome.stepped_back)} {there} took a step back:")
    _list(outcome.stepped_back)
    for hint in report.hints:
        typer.echo(hint, err=True)
    if report.rejected:
        typer.echo(f"The rejected ones are listed in {report.rejected_path}.", err=True)
    if report.rejected and not report.added and not report.already_there and not outcome.updated:
        raise fail("nothing in this file could be imported")


def _list(lines: list[str]) -> None:
    for line in lines[:MOST_LISTED]:
        typer.echo(f"  {line}")
    if len(lines) > MOST_LISTED:
        typer.echo(f"  and {len(lines) - MOST_LISTED} more")


def _tidy(database: Database) -> None:
    """Sum up the counts after many orders came at once."""
    order_counts.fold(database, least=1)
