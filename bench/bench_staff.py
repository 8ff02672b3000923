"""Lets 200 staff members work on one desk, an action each five seconds, and watches the desk's memory."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.processes import megabytes, processor_seconds
from bench.stores import ORDERS, desk_of, sqlite_store
from bench.table import Row, slow
from bench.tabs import Tab, opened_tab, staff_cookies

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "200"))
MINUTES = float(os.environ.get("BENCH_MINUTES", "10"))
EVERY = 5.0
"""Seconds between the actions of one of them."""
TARGET_MS = 400
SETTLED = 1 / 3
"""After this part of the time pools and caches are filled; what memory is added from there on would go on."""
ACTS = {"next page": 4, "open an order": 3, "view": 2, "search": 1}
"""What people do, and how often beside the others."""
THEN = {"open an order": "back to the list", "search": "clear the search"}
WORDS = ("berlin", "lyon", "madrid", "hamburg", "leeds", "linz", "graz", "nantes")


@dataclass
class Work:
    """What was done: the milliseconds of each act by its name, and how often a page could not be drawn."""

    times: dict[str, list[float]] = field(
        default_factory=lambda: {act: [] for act in (*ACTS, *THEN.values())}
    )
    faults: Counter[str] = field(default_factory=Counter)
    used_before: float = 0.0
    """The dashboard's processor time once all tabs were open."""


def measure() -> list[Row]:
    """Open the tabs one after the other, then let them all work."""
    store = sqlite_store(ORDERS)
    cookies = staff_cookies(store.folder, PEOPLE)
    work, memory = Work(), list[float]()
    with desk_of(store) as desk:
        asyncio.run(_work(desk.port, desk.process.pid, cookies, work, memory))
        used = processor_seconds(desk.process.pid) - work.used_before
    times = [each for several in work.times.values() for each in several]
    settled, last = memory[int(len(memory) * SETTLED)], memory[-1]
    what = f"{PEOPLE} staff, {MINUTES:g} minutes"
    faults = ", ".join(f"{count} {name}" for name, count in work.faults.items()) or "none"
    return [
        _row(what, "all actions", times, f"target {TARGET_MS} ms; "),
        *(_row(what, act, each) for act, each in work.times.items() if each),
        Row(what, "errors", faults, f"in {len(times)} actions"),
        Row(what, "processor time", f"{used / len(times) * 1000:.1f} ms", "of the dashboard, an action"),
        Row(what, "memory", f"{last:.0f} MB", f"x {last / settled:.2f} of what it was after a third of it"),
    ]


def _row(what: str, act: str, times: list[float], target: str = "") -> Row:
    how = f"95th of {len(times)}; {target}median {statistics.median(times):.0f} ms"
    return Row(what, act, f"{slow(times):.0f} ms", how)


async def _work(port: int, process: int, cookies: list[str], work: Work, memory: list[float]) -> None:
    ready, until = asyncio.Event(), [0.0]
    opened: list[str] = []

    async def person(number: int, cookie: str) -> None:
        chance = random.Random(number)
        async with opened_tab(port, cookie) as tab:
            opened.append(cookie)
            await ready.wait()
            await asyncio.sleep(chance.uniform(0, EVERY))
            act = ""
            while (began := time.monotonic()) < until[0]:
                act = await _act(tab, chance, work, act)
                await tab.run_timers()
                await asyncio.sleep(max(began + EVERY - time.monotonic(), 0))

    async with asyncio.TaskGroup() as group:
        for number, cookie in enumerate(cookies):
            group.create_task(person(number, cookie))
            await asyncio.sleep(0.1)
        while len(opened) < len(cookies):
            await asyncio.sleep(0.1)
        work.used_before = processor_seconds(process)
        until[0] = time.monotonic() + MINUTES * 60
        ready.set()
        while time.monotonic() < until[0]:
            memory.append(megabytes(process))
            await asyncio.sleep(1)


async def _act(tab: Tab, chance: random.Random, work: Work, last: str) -> str:
    """Do what somebody does after what they did last, and return what it was."""
    act = THEN.get(last) or chance.choices(list(ACTS), list(ACTS.values()))[0]
    if act == "next page":
        took = await tab.run(orders_page=chance.randrange(1, 50))
    elif act == "view":
        took = await tab.run(orders_view=[chance.choice(tab.options["orders_view"])])
    elif act == "open an order":
        cell = (
            f'{{"selection": {{"rows": [], "columns": [], "cells": [[{chance.randrange(5)}, "customer"]]}}}}'
        )
        took = await tab.run(orders_table=cell)
    elif act == "back to the list":
        took = await tab.run(page="orders")
    else:
        took = await tab.run(orders_search=chance.choice(WORDS) if act == "search" else "")
    work.times[act].append(took * 1000)
    faults = [key for key in tab.drawn if key.endswith("_retry") or key in ("exception", "sign_in_send")]
    work.faults.update(faults)
    return act
