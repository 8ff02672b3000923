"""Writes the texts in which an order is searched: what staff see of any order, and what they see masked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lib.orders_api.domain.folding import fold, fold_spelt_out
from lib.orders_api.domain.phones import phone_digits
from lib.orders_api.domain.search_terms import email_form, words_of

_IN_POSTAL_CODES = re.compile(r"[\s-]+")


@dataclass(frozen=True)
class Addressee:
    """Somebody an order goes to, or who pays for it."""

    name: str
    city: str
    postal_code: str
    street: str


@dataclass(frozen=True)
class SearchTexts:
    """The two texts of an order."""

    shown: str
    """Number, names and cities, a line each: parts of words are looked for in it."""
    contact: str
    """The words of contact data and items' names, with a space around each: whole words are looked for.

    An address of email is two of them: what stands before the @, and the domain with it.
    """


def search_texts(
    number_key: str,
    email: str | None,
    phone: str | None,
    country: str,
    addressees: Sequence[Addressee],
    names: Iterable[str] = (),
    items: Iterable[str] = (),
) -> SearchTexts:
    """Return the texts of an order.

    `country` is the one its phone is taken to be of; `names` are others than the addressees', `items` the
    names of what was bought.
    """
    lines = [fold(number_key)]
    cities = (each.city for each in addressees)
    for line in dict.fromkeys((*names, *(each.name for each in addressees), *cities)):
        lines += [fold(line), *_spelt_out(line.split())]
    words = [*_email_words(email), phone_digits(phone, country)]
    for addressee in dict.fromkeys(addressees):
        street = words_of(addressee.street)
        words += [_IN_POSTAL_CODES.sub("", fold(addressee.postal_code)), *map(fold, street)]
        words += _spelt_out(street)
    words += item_words(items)
    kept = " ".join(dict.fromkeys(" ".join(words).split()))
    return SearchTexts("\n".join(dict.fromkeys(line for line in lines if line)), f" {kept} ")


def item_words(names: Iterable[str]) -> Iterator[str]:
    """Return the words by which items with these names are found."""
    for name in dict.fromkeys(names):
        yield from _words_of_item(name)


@lru_cache(maxsize=4096)
def _words_of_item(name: str) -> tuple[str, ...]:
    return tuple(form for word in words_of(name) for form in (fold(word), fold_spelt_out(word)))


def _email_words(email: str | None) -> list[str]:
    if email is None:
        return []
    mailbox, _, domain = email_form(email).rpartition("@")
    return [mailbox, f"@{domain}"]


def _spelt_out(words: Iterable[str]) -> Iterator[str]:
    """Return those words that are also written with two letters for one, as Mueller for Müller."""
    for word in words:
        if not word.isascii() and (spelt_out := fold_spelt_out(word)) != fold(word):
            yield spelt_out
