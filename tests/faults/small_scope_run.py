"""The command that goes through the small scope: whole or in pieces, over several processes and days."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults import small_scope
from tests.faults.histories.core import core_hash
from tests.faults.small_scope import FAULTS, Part, Tally, explore


class Job(NamedTuple):
    """One piece of work, as it is named in a record: the same on the same core need not be done again."""

    core: str
    ops: int
    fault: str
    part: Part


def _play(job: Job) -> tuple[Job, Tally]:
    logging.getLogger("blenddesk").setLevel(logging.ERROR)
    gc.set_threshold(100_000)
    return job, explore(job.fault, job.ops, part=job.part)


def recorded(file: Path | None) -> dict[Job, Tally]:
    """What a file says is done, on any core."""
    found: dict[Job, Tally] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file is not None and file.exists() else ():
        read = json.loads(line)
        job = Job(read["core"], read["ops"], read["fault"], Part(*read["part"]))
        tally = read["tally"]
        found[job] = Tally(**{**tally, "did": Counter(tally["did"])})
    return found


def _record(file: Path, job: Job, tally: Tally) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(
            json.dumps({**job._asdict(), "tally": {**vars(tally), "did": dict(tally.did)}}, sort_keys=True) + "\n"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.small_scope", description=small_scope.__doc__)
    parser.add_argument("--ops", type=int, default=3)
    parser.add_argument("--fault", choices=FAULTS, action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--parts", type=int, default=0, help="pieces that each fault is cut into")
    parser.add_argument("--part", metavar="K/N", help="only this piece of so many, from 1")
    parser.add_argument("--record", type=Path, metavar="FILE", help="note finished pieces, and leave out noted ones")
    wanted = parser.parse_args(arguments)
    core = core_hash()
    pieces = wanted.parts or (1 if wanted.jobs == 1 else 8)
    parts = [Part(number, pieces) for number in range(1, pieces + 1)]
    if wanted.part:
        number, of = map(int, wanted.part.split("/"))
        if not 1 <= number <= of:
            parser.error("--part K/N wants K from 1 to N")
        parts = [Part(number, of)]
    jobs = [Job(core, wanted.ops, fault, part) for fault in wanted.fault or FAULTS for part in parts]
    known = recorded(wanted.record)
    done = {job: known[job] for job in jobs if job in known}
    for job, tally in _played([job for job in jobs if job not in done], wanted.jobs):
        if core_hash() != core:
            print("the sync core changed on the way: this piece and all after it count for nothing")
            return 2
        done[job] = tally
        if wanted.record is not None:
            _record(wanted.record, job, tally)
    for fault in wanted.fault or FAULTS:
        total = Tally()
        for job, tally in done.items():
            if job.fault == fault:
                total.add(tally)
        did = ", ".join(f"{count} {what}" for what, count in sorted(total.did.items()))
        print(
            f"{fault}, at most {wanted.ops} ops: {total.logs:,} logs, {total.deliveries:,} deliveries ({did}),"
            f" {len(total.failed)} failed, {total.seconds:.0f} s of CPU",
            flush=True,
        )
        print(*total.failed[:10], sep="\n", end="\n" if total.failed else "", flush=True)
    return int(any(tally.failed for tally in done.values()))


def _played(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Tally]]:
    if processes == 1:
        yield from map(_play, jobs)
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            yield from pool.imap_unordered(_play, jobs)
