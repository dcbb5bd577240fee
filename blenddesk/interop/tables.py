"""Read any table a teacher may bring (CSV, TSV, pasted text, Excel, OpenDocument) into rows of text.

The rules were measured on 131 public files: byte order mark, else strict UTF-8, else the Windows code page of
the chosen language; the separator that gives the steadiest row width. A detection library did worse.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from blenddesk.errors import ExchangeTrouble

TableFormat = Literal["csv", "tsv", "text", "xlsx", "xls", "xlsb", "ods"]

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 2_000
MAX_CELLS = 4_000_000
MAX_CELL_CHARACTERS = 20_000
DELIMITERS = ("\t", ";", "|", ",")  # on a tie the rarer character in ordinary text wins
NO_DELIMITER = "\x1f"  # a character no list contains: one cell a line, quotes still understood

EMPTY_WORDS = frozenset({"NULL", "N/A", "n/a", "N/A*", "#N/A", "(null)", "-", "--"})
_EMPTY_PATTERN = "|".join(re.escape(word) for word in sorted(EMPTY_WORDS))
# Our own exports put one apostrophe before a cell that a spreadsheet would run as a formula or that a reader
# (we too) would take for "nothing here"; this finds exactly those cells, an apostrophe deeper each time.
_GUARDED = re.compile(rf"'+(?:[=+\-@\t\r]|(?:{_EMPTY_PATTERN})\Z)")
_NEEDS_GUARD = re.compile(rf"(?:[=+\-@\t\r]|(?:{_EMPTY_PATTERN})\Z)")

_CODE_PAGES = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "he": "cp1255", "ru": "cp1251", "uk": "cp1251", "bg": "cp1251",
    "sr": "cp1251", "mk": "cp1251", "be": "cp1251", "pl": "cp1250", "cs": "cp1250", "sk": "cp1250", "hu": "cp1250",
    "ro": "cp1250", "hr": "cp1250", "sl": "cp1250", "sq": "cp1250", "el": "cp1253", "tr": "cp1254", "az": "cp1254",
    "lt": "cp1257", "lv": "cp1257", "et": "cp1257", "vi": "cp1258", "th": "cp874", "ja": "cp932", "zh": "gb18030",
    "ko": "cp949",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowWarning:
    """Something to look at. ``row`` is the 1-based row as a spreadsheet counts it, 0 for the whole file."""

    row: int
    code: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text cells as read; blank rows are empty tuples so that row numbers stay true.

    ``delimiter`` and ``encoding`` are None for workbooks; ``delimiter`` is None too for one cell a line.
    ``numeric_columns`` are workbook columns holding numbers, where leading zeros may be lost already.
    ``blank_after_delimiter`` tells a pasted "Last, First" list from a real CSV file.
    """

    format: TableFormat
    encoding: str | None
    delimiter: str | None
    rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    warnings: tuple[RowWarning, ...] = ()
    numeric_columns: frozenset[int] = frozenset()
    blank_after_delimiter: bool = False


def read_table(
    data: bytes,
    name: str,
    *,
    language: str = "en",
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: int = 0,
) -> Table:
    """Read one file, whatever its ending says. ``name`` serves messages and tells TSV from CSV, nothing else.

    ``language`` (such as "fr") chooses the Windows code page for text that is not Unicode. ``delimiter`` and
    ``encoding`` overrule the guess; a delimiter of "" means one cell a line. ``sheet`` counts from 0.
    Raises ExchangeTrouble: roster_empty_file, roster_too_large, roster_unreadable, roster_encrypted,
    roster_unknown_zip, roster_unknown_encoding, roster_no_sheet.
    """
    refuse_oversize(data, name)
    kind = file_kind(data)
    if kind in ("workbook", "ole"):
        from blenddesk.interop.workbooks import read_workbook

        return read_workbook(data, name, sheet=sheet)
    if kind == "zip":
        raise ExchangeTrouble("roster_unknown_zip", file=name)
    if kind != "text":
        raise ExchangeTrouble("roster_unreadable", file=name, kind=kind)
    text, used_encoding, warnings = decode_text(data, name, language=language, encoding=encoding)
    return parse_text(text, name, encoding=used_encoding, delimiter=delimiter, warnings=warnings)


