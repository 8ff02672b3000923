"""Calls an ASGI application from any thread, down to the bytes of paths, headers and bodies; no port."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

App = Callable[[Any, Any, Any], Awaitable[None]]
SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """What the application answered."""

    status: int
    raw_headers: tuple[tuple[bytes, bytes], ...]
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers by their small-letter names; each may come once only."""
        names = [name for name, _ in self.raw_headers]
        assert len(names) == len(set(names)), f"a header came twice: {names}"
        return {name.decode().lower(): value.decode("latin1") for name, value in self.raw_headers}

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.content)

    @property
    def code(self) -> str | None:
        """The problem's code; None for a success."""
        return str(self.json["code"]) if self.status >= 400 else None


class Caller:
    """Runs requests on an event loop in a thread of its own; threads may call at once."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="asgi", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def request(
        self,
        app: App,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes | None] = b"",
        client: str = "192.0.2.1",
        hang_up_after: int | None = None,
    ) -> Answer:
        """Send one request; a None among the parts of the body is a caller who hangs up.

        With `hang_up_after` the caller hangs up after so many parts of the answer's body.
        """
        raw_path, _, query = target.partition("?")
        raw = raw_path.encode("ascii")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw_path),
            "raw_path": raw,
            "root_path": "",
            "query_string": query.encode("ascii"),
            "headers": [(n.lower().encode(), v.encode("latin1")) for n, v in (headers or {}).items()],
            "client": (client, 50000),
            "server": ("testserver", 80),
        }
        parts: list[bytes | None] = [body] if isinstance(body, bytes) else list(body)
        return asyncio.run_coroutine_threadsafe(
            _exchange(app, scope, parts, hang_up_after), self._loop
        ).result(SECONDS)


async def _exchange(app: App, scope: Any, parts: list[bytes | None], hang_up_after: int | None) -> Answer:
    waiting = list(parts)
    started: list[MutableMapping[str, Any]] = []
    body: list[bytes] = []
    over = asyncio.Event()

    async def receive() -> Any:
        if not waiting:
            await over.wait()
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        if part is None:
            over.set()
            waiting.clear()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            body.append(message.get("body", b""))
            if not message.get("more_body", False) or len(body) == hang_up_after:
                over.set()

    await app(scope, receive, send)
    if not started:
        return Answer(0, (), b"")
    (start,) = started
    return Answer(start["status"], tuple((n, v) for n, v in start["headers"]), b"".join(body))
