"""A computer in a history: the real device, how its disk is copied, and what the model knows of what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import put
from blenddesk.storage import setup
from blenddesk.storage.anchors import Anchor
from blenddesk.storage.ledger import Ledger
from blenddesk.storage.tables import Status
from blenddesk.sync import seats
from blenddesk.sync.keys import class_root
from blenddesk.sync.trust import Standing, load_trust
from tests.faults.histories.facts import NOTHING, Fact, Facts, erased_students, is_retired
from tests.sync.devices import WEAK, Device, HandClock, SeededRandomness

STUDENTS = 2
DATABASE = "blenddesk.db"
LOG = "blenddesk.db-wal"


class SeatFile(NamedTuple):
    """A seat as it lies in a drawer, and what was known in its class when it was made."""

    seat: seats.NewSeat
    facts: Facts


class Image(NamedTuple):
    """A disk as it was: database and its log, the other place of its anchor, and what the model knows of it."""

    database: bytes
    log: bytes
    key: bytes
    is_desk: bool
    sections: tuple[Id, ...] = ()
    seats: Mapping[Id, SeatFile] = {}
    holds: Facts = NOTHING
    facts_of: Mapping[int, Facts] = {}
    anchor: bytes = b""
    place: str = ""


class Computer(Device):
    """A device that the model follows.

    ``sections`` are its classes, ``holds`` the facts that were acknowledged on it or came to it, ``facts_of`` those by
    the number of the change in its history, ``seats`` the files with which it joined its classes.
    """

    def __init__(self, folder: Path, image: Image, name: str, clock: HandClock, seed: int, *, anchored: bool) -> None:
        self.folder, self.name, self.clock = folder / "data", name, clock
        self.randomness = SeededRandomness(seed)
        self.state = folder / "state"
        self.machine = self.randomness.token(8).hex()
        self.anchored = anchored
        self.section = MINE
        self.folder.mkdir(parents=True)
        self.state.mkdir()
        self.put_back(image)

    def put_back(self, image: Image) -> None:
        """The disk is now the image; whether the anchor came along is the caller's."""
        (self.folder / DATABASE).write_bytes(image.database)
        (self.folder / LOG).write_bytes(image.log)
        self.key, self.is_desk, self.sections, self.seats = image.key, image.is_desk, image.sections, dict(image.seats)
        self.holds, self.facts_of = set(image.holds), dict(image.facts_of)

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

    # --- its disk -----------------------------------------------------------------------------------------------

    def image(self) -> Image:
        """What a copy of the disk holds when it is taken while nothing is being written."""
        log, other = self.folder / LOG, self.anchor_file()
        return Image(
            (self.folder / DATABASE).read_bytes(),
            log.read_bytes() if log.exists() else b"",
            self.key,
            self.is_desk,
            self.sections,
            dict(self.seats),
            frozenset(self.holds),
            dict(self.facts_of),
            other.read_bytes() if other.exists() else b"",
            str(self.folder.resolve()),
        )

    def anchor_file(self) -> Path:
        return self.state / f"{self.device_id.hex()}.json"

    def bring_anchor(self, image: Image, device_id: Id) -> None:
        """The whole disk came along, other place and all; in this computer's words for where the data lie."""
        if image.anchor:
            moved = image.anchor.replace(image.place.encode(), str(self.folder.resolve()).encode())
            (self.state / f"{device_id.hex()}.json").write_bytes(moved)

    # --- its classes --------------------------------------------------------------------------------------------

    def pupil(self, section: Id, number: int) -> Id:
        return derived_id("test student", section, bytes([number]))

    def seat_for(self, section: Id, name: str) -> SeatFile:
        """A seat for another computer; only on a desk that holds the root of the class."""
        made = seats.new_seat(self.ledger, self.keys, section, name, strength=WEAK)
        return SeatFile(made, frozenset(fact for fact in self.holds if fact.section == section))

    def sit_down(self, file: SeatFile) -> None:
        """Opens a seat file: from then on the class as it was then is here."""
        opened = seats.open_seat(self.ledger, self.keys, file.seat.data, " ".join(file.seat.words))
        self.sections = (*self.sections, opened.section)
        self.seats[opened.section] = file
        self.holds |= file.facts

    def has_root(self, section: Id) -> bool:
        with self.database.read() as connection:
            return class_root(connection, section) is not None

    def standing(self, section: Id, on: Device) -> Standing | None:
        """What another computer says of this one."""
        with on.database.read() as connection:
            known = load_trust(connection, section).keys_of(self.device_id)
        return next((device.standing for device in known if device.signing_key == self.keys.signing_public), None)

    # --- its tables ---------------------------------------------------------------------------------------------

    def shown_entries(self) -> set[Id]:
        return self.ids_of("entry")

    def shown_remarks(self) -> dict[Id, str]:
        """What children said, as far as this computer can read it."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, remark FROM reflection_drop")
            return {row.id: row.remark for row in rows}

    def purged(self) -> set[Id]:
        """The records of ops whose content is gone."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql(f"SELECT entity_id FROM op WHERE status = {Status.PURGED}")
            return set(rows.scalars())

    # --- work ---------------------------------------------------------------------------------------------------

    def acknowledge(self, change_id: int, facts: Facts) -> None:
        """The database said that these are safe, as one change of its history."""
        self.holds |= facts
        self.facts_of[change_id] = self.facts_of.get(change_id, NOTHING) | facts

    def write_entry(self, section: Id, who: Id, entry: Fact, said: Fact | None) -> None:
        """A student's entry, perhaps with what the child said; on the disk when this returns."""
        drafts = [put(section, "entry", entry.id, student=who, kind="finished", by="student")]
        if said is not None:
            drafts.append(put(section, "reflection", said.id, student=who, entry=entry.id, remark=said.words))
        self.clock.now_ms += 1_000
        change = self.ledger.commit("entry_logged", drafts)
        self.acknowledge(change.change_id, frozenset({entry, said} - {None}))  # type: ignore[arg-type]

    def knows_it_is_retired(self) -> bool:
        """In one of its classes: there it may write nothing."""
        return any(is_retired(self.holds, section, self.device_id) for section in self.sections)

    def known_pupils(self, section: Id) -> list[Id]:
        """Those that were not erased, as far as this computer has heard."""
        gone = erased_students(self.holds, section)
        return [who for who in (self.pupil(section, number) for number in range(STUDENTS)) if who not in gone]
