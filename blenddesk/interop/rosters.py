"""Preview a class list from a file or a set of files: who is in it, in which classes, what deserves a second look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.interop import roster_sets
from blenddesk.interop.archives import read_members
from blenddesk.interop.headers import FIELDS, FORMATS, field_of, format_of, is_staff_file, is_staff_header
from blenddesk.interop.roster_columns import Layout, lay_out
from blenddesk.interop.roster_model import Column, RosterPreview, RosterStudent
from blenddesk.interop.roster_people import read_people, students_of
from blenddesk.interop.tables import RowWarning, Table, file_kind, read_table, refuse_oversize

__all__ = [
    "FIELDS",
    "ROSTER_FORMATS",
    "Column",
    "RosterPreview",
    "RosterStudent",
    "RowWarning",
    "preview_roster",
    "preview_roster_set",
]

_SEPARATORS = {"csv": None, "tsv": "\t", "text": ""}
ROSTER_FORMATS = (*_SEPARATORS, "xlsx", "xls", "xlsb", "ods", *FORMATS)
_SAMPLE = 8


def preview_roster(
    data: bytes,
    name: str,
    *,
    format: str | None = None,  # noqa: A002  (the command line's own word)
    mapping: Mapping[str, int] | None = None,
    language: str = "en",
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: int | None = None,
) -> RosterPreview:
    """Read one file: a table, a workbook or a zip of tables (OneRoster and the like). Nothing is changed anywhere.

    ``format`` is one of ROSTER_FORMATS: a kind of file, or the program it comes from where the guess is wrong.
    ``mapping`` corrects the proposed columns: field -> index from 0, or -1 for "none". ``sheet`` counts from 0;
    without it the first sheet holding people is taken. Raises ExchangeTrouble (the file; codes roster_...) or
    Refusal (the wish: roster_unknown_format, roster_mapping_...).
    """
    _check_format(format)
    refuse_oversize(data, name)
    options = {"format": format, "mapping": mapping, "language": language, "delimiter": delimiter, "encoding": encoding}
    if file_kind(data) == "zip":
        members = _tables_inside(read_members(data, name))
        if not members:
            raise ExchangeTrouble("roster_unknown_zip", file=name)
        if len(members) > 1:
            return preview_roster_set(members, format=format, language=language)
        [(name, data)] = members.items()
        if file_kind(data) == "zip":
            raise ExchangeTrouble("roster_unknown_zip", file=name)
    if format in _SEPARATORS and delimiter is None:
        options["delimiter"] = delimiter = _SEPARATORS[format]
    table = read_table(data, name, language=language, delimiter=delimiter, encoding=encoding, sheet=sheet or 0)
    if sheet is None and len(table.sheets) > 1:
        return _first_sheet_of_people(data, name, table, mapping, format)
    return _preview(_as_lines_if_meant(table, data, name, language, delimiter, encoding), name, mapping, format)


def preview_roster_set(
    files: Mapping[str, bytes],
    *,
    format: str | None = None,  # noqa: A002
    language: str = "en",
) -> RosterPreview:
    """Read several tables that belong together (OneRoster, SDS, Canvas, Clever), with people, classes and roles joined.

    ``files`` maps a name to its bytes; only the last part of a name counts. Raises like preview_roster.
    """
    _check_format(format)
    if sum(map(len, files.values())) > 4 * 32 * 1024 * 1024:
        raise ExchangeTrouble(
            "roster_too_large", file="", what="bytes", found=sum(map(len, files.values())), limit=1 << 27
        )
    tables = {}
    for name, data in _tables_inside(files).items():
        if data.strip() and file_kind(data) == "text":
            tables[name] = read_table(data, name, language=language)
    joined = roster_sets.join(tables)
    students, told = students_of(joined.people)
    warnings = [*joined.table.warnings, *joined.warnings, *told]
    return _result(
        joined.table,
        joined.layout,
        format or format_of(joined.layout.headers) or "csv",
        students,
        warnings,
        rows=joined.rows,
        delta=joined.delta,
        name=joined.name,
    )


def _check_format(wanted: str | None) -> None:
    if wanted is not None and wanted not in ROSTER_FORMATS:
        raise Refusal("roster_unknown_format", format=wanted, formats=list(ROSTER_FORMATS))


def _tables_inside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Keep what can be a table, by its bare name; folders, notes and Apple's shadow files are left."""
    inside: dict[str, bytes] = {}
    for path, data in files.items():
        parts = path.replace("\\", "/").split("/")
        name = parts[-1]
        if name.startswith(".") or "__MACOSX" in parts or not data:
            continue
        if name.lower().rsplit(".", 1)[-1] not in ("csv", "txt", "tsv", "xlsx", "xls", "xlsb", "ods"):
            continue
        if name.lower() in {known.lower() for known in inside}:
            raise ExchangeTrouble("roster_unknown_zip", file=name, twice=True)
        inside[name] = data
    return inside


