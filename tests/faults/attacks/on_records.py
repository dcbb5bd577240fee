"""A student computer writes what only desks write."""

from __future__ import annotations

from functools import partial

import msgspec

from blenddesk.domain.entries import effective
from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, delete, put, restore
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader
from blenddesk.storage.reads.entries import EntryReads
from blenddesk.storage.streams import decode_genesis
from blenddesk.sync.manifest import PackageKind
from tests.faults.arena import BLOCK, GOAL, GROUP, MEETING, PLAN, STEP, Arena, op, run
from tests.faults.attacks.table import (
    ATTACKS,
    EDITED,
    Attack,
    attack,
    audience_of,
    rejected,
    without_effect,
)

DESK_FIELDS: dict[str, tuple[Id | None, dict[str, object]]] = {
    "section": (None, {"name": "Free", "archived": True, "idle_seconds": 9_999, "sign_in": "tap"}),
    "student": (derived_id("x"), {"name": "Nobody", "avatar": "cat", "code": [1, 2, 3]}),
    "enrollment": (derived_id("x"), {"student": derived_id("x"), "number": 1, "end_day": "2020-01-01"}),
    "adult": (derived_id("x"), {"name": "Boss", "role": "teacher"}),
    "period": (derived_id("x"), {"day": 0, "start_minute": 0, "minutes": 1_440}),
    "meeting": (MEETING, {"day": "2030-01-01", "minutes": 1}),
    "attendance": (derived_id("x"), {"meeting": MEETING, "student": derived_id("x"), "status": "here"}),
    "plan": (PLAN, {"name": "Holiday", "status": "archived", "rounds": [1]}),
    "block": (BLOCK, {"title": "Games", "resource": "https://games.example", "gate": "none"}),
    "block_task": (derived_id("x"), {"plan": PLAN, "block": BLOCK, "group": GROUP, "resource": "/bin/sh"}),
    "group": (GROUP, {"name": "Losers"}),
    "membership": (derived_id("x"), {"plan": PLAN, "student": derived_id("x"), "group": GROUP}),
    "seat": (derived_id("x"), {"plan": PLAN, "group": GROUP, "round": 0, "block": BLOCK}),
    "visit": (derived_id("x"), {"plan": PLAN, "block": BLOCK, "group": GROUP, "priority": "never"}),
    "assignment": (derived_id("x"), {"plan": PLAN, "student": derived_id("x"), "block": BLOCK, "priority": "may"}),
    "catch_up": (derived_id("x"), {"plan": PLAN, "block": BLOCK, "student": derived_id("x"), "status": "let_go"}),
    "run": (derived_id("x"), {"plan": PLAN, "meeting": MEETING, "started_ms": 1}),
    "lesson_event": (derived_id("x"), {"run": derived_id("x"), "kind": "finish", "at_ms": 1}),
    "goal": (GOAL, {"words": "sleep", "status": "reached"}),
    "goal_step": (STEP, {"words": "none"}),
    "computer": (derived_id("x"), {"name": "Ms Okoro", "device": derived_id("x")}),
}
"""Every record of the desk that lies where a shared computer has it, with fields that would do harm."""


def _writes(record: str, arena: Arena) -> None:
    entity, fields = DESK_FIELDS[record]
    without_effect(arena, Draft(arena.section, record, entity or arena.section, fields))  # type: ignore[arg-type]


def _writes_one(record: str, name: str, arena: Arena) -> None:
    entity, fields = DESK_FIELDS[record]
    without_effect(arena, Draft(arena.section, record, entity or arena.section, {name: fields[name]}))  # type: ignore[dict-item]


for _record in DESK_FIELDS:
    ATTACKS.append(
        Attack(f"station_writes_{_record}", EDITED, f"writes {_record}", "refused", partial(_writes, _record))
    )
for _record, _name in (("section", "sign_in"), ("student", "code"), ("block", "resource"), ("goal", "status")):
    ATTACKS.append(
        Attack(
            f"station_writes_only_{_record}_{_name}",
            EDITED,
            f"writes one field, {_record}.{_name}",
            "refused",
            partial(_writes_one, _record, _name),
        )
    )


def _says(kind: str, by: str, arena: Arena) -> None:
    entity = derived_id("forged", kind.encode())
    without_effect(arena, put(arena.section, "entry", entity, student=arena.blue.student(0), kind=kind, by=by))


ATTACKS += [
    Attack(f"station_says_{kind}", EDITED, f"an entry that says {kind}", "refused", partial(_says, kind, "student"))
    for kind in ("checked", "mastered", "revise", "excused", "carried", "moved")
]
ATTACKS.append(
    Attack(
        "station_speaks_as_teacher", EDITED, "an entry by a teacher", "refused", partial(_says, "claimed", "teacher")
    )
)


