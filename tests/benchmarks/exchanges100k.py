"""100,000 entries of eight student computers: written, read, read again, 600 new among them; size and memory.

Beside the limit of the same run: reading and compressing the bare frames, and ``executemany`` of the same rows, in
order, into the same tables. And beside Morango, where a Python that has it is named in ``MORANGO_PYTHON``.
"""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services.context import AppContext
from blenddesk.storage.database import Database, connect
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.sync import exchange
from tests.benchmarks.logged_class import LoggedClass, log_more, logged_class
from tests.benchmarks.measure import alternating, child, line

ENTRIES = 100_000
NEW = 600
RUNS = 5
TABLES = ("op", "entry_row")
LOG_TABLES = ("op", "frame_dictionary")
PEER_RECORDS = 100_000


class Sticks(NamedTuple):
    """What the desk wrote: all entries, and all with a class day more."""

    full: Path
    more: Path


def run() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = logged_class(
            folder / "class", computers=8, entries=ENTRIES, students=30, days=180, together=4, lessons=False
        )
        sticks = _write_sticks(folder, made)
        _sizes(folder, made, sticks)
        write_ms = _write(folder, made)
        read_ms = _read(folder, made, sticks)
        _memory(folder, made, sticks)
        _peer(write_ms, read_ms)


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU of this process over one call: wall time tells more of the neighbours."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def copy(folder: Path, device: Paths, number: itertools.count[int] = itertools.count()) -> AppContext:
    """A closed device's copy in a folder of its own, opened."""
    at = folder / f"copy{next(number)}"
    shutil.copytree(device.data, at)
    return bootstrap.open_device(Paths(at, at / "state"))


def throw_away(context: AppContext) -> None:
    bootstrap.close_device(context)
    shutil.rmtree(context.paths.data)


def _write_sticks(folder: Path, made: LoggedClass) -> Sticks:
    sticks = Sticks(folder / "full", folder / "more")
    way = folder / "way"
    for stick in (*sticks, way):
        stick.mkdir()
    desk, computer = copy(folder, made.desk), copy(folder, Paths(made.fresh.data.with_name("computer1")))
    exchange.write_packages(desk.ledger, desk.keys, sticks.full)
    log_more(computer, made.section, made.students, NEW)
    exchange.write_packages(computer.ledger, computer.keys, way)
    exchange.read_packages(desk.ledger, desk.keys, [way])
    exchange.write_packages(desk.ledger, desk.keys, sticks.more)
    throw_away(desk)
    throw_away(computer)
    return sticks


def _sizes(folder: Path, made: LoggedClass, sticks: Sticks) -> None:
    package = sum(file.stat().st_size for file in sticks.full.iterdir()) / ENTRIES
    database = made.desk.database.stat().st_size / ENTRIES
    _statements, plain = _rows(made.desk)
    frames = sum(len(row[-1]) for row in plain["op"]) / ENTRIES
    statements, rows = _rows(made.desk, as_they_lie=True)
    log = folder / "log.db"
    bare = connect(log, os.urandom(32), create=True)
    for table in rows:
        bare.execute(next(sql for sql in statements if sql.startswith(f"CREATE TABLE {table}")))
    _insert(bare, rows)
    bare.close()
    print(f"package: {package:.0f} bytes an entry; goal 60")
    print(f"database: {database:.0f} bytes an entry; goal 320")
    size = log.stat().st_size / ENTRIES
    print(f"log: {size:.0f} bytes an entry, bare frames {frames:.0f}, ratio {size / frames:.2f}; goal 1.5")


def _write(folder: Path, made: LoggedClass) -> float:
    desk = copy(folder, made.desk)
    number = itertools.count()

    def ours() -> float:
        stick = folder / f"stick{next(number)}"
        stick.mkdir()
        return cpu_ms(lambda: exchange.write_packages(desk.ledger, desk.keys, stick))

    plain = _plain_frames(folder, made)
    written, limit = alternating(ours, lambda: cpu_ms(lambda: _compress(plain)), RUNS)
    line(f"write a package of {ENTRIES:,} entries (CPU)", written, limit, "ms", "at most 4 and 1,000 ms")
    plain.close()
    throw_away(desk)
    return statistics.median(written)


def _plain_frames(folder: Path, made: LoggedClass) -> Database:
    """The log with every frame as it was written, in a database of its own."""
    statements, rows = _rows(made.desk)
    key = os.urandom(32)
    bare = connect(folder / "plain.db", key, create=True)
    bare.execute(next(sql for sql in statements if sql.startswith("CREATE TABLE op")))
    _insert(bare, {"op": rows["op"]})
    bare.close()
    return Database(folder / "plain.db", key)


