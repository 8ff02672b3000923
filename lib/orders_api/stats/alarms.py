"""Says when a number is so far from the usual that somebody should look; pure, it counts nothing.

The method: orders and cancellations come one by one and mostly apart from each other, so how many come in
some hours scatters around the usual as a Poisson distribution says. A number is alarming where one as far off
would come up less than once in a thousand times if all were as usual.
"""

from __future__ import annotations

import math

CHANCE = 0.001
LEAST_USUAL = 0.5
"""What is more seldom than this is taken for as frequent, so that two of a rare kind are no alarm."""


def alarming_from(usual: float) -> int:
    """Return the smallest number that is alarmingly high where `usual` is the mean."""
    mean = max(usual, LEAST_USUAL)
    below, term, number = 0.0, math.exp(-mean), 0
    if term == 0.0:
        # Beyond what floats hold the distribution is as good as a bell.
        return math.ceil(mean + 3.1 * math.sqrt(mean))
    while 1.0 - below >= CHANCE:
        below += term
        number += 1
        term *= mean / number
    return number


def is_too_quiet(usual: float) -> bool:
    """Return whether it is alarming that nothing came where `usual` is the mean."""
    return math.exp(-usual) < CHANCE
