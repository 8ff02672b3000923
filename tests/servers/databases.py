"""Gives tests fresh databases at the current schema, on SQLite and on PostgreSQL, as cheap copies of one."""

from __future__ import annotations

import shutil
import uuid
from functools import cached_property
from pathlib import Path
from typing import Literal

from tests.servers.postgres import PostgresServer

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


class Databases:
    """Makes databases, each somebody's own. PostgreSQL starts on the first call that needs it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owned: dict[str, str] = {}

    def empty(self, kind: Kind) -> str:
        """Return the address of a database without any table."""
        if kind == "sqlite":
            return f"sqlite:///{self._folder / uuid.uuid4().hex}.db"
        return self._remember(self.postgres.create_database())

    def fresh(self, kind: Kind) -> str:
        """Return the address of an empty database at the current schema."""
        if kind == "sqlite":
            target = self._folder / f"{uuid.uuid4().hex}.db"
            shutil.copyfile(self._sqlite_template, target)
            return f"sqlite:///{target}"
        return self._remember(self.postgres.create_database(template=self._postgres_template))

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected to it."""
        if url in self._owned:
            self.postgres.drop_database(self._owned.pop(url))
        elif url.startswith("sqlite:///"):
            for suffix in ("", "-wal", "-shm"):
                Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Stop PostgreSQL, if it was started."""
        if "postgres" in self.__dict__:
            self.postgres.__exit__()

    @cached_property
    def postgres(self) -> PostgresServer:
        """The tests' PostgreSQL server."""
        return PostgresServer().__enter__()

    @cached_property
    def _sqlite_template(self) -> Path:
        path = self._folder / "template.db"
        _upgrade(f"sqlite:///{path}")
        if path.with_name("template.db-wal").exists():
            raise RuntimeError("upgrade() left a connection open: its rows are still in the write-ahead log")
        return path

    @cached_property
    def _postgres_template(self) -> str:
        name = self.postgres.create_database("orders_template")
        _upgrade(self.postgres.url(name))
        return name

    def _remember(self, name: str) -> str:
        url = self.postgres.url(name)
        self._owned[url] = name
        return url


def _upgrade(url: str) -> None:
    # Tests without a store must not pay for SQLAlchemy.
    from lib.orders_api.domain.sealing import Sealer
    from lib.orders_api.store.migrations import upgrade
    from tests.conftest import CODE_KEY

    upgrade(url, sealer=Sealer(CODE_KEY))
