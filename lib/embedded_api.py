"""Runs the embedded Orders API as a child process that never outlives this one; it knows no Streamlit."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from lib.orders_client import OrdersClient, OrdersError
from lib.sample_store import prepare_store, run_orders_api
from lib.settings import DATA_DIR, Settings, SettingsError
from lib.staff.tokens import mint_staff_token

HOST = "127.0.0.1"
LOG_FILE = DATA_DIR / "embedded-api.log"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 10.0
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
CALM_AFTER = 60.0  # an API that lived so long starts anew without delay
MOST_LOG_BYTES = 5_000_000

_lock = threading.Lock()
_running: EmbeddedApi | None = None


class EmbeddedApiError(SettingsError):
    """The embedded API can't be started; the text says why and what to do."""


def ensure_embedded_api(settings: Settings) -> str:
    """Return the embedded API's base URL, having started it (and made its store) where it is not running yet.

    One is started a process, and started again when it dies; an Order Desk of the same data that runs on the
    port already is used as it is. `settings` must hold the secrets.

    Raises:
        EmbeddedApiError: the port is somebody else's, or the API does not start.
    """
    global _running
    with _lock:
        if _running is None:
            api = EmbeddedApi(settings)
            api.start()
            _running = api
        return _running.url


def stop_embedded_api() -> None:
    """Stop the API that `ensure_embedded_api` started, letting it finish the calls it has begun."""
    global _running
    with _lock:
        if _running is not None:
            _running.stop()
            _running = None


class EmbeddedApi:
    """One supervised API process on the loopback port that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self.url = f"http://{HOST}:{settings.embedded_api_port}"

    def start(self) -> None:
        """Start the API and return once it is healthy.

        Raises:
            EmbeddedApiError: the port is somebody else's, or the API does not start.
        """
        if self._port_answers():
            if not self._is_ours():
                raise EmbeddedApiError(self._taken())
        else:
            prepare_store(self._settings)
            self._spawn()
            self._wait_until_healthy()
        self._watcher = threading.Thread(target=self._watch, name="embedded-api-watcher", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Stop the API, politely first; one that was found running is left alone."""
        self._stopping.set()
        self._end_process()
        if self._watcher is not None:
            self._watcher.join()
        self._end_process()  # the watcher may have started one in between

    def _end_process(self) -> None:
        process = self._process
        if process is not None:
            _end(process)

    def _spawn(self) -> None:
        LOG_FILE.parent.mkdir(parents=True, exist_ok=True)
        _shorten(LOG_FILE)
        port = str(self._settings.embedded_api_port)
        with open(LOG_FILE, "ab") as log:
            self._process = run_orders_api(
                "serve", "--host", HOST, "--port", port, "--until-stdin-closes", log=log
            )

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            if self._port_answers() and self._is_ours():
                return
            time.sleep(0.1)  # another process says no word when it is ready
        self._end_process()
        if self._port_answers():
            raise EmbeddedApiError(self._taken())
        raise EmbeddedApiError(f"The embedded API did not start: {_last_line(LOG_FILE)} (more in {LOG_FILE})")

    def _watch(self) -> None:
        backoff = FIRST_BACKOFF
        while not self._stopping.is_set():
            began = time.monotonic()
            self._wait_until_gone()
            backoff = FIRST_BACKOFF if time.monotonic() - began > CALM_AFTER else backoff
            if self._stopping.wait(backoff):
                return
            backoff = min(backoff * 2, LONGEST_BACKOFF)
            if not self._port_answers():
                self._spawn()

    def _wait_until_gone(self) -> None:
        """Wait for the end of our process, or of the one that we found running."""
        if self._process is not None:
            self._process.wait()
            self._process = None
            return
        while self._port_answers() and not self._stopping.wait(1):
            pass

    def _is_ours(self) -> bool:
        """Return whether an API is ready on the port that takes a token made with our secret."""
        token = mint_staff_token(self._settings.jwt_secrets[0], "order-desk", ["ops"], datetime.now(UTC))
        try:
            with OrdersClient(self.url, token=token, timeout=5) as client:
                if not client.health():
                    return False
                client.orders.list(limit=1)
        except OrdersError:
            return False
        return True

    def _port_answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(2)
            return probe.connect_ex((HOST, self._settings.embedded_api_port)) == 0

    def _taken(self) -> str:
        port = self._settings.embedded_api_port
        return (
            f"Port {port} is taken by another program, and the embedded API needs it: stop that program, or "
            f"choose another with ORDERS_DASHBOARD_PORT (the API's is that number plus 100)."
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()  # its sign to finish
    for force in (process.terminate, process.kill):
        try:
            process.wait(SECONDS_TO_STOP)
            return
        except subprocess.TimeoutExpired:
            force()
    process.wait()


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
