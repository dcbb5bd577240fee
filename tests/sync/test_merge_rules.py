"""The rules of merging, record by record, on two real desks of one class that wrote without seeing each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, delete, put, restore
from blenddesk.domain.registry import BY_NAME, RECORDS, Audience, Field, Shape, Value
from blenddesk.storage import digest
from blenddesk.storage.reader import Reader
from blenddesk.storage.reads import Reads
from blenddesk.storage.reads.conflicts import Contested
from tests.sync.devices import Device, HandClock

EDITABLE = [record for record in RECORDS if not record.append]


class Desks(NamedTuple):
    """Two laptops with one disk, who both hold the class; ``lap`` carries the stick between them."""

    here: Device
    there: Device
    stick: Path

    def lap(self) -> None:
        self.stick.mkdir(exist_ok=True)
        for desk in (self.here, self.there, self.here, self.there):
            for result in desk.read(self.stick):
                assert result.status in ("applied", "nothing_new"), result
            desk.write(self.stick)

    def write(self, here: Sequence[Draft], there: Sequence[Draft]) -> None:
        """Each desk writes without seeing the other's; then they meet, and hold the same."""
        self.here.clock.now_ms += 1_000
        self.here.ledger.commit("here", here)
        self.here.clock.now_ms += 1_000
        self.there.ledger.commit("there", there)
        self.lap()
        assert_alike(self)

    def commit(self, *drafts: Draft) -> None:
        self.here.clock.now_ms += 1_000
        self.here.ledger.commit("here", drafts)

    def new_id(self) -> Id:
        return self.here.randomness.token(16)


def assert_alike(desks: Desks) -> None:
    assert desks.here.digest() == desks.there.digest()
    with desks.here.database.read() as one, desks.there.database.read() as other:
        assert digest.desk_digest(one) == digest.desk_digest(other)
    assert asked(desks.here) == asked(desks.there)


def reads(desk: Device) -> Reads:
    return Reads(Reader(desk.folder / "blenddesk.db", desk.key))


def contested(desk: Device) -> list[Contested]:
    found = reads(desk)
    try:
        return found.conflicts.contested()
    finally:
        found.reader.close()


def asked(desk: Device) -> set[tuple[str, Id, str, str]]:
    """What waits: record, id, field and the values in any order."""
    return {
        (one.record, one.entity, one.field, repr(sorted(repr(written.value) for written in one.edits)))
        for one in contested(desk)
    }


def rows(desk: Device, record: str, audience: Audience = Audience.CLASS, **where: object) -> list[dict[str, object]]:
    found = reads(desk)
    try:
        return found.reader.records(record, audience, **where)
    finally:
        found.reader.close()


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    made = make_desks(tmp_path)
    yield made
    made.here.close()
    made.there.close()


def make_desks(folder: Path, seed: int = 1) -> Desks:
    clock = HandClock()
    first = Device(folder / "here", "Ms Okoro", "desk", seed * 100, clock)
    first.found_mine()
    first.make_class(2)
    first.close()
    there = first.copied_to(folder / "there", clock, seed * 100 + 50)
    first.restart()
    return Desks(first, there, folder / "stick")


def value(field: Field, which: int) -> Value:
    """One of two values that the field may hold."""
    values: dict[Shape, Value] = {
        Shape.TEXT: f"{field.name} {which}",
        Shape.INT: which,
        Shape.BOOL: bool(which),
        Shape.ID: bytes([which + 1]) * 16,
        Shape.BYTES: bytes([which]),
        Shape.TEXTS: [f"{field.name} {which}"],
        Shape.INTS: [which],
        Shape.IDS: [bytes([which + 1]) * 16],
    }
    return values[field.shape]


def test_every_field_of_every_record_keeps_both_values_until_somebody_decides(desks: Desks) -> None:
    section = desks.here.section
    ids = {record.name: desks.new_id() for record in EDITABLE}
    wishes = [
        [
            Draft(section, record.name, ids[record.name], {field.name: value(field, which) for field in record.fields})
            for record in EDITABLE
        ]
        for which in (0, 1)
    ]
    desks.write(*wishes)
    every = {(record.name, ids[record.name], field.name) for record in EDITABLE for field in record.fields}
    found = contested(desks.here)
    assert {(one.record, one.entity, one.field) for one in found} == every
    for one in found:
        field = BY_NAME[one.record].field(one.field)
        assert [written.value for written in one.edits] == [value(field, 1), value(field, 0)]  # the later is shown
    desks.commit(*[draft._replace(settles=True) for draft in wishes[0]])
    desks.lap()
    assert_alike(desks)
    assert contested(desks.there) == []
    for record in EDITABLE:
        for audience in record.audiences():
            [row] = rows(desks.there, record.name, audience, id=ids[record.name])
            for field in record.fields_for(audience):
                wanted = value(field, 0)
                assert row[field.name] == (tuple(wanted) if isinstance(wanted, list) else wanted)


