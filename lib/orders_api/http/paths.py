"""Lets any text stand in a path where something opaque is named, even what can't be one; it judges none."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class AnyText(Convertor[str]):
    """Text with slashes and line ends too: a malformed name gets the same answer as an unknown one."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Return the text as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the text as it is."""
        return value


def register() -> None:
    """Make `{name:text}` known; before the routes that say so are made."""
    register_url_convertor("text", AnyText())
