"""Runs tests on mutants: each in a fork of a process that has imported everything, most likely killers first."""

from __future__ import annotations

import contextlib
import functools
import gc
import getpass
import importlib.machinery
import json
import os
import shutil
import signal
import sys
import time
import traceback
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from tests.faults.mutation.operators import Mutant
from tests.faults.mutation.targets import LEFT_OUT, ROOT, mirrors

SCRATCH = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp") / f"blenddesk-mutants-{getpass.getuser()}"
PLAIN = [
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-p",
    "no:xdist",
    "-Wignore::pytest.PytestAssertRewriteWarning",
    f"--rootdir={ROOT}",
]
KILLED, SURVIVED, LATE, UNFIT = 10, 11, 12, 13
"""How a fork ends: a test failed, none did, none did before the time was over, the change cannot be made."""
MEMORY = 6 << 30


class Coverage(NamedTuple):
    """What was seen with nothing changed: seconds of each test, and for each line of each module its tests."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]
    branches: dict[str, list[list[int]]]
    """Of each module the branches (from line, to line) that no test took, with 0 for lines that no test ran."""
    of: dict[str, str]
    """The fingerprint of each module then."""


class Outcome(NamedTuple):
    mutant: Mutant
    status: str
    """killed, timeout, survived, unfinished, uncovered or unfit"""
    by: str = ""


def prepare() -> None:
    """Hypothesis without chance, memory or shrinking: a test that fails once has said enough."""
    hypothesis.settings.register_profile(
        "mutation",
        database=None,
        derandomize=True,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def forked(work: Callable[[], int]) -> int:
    """Runs ``work`` in a fork; the fork's process id. What it returns is the exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        os.setpgid(0, 0)
        code = work()
    except Exception:  # noqa: BLE001 - whoever started the fork sees it, and its exit code
        _to_parent(traceback.format_exc())
    finally:
        os._exit(code)


def _scratch(config: pytest.Config) -> Path:
    """Temporary files of this process in memory; whoever started it removes them."""
    folder = SCRATCH / str(os.getpid())
    folder.mkdir(parents=True, exist_ok=True)
    factory = config._tmp_path_factory  # type: ignore[attr-defined]
    factory._basetemp = folder / "pytest"
    factory._basetemp.mkdir()
    os.environ["TMPDIR"] = str(folder)
    import tempfile

    tempfile.tempdir = None
    return folder


def _limit_memory() -> None:
    import resource  # not on Windows, where nothing forks either

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _failed(item: pytest.Item) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=None)
    return any(report.failed for report in reports)