def test_different_fields_of_one_record_do_not_meet(desks: Desks) -> None:
    section, child = desks.here.section, desks.here.student(0)
    desks.write([put(section, "student", child, name="Anna")], [put(section, "student", child, avatar="owl")])
    [row] = rows(desks.there, "student", id=child)
    assert (row["name"], row["avatar"]) == ("Anna", "owl")
    assert contested(desks.here) == []


def test_the_same_said_twice_asks_nothing(desks: Desks) -> None:
    draft = put(desks.here.section, "student", desks.here.student(0), name="Anna")
    desks.write([draft], [draft])
    assert contested(desks.here) == []
    # ... and one of them changed later is no question either: the other said the same as was seen.
    desks.commit(put(desks.here.section, "student", desks.here.student(0), name="Annie"))
    desks.lap()
    assert contested(desks.there) == []


def test_an_edit_that_saw_the_other_replaces_it_whatever_the_clocks_say(desks: Desks) -> None:
    section, child = desks.here.section, desks.here.student(0)
    desks.commit(put(section, "student", child, name="Anna"))
    desks.lap()
    desks.there.clock = HandClock(desks.here.clock.now_ms - 40 * 24 * 3_600_000)
    desks.there.ledger.clock = desks.there.clock
    desks.there.ledger.commit("there", [put(section, "student", child, name="Anne")])
    desks.lap()
    [row] = rows(desks.here, "student", id=child)
    assert row["name"] == "Anne"
    assert contested(desks.here) == []


def test_places_of_a_plan_meet_only_in_the_same_place(desks: Desks) -> None:
    section, plan = desks.here.section, desks.new_id()
    group = desks.new_id()
    first, second = (derived_id("seat", plan, group, n.to_bytes(2, "big")) for n in (0, 1))
    desks.write(
        [
            put(section, "seat", first, plan=plan, group=group, round=0, block=b"a" * 16),
            put(section, "seat", second, plan=plan, group=group, round=1, block=b"b" * 16),
        ],
        [put(section, "seat", first, plan=plan, group=group, round=0, block=b"c" * 16)],
    )
    assert [(one.record, one.entity, one.field) for one in contested(desks.here)] == [("seat", first, "block")]
    assert len(rows(desks.here, "seat", plan=plan)) == 2


def test_who_was_put_into_a_group_on_either_desk_is_in_it_and_a_placed_child_stays_placed(desks: Desks) -> None:
    section, plan, group = desks.here.section, desks.new_id(), desks.new_id()
    ada, ben = (derived_id("membership", plan, desks.here.student(n)) for n in (0, 1))
    desks.commit(put(section, "membership", ben, plan=plan, student=desks.here.student(1), group=group))
    desks.lap()
    desks.write(
        [
            put(section, "membership", ada, plan=plan, student=desks.here.student(0), group=group),
            put(section, "membership", ben, group=b"o" * 16),
        ],
        [put(section, "membership", ben, group=None)],
    )
    groups = {row["id"]: row["group"] for row in rows(desks.there, "membership", plan=plan)}
    assert groups == {ada: group, ben: b"o" * 16}
    assert contested(desks.here) == []  # a place that was left has lost nothing
    desks.write([put(section, "membership", ada, group=b"x" * 16)], [put(section, "membership", ada, group=b"y" * 16)])
    assert [one.entity for one in contested(desks.here)] == [ada]


@pytest.mark.parametrize("record", [record.name for record in RECORDS if record.name in ("entry", "lesson_event")])
def test_facts_only_add_up(desks: Desks, record: str) -> None:
    section = desks.here.section
    ids = [desks.new_id() for _ in range(2)]
    desks.write([put(section, record, ids[0], kind="claimed")], [put(section, record, ids[1], kind="claimed")])
    assert {row["id"] for row in rows(desks.there, record)} >= set(ids)
    assert contested(desks.here) == []


def test_two_revisions_of_what_a_child_said_are_both_shown_and_the_first_is_kept(desks: Desks) -> None:
    section, child = desks.here.section, desks.here.student(0)
    first, one, other = (desks.new_id() for _ in range(3))
    desks.commit(put(section, "reflection", first, student=child, remark="hard", day="2026-11-23"))
    desks.lap()
    desks.write(
        [put(section, "reflection", one, student=child, remark="easier", day="2026-11-23", revises=first)],
        [put(section, "reflection", other, student=child, remark="not yet", day="2026-11-23", revises=first)],
    )
    found = reads(desks.there)
    assert {said.id for said in found.entries.reflections_on(section, "2026-11-23")} == {one, other}
    found.reader.close()
    assert len(rows(desks.there, "reflection", Audience.DROP, student=child)) == 3


def test_nobody_else_can_put_words_in_place_of_a_childs(desks: Desks) -> None:
    section = desks.here.section
    first, other = desks.new_id(), desks.new_id()
    desks.commit(
        put(section, "reflection", first, student=desks.here.student(0), remark="hard", day="2026-11-23"),
        put(section, "reflection", other, student=desks.here.student(1), day="2026-11-23", revises=first),
    )
    found = reads(desks.here)
    assert {said.id for said in found.entries.reflections_on(section, "2026-11-23")} == {first, other}
    found.reader.close()


