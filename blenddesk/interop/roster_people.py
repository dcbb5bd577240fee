"""Turn rows of a laid-out class list into students; leavers, teachers, duplicates and nameless rows are reported."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from blenddesk.interop import header_words
from blenddesk.interop.headers import fold, is_plural, name_order, word_set
from blenddesk.interop.names import BULLET, MAX_NAME, clean_name, column_order, split_name
from blenddesk.interop.roster_columns import Layout
from blenddesk.interop.roster_model import RosterStudent
from blenddesk.interop.tables import RowWarning, Table

STUDENT_ROLES = word_set(header_words.STUDENT_ROLES)
OTHER_ROLES = word_set(header_words.OTHER_ROLES)
LEFT_WORDS = word_set(header_words.LEFT_WORDS)
_NOT_PEOPLE = word_set(header_words.NOT_PEOPLE)


@dataclass(slots=True)
class Person:
    """One row while it is being joined with others; ``left`` and ``role`` only ever decide whether it counts."""

    row: int
    given: str
    family: str
    display: str
    source_id: str
    classes: list[str] = field(default_factory=list)
    role: str = ""
    left: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The name for comparing: no case, no white space of note."""
        return self.given.casefold(), self.family.casefold()


def read_people(table: Table, layout: Layout) -> tuple[list[Person], list[RowWarning]]:
    """Read every data row; rows without a name are left out with a warning."""
    warnings: list[RowWarning] = []
    rows = [
        (number, row) for number, row in enumerate(table.rows[layout.first_row :], layout.first_row + 1) if any(row)
    ]
    at = {
        name: layout.index(name) for name in ("given", "family", "family_second", "full_name", "preferred", "source_id")
    }
    role_at, status_at = layout.index("role"), layout.index("status")
    class_at = [(column.index, is_plural(column.header)) for column in layout.columns if column.field == "class"]
    letters = _letters_only([_cell(row, status_at) for _, row in rows])
    full_at = at["full_name"]
    order, bulleted = None, False
    if full_at is not None:
        cells = [_cell(row, full_at) for _, row in rows]
        filled = [cell for cell in cells if cell]
        bulleted = bool(filled) and all(BULLET.match(cell) for cell in filled)
        cells = [BULLET.sub("", cell, count=1) for cell in cells] if bulleted else cells
        header = layout.headers[full_at] if full_at < len(layout.headers) else ""
        order = column_order(cells, name_order(header))
    header_row = tuple(cell.strip() for cell in table.rows[layout.first_row - 1]) if layout.headers else None
    shown_name = _is_shown_name(layout)
    unsplit = 0
    people: list[Person] = []
    for number, row in rows:
        if header_row is not None and tuple(cell.strip() for cell in row) == header_row:
            continue  # the report repeats its header on every page
        given, family = _name(row, at["given"]), _name(row, at["family"])
        second = _name(row, at["family_second"])
        family = f"{family} {second}".strip() if second else family
        if full_at is not None:
            whole = _cell(row, full_at)
            given, family = split_name(BULLET.sub("", whole, count=1) if bulleted else whole, order)
            unsplit += bool(given) and not family
        preferred = _name(row, at["preferred"])
        if shown_name and family and preferred.casefold().endswith(" " + family.casefold()):
            preferred = preferred[: -len(family)].strip()  # "Bobby Smith" is called Bobby
        if not (given or family or preferred) or fold(given + family) in _NOT_PEOPLE:
            warnings.append(RowWarning(number, "no_name"))
            continue
        if max(len(given), len(family), len(preferred)) > MAX_NAME:
            warnings.append(RowWarning(number, "name_too_long", {"limit": MAX_NAME}))
            continue
        if full_at is None and at["family"] is not None and not family:
            warnings.append(RowWarning(number, "no_family", {"given": given}))
        if full_at is None and at["given"] is not None and not given:
            warnings.append(RowWarning(number, "no_given", {"family": family}))
        person = Person(
            row=number,
            given=given,
            family=family,
            display=preferred or given or family,
            source_id=" ".join(_cell(row, at["source_id"]).split()),
            role=role_word(_cell(row, role_at)),
            left=is_left(_cell(row, status_at), letters=letters),
        )
        for index, plural in class_at:
            add_classes(person.classes, split_classes(_cell(row, index), plural=plural))
        people.append(person)
    odd = [person for person in people if any(map(str.isdigit, person.given + person.family))]
    if len(odd) * 5 <= len(people):  # a title or a total among the names; where most names hold digits, they are names
        warnings += [RowWarning(person.row, "odd_name", _who(person)) for person in odd]
    if unsplit:
        warnings.append(RowWarning(0, "names_not_split", {"count": unsplit}))
    id_at = at["source_id"]
    if id_at is not None and id_at in table.numeric_columns:
        warnings.append(RowWarning(0, "numeric_id", {"column": id_at}))
    return people, warnings


