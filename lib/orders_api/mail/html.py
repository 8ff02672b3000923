"""Shows the plain text of an email as HTML, nothing added and nothing loaded; it words none."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

SHIPPED = Path(__file__).parent / "templates"
LAYOUT = "mail.html"
_LINK = re.compile(r"https?://\S+")
_shipped_layout = Environment(loader=FileSystemLoader(SHIPPED), autoescape=select_autoescape()).get_template(
    LAYOUT
)


def html_of(
    text: str, title: str, language: str = "en", shop_name: str = "", layout: Template = _shipped_layout
) -> str:
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
    return layout.render(title=title, language=language, shop_name=shop_name, paragraphs=paragraphs)
