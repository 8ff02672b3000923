"""Runs `python -m lib.orders_api` as a process of its own, in a folder and on a port of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.servers.postgres import free_port

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60.0


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of a process with these settings and none of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERS_")}
    return kept | {"PYTHONPATH": str(ROOT)} | {f"ORDERS_{name.upper()}": v for name, v in settings.items()}


def start(folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """Start a command; its stdin is a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "lib.orders_api", *arguments],
        cwd=folder,
        env=environment(**settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


class Served:
    """A running `serve`; a context manager that ends it. `kill` ends it the hard way."""

    def __init__(
        self, folder: Path, *arguments: str, module: str = "lib.orders_api", **settings: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = open(folder / f"serve-{self.port}.log", "w+")  # noqa: SIM115  # closed in __exit__
        self._command = [sys.executable, "-m", module, "serve", "--port", str(self.port), *arguments]
        self._folder, self._environment = folder, environment(**settings)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def restart(self) -> None:
        """End it in good order, if it runs, and start it anew on its port."""
        self.process.terminate()
        self.process.wait(30)
        if self.process.stdin:
            self.process.stdin.close()
        self.process = self._start()
        self.__enter__()

    def __enter__(self) -> Served:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise AssertionError(f"serve did not start: {self.said}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.process.stdin:
            self.process.stdin.close()
        self.said = self.said_so_far()
        self._log.close()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.wait(15)

    def is_ready(self) -> bool:
        """Return whether it answers, with its store."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def said_so_far(self) -> str:
        """Return its log."""
        return Path(self._log.name).read_text()
