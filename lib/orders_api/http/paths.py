"""Lets any text stand in a path where something opaque is named, even what can't be one; it judges none."""

from urllib.parse import quote, unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp, Receive, Scope, Send

_SLASH = "\ue02f"
"""Stands for a slash within a name while a path is cut at its own; no name has such a character."""


class NamedSlashes:
    """Keeps a slash that was sent as %2F, and so is part of a name, apart from those that divide a path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        raw_path = scope.get("raw_path") or b""
        if b"%2f" in raw_path.lower():
            marked = raw_path.decode("latin-1").replace("%2f", "%2F").replace("%2F", quote(_SLASH))
            scope["path"] = unquote(marked)
        await self._app(scope, receive, send)


class AnyText(Convertor[str]):
    """Text with slashes and line ends too: a malformed name gets the same answer as an unknown one."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Return the text as it was sent."""
        return value.replace(_SLASH, "/")

    def to_string(self, value: str) -> str:
        """Return the text as it is."""
        return value


def register() -> None:
    """Make `{name:text}` known; before the routes that say so are made."""
    register_url_convertor("text", AnyText())
