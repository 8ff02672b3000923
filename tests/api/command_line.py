"""Commands of the Orders API, run in process in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable

from typer.testing import CliRunner, Result

from lib.orders_api.cli.main import cli

Run = Callable[..., Result]


def run_command(*arguments: str, **settings: str) -> Result:
    """Run a command with these settings, such as `database_url`."""
    held = {f"ORDERS_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(cli, list(arguments), env=held, prog_name="orders_api")


def one_clear_line(result: Result, *words: str) -> None:
    """See that a command failed with one clear line that holds these words."""
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert lines[-1].startswith("Error: ")
    assert "Traceback" not in result.output
    for word in words:
        assert word in lines[-1]
