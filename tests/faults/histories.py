"""Device histories on the real code: seeded months of files, copied disks, old backups and wrong clocks, then two laps.

Every computer is a real encrypted database with the real keys, ledger and packages; only its disk is memory (a tmpfs
where the system has one), its clock is moved by hand and its seats are locked with a weak ``Strength``. A seed fixes
every step; keys of age and of sealed words are the system's chance, so bytes differ from run to run and steps do not.

Run long with ``python -m tests.faults.histories --seeds 0:20000 --jobs 2``.
"""

from __future__ import annotations

import argparse
import gc
import logging
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from blenddesk import RELEASE_MS
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import put
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.storage import digest, history, setup
from blenddesk.storage.anchors import Anchor
from blenddesk.storage.database import Database
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.receiving import IncomingOp, Receiving
from blenddesk.storage.streams import Stream, save_position
from blenddesk.sync import backups, seats
from blenddesk.sync.keys import class_root, store_root_public
from blenddesk.sync.statements import Certificate, Role
from blenddesk.sync.trust import Standing, certificate_draft, load_trust
from tests.sync.devices import Device, HandClock, SeededRandomness, make_classroom

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = 2
CLASSES = ((1, 1), (1, 1), (1, 1), (1, 2), (1, 2), (1, 3), (1, 5), (2, 1), (2, 1), (2, 2))
"""(desks, student computers) at the beginning; a seed draws one. Copies come on top."""
MOST_COMPUTERS = 7
MOST_IMAGES = 4
LAPS = 2
YEAR_MS = 365 * 24 * 3600 * 1000
CLOCKS_MS = (-1, 0, RELEASE_MS - 30 * YEAR_MS, RELEASE_MS - YEAR_MS, RELEASE_MS, 4_291_747_200_000, 20_000_000_000_000)
"""What a wrong clock may say: before 1970, 1970, years back, right, 2106 and past every year that the format knows."""

DATABASE = "blenddesk.db"
LOG = "blenddesk.db-wal"


# --- computers -----------------------------------------------------------------------------------------------------


class Image(NamedTuple):
    """A disk as it was: database and its log, the other place of its anchor, and what the model knows of it."""

    database: bytes
    log: bytes
    anchor: bytes
    place: str
    holds: frozenset[Id]
    entry_of: dict[int, Id]
    seat: seats.NewSeat | None
    key: bytes
    section: Id
    is_desk: bool