def _wanted(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    return [item for item in items if not any(part in item.nodeid for part in LEFT_OUT)]


# --- which test runs which line -------------------------------------------------------------------------------------


class _Recorder:
    def __init__(self, modules: Sequence[str], file: Path, say: Callable[[str], None]) -> None:
        self.modules, self.file, self.say = modules, file, say

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        import coverage

        scratch = _scratch(session.config)
        sources = {str(ROOT / module): module for module in self.modules}
        measured = coverage.Coverage(data_file=None, include=list(sources), branch=True, config_file=False)
        caches = [found for found in gc.get_objects() if isinstance(found, functools._lru_cache_wrapper)]
        seconds: dict[str, float] = {}
        for item in _wanted(session.items):
            for cache in caches:
                cache.cache_clear()
            start = time.process_time()
            measured.start()
            measured.switch_context(item.nodeid)
            failed = _failed(item)
            measured.stop()
            if failed:
                self.say(f"left out, it fails with nothing changed: {item.nodeid}")
            else:
                seconds[item.nodeid] = round(time.process_time() - start, 4)
            shutil.rmtree(scratch / "pytest", ignore_errors=True)
            (scratch / "pytest").mkdir()
        data = measured.get_data()
        lines: dict[str, dict[int, list[str]]] = {}
        branches: dict[str, list[list[int]]] = {}
        for path, module in sources.items():
            by_line = data.contexts_by_lineno(path) if path in data.measured_files() else {}
            lines[module] = {line: sorted(set(tests) & seconds.keys()) for line, tests in by_line.items()}
            analysis = measured._analyze(path)
            branches[module] = [[a, b] for a, ends in analysis.missing_branch_arcs().items() for b in ends]
            branches[module] += [[line, 0] for line in sorted(analysis.missing)]
        save_coverage(Coverage(seconds, lines, branches, {m: fingerprint(m) for m in self.modules}), self.file)
        shutil.rmtree(scratch, ignore_errors=True)
        return True


def record_coverage(modules: Sequence[str], tests: Sequence[str], file: Path) -> None:
    """Runs every test once, alone, and notes its lines."""

    def work() -> int:
        _silent()
        pytest.main([*PLAIN, *tests], plugins=[_Recorder(modules, file, _to_parent)])
        return 0

    before = file.stat().st_mtime_ns if file.exists() else 0
    wait_for(forked(work))
    if not file.exists() or file.stat().st_mtime_ns == before:
        raise SystemExit("The tests could not be run with nothing changed.")


def _to_parent(text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(_OUT, (text + "\n").encode())


_OUT = 1


def _silent() -> None:
    global _OUT
    _OUT = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)


def load_coverage(file: Path) -> Coverage:
    record = json.loads(file.read_text("utf-8"))
    names = record["names"]
    lines = {
        module: {int(line): [names[at] for at in tests] for line, tests in by_line.items()}
        for module, by_line in record["lines"].items()
    }
    return Coverage(record["seconds"], lines, record["branches"], record["of"])


def save_coverage(new: Coverage, file: Path) -> None:
    """What was measured before stays, but for the tests of the same files, and but for modules that have changed."""
    if file.exists():
        old = load_coverage(file)
        files = {test.partition("::")[0] for test in new.seconds}
        kept = {test: took for test, took in old.seconds.items() if test.partition("::")[0] not in files}
        new.seconds.update(kept)
        for module, by_line in old.lines.items():
            if old.of[module] == new.of.get(module, fingerprint(module)):
                now = new.lines.setdefault(module, {})
                for line, tests in by_line.items():
                    now[line] = sorted({*now.get(line, ()), *(test for test in tests if test in kept)})
                missed = [branch for branch in old.branches[module] if branch in new.branches.get(module, [branch])]
                new.branches[module] = missed
                new.of[module] = old.of[module]
    names = sorted(new.seconds)
    place = {name: at for at, name in enumerate(names)}
    packed = {m: {n: [place[t] for t in tests] for n, tests in by.items()} for m, by in new.lines.items()}
    record = {"seconds": new.seconds, "names": names, "lines": packed, "branches": new.branches, "of": new.of}
    file.write_text(json.dumps(record), "utf-8")


def fingerprint(module: str) -> str:
    return blake2b((ROOT / module).read_bytes(), digest_size=8).hexdigest()


# --- mutants ----------------------------------------------------------------------------------------------------------


class Killers:
    """Which tests to try first: those that killed the function's last mutants, then those made for the module."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.kills: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def note(self, mutant: Mutant, test: str) -> None:
        self.kills[mutant.module, mutant.function][test] += 1

    def order(self, mutant: Mutant) -> list[str]:
        by_line = self.coverage.lines[mutant.module]
        if mutant.function:
            found = {test for line in mutant.lines for test in by_line.get(line, ())}
        else:
            found = {test for tests in by_line.values() for test in tests}
        made_for = mirrors(mutant.module)
        kills, seconds = self.kills[mutant.module, mutant.function], self.coverage.seconds
        return sorted(
            found,
            key=lambda test: (
                -kills[test] / (seconds[test] + 0.02),
                seconds[test] * (0.1 if any(name in test for name in made_for) else 1),
            ),
        )


def _run_items(items: Sequence[pytest.Item], seconds: dict[str, float], budget: float, tell: int) -> int:
    start = time.process_time()
    for item in items:
        usual = seconds.get(item.nodeid, 1.0)
        if time.process_time() - start + usual > budget and item is not items[0]:
            return LATE
        # A loop without an end is a death like any other: the signal's default ends the process.
        signal.setitimer(signal.ITIMER_PROF, 2 + 8 * usual)
        os.pwrite(tell, item.nodeid.encode().ljust(400), 0)
        if _failed(item):
            return KILLED
    return SURVIVED


def _swap(mutant: Mutant, functions: Sequence[types.FunctionType]) -> bool:
    """Puts the changed code into the living functions, whoever has imported them by whatever name."""
    new: dict[tuple[str, int], types.CodeType] = {}

    def gather(code: types.CodeType) -> None:
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                new[constant.co_qualname, constant.co_firstlineno] = constant
                gather(constant)

    code = mutant.compile()
    assert isinstance(code, types.CodeType)
    gather(code)
    changed = False
    for function in functions:
        old = function.__code__
        other = new.get((old.co_qualname, old.co_firstlineno))
        if other is not None and other != old:
            function.__code__ = other
            changed = True
    return changed


class _Server:
    """A collected pytest that forks for each mutant."""

    def __init__(self, mutants: Sequence[Mutant], coverage: Coverage, jobs: int, budget: float) -> None:
        self.mutants, self.coverage, self.jobs, self.budget = mutants, coverage, jobs, budget
        self.killers = Killers(coverage)
        self.report: Callable[[Outcome], None] = print

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        functions: dict[str, list[types.FunctionType]] = defaultdict(list)
        for found in gc.get_objects():
            if isinstance(found, types.FunctionType):
                functions[found.__code__.co_filename].append(found)
        gc.collect()
        gc.freeze()

        def start(mutant: Mutant, tell: int) -> int:
            tests = [items[test] for test in self.killers.order(mutant) if test in items]
            if not tests:
                return 0

            def work() -> int:
                _silent()
                _limit_memory()
                try:
                    if not _swap(mutant, functions[str(ROOT / mutant.module)]):
                        return UNFIT
                except (SyntaxError, ValueError):
                    return UNFIT
                _scratch(session.config)
                return _run_items(tests, self.coverage.seconds, self.budget, tell)

            return forked(work)

        run_all(self.mutants, start, self.jobs, self._done)
        return True

    def _done(self, outcome: Outcome) -> None:
        if outcome.by:
            self.killers.note(outcome.mutant, outcome.by)
        self.report(outcome)


def run_in_functions(
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    coverage: Coverage,
    jobs: int,
    budget: float,
    report: Callable[[Outcome], None],
) -> None:
    server = _Server(mutants, coverage, jobs, budget)
    server.report = report
    quiet = os.dup(1)
    pytest.main([*PLAIN, *tests], plugins=[server])
    os.close(quiet)


class _FirstFailure:
    def __init__(self, order: list[str], coverage: Coverage, budget: float, tell: int) -> None:
        self.order, self.coverage, self.budget, self.tell = order, coverage, budget, tell

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            os._exit(KILLED)  # Tests that cannot be loaded any more have failed.
        _scratch(session.config)
        rank = {test: at for at, test in enumerate(self.order)}
        items = sorted((item for item in session.items if item.nodeid in rank), key=lambda item: rank[item.nodeid])
        os._exit(_run_items(items, self.coverage.seconds, self.budget, self.tell))


def run_at_import(
    mutants: Sequence[Mutant], coverage: Coverage, jobs: int, budget: float, report: Callable[[Outcome], None]
) -> None:
    """For what runs while a module is loaded: nothing of the program may be imported in this process yet."""
    killers = Killers(coverage)

    def start(mutant: Mutant, tell: int) -> int:
        order = killers.order(mutant)
        if not order:
            return 0
        chosen, total = [], 0.0
        for test in order:
            total += coverage.seconds[test]
            if total > budget:
                break
            chosen.append(test)
        files = sorted({test.partition("::")[0] for test in chosen[:80]})

        def work() -> int:
            _silent()
            _limit_memory()
            signal.setitimer(signal.ITIMER_PROF, 60)
            code = mutant.compile()
            # Whatever has been imported here so far would not be loaded anew.
            for name in [name for name in sys.modules if name.partition(".")[0] in ("blenddesk", "tests")]:
                del sys.modules[name]
            path, usual = str(ROOT / mutant.module), importlib.machinery.SourceFileLoader.get_code

            def get_code(self: Any, name: str) -> Any:
                return code if self.path == path else usual(self, name)

            importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
            pytest.main([*PLAIN, *files], plugins=[_FirstFailure(chosen, coverage, budget, tell)])
            return KILLED  # The tests could not even be collected.

        return forked(work)

    def done(outcome: Outcome) -> None:
        if outcome.by:
            killers.note(outcome.mutant, outcome.by)
        report(outcome)

    run_all(mutants, start, jobs, done)


def run_all(
    mutants: Sequence[Mutant], start: Callable[[Mutant, int], int], jobs: int, done: Callable[[Outcome], None]
) -> None:
    """Keeps ``jobs`` forks going. ``start`` gets a file number to name the running test in; 0 where no test runs."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    names = {0: "unfit", 99: "unfit", KILLED: "killed", SURVIVED: "survived", LATE: "unfinished", UNFIT: "unfit"}
    going: dict[int, tuple[Mutant, int, float]] = {}
    waiting: Iterator[Mutant] = iter(mutants)
    empty = False
    while going or not empty:
        while len(going) < jobs and not empty:
            mutant = next(waiting, None)
            if mutant is None:
                empty = True
                break
            tell = os.memfd_create("test")
            pid = start(mutant, tell)
            if pid:
                going[pid] = (mutant, tell, time.monotonic() + 900)
            else:
                os.close(tell)
                done(Outcome(mutant, "uncovered"))
        pid, status = os.waitpid(-1, os.WNOHANG) if going else (0, 0)
        if pid not in going:
            for other, (_mutant, _tell, until) in going.items():
                if time.monotonic() > until:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(other, signal.SIGKILL)
            time.sleep(0.003)
            continue
        mutant, tell, _until = going.pop(pid)
        by = os.pread(tell, 400, 0).decode().strip()
        os.close(tell)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        shutil.rmtree(SCRATCH / str(pid), ignore_errors=True)
        if os.WIFSIGNALED(status):
            done(Outcome(mutant, "timeout" if os.WTERMSIG(status) == signal.SIGPROF else "killed", by))
        else:
            code = os.WEXITSTATUS(status)
            name = names.get(code, "killed")
            done(Outcome(mutant, name, by if name == "killed" else ""))


def wait_for(pid: int) -> None:
    """Until the fork has ended; it dies with us when we are interrupted."""
    try:
        os.waitpid(pid, 0)
    except BaseException:
        os.killpg(pid, signal.SIGKILL)
        raise
