"""A class list that is not added yet: where it came from, how to read it, and what adding it would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError
from blenddesk.services.context import AppContext
from blenddesk.text import N_

if TYPE_CHECKING:
    from blenddesk.interop.matching import ImportPlan
    from blenddesk.interop.roster_model import Column, RosterPreview, RosterStudent
    from blenddesk.services.rosters import RosterImport

SAME_NAME = 0.99
FIELD_WORDS: dict[str, str] = {
    "full_name": N_("Whole name"),
    "given": N_("First name"),
    "family": N_("Family name"),
    "family_second": N_("Second family name"),
    "middle": N_("Middle name"),
    "preferred": N_("Is called"),
    "source_id": N_("Number"),
    "class": N_("Class"),
    "grade": N_("Year"),
    "role": N_("Student or adult"),
    "status": N_("Here or gone"),
}
"""What a column may hold, in the words of the drop-down lists."""

SEPARATORS: dict[str, str] = {
    "auto": N_("Find out"),
    ",": N_("Comma"),
    ";": N_("Semicolon"),
    "\t": N_("Tab"),
    "|": N_("Bar |"),
    "": N_("One name in each line"),
}
WHOLE_NAMES: dict[str, str] = {
    "given": N_("Amina Diallo: first name first"),
    "family": N_("Diallo Amina: family name first"),
    "whole": N_("Leave them whole"),
}
"""How to take a whole name in one cell apart. The family name must be known, or student screens would show it."""
ALPHABETS: dict[str, str] = {
    "en": N_("Western Europe"),
    "pl": N_("Central Europe"),
    "lt": N_("Baltic"),
    "tr": N_("Turkish"),
    "el": N_("Greek"),
    "ru": N_("Cyrillic"),
    "ar": N_("Arabic"),
    "he": N_("Hebrew"),
    "vi": N_("Vietnamese"),
    "th": N_("Thai"),
    "zh": N_("Chinese"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
}
"""Which old letters a list that is not Unicode was written in, by a language that uses them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. ``pictures`` are dealt to new students by row and are what adding then writes."""

    preview: RosterPreview
    plan: ImportPlan
    pictures: dict[int, str]

    @property
    def has_classes(self) -> bool:
        return any(student.classes for student in self.preview.students)


def split_name(student: RosterStudent, first: str) -> RosterStudent:
    """The parts of a whole name: the last word is the family name, or the first one when ``first`` is ``family``."""
    words = student.given.split()
    if len(words) < 2:
        return student
    given, family = (words[1:], words[:1]) if first == "family" else (words[:-1], words[-1:])
    display = " ".join(given) if student.display == student.given else student.display
    return replace(student, given=" ".join(given), family=" ".join(family), display=display)


@dataclass(slots=True)
class RosterDraft:
    """The list and the teacher's corrections. ``class_name`` None: the classes that the list itself names."""

    data: bytes = b""
    name: str = ""
    mapping: dict[str, int] = field(default_factory=dict)
    alphabet: str = "en"
    separator: str = "auto"
    whole_names: str = "given"
    class_name: str | None = None
    section: Id | None = None
    same_person: dict[int, Id] = field(default_factory=dict)
    new_persons: set[int] = field(default_factory=set)
    seed: int = 0
    reading: Reading | None = None
    trouble: BlendDeskError | None = None
    columns: tuple[Column, ...] = ()

    def load(self, data: bytes, name: str) -> None:
        """Another list: corrections of the one before do not fit it."""
        self.data, self.name = data, name
        self.mapping.clear()
        self.same_person.clear()
        self.new_persons.clear()

    def assign(self, column: int, what: str) -> None:
        """Says what a column holds ("" for nothing we read)."""
        for taken, index in [(c.field, c.index) for c in self.columns if c.field is not None]:
            if index == column and taken != what:
                self.mapping[taken] = -1
        for taken in [name for name, index in self.mapping.items() if index == column]:
            self.mapping[taken] = -1
        if what:
            self.mapping[what] = column

    def read(self, context: AppContext, progress: Callable[[int, int], None] | None = None) -> Reading:
        """Reads and compares; changes nothing. Raises ``ExchangeTrouble`` and ``Refusal`` (``roster_...``)."""
        from blenddesk.interop.rosters import preview_roster
        from blenddesk.services import rosters

        told = progress or (lambda _done, _total: None)
        told(0, 2)
        preview = preview_roster(
            self.data,
            self.name,
            mapping=self.mapping or None,
            language=self.alphabet,
            delimiter=None if self.separator == "auto" else self.separator,
        )
        preview = self._with_split_names(preview)
        told(1, 2)
        plan = rosters.preview_import(context, preview, class_name=self.class_name)
        new = sorted([*plan.added, *(doubt.incoming for doubt in plan.doubtful)], key=lambda one: one.row)
        return Reading(preview, plan, rosters.deal_pictures(context, new, self.section, self.seed))

    def _with_split_names(self, preview: RosterPreview) -> RosterPreview:
        """Whole names taken apart as the teacher says, where no column holds the family name."""
        if self.whole_names == "whole" or any(column.field == "family" for column in preview.columns):
            return preview
        students = tuple(split_name(one, self.whole_names) if not one.family else one for one in preview.students)
        warnings = tuple(one for one in preview.warnings if one.code != "names_not_split")
        return replace(preview, students=students, warnings=warnings)

    def take(self, reading: Reading) -> None:
        """A doubt about the very same name is taken for the same student until the teacher says otherwise."""
        self.reading, self.trouble, self.columns = reading, None, reading.preview.columns
        doubtful = {doubt.incoming.row for doubt in reading.plan.doubtful}
        self.same_person = {row: who for row, who in self.same_person.items() if row in doubtful}
        for doubt in reading.plan.doubtful:
            row, best = doubt.incoming.row, bytes.fromhex(doubt.candidates[0].id)
            undecided = row not in self.same_person and row not in self.new_persons
            if undecided and doubt.ratio > SAME_NAME and best not in self.same_person.values():
                self.same_person[row] = best

    def decide(self, row: int, who: Id | None) -> None:
        """Says who a doubtful student is; None: someone new."""
        self.same_person.pop(row, None)
        self.new_persons.discard(row)
        if who is None:
            self.new_persons.add(row)
        else:
            self.same_person[row] = who

    def fail(self, trouble: BlendDeskError) -> None:
        """Keeps the headings the trouble names, so that the teacher can say which column holds the names."""
        from blenddesk.interop.roster_model import Column

        self.reading, self.trouble = None, trouble
        headers = trouble.data.get("headers")
        if isinstance(headers, list):
            self.columns = tuple(Column(index, str(header), None) for index, header in enumerate(headers))
        elif not self.mapping:
            self.columns = ()

    def new_count(self) -> int:
        """Students that adding would add: the new ones and the doubtful ones that are not somebody known."""
        if self.reading is None:
            return 0
        plan = self.reading.plan
        return len(plan.added) + sum(doubt.incoming.row not in self.same_person for doubt in plan.doubtful)

    def changed_count(self) -> int:
        return 0 if self.reading is None else len(self.reading.plan.updated) + len(self.same_person)

    def new_students(self) -> list[RosterStudent]:
        return [] if self.reading is None else list(self.reading.plan.added)

    def add(self, context: AppContext, progress: Callable[[int, int], None] | None = None) -> RosterImport:
        """Writes it all in one change. Raises as ``services.rosters.import_roster``."""
        from blenddesk.services import rosters

        assert self.reading is not None
        return context.run(
            rosters.import_roster,
            self.reading.preview,
            file_name=self.name,
            class_name=self.class_name,
            same_person=self.same_person,
            pictures=self.reading.pictures,
            progress=progress,
        )
