"""Reads what staff type or paste to name an order: a search, a number, an email; it asks nobody."""

from __future__ import annotations

import re
import unicodedata

from lib.ui.shared.tracking_input import find_token

LONGEST_SEARCH = 200
LONGEST_NUMBER = 64
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_EMAIL = re.compile(r"[^\s@:;,<>()]+@[^\s@:;,<>()/]+")
_BRACKETS = re.compile(r".*<([^<>]*)>.*", re.DOTALL)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|(mailto|tel|https?):", re.IGNORECASE)


def search_terms(text: str | None) -> str | None:
    """Make a search of what was pasted: a tracking link becomes its token; nothing where there is nothing."""
    wanted = " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
    return (find_token(wanted) or wanted[:LONGEST_SEARCH]) or None


def can_be_number(text: str) -> bool:
    """Return whether this may be an order's number: no email, no link, no tracking token."""
    if not text or len(text) > LONGEST_NUMBER or not text.isprintable():
        return False
    return not (_EMAIL.search(text) or _ADDRESS.match(text) or find_token(text))


def same_number(one: str, other: str) -> bool:
    """Return whether two order numbers mean the same, as the API compares them."""
    return _key(one) == _key(other)


def read_email(text: str) -> str | None:
    """Return the email address that was typed, without the `mailto:`, brackets and name pasted with it."""
    bare = _BRACKETS.sub(r"\1", text.strip())
    email = re.sub(r"^mailto:", "", bare.strip(), flags=re.IGNORECASE).partition("?")[0].strip("\"'.,; ")
    return email if _EMAIL.fullmatch(email) and email.isprintable() else None


def _key(number: str) -> str:
    return unicodedata.normalize("NFKC", number).translate(_DASHES).casefold().strip().lstrip("#№").strip()
