"""The long run: ranges of seeds over several processes, with the hash of the sync core they were played on."""

from __future__ import annotations

import argparse
import gc
import logging
import multiprocessing
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.histories import records
from tests.faults.histories.core import core_hash
from tests.faults.histories.runs import Figures, in_words, run_histories


def _chunk(job: tuple[int, int, bool]) -> tuple[int, int, Figures]:
    first, last, naive = job
    logging.getLogger("blenddesk").setLevel(logging.ERROR)
    # A history makes and drops tens of thousands of objects; looking for cycles that often costs a tenth.
    gc.set_threshold(100_000)
    return first, last, run_histories(range(first, last), naive=naive)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.histories", description=__doc__)
    parser.add_argument("--seeds", default="0:300", help="FIRST:LAST, the last not included")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--chunk", type=int, default=100)
    parser.add_argument("--naive", action="store_true", help="the control, which must lose entries")
    parser.add_argument("--record", type=Path, metavar="FILE", help="add every finished range to this file")
    parser.add_argument("--sum", type=Path, metavar="FILE", help="play nothing; what the file says of this sync core")
    wanted = parser.parse_args(arguments)
    core = core_hash()
    if wanted.sum is not None:
        found = records.add_up(records.read(wanted.sum), core)
        print(records.told(found, core))
        return int(bool(found.wrong) or not found.ranges)
    if wanted.record is not None and wanted.naive:
        parser.error("the control is no part of a record")
    first, last = map(int, wanted.seeds.split(":"))
    print(f"sync core {core}, seeds {first}:{last}, {wanted.jobs} jobs", flush=True)
    jobs = [(at, min(at + wanted.chunk, last), wanted.naive) for at in range(first, last, wanted.chunk)]
    total, started = Figures(), time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(wanted.jobs) as pool:
        for low, high, figures in pool.imap_unordered(_chunk, jobs):
            total.add(figures)
            print(f"seeds {low}:{high}: {in_words(figures)}", flush=True)
            for _seed, report in figures.failed:
                print(report, flush=True)
            if core_hash() != core:
                print("the sync core changed on the way: the ranges from this one on count for nothing")
                return 2
            if wanted.record is not None:
                records.note(wanted.record, core, low, high, figures)
    took = time.perf_counter() - started
    print(f"all of {first}:{last}: {in_words(total)}")
    print(f"{total.histories / took:.2f} histories/s on {wanted.jobs} jobs; sync core {core}")
    return 1 if total.failed or (total.losing == 0) == wanted.naive else 0
