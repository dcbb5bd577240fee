"""The command line of mutation testing."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.mutation import operators, records, running
from tests.faults.mutation.operators import Mutant
from tests.faults.mutation.running import Outcome
from tests.faults.mutation.targets import CORE, CORE_TESTS, ROOT, SIMULATOR, SIMULATOR_TESTS


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutation", description=__doc__)
    parser.add_argument("module", nargs="*", help="files, or parts of their names; all of the sync core without")
    parser.add_argument("--simulator", action="store_true", help="what judges in the fault tests, instead of the core")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--budget", type=float, default=15.0, help="seconds of tests for a mutant (default 15)")
    parser.add_argument("--record", type=Path, default=Path("build/mutants.jsonl"))
    parser.add_argument("--coverage", type=Path, help="where the tests' lines are kept (default: beside the record)")
    parser.add_argument("--every", type=int, default=1, help="only every so many-th mutant of each module")
    parser.add_argument("--again", action="store_true", help="survivors of the record, too, for new tests")
    parser.add_argument(
        "--measure", action="store_true", help="run the tests with nothing changed, even if that is kept"
    )
    parser.add_argument("--tests", nargs="*", help="where the tests are")
    parser.add_argument("--branches", action="store_true", help="show the branches that no test takes")
    parser.add_argument("--report", action="store_true", help="only show what the record holds")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    modules = chosen(SIMULATOR if options.simulator else CORE, options.module)
    same = records.equivalents()
    options.tests = options.tests or list(SIMULATOR_TESTS if options.simulator else CORE_TESTS)
    options.record.parent.mkdir(parents=True, exist_ok=True)
    record = records.Record(options.record)
    all_mutants = [
        mutant for module in modules for mutant in operators.mutants(ROOT / module, module)[:: options.every]
    ]
    if not options.report:
        _run(options, modules, all_mutants, record, set(same))
    keys = {records.key_of(mutant) for mutant in all_mutants}
    for line in records.report({key: entry for key, entry in record.entries.items() if key in keys}, same):
        print(line)
    for key in sorted(same.keys() - keys):
        if key[0] in modules and options.every == 1:
            print("listed as changing nothing, but no such mutant: {}".format(" ".join(key)))
    print(f"{len(keys - record.entries.keys() - same.keys())} not run yet")
    if options.branches:
        coverage = running.load_coverage(options.coverage or options.record.with_suffix(".coverage.json"))
        for module in modules:
            body = operators.lines_in_functions(ROOT / module)
            missed = sorted((a, b) for a, b in coverage.branches.get(module, ()) if a in body)
            print(f"{module}: " + (", ".join(f"{a} to {b}" if b else f"line {a}" for a, b in missed) or "all branches"))
    return 0


def chosen(modules: Sequence[str], parts: Sequence[str]) -> list[str]:
    """The modules to mutate: those that are named, by path or by a part of one."""
    found = [module for module in modules if not parts or any(part in module for part in parts)]
    return found + [part for part in parts if part not in found and (ROOT / part).is_file()]


def _run(
    options: argparse.Namespace, modules: list[str], found: list[Mutant], record: records.Record, same: set[records.Key]
) -> None:
    running.prepare()
    file = options.coverage or options.record.with_suffix(".coverage.json")
    if options.measure or not file.exists():
        start = time.monotonic()
        known = (*CORE, *SIMULATOR)
        measured = known if any(module in known for module in modules) else modules
        running.record_coverage(measured, options.tests, file)
        print(f"the tests with nothing changed: {time.monotonic() - start:.0f} s", flush=True)
        if options.measure:
            return
    coverage = running.load_coverage(file)
    stale = {module for module in modules if coverage.of.get(module) != running.fingerprint(module)}
    for module in sorted(stale):
        print(f"{module} has changed since its lines were measured: --measure", flush=True)
    due = []
    for mutant in found:
        if mutant.module in stale:
            continue
        entry = record.entries.get(records.key_of(mutant))
        if entry is not None and (entry.status in records.DEAD or not options.again):
            continue
        if records.key_of(mutant) not in same:
            due.append(mutant)
    print(f"{len(found)} mutants, {len(due)} to run", flush=True)
    counts: Counter[str] = Counter()
    start = time.monotonic()

    def note(outcome: Outcome) -> None:
        record.add(outcome)
        counts[outcome.status] += 1
        if sum(counts.values()) % 100 == 0:
            print(f"{time.monotonic() - start:6.0f} s {dict(counts)} {outcome.mutant.module}", flush=True)

    outside = [mutant for mutant in due if not mutant.function]
    inside = [mutant for mutant in due if mutant.function]
    if inside:

        def work() -> int:
            running.run_in_functions(inside, options.tests, coverage, options.jobs, options.budget, note)
            return 0

        # In a process of its own: for what changes at import, this one must not have imported anything.
        running.wait_for(running.forked(work))
        record.read()
    if outside:
        _check_control(outside[0], coverage)
        running.run_at_import(outside, coverage, options.jobs, options.budget, note)
    print(f"{time.monotonic() - start:6.0f} s {dict(counts)}", flush=True)


def _check_control(mutant: Mutant, coverage: running.Coverage) -> None:
    """With nothing changed no test may fail, or every mutant would seem dead."""
    path = ROOT / mutant.module
    unchanged = mutant._replace(compile=lambda: compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True))
    outcomes: list[Outcome] = []
    running.run_at_import([unchanged], coverage, 1, 5.0, outcomes.append)
    if outcomes[0].status not in ("survived", "unfinished"):
        raise SystemExit(f"Tests fail with nothing changed: {outcomes[0]}")
