"""Hostile and broken zips, workbooks and old Excel files are refused before anything unpacks or allocates them."""
# ruff: noqa: E501  (tables of sample text read better unbroken)

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile

import openpyxl
import pytest
import xlsxwriter

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop import archives
from blenddesk.interop.ole import used_extent_xls
from blenddesk.interop.rosters import preview_roster
from blenddesk.interop.tables import read_table


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(cells: dict[tuple[int, int], str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for (row, column), text in cells.items():
            page.write_string(row, column, text)
    return out.getvalue()


def changed(data: bytes, inner: str, old: bytes, new: bytes) -> bytes:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[inner]
    return zipped({**members, inner: members[inner].replace(old, new)})


SHEET = "xl/worksheets/sheet1.xml"


def code_of(data: bytes, name: str = "x") -> str:
    with pytest.raises(ExchangeTrouble) as caught:
        preview_roster(data, name)
    return caught.value.code


def test_zip_bomb_by_ratio_and_by_size() -> None:
    assert code_of(zipped({"users.csv": bytes(60 * 1024 * 1024)})) == "roster_too_large"


def test_zip_with_too_many_members() -> None:
    assert code_of(zipped({f"{n}.csv": b"" for n in range(archives.MAX_MEMBERS + 1)})) == "roster_too_large"


def test_zip_that_lies_about_sizes() -> None:
    """The declared size is made small: what comes out must not exceed it unnoticed."""
    data = bytearray(zipped({"users.csv": b"First,Last\n" + b"Ann,Ray\n" * 90_000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    assert code_of(bytes(data)) == "roster_unreadable"


def test_encrypted_zip() -> None:
    data = bytearray(zipped({"users.csv": b"First,Last\nAnn,Ray\n"}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(data)) == "roster_encrypted"


def test_paths_inside_a_zip_are_only_labels() -> None:
    preview = preview_roster(
        zipped({"../../etc/passwd.csv": b"First,Last\nAnn,Ray\n", "__MACOSX/._a.csv": b"x"}), "a.zip"
    )
    assert [student.given for student in preview.students] == ["Ann"]


def test_zip_without_lists_and_nested_zip() -> None:
    assert code_of(zipped({"word/document.xml": b"<x/>"})) == "roster_unknown_zip"
    assert code_of(zipped({"inner.zip": zipped({"users.csv": b"First,Last\nAnn,Ray\n"})})) == "roster_unknown_zip"
    assert code_of(zipped({"list.xlsx": zipped({"a.csv": b"First,Last\nAnn,Ray\n"})})) == "roster_unknown_zip"
    assert code_of(zipped({"a/users.csv": b"x", "b/users.csv": b"y"})) == "roster_unknown_zip"


def test_workbook_inside_a_zip() -> None:
    inner = workbook({(0, 0): "First name", (0, 1): "Last name", (1, 0): "Ann", (1, 1): "Ray"})
    assert preview_roster(zipped({"list.xlsx": inner}), "a.zip").format == "xlsx"


def test_far_away_cell_does_not_take_the_program_down() -> None:
    """calamine would ask for 500 GB for these few bytes and abort the process."""
    for cell in ("XFD1048576", "A1048576", "XFD1"):
        data = changed(workbook({(0, 0): "First", (1, 0): "Ann"}), SHEET, b'r="A2"', f'r="{cell}"'.encode())
        assert code_of(data) == "roster_too_large", cell


def test_cells_without_or_with_odd_references() -> None:
    data = workbook({(0, 0): "First name", (1, 0): "Ann"})
    far = changed(data, SHEET, b'<row r="2"', b'<row r="1048576"')
    far = changed(far, SHEET, b'<c r="A2"', b"<c")
    assert code_of(far) == "roster_too_large"
    odd = changed(data, SHEET, b'r="A2"', b'r="&#65;2"')
    assert code_of(odd) == "roster_unreadable"
    quoted = changed(data, SHEET, b'<c r="A2"', b"<c x='>' r='XFD1048576'")
    assert code_of(quoted) == "roster_too_large"


def test_formatted_but_empty_cells_far_away_are_harmless() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["First name", "Last name"])
        page.write_row(1, 0, ["Ann", "Ray"])
        page.write_blank(1_048_575, 16_000, None, book.add_format({"bold": True}))
    assert len(preview_roster(out.getvalue(), "x.xlsx").students) == 1


def test_document_types_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    data = changed(workbook({(0, 0): "First"}), SHEET, b"<worksheet", bomb)
    assert code_of(data) == "roster_unreadable"


def test_workbook_bomb() -> None:
    members = {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": b" " * (100 * 1024 * 1024)}
    assert code_of(zipped(members)) == "roster_too_large"


ODS_HEAD = (
    b'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    b'<office:body><office:spreadsheet><table:table table:name="Class">'
)
ODS_TAIL = b"</table:table></office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
    b' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def ods(*rows: bytes) -> bytes:
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS_HEAD + b"".join(rows) + ODS_TAIL,
            "META-INF/manifest.xml": MANIFEST,
        },
        zipfile.ZIP_STORED,
    )


def ods_row(*cells: str, repeat: str = "") -> bytes:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row{repeat}>{inside}</table:table-row>".encode()


def test_opendocument_and_its_usual_empty_million_rows() -> None:
    empty = (
        b'<table:table-row table:number-rows-repeated="1048573">'
        b'<table:table-cell table:number-columns-repeated="16384"/>'
        b"</table:table-row>"
    )
    preview = preview_roster(ods(ods_row("Nombre", "Apellidos"), ods_row("Ana", "Gil Ruiz"), empty), "x.ods")
    assert (preview.format, [(s.given, s.family) for s in preview.students]) == ("ods", [("Ana", "Gil Ruiz")])


def test_opendocument_repeat_bomb() -> None:
    bomb = ods_row("x", repeat=' table:number-rows-repeated="1048576"')
    assert code_of(ods(ods_row("Nombre"), bomb)) == "roster_too_large"


def biff_file(*cells: tuple[int, int]) -> bytes:
    """A minimal old Excel container holding LABEL records; enough to measure, not a whole workbook."""
    stream = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0005)
    for row, column in cells:
        stream += struct.pack("<HHHHH", 0x0204, 6, row, column, 0)
    stream = stream.ljust(4608, b"\x00")
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        label = name.encode("utf-16-le") + b"\x00\x00"
        return (
            label.ljust(64, b"\x00")
            + struct.pack("<HBB", len(label), kind, 1)
            + bytes(48)
            + struct.pack("<III", start, size, 0)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, len(stream)) + bytes(256)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * (436 - 4)
    return head[:512].ljust(512, b"\xff") + struct.pack("<128I", *fat) + directory + stream


def test_old_excel_is_measured_before_it_is_opened() -> None:
    assert used_extent_xls(biff_file((0, 0), (3, 2)), "x.xls") == (4, 3)
    assert code_of(biff_file((0, 0), (65535, 65535))) == "roster_too_large"


def test_damaged_workbooks_are_refused_with_a_reason() -> None:
    good = workbook({(0, 0): "First name", (0, 1): "Last name", (1, 0): "Ann", (1, 1): "Ray"})
    old = biff_file((0, 0), (3, 2))
    chance = random.Random(7)
    for source in (good, old):
        for _ in range(150):
            damaged = bytearray(source)
            for _ in range(chance.randint(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            if chance.random() < 0.3:
                del damaged[chance.randrange(len(damaged)) :]
            with contextlib.suppress(ExchangeTrouble):  # anything else, a panic of the parser too, fails here
                assert read_table(bytes(damaged), "x.xlsx").sheets


def test_openpyxl_and_xlsxwriter_files_measure_alike() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["C4"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "a").rows == read_table(workbook({(3, 2): "x"}), "b").rows
