"""`kill -9` of the API amid cancels, or of a sender amid mails: nothing is lost, half done or done twice."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from lib.orders_api.mail.outbox import LEASE
from lib.orders_api.mail.sender import Sender
from lib.orders_api.store.order_counts import differences
from lib.settings import Settings
from tests.api.serving import Served, start
from tests.api.shop import Shop, at_once
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.smtp import MailServer

ORDERS = 200
KILL_AFTER = 60

DISAGREEING = """
SELECT o.order_number FROM orders o
LEFT JOIN (SELECT order_id, count(*) AS n FROM timeline WHERE kind = 'STATUS_CHANGED' GROUP BY order_id) t
    ON t.order_id = o.id
LEFT JOIN (SELECT order_number AS number, count(*) AS n FROM audit_log WHERE action = 'order.cancel'
    GROUP BY 1) a ON a.number = o.order_number
LEFT JOIN (SELECT order_id, count(*) AS n FROM outbox WHERE kind = 'CANCELLATION' GROUP BY order_id) m
    ON m.order_id = o.id
WHERE NOT (
    (o.status = 'CANCELLED' AND o.payment_status = 'VOIDED' AND t.n = 1 AND a.n = 1 AND m.n = 1)
    OR (o.status = 'PENDING' AND o.payment_status = 'PENDING'
        AND t.n IS NULL AND a.n IS NULL AND m.n IS NULL)
)
"""


def test_a_killed_api_loses_no_acknowledged_cancel_and_leaves_none_half_done(
    own_shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    numbers = [own_shop.create()["orderNumber"] for _ in range(ORDERS)]
    token = own_shop.staff("support")
    acknowledged: list[str] = []
    refused: list[tuple[str, int]] = []
    enough = threading.Event()

    with (
        Served(tmp_path, database_url=settings.database_url, jwt_secret=JWT_SECRET, code_key=CODE_KEY) as api,
        ThreadPoolExecutor(10) as pool,
    ):

        def cancel(number: str) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
            try:
                connection.request(
                    "POST",
                    f"/v1/orders/{number}/cancel",
                    json.dumps({"reason": "DUPLICATE"}),
                    {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                )
                status = connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return
            finally:
                connection.close()
            if status == 200:
                acknowledged.append(number)
                if len(acknowledged) >= KILL_AFTER:
                    enough.set()
            else:
                refused.append((number, status))

        asked = [pool.submit(cancel, number) for number in numbers]
        assert enough.wait(60)
        api.kill()
        for each in asked:
            each.result(60)

    assert refused == []
    assert KILL_AFTER <= len(acknowledged) < ORDERS
    cancelled = {
        row["order_number"]
        for row in own_shop.sql("SELECT order_number FROM orders WHERE status = 'CANCELLED'")
    }
    assert set(acknowledged) <= cancelled
    assert own_shop.sql(DISAGREEING) == []
    if own_shop.api.database.is_sqlite:
        assert own_shop.sql("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
    with own_shop.api.database.reading() as session:
        assert differences(session) == []
    own_shop.reset()
    assert own_shop.get("/v1/orders?status=CANCELLED").json["total"] == len(cancelled)
    rest = next(number for number in numbers if number not in cancelled)
    assert own_shop.cancel(rest).status == 200


def test_a_key_whose_call_was_killed_is_free_again_after_a_while(
    own_shop: Shop, make_settings: Callable[..., Settings]
) -> None:
    number = own_shop.create()["orderNumber"]
    key = {"idempotency-key": "killed-call"}
    own_shop.cancel(number, headers=key)
    own_shop.sql("UPDATE idempotency_keys SET status = NULL, sealed_answer = NULL")
    assert own_shop.cancel(number, headers=key).code == "IN_PROGRESS"
    own_shop.clock.advance(31)
    assert own_shop.cancel(number, headers=key).code == "ORDER_NOT_CANCELLABLE"


def test_the_mails_of_a_killed_sender_are_another_ones_once_its_lease_is_over_and_none_goes_out_twice(
    mailing_shop: Shop, smtp_server: MailServer, tmp_path: Path
) -> None:
    shop, began = mailing_shop, datetime.now(UTC)
    shop.clock.now = began
    for name in ("one", "two", "three"):
        shop.create(email=f"{name}@example.com")
    given = {"database_url": shop.settings.database_url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    smtp_server.hang.clear()
    with start(tmp_path, "mail", "--send", **given, smtp_url=smtp_server.url) as killed:
        assert smtp_server.hanging.wait(60)  # it has given a message to the mail server, which says nothing
        killed.kill()
    smtp_server.hang.set()
    shop.clock.now = datetime.now(UTC)
    senders = [Sender(shop.api) for _ in range(2)]
    assert sum(at_once(2, lambda turn: senders[turn].deliver_others().sent)) == 2
    shop.clock.now = began + LEASE
    assert sum(at_once(2, lambda turn: senders[turn].deliver_others().sent)) == 0
    shop.clock.now = datetime.now(UTC) + LEASE
    assert sum(at_once(2, lambda turn: senders[turn].deliver_others().sent)) == 1
    assert len({each.recipients for each in smtp_server.messages}) == len(smtp_server.messages) == 3
    shop.clock.advance(LEASE.total_seconds())
    assert senders[0].deliver_others().sent == 0