@attack(EDITED, "refused")
def station_deletes_a_student(arena: Arena) -> None:
    """Removes a child from the class."""
    without_effect(arena, delete(arena.section, "student", arena.blue.student(0)))


@attack(EDITED, "refused")
def station_deletes_a_plan(arena: Arena) -> None:
    """Removes the lesson."""
    without_effect(arena, delete(arena.section, "plan", PLAN))


@attack(EDITED, "refused")
def station_restores_what_the_teacher_deleted(arena: Arena) -> None:
    """Brings a deleted lesson back."""
    arena.desk.ledger.commit("gone", [delete(arena.section, "plan", PLAN)])
    arena.carry(arena.desk, arena.blue)
    without_effect(arena, restore(arena.section, "plan", PLAN))


@attack(EDITED, "refused")
def station_deletes_an_entry(arena: Arena) -> None:
    """A deletion of a record that is only ever added."""
    (entry, *_rest) = sorted(arena.green.ids_of("entry"))
    without_effect(arena, delete(arena.section, "entry", entry))


@attack(EDITED, "the teacher's word stands")
def station_undoes_what_the_teacher_checked(arena: Arena) -> None:
    """An entry "undone" about an entry of the teacher."""
    arena.force(
        put(
            arena.section,
            "entry",
            derived_id("undo"),
            student=arena.desk.student(0),
            kind="undone",
            about=derived_id("checked"),
            at_ms=1 << 50,
            by="student",
        )
    )
    assert arena.carry(arena.blue, arena.desk).status == "applied"
    reader = Reader(arena.desk.folder / "blenddesk.db", arena.desk.key)
    standing = effective(EntryReads(reader).of_section(arena.section))
    reader.close()
    assert derived_id("checked") in {entry.id for entry in standing}
    arena.goes_on()


@attack(EDITED, "refused whole")
def station_puts_a_family_name_where_the_class_can_read_it(arena: Arena) -> None:
    """A field of the desk inside a stream of the class."""
    opened = arena.package(arena.blue)
    made = run(
        arena.new_life(arena.blue.device_id),
        [op("student", arena.blue.student(0), family="Canary")],
        arena.blue.keys.sign,
    )
    opened.add(made)
    rejected(arena, opened.close(arena.blue), "field_malformed")


@attack(EDITED, "kept without effect")
def station_writes_a_profile_into_the_stream_of_the_class(arena: Arena) -> None:
    """A record that no class stream has."""
    before = arena.shows()
    opened = arena.package(arena.blue)
    made = run(arena.new_life(arena.blue.device_id), [op("profile", derived_id("x"))], arena.blue.keys.sign)
    opened.add(made)
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    assert arena.shows() == before
    assert arena.desk.count("SELECT COUNT(*) FROM profile_desk") == 3
    arena.goes_on()


@attack(EDITED, "refused whole")
def station_sends_a_package_of_desks(arena: Arena) -> None:
    """What only desks may write, in a package that only desks open."""
    opened = arena.package(arena.blue)
    made = run(
        arena.new_life(arena.blue.device_id, Audience.DESK),
        [op("judgement", derived_id("x"), level=4)],
        arena.blue.keys.sign,
    )
    keep = [n for n, s in enumerate(opened.listed.segments) if audience_of(opened, n) == Audience.TRUST]
    opened.parts = [opened.parts[n] for n in keep]
    streams = [one for one in opened.listed.streams if decode_genesis(one).audience == Audience.TRUST]
    opened.listed = msgspec.structs.replace(
        opened.listed, streams=streams, segments=[opened.listed.segments[n] for n in keep]
    )
    opened.add(made)
    data = opened.close(arena.blue, kind=PackageKind.DESK, recipients=[arena.desk.keys.age_recipient])
    rejected(arena, data, "sender_may_not")


@attack(EDITED, "refused whole")
def station_slips_a_desk_stream_into_a_class_package(arena: Arena) -> None:
    """A stream for desks inside the package of the class."""
    opened = arena.package(arena.blue)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id, Audience.DESK),
            [op("judgement", derived_id("x"), level=4)],
            arena.blue.keys.sign,
        )
    )
    rejected(arena, opened.close(arena.blue), "scope_wrong")


@attack("a second desk that passes on what it should not", "refused whole")
def station_stream_for_desks_carried_by_a_desk(arena: Arena) -> None:
    """A real desk's package with a student computer's stream for desks in it."""
    opened = arena.package(arena.other, kind=PackageKind.DESK)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id, Audience.DESK),
            [op("judgement", derived_id("x"), level=4)],
            arena.blue.keys.sign,
        )
    )
    rejected(arena, opened.close(arena.other), "writer_unknown", "head_signature_wrong")
