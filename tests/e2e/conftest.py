"""One desk and one browser for all browser tests that need no fresh one: each has orders of its own there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from tests.e2e.walking import small_store
from tests.servers.browser import chromium_or_fail
from tests.servers.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser


Schemes = tuple[Literal["light", "dark"], ...]


def _module_for_pictures(fixture_name: str, config: pytest.Config) -> Literal["module", "package"]:
    """Under `make screenshots`, no picture shows what another module's tests have done."""
    return "module" if config.getoption("--screenshots") else "package"


@pytest.fixture(scope=_module_for_pictures)
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration's desk."""
    with Desk(small_store(tmp_path_factory.mktemp("desk"))) as running:
        yield running


@pytest.fixture
def schemes(request: pytest.FixtureRequest) -> Schemes:
    """The colours to look at a screen in: it is no wider in the dark, so that is for pictures alone."""
    return ("light", "dark") if request.config.getoption("--screenshots") else ("light",)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium; no test of this folder runs an event loop of its own."""
    yield from chromium_or_fail()