def _first_sheet_of_people(
    data: bytes,
    name: str,
    first: Table,
    mapping: Mapping[str, int] | None,
    wanted: str | None,
) -> RosterPreview:
    trouble: ExchangeTrouble | None = None
    guess: RosterPreview | None = None
    for number, sheet_name in enumerate(first.sheets):
        table = first if number == 0 else read_table(data, name, sheet=number)
        try:
            preview = _preview(table, name, mapping, wanted, RowWarning(0, "sheet_chosen", {"sheet": sheet_name}))
        except ExchangeTrouble as error:
            # "No rows" says more than "no names": a sheet was the list, only empty.
            trouble = error if trouble is None or error.code == "roster_no_rows" else trouble
            continue
        if any(column.header for column in preview.columns):
            return preview
        guess = guess or preview  # a later sheet with real headers is the better list
    if guess is not None:
        return guess
    raise trouble or ExchangeTrouble("roster_no_names", file=name)


def _as_lines_if_meant(
    table: Table, data: bytes, name: str, language: str, delimiter: str | None, encoding: str | None
) -> Table:
    """A file headed "Name" with `Smith, Ann` a line is one column: its comma belongs to the name."""
    if table.delimiter != "," or delimiter is not None or file_kind(data) != "text":
        return table
    filled = [row for row in table.rows if any(row)]
    found = field_of(filled[0][0]) if filled and len(filled[0]) == 1 else None
    if found is None or found[0] not in ("full_name", "name") or len(filled) < 2:
        return table
    return read_table(data, name, language=language, delimiter="", encoding=encoding)


def _preview(
    table: Table,
    name: str,
    mapping: Mapping[str, int] | None,
    wanted: str | None,
    *extra: RowWarning,
) -> RosterPreview:
    layout = lay_out(table, name, mapping)
    warnings = [*table.warnings, *extra]
    if layout.guessed:
        warnings.append(RowWarning(0, "guessed_columns"))
    staff = sum(map(is_staff_header, layout.headers)) + is_staff_file(name)
    if mapping is None and layout.index("role") is None and any(map(is_staff_header, layout.headers)):
        if staff > 1:
            raise ExchangeTrouble("roster_only_staff", file=name)
        warnings.append(RowWarning(0, "maybe_staff"))
    people, told = read_people(table, layout)
    source = wanted if wanted in FORMATS else format_of(layout.headers) or table.format
    if source in ("oneroster", "sds") and layout.index("role") is None and "sourcedId" in layout.headers:
        told.append(RowWarning(0, "roles_missing"))
    students, more = students_of(people)
    return _result(table, layout, source, students, [*warnings, *told, *more], rows=len(people), delta=False, name=name)


def _result(
    table: Table,
    layout: Layout,
    source: str,
    students: tuple[RosterStudent, ...],
    warnings: Iterable[RowWarning],
    *,
    rows: int,
    delta: bool,
    name: str,
) -> RosterPreview:
    told = sorted(warnings, key=lambda warning: warning.row)
    if not students:
        codes = {warning.code for warning in told}
        code = (
            "roster_only_staff"
            if "not_a_student" in codes
            else "roster_all_left"
            if "left" in codes
            else "roster_no_rows"
        )
        raise ExchangeTrouble(code, file=name)
    return RosterPreview(
        format=source,
        encoding=table.encoding,
        delimiter=table.delimiter,
        columns=layout.columns,
        rows=rows,
        students=students,
        warnings=tuple(told),
        sample_rows=_sample(table.rows[layout.first_row :], layout.columns),
        sheets=table.sheets,
        delta=delta,
    )


def _sample(rows: Sequence[tuple[str, ...]], columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """The first rows, mapped columns only: what is not mapped never leaves the reader."""
    mapped = [column.index for column in columns if column.field is not None]
    filled = (row for row in rows if any(row))
    return tuple(
        tuple(row[index] if index < len(row) else "" for index in mapped)
        for row, _ in zip(filled, range(_SAMPLE), strict=False)
    )
