"""The Orders API in process, on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.command_line import Run, run_command
from tests.api.shop import MakeShop, Shop
from tests.servers.databases import Databases, Kind

if TYPE_CHECKING:
    from tests.servers.smtp import MailServer


@pytest.fixture(scope="session")
def caller() -> Iterator[Caller]:
    """Sends requests to applications in process."""
    running = Caller()
    yield running
    running.close()


@pytest.fixture(scope="module")
def _module_shop(
    databases: Databases,
    database_kind: Kind,
    make_settings: Callable[..., Settings],
    caller: Caller,
) -> Iterator[Shop]:
    url = databases.fresh(database_kind)
    made = Shop(make_settings(database_url=url), caller)
    yield made
    made.close()
    databases.drop(url)


@pytest.fixture
def shop(_module_shop: Shop) -> Shop:
    """An API whose store the tests of a module share: a test touches its own orders only."""
    _module_shop.reset()
    return _module_shop


@pytest.fixture
def open_shop(caller: Caller) -> Iterator[MakeShop]:
    """Open APIs with settings of the test's own."""
    opened: list[Shop] = []

    def make(settings: Settings) -> Shop:
        opened.append(Shop(settings, caller))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def own_shop(open_shop: MakeShop, settings: Settings) -> Shop:
    """An API with a store of this test's own."""
    return open_shop(settings)


@pytest.fixture
def mailing_shop(
    open_shop: MakeShop, make_settings: Callable[..., Settings], database_url: str, smtp_server: MailServer
) -> Shop:
    """An API that sends to the test's mail server."""
    return open_shop(
        make_settings(
            database_url=database_url,
            smtp_url=smtp_server.url,
            mail_from="Shop <shop@example.com>",
            tracking_url="https://shop.example/t/{token}",
        )
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, with these settings and no other."""
    monkeypatch.chdir(tmp_path)
    return run_command
