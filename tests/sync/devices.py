"""Real devices for tests: an encrypted database, keys and the ledger in a temporary folder, time and chance in hand."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from blenddesk import RELEASE_MS
from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.storage import digest, setup
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.verdicts import Door
from blenddesk.sync import exchange, seats
from blenddesk.sync.exchange import PackageResult, WriteReport
from blenddesk.sync.keys import DeviceKeys, class_root, store_root_public
from blenddesk.sync.statements import Certificate, Role
from blenddesk.sync.trust import certificate_draft, found_class
from blenddesk.sync.wordlock import Strength

WEAK = Strength(passes=1, memory_bytes=8_192)
"""Argon2id that takes no time; the real strength has a test of its own."""


@dataclass
class HandClock:
    now_ms: int = RELEASE_MS

    def wall_ms(self) -> int:
        return self.now_ms

    def steady_ms(self) -> int:
        return self.now_ms

    def zone_minutes(self) -> int:
        return 60


@dataclass
class SeededRandomness:
    seed: int
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def token(self, length: int) -> bytes:
        return self._random.randbytes(length)


class Device:
    """One computer. ``folder`` holds its database; ``section`` is the class that the shorthands write into."""

    def __init__(self, folder: Path, name: str, role: str, seed: int, clock: HandClock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.clock = folder, name, clock
        self.randomness = SeededRandomness(seed)
        self.key = self.randomness.token(32)
        self.section: Id = MINE
        database = Database(folder / "blenddesk.db", self.key)
        setup.create(database, device_id=self.randomness.token(16), role=role, name=name, randomness=self.randomness)
        database.close()
        self._open()

    def copied_to(self, folder: Path, clock: HandClock, seed: int) -> Device:
        """This computer's disk in another machine. Close this one first."""
        shutil.copytree(self.folder, folder)
        copy = object.__new__(Device)
        copy.folder, copy.name, copy.clock = folder, self.name, clock
        copy.randomness, copy.key, copy.section = SeededRandomness(seed), self.key, self.section
        copy._open()
        return copy

    def _open(self) -> None:
        self.database = Database(self.folder / "blenddesk.db", self.key)
        device_id = setup.local_value(self.database, "device_id")
        epoch = setup.local_value(self.database, "epoch")
        assert device_id is not None
        assert epoch is not None
        self.device_id = device_id
        self.keys = DeviceKeys(self.database, self.randomness)
        self.ledger = Ledger(
            self.database,
            device_id=device_id,
            epoch=epoch,
            clock=self.clock,
            randomness=self.randomness,
            keys=self.keys,
        )

    def restart(self) -> None:
        self.database.close()
        self._open()

    def close(self) -> None:
        self.database.close()

    # --- work ---------------------------------------------------------------------------------------------------

    def make_class(self, students: int = 3) -> Id:
        self.section = self.randomness.token(16)
        founding = found_class(self.keys, self.section, self.name, self.randomness)
        drafts = [put(self.section, "section", self.section, name="Sunflowers"), *founding.drafts]
        for number in range(students):
            drafts.append(
                put(
                    self.section,
                    "student",
                    self.student(number),
                    name=f"Child {number}",
                    given=f"GivenCanary{number}",
                    family=f"FamilyCanary{number}",
                )
            )
            drafts.append(
                put(
                    self.section,
                    "profile",
                    derived_id("profile", self.student(number)),
                    student=self.student(number),
                    needs=[f"NeedCanary{number}"],
                )
            )
        self.ledger.commit("class_new", drafts, before=founding.store)
        return self.section

    def found_mine(self) -> None:
        founding = found_class(self.keys, MINE, self.name, self.randomness)
        self.ledger.commit("desk_new", [*founding.drafts], before=founding.store)

    def student(self, number: int) -> Id:
        return derived_id("test student", self.section, bytes([number]))

    def log_entry(self, student: int, remark: str | None = None) -> Id:
        """A finished station, and what the child says about it, in one commit; returns the entry's id."""
        entry = self.randomness.token(16)
        drafts = [put(self.section, "entry", entry, student=self.student(student), kind="finished", by="student")]
        if remark is not None:
            drafts.append(
                put(
                    self.section,
                    "reflection",
                    self.randomness.token(16),
                    student=self.student(student),
                    entry=entry,
                    remark=remark,
                )
            )
        self.clock.now_ms += 1_000
        self.ledger.commit("entry_logged", drafts)
        return entry

    def rename(self, student: int, name: str) -> ChangeSet:
        self.clock.now_ms += 1_000
        return self.ledger.commit("student_edited", [put(self.section, "student", self.student(student), name=name)])

    def write_whatever(self, *drafts: Draft, label: str = "x") -> ChangeSet:
        """What a program writes that somebody edited: the door that asks who may write what stands open."""
        self.clock.now_ms += 1_000
        with mock.patch.object(Door, "check"):
            return self.ledger.commit(label, drafts)

    # --- travel -------------------------------------------------------------------------------------------------

    def give_seat(self, name: str) -> seats.NewSeat:
        return seats.new_seat(self.ledger, self.keys, self.section, name, strength=WEAK)

    def take_seat(self, seat: seats.NewSeat) -> seats.OpenedSeat:
        opened = seats.open_seat(self.ledger, self.keys, seat.data, " ".join(seat.words))
        self.section = opened.section
        return opened

    def write(self, stick: Path) -> WriteReport:
        return exchange.write_packages(self.ledger, self.keys, stick)

    def read(self, *paths: Path, preview: bool = False) -> list[PackageResult]:
        return exchange.read_packages(self.ledger, self.keys, paths, preview=preview)

    # --- looking ------------------------------------------------------------------------------------------------

    def digest(self) -> str:
        with self.database.read() as connection:
            return digest.class_digest(connection, self.section)

    def ids_of(self, table: str) -> set[Id]:
        with self.database.read() as connection:
            return set(connection.exec_driver_sql(f'SELECT id FROM "{table}"').scalars())

    def column(self, table: str, name: str) -> list[object]:
        with self.database.read() as connection:
            return list(connection.exec_driver_sql(f'SELECT "{name}" FROM "{table}" ORDER BY id').scalars())

    def count(self, sql: str) -> int:
        with self.database.read() as connection:
            found: int = connection.exec_driver_sql(sql).scalar_one()
        return found

    def everything(self) -> str:
        """A hash over all tables but those that only note what was read, to show that nothing changed."""
        from hashlib import blake2b

        total = blake2b(digest_size=16)
        with self.database.read() as connection:
            for table in ("op", "stream", "signed_head", "change", "withdrawn_range"):
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2, 3'):
                    total.update(repr(tuple(row)).encode())
        return total.hexdigest()


