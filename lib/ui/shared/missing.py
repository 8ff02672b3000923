"""Tells what an order does not have from what an API leaves out, and words both; pure."""

from __future__ import annotations

from pydantic import BaseModel

from lib.ui.shared.format import NOT_GIVEN, plain

NO_EMAIL = "no email"
NO_ADDRESS = "no address (pickup or download)"


def lacks(answer: BaseModel, field: str) -> bool:
    """Return whether an API says that there is none of this, and does not only leave it out."""
    return getattr(answer, field) is None and field in answer.model_fields_set


def or_missing(value: str | None, answer: BaseModel, field: str, words: str) -> str:
    """Return a value, or `words` where the API says that there is none, or that it was not given."""
    return plain(value or "") or (words if lacks(answer, field) else NOT_GIVEN)
