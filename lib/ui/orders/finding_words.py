"""Finds out which words of a search find nothing by themselves; it draws nothing."""

from collections.abc import Callable

MOST_ASKED = 5
"""So many words at most are looked for by themselves: each is a search."""


def lost_words(search: str | None, finds: Callable[[str], bool]) -> list[str]:
    """Return the words of a search that finds nothing which find nothing by themselves either.

    None where each word finds something, or none does: then no word is to blame.
    """
    words = (search or "").split()
    if not 2 <= len(words) <= MOST_ASKED:
        return []
    lost = [word for word in words if not finds(word)]
    return lost if len(lost) < len(words) else []


def without(search: str, lost: list[str]) -> str:
    """Return a search without some words."""
    return " ".join(word for word in search.split() if word not in lost)
