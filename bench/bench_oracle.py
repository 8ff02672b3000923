"""Measures whether times tell a stranger what answers don't: over HTTP, on both databases, with a control."""

from __future__ import annotations

import http.client
import json
import random
import secrets
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.table import Row
from bench.telling_apart import Verdict, judge
from lib.orders_api.domain import timestamps
from lib.orders_api.store.db import Database
from lib.orders_api.store.tables.guest import AccessCode, GuestLock
from lib.orders_api.store.tables.orders import Order
from lib.staff.tokens import mint_customer_token
from tests.api.serving import Served, environment
from tests.servers.postgres import PostgresServer

EACH = 2_000
WARM_UP = 200
PLANTED_MS = 0.3
TRIES_PER_CODE = 4
SECRETS = {
    "jwt_secret": "only for benchmarks on loopback" * 2,
    "code_key": "only for benchmarks as well" * 2,
}
NOBODY = "nobody@example.com"

Asked = tuple[str, str, str | None]
"""Method, path, and the body as JSON."""


@dataclass(frozen=True)
class Kind:
    """One class of requests, such as those for an unknown order; `late` is what the control adds."""

    group: str
    name: str
    ask: Callable[[int], Asked]
    late: float = 0


def measure() -> list[Row]:
    """Measure both databases, one after the other."""
    with TemporaryDirectory() as folder:
        rows = _measure(Path(folder), "SQLite", f"sqlite:///{folder}/orders.db")
    with TemporaryDirectory() as folder, PostgresServer(durable=True) as server:
        return rows + _measure(Path(folder), "PostgreSQL", server.url(server.create_database("bench")))


def _measure(folder: Path, name: str, url: str) -> list[Row]:
    # The proxy that is trusted is this program: each request has an address of its own, below the limits.
    settings = {"database_url": url, "trusted_proxies": "127.0.0.1", **SECRETS}
    for command in (["migrate"], ["seed", "--orders", str(2 * EACH)]):
        arguments = [sys.executable, "-m", "lib.orders_api", *command]
        subprocess.run(arguments, cwd=folder, env=environment(**settings), check=True)
    pairs = _prepare(url)
    with Served(folder, **settings) as api:
        groups = _send_all(api.port, _kinds(pairs))
    return [row for group, times in groups.items() for row in _rows(f"oracle, {name}", group, judge(times))]


def _prepare(url: str) -> list[tuple[str, str]]:
    """Return the pairs of all orders: half without a code, a quarter with a live one, one with a burned."""
    database = Database(url)
    now = datetime.now(UTC)
    with database.writing() as session:
        orders = session.execute(select(Order.id, Order.order_number, Order.email, Order.email_key)).all()
        for turn, (order_id, _, _, email_key) in enumerate(orders[EACH:]):
            state, wrong = ("LIVE", 0) if turn < EACH // 2 else ("DEAD", 5)
            times = {"issued_at": now, "expires_at": now + timedelta(hours=1)}
            hashes = {"salt": secrets.token_bytes(16), "mac": secrets.token_bytes(32)}
            session.add(
                AccessCode(
                    order_id=order_id,
                    email_key=email_key,
                    state=state,
                    wrong_attempts=wrong,
                    **times,
                    **hashes,
                )
            )
            session.add(
                GuestLock(
                    order_id=order_id,
                    wrong_at=timestamps.as_text([timestamps.as_number(now)] * wrong),
                    wrong_in_a_row=wrong,
                )
            )
    database.close()
    return [(number, email or "") for _, number, email, _ in orders]


