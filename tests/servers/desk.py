"""Runs the whole desk as a newcomer does (`python -m lib.run`) in a folder and on ports of its own."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 120.0


def free_port_pair() -> int:
    """Return a port that is free together with the one a hundred above it, the embedded API's.

    Below those that the system gives to outgoing connections: one of these could take it meanwhile.
    """
    while True:
        port = random.randrange(12_000, 32_000)
        if not is_open(port) and not is_open(port + 100):
            return port


def is_open(port: int) -> bool:
    """Return whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Desk:
    """One desk with its data in `folder`; a context manager that stops it. `output` is what it has said."""

    def __init__(self, folder: Path, *arguments: str, port: int | None = None, **settings: str) -> None:
        self.folder = folder
        self.port = port or free_port_pair()
        self.output: list[str] = []
        self.settings = {"ORDERS_DASHBOARD_PORT": str(self.port), **settings}
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Desk:
        if self._process is None:
            self.launch()
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    @property
    def url(self) -> str:
        """The dashboard's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The embedded API's address."""
        return f"http://127.0.0.1:{self.port + 100}"

    @property
    def process(self) -> subprocess.Popen[str]:
        """The process of lib.run."""
        assert self._process is not None
        return self._process

    def launch(self) -> None:
        """Start it, without waiting."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERS_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lib.run", *self._arguments],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT), **self.settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_ready(self) -> None:
        """Wait for the line that says how to sign in."""
        self.wait_for("sign in")

    def wait_for(self, words: str) -> None:
        """Wait until it has said `words`."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not any(words in line for line in list(self.output)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the desk never said {words!r}: {self.said}")
            time.sleep(0.05)

    def wait_until_ended(self, seconds: float = 60) -> int:
        """Wait for its end; return the exit status."""
        status = self.process.wait(seconds)
        assert self._reader is not None
        self._reader.join(10)
        return status

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.wait_until_ended()

    @property
    def said(self) -> str:
        """Everything that it has said."""
        return "".join(self.output)

    def api_answers(self) -> bool:
        """Return whether the embedded API is ready."""
        try:
            with urllib.request.urlopen(f"{self.api_url}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def api_process_id(self) -> int:
        """Find the API's process among lib.run's children."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                command = (stat.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and re.search(rb"\0serve\0", command):
                return int(stat.parent.name)
        raise AssertionError("no API process")

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output.append(line)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Poll until `condition()` holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