def _compress(plain: Database) -> int:
    """Reads every frame and compresses them, a segment's worth at a time: the limit of writing."""
    compress = zstandard.ZstdCompressor(level=3).compress
    size = 0
    with plain.read() as connection:
        rows = connection.exec_driver_sql("SELECT frame FROM op ORDER BY sid, seq")
        while part := rows.fetchmany(2_048):
            size += len(compress(b"".join(frame for (frame,) in part)))
    return size


def _read(folder: Path, made: LoggedClass, sticks: Sticks) -> float:
    statements, rows = _rows(made.desk)
    again: list[float] = []
    more: list[float] = []

    def raw() -> float:
        file = folder / "raw.db"
        database = connect(file, os.urandom(32), create=True)
        for statement in statements:
            database.execute(statement)
        spent = cpu_ms(lambda: _insert(database, rows))
        database.close()
        for leftover in folder.glob("raw.db*"):
            leftover.unlink()
        return spent

    def ours() -> float:
        computer = copy(folder, made.fresh)

        def read(stick: Path) -> float:
            return cpu_ms(lambda: exchange.read_packages(computer.ledger, computer.keys, [stick]))

        spent = read(sticks.full)
        again.append(read(sticks.full))
        more.append(read(sticks.more))
        assert len(computer.reads.reader.rows("SELECT 1 FROM entry")) == ENTRIES + NEW
        throw_away(computer)
        return spent

    imports, limit = alternating(ours, raw, RUNS)
    line(f"read it at another computer, {ENTRIES:,} new (CPU)", imports, limit, "ms", "at most 2.5")
    line("read it a second time, nothing new (CPU)", again[1:], limit, "ms", "at most 500 ms")
    line(f"read {NEW} new among {ENTRIES + NEW:,} (CPU)", more[1:], limit, "ms", "at most 150 ms")
    return statistics.median(imports)


def _rows(device: Paths, *, as_they_lie: bool = False) -> tuple[list[str], dict[str, list[tuple[Any, ...]]]]:
    """What makes the tables that an entry goes into, with their indexes, and their rows by key.

    Frames are what their writers made of them; ``as_they_lie``: the rows of the log alone, with what packed them.
    """
    bare = connect(device.database, bootstrap.read_key(device.key))
    tables = LOG_TABLES if as_they_lie else TABLES
    names = ", ".join(f"'{table}'" for table in tables)
    found = bare.execute(f"SELECT sql FROM sqlite_master WHERE tbl_name IN ({names}) AND sql > ''")
    statements = [sql for (sql,) in found]
    rows = {table: bare.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}
    if not as_they_lie:
        dictionaries = dict(bare.execute("SELECT number, content FROM frame_dictionary"))
        read = Unpacking(find=dictionaries.get)
        rows["op"] = [(*row[:-1], read.frame(row[-1])) for row in rows["op"]]
    bare.close()
    return statements, rows


def _insert(database: Any, rows: Mapping[str, list[tuple[Any, ...]]]) -> None:
    database.execute("BEGIN IMMEDIATE")
    for table, lines in rows.items():
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(lines[0]))})", lines)
    database.execute("COMMIT")


def _memory(folder: Path, made: LoggedClass, sticks: Sticks) -> None:
    for what, device in (("write", made.desk), ("read", made.fresh)):
        at = folder / f"memory-{what}"
        shutil.copytree(device.data, at)
        stick = sticks.full if what == "read" else folder / "written"
        stick.mkdir(exist_ok=True)
        found = child("exchange_memory.py", what, str(at), str(at / "state"), str(stick))
        extra = found["peak_mb"] - found["idle_mb"]
        print(f"memory to {what} it: {extra:.0f} MB over {found['idle_mb']:.0f} MB idle; goal 60")


def _peer(write_ms: float, read_ms: float) -> None:
    python = os.environ.get("MORANGO_PYTHON")
    if not python:
        print("peer: not run; MORANGO_PYTHON names no Python that has morango==0.8.15")
        return
    script = Path(__file__).with_name("morango_peer.py")
    done = subprocess.run([python, str(script), str(PEER_RECORDS)], capture_output=True, text=True, check=True)
    writing, reading, size = map(float, done.stdout.split())
    print(
        f"peer: Morango writes {PEER_RECORDS:,} records in {writing:.0f} s of CPU"
        f" ({writing * 1000 / write_ms:.0f} times"
        f" ours), reads them in {reading:.0f} s ({reading * 1000 / read_ms:.0f} times ours),"
        f" {size / PEER_RECORDS:.0f} bytes a record"
    )
