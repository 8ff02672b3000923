"""What is closed to everybody, and to whom the desk does not answer at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from lib.middleware.closed_doors import ClosedDoors

REACHED = "reached"
PARTS = {"type": "http", "path": "/", "method": "GET", "scheme": "http", "query_string": b""}


def visit(host: str | None, path: str = "/", origin: str | None = None, kind: str = "http") -> Any:
    """Return the status or close code that somebody gets, or REACHED."""
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": REACHED})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {b"host": host, b"origin": origin}
    headers = [(name, value.encode()) for name, value in named.items() if value is not None]
    scope = {**PARTS, "type": kind, "path": path, "headers": headers}
    asyncio.run(ClosedDoors(app, ["desk.shop.example"])(scope, receive, send))
    return sent[0].get("status", sent[0].get("code", sent[0]["type"]))


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/desk/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/upload_file/0a1b/1",
    ],
)
def test_figures_the_agent_api_and_uploads_are_closed(path: str) -> None:
    assert visit("127.0.0.1:8501", path) == 404


def test_other_paths_are_open() -> None:
    assert visit("127.0.0.1:8501", "/_stcore/health") == REACHED


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8501", "localhost", "LOCALHOST:8501", "[::1]:8501", "192.0.2.7:80", "Desk.Shop.Example."],
)
def test_the_desk_answers_under_its_names_and_any_address(host: str) -> None:
    assert visit(host) == REACHED
    assert visit(host, origin=f"http://{host}", kind="websocket") == REACHED


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "desk.shop.example.evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "a@evil.example",
        "[",
        "",
        None,
    ],
)
def test_a_name_that_somebody_else_had_lead_here_is_refused(host: str | None) -> None:
    assert visit(host) == 421
    assert visit(host, origin=f"http://{host}", kind="websocket") == 1008


@pytest.mark.parametrize(
    "origin", [None, "", "null", "http://evil.example", "http://localhost:3000", "http://127.0.0.1:8501.evil"]
)
def test_another_sites_page_and_a_program_open_no_session(origin: str | None) -> None:
    assert visit("127.0.0.1:8501", origin=origin, kind="websocket") == 1008
