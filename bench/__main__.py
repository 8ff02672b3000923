"""Runs every bench/bench_*.py, or those named on the command line, and prints one table at the end."""

from __future__ import annotations

import importlib
import signal
import sys
from pathlib import Path

from bench.table import Row, draw


def main(wanted: list[str]) -> int:
    """Run the benchmarks; a name that there is not is said, with those there are."""
    names = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.stderr.write(f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(names)}\n")
        return 2
    rows: list[Row] = []
    for name in wanted or names:
        sys.stderr.write(f"{name} …\n")
        rows += importlib.import_module(f"bench.bench_{name}").measure()
    print(draw(rows))
    return 0


if __name__ == "__main__":
    # Whoever is told to stop clears away as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
