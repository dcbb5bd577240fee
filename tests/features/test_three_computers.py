"""Three desks and a student computer through random histories: no acknowledged entry is lost, all come out the same.

Hypothesis edits, logs, exports, loses, duplicates, reorders, imports, restarts and undoes. Then a stick goes round
twice, and every computer must show exactly the entries that a few lines of model expect, with equal digests. Two broken
variants of the program go through the same histories and must be caught, or this test would show nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from blenddesk.domain.ids import Id
from blenddesk.domain.merge import EntityState, fold
from blenddesk.domain.ops import Op, OpRange
from blenddesk.domain.registry import BY_NAME
from blenddesk.errors import Refusal
from blenddesk.storage import digest, history, ledger, projection
from blenddesk.sync import importing, seats
from tests.sync.devices import WEAK, Classroom, Device, HandClock, add_desk, make_classroom

STUDENTS = 3
COMPUTERS = st.integers(0, 3)


@dataclass
class Undo:
    """A withdrawal as the model sees it: what it takes back."""

    entries: set[Id]
    undos: set[Id]


class ThreeComputers(RuleBasedStateMachine):
    template: Classroom

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="three-computers-"))
        self.clock = HandClock(self.template.clock.now_ms)
        copies = [
            device.copied_to(self.folder / str(at), self.clock, seed=1_000 + at)
            for at, device in enumerate(self.template.devices)
        ]
        self.room = Classroom(copies[0], copies[1:], self.clock)
        self.files: list[Path] = []
        self.entries: set[Id] = set()
        self.said: dict[Id, Device] = {}
        self.undos: dict[Id, Undo] = {}

    # --- what happens -------------------------------------------------------------------------------------------

    @initialize()
    def start(self) -> None:
        self.stick = self.folder / "stick"
        self.stick.mkdir()

    @rule(at=COMPUTERS, student=st.integers(0, STUDENTS - 1), name=st.sampled_from("ABCD"))
    def edit(self, at: int, student: int, name: str) -> None:
        """A student's name, which only desks may change."""
        if self.room.devices[at] is not self.room.stations[0]:
            self.room.devices[at].rename(student, name)

    @rule(at=COMPUTERS, student=st.integers(0, STUDENTS - 1))
    def log(self, at: int, student: int) -> None:
        entry = self.room.devices[at].log_entry(student, "said")
        self.entries.add(entry)
        self.said[entry] = self.room.devices[at]

    @rule(at=COMPUTERS)
    def export(self, at: int) -> None:
        self.files += self.room.devices[at].write(self.stick).files[:1]

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.files)).unlink(missing_ok=True)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(self.files))
        if file.exists():
            self.files.append(Path(shutil.copy(file, file.with_name(f"{file.stem} ({len(self.files)}).bdx"))))

    @precondition(lambda self: self.files)
    @rule(at=COMPUTERS, data=st.data())
    def bring_in(self, at: int, data: st.DataObject) -> None:
        """One file, any file: a newer one may come before an older one."""
        file = data.draw(st.sampled_from(self.files))
        if file.exists():
            self.clock.now_ms += 1_000
            (result,) = self.room.devices[at].read(file)
            assert result.status in ("applied", "nothing_new"), result

    @rule(at=COMPUTERS)
    def restart(self, at: int) -> None:
        self.room.devices[at].restart()

    @rule(at=COMPUTERS)
    def undo(self, at: int) -> None:
        """The newest change, or the newest undo: of an entry, an edit or a whole package."""
        device = self.room.devices[at]
        change = history.next_redo(device.ledger) or history.next_undo(device.ledger)
        if change is None or change.label in ("class_new", "desk_new", "seat_new", "seat_opened"):
            return
        self.clock.now_ms += 1_000
        try:
            done = history.undo(device.ledger, change.id)
        except Refusal:
            return  # something was written over it since
        taken_back = Undo(
            self.in_change(device, change.ranges, "entry"), self.in_change(device, change.ranges, "withdrawal")
        )
        (made,) = [c for c in history.changes(device.ledger, limit=1) if c.id == done.change_id]
        for withdrawal in self.in_change(device, made.ranges, "withdrawal"):
            self.undos[withdrawal] = taken_back

    def in_change(self, device: Device, ranges: Iterable[OpRange], record: str) -> set[Id]:
        found: set[Id] = set()
        with device.database.read() as connection:
            for stream_id, first, last, _hash8 in ranges:
                found |= set(
                    connection.exec_driver_sql(
                        "SELECT op.entity_id FROM op JOIN stream ON stream.sid = op.sid"
                        " WHERE stream.stream_id = ? AND op.seq BETWEEN ? AND ? AND op.record = ?",
                        (stream_id, first, last, BY_NAME[record].number),
                    ).scalars()
                )
        return found

    # --- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def each_computer_still_has_what_was_logged_there(self) -> None:
        for device in self.room.devices:
            logged = {entry for entry, where in self.said.items() if where is device}
            with device.database.read() as connection:
                held = connection.exec_driver_sql("SELECT entity_id FROM op WHERE record = 18").scalars()
                assert logged <= set(held)

    def expected(self) -> set[Id]:
        """Every acknowledged entry but those that a standing undo took back; a later undo may take an earlier back."""
        standing: list[Undo] = []
        for made, undo in reversed(self.undos.items()):
            if not any(made in later.undos for later in standing):
                standing.append(undo)
        return self.entries - {entry for undo in standing for entry in undo.entries}

    def teardown(self) -> None:
        try:
            for lap in range(2):
                self.clock.now_ms += 1_000
                self.room.lap(self.folder / f"lap {lap}")
            expected = self.expected()
            for device in self.room.devices:
                assert device.ids_of("entry") == expected, f"{device.name} shows other entries"
                assert digest.rebuild(device.ledger), f"{device.name}'s tables are not what its log says"
                with device.database.read() as connection:
                    assert digest.verify(connection) == []
            digests = [device.digest() for device in self.room.devices]
            assert len(set(digests)) == 1, f"digests differ: {digests}"
            assert self.room.stations[0].ids_of("reflection_drop") == set()
        finally:
            self.room.close()
            shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[ThreeComputers]]:
    """The machine on copies of one classroom, which is made once."""
    assert seats.Strength() != WEAK
    root = tmp_path_factory.mktemp("template")
    room = make_classroom(root, stations=1, students=STUDENTS)
    room.stations += [add_desk(room.desk, root, seed) for seed in (77, 78)]
    for lap in range(2):
        room.lap(tmp_path_factory.mktemp(f"template lap {lap}"))
    room.close()

    class Copies(ThreeComputers):
        template = room

    yield Copies
    room.close()


