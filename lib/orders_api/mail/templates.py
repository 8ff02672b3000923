"""Words emails by templates: the shipped ones, and those of the shop's own folder before them.

A template is `KIND.LANGUAGE.txt`, whose first line is `Subject: …`; its HTML is `KIND.LANGUAGE.html` where
there is one, else its text in `mail.html`. Names that begin with `_` are for including.
"""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    select_autoescape,
)

from lib.settings import Settings, SettingsError

SHIPPED = Path(__file__).parent / "templates"
LAYOUT = "mail.html"
_LINK = re.compile(r"https?://\S+")
_shipped_layout = Environment(loader=FileSystemLoader(SHIPPED), autoescape=select_autoescape()).get_template(
    LAYOUT
)
SAMPLE = {
    "order_number": "ORD-2026-0042",
    "customer_name": "Jane Doe",
    "total": "129.90 EUR",
    "tracking_link": "https://shop.example/track/8d7f0f9a-3c1e-4f0e-9d53-0c6a4b1f2e11",
    "code": "123456",
}
FALLBACK = "en"
_SUBJECT = "Subject:"
_log = logging.getLogger("orders_api.mail")
Fields = Mapping[str, str]


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


class MailKind(StrEnum):
    """The kinds of emails to customers."""

    CONFIRMATION = "confirmation"
    CANCELLATION = "cancellation"
    ACCESS_CODE = "access_code"
    EMAIL_CHANGED = "email_changed"


FIELDS = {
    MailKind.CONFIRMATION: ("order_number", "customer_name", "total", "tracking_link"),
    MailKind.CANCELLATION: ("order_number", "customer_name", "total"),
    MailKind.ACCESS_CODE: ("order_number", "code"),
    MailKind.EMAIL_CHANGED: ("order_number",),
}
"""What a template may show beside `shop_name` and `language`."""
NEEDED = {
    MailKind.CONFIRMATION: ("order_number", "tracking_link"),
    MailKind.CANCELLATION: ("order_number",),
    MailKind.ACCESS_CODE: ("code",),
    MailKind.EMAIL_CHANGED: ("order_number",),
}
"""Without these an email is of no use."""
_FILE = re.compile(rf"(?:{'|'.join(MailKind)})\.[a-z]{{2,3}}\.(?:txt|html)")


@dataclass(frozen=True)
class Message:
    """An email's subject, plain text and HTML; its body has `size` bytes at least."""

    subject: str
    text: str
    html: str = ""
    size: int = 0

    @property
    def body(self) -> str:
        """Return text and HTML in one, as the outbox keeps them."""
        body = f"{self.text}\0{self.html}"
        return body + "\0" * (self.size - len(body.encode()))


def parts_of(body: str) -> tuple[str, str]:
    """Return the text and the HTML of a body; what earlier versions queued has no HTML."""
    text, _, html = body.partition("\0")
    return text, html.rstrip("\0")


@dataclass(frozen=True)
class _Words:
    """What makes one kind of email in one language."""

    language: str
    text: Template
    html: Template | None
    layout: Template

    def render(self, shop_name: str, fields: Fields) -> Message:
        every = {**fields, "shop_name": shop_name, "language": self.language}
        head, _, text = self.text.render(every).partition("\n")
        if not head.startswith(_SUBJECT):
            raise ValueError(f"its first line must be {_SUBJECT} and the subject")
        subject, text = head.removeprefix(_SUBJECT).strip(), text.strip("\n") + "\n"
        if self.html is not None:
            return Message(subject, text, self.html.render(every, subject=subject))
        return Message(subject, text, html_of(text, subject, self.language, shop_name, self.layout))


