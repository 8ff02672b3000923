"""Brings text into the one form in which it is compared and searched; it knows no order."""

import re
import unicodedata

import idna

MAX_ORDER_NUMBER = 64

# Without the marks by which a mail header holds several addresses, names or comments (RFC 5322, 3.2.3),
# or words that mail programs decode into such marks (RFC 2047).
_ATOM = r'[^@.\s\x00-\x1f\x7f()<>\[\]:;,\\"]+'
# Dots stand where they like before the @: mail providers gave away such addresses (`a..b.@docomo.ne.jp`).
_MAILBOX = r'[^@\s\x00-\x1f\x7f()<>\[\]:;,\\"]{1,64}'
_EMAIL = re.compile(rf"(?!\.|.*=\?){_MAILBOX}@(?=.{{1,189}}$){_ATOM}(\.{_ATOM})*")
_UNCLEAN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―⸺⸻−⁃˗〜〰゠֊־᐀᠆⸗⸚⹀⹝﹘﹣－", "-"))
"""Every kind of dash, to be translated into the plain one."""


NOBODY = "Forgotten customer"
"""Whose orders those of a forgotten customer are."""


def is_clean(text: str) -> bool:
    """Return whether text holds no control characters but tabs and line ends, and can be stored as UTF-8."""
    return _UNCLEAN.search(text) is None


def is_order_number(text: str) -> bool:
    """Return whether text without the space around it can be an order's number (contract, section 2)."""
    return len(text.strip()) <= MAX_ORDER_NUMBER and order_number_key(text) is not None


def order_number_key(order_number: str) -> str | None:
    """Return the form in which order numbers are compared; None for what is none (contract, section 2).

    Case, surrounding space, the width of characters, the kind of dash and a leading `#` or `№` make no
    difference; numbers that are nothing but these signs are one.
    """
    folded = (
        unicodedata.normalize("NFKC", order_number.replace("№", "#")).translate(DASHES).casefold().strip()
    )
    return (folded.lstrip("# ") or "#") if folded and folded.isprintable() else None


def written_number_key(order_number: str) -> str | None:
    """Return the form by which an order answers to its number exactly as it is written.

    It is the key of an order whose number reads like another's: both were there before the two were taken
    for the same (migration 0015).
    """
    return None if order_number_key(order_number) is None else order_number.strip().casefold()


def email_key(email: str) -> str | None:
    """Return the form in which an email address is compared, or None for what can't be one.

    The case of letters makes no difference, and an internationalised domain is equal to its punycode. Nothing
    else is: `weiss@…` and `weiß@…` are two people.
    """
    trimmed = email.strip()
    if not _EMAIL.fullmatch(trimmed) or not is_clean(trimmed):
        return None
    mailbox, domain = trimmed.split("@")
    return f"{without_case(mailbox)}@{ascii_domain(domain)}"


def without_case(text: str) -> str:
    """Return text without regard to case, and no further: ß stays apart from ss, as `casefold` does not."""
    return text.lower() if text.isascii() else "".join(map(_letter_without_case, text))


def _letter_without_case(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter.lower()


def ascii_domain(domain: str) -> str:
    """Return a domain as it is looked up, in punycode where it has other letters than ASCII's (IDNA).

    What no registry takes is left as it is, but for the case of its letters.
    """
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain.lower()


def parcel_key(tracking_number: str) -> str:
    """Return the form in which carriers' tracking numbers are compared: without case, spaces and dashes."""
    return tracking_number.lower().replace(" ", "").replace("-", "")


def code_digits(code: str) -> str:
    """Return a code as it was meant: without spaces and dashes, digits of any script as what they are."""
    kept = (sign for sign in code.translate(DASHES) if not sign.isspace() and sign != "-")
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in kept)
