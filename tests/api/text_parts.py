"""Search texts put straight into the store, and what is kept of their parts; no test."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta

from lib.orders_api.orders import common_parts, parts, recounting
from tests.api.shop import NOW, Shop
from tests.api.stats_model import order_row, store


def store_texts(shop: Shop, texts: Iterable[str], chance: random.Random) -> None:
    """Put orders with these texts into the store, each of another customer and another day."""
    rows = [
        order_row(
            chance,
            NOW - timedelta(days=chance.randrange(500)),
            search_text=each,
            email_key=f"{chance.getrandbits(60):x}@example.com",
        )
        for each in texts
    ]
    store(shop.api.database.engine, rows)


def fold(shop: Shop) -> None:
    """Fold all that is noted."""
    parts.fold_parts(shop.api.database, least=1)


def keep_common(shop: Shop) -> None:
    """Begin to keep counts of what is common, however few orders there are, without a pause."""
    common_parts.keep_common(shop.api.database, least=1, pause=lambda: False)


def differences(shop: Shop) -> list[str]:
    """Return where what is kept differs from a recount."""
    with shop.api.database.reading() as session:
        return recounting.differences(session)


def kept(shop: Shop, wanted: set[str]) -> dict[str, int | None]:
    """Return how many orders are said to hold each part."""
    with shop.api.database.reading() as session:
        held = {part: parts.kept(session, part) for part in wanted}
    return {part: None if each is None else each.orders for part, each in held.items()}
