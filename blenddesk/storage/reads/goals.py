"""Goals and their steps, as read from the projections."""

from __future__ import annotations

from typing import Any

from blenddesk.domain.goals import Goal, GoalStatus, GoalStep, SetBy
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build, with_words


class GoalReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_section(self, section: Id) -> list[Goal]:
        """All goals of a class, the newest first."""
        return self._goals(section=section)

    def of_student(self, section: Id, student: Id) -> list[Goal]:
        return self._goals(section=section, student=student)

    def get(self, section: Id, goal: Id) -> Goal | None:
        return next(iter(self._goals(section=section, id=goal)), None)

    def steps(self, section: Id) -> dict[Id, list[GoalStep]]:
        """The steps of every goal of a class in their order, by goal."""
        found: dict[Id, list[GoalStep]] = {}
        for row in self._reader.records("goal_step", section=section):
            found.setdefault(row["goal"], []).append(build(GoalStep, row))
        return {goal: sorted(steps, key=lambda step: (step.position, step.id)) for goal, steps in found.items()}

    def _goals(self, **where: Any) -> list[Goal]:
        private = {row["id"]: row for row in self._reader.records("goal", Audience.DESK, section=where["section"])}
        words = {"status": GoalStatus, "set_by": SetBy}
        found = [
            build(Goal, with_words(private.get(row["id"], {}) | row, words))
            for row in self._reader.records("goal", **where)
        ]
        return sorted(found, key=lambda goal: (goal.set_day, goal.id), reverse=True)
