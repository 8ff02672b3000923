"""Says when a number is so far from the usual that somebody should look; pure, it counts nothing.

The method: orders and cancellations come one by one and mostly apart from each other, so how many come in
some hours scatters around the usual as a Poisson distribution says. A number is alarming where one as far off
would come up less than once in a thousand times if all were as usual.
"""

from __future__ import annotations

import math

CHANCE, SELDOM = 0.001, 0.0001
BELL = {CHANCE: 3.1, SELDOM: 3.72}
"""How many standard deviations above the mean as little is left of a bell."""
LEAST_USUAL = 0.5
"""What is more seldom than this is taken for as frequent, so that two of a rare kind are no alarm."""


def alarming_from(usual: float, variance: float | None = None, chance: float = CHANCE) -> int:
    """Return the smallest number that is alarmingly high where `usual` is the mean.

    What scatters more than its mean, as a `variance` says, is taken as negative binomial (staff_watch.py).
    """
    mean = max(usual, LEAST_USUAL)
    spread = (variance or 0.0) - mean
    # A Poisson distribution is what a negative binomial one comes to without any spread.
    share = spread / (mean + spread) if spread > 0 else 0.0
    size = mean * mean / spread if spread > 0 else 0.0
    below, number = 0.0, 0
    term = math.exp(size * math.log1p(-share) if share else -mean)
    if term == 0.0:
        # Beyond what floats hold the distribution is as good as a bell.
        return math.ceil(mean + BELL[chance] * math.sqrt(max(mean, variance or 0.0)))
    while 1.0 - below >= chance:
        below += term
        term *= (size + number) * share / (number + 1) if share else mean / (number + 1)
        number += 1
    return number


def is_too_quiet(usual: float) -> bool:
    """Return whether it is alarming that nothing came where `usual` is the mean."""
    return math.exp(-usual) < CHANCE
