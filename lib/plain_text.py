"""Takes out of text what nobody sees, but what makes it look like another; API and desk use it."""

import re

_UNSEEN = re.compile(
    "["
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"  # a hyphen that is not there, fillers
    "\u200b\u200e\u200f\u2060-\u2064\ufeff\u3164\uffa0"  # spaces without width, marks of direction, fillers
    "\u202a-\u202e\u2066-\u2069"  # these turn what follows round, or keep it apart
    "\u206a-\u206f\ufff9-\ufffb"  # out of use, and of annotations
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # of shorthand and of musical notation
    "\U000e0001\U000e0020-\U000e007f"  # tags: a whole text can be hidden in them
    "]"
)
_JOINER = re.compile("[\u200c\u200d]")
_BEYOND = "[\u0600-\u200b\u200e-\U0010ffff]"
_STRAY_JOINER = re.compile(f"(?<!{_BEYOND})[\u200c\u200d]|[\u200c\u200d](?!{_BEYOND})")
"""The two joiners belong into words of Persian, Hindi and others, and into emoji; between letters of the
scripts up to U+05FF they only hide."""


def without_unseen(text: str) -> str:
    """Return text without the characters that have no width of their own, or turn others round."""
    if text.isascii():
        return text
    seen = _UNSEEN.sub("", text)
    return _STRAY_JOINER.sub("", seen) if _JOINER.search(seen) else seen