class Computer(Device):
    """A device that the model follows: ``holds`` are the entries that were acknowledged on it or came to it."""

    def __init__(self, folder: Path, image: Image, name: str, clock: HandClock, seed: int, *, anchored: bool) -> None:
        self.folder, self.name, self.clock = folder / "data", name, clock
        self.randomness = SeededRandomness(seed)
        self.state = folder / "state"
        self.machine = self.randomness.token(8).hex()
        self.anchored = anchored
        self.folder.mkdir(parents=True)
        self.state.mkdir()
        self.put_back(image)

    def put_back(self, image: Image) -> None:
        """The disk is now the image; whether the anchor came along is the caller's."""
        (self.folder / DATABASE).write_bytes(image.database)
        (self.folder / LOG).write_bytes(image.log)
        self.holds, self.entry_of, self.seat = set(image.holds), dict(image.entry_of), image.seat
        self.key, self.section, self.is_desk = image.key, image.section, image.is_desk

    def start(self) -> None:
        self._open()
        if self.anchored:
            anchor = Anchor(self.database, self.device_id, self.folder, self.state, self.machine)
            anchor.settle(self.randomness)
            epoch = setup.local_value(self.database, "epoch")
            assert epoch is not None
            self.ledger = Ledger(
                self.database,
                device_id=self.device_id,
                epoch=epoch,
                clock=self.clock,
                randomness=self.randomness,
                keys=self.keys,
                anchor=anchor,
            )

    def restart(self) -> None:
        self.ledger.note_position()
        self.database.close()
        self.start()

    def image(self) -> Image:
        """What a copy of the disk holds when it is taken while nothing is being written."""
        log, other = self.folder / LOG, self.anchor_file()
        return Image(
            (self.folder / DATABASE).read_bytes(),
            log.read_bytes() if log.exists() else b"",
            other.read_bytes() if other.exists() else b"",
            str(self.folder.resolve()),
            frozenset(self.holds),
            dict(self.entry_of),
            self.seat,
            self.key,
            self.section,
            self.is_desk,
        )

    def anchor_file(self) -> Path:
        return self.state / f"{self.device_id.hex()}.json"

    def bring_anchor(self, image: Image, device_id: Id) -> None:
        """The whole disk came along, other place and all; in this computer's words for where the data lie."""
        if image.anchor:
            moved = image.anchor.replace(image.place.encode(), str(self.folder.resolve()).encode())
            (self.state / f"{device_id.hex()}.json").write_bytes(moved)

    def log_station(self, student: int, remark: str | None) -> Id:
        """A student entry; on the disk when this returns."""
        entry = self.randomness.token(16)
        who = self.student(student)
        drafts = [put(self.section, "entry", entry, student=who, kind="finished", by="student")]
        if remark is not None:
            said = self.randomness.token(16)
            drafts.append(put(self.section, "reflection", said, student=who, entry=entry, remark=remark))
        self.clock.now_ms += 1_000
        change = self.ledger.commit("entry_logged", drafts)
        self.holds.add(entry)
        self.entry_of[change.change_id] = entry
        return entry

    def has_root(self) -> bool:
        with self.database.read() as connection:
            return class_root(connection, self.section) is not None

    def standing(self, on: Device) -> Standing | None:
        """What another computer says of this one."""
        with on.database.read() as connection:
            known = load_trust(connection, self.section).keys_of(self.device_id)
        return next((device.standing for device in known if device.signing_key == self.keys.signing_public), None)


class Template(NamedTuple):
    """A class that was made once: the desks first, then every station that has a seat; and a disk without a class."""

    images: tuple[Image, ...]
    blank: Image


def memory_folder() -> str | None:
    """Where files cost no disk; None for the system's own temporary folder."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _second_desk(first: Device, root: Path) -> Device:
    """Another teacher's desk of the same class, certified by the class root."""
    second = Device(root / "desk 2", "Mr Novak", "desk", 77, first.clock)
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


@cache
def template(desks: int, stations: int) -> Template:
    """One or two desks and their student computers, which know each other; copied for every history."""
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="histories-") as folder:
        root = Path(folder)
        room = make_classroom(root, stations=stations, students=STUDENTS)
        teachers = [room.desk, *(_second_desk(room.desk, root) for _ in range(desks - 1))]
        for lap in range(2):
            room.lap(root / f"lap {lap}", [*teachers, *room.stations, *teachers])
        everyone = [*teachers, *room.stations]
        for device in everyone:
            device.close()
        blank = Database(root / DATABASE, b"\0" * 32)
        token = SeededRandomness(5)
        setup.create(blank, device_id=token.token(16), role="station", name="new", randomness=token)
        blank.close()
        images = tuple(
            Image(
                (device.folder / DATABASE).read_bytes(),
                b"",
                b"",
                "",
                frozenset(),
                {},
                None,
                device.key,
                room.desk.section,
                device in teachers,
            )
            for device in everyone
        )
        disk = (root / DATABASE).read_bytes()
    return Template(images, Image(disk, b"", b"", "", frozenset(), {}, None, b"\0" * 32, b"", False))


# --- one history ---------------------------------------------------------------------------------------------------


class HistoryFailed(AssertionError):
    """The history of a seed did not end as promised; says how, and the last steps."""


@dataclass
class Figures:
    """What happened, added up over histories. ``lost`` counts (computer, entry) pairs, ``failed`` holds reports."""

    histories: int = 0
    did: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    losing: int = 0
    lost: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        self.histories += other.histories
        self.did += other.did
        self.seconds += other.seconds
        self.losing += other.losing
        self.lost += other.lost
        self.failed += other.failed