class Templates:
    """All templates; each was tried with sample data."""

    def __init__(self, own: Path | None, shop_name: str, language: str) -> None:
        """Read the templates.

        Raises:
            SettingsError: one of the shop's own is broken, lacks a field, or is for no kind of email.
        """
        self._shop_name, self._language = shop_name, language
        self._shipped = self._words = _words_in([SHIPPED])
        if own is not None:
            self._words = _words_in([own, SHIPPED])
        if not any(known == language for _, known in self._words):
            raise SettingsError(f"ORDERS_MAIL_LANGUAGE: there is no template in the language {language}")
        for (kind, known), words in self._words.items():
            _check(f"{kind}.{known}", words, shop_name, {name: SAMPLE[name] for name in FIELDS[kind]}, kind)

    def languages(self, kind: MailKind) -> list[str]:
        """Return the languages in which there is a kind of email."""
        return [language for known, language in self._words if known == kind]

    def render(self, kind: MailKind, locale: str | None, fields: Fields) -> Message:
        """Return an email in a locale's language where it is there, else in the shop's.

        Where the shop's own template can't take what an order holds, the shipped one goes out.
        """
        language = self.language_of(kind, locale)
        try:
            return self._words[kind, language].render(self._shop_name, fields)
        except Exception as error:
            # A template is a program: whatever it raises, the order has to be taken. Its text may hold data.
            _log.error(json.dumps({"event": "mail template", "mail": kind, "error": type(error).__name__}))
            words = self._shipped.get((kind, language)) or self._shipped[kind, FALLBACK]
            return words.render(self._shop_name, fields)

    def language_of(self, kind: MailKind, locale: str | None) -> str:
        """Return the language in which an email to such a locale goes out."""
        wanted = re.split("[-_]", locale.lower())[0] if locale else ""
        languages = (wanted, self._language, FALLBACK)
        return next(language for language in languages if (kind, language) in self._words)


@lru_cache
def _templates(own: Path | None, shop_name: str, language: str) -> Templates:
    return Templates(own, shop_name, language)


def templates_of(settings: Settings) -> Templates:
    """Return the templates that the settings name, read once in each process.

    Raises:
        SettingsError: as for `Templates`.
    """
    return _templates(settings.mail_templates, settings.shop_name or "", settings.mail_language)


def _words_in(folders: Sequence[Path]) -> dict[tuple[MailKind, str], _Words]:
    """Read the templates of these folders, of which the first comes first.

    Raises:
        SettingsError: a template can't be read, or is for no kind of email.
    """
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        names = sorted({path.name for folder in folders for path in folder.iterdir()} - {LAYOUT})
        layout = environment.get_template(LAYOUT)
        found = {name: environment.get_template(name) for name in names if _is_template(name)}
    except TemplateSyntaxError as error:
        raise _wrong(f"{error.name}, line {error.lineno}: {error.message}") from None
    except UnicodeDecodeError:
        raise _wrong("a template is not UTF-8 text") from None
    except OSError as error:
        raise _wrong(f"{error.strerror}") from None
    words = {}
    for name, template in found.items():
        stem, language, suffix = name.split(".")
        kind = MailKind(stem)
        if f"{kind}.{language}.txt" not in found:
            raise _wrong(f"{name} needs a {kind}.{language}.txt beside it")
        if suffix == "txt":
            html = found.get(f"{kind}.{language}.html")
            words[kind, language] = _Words(language, template, html, layout)
    return words


def _is_template(name: str) -> bool:
    if name.startswith(("_", ".")):
        return False
    if not _FILE.fullmatch(name):
        kinds = ", ".join(MailKind)
        raise _wrong(f"{name} must be named KIND.LANGUAGE.txt or .html, where KIND is one of {kinds}")
    return True


def _check(name: str, words: _Words, shop_name: str, sample: Fields, kind: MailKind) -> None:
    """Try a template.

    Raises:
        SettingsError: it fails, lacks a field that is needed, or tells of the order in its subject.
    """
    try:
        message = words.render(shop_name, sample)
    except Exception as error:
        # A template is a program, which may raise anything.
        raise _wrong(f"{name}: {' '.join(str(error).split()) or type(error).__name__}") from None
    for suffix, content in (("txt", message.text), ("html", message.html)):
        for field in NEEDED[kind]:
            if sample[field] not in content:
                raise _wrong(f"{name}.{suffix} lacks {{{{ {field} }}}}")
    for field, value in sample.items():
        if value in message.subject:
            raise _wrong(f"{name}: its subject must not show {field}, as subjects are kept in clear")


def _wrong(what: str) -> SettingsError:
    return SettingsError(f"ORDERS_MAIL_TEMPLATES: {what}")
