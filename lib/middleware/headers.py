"""Adds the security headers to every answer, the Content-Security-Policy among them."""

import base64
import hashlib
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def content_policy(*own_scripts: str) -> str:
    """Make the Content-Security-Policy: nothing from elsewhere, no frames of others, no inline scripts.

    Streamlit's own page and streamlit-authenticator's cookie component have one inline script each; those two
    and ours are allowed by their hash. Streamlit needs inline styles, and frames of its own for components.
    """
    scripts = [*_inline_scripts(_pages_with_inline_scripts()), *(each.encode() for each in own_scripts)]
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
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
    """Adds the headers, and keeps cookies to HTTPS where the desk is served by it."""

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

        await self._app(scope, receive, send_with_headers)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Keep a cookie to HTTPS: Streamlit's own, of single sign-on, would go over plain HTTP as well."""
    is_plain_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if is_plain_cookie else value


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


def _inline_scripts(pages: Iterable[Path]) -> list[bytes]:
    return [script for page in pages for script in _INLINE_SCRIPT.findall(page.read_bytes())]


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()
