"""Write a class list as CSV or XLSX that any spreadsheet opens safely and that we read back without a change."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from blenddesk.interop.roster_model import RosterStudent
from blenddesk.interop.tables import guard_cell

# English words on purpose: a file is read by programs, and these are known to ours in every language.
_HEADERS = ("Student ID", "Given name", "Family name", "Preferred name")


def roster_rows(students: Sequence[RosterStudent]) -> list[list[str]]:
    """Header and one row a student; as many Class columns as the student with most classes needs, at least one."""
    classes = max([1, *(len(student.classes) for student in students)])
    rows = [[*_HEADERS, *["Class"] * classes]]
    for student in students:
        cells = [student.source_id, student.given, student.family, student.display, *student.classes]
        rows.append(cells + [""] * (len(rows[0]) - len(cells)))
    return rows


def write_roster_csv(students: Sequence[RosterStudent]) -> bytes:
    """Return CSV with a byte order mark, for spreadsheets; cells that look like formulas get a leading apostrophe."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(
        [[guard_cell(cell) for cell in row] for row in roster_rows(students)]
    )
    return out.getvalue().encode("utf-8-sig")


def write_roster_xlsx(students: Sequence[RosterStudent], *, sheet: str = "Class list") -> bytes:
    """Return a workbook of text cells only: no formula, no link, ids with their leading zeros."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet)
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        rows = roster_rows(students)
        page.set_column(0, len(rows[0]) - 1, 22, text)
        page.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(number, column, guard_cell(cell, formulas=False), bold if number == 0 else text)
    return out.getvalue()
