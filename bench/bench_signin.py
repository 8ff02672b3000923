"""Times failed sign-ins of every kind through the real form, code and API, and a page's check."""

from __future__ import annotations

import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from streamlit.testing.v1 import AppTest

from bench.table import Row
from lib.orders_client import OrdersClient
from lib.staff import accounts
from lib.staff.passwords import hash_password
from lib.staff.tokens import mint_dashboard_token
from tests.api.serving import ROOT, Served

TRIES, CHECKS = 40, 200
SECRETS = {
    "jwt_secret": "only for benchmarks on loopback" * 2,
    "code_key": "only for benchmarks as well" * 2,
}
PASSWORD = "purple kettle grows"
THROTTLED = "throttled"


def measure() -> list[Row]:
    """Time them all in an order of chance, so that whatever else the machine does falls on all alike."""
    with tempfile.TemporaryDirectory() as name, Served(folder := Path(name), **SECRETS) as api:
        _make_staff_file(folder / "staff.yaml")
        os.environ |= {
            "ORDERS_API_URL": api.url,
            "ORDERS_JWT_SECRET": SECRETS["jwt_secret"],
            "ORDERS_STAFF_FILE": str(folder / "staff.yaml"),
        }
        addresses = (f"2001:db8:{number:x}::1" for number in itertools.count(1))
        with mock.patch("lib.ui.auth.records.client_address", side_effect=lambda _trusted: next(addresses)):
            return [*_failures(), _check(api.url)]


def _make_staff_file(path: Path) -> None:
    raw = accounts.empty_file()
    hashed = hash_password(PASSWORD)
    names = [f"wrong{n}" for n in range(TRIES)] + [f"disabled{n}" for n in range(TRIES)] + [THROTTLED]
    for name in names:
        entry: dict[str, Any] = accounts.make_entry(name, hashed, ["support"])
        raw["credentials"]["usernames"][name] = entry | ({"disabled": True} if "disabled" in name else {})
    path.write_text(yaml.safe_dump(raw))


def _failures() -> Iterator[Row]:
    tab = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    for _ in range(6):
        _try(tab, THROTTLED)
    tries = [
        (kind, THROTTLED if kind == THROTTLED else f"{kind}{number}")
        for kind in ("wrong", "unknown", "disabled", THROTTLED)
        for number in range(TRIES)
    ]
    random.shuffle(tries)
    times: dict[str, list[tuple[float, float]]] = {}
    for kind, name in tries:
        times.setdefault(kind, []).append(_try(tab, name))
    usual_wall, usual_work = _medians(times["wrong"])
    for kind in ("wrong", "unknown", "disabled", THROTTLED):
        wall, work = _medians(times[kind])
        how = f"of {wall * 1000:.0f} ms, median of {TRIES}; processor time alone: {work / usual_work:.3f}"
        yield Row("failed sign-in, against a wrong password", kind, f"{wall / usual_wall:.3f}", how)


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in times), statistics.median(work for _, work in times)


def _try(tab: AppTest, name: str) -> tuple[float, float]:
    tab.text_input(key="sign_in_username").set_value(name)
    tab.text_input(key="sign_in_password").set_value("not the password at all")
    tab.button(key="sign_in_send").click()
    began, worked = time.perf_counter(), time.process_time()
    tab.run()
    took = time.perf_counter() - began, time.process_time() - worked
    assert len(tab.error) == 1, "a failed sign-in says so"
    return took


def _check(url: str) -> Row:
    def token() -> str:
        return mint_dashboard_token(SECRETS["jwt_secret"], datetime.now(UTC))

    times = []
    with OrdersClient(url, token) as client:
        for _ in range(CHECKS):
            began = time.perf_counter()
            assert client.staff_sessions.stands("a" * 64, "b" * 64, datetime.now(UTC))
            times.append(time.perf_counter() - began)
    figure = f"{statistics.median(times) * 1000:.1f} ms"
    worst = sorted(times)[int(CHECKS * 0.95)] * 1000
    return Row(
        "does a session stand", "once a run", figure, f"median of {CHECKS}; 95 % within {worst:.1f} ms"
    )
