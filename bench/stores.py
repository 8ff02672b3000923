"""The stores that benchmarks ask: sample orders, made once on SQLite and kept; it measures nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from tests.api.serving import ROOT, environment
from tests.servers.postgres import PostgresServer

STORES = ROOT / ".local" / "bench"
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
        """Bring it to the current schema, and add the sample orders that are missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for command in (["migrate"], ["seed", "--orders", str(self.orders)]):
            arguments = [sys.executable, "-m", "lib.orders_api", *command]
            subprocess.run(arguments, cwd=self.folder, env=environment(**self.settings), check=True)


def sqlite_store(orders: int, filled: bool = True) -> Store:
    """Return a store on SQLite, which is kept for the next time."""
    folder = STORES / f"sqlite-{orders}"
    store = Store("SQLite", orders, folder, f"sqlite:///{folder}/orders.db")
    if filled:
        store.fill()
    return store


@contextmanager
def postgresql_store(orders: int, filled: bool = True) -> Iterator[Store]:
    """Make a store on a PostgreSQL server of its own, which is gone afterwards."""
    with PostgresServer(durable=True) as server:
        url = server.url(server.create_database(f"bench_{orders}"))
        store = Store("PostgreSQL", orders, STORES / f"postgresql-{orders}", url)
        if filled:
            store.fill()
        yield store


@contextmanager
def client_of(url: str) -> Iterator[OrdersClient]:
    """Open a client for a staff member."""
    life = timedelta(hours=1)
    token = mint_staff_token(SECRETS["jwt_secret"], "bench", ["support"], datetime.now(UTC), life)
    with OrdersClient(url, token=token, timeout=60) as client:
        yield client
