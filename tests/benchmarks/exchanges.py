"""Writing and reading a package of 10,000 entries, against raw ``executemany`` of the same rows and tables."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ops import put
from blenddesk.services import classes
from blenddesk.storage.database import connect
from blenddesk.sync import exchange, seats
from tests.benchmarks.measure import alternating, line, timed_ms

ENTRIES = 10_000
TABLES = ("op", "entry")


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = bootstrap.create_device(Paths(folder / "desk"), role="desk", name="Ms Okoro")
        classes.found_desk(desk, "Ms Okoro")
        classes.create_class(desk, "4B")
        section = desk.reads.sections.all()[0].id
        seat = seats.new_seat(desk.ledger, desk.keys, section, "Blue-3", strength=seats.Strength(1, 8_192))
        station = bootstrap.create_device(Paths(folder / "station"), role="station", name="Blue-3")
        seats.open_seat(station.ledger, station.keys, seat.data, " ".join(seat.words))
        bootstrap.close_device(station)
        student = desk.new_id()
        desk.commit(
            "many",
            [
                put(
                    section, "entry", desk.new_id(), student=student, kind="claimed", day="2026-11-23", at_ms=n, round=1
                )
                for n in range(ENTRIES)
            ],
        )
        with desk.ledger.database.read() as connection:
            made = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE tbl_name IN ('op', 'entry') AND sql > ''"
            )
            statements = list(made.scalars())
            rows = {
                table: sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}"))
                for table in TABLES
            }
        number = itertools.count()

        def write() -> float:
            stick = folder / f"stick{next(number)}"
            stick.mkdir()
            return timed_ms(lambda: exchange.write_packages(desk.ledger, desk.keys, stick))

        def raw() -> float:
            file = folder / f"raw{next(number)}.db"
            bare = connect(file, os.urandom(32), create=True)
            for statement in statements:
                bare.execute(statement)

            def insert() -> None:
                bare.execute("BEGIN IMMEDIATE")
                for table in TABLES:
                    marks = ", ".join("?" * len(rows[table][0]))
                    bare.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
                bare.execute("COMMIT")

            spent = timed_ms(insert)
            bare.close()
            return spent

        ours, limit = alternating(write, raw)
        line(f"write a package of {ENTRIES:,} entries", ours, limit, "ms", "at most 1")
        stick = folder / "stick0"
        size = sum(file.stat().st_size for file in stick.iterdir())
        print(f"package: {size / ENTRIES:.0f} bytes an entry (class and desk packages together)")

        def read() -> float:
            copy = Paths(folder / f"copy{next(number)}")
            shutil.copytree(folder / "station", copy.data)
            context = bootstrap.open_device(copy)
            spent = timed_ms(lambda: exchange.read_packages(context.ledger, context.keys, [stick]))
            again.append(timed_ms(lambda: exchange.read_packages(context.ledger, context.keys, [stick])))
            assert len(context.reads.entries.of_section(section)) == ENTRIES
            bootstrap.close_device(context)
            return spent

        again: list[float] = []
        ours, limit = alternating(read, raw)
        line(f"read it at another computer ({ENTRIES:,} new)", ours, limit, "ms", "at most 2.5")
        line("read it a second time (nothing new)", again[1:], limit, "ms", "below 1")
        bootstrap.close_device(desk)
