"""Times a rerun of one page over its websocket: stock `streamlit run`, and the way `make run` serves."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from bench.table import Row
from tests.servers.desk import ROOT, free_port_pair, is_open, wait_until

PAGE = ROOT / "bench" / "rerun_page.py"
RERUNS, WARM_UP = 60, 10
OURS = """
import sys
import uvicorn
from pathlib import Path
import lib.dashboard
from lib.run import _bind
lib.dashboard.SCRIPT = Path(sys.argv[1])
app = lib.dashboard.create_dashboard()
config = uvicorn.Config(app, ws="websockets-sansio", ws_per_message_deflate=False, log_level="warning")
uvicorn.Server(config).run(sockets=[_bind("127.0.0.1", int(sys.argv[2]))])
"""


def measure() -> list[Row]:
    """Time both, one after the other."""
    port, other = free_port_pair(), free_port_pair()
    stock = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.headless=true"]
    stock += [f"--server.port={port}", "--browser.gatherUsageStats=false"]
    return [_time(stock, port, "stock streamlit run"), _time(our_command(other), other, "as make run does")]


def our_command(port: int) -> list[str]:
    """Return the command that serves the benchmark's page on a port the way `make run` serves the desk."""
    return [sys.executable, "-c", OURS, str(PAGE), str(port)]


def _time(command: list[str], port: int, case: str) -> Row:
    with served(command, port), session(port) as socket:
        times = [rerun(socket) for _ in range(WARM_UP + RERUNS)][WARM_UP:]
    return Row("dashboard rerun", case, f"{statistics.median(times) * 1000:.1f} ms", f"median of {RERUNS}")


def session(port: int) -> ClientConnection:
    """Open a session, as a browser's tab does; a context manager that ends it."""
    origin = f"http://127.0.0.1:{port}"
    return connect(  # type: ignore[call-overload]  # origins are plain text at run time
        f"ws://127.0.0.1:{port}/_stcore/stream", origin=origin, max_size=None
    )


def rerun(socket: ClientConnection) -> float:
    """Have the page run once more; return the seconds until it has."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    began = time.perf_counter()
    socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(bytes(socket.recv(30, decode=False)))
        if answer.WhichOneof("type") == "script_finished":
            return time.perf_counter() - began


@contextmanager
def served(command: list[str], port: int) -> Iterator[int]:
    """Run a server until the block ends; return its process id."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            # A folder of its own: the desk's .streamlit/config.toml must not make the stock server faster.
            process = subprocess.Popen(
                command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, stdout=output, stderr=output
            )
        try:
            wait_until(lambda: is_open(port) or process.poll() is not None)
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(3)  # the warm-up before the first visitor
            yield process.pid
        finally:
            process.kill()
            process.wait()
