"""The stores that benchmarks ask: sample orders, made once and kept; it measures nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg.errors import DuplicateDatabase

from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from tests.api.serving import ROOT, environment
from tests.servers.desk import Desk
from tests.servers.postgres import PostgresServer

STORES = Path(os.environ.get("BENCH_STORES") or ROOT / ".local" / "bench")
ORDERS = int(os.environ.get("BENCH_ORDERS", "1_000_000"))
"""How many orders stand behind what shows the capacity of one machine."""
FEW = 5_000
SECRETS = {
    "jwt_secret": "only for benchmarks on loopback" * 2,
    "code_key": "only for benchmarks as well" * 2,
}


@dataclass(frozen=True)
class Store:
    """A store with so many sample orders."""

    database: str
    orders: int
    folder: Path
    url: str

    @property
    def settings(self) -> dict[str, str]:
        """What a process that opens it is told by its environment."""
        return {"database_url": self.url, **SECRETS}

    def fill(self) -> None:
        """Bring it to the current schema, and fill it the first time."""
        filled = self.folder / "filled"
        for command in (["migrate"], ["seed", "--orders", str(self.orders)]):
            if command[0] == "migrate" or not filled.exists():
                arguments = [sys.executable, "-m", "lib.orders_api", *command]
                subprocess.run(arguments, cwd=self.folder, env=environment(**self.settings), check=True)
        filled.touch()


def sqlite_store(orders: int, filled: bool = True) -> Store:
    """Return a store on SQLite, which is kept for the next time; its folder is a desk's, too."""
    folder = STORES / f"sqlite-{orders}"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    store = Store("SQLite", orders, folder, f"sqlite:///{folder}/data/orders.db")
    if filled:
        store.fill()
    return store


@contextmanager
def postgresql_store(orders: int, filled: bool = True) -> Iterator[Store]:
    """Run a PostgreSQL server with a store, which is kept for the next time."""
    folder = STORES / f"postgresql-{orders}"
    with PostgresServer(durable=True, home=folder) as server:
        with suppress(DuplicateDatabase):
            server.create_database("bench")
        store = Store("PostgreSQL", orders, folder, server.url("bench"))
        if filled:
            store.fill()
        yield store


def desk_of(store: Store) -> Desk:
    """Return the desk of a store on SQLite, as `make run` starts it."""
    settings: dict[str, Any] = {f"ORDERS_{name.upper()}": value for name, value in SECRETS.items()}
    return Desk(store.folder, **settings)


def staff_token(username: str) -> str:
    """Mint a token of an hour for somebody in support."""
    life = timedelta(hours=1)
    return mint_staff_token(SECRETS["jwt_secret"], username, ["support"], datetime.now(UTC), life)


@contextmanager
def client_of(url: str) -> Iterator[OrdersClient]:
    """Open a client for a staff member."""
    with OrdersClient(url, token=staff_token("bench"), timeout=60) as client:
        yield client


if __name__ == "__main__":  # to have both made beforehand
    sqlite_store(ORDERS)
    with postgresql_store(ORDERS):
        pass
