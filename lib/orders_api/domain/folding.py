"""Brings text into the form in which it is searched: without case, accents, width or kind of sign."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from lib.orders_api.domain.text import DASHES

_SIGNS = DASHES | str.maketrans(dict.fromkeys("'`´‘’‛′ʹʻʼʽˈ＇", ""))
"""Any dash is the plain one, and apostrophes go."""
_TATWEEL = "ـ"
_ACCENTS = frozenset({1, *range(10, 37), *range(200, 241)})
"""The classes of marks that are left out. Others make another letter, as in Japanese or Hindi."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) +(?=[\u3040-\u30ff\u3400-\u9fff])")


def fold(text: str) -> str:
    """Return text without regard to case, accents, width, and the kind of apostrophe, dash or digit.

    Letters of the Latin alphabet become those from a to z (Łukasz: lukasz), other alphabets stay what they
    are. Apostrophes go, so that O’Brien and OBrien are one.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    apart = unicodedata.normalize("NFKD", text.translate(_SIGNS).casefold())
    folded = unicodedata.normalize("NFC", "".join(map(_fold_sign, apart)))
    return _BETWEEN_CHINESE.sub("", folded)


def fold_spelt_out(text: str) -> str:
    """Return text as `fold` does, but with ä, ö, ü, ø and å written as two letters (Müller: mueller)."""
    if text.isascii():
        return fold(text)
    return fold(unicodedata.normalize("NFC", text.casefold()).translate(_SPELT_OUT))


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf" or sign == _TATWEEL:
        return ""
    if unicodedata.combining(sign) in _ACCENTS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Zs":
        return " "
    is_latin = category[0] == "L" and unicodedata.name(sign, "").startswith("LATIN ")
    return anyascii(sign).lower() if is_latin else sign
