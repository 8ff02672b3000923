"""Who gets the desk's figures."""

from __future__ import annotations

import asyncio
import ipaddress

import httpx
import pytest
from starlette.applications import Starlette

from lib.ui.shared.observing import metrics_route

APP = Starlette(routes=[metrics_route([ipaddress.ip_network("198.51.100.0/24")])])


@pytest.mark.parametrize(
    ("caller", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("198.51.100.7", {}, 200),
        ("203.0.113.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),  # a proxy that nobody told us of
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
        ("198.51.100.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("no address", {}, 404),
    ],
)
def test_figures_are_for_this_machine_and_the_proxies_themselves(
    caller: str, headers: dict[str, str], status: int
) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(APP, client=(caller, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.get("/metrics", headers=headers)

    answer = asyncio.run(ask())
    assert answer.status_code == status
    assert ("desk_sessions" in answer.text) == (status == 200)
