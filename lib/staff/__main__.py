"""The command line of the staff accounts; it asks for passwords, and never takes one as an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from lib.settings import Settings, SettingsError
from lib.staff import changes
from lib.staff.accounts import load_accounts
from lib.staff.announcing import announce
from lib.staff.errors import StaffFileError
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

    def change(path: Path) -> None:
        changes.check_new_username(username)
        changes.add_account(path, username, name, role, _ask_password())

    _run(change, f"{username} can sign in now.")
    _announce(username, "staff.add", role)  # opens a name that was disabled before


@app.command()
def password(username: Username) -> None:
    """Set an account's password, which signs it out everywhere; asks for it twice."""
    _run(
        lambda path: changes.set_password(path, username, _ask_password()), f"{username} has a new password."
    )
    _announce(username, "staff.password")


@app.command()
def role(
    username: Username,
    roles: Annotated[list[str], typer.Argument(help="support, ops, supervisor, admin: one or several.")],
) -> None:
    """Set an account's roles: these, and no others."""
    _run(lambda path: changes.set_roles(path, username, roles), f"{username}: {', '.join(roles)}.")
    _announce(username, "staff.role", roles)


@app.command()
def disable(
    username: Username,
    undo: Annotated[bool, typer.Option("--undo", help="Let the account sign in again.")] = False,
) -> None:
    """Keep an account from signing in, and end its sessions."""
    _run(
        lambda path: changes.set_disabled(path, username, not undo),
        f"{username} can sign in again." if undo else f"{username} can't sign in any more.",
    )
    _announce(username, "staff.enable" if undo else "staff.disable")


@app.command("list")
def list_accounts() -> None:
    """List the accounts: user name, name, roles, and whether it is disabled."""

    def show(path: Path) -> None:
        for account in load_accounts(path).by_username.values():
            state = "  disabled" if account.disabled else ""
            typer.echo(f"{account.username:<20} {account.name:<24} {', '.join(account.roles)}{state}")

    _run(show)


def _run(act: Callable[[Path], None], done: str = "") -> None:
    """Do it to the staff file, and end with one clear line where it can't be done."""
    try:
        act(Settings.from_env().staff_file)
    except (StaffFileError, SettingsError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"Error: the staff file can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    if done:
        typer.echo(done)


def _announce(username: str, kind: str, roles: Sequence[str] = ()) -> None:
    """Have the audit log and other machines hear of it; what stands in the file holds in any case."""
    if fault := announce(Settings.from_env(), username, kind, roles):
        typer.echo(
            f"Note: the Orders API could not be told ({fault}). Its audit log does not have this, and "
            f"dashboards on other machines go by their own copy of the staff file.",
            err=True,
        )


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
