"""Reads what somebody typed or pasted to find an order: its terms, without what came along with them."""

import re
from dataclasses import dataclass

import idna

from lib.orders_api.domain.folding import fold, fold_spelt_out
from lib.orders_api.domain.text import DASHES

_AROUND = " \t\r\n\"'`´‘’‚‛“”„‟«»‹›<>()[]{}.,;:!?…"
_SCHEME = re.compile(r"(?:mailto|tel|sms):(?://)?", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:order|bestell(?:ung)?|commande|pedido|ordine|encomenda|zam[oó]wienie)s?"
    r"(?:[\s.:-]*(?:number|nummer|num|no|nr|n[°º]))?(?:[\s.:]+|(?=[#№]))(?=[#№]|\S*[0-9])",
    re.IGNORECASE,
)
_HASHES = re.compile(r"[#＃№]\s*(?=\S)")
_PHONE_PART = re.compile(r"\+?[0-9(][0-9()/.-]*", re.ASCII)
_HALF_OF_POSTAL_CODE = re.compile(r"[a-z0-9]{2,4}", re.ASCII)


@dataclass(frozen=True)
class Term:
    """Something that an order has to match: a word, or several that may be one number or name."""

    text: str
    """As it was typed."""
    words: tuple[str, ...]
    """The words that it is made of, each of which may stand anywhere."""


def cleaned(query: str) -> str:
    """Return a query without what people paste along: quotes, brackets, `mailto:`, `Order #`, a full stop."""
    text = _SCHEME.sub("", query.strip(_AROUND))
    return _HASHES.sub("", _ORDER.sub("", text, count=1) if _ORDER.match(text) else text).strip(_AROUND)


def read_terms(query: str) -> list[Term]:
    """Return the terms of a query, each once; all of them have to match."""
    groups: list[list[str]] = []
    for word in (each.strip(_AROUND) or each for each in cleaned(query).split()):
        if not fold(word):
            continue
        if groups and (_continues_phone(groups[-1], word) or _ends_postal_code(groups[-1], word)):
            groups[-1].append(word)
        else:
            groups.append([word])
    return list(dict.fromkeys(_term(group) for group in groups))


def word_forms(word: str) -> list[str]:
    """Return the forms in which a word may stand in the texts that are searched."""
    return list(dict.fromkeys(form for form in (fold(word), fold_spelt_out(word)) if form))


def words_of(text: str) -> list[str]:
    """Return the words of a text, without the signs around them; Marie-Claire is two, 12-14 one."""
    return [part for word in text.split() for part in _split_name(word.strip(_AROUND))]


def email_form(email: str) -> str:
    """Return the form in which an email address is searched: folded, its domain in letters."""
    mailbox, _, domain = email.rpartition("@")
    try:
        letters = idna.decode(domain) if "xn--" in domain.lower() else domain
    except idna.IDNAError:
        letters = domain
    return fold(f"{mailbox}@{letters}")


def _split_name(word: str) -> list[str]:
    if word.isascii() and "-" not in word:
        return [word]
    parts = [part for part in word.translate(DASHES).split("-") if part]
    return [word] if any(sign.isdigit() or sign == "@" for sign in word) or not parts else parts


def _term(group: list[str]) -> Term:
    return Term(" ".join(group), tuple(group) if len(group) > 1 else tuple(_split_name(group[0])))


def _continues_phone(group: list[str], word: str) -> bool:
    return all(_PHONE_PART.fullmatch(fold(each)) for each in (*group, word))


def _ends_postal_code(group: list[str], word: str) -> bool:
    """Tell whether two words may be a postal code such as SW1A 1AA or 1234 AB."""
    first, second = fold(group[0]), fold(word)
    halves = all(_HALF_OF_POSTAL_CODE.fullmatch(half) for half in (first, second))
    return halves and len(group) == 1 and any(sign.isdigit() for sign in first)