@dataclass
class Classroom:
    """A desk with one class and its student computers, all on one clock."""

    desk: Device
    stations: list[Device]
    clock: HandClock

    @property
    def devices(self) -> list[Device]:
        return [self.desk, *self.stations]

    def lap(self, stick: Path, order: Sequence[Device] = ()) -> None:
        """The stick goes from the desk to every station and home."""
        stick.mkdir(parents=True, exist_ok=True)
        for device in order or [self.desk, *self.stations, self.desk]:
            for result in device.read(stick):
                assert result.status in ("applied", "nothing_new", "set_aside"), result
            device.write(stick)

    def close(self) -> None:
        for device in self.devices:
            device.close()


def make_classroom(root: Path, stations: int = 2, students: int = 3, seed: int = 1) -> Classroom:
    clock = HandClock()
    desk = Device(root / "desk", "Ms Okoro", "desk", seed * 100, clock)
    desk.found_mine()
    desk.make_class(students)
    others = []
    for number in range(stations):
        seat = desk.give_seat(f"Blue-{number + 1}")
        station = Device(root / f"station{number + 1}", f"Blue-{number + 1}", "station", seed * 100 + 1 + number, clock)
        station.take_seat(seat)
        others.append(station)
    return Classroom(desk, others, clock)


def add_desk(first: Device, root: Path, seed: int = 77) -> Device:
    """Another teacher's desk of the same class, certified by the class root and with a lap still to come."""
    second = Device(root / f"desk {seed}", "Mr Novak", "desk", seed, first.clock)
    second.found_mine()
    with first.database.read() as connection:
        class_key = class_root(connection, first.section)
    assert class_key is not None
    certificate = Certificate(
        first.section,
        second.device_id,
        second.name,
        Role.TEACHER,
        second.keys.signing_public,
        second.keys.sealing_public,
        second.keys.age_recipient,
        b"",
    )
    first.ledger.commit("seat_new", [certificate_draft(certificate.signed_by(class_key), first.randomness)])
    with second.database.write() as connection:
        store_root_public(connection, first.section, bytes(class_key.verify_key))
    second.section = first.section
    return second
