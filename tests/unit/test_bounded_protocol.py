"""The bounds of the HTTP that both servers speak, over real connections."""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from lib import bounded_protocol
from lib.bounded_protocol import BoundedProtocol, most_connections, raise_file_limit

UPGRADE = (
    b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Take every websocket, and say one word to it in each pause; answer nothing else."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    for _ in range(4):
        await asyncio.sleep(0.05)
        await send({"type": "websocket.send", "text": "still here"})


@asynccontextmanager
async def served(state: ServerState) -> AsyncIterator[tuple[str, int]]:
    config = uvicorn.Config(app, log_config=None, ws="websockets-sansio")
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BoundedProtocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nx-slow: "])
def test_a_head_that_never_comes_whole_is_given_up(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(bounded_protocol, "HEAD_SECONDS", 0.05)

    async def run() -> bytes:
        async with served(ServerState()) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(sent)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return answer

    assert asyncio.run(run()) == b""


def test_a_websocket_may_stay_silent_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_protocol, "HEAD_SECONDS", 0.05)

    async def run() -> bytes:
        async with served(ServerState()) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(UPGRADE)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return answer

    assert asyncio.run(run()).count(b"still here") == 4


def test_whom_there_is_no_room_for_is_turned_away_with_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bounded_protocol, "most_connections", lambda: 3)
    state = ServerState()

    async def run() -> list[bool]:
        async with served(state) as address:
            callers = [await asyncio.open_connection(*address) for _ in range(12)]
            waits = [asyncio.create_task(reader.read()) for reader, _ in callers]
            while sum(wait.done() for wait in waits) < 9:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=0.1)
            gone = [wait.done() for wait in waits]
            for _, writer in callers:
                writer.close()
            await asyncio.gather(*waits, return_exceptions=True)
            return gone

    monkeypatch.setattr(bounded_protocol, "_said_at", -bounded_protocol.SECONDS_BETWEEN_LINES)
    with caplog.at_level(logging.WARNING):
        assert asyncio.run(run()) == [False] * 3 + [True] * 9
    assert len(caplog.records) == 1


@pytest.mark.parametrize(("files", "connections"), [(1024, 206), (100_000, 1_000), (10, 1)])
def test_connections_never_use_all_files_up(
    monkeypatch: pytest.MonkeyPatch, files: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert most_connections() == connections


def test_as_many_files_as_are_needed_may_be_opened_where_the_system_allows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    for limits in ((1024, resource.RLIM_INFINITY), (1024, 2048), (1_000_000, 1_000_000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, found=limits: found)
        raise_file_limit()
    assert raised == [(4_200, resource.RLIM_INFINITY), (2048, 2048)]
