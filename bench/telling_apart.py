"""Tells whether classes of requests can be told apart by their times; it sends none."""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BINS = 16
MOST_APART_SHARE = 0.02
MOST_APART_MS = 0.2
BEST_GUESS = 0.55


@dataclass(frozen=True)
class Verdict:
    """How far the medians of a group of classes are apart, and how often the best guess was right."""

    medians: Mapping[str, float]
    guess: float
    guessed: tuple[str, str]

    @property
    def apart_ms(self) -> float:
        """Between the fastest and the slowest class."""
        return max(self.medians.values()) - min(self.medians.values())

    @property
    def is_told_apart(self) -> bool:
        """Whether somebody who measures learns something."""
        allowed = max(MOST_APART_SHARE * min(self.medians.values()), MOST_APART_MS)
        return self.apart_ms > allowed or self.guess > BEST_GUESS


def judge(times: Mapping[str, Sequence[float]]) -> Verdict:
    """Compare each class with each other; times in milliseconds, in the order in which they were measured."""
    guesses = {pair: _guess(times[pair[0]], times[pair[1]]) for pair in itertools.combinations(times, 2)}
    best = max(guesses, key=lambda pair: guesses[pair])
    return Verdict({name: statistics.median(each) for name, each in times.items()}, guesses[best], best)


def _guess(one: Sequence[float], other: Sequence[float]) -> float:
    """Learn from every second time which class is likelier for it, and return how often that is right.

    The classifier is free to draw its lines where it likes: by sixteenths of all times, not by one threshold.
    """
    edges = statistics.quantiles([*one[::2], *other[::2]], n=BINS)
    seen = [[0, 0] for _ in range(BINS)]
    for number, each in enumerate((one, other)):
        for time in each[::2]:
            seen[bisect_right(edges, time)][number] += 1
    right = [0.0, 0.0]
    for number, each in enumerate((one, other)):
        tried = each[1::2]
        for time in tried:
            bin_ = seen[bisect_right(edges, time)]
            right[number] += (bin_[number] > bin_[1 - number]) + 0.5 * (bin_[0] == bin_[1])
        right[number] /= len(tried)
    return sum(right) / 2
