"""Makes up customers whose names, addresses and phones fit their country; nobody real is meant."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from faker import Faker

from lib.orders_api.seeding.countries import COUNTRIES, Country
from lib.orders_api.seeding.places import ARABIC_NAMES, CITIES, SECOND_LINES, STREETS
from lib.orders_api.seeding.randomness import Dice, dice, fill, pick

T = TypeVar("T")

POOL = 120
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "'": "", " ": ""}
)

Name = tuple[str, str]
"""A name as it is written, and in the letters of an email address."""


@dataclass(frozen=True)
class Place:
    """An address without the name on it, and where it is."""

    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str


@dataclass(frozen=True)
class Person:
    """Somebody who orders; `customer_id` is None for a guest."""

    customer_id: str | None
    first_name: str
    last_name: str
    email: str
    phone: str | None
    country: Country
    home: Place


class People:
    """The customers of one run: the same seed and number give the same person."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._weights = tuple(accumulate(country.weight for country in COUNTRIES))
        self._names = {country.code: _name_pools(country) for country in COUNTRIES}
        self.customer = lru_cache(maxsize=4096)(self._customer)

    def guest(self, throws: Dice) -> Person:
        """Return somebody who orders without an account."""
        return self._person(throws, None, f"{int(throws.random() * 90) + 10}")

    def name(self, throws: Dice, country: Country) -> tuple[str, str]:
        """Return a first and a last name of a country."""
        first_names, last_names = self._names[country.code]
        return pick(throws, first_names)[0], pick(throws, last_names)[0]

    def _customer(self, number: int) -> Person:
        return self._person(dice(self._seed, "customer", number), f"c-{10000 + number}", str(number))

    def _person(self, throws: Dice, customer_id: str | None, suffix: str) -> Person:
        country = throws.choices(COUNTRIES, cum_weights=self._weights)[0]
        first_names, last_names = self._names[country.code]
        (first, first_ascii), (last, last_ascii) = pick(throws, first_names), pick(throws, last_names)
        local = pick(throws, (f"{first_ascii}.{last_ascii}", f"{first_ascii[:1]}.{last_ascii}", last_ascii))
        return Person(
            customer_id=customer_id,
            first_name=first,
            last_name=last,
            email=f"{local}{suffix}@{pick(throws, country.email_domains)}",
            phone=fill(pick(throws, country.phones), throws) if throws.random() < 0.85 else None,
            country=country,
            home=place_in(country, throws),
        )


def place_in(country: Country, throws: Dice) -> Place:
    """Return an address in a country."""
    city, region, postal = pick(throws, CITIES[country.code])
    seconds = SECOND_LINES.get(country.code, ())
    number = str(int(throws.random() ** 2 * 180) + 1)
    return Place(
        line1=country.street_form.format(street=pick(throws, STREETS[country.code]), number=number),
        line2=pick(throws, seconds) if seconds and throws.random() < 0.2 else None,
        city=city,
        region=region or None,
        postal_code=fill(postal, throws),
    )


def _name_pools(country: Country) -> tuple[Sequence[Name], Sequence[Name]]:
    if country.code == "KW":
        first_names, last_names = ARABIC_NAMES
        return [_with_ascii(name) for name in first_names], [_with_ascii(name) for name in last_names]
    source = Faker(country.locale, providers=["faker.providers.person"], use_weighting=False)
    source.seed_instance(f"names of {country.code}")
    if country.code == "JP":
        return (
            [(written, roman.lower()) for written, _, roman in _draw(source.first_name_pair)],
            [(written, roman.lower()) for written, _, roman in _draw(source.last_name_pair)],
        )
    return (
        [_with_ascii(str(name)) for name in _draw(source.first_name)],
        [_with_ascii(str(name)) for name in _draw(source.last_name)],
    )


def _draw(source: Callable[[], T]) -> list[T]:
    """Return a pool in an order that does not hang on how Python's sets are ordered."""
    return list(dict.fromkeys(source() for _ in range(POOL)))


def _with_ascii(name: str) -> Name:
    spelled = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED_OUT))
    return name, "".join(character for character in spelled if character.isascii() and character.isalnum())
