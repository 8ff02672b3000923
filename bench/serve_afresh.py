"""Serves the Orders API as `python -m lib.orders_api` does, but shares no figure: each is counted."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from lib.orders_api.app import factory
from lib.orders_api.cli.main import cli
from lib.orders_api.stats.sharing import SharedFigures

if __name__ == "__main__":
    setattr(factory, "SharedFigures", partial(SharedFigures, max_age=timedelta(0)))  # noqa: B010 - for this process
    cli()
