"""Three API processes and two dashboards behind nginx, by deploy/'s own files: others go on when one dies."""

from __future__ import annotations

import os
import signal
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from lib.orders_client import InProgress, OrdersClient
from lib.staff import changes
from lib.staff.tokens import mint_staff_token
from tests.api.serving import Served, start
from tests.client.live import new_order
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.e2e.walking import PATIENCE
from tests.servers.desk import Desk, wait_until
from tests.servers.nginx import Nginx
from tests.servers.postgres import PostgresServer

PASSWORD = "correct horse battery"
CALLERS = 8


@dataclass(frozen=True)
class Cluster:
    """All that runs."""

    nginx: Nginx
    apis: list[Served]
    desks: list[Desk]
    postgres: PostgresServer

    def client(self) -> OrdersClient:
        """Return a client of the admin's, on the way that the dashboards take."""
        return OrdersClient(self.nginx.api_url, lambda: mint_staff_token(JWT_SECRET, "ada", ["admin"], now()))

    def from_outside(self) -> httpx.Client:
        """Return a caller out in the world."""
        return httpx.Client(
            base_url=self.nginx.public_url,
            verify=ssl.create_default_context(cafile=str(self.nginx.certificate)),
        )


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    changes.add_account(folder / "staff.yaml", "sam", "Sam", ["support"], PASSWORD)
    with ExitStack() as opened:
        postgres = opened.enter_context(PostgresServer(durable=True))
        secrets: dict[str, str] = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
        settings = {"database_url": postgres.url(postgres.create_database()), **secrets}
        for command in (["migrate"], ["seed", "--orders", "60"]):
            process = start(folder, *command, **settings)
            said = process.communicate(timeout=120)
            assert process.returncode == 0, said
        settings |= {"trusted_proxies": "127.0.0.1", "public_url": "https://orders.shop.example"}
        apis = [opened.enter_context(Served(folder, **settings)) for _ in range(3)]
        desks = [_desk(folder, number) for number in range(2)]
        nginx = opened.enter_context(
            Nginx(folder, [each.port for each in apis], [each.port for each in desks])
        )
        cluster = Cluster(nginx, apis, desks, postgres)
        for desk in desks:
            desk.settings["ORDERS_API_URL"] = nginx.api_url
            opened.enter_context(desk)
        yield cluster


def _desk(folder: Path, number: int) -> Desk:
    own = folder / f"desk-{number}"
    own.mkdir()
    settings: dict[str, Any] = {
        "ORDERS_JWT_SECRET": JWT_SECRET,
        "ORDERS_STAFF_FILE": str(folder / "staff.yaml"),
        "ORDERS_TRUSTED_PROXIES": "127.0.0.1",
        "ORDERS_DASHBOARD_HOSTS": "desk.shop.example",
    }
    return Desk(own, **settings)


def test_the_world_gets_the_public_calls_alone(cluster: Cluster) -> None:
    with cluster.client() as admin, cluster.from_outside() as caller:
        admin.orders.create(new_order(order_number="FR/2026/1"))
        token = {"Authorization": f"Bearer {mint_staff_token(JWT_SECRET, 'ada', ['admin'], now())}"}
        assert caller.get("/v1/orders/FR%2F2026%2F1", headers=token).json()["orderNumber"] == "FR/2026/1"
        assert caller.get("/v1/orders").json()["code"] == "UNAUTHENTICATED"
        for closed in ("/", "/metrics", "/healthz", "/openapi.json", "/v1/staff-sessions/admit", "/app"):
            answer = caller.post(closed) if "staff" in closed else caller.get(closed)
            assert (closed, answer.status_code) == (closed, 404)
        lies = [
            caller.get("/v1/track/no-token", headers={"X-Forwarded-For": f"198.51.100.{turn}"}).status_code
            for turn in range(70)
        ]
        assert lies.count(404) == 60
        assert set(lies) == {404, 429}


def test_staff_stay_signed_in_at_their_address_when_their_dashboard_is_killed(
    cluster: Cluster, browser: Browser
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{cluster.nginx.desk_url}/tracking")
    page.get_by_role("textbox", name="User name").fill("sam")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    wait_until(lambda: any(each.get("name") == "order_desk_node" for each in context.cookies()))
    answer = context.request.get(f"{cluster.nginx.desk_url}/_stcore/metrics")
    assert answer.status == 404
    for desk in cluster.desks:  # one of them is theirs
        os.killpg(desk.process.pid, signal.SIGKILL)
        desk.wait_until_ended()
        page.reload()
        expect(page.get_by_role("heading", name="Tracking", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert page.url == f"{cluster.nginx.desk_url}/tracking"
        desk.launch()
        desk.wait_until_ready()
    context.close()


def test_an_api_process_that_is_killed_loses_nothing_that_was_acknowledged(cluster: Cluster) -> None:
    with cluster.client() as admin:
        numbers = [admin.orders.create(new_order()).order_number for _ in range(48)]
        acknowledged: list[str] = []
        half_done: list[str] = []
        one_at_a_time = threading.Lock()

        def cancel(number: str) -> None:
            """Cancel an order; what the killed process was at may be repeated later, under the same key."""
            try:
                admin.orders.cancel(number, idempotency_key=f"cluster-{number}")
            except InProgress:
                half_done.append(number)
                return
            with one_at_a_time:
                acknowledged.append(number)
                if len(acknowledged) == 12:
                    cluster.apis[0].kill()

        with ThreadPoolExecutor(CALLERS) as callers:
            list(callers.map(cancel, numbers))
        assert sorted(acknowledged + half_done) == sorted(numbers)
        assert len(half_done) < CALLERS
        for number in acknowledged:
            assert admin.orders.get(number).status == "CANCELLED"
            kinds = [each.kind for each in admin.orders.timeline(number).items]
            assert kinds.count("STATUS_CHANGED") == 1


def test_while_the_database_is_away_callers_are_told_when_to_come_back_and_all_recovers(
    cluster: Cluster,
) -> None:
    with cluster.from_outside() as caller:
        token = {"Authorization": f"Bearer {mint_staff_token(JWT_SECRET, 'ada', ['admin'], now())}"}
        assert caller.get("/v1/orders", headers=token).status_code == 200
        cluster.postgres.stop()
        away = caller.get("/v1/orders", headers=token, timeout=30)
        assert (away.status_code, away.json()["code"]) == (503, "UNAVAILABLE")
        assert int(away.headers["Retry-After"]) >= 1
        cluster.postgres.start()
        wait_until(lambda: caller.get("/v1/orders", headers=token).status_code == 200, seconds=5)
