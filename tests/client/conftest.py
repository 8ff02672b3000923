"""The Orders API served by a process, on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.serving import Served
from tests.api.shop import Shop
from tests.client.live import Live
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.databases import Databases, Kind


@pytest.fixture(scope="module")
def live(
    databases: Databases,
    database_kind: Kind,
    make_settings: Callable[..., Settings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """The API as `serve` runs it."""
    url = databases.fresh(database_kind)
    caller = Caller()
    store = Shop(make_settings(database_url=url), caller)
    keys = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    with Served(tmp_path_factory.mktemp("served"), database_url=url, **keys) as served:
        yield Live(served.url, store)
    store.close()
    caller.close()
    databases.drop(url)
