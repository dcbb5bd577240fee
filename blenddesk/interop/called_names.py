"""What a student is called when the list has the whole name in one cell: one word of it, for student computers."""

from __future__ import annotations

from dataclasses import replace

from blenddesk.interop.roster_model import RosterPreview

FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})
"""Languages whose speakers write the family name first and are called by what stands last."""


def called_by_one_word(preview: RosterPreview, language: str = "en") -> RosterPreview:
    """The list with a called name of one word for each student whose name it does not split.

    What a student is called stands on shared computers, and a whole name would bring the family name there. The name
    itself stays whole in ``given``, on the desk: which of its words is the family name is not ours to say. ``language``
    of the list tells which end of a name people are called by.
    """
    if not any(column.field == "full_name" for column in preview.columns):
        return preview
    last = language.partition("-")[0].partition("_")[0].lower() in FAMILY_FIRST
    students = tuple(
        replace(student, display=student.given.split()[-1 if last else 0])
        if student.given.strip() and not student.family and student.display == student.given
        else student
        for student in preview.students
    )
    return replace(preview, students=students)