class History:
    """All computers and sticks of one seed. ``lost`` (after ``run``): entries by computer that should be there."""

    def __init__(self, seed: int, folder: Path, *, anchored: bool = True) -> None:
        self.seed, self.folder, self.anchored = seed, folder, anchored
        self.chance = random.Random(seed)
        self.did: Counter[str] = Counter()
        self.steps: list[str] = []
        self.contents: dict[Path, frozenset[Id]] = {}
        self.images: list[tuple[Computer, Image]] = []
        self.made = 0
        self.written: set[Id] = set()
        self.undone: set[Id] = set()
        self.notices = self.chance.choice((0.0, 0.0, 0.3, 0.6, 1.0))
        """How often a copied or restored disk is one that the anchor can tell."""
        self.sticks = [folder / f"stick {at}" for at in range(self.chance.choice((1, 2, 3)))]
        for stick in self.sticks:
            stick.mkdir()
        desks, stations = self.chance.choice(CLASSES)
        known = template(desks, stations)
        self.blank = known.blank
        self.computers = [
            self.computer(i, f"{'desk' if i.is_desk else 'blue'}-{at}") for at, i in enumerate(known.images)
        ]
        for one in self.computers:
            one.start()

    def computer(self, image: Image, name: str, clock_ms: int | None = None) -> Computer:
        self.made += 1
        clock = HandClock(RELEASE_MS + 3_600_000 if clock_ms is None else clock_ms)
        folder = self.folder / f"{self.made} {name}"
        return Computer(folder, image, name, clock, self.seed * 1_000 + self.made, anchored=self.anchored)

    def close(self) -> None:
        for one in self.computers:
            one.close()

    def say(self, did: str, detail: str = "") -> None:
        self.did[did] += 1
        self.steps.append(f"{did} {detail}".rstrip())

    # --- steps --------------------------------------------------------------------------------------------------

    def run(self) -> dict[str, set[Id]]:
        """All steps, the laps and the judgement; returns what was lost, by computer. Raises on anything else wrong."""
        kinds: list[tuple[Callable[[Computer], None], int]] = [
            (self.log, 30),
            (self.edit, 9),
            (self.undo, 3),
            (self.export, 16),
            (self.bring_in, 18),
            (self.bring_in_all, 1),
            (self.lose, 3),
            (self.duplicate, 4),
            (self.clone, 3),
            (self.keep_image, 7),
            (self.restore, 4),
            (self.image_anew, 2),
            (self.set_clock, 3),
            (self.restart, 2),
        ]
        acts, weights = zip(*kinds, strict=True)
        for act in self.chance.choices(acts, weights, k=40 + round(120 * self.chance.random() ** 3)):
            act(self.chance.choice(self.computers))
        for lap in range(LAPS):
            self.lap(lap)
        return self.judge()

    def log(self, at: Computer) -> None:
        entry = at.log_station(self.chance.randrange(STUDENTS), self.chance.choice((None, None, "said")))
        self.written.add(entry)
        self.say("entry", f"{entry.hex()[:8]} at {at.name}")

    def edit(self, at: Computer) -> None:
        student, name = self.chance.randrange(STUDENTS), self.chance.choice("ABCD")
        if not at.is_desk:
            return self.log(at)
        if self.chance.random() < 0.6:
            at.rename(student, name)
        else:
            at.clock.now_ms += 1_000
            profile = derived_id("profile", at.student(student))
            at.ledger.commit("profile_edited", [put(at.section, "profile", profile, needs=[name])])
        return self.say("edit", f"student {student} = {name} at {at.name}")

    def undo(self, at: Computer) -> None:
        """The newest change made here, when it is an entry or an edit."""
        change = history.next_undo(at.ledger)
        if change is None or change.label not in ("entry_logged", "student_edited", "profile_edited"):
            return
        try:
            history.undo(at.ledger, change.id)
        except Refusal as refusal:
            if refusal.code != "undo_written_since":
                raise
            return
        if change.id in at.entry_of:
            self.undone.add(at.entry_of[change.id])
        self.say("undo", f"{change.label} {[(s.hex()[:6], a, b) for s, a, b, _hash8 in change.ranges]} at {at.name}")

    def export(self, at: Computer) -> None:
        stick = self.chance.choice(self.sticks)
        report = at.write(stick)
        at.clock.now_ms += 1_000
        self.contents[report.files[0]] = frozenset(at.holds)
        for private in report.files[1:]:
            self.contents[private] = frozenset()
        self.say("export", f"{report.files[0].name} on {stick.name} by {at.name}")

    def bring_in(self, at: Computer) -> None:
        """One file, any file: an old one after a new one, the same again, one of our own."""
        there = self.files()
        if there:
            # Half of them are new: a twin that never hears of the other is no danger to it.
            self.read(at, [self.chance.choice(there[-4:] if self.chance.random() < 0.5 else there)])

    def bring_in_all(self, at: Computer) -> None:
        self.read(at, [self.chance.choice(self.sticks)])

    def read(self, at: Computer, paths: Sequence[Path]) -> None:
        at.clock.now_ms += 1_000
        for result in at.read(*paths):
            self.did["import"] += 1
            assert result.status != "refused", f"{result.file.name} refused by {at.name}: {result.reason}"
            if result.status != "set_aside":
                at.holds |= self.contents[result.file]
            # What brings nothing tells nothing about a failure.
            if result.new_ops:
                self.steps.append(f"import {result.file.name} at {at.name}: {result.new_ops} ops")

    def files(self) -> list[Path]:
        return [file for file in self.contents if file.exists()]

    def lose(self, _at: Computer) -> None:
        there = self.files()
        if there:
            lost = self.chance.choice(there)
            lost.unlink()
            self.say("lose", lost.name)

    def duplicate(self, _at: Computer) -> None:
        """A second copy under a name of its own, on any stick; or the file is renamed."""
        there = self.files()
        if not there:
            return
        file = self.chance.choice(there)
        to = self.chance.choice(self.sticks) / f"{file.stem} ({len(self.contents)}).bdx"
        self.contents[to] = self.contents[file]
        if self.chance.random() < 0.5:
            shutil.copyfile(file, to)
        else:
            file.rename(to)
        self.say("duplicate", f"{file.name} as {to.name}")

    def clone(self, at: Computer) -> None:
        """A copy of the disk goes on in another computer beside the original."""
        if len(self.computers) >= MOST_COMPUTERS:
            return
        if at.anchored:
            at.ledger.note_position()
        image = at.image()
        twin = self.computer(image, f"{at.name}'", at.clock.now_ms)
        how = "database only"
        if self.chance.random() >= self.notices:
            twin.machine, how = at.machine, "unnoticed"
            twin.bring_anchor(image, at.device_id)
        elif self.chance.random() < 0.5:
            how = "other machine"
            twin.bring_anchor(image, at.device_id)
        twin.start()
        self.computers.append(twin)
        self.say("clone", f"{at.name} ({how})")

    def keep_image(self, at: Computer) -> None:
        if at.anchored and self.chance.random() < 0.5:
            at.ledger.note_position()
        self.images = [*self.images, (at, at.image())][-MOST_IMAGES:]
        self.say("image kept", f"of {at.name}")

    def restore(self, _at: Computer) -> None:
        """An older copy of the database takes the place of the newer; what was only in the newer is gone for good."""
        if not self.images:
            return
        at, image = self.chance.choice(self.images)
        device_id = at.device_id
        at.close()
        at.put_back(image)
        how = "database only"
        if self.chance.random() >= self.notices:
            how = "unnoticed"
            at.bring_anchor(image, device_id)
        at.randomness = SeededRandomness(self.chance.getrandbits(60))
        at.start()
        if at.anchored and self.chance.random() < self.notices:
            how = "from a backup"
            backups.begin_new_life(at.database, at.randomness)
            at.restart()
        self.say("restore", f"{at.name} ({how})")

    def image_anew(self, at: Computer) -> None:
        """A student computer is set up from nothing: with a seat of a desk that can give one, or with its old seat."""
        givers = [one for one in self.computers if one.is_desk and one.has_root()]
        if at.is_desk or not givers:
            return
        giver = self.chance.choice(givers)
        again = at.seat is not None and self.chance.random() < 0.7
        seat = at.seat if again and at.seat is not None else giver.give_seat(f"{at.name}n")
        fresh = self.computer(self.blank, f"{at.name}n", at.clock.now_ms)
        database = Database(fresh.folder / DATABASE, fresh.key)
        setup.set_local_value(database, "device_id", fresh.randomness.token(16))
        setup.set_local_value(database, "epoch", fresh.randomness.token(16))
        database.close()
        fresh.start()
        fresh.take_seat(seat)
        fresh.seat = seat
        # With an old seat file the class is as it was then: nothing of it is promised to be here yet.
        fresh.holds = set() if again else set(giver.holds)
        at.close()
        self.computers[self.computers.index(at)] = fresh
        self.images = [(whose, image) for whose, image in self.images if whose is not at]
        self.say("image anew", f"{at.name}, {'old seat' if again else 'seat of ' + giver.name}")

    def set_clock(self, at: Computer) -> None:
        at.clock.now_ms = self.chance.choice((*CLOCKS_MS, at.clock.now_ms - 3_600_000, at.clock.now_ms + 2 * YEAR_MS))
        self.say("clock", f"{at.name} {at.clock.now_ms}")

    def restart(self, at: Computer) -> None:
        at.restart()
        self.say("restart", at.name)

    # --- the end ------------------------------------------------------------------------------------------------

    def lap(self, lap: int) -> None:
        """One empty stick from the desk round all computers, in any order, and home."""
        stick = self.folder / f"lap {lap}"
        stick.mkdir()
        self.sticks = [stick]
        desk, *others = sorted(self.computers, key=lambda one: not (one.is_desk and one.has_root()))
        for one in [desk, *self.chance.sample(others, len(others)), desk]:
            self.read(one, [stick])
            self.export(one)
        self.say("lap")

    def judge(self) -> dict[str, set[Id]]:
        desk = next(one for one in self.computers if one.is_desk and one.has_root())
        # A second computer on one seat gets nothing until the teacher has chosen; what it wrote still counts.
        held = [one for one in self.computers if one.standing(desk) is Standing.HELD]
        full = [one for one in self.computers if one not in held]
        self.did["held"] += len(held)
        promised = {entry for one in self.computers for entry in one.holds} - self.undone
        lost: dict[str, set[Id]] = {}
        for one in self.computers:
            shown = one.ids_of("entry")
            missing = (promised if one in full else one.holds - self.undone) - shown
            if missing:
                lost[f"{one.folder.parent.name}"] = missing
            assert shown <= self.written, f"{one.name} shows entries that nobody wrote"
        if lost:
            return lost
        self.same("class", [self.digest_of(one, Audience.CLASS) for one in full])
        desks = [one for one in full if one.is_desk]
        for audience in (Audience.DESK, Audience.DROP):
            self.same(audience.name, [self.digest_of(one, audience) for one in desks])
        sample = self.chance.choice(self.computers)
        with sample.database.read() as connection:
            assert digest.verify(connection) == [], f"{sample.name} is not sound"
        assert digest.rebuild(sample.ledger), f"{sample.name}'s tables are not what its log says"
        return {}

    def digest_of(self, one: Computer, audience: Audience) -> str:
        with one.database.read() as connection:
            return digest._digest(connection, audience, one.section)

    def same(self, what: str, digests: list[str]) -> None:
        assert len(set(digests)) == 1, f"{what} digests differ: {digests}"