def students_of(people: list[Person]) -> tuple[tuple[RosterStudent, ...], list[RowWarning]]:
    """Keep students who are here, once each; say who was kept out and which rows look like the same child."""
    warnings: list[RowWarning] = []
    kept: list[Person] = []
    by_id: dict[str, Person] = {}
    gone: list[Person] = []
    for person in people:
        if person.role == "other":
            warnings.append(RowWarning(person.row, "not_a_student", _who(person)))
        elif person.left:
            gone.append(person)
        elif person.source_id and person.source_id in by_id:
            _merge(by_id[person.source_id], person, kept, warnings)
        else:
            kept.append(person)
            if person.source_id:
                by_id[person.source_id] = person
    for person in gone:
        here = by_id.get(person.source_id)
        if here is None:
            warnings.append(RowWarning(person.row, "left", _who(person)))
        else:
            # Some rows say here, some say gone: a file of changes, or a mistake. The child stays.
            warnings.append(RowWarning(person.row, "status_contradicts", {"other_row": here.row, **_who(person)}))
    names: dict[tuple[str, str], Person] = {}
    for person in kept:
        first = names.setdefault(person.key, person)
        if first is not person:
            warnings.append(RowWarning(person.row, "same_name", {"other_row": first.row, **_who(person)}))
    students = tuple(RosterStudent(p.row, p.given, p.family, p.display, p.source_id, tuple(p.classes)) for p in kept)
    return students, warnings


def role_word(cell: str) -> str:
    """Return "student", "other" or "" (not said, or a word of the school's own)."""
    folded = fold(cell)
    return "student" if folded in STUDENT_ROLES else "other" if folded in OTHER_ROLES else ""


def is_left(cell: str, *, letters: bool = False) -> bool:
    """True for the words that mean: no longer here. Single letters count only in columns made of letters."""
    return fold(cell) in LEFT_WORDS or (letters and cell.strip().upper() in ("D", "I", "W"))


def split_classes(cell: str, *, plural: bool) -> list[str]:
    """Several classes in one cell only where the header is plural: "Math, Period 2" is one class."""
    return [name for part in (re.split(r"[,;|]", cell) if plural else [cell]) if (name := clean_name(part))]


def add_classes(classes: list[str], more: list[str]) -> bool:
    """Add what is not there yet; tell whether anything was."""
    fresh = [name for name in dict.fromkeys(more) if name not in classes]
    classes.extend(fresh)
    return bool(fresh)


def _merge(first: Person, again: Person, kept: list[Person], warnings: list[RowWarning]) -> None:
    data: Mapping[str, object] = {"other_row": first.row, "other_name": _written(first), **_who(again)}
    if first.key == again.key:
        # A row per child and class is how many programs write lists; only a row that adds nothing is a repeat.
        if not add_classes(first.classes, again.classes):
            warnings.append(RowWarning(again.row, "duplicate_id", data))
        return
    warnings.append(RowWarning(again.row, "same_id_other_name", data))
    alike = difflib.SequenceMatcher(None, " ".join(first.key), " ".join(again.key)).ratio() >= 0.8
    if alike:
        add_classes(first.classes, again.classes)  # a corrected spelling: one child
    else:
        # Two children under one number (a family's, say): keeping both loses nobody.
        again.source_id = ""
        kept.append(again)


def _who(person: Person) -> dict[str, object]:
    return {"name": _written(person), "source_id": person.source_id}


def _written(person: Person) -> str:
    return f"{person.given} {person.family}".strip() or person.display


def _cell(row: tuple[str, ...], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""


def _name(row: tuple[str, ...], index: int | None) -> str:
    return clean_name(row[index]) if index is not None and index < len(row) else ""


def _letters_only(cells: list[str]) -> bool:
    filled = {cell.upper() for cell in cells if cell}
    return "A" in filled and all(len(cell) == 1 for cell in filled)


def _is_shown_name(layout: Layout) -> bool:
    index = layout.index("preferred")
    header = layout.headers[index] if index is not None and index < len(layout.headers) else ""
    return fold(header) in ("shortname", "displayname", "anzeigename")