def refuse_oversize(data: bytes, name: str) -> None:
    """Stop before any parser sees an empty or an absurdly large file."""
    if len(data) > MAX_BYTES:
        raise ExchangeTrouble("roster_too_large", file=name, what="bytes", found=len(data), limit=MAX_BYTES)
    if not data.strip(b" \t\r\n\x00"):
        raise ExchangeTrouble("roster_empty_file", file=name)


def file_kind(data: bytes) -> str:
    """Tell by content: text, workbook (a zip holding sheets), zip, ole (old Excel), pdf, html, xml or picture."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        # ODF puts its media type first, Office its content types; the central directory repeats every name.
        marks = (b"xl/workbook.", b"opendocument.spreadsheet")
        return "workbook" if any(mark in data for mark in marks) else "zip"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "ole"
    for start, kind in ((b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"{\\rtf", "rtf")):
        if data.startswith(start):
            return kind
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "html"
    return "xml" if head.startswith(b"<?xml") else "text"


def decode_text(
    data: bytes, name: str, *, language: str = "en", encoding: str | None = None
) -> tuple[str, str, tuple[RowWarning, ...]]:
    """Return text, the encoding used (Python's name) and warnings."""
    if encoding:
        try:
            codec = codecs.lookup(encoding).name
            text = data.decode(codec, errors="replace")
        except LookupError as error:
            raise ExchangeTrouble("roster_unknown_encoding", file=name, encoding=encoding) from error
        return _finish_text(text, codec, guessed=False)
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _finish_text(data.decode(codec, errors="replace"), codec, guessed=False)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _finish_text(wide[0], wide[1], guessed=True)
    if b"\x00" in data:
        raise ExchangeTrouble("roster_unreadable", file=name, kind="binary")
    try:
        return _finish_text(data.decode("utf-8"), "utf-8", guessed=False)
    except UnicodeDecodeError:
        codec = _CODE_PAGES.get(language.replace("_", "-").split("-")[0].lower(), "cp1252")
        return _finish_text(data.decode(codec, errors="replace"), codec, guessed=True)


def parse_text(
    text: str, name: str, *, encoding: str, delimiter: str | None = None, warnings: tuple[RowWarning, ...] = ()
) -> Table:
    """Split text into rows; see read_table for ``delimiter``."""
    found = list(warnings)
    first_line = re.match(r"(?i)\"?sep=(.)\"?(\r\n|\r|\n)", text)
    if first_line:  # Excel's own hint line
        text = text[first_line.end() :]
        delimiter = first_line.group(1) if delimiter is None else delimiter
    if re.search(r'\\"[^,;\t|\r\n"]', text):
        text = text.replace('\\"', '""')  # backslash-escaped quotes, as MySQL and Aspen write them
    used = _choose_delimiter(text) if delimiter is None else (delimiter or NO_DELIMITER)
    rows = _rows(text, name, used, csv.QUOTE_MINIMAL)
    if any(cell.count("\n") + cell.count("\r") > 30 for row in rows for cell in row):
        # A stray quotation mark swallowed half the list; without quoting every line is a row again.
        rows = _rows(text, name, used, csv.QUOTE_NONE)
        found.append(RowWarning(0, "stray_quote"))
    rows = _without_single_quotes(rows)
    kind: TableFormat = "tsv" if used == "\t" else "text" if used == NO_DELIMITER else "csv"
    return Table(
        format=kind,
        encoding=encoding,
        delimiter=None if used == NO_DELIMITER else used,
        rows=tuple(tidy_row(row) for row in rows),
        warnings=tuple(found),
        blank_after_delimiter=text.count(used + " ") > 0.9 * text.count(used) > 0,
    )


def tidy_row(cells: list[str]) -> tuple[str, ...]:
    """Take off our formula guard, turn empty words into "" and drop blank cells at the end."""
    tidy = [tidy_cell(cell) for cell in cells]
    while tidy and not tidy[-1].strip():
        tidy.pop()
    return tuple(tidy)


def tidy_cell(cell: str) -> str:
    """Undo ``guard_cell``; words that only mean "nothing here" become ""."""
    if cell[:1] == "'" and _GUARDED.match(cell):
        return cell[1:]
    return "" if cell.strip() in EMPTY_WORDS else cell


def guard_cell(cell: str, *, formulas: bool = True) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run or a reader would take for empty.

    ``formulas=False`` is for workbooks, where a cell is marked as text anyway and only our own reader counts.
    """
    if (formulas and _NEEDS_GUARD.match(cell)) or cell in EMPTY_WORDS or _GUARDED.match(cell):
        return "'" + cell
    return cell


def _finish_text(text: str, codec: str, *, guessed: bool) -> tuple[str, str, tuple[RowWarning, ...]]:
    warnings = []
    if guessed:
        warnings.append(RowWarning(0, "encoding_guessed", {"encoding": codec}))
    if "\ufffd" in text:
        warnings.append(RowWarning(0, "bad_characters", {"encoding": codec, "count": text.count("\ufffd")}))
    text = text.lstrip("\ufeff").rstrip("\x1a\x00")  # DOS end-of-file mark, padding
    return text.replace("\x00", ""), codec, tuple(warnings)


def _utf16_without_mark(data: bytes) -> tuple[str, str] | None:
    """UTF-16 shows itself by zero bytes on one side only; that holds for its separators in any script."""
    if len(data) % 2 or b"\x00" not in data[:4000]:
        return None
    head = data[:4000]
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        low = head[0::2] if codec == "utf-16-le" else head[1::2]
        if high.count(0) >= 4 and low.count(0) == 0:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if not re.search(r"[\x01-\x08\x0e-\x19]", text):
                return text, codec
    return None


def _choose_delimiter(text: str) -> str:
    """The separator whose most common row width (over 1) covers the largest share of the first rows."""
    sample = text[:200_000]
    best: tuple[float, int, int] | None = None
    chosen = NO_DELIMITER
    for rank, candidate in enumerate(DELIMITERS):
        if candidate not in sample:
            continue
        widths: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate):
                if any(cell.strip() for cell in row):
                    widths[len(row)] += 1
                if widths.total() >= 200:
                    break
        except csv.Error:
            continue  # an overlong cell: another separator will do better, or _rows refuses with a reason
        if not widths:
            continue
        many = 1 - widths[1] / widths.total()
        width, count = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
        if many < 0.5 or width < 2:
            continue  # most lines do not hold it at all: a comma inside some names
        score = (round(count / widths.total(), 3), width, -rank)
        # Ragged but everywhere (a tab in each row) beats steady but not everywhere.
        score = (score[0] if many == 1 else score[0] * many, *score[1:])
        if best is None or score > best:
            best, chosen = score, candidate
    return chosen


def _rows(text: str, name: str, delimiter: str, quoting: Literal[0, 3]) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    try:
        # newline="": bare CR, CRLF and line breaks inside quotes all come through as written.
        skip = delimiter == ","  # `Smith, "Ann"`: a blank before the quote is only harmless after a comma
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, skipinitialspace=skip)
        for row in reader:
            cells += len(row)
            if len(rows) >= MAX_ROWS or cells > MAX_CELLS or len(row) > MAX_COLUMNS:
                what, limit = ("columns", MAX_COLUMNS) if len(row) > MAX_COLUMNS else ("rows", MAX_ROWS)
                raise ExchangeTrouble("roster_too_large", file=name, what=what, found=limit + 1, limit=limit)
            rows.append(row)
    except csv.Error as error:
        if quoting == csv.QUOTE_MINIMAL:
            return _rows(text, name, delimiter, csv.QUOTE_NONE)
        raise ExchangeTrouble("roster_unreadable", file=name, kind="text") from error
    if any(len(cell) > MAX_CELL_CHARACTERS for row in rows for cell in row):
        if quoting == csv.QUOTE_MINIMAL:
            return _rows(text, name, delimiter, csv.QUOTE_NONE)
        raise ExchangeTrouble(
            "roster_too_large", file=name, what="cell", found=MAX_CELL_CHARACTERS + 1, limit=MAX_CELL_CHARACTERS
        )
    return rows


def _without_single_quotes(rows: list[list[str]]) -> list[list[str]]:
    """Some exports put the header (only) in single quotes."""
    if rows and len(rows[0]) > 1 and all(len(c) > 1 and c[0] == c[-1] == "'" for c in rows[0] if c):
        rows[0] = [cell[1:-1] for cell in rows[0]]
    return rows
