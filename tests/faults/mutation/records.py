"""What became of the mutants: the record of a run, the list of those that change nothing, and the report."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.faults.mutation.operators import Mutant
from tests.faults.mutation.running import Outcome, fingerprint
from tests.faults.mutation.targets import ROOT

EQUIVALENT = ROOT / "tests/data/mutants.toml"

Key = tuple[str, str, str]
"""Module, function, mutation."""


class Entry(NamedTuple):
    status: str
    by: str
    line: int


def key_of(mutant: Mutant) -> Key:
    return mutant.module, mutant.function, mutant.mutation


def equivalents(file: Path = EQUIVALENT) -> dict[Key, str]:
    """The mutants that no test can tell from the program, each with its reason."""
    found: dict[Key, str] = {}
    if file.exists():
        for entry in tomllib.loads(file.read_text("utf-8")).get("mutant", ()):
            for mutation in entry["mutations"]:
                found[entry["module"], entry["function"], mutation] = entry["why"]
    return found


class Record:
    """A file of one line per mutant; the later of two counts, and none of a changed module."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.entries: dict[Key, Entry] = {}
        self._prints: dict[str, str] = {}
        self.read()

    def read(self) -> None:
        """Also what a fork has added meanwhile."""
        if self.file.exists():
            for line in self.file.read_text("utf-8").splitlines():
                row = json.loads(line)
                if row["of"] == self.print_of(row["module"]):
                    key = row["module"], row["function"], row["mutation"]
                    self.entries[key] = Entry(row["status"], row["by"], row["line"])

    def print_of(self, module: str) -> str:
        if module not in self._prints:
            self._prints[module] = fingerprint(module) if (ROOT / module).exists() else ""
        return self._prints[module]

    def add(self, outcome: Outcome) -> None:
        mutant = outcome.mutant
        self.entries[key_of(mutant)] = Entry(outcome.status, outcome.by, mutant.line)
        row = {
            "module": mutant.module,
            "function": mutant.function,
            "mutation": mutant.mutation,
            "line": mutant.line,
            "status": outcome.status,
            "by": outcome.by,
            "of": self.print_of(mutant.module),
        }
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


DEAD = ("killed", "timeout")


def report(entries: Mapping[Key, Entry], same: Mapping[Key, str]) -> Iterable[str]:
    """One line per module, then every survivor. Unfinished and uncovered ones count as survivors."""
    from tests.faults.histories.core import core_hash  # brings half of the program with it

    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    alive = []
    for key, entry in sorted(entries.items(), key=lambda pair: (pair[0][0], pair[1].line)):
        status = "killed" if entry.status in DEAD else "equivalent" if key in same else entry.status
        by_module[key[0]][status] += 1
        if status not in ("killed", "equivalent", "unfit"):
            alive.append((key, entry))
    total: Counter[str] = Counter()
    for module, counts in by_module.items():
        total += counts
        yield _line(module, counts)
    yield _line("all", total)
    yield f"sync core {core_hash()}"
    for (module, function, mutation), entry in alive:
        yield f"{module}:{entry.line} {function} [{entry.status}] {mutation}"


def _line(name: str, counts: Counter[str]) -> str:
    counted = sum(counts.values()) - counts["equivalent"] - counts["unfit"]
    score = 100 * counts["killed"] / counted if counted else 100.0
    return "{:42} {:5} mutants {:5} killed {:4} survived {:4} equivalent  {:5.1f} %".format(
        name, counted, counts["killed"], counted - counts["killed"], counts["equivalent"], score
    )
