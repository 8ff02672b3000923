"""64 callers at once and four API processes: one success, five wrong attempts, one live code, one cancel."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lib.orders_api.domain.clock import system_clock
from lib.settings import Settings
from tests.api.asgi import Caller
from tests.api.serving import Served
from tests.api.shop import EMAIL, Shop, at_once, wrong
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.databases import Databases, Kind

CALLERS = 64


class Service:
    """Four processes that serve one store, and an API in process that looks into it."""

    def __init__(self, port: int, shop: Shop) -> None:
        self._port = port
        self.shop = shop

    def call(self, method: str, path: str, body: Any, caller: int, token: str | None = None) -> int:
        """Send one request on a connection of its own, as from an address of its own; return the status."""
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"192.0.2.{caller}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def verify(self, number: str, code: str, caller: int) -> int:
        """Show a code."""
        body = {"orderNumber": number, "email": EMAIL, "code": code}
        return self.call("POST", "/v1/guest/access-codes/verify", body, caller)

    def request(self, number: str, caller: int) -> int:
        """Ask for a code."""
        body = {"orderNumber": number, "email": EMAIL}
        return self.call("POST", "/v1/guest/access-codes", body, caller)

    def rows(self, columns: str, table: str, number: str, more: str = "") -> list[dict[str, Any]]:
        """Look at an order's rows of a table."""
        rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
        return [
            dict(row) for row in self.shop.sql(f"SELECT {columns} FROM {table} WHERE {rule} {more}", n=number)
        ]


@pytest.fixture(scope="module")
def service(
    databases: Databases,
    database_kind: Kind,
    make_settings: Callable[..., Settings],
    caller: Caller,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """A service of four processes, on each engine."""
    url = databases.fresh(database_kind)
    shop = Shop(make_settings(database_url=url), caller)
    shop.clock.now = system_clock()
    given = {"database_url": url, "jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
    folder = tmp_path_factory.mktemp("races")
    with Served(folder, "--workers", "4", trusted_proxies="127.0.0.1", **given) as api:
        yield Service(api.port, shop)
    assert "locked" not in api.said
    assert '"status": 5' not in api.said
    shop.close()
    databases.drop(url)


def wait_until_granted(service: Service) -> None:
    waiting = threading.Event()
    for _ in range(600):
        if not service.shop.count("access_requests"):
            return
        waiting.wait(0.05)
    raise AssertionError("the requests were never worked on")


def test_one_code_gives_one_success(service: Service) -> None:
    number = service.shop.create()["orderNumber"]
    code = service.shop.new_code(number)
    statuses = at_once(CALLERS, lambda turn: service.verify(number, code, turn))
    assert Counter(statuses) == {200: 1, 401: CALLERS - 1}
    assert service.shop.count("access_tokens", number) == 1


def test_the_fifth_wrong_attempt_is_the_last_that_counts(service: Service) -> None:
    number = service.shop.create()["orderNumber"]
    code = service.shop.new_code(number)
    statuses = at_once(CALLERS, lambda turn: service.verify(number, wrong(code, turn + 1), turn))
    assert Counter(statuses) == {401: CALLERS}
    assert service.rows("state, wrong_attempts", "access_codes", number) == [
        {"state": "DEAD", "wrong_attempts": 5}
    ]
    (lock,) = service.rows("wrong_at, wrong_in_a_row", "guest_locks", number)
    assert (len(lock["wrong_at"].split()), lock["wrong_in_a_row"]) == (5, 5)
    assert service.verify(number, code, 99) == 401


def test_many_code_requests_leave_one_live_code(service: Service) -> None:
    number = service.shop.create()["orderNumber"]
    statuses = at_once(CALLERS, lambda turn: service.request(number, turn))
    assert Counter(statuses) == {202: CALLERS}
    wait_until_granted(service)
    assert [row["state"] for row in service.rows("state", "access_codes", number)] == ["LIVE"]
    assert len(service.shop.mails(number, "ACCESS_CODE")) == 1
    assert service.verify(number, service.shop.codes(number)[0], 100) == 200


def test_many_cancels_make_one_transition_one_mail_and_one_audit_row(service: Service) -> None:
    number = service.shop.create()["orderNumber"]
    token = service.shop.staff("support")
    path = f"/v1/orders/{number}/cancel"
    statuses = at_once(CALLERS, lambda turn: service.call("POST", path, {}, turn, token))
    assert Counter(statuses) == {200: 1, 409: CALLERS - 1}
    assert len(service.rows("id", "timeline", number, "AND kind = 'STATUS_CHANGED'")) == 1
    assert len(service.shop.mails(number, "CANCELLATION")) == 1
    audited = "SELECT id FROM audit_log WHERE order_number = :n AND action = 'order.cancel'"
    assert len(service.shop.sql(f"{audited} AND outcome = 'OK'", n=number)) == 1


def test_a_limit_holds_over_all_processes(service: Service) -> None:
    statuses = at_once(CALLERS, lambda _: service.call("GET", "/v1/track/nope", None, 250))
    assert Counter(statuses) == {404: 60, 429: CALLERS - 60}
