"""The commands that keep the store in a file, and make a store of such a file again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lib.orders_api.backup import back_up
from lib.orders_api.backup import restore as restore_store
from lib.orders_api.cli.console import one_clear_line, open_api
from lib.settings import Settings

File = Annotated[Path, typer.Argument(help="The backup's file.", metavar="FILE")]


def backup(file: File) -> None:
    """Write the whole store to a new file, while it is served; keys and the ledger are not in it."""
    with open_api() as api:
        made = back_up(api, file)
        ledger = api.settings.ledger_path
    typer.echo(f"{file}: {file.stat().st_size} bytes, schema {made.schema}, as of {made.made_at}.")
    typer.echo(f"SHA-256 of the store in it: {made.sha256}")
    typer.echo(f"Keep elsewhere, too: the keys ({made.key}) and the ledger of forgotten customers, {ledger}.")


def restore(file: File) -> None:
    """Make the empty store that ORDERS_DATABASE_URL names of a backup; nobody may serve it meanwhile."""
    with one_clear_line():
        settings = Settings.from_env()
        done = restore_store(settings, file)
    typer.echo(f"The store is as it was at {done.manifest.made_at}.")
    typer.echo(f"{done.forgotten} customers were forgotten in it again, by {settings.ledger_path}.")
    typer.echo(
        "Staff who were disabled or let in again since: the staff file is right, so have it on each machine."
    )