def _kinds(pairs: list[tuple[str, str]]) -> list[Kind]:
    live, burned = pairs[EACH : EACH + EACH // 2], pairs[EACH + EACH // 2 :]

    def request(number: str, email: str) -> Asked:
        body = json.dumps({"orderNumber": number, "email": email})
        return "POST", "/v1/guest/access-codes", body

    def verify(number: str, email: str) -> Asked:
        body = json.dumps({"orderNumber": number, "email": email, "code": "000000"})
        return "POST", "/v1/guest/access-codes/verify", body

    def unknown(turn: int) -> str:
        return f"ORD-1999-{turn % 10_000:04d}"

    return [
        Kind("request", "right pair, a code is issued", lambda turn: request(*pairs[turn % EACH])),
        Kind("request", "wrong email", lambda turn: request(pairs[turn % EACH][0], NOBODY)),
        Kind("request", "unknown order", lambda turn: request(unknown(turn), NOBODY)),
        Kind("request", "throttled pair", lambda turn: request(*live[turn % 10])),
        Kind("request", "malformed", lambda turn: request("/" * 15, "x" * 18)),
        Kind("verify", "wrong code on a live one", lambda turn: verify(*live[turn // TRIES_PER_CODE])),
        Kind("verify", "unknown order", lambda turn: verify(unknown(turn), NOBODY)),
        Kind("verify", "wrong email", lambda turn: verify(live[turn % len(live)][0], NOBODY)),
        Kind("verify", "burned code", lambda turn: verify(*burned[turn % len(burned)])),
        Kind("tracking", "unknown", lambda _: ("GET", f"/v1/track/{uuid.uuid4()}", None)),
        Kind("tracking", "malformed", lambda _: ("GET", f"/v1/track/{secrets.token_hex(18)}", None)),
        Kind(
            "order", "another customer's", lambda turn: ("GET", f"/v1/orders/{pairs[turn % EACH][0]}", None)
        ),
        Kind("order", "unknown", lambda turn: ("GET", f"/v1/orders/{unknown(turn)}", None)),
        Kind("control, request", "unknown order", lambda turn: request(unknown(turn), NOBODY)),
        Kind(
            "control, request", "leak planted", lambda turn: request(unknown(turn), NOBODY), late=PLANTED_MS
        ),
        Kind("control, verify", "unknown order", lambda turn: verify(unknown(turn), NOBODY)),
        Kind("control, verify", "leak", lambda turn: verify(unknown(turn), NOBODY), late=PLANTED_MS),
    ]


def _send_all(port: int, kinds: list[Kind]) -> dict[str, dict[str, list[float]]]:
    """Send everything in one random order over one connection; return the times by group and class."""
    turns = [(kind, turn) for kind in kinds for turn in range(EACH)]
    random.shuffle(turns)
    times: dict[str, dict[str, list[float]]] = {}
    for kind in kinds:
        times.setdefault(kind.group, {})[kind.name] = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    token = mint_customer_token(SECRETS["jwt_secret"], "nobody's", datetime.now(UTC), timedelta(hours=1))
    # The warm-up asks for nothing that a turn asks for again.
    for _ in range(WARM_UP):
        _time(connection, ("GET", f"/v1/track/{uuid.uuid4()}", None), token, 0)
    for kind, turn in turns:
        times[kind.group][kind.name].append(_time(connection, kind.ask(turn), token, kind.late))
    connection.close()
    return times


def _time(connection: http.client.HTTPConnection, asked: Asked, token: str, late: float) -> float:
    method, path, body = asked
    address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    if path.startswith("/v1/orders"):
        headers["Authorization"] = f"Bearer {token}"
    began = time.perf_counter()
    while (time.perf_counter() - began) * 1000 < late:
        pass
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    assert answer.status in (202, 401, 404), (answer.status, path)
    return taken


def _rows(what: str, group: str, verdict: Verdict) -> list[Row]:
    rows = [
        Row(what, f"{group}: {name}", f"{median:.2f} ms", f"median of {EACH}")
        for name, median in verdict.medians.items()
    ]
    middle = statistics.median(verdict.medians.values())
    told = "TOLD APART" if verdict.is_told_apart else "alike"
    if group.startswith("control"):
        told = "found" if verdict.is_told_apart else "NOT FOUND: THE OTHERS PROVE LITTLE"
    apart = f"medians {verdict.apart_ms:.2f} ms ({verdict.apart_ms / middle:.1%}) apart"
    guess = f"best classifier {verdict.guess:.1%} ({' / '.join(verdict.guessed)})"
    return [*rows, Row(what, f"{group}: all", told, f"{apart}, {guess}")]
