"""Read one sheet of an Excel or OpenDocument workbook as rows of text, after measuring that it is safe to open.

calamine keeps a sheet as one dense block: a 5 KB file with a cell at XFD1048576 asks for 500 GB and takes the
whole program down. So the extent of the used cells is measured in the raw parts first, and calamine is handed
a repacked file made of counted bytes only.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop.archives import read_members, repack
from blenddesk.interop.ole import used_extent_xls
from blenddesk.interop.tables import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    RowWarning,
    Table,
    TableFormat,
    tidy_row,
)

_ATTRIBUTES = rb"((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
_XLSX_TAG = re.compile(rb"<(?:\w+:)?(row|c|sheetData)\b" + _ATTRIBUTES)
_ODS_TAG = re.compile(rb"<(/?)(?:\w+:)?(table-row|table-cell|covered-table-cell|table)\b" + _ATTRIBUTES)
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([^\"']*)[\"']")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")


def read_workbook(data: bytes, name: str, *, sheet: int = 0) -> Table:
    """Read sheet number ``sheet`` (from 0). Numbers become text without ".0", dates ISO text.

    Raises ExchangeTrouble: roster_unreadable, roster_encrypted, roster_too_large, roster_no_sheet.
    """
    kind, safe = _made_safe(data, name)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(safe))
        sheets = tuple(book.sheet_names)
        if not 0 <= sheet < len(sheets):
            raise ExchangeTrouble("roster_no_sheet", file=name, sheet=sheet, sheets=len(sheets))
        raw = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise ExchangeTrouble("roster_encrypted", file=name) from error
    except (CalamineError, ValueError, OSError) as error:
        raise ExchangeTrouble("roster_unreadable", file=name, kind=kind) from error
    except BaseException as error:
        # A damaged file can make calamine panic; that arrives as a class of its own beside Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise ExchangeTrouble("roster_unreadable", file=name, kind=kind) from error
    rows = []
    numeric: dict[int, int] = {}
    for cells in raw:
        for index, value in enumerate(cells):
            if isinstance(value, int | float) and not isinstance(value, bool):
                numeric[index] = numeric.get(index, 0) + 1
        rows.append(tidy_row([_cell_text(value) for value in cells]))
    warnings = tuple(
        RowWarning(number, "long_cell", {"limit": MAX_CELL_CHARACTERS})
        for number, row in enumerate(rows, 1)
        if any(len(cell) > MAX_CELL_CHARACTERS for cell in row)
    )
    return Table(
        format=kind,
        encoding=None,
        delimiter=None,
        rows=tuple(rows),
        sheets=sheets,
        warnings=warnings,
        numeric_columns=frozenset(numeric),
    )


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return value[: MAX_CELL_CHARACTERS + 1]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _made_safe(data: bytes, name: str) -> tuple[TableFormat, bytes]:
    if data[:2] != b"PK":
        if _ENCRYPTED_MARK in data:
            raise ExchangeTrouble("roster_encrypted", file=name)
        _check_extent(name, used_extent_xls(data, name))
        return "xls", data
    # Pictures and attachments are never needed, and what is not passed on cannot do harm.
    members = {
        inner: content
        for inner, content in read_members(data, name).items()
        if inner.lower().endswith((".xml", ".rels", ".bin")) or inner == "mimetype"
    }
    kind: TableFormat = "ods" if "content.xml" in members else "xlsb" if "xl/workbook.bin" in members else "xlsx"
    if kind == "ods" and b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise ExchangeTrouble("roster_encrypted", file=name)
    for inner, content in members.items():
        if inner.lower().endswith(".bin"):
            if kind == "xlsb":
                _check_extent(name, _extent_xlsb(content))
            continue
        # A document type is where entity bombs live; UTF-16 would hide cells from the measuring below.
        if inner != "mimetype" and (b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content[:200]):
            raise ExchangeTrouble("roster_unreadable", file=name, kind="xml")
        if kind == "ods" and inner == "content.xml":
            _check_extent(name, _extent_ods(content))
        elif kind == "xlsx" and b"sheetData" in content:
            _check_extent(name, _extent_xlsx(content, name))
    return kind, repack(members)


def _check_extent(name: str, extent: tuple[int, int]) -> None:
    rows, columns = extent
    for what, found, limit in (
        ("rows", rows, MAX_ROWS),
        ("columns", columns, MAX_COLUMNS),
        ("cells", rows * columns, MAX_CELLS),
    ):
        if found > limit:
            raise ExchangeTrouble("roster_too_large", file=name, what=what, found=found, limit=limit)


def _extent_xlsx(content: bytes, name: str) -> tuple[int, int]:
    """Rows and columns up to the last filled cell; cells without a reference follow the one before."""
    last_row = last_column = row = column = 0
    for tag in _XLSX_TAG.finditer(content):
        reference = _REFERENCE.search(tag[2])
        if tag[1] == b"sheetData":
            row = column = 0
        elif tag[1] == b"row":
            row = _number(reference[1], name) if reference else row + 1
            column = 0
        else:
            if reference:
                letters = reference[1].rstrip(b"0123456789")
                if not letters.isalpha() or not letters.isascii() or len(letters) > 4:
                    raise ExchangeTrouble("roster_unreadable", file=name, kind="xlsx")
                row = _number(reference[1][len(letters) :], name)
                column = 0
                for letter in letters.upper():
                    column = column * 26 + letter - 64
            else:
                column += 1
            if not tag[2].endswith(b"/"):
                last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row, last_column


def _number(digits: bytes, name: str) -> int:
    if not digits.isdigit() or len(digits) > 9:
        raise ExchangeTrouble("roster_unreadable", file=name, kind="xlsx")
    return int(digits)


def _extent_ods(content: bytes) -> tuple[int, int]:
    """Like _extent_xlsx; OpenDocument repeats rows and cells by number."""
    last_row = last_column = row = column = 0
    for tag in _ODS_TAG.finditer(content):
        found = _REPEATED.search(tag[3])
        repeat = int(found[1]) if found else 1
        if tag[1]:
            continue
        if tag[2] == b"table":
            row = 0
        elif tag[2] == b"table-row":
            row, column = row + repeat, 0
        else:
            column += repeat
            if not tag[3].endswith(b"/") or b"value" in tag[3]:
                last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row, last_column


def _extent_xlsb(content: bytes) -> tuple[int, int]:
    last_row = last_column = 0
    for kind, body in _records_xlsb(content):
        if kind == 0 and len(body) >= 4:  # BrtRowHdr
            last_row = max(last_row, int.from_bytes(body[:4], "little") + 1)
        elif 2 <= kind <= 11 and len(body) >= 4:  # BrtCellRk .. BrtFmlaError; 1 is a blank cell
            last_column = max(last_column, int.from_bytes(body[:4], "little") + 1)
    return (last_row, last_column) if last_column else (0, 0)


def _records_xlsb(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk BIFF12: kind in 1 or 2 bytes, size in up to 4 bytes of 7 bits."""
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80 and at < len(content):
            kind = (kind & 0x7F) | ((content[at] & 0x7F) << 7)
            at += 1
        size = shift = 0
        while at < len(content) and shift < 28:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + 4]
        at += size
