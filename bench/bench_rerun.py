"""Times reruns of the Orders page over its websocket, beside the same widgets on `streamlit run`, no API."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import processor_seconds
from bench.stores import FEW, desk_of, sqlite_store
from bench.table import Row
from bench.tabs import Tab, opened_tab, staff_cookies
from tests.servers.desk import ROOT, free_port_pair, is_open, wait_until

PAGE = ROOT / "bench" / "lookalike_page.py"
PEOPLE, ROUNDS, FLIPS, SECONDS = 20, 4, 15, 5.0


@dataclass
class Server:
    """A server of pages, and what was measured of it."""

    name: str
    port: int
    process: int
    cookies: list[str]
    alone: list[float] = field(default_factory=list)
    """The milliseconds of each rerun for one person."""
    reruns: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    frames: float = 0.0
    kilobytes: float = 0.0


def measure() -> list[Row]:
    """Have both servers turn pages in turn, for one person and for twenty."""
    store = sqlite_store(FEW)
    cookies = staff_cookies(store.folder, PEOPLE)
    with desk_of(store) as desk, stock() as (port, process):
        ours = Server("Orders page", desk.port, desk.process.pid, cookies)
        theirs = Server("streamlit run, no API", port, process, [""] * PEOPLE)
        asyncio.run(_measure([ours, theirs]))
    of_time = statistics.median(ours.alone) / statistics.median(theirs.alone)
    of_rate = ours.reruns / ours.seconds / (theirs.reruns / theirs.seconds)
    return [
        *(row for each in (ours, theirs) for row in _rows(each)),
        Row("rerun", "ours beside theirs, one person", f"x {of_time:.2f}", "of its time; target 0.5 at most"),
        Row(
            "rerun",
            f"ours beside theirs, {PEOPLE} people",
            f"x {of_rate:.1f}",
            "reruns a second; target 4 at least",
        ),
    ]


def _rows(server: Server) -> list[Row]:
    alone, rate = statistics.median(server.alone), server.reruns / server.seconds
    each = f"median of {len(server.alone)}; {server.frames:.0f} frames, {server.kilobytes:.0f} kB each"
    used = f"{server.processor / server.reruns * 1000:.1f} ms of processor time each"
    return [
        Row("rerun", f"{server.name}, one person", f"{alone:.1f} ms", each),
        Row("rerun", f"{server.name}, {PEOPLE} people", f"{rate:.0f} a second", used),
    ]


async def _measure(servers: list[Server]) -> None:
    async with AsyncExitStack() as opened:
        tabs = {
            each.name: [
                await opened.enter_async_context(opened_tab(each.port, cookie)) for cookie in each.cookies
            ]
            for each in servers
        }
        for turn in range(ROUNDS + 1):
            for server in servers:
                first, *_ = tabs[server.name]
                frames, size = first.frames, first.bytes
                times = [await _flip(first, number) for number in range(FLIPS)]
                if turn:  # the first round warms them up
                    server.alone += [each * 1000 for each in times]
                    server.frames = (first.frames - frames) / FLIPS
                    server.kilobytes = (first.bytes - size) / FLIPS / 1000
                    await _all_at_once(server, tabs[server.name])


async def _all_at_once(server: Server, tabs: list[Tab]) -> None:
    used, began = processor_seconds(server.process), time.perf_counter()
    counts = await asyncio.gather(*(_go_on(tab, began + SECONDS) for tab in tabs))
    server.seconds += time.perf_counter() - began
    server.processor += processor_seconds(server.process) - used
    server.reruns += sum(counts)


async def _go_on(tab: Tab, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        await _flip(tab, count)
        count += 1
    return count


async def _flip(tab: Tab, number: int) -> float:
    return await tab.run(orders_page=2 + number % 2)


@contextmanager
def stock() -> Iterator[tuple[int, int]]:
    """Serve the lookalike by `streamlit run` until the block ends; return its port and its process id."""
    port = free_port_pair()
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.headless=true"]
    command += [f"--server.port={port}", "--browser.gatherUsageStats=false"]
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
            yield port, process.pid
        finally:
            process.kill()
            process.wait()
