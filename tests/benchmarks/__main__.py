"""Prints every figure as a ratio against a limit or a peer of the same run: ``python -m tests.benchmarks [name ...]``.

Machines differ and are noisy; ratios within one run travel. Nothing here is a test: budgets are read by people, and the
ones that must never slip have a test of their own (``tests/ui/test_start.py``).
"""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = (
    "start",
    "commits",
    "exchanges",
    "exchanges100k",
    "million",
    "screens",
    "planning_groups",
    "planning_rotations",
    "rotations10k",
)


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
        return 2
    for name in names or BENCHMARKS:
        print(f"\n== {name}")
        import_module(f"tests.benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
