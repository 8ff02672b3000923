"""Drives Debian's Chromium with Playwright; a missing browser is an error that says how to get one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

HOW_TO_GET = "Chromium is missing. `make test` installs it where it may; by hand: apt-get install -y chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No calls home: they'd be refused on a closed network and fill the log.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


class BrowserMissing(Exception):
    """This machine has no Chromium; the text says how to get it."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless Chromium.

    Raises:
        BrowserMissing: with how to get it.
    """
    program = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        raise BrowserMissing(HOW_TO_GET)
    # As root, as in a container, Chromium's own sandbox doesn't start.
    arguments = [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else _QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def chromium_or_fail() -> Iterator[Browser]:
    """Run one for a fixture; fail with how to get it where there is none."""
    try:
        with chromium() as running:
            yield running
    except BrowserMissing as missing:
        pytest.fail(str(missing), pytrace=False)
