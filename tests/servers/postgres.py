"""Starts a PostgreSQL server of the tests' own on a free port, as an unprivileged user, and stops it."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

HOW_TO_GET = (
    "PostgreSQL's server programs (initdb, postgres) are missing. `make test` installs them where it may; "
    "by hand: apt-get install -y postgresql"
)
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server programs; the text says how to get them."""


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str) -> str:
    """Find a PostgreSQL program, the newest version first.

    Raises:
        PostgresMissing: with how to get it.
    """
    folders = glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    newest_first = sorted(folders, key=lambda path: [int(n) for n in path.split("/")[-2:-1] if n.isdigit()])
    for folder in reversed(newest_first):
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    found = shutil.which(name)
    if found is None:
        raise PostgresMissing(HOW_TO_GET)
    return found


class PostgresServer:
    """A running PostgreSQL server with a superuser `tests`, on 127.0.0.1 and a random password.

    `durable=True` keeps fsync and synchronous commits on, for tests that kill it; `options` are settings of
    PostgreSQL's; a `home` is kept with its data for the next time. Use as a context manager.
    """

    def __init__(
        self,
        *,
        durable: bool = False,
        max_connections: int = 200,
        options: Sequence[str] = (),
        home: Path | None = None,
    ) -> None:
        self.port = free_port()
        self._password = uuid.uuid4().hex
        self._options = [*options, *(() if durable else _FAST)]
        self._max_connections = max_connections
        self._process: subprocess.Popen[bytes] | None = None
        self._own: psycopg.Connection | None = None
        self._is_kept = home is not None
        self._home = home or Path(tempfile.mkdtemp(prefix="orders-pg-"))

    def __enter__(self) -> PostgresServer:
        try:
            if self._data.exists():
                self._password = self._password_file.read_text()
            else:
                self._init_cluster()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if not self._is_kept:
            shutil.rmtree(self._home, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://tests:{self._password}@127.0.0.1:{self.port}/{quote(database)}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open an autocommit connection of the superuser."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="tests",
            password=self._password,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def create_database(self, name: str | None = None, *, template: str = "template0") -> str:
        """Create a database as a copy of `template` (nobody may be connected to it); return its name."""
        name = name or f"t_{uuid.uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._do(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, statement: sql.Composed) -> None:
        """Run a statement of the superuser's, all on one connection: signing in takes half as long."""
        if self._own is None:
            self._own = self.connect()
        self._own.execute(statement)

    def start(self) -> None:
        """Start the server (again, after `stop` or `kill`) and wait until it takes connections."""
        options = [
            *self._options,
            f"max_connections={self._max_connections}",
            "unix_socket_directories=",
        ]
        command = [find_program("postgres"), "-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1"]
        for option in options:
            command += ["-c", option]
        with open(self._home / "server.log", "ab") as log:
            self._process = self._spawn(command, stdout=log, stderr=log)
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server at once, in good order."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop the server the hard way, as a crash would: without a checkpoint, all its processes."""
        self._end(signal.SIGQUIT)

    @property
    def log(self) -> str:
        """What it has said."""
        return (self._home / "server.log").read_text(errors="replace")

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def _password_file(self) -> Path:
        return self._home / "password"

    def _init_cluster(self) -> None:
        password_file = self._password_file
        self._home.mkdir(parents=True, exist_ok=True)
        password_file.write_text(self._password)
        if os.geteuid() == 0:
            user = _unprivileged_user()
            for path in (self._home, password_file):
                os.chown(path, user.pw_uid, user.pw_gid)
        command = [find_program("initdb"), "-D", str(self._data), "-U", "tests", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
        done = self._spawn(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = done.communicate(timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed: {output.decode(errors='replace')}")

    def _spawn(self, command: list[str], **streams: object) -> subprocess.Popen[bytes]:
        who: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = _unprivileged_user()
            who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # A session of its own: Ctrl-C in the terminal must not reach it before the tests have ended.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            cwd=self._home,
            env=environment,
            start_new_session=True,
            **streams,  # type: ignore[call-overload]  # stdout, stderr, user, group: typed one by one there
            **who,
        )

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        for _ in range(600):
            if self._process.poll() is not None:
                break
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                try:
                    self._process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
        raise RuntimeError(f"PostgreSQL did not start: {self.log[-2000:]}")

    def _end(self, how: signal.Signals) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        self._process = None


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
