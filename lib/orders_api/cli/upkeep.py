"""The commands that look after the store: the check of the audit log, forgetting a customer, backups."""

from pathlib import Path
from typing import Annotated

import typer

from lib.orders_api.audit.verifying import verify as verify_log
from lib.orders_api.backup import back_up
from lib.orders_api.backup import restore as restore_store
from lib.orders_api.cli.console import fail, one_clear_line, open_api
from lib.orders_api.domain.errors import OrderNotFoundError
from lib.orders_api.forgetting import Forgotten, forget_customer, forget_order
from lib.orders_api.store.api import Api
from lib.settings import Settings

MOST_LISTED = 1000
File = Annotated[Path, typer.Argument(help="The backup's file.", metavar="FILE")]


def audit(
    verify: Annotated[bool, typer.Option("--verify", help="Check the whole log.")] = False,
    head: Annotated[
        str | None, typer.Option(help="A head that an earlier check printed; the log must go through it.")
    ] = None,
) -> None:
    """Check that no row of the audit log was changed, deleted, inserted or cut off."""
    if not verify:
        raise fail("say what to do: --verify")
    with open_api() as api, api.database.reading() as session:
        verdict = verify_log(session, api.audit, head)
    for fault in verdict.faults[:MOST_LISTED]:
        typer.echo(fault)
    if verdict.faults:
        raise fail(f"the audit log is not as it was written: {len(verdict.faults)} fault(s)")
    before = f", {verdict.unsealed} of them from before the log was sealed" if verdict.unsealed else ""
    cut = f", behind {verdict.cut} that were cut off when their time was over" if verdict.cut else ""
    typer.echo(f"The audit log is whole: {verdict.entries} rows{before}{cut}.")
    typer.echo(f"Keep its head elsewhere, and give it to --head next time: {verdict.head}")


def forget(
    email: Annotated[str | None, typer.Option(help="The customer's email address.")] = None,
    order: Annotated[str | None, typer.Option(help="The number of an order without an email.")] = None,
) -> None:
    """Take a customer's personal data out of the store for good; sums, items and countries stay."""
    if (email is None) == (order is None):
        raise fail("say who: --email ADDRESS, or --order NUMBER for an order without an email")
    with open_api() as api:
        done = _forget_email(api, email) if email is not None else _forget_order(api, order or "")
    wiped = done.wiped
    typer.echo(
        f"{wiped.orders} orders, with {wiped.timeline_entries} timeline entries: personal data removed."
    )
    typer.echo(
        f"{wiped.mails} emails wiped, {wiped.access_ended} codes and accesses ended, "
        f"{wiped.kept_answers} kept answers and requests deleted."
    )
    if done.alike:
        typer.echo(f"Spelt differently, and so not forgotten: {', '.join(done.alike)}.")
        typer.echo("If it is the same person, say so: give that address to --email, too.")
    if done.left:
        places = ", ".join(f"{place} ({count})" for place, count in done.left.items())
        raise fail(f"the address is still there: {places}")
    if email is not None:
        typer.echo("Looked through every table: the address is nowhere any more.")


def _forget_email(api: Api, email: str) -> Forgotten:
    try:
        return forget_customer(api, email)
    except ValueError:
        raise fail("--email must be an email address") from None


def _forget_order(api: Api, number: str) -> Forgotten:
    try:
        return forget_order(api, number)
    except OrderNotFoundError:
        raise fail("--order: there is no such order") from None
    except ValueError:
        raise fail("--order: the order has an email, so forget by that: --email") from None


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
