"""The worker is a process of its own: it is started anew when it dies, and never outlives the API."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.api.serving import Served
from tests.servers.desk import wait_until


def workers_of(pid: int) -> list[int]:
    """Return the processes that another one started to work for it."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in children for child in each.read_text().split()]


def test_the_worker_is_started_anew_and_goes_with_the_api_however_that_goes(tmp_path: Path) -> None:
    with Served(tmp_path) as api:
        wait_until(lambda: len(workers_of(api.process.pid)) == 1)
        (first,) = workers_of(api.process.pid)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: workers_of(api.process.pid) not in ([], [first]))
        (second,) = workers_of(api.process.pid)
        assert api.is_ready()
        api.kill()
        wait_until(lambda: not Path(f"/proc/{second}").exists())
    assert "worker died" in api.said
