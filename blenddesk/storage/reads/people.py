"""Students, their profiles and what the teacher decided about pairs, as read from the projections."""

from __future__ import annotations

from sqlalchemy import func, select

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.people import PairRule, Profile, Student
from blenddesk.domain.registry import Audience
from blenddesk.storage.reads.rows import TableReads, build
from blenddesk.storage.tables import projection

_student = projection("student")
_student_desk = projection("student", Audience.DESK)
_enrollment = projection("enrollment")
_profile = projection("profile", Audience.DESK)
_pair_rule = projection("pair_rule", Audience.DESK)
_judgement = projection("judgement", Audience.DESK)


class PeopleReads(TableReads):
    def students(self, section: Id, *, left: bool = False) -> list[Student]:
        """The students enrolled in a class by their number; those who left only when asked for."""
        query = (
            select(
                _student,
                _enrollment.c.number,
                _enrollment.c.start_day,
                _enrollment.c.end_day,
                *(column for column in _student_desk.c if column.name not in ("section", "id")),
            )
            .join(_enrollment, (_enrollment.c.section == _student.c.section) & (_enrollment.c.student == _student.c.id))
            .outerjoin(
                _student_desk,
                (_student_desk.c.section == _student.c.section) & (_student_desk.c.id == _student.c.id),
            )
            .where(_student.c.section == section)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        found = [build(Student, row) for row in rows]
        return sorted((s for s in found if left or not s.end_day), key=lambda s: (s.number, s.name, s.id))

    def student(self, section: Id, student: Id) -> Student | None:
        return next((s for s in self.students(section, left=True) if s.id == student), None)

    def sections_of(self, student: Id) -> list[Id]:
        """Every class that holds a record of this person, left or not."""
        return [row["section"] for row in self._rows(_student, _student.c.id == student)]

    def counts(self) -> dict[Id, int]:
        """Students enrolled now, by class."""
        query = (
            select(_enrollment.c.section, func.count())
            .where(func.coalesce(_enrollment.c.end_day, "") == "")
            .group_by(_enrollment.c.section)
        )
        with self._database.read() as connection:
            return dict(connection.execute(query).tuples().all())

    def next_number(self, section: Id) -> int:
        """The next free place in the list: after every number ever given, so that nobody's tile moves."""
        rows = self._rows(_enrollment, _enrollment.c.section == section)
        return max((row["number"] or 0 for row in rows), default=0) + 1

    def profile(self, section: Id, student: Id) -> Profile:
        """What is noted of the learner; an empty profile when nothing is."""
        rows = self._rows(_profile, _profile.c.section == section, _profile.c.id == derived_id("profile", student))
        return build(Profile, rows[0], student=student) if rows else Profile(student)

    def profiles(self, section: Id) -> dict[Id, Profile]:
        return {row["student"]: build(Profile, row) for row in self._rows(_profile, _profile.c.section == section)}

    def pair_rules(self, section: Id) -> list[PairRule]:
        return [build(PairRule, row) for row in self._rows(_pair_rule, _pair_rule.c.section == section)]

    def judgements(self, section: Id) -> dict[Id, int]:
        """The teacher's own sorting of the class, 1 to 4, by student."""
        rows = self._rows(_judgement, _judgement.c.section == section)
        return {row["student"]: row["level"] for row in rows if row["level"]}
