"""Pulling the plug: a process killed at any moment loses no acknowledged entry and leaves a database that opens."""

from __future__ import annotations

import multiprocessing
import os
import random
import select
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import classes
from blenddesk.services.context import AppContext
from blenddesk.storage import digest
from blenddesk.sync import exchange, seats
from tests.conftest import fill_class
from tests.faults import kill_worker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and forks as Linux and macOS do")

KILLS = 100
"""Of each kind; 200 in all."""
LONGEST_S = 0.12
ENTRIES = 1_500


def spawn(target: Callable[..., None], *arguments: Any) -> tuple[Any, int]:
    """A forked process running ``target(*arguments, pipe)``, and the end of the pipe to read from."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["tests.faults.kill_worker"])
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    process = server.Process(target=_with_pipe, args=(target, multiprocessing.reduction.DupFd(writing), *arguments))
    process.start()
    os.close(writing)
    return process, reading


def _with_pipe(target: Callable[..., None], pipe: Any, *arguments: Any) -> None:
    target(*arguments, pipe.detach())


def wait_until_ready(reading: int) -> None:
    assert select.select([reading], [], [], 30)[0], "the process did not start"
    assert os.read(reading, 16) == b"R" * 16


def drain(reading: int) -> list[bytes]:
    """Everything the process said before it died, in whole ids of 16 bytes."""
    said = b""
    while chunk := os.read(reading, 65_536):
        said += chunk
    os.close(reading)
    return [said[start : start + 16] for start in range(0, len(said) - len(said) % 16, 16)]


@pytest.fixture
def two_devices(tmp_path: Path) -> Iterator[tuple[AppContext, Paths, Id, Path]]:
    """A desk with a class, a shared computer that opened its seat (closed again), and a package with much to read."""
    desk = bootstrap.create_device(Paths(tmp_path / "desk"), role="desk", name="Ms Okoro")
    classes.found_desk(desk, "Ms Okoro")
    section = fill_class(desk, 4)
    weak = seats.Strength(passes=1, memory_bytes=8_192)
    seat = seats.new_seat(desk.ledger, desk.keys, section, "Blue-3", strength=weak)
    station_paths = Paths(tmp_path / "station")
    station = bootstrap.create_device(station_paths, role="station", name="Blue-3")
    seats.open_seat(station.ledger, station.keys, seat.data, " ".join(seat.words))
    bootstrap.close_device(station)
    student = desk.reads.people.students(section)[0].id
    desk.commit("many", [put(section, "entry", desk.new_id(), student=student, kind="claimed") for _ in range(ENTRIES)])
    stick = tmp_path / "stick"
    stick.mkdir()
    exchange.write_packages(desk.ledger, desk.keys, stick)
    yield desk, station_paths, section, stick
    bootstrap.close_device(desk)


def opened(paths: Paths) -> AppContext:
    """The device after the crash, found sound."""
    context = bootstrap.open_device(paths)
    with context.ledger.database.read() as connection:
        assert digest.verify(connection) == []
    return context


def test_no_acknowledged_entry_is_lost(two_devices: tuple[AppContext, Paths, Id, Path]) -> None:
    desk, paths, section, _stick = two_devices
    student = desk.reads.people.students(section)[0].id
    rng = random.Random(5)
    acknowledged: set[bytes] = set()
    for _kill in range(KILLS):
        process, reading = spawn(kill_worker.log_entries, str(paths.data), section, student)
        wait_until_ready(reading)
        time.sleep(rng.uniform(0, LONGEST_S))
        process.kill()
        process.join()
        acknowledged.update(drain(reading))
        context = opened(paths)
        kept = {entry.id for entry in context.reads.entries.of_section(section)}
        bootstrap.close_device(context)
        assert acknowledged <= kept
    assert len(acknowledged) > KILLS, "the kills came before any work: this showed nothing"
    context = opened(paths)
    assert digest.rebuild(context.ledger)
    bootstrap.close_device(context)


def test_a_killed_import_is_whole_or_not_there(two_devices: tuple[AppContext, Paths, Id, Path], tmp_path: Path) -> None:
    _desk, paths, section, stick = two_devices
    rng = random.Random(7)
    duration = time_one_import(paths, stick, tmp_path)
    outcomes = {0: 0, ENTRIES: 0}
    for kill in range(KILLS):
        copy = Paths(tmp_path / f"killed-{kill}")
        shutil.copytree(paths.data, copy.data)
        process, reading = spawn(kill_worker.read_home, str(copy.data), str(stick))
        wait_until_ready(reading)
        time.sleep(rng.uniform(0, duration * 1.2))
        process.kill()
        process.join()
        finished = b"D" * 16 in drain(reading)
        context = opened(copy)
        found = len(context.reads.entries.of_section(section))
        assert found == ENTRIES if finished else found in outcomes
        outcomes[found] += 1
        exchange.read_packages(context.ledger, context.keys, [stick])
        assert len(context.reads.entries.of_section(section)) == ENTRIES
        bootstrap.close_device(context)
        shutil.rmtree(copy.data)
    assert all(outcomes.values()), f"the kills did not fall into the import: {outcomes}"


def time_one_import(paths: Paths, stick: Path, tmp_path: Path) -> float:
    copy = Paths(tmp_path / "timed")
    shutil.copytree(paths.data, copy.data)
    process, reading = spawn(kill_worker.read_home, str(copy.data), str(stick))
    wait_until_ready(reading)
    start = time.monotonic()
    process.join()
    drain(reading)
    return time.monotonic() - start
