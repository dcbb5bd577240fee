"""The print sheet: what it offers, what the preview says, a PDF by a press, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from blenddesk.domain.ids import Id
from blenddesk.errors import Refusal
from blenddesk.printing.output import page_words
from blenddesk.printing.paper import Paper
from blenddesk.services import exchange, plans, profiles
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.computers_add import WordsSheet
from blenddesk.ui.desk.print_sheet import PrintSheet
from blenddesk.ui.desk.prints import KINDS, NewComputer, print_pages
from blenddesk.ui.desk.window import DeskWindow

NEED = "Needcanary short instructions"


@pytest.fixture
def planned(desk: AppContext, section: Id) -> Id:
    """A lesson for the class of eight; everyone has a need on the desk."""
    for student in desk.reads.people.students(section):
        desk.run(profiles.set_list, student.id, "needs", [NEED])
    return desk.run(plans.new_plan, section, "station-4", day="2026-11-23", start_minute=570, seed=3).plan


@pytest.fixture
def window(desk: AppContext, section: Id, qtbot) -> Iterator[DeskWindow]:
    made = DeskWindow(desk, section=section)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def words_of(desk: AppContext, section: Id, what: str) -> str:
    pages = print_pages(desk, section, what)
    return "\n".join(word for page in pages for word in page_words(page, Paper()))


@pytest.mark.parametrize("what", KINDS)
def test_no_print_shows_a_family_name_or_a_need(desk: AppContext, section: Id, planned: Id, what: str) -> None:
    students = desk.reads.people.students(section)
    assert all(student.family for student in students)
    written = words_of(desk, section, what)
    assert written
    assert "Needcanary" not in written
    assert not [student.family for student in students if student.family in written]


def test_cards_show_no_group_and_group_lists_do(desk: AppContext, section: Id, planned: Id) -> None:
    sheet = desk.reads.plans.sheet(section, planned)
    assert sheet is not None
    names = {"circle": "Circles", "triangle": "Triangles", "square": "Squares", "diamond": "Diamonds"}
    names |= {"hexagon": "Hexagons", "drop": "Drops", "arch": "Arches", "flower": "Flowers"}
    for group in sheet.groups:
        assert names[group.shape] in words_of(desk, section, "groups")
        assert names[group.shape] not in words_of(desk, section, "cards")
        assert names[group.shape] not in words_of(desk, section, "codes")


def test_the_board_has_a_time_and_a_line_for_each_round(desk: AppContext, section: Id, planned: Id) -> None:
    sheet = desk.reads.plans.sheet(section, planned)
    assert sheet is not None
    written = words_of(desk, section, "board")
    for round_ in range(len(sheet.plan.rounds)):
        hour, minute = divmod(570 + sheet.plan.round_offset(round_), 60)
        assert f"{hour}:{minute:02d}" in written
        assert f"Round {round_ + 1}. " in written


def test_without_a_plan_the_sheet_says_what_to_do(window: DeskWindow) -> None:
    sheet = PrintSheet(window.session, "stations")
    sheet.open()
    assert "no plan yet" in sheet.note.text()
    assert not sheet.pdf.isEnabled()
    assert not sheet.paper.isEnabled()
    sheet.kind.choose("cards")
    assert sheet.pdf.isEnabled()
    assert sheet.count.text() == "1 of 1"
    sheet.close_sheet()


def test_the_preview_can_be_heard_and_turned(window: DeskWindow, desk: AppContext, section: Id, planned: Id) -> None:
    sheet = PrintSheet(window.session, "stations")
    sheet.open()
    assert sheet.count.text() == "1 of 4"
    assert not sheet.back.isEnabled()
    first = sheet.preview.accessibleName()
    sheet.onward.click()
    assert sheet.count.text() == "2 of 4"
    assert sheet.preview.accessibleName() != first
    assert "Practise on the computer" in sheet.preview.accessibleDescription()
    sheet.saver.click()
    assert sheet.choices().ink_saver
    sheet.close_sheet()


def test_one_press_saves_a_pdf_and_says_where(window: DeskWindow, tmp_path: Path, qtbot) -> None:
    path = tmp_path / "cards.pdf"
    asked: list[str] = []
    sheet = PrintSheet(window.session, "cards", choose_file=lambda _parent, name: asked.append(name) or path)
    sheet.open()
    sheet.pdf.click()
    qtbot.waitUntil(lambda: str(path) in window.toast.message())
    assert asked == ["sign-in-cards.pdf"]
    assert path.read_bytes().startswith(b"%PDF-")
    window.toast.close_now()


def test_the_printer_gets_the_same_pages(window: DeskWindow, tmp_path: Path, qtbot) -> None:
    """A printer that writes into a file stands for one of metal."""
    path = tmp_path / "printed.pdf"

    def printer(_parent: object) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(path))
        return made

    sheet = PrintSheet(window.session, "cards", choose_printer=printer)
    sheet.open()
    sheet.paper.click()
    qtbot.waitUntil(lambda: "printer" in window.toast.message())
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
    window.toast.close_now()


def test_taking_back_the_question_prints_nothing(window: DeskWindow) -> None:
    sheet = PrintSheet(window.session, "cards", choose_file=lambda *_: None, choose_printer=lambda *_: None)
    sheet.open()
    sheet.pdf.click()
    sheet.paper.click()
    assert not window.tasks.is_busy
    assert sheet.isVisible()
    sheet.close_sheet()


def test_the_five_words_are_printed_only_with_a_new_computer(desk: AppContext, section: Id, window: DeskWindow) -> None:
    with pytest.raises(Refusal) as caught:
        print_pages(desk, section, "words")
    assert caught.value.code == "nothing_to_print"
    computer = NewComputer("Blue-3", "Blue-3.bdseat", ("apple", "river", "candle", "monkey", "purple"))
    sheet = PrintSheet(window.session, "words", computer=computer)
    sheet.open()
    assert "monkey" in sheet.preview.accessibleDescription()
    assert "Blue-3" in sheet.preview.accessibleName()
    sheet.close_sheet()


def test_the_class_page_and_a_key_open_it(window: DeskWindow, planned: Id, qtbot) -> None:
    page = window.open_page("class")
    button = page.findChild(QWidget, "class_print")
    assert isinstance(button, QAbstractButton)
    button.click()
    sheet = window.findChild(PrintSheet)
    assert sheet is not None
    assert sheet.kind.chosen() == "cards"
    window.open_print()
    assert len(window.findChildren(PrintSheet)) == 1, "one sheet at a time"
    sheet.close_sheet()
    qtbot.waitUntil(lambda: window.findChild(PrintSheet) is None)
    window.open_page("plan")
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    sheet = window.findChild(PrintSheet)
    assert sheet is not None
    assert sheet.kind.chosen() == "stations"
    sheet.close_sheet()


@pytest.mark.parametrize(
    ("for_teacher", "door"), [(False, "This is a student computer"), (True, "I was given a stick by a colleague")]
)
def test_the_sheet_with_five_words_has_a_print_button(
    window: DeskWindow, section: Id, tmp_path: Path, for_teacher: bool, door: str
) -> None:
    added = window.session.context.run(exchange.add_computer, section, "Blue-3", tmp_path, for_desk=for_teacher)
    shown = WordsSheet(window.session, added, for_teacher=for_teacher)
    shown.open()
    shown.print.click()
    sheet = window.findChild(PrintSheet)
    assert sheet is not None
    assert door in sheet.preview.accessibleDescription()
    assert all(word in sheet.preview.accessibleDescription() for word in added.words)
    sheet.close_sheet()
    assert shown.isVisible(), "the words are still there to be written down"
    shown.close_sheet()
