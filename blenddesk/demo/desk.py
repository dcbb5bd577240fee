"""What the demo's teacher does that no command is for: notes on each child and goals; and what came home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from blenddesk import bootstrap
from blenddesk.demo.classroom import Child
from blenddesk.demo.programs import paths_of
from blenddesk.domain.goals import SetBy
from blenddesk.services import goals, profiles, rooms


def note_class(folder: Path, children: Sequence[Child]) -> None:
    """My room, every child's profile and goal, through the same use cases as the screens."""
    paths = paths_of(folder)
    with bootstrap.DataLock(paths):
        context = bootstrap.open_device(paths)
        try:
            (section,) = context.reads.sections.all()
            students = {student.number: student.id for student in context.reads.people.students(section.id)}
            context.run(rooms.edit_room, computers=8, students_per_computer=2, headphones=16, projector=True)
            for child in children:
                student = students[child.number]
                context.run(profiles.set_list, student, "strengths", [child.strength])
                context.run(profiles.set_list, student, "needs", [child.need])
                context.run(profiles.set_list, student, "interests", [child.interest])
                context.run(profiles.set_note, student, child.note)
                by = SetBy.STUDENT if child.number % 3 else SetBy.TOGETHER
                context.run(goals.set_goal, student, child.goal, steps=child.steps, set_by=by)
        finally:
            bootstrap.close_device(context)


def entries_at(folder: Path) -> dict[str, set[str]]:
    """Ids (hex) of the desk's entries by kind, of the ``reflections`` it can read, and the ``remarks`` in them."""
    paths = paths_of(folder)
    with bootstrap.DataLock(paths):
        context = bootstrap.open_device(paths)
        try:
            (section,) = context.reads.sections.all()
            entries = context.reads.entries.of_section(section.id)
            said = [
                reflection
                for student in context.reads.people.students(section.id)
                for reflection in context.reads.entries.reflections_of_student(section.id, student.id)
            ]
            return {
                "claimed": {entry.id.hex() for entry in entries if entry.kind == "claimed"},
                "step_done": {entry.id.hex() for entry in entries if entry.kind == "step_done"},
                "reflections": {reflection.id.hex() for reflection in said if reflection.growth},
                "remarks": {reflection.remark for reflection in said if reflection.remark},
            }
        finally:
            bootstrap.close_device(context)
