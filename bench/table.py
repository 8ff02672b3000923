"""What a benchmark takes and gives: calls, and rows of what was measured; it measures nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure, such as ("dashboard rerun", "stock streamlit run", "72.1 ms", "median of 40")."""

    what: str
    case: str
    figure: str
    how: str


@dataclass(frozen=True)
class Case:
    """A call to be timed, its budget, and the line of docs/performance.md that it is told in."""

    line: str
    budget: str
    name: str
    call: Callable[[], Any]


def slow(times: list[float]) -> float:
    """Return the time that one in twenty is above."""
    return sorted(times)[int(len(times) * 0.95)]


def draw(rows: Iterable[Row]) -> str:
    """Draw rows as a table in plain text."""
    cells = [("what", "case", "figure", "how"), *((row.what, row.case, row.figure, row.how) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
