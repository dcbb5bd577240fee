"""Encodings, separators, quoting and limits of the one table reader."""

from __future__ import annotations

import codecs
import contextlib
import io

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.errors import ExchangeTrouble
from blenddesk.interop import tables
from blenddesk.interop.tables import guard_cell, read_table, tidy_cell

HEAD = ("Vorname", "Nachname", "Klasse")
ROWS = (("Jürgen", "Öztürk", "4b"), ("Zoë", "Nuñez", "4a"), ("François", "D'Été", "4b"))


def as_text(separator: str, line_end: str = "\r\n") -> str:
    return line_end.join(separator.join(row) for row in (HEAD, *ROWS)) + line_end


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("cp1252", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)
def test_every_common_encoding_separator_and_line_end(
    separator: str, line_end: str, encoding: str, mark: bytes
) -> None:
    table = read_table(mark + as_text(separator, line_end).encode(encoding), "list.csv")
    assert table.rows == (HEAD, *ROWS)
    assert table.delimiter == separator


@pytest.mark.parametrize(
    ("language", "page", "name"),
    [("ar", "cp1256", "محمد"), ("ru", "cp1251", "Наташа"), ("el", "cp1253", "Ελένη"), ("pl_PL", "cp1250", "Łucja")],
)
def test_code_page_follows_the_language(language: str, page: str, name: str) -> None:
    data = f"Name;Class\r\n{name};1\r\n{name};2\r\n".encode(page)
    table = read_table(data, "x.csv", language=language)
    assert (table.encoding, table.rows[1][0]) == (page, name)
    assert [warning.code for warning in table.warnings] == ["encoding_guessed"]


def test_chosen_encoding_and_unknown_encoding() -> None:
    assert read_table("Name\nŁucja\n".encode("cp1250"), "x", encoding="cp1250").rows[1] == ("Łucja",)
    with pytest.raises(ExchangeTrouble) as caught:
        read_table(b"Name\nAnn\n", "x", encoding="klingon")
    assert caught.value.code == "roster_unknown_encoding"


def test_undecodable_bytes_are_counted() -> None:
    table = read_table(b"Name;Class\r\nA\x81a;1\r\n", "x.csv")
    assert "bad_characters" in {warning.code for warning in table.warnings}


def test_quoted_line_breaks_and_separators() -> None:
    table = read_table(b'Name,Note\r\n"Smith, Ann","two\r\nlines"\r\n"Ray, ""Bo""",x\r\n', "x.csv")
    assert table.rows[1] == ("Smith, Ann", "two\r\nlines")
    assert table.rows[2] == ('Ray, "Bo"', "x")


def test_backslash_escaped_quotes_and_single_quoted_header() -> None:
    table = read_table(b"""'local_id','full_name'\n"1","Smith, \\"Ann\\" Bea"\n"2","Ray, Bo"\n""", "x.csv")
    assert table.rows == (("local_id", "full_name"), ("1", 'Smith, "Ann" Bea'), ("2", "Ray, Bo"))


def test_stray_quote_does_not_swallow_the_list() -> None:
    lines = ["First,Last", '"Bobby,Smith', *[f"Ann{n},Ray" for n in range(60)]]
    table = read_table("\n".join(lines).encode(), "x.csv")
    assert len(table.rows) == 62
    assert "stray_quote" in {warning.code for warning in table.warnings}


def test_separator_hint_line_and_chosen_separator() -> None:
    assert read_table(b"sep=;\r\nName;Class\r\nAnn;1\r\n", "x.csv").rows == (("Name", "Class"), ("Ann", "1"))
    assert read_table(b"a,b;c\nd,e;f\n", "x.csv", delimiter=";").rows[0] == ("a,b", "c")
    assert read_table(b"Smith, Ann\nRay, Bo\n", "x.txt", delimiter="").rows == (("Smith, Ann",), ("Ray, Bo",))


