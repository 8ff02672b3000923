"""Ten wrong codes of an order in any 24 hours: the day is the one that ends now, not one that began once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command

from lib.orders_api.domain import timestamps
from lib.orders_api.store import migrations
from lib.orders_api.store.db import Database
from lib.orders_api.store.engine import create_store_engine
from lib.orders_api.store.tables.guest import GuestLock
from tests.api.shop import Shop, wrong
from tests.servers.databases import Kind

DAY = 24 * 3600


def compared(shop: Shop, number: str) -> list[datetime]:
    """Return when codes of an order were compared and found wrong."""
    rule = "order_number = :n AND outcome = 'WRONG_CODE' ORDER BY at"
    rows = shop.sql(f"SELECT at FROM audit_log WHERE {rule}", n=number)
    return [datetime.fromisoformat(str(row["at"])).replace(tzinfo=None) for row in rows]


def guess(shop: Shop, number: str, times: int) -> str:
    """Ask for a code and guess it wrong so often; return the code."""
    code = shop.new_code(number)
    for turn in range(times):
        shop.verify(number, wrong(code, turn + 1), client=f"192.0.2.{turn}")
    shop.api.limiter.storage.reset()
    return code


def is_locked(shop: Shop, number: str) -> bool:
    asked = len(shop.mails(number, "ACCESS_CODE"))
    shop.request_code(number)
    shop.work()
    return len(shop.mails(number, "ACCESS_CODE")) == asked


def test_nine_at_the_end_of_a_day_leave_one_for_the_beginning_of_the_next(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    guess(shop, number, 5)
    shop.clock.advance(DAY - 61)
    guess(shop, number, 4)
    shop.clock.advance(61)
    # The first five are a day ago, to the microsecond: five fit in again, and not one more.
    guess(shop, number, 5)
    shop.clock.advance(61)
    code = guess(shop, number, 1)
    assert shop.verify(number, code).code == "INVALID_CODE"
    assert len(compared(shop, number)) == 15
    shop.clock.advance(DAY - 1)
    assert is_locked(shop, number)
    shop.clock.advance(1)
    assert shop.verify(number, guess(shop, number, 4)).status == 200


@pytest.mark.parametrize(("seconds", "good"), [(DAY - 0.000001, False), (DAY, True)])
def test_a_wrong_code_counts_for_24_hours_to_the_microsecond(shop: Shop, seconds: float, good: bool) -> None:
    number = shop.create()["orderNumber"]
    guess(shop, number, 5)
    shop.clock.advance(100)
    guess(shop, number, 4)
    shop.clock.advance(seconds - 100)
    code = guess(shop, number, 1)
    assert (shop.verify(number, code).status == 200) == good


def test_no_24_hours_have_more_than_ten_wrong_codes_however_they_are_spread(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    for seconds in (61, DAY - 200, 3600, 61, 7200, DAY // 2, 61, DAY // 2 - 61, 61, DAY - 61, 3600, 61, 61):
        shop.request_code(number)
        shop.work()
        for code in shop.codes(number)[-1:]:
            for turn in range(6):
                shop.verify(number, wrong(code, turn + 1), client=f"192.0.2.{turn}")
        shop.api.limiter.storage.reset()
        shop.clock.advance(seconds)
    found = compared(shop, number)
    in_a_day = [sum(at <= each < at + timedelta(days=1) for each in found) for at in found]
    assert max(in_a_day) == 10
    assert len(found) >= 25


def test_an_unlocked_order_has_all_ten_again(shop: Shop) -> None:
    number = shop.create()["orderNumber"]
    guess(shop, number, 5)
    shop.clock.advance(61)
    guess(shop, number, 5)
    shop.clock.advance(61)
    assert is_locked(shop, number)
    unlock = f"/v1/orders/{number}/unlock-guest-access"
    assert shop.post(unlock, token=shop.staff("supervisor")).status == 204
    guess(shop, number, 5)
    shop.clock.advance(61)
    assert shop.verify(number, guess(shop, number, 4)).status == 200


def test_counts_from_before_are_kept_as_late_as_they_can_have_been(
    database_kind: Kind, empty_database_url: str
) -> None:
    long_ago, lately = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC)
    # Only the counts are of interest: whose they are is left out.
    off = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        command.upgrade(migrations._config(connection), "0008")
    raw, zone = engine.raw_connection(), "" if database_kind == "sqlite" else "+00"
    cursor = raw.cursor()
    cursor.execute(off[database_kind])
    for order_id, began, count in ((1, long_ago, 3), (2, lately, 2), (3, long_ago, 0)):
        at = f"{began:%Y-%m-%d %H:%M:%S.%f}{zone}"
        cursor.execute(f"INSERT INTO guest_locks VALUES ({order_id}, '{at}', {count}, {count}, NULL)")
    raw.commit()
    raw.close()
    engine.dispose()
    migrations.upgrade(empty_database_url)
    database = Database(empty_database_url)
    with database.reading() as session:
        kept = {number: session.get_one(GuestLock, number).wrong_at for number in (1, 2, 3)}
    database.close()
    assert kept[1] == timestamps.as_text([timestamps.as_number(long_ago + timedelta(days=1))] * 3)
    assert (
        len(timestamps.within(kept[2], lately + timedelta(days=1) - timedelta(seconds=1), timedelta(days=1)))
        == 2
    )
    assert timestamps.within(kept[2], datetime.now(UTC) + timedelta(days=1), timedelta(days=1)) == []
    assert kept[3] == ""
