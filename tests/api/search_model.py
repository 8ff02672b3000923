"""Which orders a search has to find, said again in plain Python; how words are read, tests/unit says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lib.orders_api.domain.folding import fold
from lib.orders_api.domain.phones import phone_key, wanted_phones
from lib.orders_api.domain.search_terms import Term, cleaned, read_terms, word_forms
from lib.orders_api.domain.search_texts import Addressee, SearchTexts, search_texts
from lib.orders_api.domain.text import email_key, is_clean, order_number_key

Body = Mapping[str, Any]
"""An order as it was sent."""


def found(among: Iterable[Body], query: str, any_part: bool) -> list[Body]:
    """Return the orders among these that a search finds; a whole number, email or token finds nothing else.

    With `any_part`, contact data are found by any part of them.
    """
    bodies = list(among)
    if not query.strip():
        return bodies
    terms = read_terms(query) if is_clean(query) else []
    if not terms:
        return []
    whole = cleaned(query)
    if named := [body for body in bodies if _is_named(body, whole)]:
        return named
    return [
        body
        for body in bodies
        if all(_matches_term(body, term, any_part) for term in terms) or _has_article(body, whole)
    ]


def _is_named(body: Body, text: str) -> bool:
    return (
        body["trackingToken"] == text.lower()
        or ("@" in text and email_key(body["email"]) == email_key(text))
        or order_number_key(body["orderNumber"]) == order_number_key(text)
    )


def _has_article(body: Body, text: str) -> bool:
    return any(item["sku"].casefold() == text.casefold() for item in body["items"])


def _matches_term(body: Body, term: Term, any_part: bool) -> bool:
    phone = phone_key(body.get("phone", ""), body["shippingAddress"]["country"]) or ""
    texts = _texts(body)
    joined = "".join(sign for sign in fold(term.text) if sign.isalnum())
    return (
        any(phone.startswith(each.ending) for each in wanted_phones(fold(term.text)))
        or _has_article(body, term.text)
        or body["trackingToken"] == term.text.lower()
        or all(_in_texts(texts, word, any_part) for word in term.words)
        or (len(term.words) > 1 and _is_word(texts, joined, any_part))
    )


def _in_texts(texts: SearchTexts, word: str, any_part: bool) -> bool:
    return any(form in texts.shown or _in_contact(texts, form, any_part) for form in word_forms(word))


def _in_contact(texts: SearchTexts, form: str, any_part: bool) -> bool:
    words = texts.contact.split()
    mailbox, at, domain = form.rpartition("@")
    if at and any_part:
        return f"{mailbox} @{domain}" in texts.contact
    if at:
        return (not mailbox or mailbox in words) and (not domain or f"@{domain}" in words) and form != "@"
    forms = [form]
    if any(sign.isdigit() for sign in form) and (any_part or "-" in form):
        forms.append("".join(sign for sign in form if sign.isalnum()))
    return any(_is_word(texts, each, any_part) for each in forms) or ("." in form and f"@{form}" in words)


def _is_word(texts: SearchTexts, word: str, any_part: bool) -> bool:
    if not any_part:
        return word in texts.contact.split()
    dialled = word.lstrip("0") if word.isdigit() else ""
    return word in texts.contact or (bool(dialled) and dialled in texts.contact)


def _texts(body: Body) -> SearchTexts:
    shipping = body["shippingAddress"]
    addressees = [
        Addressee(
            f"{each['firstName']} {each['lastName']}",
            each["city"],
            each["postalCode"],
            f"{each['line1']} {each.get('line2') or ''}",
        )
        for each in (shipping, body.get("billingAddress") or shipping)
    ]
    number = str(order_number_key(body["orderNumber"]))
    return search_texts(
        number,
        body["email"],
        body.get("phone"),
        shipping["country"],
        addressees,
        items=[item["name"] for item in body["items"]],
    )
