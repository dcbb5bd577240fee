"""What reading a class list gives: a preview with its columns, students and warnings; nothing unmapped is in it."""

from __future__ import annotations

from dataclasses import dataclass

from blenddesk.interop.tables import RowWarning


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. ``index`` counts from 0; ``field`` is one of ``FIELDS`` or None when it is not read."""

    index: int
    header: str
    field: str | None


@dataclass(frozen=True, slots=True)
class RosterStudent:
    """One child of a list. ``row`` is where it first stands (1-based, as a spreadsheet counts).

    ``display`` is what the child is called: preferred, else given, else the name as written. A name that the
    list does not split (no comma, no second column) is whole in ``given``. ``source_id`` may be "".
    """

    row: int
    given: str
    family: str
    display: str
    source_id: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What would be imported. ``rows`` counts the rows about people; ``sample_rows`` hold mapped columns only.

    ``format`` names the program the list comes from when its columns tell, else the kind of file.
    ``delta`` is true for lists of changes (OneRoster), in which a missing student has not left.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    columns: tuple[Column, ...]
    rows: int
    students: tuple[RosterStudent, ...]
    warnings: tuple[RowWarning, ...]
    sample_rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    delta: bool = False
