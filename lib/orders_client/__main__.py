"""The client's command line: `check URL` tries a shop's Orders API against the contract."""

import argparse
import sys
from collections.abc import Sequence

from ._check import check
from ._encoding import bearer
from .errors import OrdersError

UNREACHABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.token is not None:
            bearer(options.token)
        report = check(options.url, options.token, write=options.write)
    except (ValueError, OrdersError) as error:
        sys.stderr.write(f"{error}\n")
        return UNREACHABLE
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 0 if report.core_holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {__package__}", description="The Orders client's command line."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "check",
        help="try an Orders API against the contract",
        description="Try every call of an Orders API, and say of each whether it is there, missing or "
        "different from the contract. The exit status is 0 where the seven calls of the core hold, else 1; 2 "
        "where the API does not answer.",
    )
    command.add_argument("url", metavar="URL", help="where it is, without /v1")
    command.add_argument("--token", metavar="T", help="the bearer token to call it with")
    command.add_argument(
        "--write",
        action="store_true",
        help="try changes, too: two orders are made and cancelled; where none can be made, the newest "
        "PENDING order is cancelled",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
