"""What processes use, by /proc: memory and processor time; it starts none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    """Return how much memory a process holds."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) / 1000


def processor_seconds(process: int, *, with_children: bool = False) -> float:
    """Return the processor time that a process has used, or it and all that it has started."""
    own = sum(map(int, _stat(process)[11:13])) / _TICKS
    return own + sum(
        processor_seconds(each, with_children=True) for each in _children(process) if with_children
    )


def _children(process: int) -> Iterator[int]:
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(each.name))[1]) == process:
                yield int(each.name)
        except OSError:  # it has ended meanwhile
            continue


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third one on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
