"""`python -m lib.run`, as `make run` calls it: first and second start, ends of every kind, ports taken."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.walking import PATIENCE
from tests.servers.desk import Desk, free_port_pair, is_open, wait_until

NO_SAMPLES: dict[str, Any] = {"ORDERS_DEMO": "off"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demonstration desk, from its first start; its folder has a space in its name."""
    folder = tmp_path_factory.mktemp("a newcomer's desk")
    with Desk(folder) as desk:
        yield desk


def count_orders(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "data" / "orders.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])


def test_the_first_run_ends_with_sample_orders_and_one_line_that_says_how_to_sign_in(demo: Desk) -> None:
    assert count_orders(demo.folder) == 5_000
    (welcome,) = [line for line in demo.output if "sign in" in line]
    assert demo.url in welcome
    assert "sam" in welcome
    assert demo.api_answers()


def test_an_api_that_dies_is_started_again(demo: Desk) -> None:
    first = demo.api_process_id()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not demo.api_answers())
    wait_until(demo.api_answers)
    assert demo.api_process_id() != first


def test_a_second_desk_on_the_same_ports_says_so_and_leaves_the_first_alone(demo: Desk) -> None:
    second = Desk(demo.folder, port=demo.port)
    second.launch()
    assert second.wait_until_ended() == 1
    assert f"Port {demo.port}" in second.said
    assert "ORDERS_DASHBOARD_PORT=" in second.said
    assert second.said.count("\n") == 1
    assert demo.api_answers()


def test_a_desk_stops_at_once_though_a_browser_is_open_and_runs_again_within_seconds_with_its_data(
    demo: Desk, page: Page
) -> None:
    page.goto(demo.url)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    began = time.monotonic()
    assert demo.stop() == 0
    assert time.monotonic() - began < 15
    assert demo.said.rstrip().endswith("Order Desk has stopped.")
    assert not is_open(demo.port)
    assert not is_open(demo.port + 100)
    began = time.monotonic()
    with Desk(demo.folder) as again:
        assert time.monotonic() - began < 20
        assert count_orders(again.folder) == 5_000
        assert "Sample orders" not in again.said


def test_a_first_run_cut_off_while_it_makes_orders_is_finished_by_the_next(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.launch()
    wait_until((tmp_path / "data" / ".seeding").exists)
    time.sleep(1)  # somewhere in the middle, or before, or after: each has to do
    os.killpg(desk.process.pid, signal.SIGKILL)
    desk.wait_until_ended()
    with Desk(tmp_path):
        assert count_orders(tmp_path) == 5_000


def test_orders_of_ones_own_get_no_samples_beside_them_and_sigterm_stops_both(tmp_path: Path) -> None:
    with Desk(tmp_path, **NO_SAMPLES) as desk:
        assert count_orders(tmp_path) == 0
        assert "python -m lib.staff add" in desk.said
        desk.process.terminate()
        assert desk.wait_until_ended() == 0
        assert not is_open(desk.port + 100)


def test_the_api_does_not_outlive_a_desk_that_is_killed(tmp_path: Path) -> None:
    with Desk(tmp_path, **NO_SAMPLES) as desk:
        os.kill(desk.process.pid, signal.SIGKILL)
        desk.wait_until_ended()
        wait_until(lambda: not is_open(desk.port + 100))


def test_an_api_port_of_somebody_else_is_said_with_what_to_do(tmp_path: Path) -> None:
    port = free_port_pair()
    with socket.create_server(("127.0.0.1", port + 100)):
        desk = Desk(tmp_path, port=port, **NO_SAMPLES)
        desk.launch()
        assert desk.wait_until_ended() == 1
    assert f"Port {port + 100} is taken by another program" in desk.said
    assert "ORDERS_DASHBOARD_PORT" in desk.said
    assert "Traceback" not in desk.said


def test_an_api_of_the_shops_own_means_no_embedded_one(tmp_path: Path) -> None:
    with Desk(tmp_path, ORDERS_API_URL="http://127.0.0.1:9/api") as desk:
        assert not is_open(desk.port + 100)
        assert not (tmp_path / "data" / "orders.db").exists()


def test_the_demonstration_listens_on_loopback_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "--host", "0.0.0.0")
    desk.launch()
    assert desk.wait_until_ended() == 1
    assert "listens on 127.0.0.1 only" in desk.said
    assert not (tmp_path / "data" / "orders.db").exists()


def test_a_bad_setting_is_one_clear_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ORDERS_PII_POLICY="closed")
    desk.launch()
    assert desk.wait_until_ended() == 1
    assert "ORDERS_PII_POLICY" in desk.said
    assert desk.said.count("\n") == 1
