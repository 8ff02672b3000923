"""Measures whether the work after a code request tells a stranger what its answer does not.

A stranger asks for a code, then calls `/healthz` for half a second and adds up how much longer than usual the
calls take. API, worker, database and stranger share one core, so that whatever works longer is seen; the mail
server, in earnest another machine, has another core.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.bench_oracle import NOBODY, SECRETS
from bench.table import Row
from bench.telling_apart import judge
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.orders import Order
from tests.api.serving import Served, environment
from tests.servers.postgres import PostgresServer, free_port

EACH = 1_000
"""Tries a class: some 35 minutes for each database."""
WINDOW_SECONDS = 0.5
REST_SECONDS = (0.05, 0.15)
"""So long, by chance, between two tries: what one leaves to do must not be the next one's."""
RIGHT, WRONG_EMAIL, UNKNOWN = "right pair", "wrong email", "unknown order"

Pair = tuple[str, str]


def measure(each: int = EACH) -> list[Row]:
    """Measure both databases, each with a mail server."""
    here, *elsewhere = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {here})
    try:
        return [row for name in ("SQLite", "PostgreSQL") for row in _measure(name, each, elsewhere or [here])]
    finally:
        os.sched_setaffinity(0, {here, *elsewhere})


def _measure(name: str, each: int, mail_cores: list[int]) -> list[Row]:
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        if name == "SQLite":
            url = f"sqlite:///{folder}/orders.db"
        else:
            server = opened.enter_context(PostgresServer(durable=True))
            url = server.url(server.create_database("bench"))
        smtp_url = opened.enter_context(_mail_server(mail_cores))
        settings = {"database_url": url, "smtp_url": smtp_url, "trusted_proxies": "127.0.0.1", **SECRETS}
        for command in (["migrate"], ["seed", "--orders", str(each)]):
            arguments = [sys.executable, "-m", "lib.orders_api", *command]
            subprocess.run(arguments, cwd=folder, env=environment(**settings), check=True)
        api = opened.enter_context(Served(folder, **settings))
        return _rows(f"afterwards, {name}", _try_all(api.port, _pairs(url)))


@contextmanager
def _mail_server(cores: list[int]) -> Iterator[str]:
    """Run a mail server in a process of its own on these cores; return its address."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "-c", "aiosmtpd.handlers.Sink"])
    os.sched_setaffinity(process.pid, cores)
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _pairs(url: str) -> list[Pair]:
    database = Database(url)
    with database.reading() as session:
        pairs = session.execute(select(Order.order_number, Order.email)).all()
    database.close()
    return [(number, email) for number, email in pairs if email]


def _try_all(port: int, pairs: list[Pair]) -> dict[str, list[float]]:
    """Ask once for each pair, in each class, in one random order; return the excess times by class."""
    asked = [(RIGHT, number, email) for number, email in pairs]
    asked += [(WRONG_EMAIL, number, NOBODY) for number, _ in pairs]
    asked += [(UNKNOWN, f"ORD-1999-{turn:04d}", NOBODY) for turn in range(len(pairs))]
    random.shuffle(asked)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    usual = statistics.median(_poll(connection, WINDOW_SECONDS * 4))
    excess: dict[str, list[float]] = {RIGHT: [], WRONG_EMAIL: [], UNKNOWN: []}
    for name, number, email in asked:
        time.sleep(random.uniform(*REST_SECONDS))
        body = json.dumps({"orderNumber": number, "email": email})
        _call(connection, "POST", "/v1/guest/access-codes", body)
        polls = _poll(connection, WINDOW_SECONDS)
        excess[name].append(sum(max(poll - usual, 0) for poll in polls))
    connection.close()
    return excess


def _poll(connection: http.client.HTTPConnection, seconds: float) -> list[float]:
    """Call `/healthz` one after the other for so long; return how many milliseconds each call took."""
    times = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        _call(connection, "GET", "/healthz")
        times.append((time.perf_counter() - began) * 1000)
    return times


def _call(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> None:
    # The proxy that is trusted is this program: each call has an address of its own, below the limits.
    address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status in (200, 202), (answer.status, path)


def _rows(what: str, excess: dict[str, list[float]]) -> list[Row]:
    rows = [
        Row(what, name, f"{statistics.median(times):.1f} ms", _spread(times))
        for name, times in excess.items()
    ]
    verdict = judge(excess)
    told = "TOLD APART" if verdict.guess > 0.55 else "alike"
    guess = f"best classifier {verdict.guess:.1%} ({' / '.join(verdict.guessed)})"
    return [*rows, Row(what, "all", told, guess)]


def _spread(times: list[float]) -> str:
    tenths = statistics.quantiles(times, n=10)
    return f"excess, median of {len(times)}; a tenth below {tenths[0]:.1f}, a tenth above {tenths[-1]:.1f}"
