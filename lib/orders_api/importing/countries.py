"""Knows countries by the names that shops write; it knows no file."""

from functools import lru_cache

import pycountry

from lib.orders_api.domain.countries import is_country
from lib.orders_api.importing.errors import RowRejectedError

_OTHER_COUNTRY_NAMES = {
    "bolivia": "BO",
    "brunei": "BN",
    "cape verde": "CV",
    "england": "GB",
    "great britain": "GB",
    "hong kong sar": "HK",
    "iran": "IR",
    "ivory coast": "CI",
    "kosovo": "XK",
    "macau": "MO",
    "macao sar": "MO",
    "macedonia": "MK",
    "moldova": "MD",
    "northern ireland": "GB",
    "palestine": "PS",
    "palestinian territories": "PS",
    "russia": "RU",
    "scotland": "GB",
    "swaziland": "SZ",
    "turkey": "TR",
    "uk": "GB",
    "vatican city": "VA",
    "wales": "GB",
}


@lru_cache(maxsize=1000)
def country_code(text: str, column: str) -> str:
    """Return a country's code for its code or its name, such as `England`.

    Raises:
        RowRejectedError: it is neither; the text names `column`.
    """
    known = _OTHER_COUNTRY_NAMES.get(text.casefold())
    if known or is_country(text.upper()):
        return known or text.upper()
    try:
        return str(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        raise RowRejectedError(f"{column}: neither a country's code nor its name") from None