def test_comma_inside_an_address_does_not_win_over_semicolons() -> None:
    data = "Nom;Prénom;Adresse;Ville\nA;B;1, Rue X;P\nC;D;2, Rue Y;P\nE;F;3, Rue Z;P\n".encode()
    assert read_table(data, "x.csv").delimiter == ";"


def test_empty_words_become_empty_and_blank_rows_keep_their_number() -> None:
    table = read_table(b"Name,Class\nAnn,NULL\n\nBo,N/A\nNull,-\n", "x.csv")
    assert table.rows == (("Name", "Class"), ("Ann",), (), ("Bo",), ("Null",))  # a family may be called Null


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "roster_empty_file"),
        (b" \r\n\t ", "roster_empty_file"),
        (b"a\x00b\x00\x01\x02\xff\xfe,x\n", "roster_unreadable"),
        (b"%PDF-1.7 x", "roster_unreadable"),
        (b"<html><table><tr><td>Ann", "roster_unreadable"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "roster_unreadable"),
        (b"PK\x03\x04 nothing more", "roster_unknown_zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "roster_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "roster_encrypted"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        read_table(data, "x.csv")
    assert caught.value.code == code


def test_hundred_megabytes_are_refused_unread() -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        read_table(bytes(100 * 1024 * 1024), "big.csv")
    assert (caught.value.code, caught.value.data["what"]) == ("roster_too_large", "bytes")


def test_rows_columns_and_cells_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 50)
    monkeypatch.setattr(tables, "MAX_COLUMNS", 20)
    monkeypatch.setattr(tables, "MAX_CELL_CHARACTERS", 500)
    for data, what in ((b"a,b\n" * 51, "rows"), (b"a," * 30 + b"\n", "columns"), (b"x" * 501 + b",b\n", "cell")):
        with pytest.raises(ExchangeTrouble) as caught:
            read_table(data, "x.csv")
        assert (caught.value.code, caught.value.data["what"]) == ("roster_too_large", what)


def test_workbook_of_any_writer(tmp_path: object) -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Klasse 4b"
    for row in (HEAD, *ROWS):
        page.append(row)
    page.append(["Ann", "Ray", 12, 7.5, True])
    book.create_sheet("Leer")
    book.save(out)
    table = read_table(out.getvalue(), "list.xlsx")
    assert table.rows == (HEAD, *ROWS, ("Ann", "Ray", "12", "7.5", "TRUE"))
    assert (table.format, table.sheets, table.encoding) == ("xlsx", ("Klasse 4b", "Leer"), None)
    assert table.numeric_columns == {2, 3}
    assert read_table(out.getvalue(), "list.csv", sheet=1).rows == ()  # content counts, not the ending
    with pytest.raises(ExchangeTrouble) as caught:
        read_table(out.getvalue(), "list.xlsx", sheet=2)
    assert caught.value.code == "roster_no_sheet"


def test_row_numbers_of_a_workbook_are_those_on_its_screen() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_string(3, 1, "Name")
        page.write_string(4, 1, "00123")
    table = read_table(out.getvalue(), "x.xlsx")
    assert table.rows[3:] == (("", "Name"), ("", "00123"))
    assert table.rows[:3] == ((), (), ())


@given(st.text(alphabet=st.sampled_from("'=+-@\t\rAb NULL/"), max_size=8))
def test_guard_is_undone_exactly(cell: str) -> None:
    for formulas in (True, False):
        guarded = guard_cell(cell, formulas=formulas)
        # A cell made of nothing but an empty word and white space means nothing, guarded or not.
        assert tidy_cell(guarded) == cell or cell.strip() in tables.EMPTY_WORDS
    assert not guard_cell(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_reason(data: bytes) -> None:
    with contextlib.suppress(ExchangeTrouble):
        table = read_table(data, "x.csv")
        assert all(isinstance(cell, str) for row in table.rows for cell in row)
