"""Students, their profiles and what the teacher decided about pairs, as read from the projections."""

from __future__ import annotations

from collections.abc import Iterable

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.people import PairRule, Profile, Student
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build


class PeopleReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def students(self, section: Id, *, left: bool = False) -> list[Student]:
        """The students enrolled in a class by their number; those who left only when asked for."""
        with self._reader.steady():
            shown = self._reader.records("student", section=section)
            private = {row["id"]: row for row in self._reader.records("student", Audience.DESK, section=section)}
            enrolled = {row["student"]: row for row in self._reader.records("enrollment", section=section)}
        found = [
            build(Student, private.get(row["id"], {}) | enrolled[row["id"]] | row)
            for row in shown
            if row["id"] in enrolled
        ]
        return sorted((s for s in found if left or not s.end_day), key=lambda s: (s.number, s.name, s.id))

    def student(self, section: Id, student: Id) -> Student | None:
        """One student of a class, even one who has left it."""
        return next((s for s in self.students(section, left=True) if s.id == student), None)

    def sections_of(self, student: Id) -> list[Id]:
        """Every class that holds a record of this person, left or not."""
        return [row["section"] for row in self._reader.records("student", id=student)]

    def sections_with_any(self, students: Iterable[Id]) -> list[Id]:
        """Every class that holds a record of at least one of these people."""
        wanted = set(students)
        rows = self._reader.rows("SELECT section, id FROM student")
        return sorted({section for section, student in rows if student in wanted})

    def counts(self) -> dict[Id, int]:
        """Students enrolled now, by class."""
        rows = self._reader.rows(
            "SELECT section, count(*) FROM enrollment WHERE coalesce(end_day, '') = '' GROUP BY section"
        )
        return dict(rows)

    def next_number(self, section: Id) -> int:
        """The next free place in the list: after every number ever given, so that nobody's tile moves."""
        rows = self._reader.rows("SELECT max(number) FROM enrollment WHERE section = ?", (section,))
        return (rows[0][0] or 0) + 1

    def profile(self, section: Id, student: Id) -> Profile:
        """What is noted of the learner; an empty profile when nothing is."""
        rows = self._reader.records("profile", Audience.DESK, section=section, id=derived_id("profile", student))
        return build(Profile, rows[0], student=student) if rows else Profile(student)

    def profiles(self, section: Id) -> dict[Id, Profile]:
        rows = self._reader.records("profile", Audience.DESK, section=section)
        return {row["student"]: build(Profile, row) for row in rows}

    def helps_with(self, section: Id) -> dict[Id, frozenset[str]]:
        """What each student helps others with (language, reader, device), of those who do."""
        rows = self._reader.records("profile", Audience.DESK, section=section)
        return {row["student"]: frozenset(row["helps_with"]) for row in rows if row["helps_with"]}

    def pair_rules(self, section: Id) -> list[PairRule]:
        return [build(PairRule, row) for row in self._reader.records("pair_rule", Audience.DESK, section=section)]

    def judgements(self, section: Id) -> dict[Id, int]:
        """The teacher's own sorting of the class, 1 to 4, by student."""
        rows = self._reader.records("judgement", Audience.DESK, section=section)
        return {row["student"]: row["level"] for row in rows if row["level"]}
