"""Times audited acts, the check of their log, and an export with its memory, on both databases."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Row
from lib.orders_api.audit.verifying import verify
from lib.orders_api.store.api import Api
from lib.orders_api.store.audit_log import AuditContext, record
from lib.orders_client import OrdersClient
from lib.settings import Settings
from lib.staff.tokens import mint_staff_token
from tests.api.serving import Served, start
from tests.servers.postgres import PostgresServer

ROWS, AT_ONCE, ORDERS, EXPORTS = 400, 8, 10_000, 3
SECRETS = {
    "jwt_secret": "only for benchmarks on loopback" * 2,
    "code_key": "only for benchmarks as well" * 2,
}


def measure() -> list[Row]:
    """Measure on a fresh SQLite file, and on a PostgreSQL that syncs to disk."""
    with tempfile.TemporaryDirectory() as name, PostgresServer(durable=True) as postgres:
        postgres.create_database("bench")
        return [
            row
            for url in (f"sqlite:///{name}/bench.db", postgres.url("bench"))
            for row in _on(url, Path(name), url.partition(":")[0].partition("+")[0])
        ]


def _on(url: str, folder: Path, case: str) -> Iterator[Row]:
    _run(folder, url, "migrate")
    _run(folder, url, "seed", "--orders", str(ORDERS))
    api = Api.from_settings(Settings(_env_file=None, database_url=url, **SECRETS))  # type: ignore[arg-type]  # text becomes secrets
    for writers in (1, AT_ONCE):
        yield _writing(api, writers, case)
    yield _writing(api, AT_ONCE, case, share=True)
    began = time.perf_counter()
    with api.database.reading() as session:
        entries = verify(session, api.audit).entries
    yield Row("audit --verify", case, f"{entries / (time.perf_counter() - began):,.0f} rows/s", f"{entries}")
    api.database.close()
    with Served(folder, database_url=url, **SECRETS) as served:
        yield from _exporting(served, case)


def _writing(api: Api, writers: int, case: str, share: bool = False) -> Row:
    """Time audited acts, or looks, which share commits."""
    act = AuditContext("staff:sam", "support", "192.0.2.1", "request-1", datetime.now(UTC))

    def write(rows: int) -> list[float]:
        took = []
        for _ in range(rows):
            began = time.perf_counter()
            if share:
                api.database.together.write(lambda session: record(session, act, "order.view", "OK"))
            else:
                with api.database.writing() as session:
                    record(session, act, "order.view", "OK")
            took.append((time.perf_counter() - began) * 1000)
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        times = [each for some in pool.map(write, [ROWS // writers] * writers) for each in some]
    rate = ROWS / (time.perf_counter() - began)
    how = f"{rate:,.0f}/s; 95 of 100 within {statistics.quantiles(times, n=20)[18]:.1f} ms"
    what = "look" if share else "audited act"
    return Row(f"{what}, {writers} at once", case, f"{statistics.median(times):.1f} ms", how)


def _exporting(served: Served, case: str) -> Iterator[Row]:
    token = mint_staff_token(SECRETS["jwt_secret"], "ada", ["admin"], datetime.now(UTC))
    with OrdersClient(served.url, token) as client:
        client.orders.list()
        before = most = _memory(served.process.pid)
        for _ in range(EXPORTS):
            began = time.perf_counter()
            with client.orders.export() as export:
                first = len(next(export)), time.perf_counter() - began
                size = first[0]
                for chunk in export:
                    size += len(chunk)
                    most = max(most, _memory(served.process.pid))
            took = time.perf_counter() - began
        how = f"{size / 1e6:.1f} MB; first byte after {first[1] * 1000:.0f} ms"
        yield Row(f"export of {ORDERS} orders", case, f"{took:.2f} s", how)
        yield Row(
            "memory for it", case, f"{most - before:+.1f} MB", f"{EXPORTS} exports, from {before:.0f} MB"
        )


def _memory(process: int) -> float:
    """Return a process's own memory in megabytes, without the files that it maps, as Linux tells it."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def _run(folder: Path, url: str, *arguments: str) -> None:
    process = start(folder, *arguments, database_url=url, **SECRETS)
    _, complained = process.communicate(timeout=600)
    if process.returncode:
        raise RuntimeError(complained)
