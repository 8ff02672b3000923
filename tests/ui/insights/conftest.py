"""An API with sample orders, and a desk on it where Olga of ops is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lib.once import forget_all
from lib.orders_client import OrdersClient
from lib.staff.tokens import mint_staff_token
from tests.api.serving import Served, start
from tests.placing import place_order
from tests.ui.insights.page import LATE, RARE, now
from tests.ui.order_desk import OLGA, Desk, order_desk

KEYS = {"jwt_secret": "tests-only-jwt-secret-of-more-than-32-bytes", "code_key": "a" * 40}


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an API with sample orders; one contradicts itself, many placed a day ago are unpaid.

    A few were sent to Kosovo, and a few have a currency that is legal tender nowhere any more.
    """
    folder = tmp_path_factory.mktemp("insights")
    settings = {"database_url": f"sqlite:///{folder}/orders.db", **KEYS}
    seeding = start(folder, "seed", "--orders", "700", **settings)
    _, said = seeding.communicate(timeout=120)
    assert seeding.returncode == 0, said
    engine = create_engine(settings["database_url"])
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE orders SET payment_status = 'PAID'"
                " WHERE id = (SELECT max(id) FROM orders WHERE status = 'CANCELLED')"
            )
        )
        connection.execute(
            text(
                "UPDATE orders SET cancel_reason = NULL WHERE id IN"
                " (SELECT id FROM orders WHERE status = 'CANCELLED' ORDER BY updated_at DESC LIMIT 3)"
            )
        )
        connection.execute(
            text(
                "UPDATE timeline SET reason = '' WHERE order_id IN"
                " (SELECT id FROM orders WHERE status = 'CANCELLED' AND cancel_reason IS NULL)"
                " AND to_status = 'CANCELLED'"
            )
        )
        newest = "SELECT id FROM orders WHERE currency_digits = 2 ORDER BY created_at DESC LIMIT :n"
        for column, code in (("shipping_country", "XK"), ("currency", "SVC")):
            change = text(f"UPDATE orders SET {column} = :code WHERE id IN ({newest})")
            connection.execute(change, {"code": code, "n": RARE})
    engine.dispose()
    with Served(folder, **settings) as api:
        admin = OrdersClient(api.url, lambda: mint_staff_token(KEYS["jwt_secret"], "ada", ["admin"], now()))
        with admin as shop:
            for number in range(LATE):
                placed = now() - timedelta(hours=30, minutes=number)
                place_order(shop, f"ORD-2026-8000{number}", created_at=placed)
        yield api.url


@pytest.fixture
def desk(tmp_path: Path, served: str) -> Iterator[Desk]:
    """A desk on that API, where Olga of ops is signed in."""
    with order_desk(tmp_path) as desk, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERS_API_URL", served)
        forget_all()
        desk.staff = OLGA
        yield desk