def test_a_deletion_of_any_record_names_what_it_saw_and_loses_to_an_edit_it_had_not_seen(desks: Desks) -> None:
    section = desks.here.section
    ids = {record.name: desks.new_id() for record in EDITABLE}

    def whole(which: int) -> list[Draft]:
        return [
            Draft(section, one.name, ids[one.name], {field.name: value(field, which) for field in one.fields})
            for one in EDITABLE
        ]

    def are_there() -> set[bool]:
        return {
            bool(rows(desks.there, one.name, audience, id=ids[one.name]))
            for one in EDITABLE
            for audience in one.audiences()
        }

    desks.commit(*whole(0))
    desks.lap()
    desks.write([delete(section, name, thing) for name, thing in ids.items()], whole(1))
    found = contested(desks.here)
    assert {(one.record, one.entity, one.field) for one in found} == {(name, thing, "") for name, thing in ids.items()}
    assert all(one.edits and one.deletions for one in found)
    desks.commit(*[restore(section, name, thing) for name, thing in ids.items()])
    desks.lap()
    assert contested(desks.there) == []
    desks.commit(*[delete(section, name, thing) for name, thing in ids.items()])
    desks.lap()
    assert are_there() == {False}
    assert contested(desks.there) == []
    desks.commit(*[restore(section, name, thing) for name, thing in ids.items()])
    desks.lap()
    assert are_there() == {True}
    assert_alike(desks)


# --- nothing is lost in silence ---------------------------------------------------------------------------------------

ONE = ("profile", "needs")
FIELDS = [("student", "name"), ONE]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["here", "there"]),
        st.sampled_from(["put", "put", "put", "settle", "lap"]),
        st.sampled_from(FIELDS),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
@example([("here", "put", ONE, 0), ("there", "put", ONE, 1), ("here", "lap", ONE, 0), ("here", "put", ONE, 2)])
def test_every_value_that_the_one_shown_wins_over_waits_until_somebody_decides(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, tuple[str, str], int]]
) -> None:
    """The model is said slowly, from what each desk had on its screen: a value is gone only if a desk that showed it
    wrote over it, or if somebody who saw all values decided."""
    desks = make_desks(tmp_path_factory.mktemp("desks"))
    try:
        model = _Model(desks)
        for who, what, (record, field), number in steps:
            model.step(who, what, record, field, number)
        desks.lap()
        model.lap()
        desks.lap()
        assert_alike(desks)
        for (record, field), expected in model.standing("here").items():
            thing = model.ids[record]
            waiting = [c for c in contested(desks.here) if (c.record, c.entity, c.field) == (record, thing, field)]
            shown = {repr(written.value) for one in waiting for written in one.edits} or {model.shown(record, field)}
            assert shown == expected, (record, field)
    finally:
        desks.here.close()
        desks.there.close()


class _Model:
    """What is written, by hand: for each field the writes, and which earlier ones each had on its screen."""

    def __init__(self, desks: Desks) -> None:
        self.desks = desks
        section = desks.here.section
        child = desks.here.student(0)
        self.ids = {"student": child, "profile": derived_id("profile", child), "goal": derived_id("goal", section)}
        self.section = section
        self.known: dict[str, list[int]] = {"here": [], "there": []}
        self.writes: list[tuple[str, str, str, frozenset[int]]] = []  # record, field, value, what it replaced
        desks.commit(put(section, "goal", self.ids["goal"], student=child, words="I read"))
        desks.lap()

    def _heads(self, who: str, record: str, field: str) -> list[int]:
        seen = [n for n in self.known[who] if self.writes[n][:2] == (record, field)]
        replaced = frozenset().union(*(self.writes[n][3] for n in seen))
        return [n for n in seen if n not in replaced]

    def step(self, who: str, what: str, record: str, field: str, number: int) -> None:
        desk = self.desks.here if who == "here" else self.desks.there
        if what == "lap":
            self.desks.lap()
            self.lap()
            return
        desk.clock.now_ms += 1_000
        text = f"{field} {number}"
        stored: Value = [text] if field == "needs" else text
        heads = self._heads(who, record, field)
        shown = self._shown_on(desk, record, field)
        draft = Draft(self.section, record, self.ids[record], {field: stored}, settles=what == "settle")
        desk.ledger.commit(what, [draft])
        replaced = heads if what == "settle" else [n for n in heads if self.writes[n][2] == shown]
        self.writes.append((record, field, repr(stored), frozenset(replaced)))
        self.known[who].append(len(self.writes) - 1)

    def lap(self) -> None:
        union = sorted({*self.known["here"], *self.known["there"]})
        self.known = {"here": list(union), "there": list(union)}

    def _shown_on(self, desk: Device, record: str, field: str) -> str:
        audience = BY_NAME[record].field(field).audience
        for row in rows(desk, record, audience, id=self.ids[record]):
            found = row[field]
            return repr(list(found) if isinstance(found, tuple) else found)
        return repr(None)

    def shown(self, record: str, field: str) -> str:
        return self._shown_on(self.desks.here, record, field)

    def standing(self, who: str) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for record, field, _value, _over in self.writes:
            found[record, field] = {self.writes[n][2] for n in self._heads(who, record, field)}
        return found
