"""The fixtures that all tests share: databases, settings, mail servers, browser; each is started lazily."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from lib.orders_client._knowledge import forget_all
from lib.settings import Settings
from tests.servers.databases import KINDS, Databases, Kind
from tests.servers.postgres import PostgresMissing, PostgresServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.servers.smtp import MailServer

T = TypeVar("T")

SCREENSHOTS = Path(__file__).parents[1] / "docs" / "screenshots"
JWT_SECRET = "tests-only-jwt-secret-of-more-than-32-bytes"
CODE_KEY = "tests-only-code-key-of-more-than-32-bytes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--screenshots`, which keeps the browser tests' pictures, and `--long`, which tries far more."""
    parser.addoption("--screenshots", action="store_true", help="keep screenshots under docs/screenshots")
    parser.addoption("--long", action="store_true", help="fuzz and walk state machines for many minutes")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest: at the end, no worker then waits for another's long one."""
    folders = ("cluster", "e2e", "client", "api", "ui", "unit")
    items.sort(
        key=lambda item: next((n for n, name in enumerate(folders) if f"tests/{name}/" in item.nodeid), 9)
    )


def pytest_collection_finish() -> None:
    """Keep what exists by now, all modules and tests: each full collection of garbage would walk it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_knowledge_of_an_earlier_tests_api() -> None:
    """Forget what APIs can: servers of different tests may follow one another on one port."""
    forget_all()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_developers_own() -> Iterator[None]:
    """Hide ORDERS_* of the shell that runs the tests: they must not reach a real shop's API or database."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ORDERS_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Fresh databases for whoever needs more than `database_url`, or one for a whole module."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on each engine; what is marked `any_engine` on SQLite alone."""
    if "database_kind" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("any_engine")
        metafunc.parametrize("database_kind", KINDS[:1] if marked else KINDS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """The engine on which the test runs."""
    return request.param


@pytest.fixture
def database_url(databases: Databases, database_kind: Kind) -> Iterator[str]:
    """The address of an empty database at the current schema, of this test's own, on each engine."""
    url = _or_fail(lambda: databases.fresh(database_kind))
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: Kind) -> Iterator[str]:
    """The address of a database without any table, of this test's own, on each engine."""
    url = _or_fail(lambda: databases.empty(database_kind))
    yield url
    databases.drop(url)


@pytest.fixture
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test's own that syncs to disk, to be killed."""
    server = _or_fail(lambda: PostgresServer(durable=True).__enter__())
    yield server
    server.__exit__()


@pytest.fixture(scope="session")
def make_settings(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Settings]:
    """Make Settings with secrets; keyword arguments are fields of Settings. Reads no `.env`."""

    ledgers = tmp_path_factory.mktemp("ledgers")

    def make(**fields: Any) -> Settings:
        kept = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
        if "database_url" in fields:
            name = hashlib.sha256(fields["database_url"].encode()).hexdigest()
            kept["forgotten_file"] = str(ledgers / name)
        return Settings(_env_file=None, **kept | fields)

    return make


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database_url: str) -> Settings:
    """Settings with secrets on this test's own database, on each engine."""
    return make_settings(database_url=database_url)


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A real SMTP server without TLS."""
    from tests.servers.smtp import RunningMailServer

    with RunningMailServer() as mail:
        yield mail


@pytest.fixture
def smtp_tls_server(tmp_path: Path) -> Iterator[MailServer]:
    """A real SMTP server that requires STARTTLS; `certificate` is what a client has to trust."""
    from tests.servers.smtp import RunningMailServer

    with RunningMailServer(tls_folder=tmp_path) as mail:
        yield mail


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. By module, because Playwright keeps an event loop running in this thread."""
    from tests.servers.browser import chromium_or_fail

    yield from chromium_or_fail()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser context of this test's own: no cookies, 1280 × 900, English, UTC."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC", accept_downloads=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def snap(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep a picture of a page as docs/screenshots/<name>.png, under `make screenshots` only."""
    wanted = bool(request.config.getoption("--screenshots"))

    def keep(page: Page, name: str) -> None:
        if wanted:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep


def _or_fail(make: Callable[[], T]) -> T:
    try:
        return make()
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)
