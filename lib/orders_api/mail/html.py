"""Shows the plain text of an email as HTML, nothing added and nothing loaded; it words none."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

_LINK = re.compile(r"https?://\S+")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape()
)


def html_of(text: str, title: str) -> str:
    """Return a page with the paragraphs of `text`: a line that is a link as one, one that is set in large."""
    paragraphs = [
        [
            {
                "text": line.strip(),
                "is_link": bool(_LINK.fullmatch(line)),
                "is_large": line.startswith("    "),
            }
            for line in paragraph.splitlines()
        ]
        for paragraph in text.strip("\n").split("\n\n")
    ]
    return _templates.get_template("mail.html").render(title=title, paragraphs=paragraphs)
