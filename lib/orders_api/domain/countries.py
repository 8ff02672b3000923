"""Says which country codes shops have: those of ISO 3166-1, and some beside it that carriers know."""

import pycountry

NO_COUNTRY = "ZZ"
"""What the store, its figures and the filters call the country of an order without an address."""

_RESERVED = frozenset({"AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"})
"""Islands and territories with mail of their own, reserved in ISO 3166 or, as Kosovo, left to its users."""
_FORMER = frozenset({"AN", "CS", "TP", "YU", "ZR"})
"""Of countries that are no more, but were while shops sold on the web."""


def is_country(code: str) -> bool:
    """Return whether a code of two capitals is one that an order's address may have."""
    return code in _RESERVED | _FORMER or pycountry.countries.get(alpha_2=code) is not None


def known_country(stored: str) -> str | None:
    """Return a country as it is shown: none where the order has no address."""
    return None if stored == NO_COUNTRY else stored
