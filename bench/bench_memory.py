"""Watches the dashboard's memory while waves of sessions come, work and go; it times nothing."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

from bench.bench_rerun import our_command, rerun, served, session
from bench.table import Row
from tests.servers.desk import free_port_pair

WAVES, SESSIONS, RERUNS = 12, 10, 40
SETTLED = 3
"""After so many waves the pools and caches are filled; what is added from there on is what would go on."""


def measure() -> list[Row]:
    """Return the memory after the first waves, and how much more there is after the last."""
    port = free_port_pair()
    with served(our_command(port), port) as process:
        sizes = [_wave(port, process) for _ in range(WAVES)]
    settled, last = sizes[SETTLED - 1], sizes[-1]
    runs = SESSIONS * RERUNS
    return [
        Row("dashboard memory", f"after {SETTLED} waves", f"{settled:.0f} MB", f"{SETTLED * runs} reruns"),
        Row("dashboard memory", f"after {WAVES} waves", f"{last:.0f} MB", f"{last / settled:.2f} times that"),
    ]


def _wave(port: int, process: int) -> float:
    """Let some sessions come together, rerun in turn and go; return the server's megabytes afterwards."""
    with ExitStack() as open_sessions:
        sockets = [open_sessions.enter_context(session(port)) for _ in range(SESSIONS)]
        for _ in range(RERUNS):
            for socket in sockets:
                rerun(socket)
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) / 1000
