"""Serves Django's admin over a store's orders, by an interpreter of its own that has Django."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stores import STORES, Store
from tests.servers.desk import is_open, wait_until
from tests.servers.postgres import free_port

DJANGO = "Django==5.2.19"


@contextmanager
def admin_of(store: Store) -> Iterator[int]:
    """Serve Django's admin over a store until the block ends; return its port."""
    folder, port = STORES / "django", free_port()
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", DJANGO], check=True)
    program = Path(__file__).parent / "django_admin.py"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [python, program, store.folder / "data" / "orders.db", folder, str(port)],
            env={}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_until(lambda: is_open(port) or process.poll() is not None)
        yield port
    finally:
        process.kill()
        process.wait()