def histories(count: int) -> settings:
    """Without shrinking: every step writes to real databases, so that would take minutes; the steps are printed."""
    return settings(
        max_examples=count,
        stateful_step_count=25,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_no_entry_is_lost_and_all_computers_come_out_the_same(machine: type[ThreeComputers]) -> None:
    run_state_machine_as_test(machine, settings=histories(45))


def latest_arrival_wins(ops: Iterable[Op]) -> EntityState:
    """A merge that looks at the order in which ops came in: what happens without a rule."""
    ops = list(ops)
    state = fold(ops)
    values = {
        number: next(op for op in reversed(ops) if op in heads).fields[number] for number, heads in state.heads.items()
    }
    return EntityState(state.alive, values, state.heads, state.deletes)


def any_op_will_do(_connection: object, _stream: object, _entry: object) -> bool:
    """A reader that believes it has a stream as soon as it has any of it."""
    return True


# What a reader leaves out may be an entry or any other record: the history found first decides which is missed first.
@pytest.mark.parametrize(
    ("broken", "match"), [("merge", "digests differ"), ("dedupe", "shows other entries|digests differ")]
)
def test_broken_variants_are_caught(
    machine: type[ThreeComputers], broken: str, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variants: dict[str, Callable[[], None]] = {
        "merge": lambda: (
            [monkeypatch.setattr(floor, "fold", latest_arrival_wins) for floor in (ledger, projection)] and None
        ),
        "dedupe": lambda: monkeypatch.setattr(importing, "holds_exactly", any_op_will_do),
    }
    variants[broken]()
    with pytest.raises(AssertionError, match=match):
        # The same histories every time: whether a control is caught must not depend on the draw.
        run_state_machine_as_test(machine, settings=settings(histories(120), derandomize=True, database=None))
