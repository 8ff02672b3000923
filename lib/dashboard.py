"""Makes the dashboard's ASGI app: Streamlit's, with security headers; how it is run is lib.run's matter."""

from __future__ import annotations

import base64
import hashlib
import importlib
import logging
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from lib.memory import start_gc_keeper
from lib.ui.orders.export_link import export_route

SCRIPT = Path(__file__).parents[1] / "app.py"
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")
# Imported before the first visitor comes. Never streamlit_authenticator: its cookie component makes itself
# known to Streamlit on import, which does nothing outside a page's run.
WARM = ("pandas", "pyarrow", "bcrypt", "jwt", "yaml", "lib.orders_client")

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def create_dashboard() -> st.App:
    """Make the ASGI app that serves app.py; one a process, because Streamlit's settings are the process's."""
    return st.App(
        SCRIPT,
        lifespan=_lifespan,
        routes=[export_route()],
        middleware=[Middleware(SecurityHeaders, policy=content_policy())],
    )


def content_policy() -> str:
    """Make the Content-Security-Policy: nothing from elsewhere, no frames of others, no inline scripts.

    Streamlit's own page and streamlit-authenticator's cookie component have one inline script each; those two
    are allowed by their hash. Streamlit needs inline styles, and frames of its own for components.
    """
    hashes = " ".join(f"'sha256-{digest}'" for digest in _inline_scripts(_pages_with_inline_scripts()))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers to every answer, and closes what the world has no business with."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Frame-Options": "SAMEORIGIN",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket" and not _has_origin(scope):
            # Browsers always send it; Streamlit lets programs that don't open sessions.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if scope.get("scheme") == "https":
                    message["headers"] = [_secured(*header) for header in message["headers"]]
            await send(message)

        closed = any(path in scope["path"] for path in CLOSED_PATHS)
        app: ASGIApp = PlainTextResponse("Not Found", 404) if closed else self._app
        await app(scope, receive, send_with_headers)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Keep a cookie to HTTPS: Streamlit's own, of single sign-on, would go over plain HTTP as well."""
    is_plain_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if is_plain_cookie else value


def _has_origin(scope: Scope) -> bool:
    return any(name == b"origin" and value for name, value in scope["headers"])


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    for name in ("uvicorn.access", "uvicorn.error"):
        # Streamlit has just turned them up to a line a request, addresses with their queries included.
        logging.getLogger(name).setLevel(logging.WARNING)
    await anyio.to_thread.run_sync(_warm_up)
    yield {}


def _warm_up() -> None:
    # Or the first visitor's address would be looked for in a flat pages/ folder: see
    # lib.ui.frame.navigation.
    PagesManager.uses_pages_directory = False
    for module in WARM:
        importlib.import_module(module)
    start_gc_keeper()


def _pages_with_inline_scripts() -> list[Path]:
    component = Path("CookieManager") / "frontend" / "build"
    return [
        _package_folder("streamlit") / "static" / "index.html",
        _package_folder("extra_streamlit_components") / component / "index.html",
    ]


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{name} is not installed")
    return Path(spec.origin).parent


def _inline_scripts(pages: Iterable[Path]) -> list[str]:
    scripts = [script for page in pages for script in _INLINE_SCRIPT.findall(page.read_bytes())]
    return [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts]
