"""`streamlit run app.py`, which a Streamlit user tries first, gives the same desk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.servers.desk import ROOT, free_port_pair, is_open, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The dashboard under `streamlit run`, in a folder of its own, from its first start."""
    port = free_port_pair()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERS_")}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=tmp_path,
            env={**kept, "ORDERS_DASHBOARD_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: is_open(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        # Killed, not asked: the embedded API has to notice by itself.
        wait_until(lambda: not is_open(port + 100))


def test_a_first_visit_makes_the_store_and_ends_at_the_sign_in_then_at_the_orders(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    name = page.get_by_role("textbox", name="User name")
    expect(name).to_be_visible(timeout=90_000)
    expect(page.get_by_text("ORD-")).to_have_count(0)
    expect(page.get_by_text("It lacks what make run has")).to_be_visible()
    assert "It lacks what `make run` has" in (tmp_path / "log").read_text()
    name.fill("sam")
    page.get_by_role("textbox", name="Password").fill("sam-takes-the-calls")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("5,000").first).to_be_visible()
