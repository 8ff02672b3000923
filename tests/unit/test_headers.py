"""The headers around Streamlit's app."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from lib.middleware.headers import SecurityHeaders, content_policy

Scope = MutableMapping[str, Any]


def messages_for(scope: Scope) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def inner(scope: Scope, receive: Any, send: Any) -> None:
        cookies = [(b"set-cookie", b"a=1; HttpOnly"), (b"Set-Cookie", b"b=2; Secure; Path=/")]
        await send({"type": "http.response.start", "status": 200, "headers": cookies})
        await send({"type": "http.response.body", "body": b"the app"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(SecurityHeaders(inner, policy=content_policy())(scope, receive, send))
    return sent


def get(path: str) -> tuple[int, dict[str, str]]:
    start = messages_for({"type": "http", "path": path, "method": "GET", "headers": []})[0]
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}


def test_every_answer_carries_the_headers() -> None:
    for path in ("/", "/component/x/index.html"):
        _, headers = get(path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(("scheme", "flags"), [("https", [1, 1]), ("http", [0, 1])])
def test_cookies_are_for_https_alone_where_the_desk_is_served_by_it(scheme: str, flags: list[int]) -> None:
    start = messages_for({"type": "http", "path": "/", "method": "GET", "headers": [], "scheme": scheme})[0]
    cookies = [value for name, value in start["headers"] if name.lower() == b"set-cookie"]
    assert [value.count(b"Secure") for value in cookies] == flags


def test_scripts_come_from_here_or_are_known_by_their_hash() -> None:
    directives = dict(part.split(" ", 1) for part in content_policy().split("; "))
    assert directives["default-src"] == "'self'"
    assert "unsafe-inline" not in directives["script-src"]
    assert "'unsafe-eval'" not in directives["script-src"]
    assert directives["script-src"].count("'sha256-") == 2  # Streamlit's page, and the cookie component's
    # The bytes between the tags, as a browser hashes them (openssl dgst -sha256 -binary | base64).
    ours = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    assert content_policy("alert(1)").split("; ")[1].endswith(ours)
