"""Says whether a new password is one that is tried first; it keeps and logs none, and asks nobody outside."""

from zxcvbn import zxcvbn

LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: at 3, more than 10⁸ guesses, known passwords, words, dates and keyboard rows first."""


def is_easily_guessed(password: str, *about_the_person: str) -> bool:
    """Return whether a password is common, or made of common parts or of what is known of its owner.

    zxcvbn's lists hold 30,000 common passwords, English words, and names. `password` has 72 bytes at most.
    """
    words = [word for text in about_the_person for word in (text, *text.split())]
    return int(zxcvbn(password, ["order desk", "orderdesk", *words])["score"]) < LEAST_SCORE