def run_history(seed: int, *, naive: bool = False) -> Figures:
    """One history from its seed. Raises ``HistoryFailed`` unless ``naive``, whose losses are only counted."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix=f"history-{seed}-") as folder:
        story = History(seed, Path(folder), anchored=not naive)
        try:
            lost = story.run()
            if lost and not naive:
                names = {name: [entry.hex()[:8] for entry in sorted(entries)] for name, entries in lost.items()}
                raise AssertionError(f"lost: {names}")
        except Exception as error:
            steps = "\n  ".join(story.steps[-40:])
            raise HistoryFailed(f"seed {seed}: {type(error).__name__}: {error}\nlast steps:\n  {steps}") from error
        finally:
            story.close()
    count = sum(map(len, lost.values()))
    return Figures(1, story.did, time.perf_counter() - started, int(count > 0), count)


def run_histories(seeds: Iterable[int], *, naive: bool = False) -> Figures:
    """Histories one after the other; those that failed are in ``failed``."""
    total = Figures()
    with naive_dedupe() if naive else nullcontext():
        for seed in seeds:
            try:
                total.add(run_history(seed, naive=naive))
            except HistoryFailed as failure:
                total.histories += 1
                total.failed.append((seed, str(failure)))
    return total


# --- the control ---------------------------------------------------------------------------------------------------


@contextmanager
def naive_dedupe() -> Iterator[None]:
    """The program as if an op were known by (device, number): what most peers do.

    There are no lives to tell apart then, so a device has one stream for each audience. An op whose number is taken is
    a duplicate, and one that does not follow what is held cannot be attached.
    """
    real = Receiving.add

    def add(self: Receiving, stream: Stream, ops: Sequence[IncomingOp]) -> list[IncomingOp]:
        rows = self.connection.exec_driver_sql(
            "SELECT op.seq, hash8 FROM op JOIN stream USING (sid) WHERE device_id = ? AND section = ? AND audience = ?",
            (stream.device_id, stream.scope.section, int(stream.scope.audience)),
        )
        held: dict[int, bytes] = {seq: bytes(hash8) for seq, hash8 in rows}
        fresh = [op for op in ops if op.header.seq not in held]
        before = next((op for op in ops if fresh and op.header.seq == fresh[0].header.seq - 1), None)
        if before is not None and held[before.header.seq] != before.chain_hash[:8]:
            return []
        if fresh and stream.device_id == self._device_id:
            # A restored computer takes its own numbers up where they were.
            stream.seq, stream.hash = fresh[-1].header.seq, fresh[-1].chain_hash
            save_position(self.connection, stream)
        return real(self, stream, fresh)

    with (
        mock.patch.object(Receiving, "add", add),
        mock.patch.object(Ledger, "_start_new_epoch"),
    ):
        yield


# --- the long run --------------------------------------------------------------------------------------------------


def core_hash() -> str:
    """BLAKE2b-128 of all that decides what becomes of an op: storage, sync and domain, file by file."""
    total = blake2b(digest_size=16)
    for floor in ("domain", "storage", "sync"):
        for file in sorted((ROOT / "blenddesk" / floor).rglob("*.py")):
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def in_words(figures: Figures) -> str:
    did = ", ".join(f"{count} {what}" for what, count in sorted(figures.did.items()))
    return (
        f"{figures.histories} histories, {figures.lost} entries lost in {figures.losing}, "
        f"{len(figures.failed)} failed; {figures.seconds:.0f} s of work; {did}"
    )


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
    wanted = parser.parse_args(arguments)
    first, last = map(int, wanted.seeds.split(":"))
    core = core_hash()
    print(f"sync core {core}, seeds {first}:{last}, {wanted.jobs} jobs", flush=True)
    jobs = [(at, min(at + wanted.chunk, last), wanted.naive) for at in range(first, last, wanted.chunk)]
    total, started = Figures(), time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(wanted.jobs) as pool:
        for low, high, figures in pool.imap_unordered(_chunk, jobs):
            total.add(figures)
            print(f"seeds {low}:{high}: {in_words(figures)}", flush=True)
            for _seed, report in figures.failed:
                print(report, flush=True)
    took = time.perf_counter() - started
    print(f"all of {first}:{last}: {in_words(total)}")
    print(f"{total.histories / took:.2f} histories/s on {wanted.jobs} jobs; sync core {core}")
    if core_hash() != core:
        print("the sync core changed on the way: this run counts for nothing")
        return 2
    return 1 if total.failed or (total.losing == 0) == wanted.naive else 0


if __name__ == "__main__":
    sys.exit(main())
