"""Runs the commands: `python -m lib.orders_api …`."""

import sys

from lib.orders_api.cli.main import cli

if __name__ == "__main__":
    sys.exit(cli())
