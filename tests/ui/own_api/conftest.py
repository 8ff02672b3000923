"""A desk in front of a shop's own API that has the contract's core alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.once import forget_all
from tests.servers.reference import ReferenceServer
from tests.ui.own_api.desk import ShopDesk


@pytest.fixture
def shop() -> Iterator[ReferenceServer]:
    """The shop's API, with 37 orders."""
    with ReferenceServer() as running:
        yield running


@pytest.fixture
def desk(shop: ReferenceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopDesk]:
    """A desk on it where Sue, a supervisor, is signed in."""
    desk = ShopDesk(shop)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERS_API_URL", shop.url)
    monkeypatch.setenv("ORDERS_API_TOKEN", shop.token)
    monkeypatch.setattr("lib.ui.auth.session.current_staff", lambda: desk.staff)
    forget_all()
    yield desk
    forget_all()
