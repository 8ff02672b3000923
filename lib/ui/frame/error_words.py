"""Puts the Orders API's errors into words with a next step; pure, it draws nothing and shows no input."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lib.orders_client import errors

SERVER_ERROR = 500


@dataclass(frozen=True)
class Words:
    """What happened, what to do now, and whether waiting may mend it."""

    title: str
    next_step: str
    passes: bool


_BACK_SOON = "This page tries again by itself and comes back as soon as it can."
_PART = "The rest of this page works. Try again in a while."
_PRESS_AGAIN = (
    "It is not known whether this was done. What you entered stays here: press the button again. What came "
    "through already is not done twice."
)
_UNPROVEN = Words(
    "The caller is not verified, or not any more",
    "The shop's policy wants it before this. Verify them by a code, then do this again.",
    passes=False,
)
_WORDS: Mapping[type[errors.OrdersError], Words] = {
    errors.ApiTimeout: Words("The Orders API is taking too long to answer", _BACK_SOON, passes=True),
    errors.ApiUnreachable: Words("The Orders API can't be reached", _BACK_SOON, passes=True),
    errors.Unavailable: Words("The order store is unavailable", _BACK_SOON, passes=True),
    errors.Unauthenticated: Words(
        "The Orders API doesn't accept this dashboard",
        "Signing in again won't help. Ask whoever runs Order Desk to compare the secret or token of the "
        "dashboard with the API's, and the clocks of the two machines.",
        passes=True,
    ),
    errors.Forbidden: Words(
        "Your role may not do this", "Ask a supervisor to do it, or to change your role.", passes=False
    ),
    errors.CallNotSupported: Words(
        "The shop's API can't do this", "Nothing was changed. It has no call for it.", passes=False
    ),
    errors.OrderNotFound: Words(
        "No such order", "Check the number with the caller, or look for it in the list.", passes=False
    ),
    errors.RateLimited: Words("Too many requests", "Wait a minute, then try again.", passes=True),
    errors.UnexpectedResponse: Words(
        "The Orders API gave an answer that can't be understood",
        "The address may belong to another service or to another version. Ask whoever runs Order Desk to "
        "check ORDERS_API_URL.",
        passes=True,
    ),
}
"""The first kind that an error is of counts."""


def words_for(error: errors.OrdersError) -> Words:
    """Return the words for an error; one that is not foreseen gets honest general ones."""
    if isinstance(error, errors.ValidationFailed):
        return _refused(error)
    if isinstance(error, errors.Forbidden) and "ORDERS_REQUIRE_PROOF" in (error.detail or ""):
        return _UNPROVEN
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    if isinstance(error, errors.ApiRejected) and error.status is not None and error.status < SERVER_ERROR:
        return Words(error.title or "The Orders API refused this", "Check what you entered.", passes=False)
    return Words("The Orders API had an error of its own", _BACK_SOON, passes=True)


def may_be_done(error: errors.OrdersError) -> bool:
    """Return whether the API may have done what it was asked although this error came back."""
    if isinstance(error, (errors.ApiUnreachable, errors.UnexpectedResponse, errors.InProgress)):
        return True
    return isinstance(error, errors.ApiRejected) and (error.status or SERVER_ERROR) >= SERVER_ERROR


def part_words(error: errors.OrdersError) -> Words:
    """Return the words for a part of a page that can't be read, and that does not try again by itself."""
    words = words_for(error)
    return replace(words, next_step=_PART) if words.next_step == _BACK_SOON else words


def act_words(error: errors.OrdersError) -> Words:
    """Return the words for an error that an act ended in, with what was entered still there."""
    words = words_for(error)
    return replace(words, next_step=_PRESS_AGAIN) if may_be_done(error) else words


def _refused(error: errors.ValidationFailed) -> Words:
    """Name the fields that the API would not take; it never echoes the input (contract, section 2)."""
    told = {str(item.get("field", "")): str(item.get("message", "")) for item in error.errors}
    if set(told) == {"q"}:
        rest = f"It {told['q']}: the number, the email or the name is enough."
        return Words("The Orders API would not search for this", rest, passes=False)
    fields = ", ".join(dict.fromkeys(str(item.get("field", "")) for item in error.errors)) or "something"
    return Words("The Orders API would not take this", f"Change {fields}, then try again.", passes=False)
