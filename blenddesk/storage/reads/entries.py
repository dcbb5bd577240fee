"""What students did and, on a desk, what they said of it, as read from the projections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from blenddesk.domain.entries import Entry, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Reflection
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build

FEW = 1_500
"""So many entries of one student are read at once: a school year of them."""


class EntryReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_plan(self, section: Id, plan: Id) -> list[Entry]:
        """Every entry of one lesson, by time."""
        return self._entries(section=section, plan=plan)

    def of_student(self, section: Id, student: Id) -> list[Entry]:
        return self._entries(section=section, student=student)

    def latest_work(self, section: Id, student: Id, stations: int) -> tuple[int, list[Entry]]:
        """How many stations a student has finished, and what counts of the latest lessons, by time: of so many that
        ``stations`` finished ones are among it, if there are.

        Lessons that are gone come after all others once there is very much of one student.
        """
        with self._reader.steady():
            kinds = self._tally_of(section, student)
            if sum(kinds.values()) > FEW:
                return self._of_many(section, student, stations, kinds)
            entries = effective(self.of_student(section, student))
        return _claimed(entries), entries

    def _of_many(self, section: Id, student: Id, stations: int, kinds: Mapping[str, int]) -> tuple[int, list[Entry]]:
        undone = self._entries(section=section, student=student, kind=EntryKind.UNDONE.value)
        found = {entry.id: entry for entry in undone}
        for entry in undone:
            if entry.about is not None:
                found |= {one.id: one for one in self._entries(section=section, id=entry.about)}
        standing = {entry.id for entry in effective(found.values())}
        gone = sum(one.kind == EntryKind.CLAIMED and one.id not in standing for one in found.values())
        latest: list[Entry] = []
        read: set[Id] = set()
        for ids in self._by_lesson(section, student):
            read.update(ids)
            found |= {one.id: one for key in ids for one in self._entries(section=section, id=key)}
            # Without what an undo of an older lesson is about.
            latest = [entry for entry in effective(found.values()) if entry.id in read]
            if _claimed(latest) >= stations:
                break
        return kinds.get(EntryKind.CLAIMED, 0) - gone, latest

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

    def _by_lesson(self, section: Id, student: Id) -> Iterator[list[Id]]:
        """The ids of a student's entries, a lesson at a time, the latest lesson first."""
        number = "(SELECT n FROM short_id WHERE id = ?)"
        # The plus keeps SQLite from the index by student: all those rows, each on a page of its own, instead of the
        # rows of one lesson, which lie together.
        own = f"SELECT id FROM entry_row WHERE section = {number} AND +student = {number}"
        for (plan,) in self._reader.rows('SELECT id FROM "plan" WHERE section = ? ORDER BY day DESC, id', (section,)):
            yield self._first_column(f"{own} AND plan = {number}", (section, student, plan))
        known = 'SELECT n FROM short_id JOIN "plan" USING (id) WHERE section = ?'
        gone = f"plan IS NULL OR plan NOT IN ({known})"
        yield self._first_column(f"{own.replace('+', '')} AND ({gone})", (section, student, section))

    def _first_column(self, sql: str, values: tuple[object, ...]) -> list[Id]:
        return [row[0] for row in self._reader.rows(sql, values)]

    def _tally_of(self, section: Id, student: Id) -> dict[str, int]:
        """How many entries of each kind a student has, taken back or not."""
        rows = self._reader.rows(
            "SELECT kind, entries FROM tally WHERE section = (SELECT n FROM short_id WHERE id = ?)"
            " AND student = (SELECT n FROM short_id WHERE id = ?)",
            (section, student),
        )
        return dict(rows)

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


def _claimed(entries: Iterable[Entry]) -> int:
    return sum(entry.kind == EntryKind.CLAIMED for entry in entries)
