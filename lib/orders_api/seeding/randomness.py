"""Gives the dice of the sample orders: the same names give the same throws. Never for anything secret."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

Dice = random.Random


def dice(*names: object) -> Dice:
    """Return dice of their own for what these names say."""
    return random.Random("/".join(map(str, names)))  # noqa: S311 - sample orders; they must be repeatable


def pick(throws: Dice, choices: Sequence[T]) -> T:
    """Return one of the choices; much faster than `choice`, and fair enough for samples."""
    return choices[int(throws.random() * len(choices))]


def fill(pattern: str, throws: Dice) -> str:
    """Return a pattern with a digit for each `#` and a capital letter for each `@`."""
    signs = [
        "0123456789"[int(throws.random() * 10)]
        if character == "#"
        else "ABDEFGHJLNPRSTUW"[int(throws.random() * 16)]
        if character == "@"
        else character
        for character in pattern
    ]
    return "".join(signs)
