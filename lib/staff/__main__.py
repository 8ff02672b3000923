"""The command line of the staff accounts; it asks for passwords, and never takes one as an argument."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lib.settings import Settings, SettingsError
from lib.staff import changes
from lib.staff.accounts import load_accounts
from lib.staff.changes import ActingAdmin
from lib.staff.errors import StaffFileError
from lib.staff.operator import operator
from lib.staff.passwords import password_fault

app = typer.Typer(
    help="Make and change the staff accounts in ORDERS_STAFF_FILE.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Username = Annotated[str, typer.Argument(help="The name to sign in with, in lower case.")]


@app.command()
def add(
    username: Username,
    role: Annotated[list[str], typer.Option(help="support, ops, supervisor or admin; may be repeated.")],
    name: Annotated[str, typer.Option(help="The person's own name, as colleagues know it.")] = "",
) -> None:
    """Add an account; asks for its password twice."""

    def change(path: Path, by: ActingAdmin) -> None:
        changes.check_new_username(username)
        changes.add_account(path, username, name, role, _ask_password(), by)

    _change(change, f"{username} can sign in now.")


@app.command()
def password(username: Username) -> None:
    """Set an account's password, which signs it out everywhere; asks for it twice."""
    _change(
        lambda path, by: changes.set_password(path, username, _ask_password(), by),
        f"{username} has a new password.",
    )


@app.command()
def role(
    username: Username,
    roles: Annotated[list[str], typer.Argument(help="support, ops, supervisor, admin: one or several.")],
) -> None:
    """Set an account's roles: these, and no others."""
    _change(lambda path, by: changes.set_roles(path, username, roles, by), f"{username}: {', '.join(roles)}.")


@app.command()
def disable(
    username: Username,
    undo: Annotated[bool, typer.Option("--undo", help="Let the account sign in again.")] = False,
) -> None:
    """Keep an account from signing in, and end its sessions."""
    _change(
        lambda path, by: changes.set_disabled(path, username, not undo, by),
        f"{username} can sign in again." if undo else f"{username} can't sign in any more.",
    )


@app.command("list")
def list_accounts() -> None:
    """List the accounts: user name, name, roles, and whether it is disabled."""

    with _one_clear_line():
        for account in load_accounts(Settings.from_env().staff_file).by_username.values():
            state = "  disabled" if account.disabled else ""
            typer.echo(f"{account.username:<20} {account.name:<24} {', '.join(account.roles)}{state}")


def _change(act: Callable[[Path, ActingAdmin], None], done: str) -> None:
    """Do it to the staff file, and have the audit log and other machines hear of it.

    Where they can't hear of it, what stands in the file holds all the same.
    """
    with _one_clear_line():
        settings = Settings.from_env()
        with operator(settings) as by:
            act(settings.staff_file, ActingAdmin(None, by.record))
    typer.echo(done)
    if by.fault:
        typer.echo(
            f"Note: the Orders API could not be told ({by.fault}). Its audit log does not have this, and "
            f"dashboards on other machines go by their own copy of the staff file for now.",
            err=True,
        )


@contextmanager
def _one_clear_line() -> Iterator[None]:
    """End with one clear line where something can't be done."""
    try:
        yield
    except (StaffFileError, SettingsError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"Error: the staff file can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from None


def _ask_password() -> str:
    """Ask twice at a terminal; from a pipe, read one line."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = typer.prompt("Password", hide_input=True)
    if fault := password_fault(given):
        raise StaffFileError(fault)
    if sys.stdin.isatty() and typer.prompt("The same again", hide_input=True) != given:
        raise StaffFileError("the two passwords are not the same")
    return given


if __name__ == "__main__":
    app()
