"""The names in a line of the history, found without reading whole tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from blenddesk.domain.ids import Id
from blenddesk.services import history
from blenddesk.services.context import AppContext
from tests.lessons import make_lesson


def test_names_of_everything_a_line_may_speak_of(desk: AppContext, section: Id) -> None:
    sheet = desk.reads.plans.sheet(section, make_lesson(desk, section))
    assert sheet is not None
    student = desk.reads.people.students(section)[0]
    known = {
        student.id: student.name,
        section: "Sunflowers",
        sheet.plan.id: sheet.plan.name,
        sheet.groups[0].id: sheet.groups[0].name,
        sheet.blocks[0].id: sheet.blocks[0].title,
        desk.keys.device_id: "Ms Okoro",
        b"\x07" * 16: "",
    }
    names = history.Names(desk)
    assert {key: names.of(key.hex()) for key in known} == known
    assert {key: history.name_of(desk, key.hex()) for key in known} == known


def test_no_table_is_read_through_for_a_name(desk: AppContext, section: Id, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lesson(desk, section)
    reader = desk.reads.reader
    asked: list[tuple[str, Sequence[object]]] = []
    rows = reader.rows

    def noted(sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        asked.append((sql, values))
        return rows(sql, values)

    monkeypatch.setattr(reader, "rows", noted)
    assert history.name_of(desk, (b"\x07" * 16).hex()) == ""
    assert asked
    steps = [row[3] for sql, values in asked for row in rows(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step] == []
    assert any(step.startswith("SEARCH student") for step in steps)
