"""What students did and, on a desk, what they said of it, as read from the projections."""

from __future__ import annotations

from typing import Any

from blenddesk.domain.entries import Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Reflection
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build


class EntryReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_plan(self, section: Id, plan: Id) -> list[Entry]:
        """Every entry of one lesson, by time."""
        return self._entries(section=section, plan=plan)

    def of_student(self, section: Id, student: Id) -> list[Entry]:
        return self._entries(section=section, student=student)

    def of_section(self, section: Id) -> list[Entry]:
        """Every entry of a class; tens of thousands after some years."""
        return self._entries(section=section)

    def about_steps(self, section: Id) -> list[Entry]:
        """Goal steps done in a class and all that was taken back there, by time."""
        done, undone = (self._of_kind(section, kind) for kind in (EntryKind.STEP_DONE, EntryKind.UNDONE))
        return sorted([*done, *undone], key=lambda entry: (entry.at_ms, entry.id))

    def finished_counts(self, section: Id) -> dict[Id, int]:
        """How many stations each student of a class has finished, without those taken back."""
        counts = self._tally(section, EntryKind.CLAIMED)
        undone = self._of_kind(section, EntryKind.UNDONE)
        targets = [e for about in {e.about for e in undone} for e in self._entries(section=section, id=about)]
        standing = {entry.id for entry in effective({e.id: e for e in (*targets, *undone)}.values())}
        for entry in targets:
            if entry.kind == EntryKind.CLAIMED and entry.id not in standing:
                counts[entry.student] -= 1
        return counts

    def reflections_of_plan(self, section: Id, plan: Id) -> list[Reflection]:
        return self._reflections(section=section, plan=plan)

    def reflections_on(self, section: Id, day: str) -> list[Reflection]:
        """What was said on a day (ISO date), of a station or of none (a sign-in that did not work)."""
        return self._reflections(section=section, day=day)

    def reflections_of_student(self, section: Id, student: Id) -> list[Reflection]:
        return self._reflections(section=section, student=student)

    def _of_kind(self, section: Id, kind: EntryKind) -> list[Entry]:
        """For rare kinds: of those students only who have any, each by an index that has the kind."""
        students = self._tally(section, kind)
        return [one for student in students for one in self._entries(section=section, student=student, kind=kind.value)]

    def _tally(self, section: Id, kind: EntryKind) -> dict[Id, int]:
        """How many entries of a kind the students of a class have, taken back or not; nobody who has none."""
        rows = self._reader.rows(
            "SELECT at_student.id, tally.entries FROM short_id AS at_section"
            " JOIN tally ON tally.section = at_section.n JOIN short_id AS at_student ON at_student.n = tally.student"
            " WHERE at_section.id = ? AND tally.kind = ?",
            (section, kind.value),
        )
        return dict(rows)

    def _entries(self, **where: Any) -> list[Entry]:
        found = [build(Entry, row) for row in self._reader.records("entry", **where)]
        return sorted(found, key=lambda entry: (entry.at_ms, entry.id))

    def _reflections(self, **where: Any) -> list[Reflection]:
        """By time. One that the same student put another in place of is kept, and no longer counts; of two that were
        put in its place without knowing of each other both do."""
        rows = self._reader.records("reflection", Audience.DROP, **where)
        replaced = {(row["student"], row["revises"]) for row in rows if row["revises"] is not None}
        found = [build(Reflection, row) for row in rows if (row["student"], row["id"]) not in replaced]
        return sorted(found, key=lambda reflection: (reflection.at_ms, reflection.id))
