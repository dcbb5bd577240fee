"""Questions of the tray in words: whatever two desks wrote, its title and its versions can be read, and be answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from blenddesk import bootstrap, conflict_words
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, delete
from blenddesk.domain.registry import RECORDS, Field, Shape, Value
from blenddesk.services import conflicts, groups, plans, rosters
from blenddesk.services.conflicts import Kind, Question
from blenddesk.services.context import AppContext
from blenddesk.services.plan_sheets import load_sheet, seat_id
from tests.conftest import FakeClock, FakeRandomness
from tests.services.desks import carry, copied

EDITABLE = [record for record in RECORDS if not record.append]


class Two(NamedTuple):
    here: AppContext
    there: AppContext
    section: Id
    stick: Path

    def said(self) -> dict[str, tuple[Question, list[list[str]]]]:
        """The questions by their titles, with the lines of every version."""
        return {
            conflict_words.title(self.here, asked): (
                asked,
                [conflict_words.side_lines(self.here, asked, side) for side in asked.sides],
            )
            for asked in conflicts.questions(self.here)
            if asked.kind is not Kind.COPIES
        }


@pytest.fixture
def two(desk: AppContext, section: Id, tmp_path: Path, clock: FakeClock) -> Iterator[Two]:
    bootstrap.close_device(desk)
    there = copied(desk, tmp_path / "laptop", clock)
    here = bootstrap.open_device(Paths(desk.paths.data), clock=clock, randomness=FakeRandomness(5))
    yield Two(here, there, section, tmp_path / "stick")
    bootstrap.close_device(there)
    bootstrap.close_device(here)


def value(field: Field, which: int, student: Id) -> Value:
    if field.name == "student":
        return student
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


def test_every_field_of_every_record_can_be_read_and_answered(two: Two) -> None:
    amina = two.here.reads.people.students(two.section)[0].id
    ids = {record.name: two.here.new_id() for record in EDITABLE} | {"section": two.section}
    for which, desk in enumerate((two.here, two.there)):
        drafts = [
            Draft(two.section, one.name, ids[one.name], {f.name: value(f, which, amina) for f in one.fields})
            for one in EDITABLE
        ]
        desk.commit("x", drafts)
    carry(two.stick, two.here, two.there)
    questions = [one for one in conflicts.questions(two.here) if one.kind is not Kind.COPIES]
    assert len(questions) > 80
    for asked in questions:
        lines = [conflict_words.title(two.here, asked)]
        for side in asked.sides:
            lines += conflict_words.side_lines(two.here, asked, side)
        assert all(line.strip() for line in lines), asked
        assert not any(mark in " ".join(lines) for mark in ("b'", "\\x", "None", "{", "[")), lines
    # Answering them one after the other leaves nothing.
    while waiting := [one for one in conflicts.questions(two.here) if one.kind in (Kind.VALUES, Kind.PLAN)]:
        before = len(waiting)
        conflicts.keep(two.here, waiting[0].id, len(waiting[0].sides) - 1)
        left = [one for one in conflicts.questions(two.here) if one.kind in (Kind.VALUES, Kind.PLAN)]
        assert len(left) == before - 1


def test_a_place_and_a_group_say_who_and_where(two: Two) -> None:
    made = plans.new_plan(two.here, two.section, "station-4", seed=1)
    carry(two.stick, two.here, two.there)
    sheet = load_sheet(two.here, two.section, made.plan)
    first, second, third = sheet.groups[:3]
    child = first.students[0]
    name = next(s.name for s in two.here.reads.people.students(two.section) if s.id == child)
    groups.move_student(two.here, two.section, made.plan, child, second.id)
    groups.move_student(two.there, two.section, made.plan, child, third.id)
    seat = sheet.seats[0]
    blocks = {block.id: block.title for block in sheet.blocks}
    others = [block for block in blocks if block != seat.block][:2]
    for desk, block in zip((two.here, two.there), others, strict=True):
        seat_key = seat_id(made.plan, seat.group, seat.round)
        desk.commit("x", [Draft(two.section, "seat", seat_key, {"block": block})])
    carry(two.stick, two.here, two.there)
    [(title, (asked, sides))] = two.said().items()
    assert title == f"{sheet.plan.name}: groups and places"
    assert asked.kind is Kind.PLAN
    said = {line for side in sides for line in side}
    group_of_seat = next(group.name for group in sheet.groups if group.id == seat.group)
    assert {f"{name}: {second.name}", f"{name}: {third.name}"} <= said
    assert {f"{group_of_seat}, round {seat.round + 1}: {blocks[block]}" for block in others} <= said


def test_names_numbers_and_what_was_taken_away(two: Two) -> None:
    amina, ben = two.here.reads.people.students(two.section)[:2]
    rosters.rename_student(two.here, amina.id, "Aminata", "Diallo")
    rosters.rename_student(two.there, amina.id, "Amina", "Diop")
    rosters.add_student(two.here, two.section, "Nora", "Berg")
    rosters.add_student(two.there, two.section, "Nora", "Beck")
    two.here.commit("x", [delete(two.section, "student", ben.id)])
    rosters.set_avatar(two.there, ben.id, "fox")
    carry(two.stick, two.here, two.there)
    said = two.said()
    name_title = next(title for title in said if title.endswith(": name"))
    assert {tuple(side) for side in said[name_title][1]} == {("Aminata", "Aminata Diallo"), ("Amina", "Amina Diop")}
    assert any("share a name in Sunflowers: Nora Be" in title for title in said)
    assert any("share a number in Sunflowers: Nora Be" in title for title in said)
    [gone] = [one for title, one in said.items() if title.endswith("taken away, but changed meanwhile")]
    assert gone[1] == [["Still used and changed", "A student", "Ben"], ["Taken away"]]


@pytest.mark.parametrize(
    ("record", "field", "stored", "lines"),
    [
        ("student", "code", [1, 2, 3], ["Three sign-in pictures"]),
        ("student", "name", "", ["Nothing"]),
        ("profile", "needs", [], ["Nothing"]),
        ("section", "archived", True, ["Yes"]),
        ("room", "projector", False, ["No"]),
        ("plan", "start_minute", 570, ["9:30"]),
        ("plan", "period_minutes", 50, ["50 min"]),
        ("plan", "rounds", [12, 13], ["12 min, 13 min"]),
        ("enrollment", "number", 7, ["7"]),
        ("goal", "status", "reached", ["Reached"]),
        ("goal", "status", "of a newer program", ["of a newer program"]),
        ("profile", "note", "one\ntwo", ["one", "two"]),
        ("meeting", "adults", [b"x" * 16], ["Another choice"]),
        ("plan", "copied_from", b"x" * 16, ["Another choice"]),
    ],
)
def test_values_as_people_say_them(record: str, field: str, stored: object, lines: list[str]) -> None:
    assert conflict_words.value_lines(record, field, stored) == lines
