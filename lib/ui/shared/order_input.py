"""Reads what staff type or paste to name an order: a search, a number, an email, a tracking token; pure."""

import re
import unicodedata
from urllib.parse import unquote
from uuid import UUID

LONGEST_PASTE = 10_000

_UUID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
_BOUNDED = re.compile(rf"(?<![0-9a-z-]){_UUID}(?![0-9a-z-])")
_NAMED = re.compile(rf"(?:/track/|[?&;](?:token|t)=)({_UUID})(?![0-9a-z-])")
_UNBOUNDED = re.compile(_UUID)
_OPAQUE = r"[A-Za-z0-9_-]{6,200}"
_LINKED = re.compile(rf"(?:/track/|[?&;](?:token|t)=)({_OPAQUE})(?![A-Za-z0-9_-])")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
LONGEST_SEARCH = 200
LONGEST_NUMBER = 64
_EMAIL = re.compile(r"[^\s@:;,<>()]+@[^\s@:;,<>()/]+")
_BRACKETS = re.compile(r".*<([^<>]*)>.*", re.DOTALL)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|(mailto|tel|https?):", re.IGNORECASE)


def find_token(pasted: str) -> str | None:
    """Return the tracking token in `pasted` in its usual spelling, or None where there is none.

    Takes a bare token and a link around one, as mail programs mangle it: in angle brackets, with
    punctuation or text about it, percent-encoded, in capitals, broken over lines. Of several candidates
    the one that stands where links have their token wins.
    """
    text = _plain(pasted[:LONGEST_PASTE])
    found = _NAMED.search(text)
    if found:
        return str(UUID(found[1]))
    whole = _BOUNDED.search(text)
    if whole:
        return str(UUID(whole[0]))
    # A line break inside the token (in quoted-printable led by "=") leaves no whole one to find.
    joined = re.sub(r"[=\s>]+", "", text)
    broken = _UNBOUNDED.search(joined)
    return str(UUID(broken[0])) if broken else None


def find_opaque_token(pasted: str) -> str | None:
    """Return a token that is no UUID, as a shop's own API may give: out of its link, or alone.

    What has no digit or no letter, or any sign that emails and phone numbers have, is none.
    """
    text = _decoded(pasted[:LONGEST_PASTE]).strip().strip("<>()\"'.,")
    found = _LINKED.search(text)
    if found:
        return found[1]
    is_mixed = any(sign.isdigit() for sign in text) and any(sign.isalpha() for sign in text)
    return text if is_mixed and re.fullmatch(_OPAQUE, text) else None


def _plain(text: str) -> str:
    """Undo what copying does to a token: encodings, look-alike dashes and digits, invisible signs, case."""
    return _decoded(text).lower()


def _decoded(text: str) -> str:
    # Link checkers wrap the shop's link in their own, which encodes it a second time.
    decoded = unquote(unquote(text))
    return unicodedata.normalize("NFKC", decoded.translate(_INVISIBLE)).translate(_DASHES)


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
