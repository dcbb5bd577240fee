"""Numbers on disk are for ever: the registry may only grow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blenddesk.domain.registry import BY_NAME, FIELDS_BY_NUMBER, RECORDS, Audience, fits

FROZEN = Path(__file__).parent.parent / "data" / "registry.json"
"""What released files may hold. New records and fields are added here with the release that first writes them."""


def current() -> dict[str, list[str]]:
    return {
        f"{record.number} {record.name} {'append' if record.append else 'edit'}": [
            f"{f.number} {f.name} {f.shape} {f.audience.name}{' present_wins' if f.present_wins else ''}"
            for f in record.fields
        ]
        for record in RECORDS
    }


def test_nothing_that_was_ever_written_changes_its_meaning() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    now = current()
    for record, fields in frozen.items():
        assert record in now, f"{record} has changed or gone"
        assert now[record][: len(fields)] == fields


def test_numbers_and_names_are_used_once() -> None:
    assert len(BY_NAME) == len(RECORDS) == len({record.number for record in RECORDS})
    assert len(FIELDS_BY_NUMBER) == sum(len(record.fields) for record in RECORDS)


@pytest.mark.parametrize(
    ("record", "private"),
    [
        ("student", {"given", "family", "source_id", "source_system", "middle", "preferred"}),
        ("goal", {"measure", "why", "note", "reason"}),
        ("profile", {"student", "strengths", "needs", "interests", "preferences", "note", "helps_with"}),
        ("judgement", {"student", "level", "day"}),
        ("evidence_note", {"student", "caption", "hidden"}),
    ],
)
def test_what_only_desks_may_know(record: str, private: set[str]) -> None:
    assert {f.name for f in BY_NAME[record].fields if f.audience is Audience.DESK} == private


def test_all_a_child_says_is_sealed() -> None:
    assert BY_NAME["reflection"].audiences() == (Audience.DROP,)


def test_a_picture_of_work_is_sealed_where_it_is_taken_and_a_teachers_own_never_leaves_the_desks() -> None:
    sealed, private = BY_NAME["evidence"], BY_NAME["evidence_private"]
    assert sealed.audiences() == (Audience.DROP,)
    assert private.audiences() == (Audience.DESK,)
    assert [(f.number, f.name, f.shape) for f in sealed.fields] == [(f.number, f.name, f.shape) for f in private.fields]


@pytest.mark.parametrize(
    ("record", "field", "good", "bad"),
    [
        ("section", "name", "4B", 4),
        ("section", "name", "x" * 65_536, "x" * 65_537),
        ("section", "archived", True, 1),
        ("section", "minutes", -5, True),
        ("section", "minutes", 2**63 - 1, 2**63),
        ("enrollment", "student", bytes(16), bytes(15)),
        ("student", "code", [1, 2], [1, "2"]),
        ("meeting", "adults", [bytes(16)], [bytes(3)]),
        ("profile", "needs", ["a"] * 4096, ["a"] * 4097),
    ],
)
def test_values_must_fit_their_field(record: str, field: str, good: object, bad: object) -> None:
    known = BY_NAME[record].field(field)
    assert fits(known, good)
    assert not fits(known, bad)
    assert fits(known, None)
