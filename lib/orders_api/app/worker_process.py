"""Runs the worker in a process of its own: its work must not show in the times of those that answer."""

import json
import logging
import logging.config
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lib.orders_api.app.worker import STOP_SECONDS, Worker
from lib.orders_api.store.api import Api
from lib.settings import Settings

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"orders_api": {"level": "INFO"}},
}


NICENESS = 10
"""The worker gives way: where processors are scarce, those who wait for an answer come first."""
LOOK_SECONDS = 0.2
RESTART_SECONDS = 1.0
_ROOT = Path(__file__).parents[3]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from lib.orders_api.app.worker_process import work; work()"
)
_log = logging.getLogger("orders_api.worker")


def work() -> None:
    """Work until stdin closes, as it does when the process that started this one is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches both; the other one tells us
    os.nice(NICENESS)
    logging.config.dictConfig(LOGGING)
    api = Api.from_settings(Settings.from_env())
    worker = Worker(api)
    worker.start()
    while sys.stdin.buffer.read(1024):
        pass
    worker.stop()
    api.database.close()


class WorkerProcess:
    """The worker's process, which is started anew when it dies; a context manager."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._keeper.join()

    def _keep(self) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(_ROOT)]
        while not self._stopping.is_set():
            process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  # our own program
            while process.poll() is None and not self._stopping.wait(LOOK_SECONDS):
                pass
            if self._stopping.is_set():
                _end(process)
            else:
                _log.error(json.dumps({"event": "worker died", "status": process.returncode}))
                self._stopping.wait(RESTART_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    process.stdin.close()
    try:
        process.wait(2 * STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
