"""Runs three API processes and two dashboards behind nginx, by deploy/'s own file, and what they need."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.orders_api.domain.sealing import Sealer
from lib.orders_api.store.migrations import upgrade
from lib.orders_client import OrdersClient
from lib.staff import changes
from lib.staff.shared_file import SharedStaffFile
from lib.staff.tokens import mint_dashboard_token, mint_staff_token
from tests.api.serving import Served
from tests.client.live import new_order
from tests.conftest import CODE_KEY, JWT_SECRET
from tests.servers.desk import Desk, free_port_pair
from tests.servers.identity_provider import identity_provider, write_secrets
from tests.servers.nginx import Nginx
from tests.servers.otlp import Receiver, otlp_receiver
from tests.servers.postgres import PostgresServer
from tests.servers.smtp import MailServer, RunningMailServer

PASSWORD = "correct horse battery"
PEOPLE = {"maria": {"email": "maria@shop.example", "name": "Maria Rossi", "groups": ["shop-support"]}}
"""Whom the shop's identity provider knows."""
SECRETS = {"jwt_secret": JWT_SECRET, "code_key": CODE_KEY}
LOGGING = ("log_line_prefix=%a ", "log_min_duration_statement=0", "log_parameter_max_length=0")


def admins_token() -> str:
    """Return a token of the admin's, good for some minutes."""
    return mint_staff_token(JWT_SECRET, "ada", ["admin"], datetime.now(UTC))


@dataclass(frozen=True)
class Cluster:
    """All that runs."""

    nginx: Nginx
    apis: list[Served]
    desks: list[Desk]
    postgres: PostgresServer
    mail: MailServer
    traces: Receiver

    def client(self) -> OrdersClient:
        """Return a client of the admin's, on the way that the dashboards take."""
        return OrdersClient(self.nginx.api_url, admins_token)

    def inside(self) -> httpx.Client:
        """Return a caller with the admin's token on that way."""
        headers = {"Authorization": f"Bearer {admins_token()}"}
        return httpx.Client(base_url=self.nginx.api_url, headers=headers, timeout=30)

    def from_outside(self, address: str = "127.0.0.1", token: str | None = None) -> httpx.Client:
        """Return a caller out in the world, at an address of this machine's loopback."""
        trusted = ssl.create_default_context(cafile=str(self.nginx.certificate))
        return httpx.Client(
            base_url=self.nginx.public_url,
            transport=httpx.HTTPTransport(verify=trusted, local_address=address),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=30,
        )


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Run one, with an order and the account `sam`, which one of two machines has in a file."""
    with ExitStack() as opened:
        provider = opened.enter_context(identity_provider(PEOPLE))
        postgres = opened.enter_context(PostgresServer(durable=True, options=LOGGING))
        mail = opened.enter_context(RunningMailServer())
        traces = opened.enter_context(otlp_receiver())
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        for name, value in traces.settings.items():
            patch.setenv(name, value)
        settings = {"database_url": postgres.url(postgres.create_database()), **SECRETS}
        upgrade(settings["database_url"], sealer=Sealer(CODE_KEY))
        settings |= {"trusted_proxies": "127.0.0.1", "public_url": "https://orders.shop.example"}
        apis = [Served(folder, smtp_url=mail.url, **settings) for _ in range(3)]
        ports = [free_port_pair() for _ in range(2)]
        nginx = Nginx(folder, [each.port for each in apis], ports)
        desks = [_desk(folder, number, port, nginx, provider) for number, port in enumerate(ports)]
        first = desks[0].folder / "staff.yaml"
        changes.add_account(first, "sam", "Sam", ["support", "ops"], PASSWORD)
        together: list[AbstractContextManager[object]] = [*apis, nginx]
        for each in together:
            opened.enter_context(each)
        token = mint_dashboard_token(JWT_SECRET, datetime.now(UTC))
        with OrdersClient(nginx.api_url, token) as client:
            SharedStaffFile(
                first, client.staff_sessions
            ).meet()  # what that machine's dashboard has done before
        for desk in desks:
            desk.launch()
        for desk in desks:
            opened.enter_context(desk)
        cluster = Cluster(nginx, apis, desks, postgres, mail, traces)
        with cluster.client() as admin:
            admin.orders.create(new_order())
        yield cluster


def _desk(folder: Path, number: int, port: int, nginx: Nginx, provider: str) -> Desk:
    own = folder / f"desk-{number}"
    own.mkdir()
    write_secrets(own, provider, nginx.desk_url, {"shop-support": "support"})
    settings: dict[str, Any] = {
        "ORDERS_API_URL": nginx.api_url,
        "ORDERS_JWT_SECRET": JWT_SECRET,
        "ORDERS_STAFF_FILE": "staff.yaml",
        "ORDERS_TRUSTED_PROXIES": "127.0.0.1",
        "ORDERS_DASHBOARD_HOSTS": "desk.shop.example",
    }
    return Desk(own, port=port, **settings)
