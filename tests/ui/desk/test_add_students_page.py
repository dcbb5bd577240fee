"""Adding students: live preview, corrected columns, doubts, the same list again, bad files, long files, one undo."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk import messages, text
from blenddesk.domain.ids import Id
from blenddesk.services import classes, history
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk import add_students_page
from blenddesk.ui.desk.add_draft import FIELD_WORDS, split_name
from blenddesk.ui.desk.add_students_page import AddStudentsPage
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import NAMES
from tests.ui.access import complaints
from tests.ui.clipping import clipped

PACKAGE = Path(messages.__file__).parent


@pytest.fixture
def page(desk_window: DeskWindow) -> AddStudentsPage:
    found = desk_window.open_page("add_students", way="paste")
    assert isinstance(found, AddStudentsPage)
    return found


def paste(page: AddStudentsPage, words: str) -> None:
    page.paste.setPlainText(words)
    page.read_now()


def column(page: AddStudentsPage, number: int) -> kit.Choice:
    QApplication.processEvents()
    found = page.preview.mapping.findChild(kit.Choice, f"column_{number}")
    assert found is not None
    return found


def choose(choice: kit.Choice, key: str) -> None:
    choice.choose(key)
    choice.activated.emit(choice.currentIndex())


def cell(page: AddStudentsPage, row: int, at: int) -> object:
    model = page.preview.table.rows
    return model.data(model.index(row, at), Qt.ItemDataRole.DisplayRole)


def test_a_class_of_32_from_a_pasted_list_in_two_steps(
    page: AddStudentsPage, desk: AppContext, section: Id, qtbot: QtBot
) -> None:
    assert page.paste.hasFocus()
    QApplication.clipboard().setText("\n".join(NAMES[8:40]))
    qtbot.keyClick(page.paste, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.add.words() == "Add 32 students")
    assert [student.family for student in desk.reads.people.students(section)][8:] == []
    shown = [row.picture for row in page.preview.table.rows._rows]
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    added = desk.reads.people.students(section)[8:]
    assert len(added) == 32
    assert [one.avatar for one in added] == shown
    assert (added[0].given, added[0].family, added[0].name) == ("Farid", "Azizi", "Farid")
    assert page.session.window.stack.currentWidget().objectName() == "page_class"
    page.session.undo()
    assert len(desk.reads.people.students(section)) == 8


def test_the_same_list_again_is_0_new(page: AddStudentsPage, desk: AppContext, section: Id) -> None:
    paste(page, "\n".join(NAMES[:8]))
    assert page.preview.summary.text() == "0 new: all 8 students are here already"
    assert not page.add.isEnabled()
    assert cell(page, 0, 3) == "Here already"


def test_columns_are_proposed_and_corrected(page: AddStudentsPage, desk: AppContext, section: Id) -> None:
    paste(page, "Surname,Forename,Code\nAzizi,Farid,A1\nSato,Hana,A2")
    assert [column(page, at).chosen() for at in range(3)] == ["family", "given", "source_id"] or column(page, 2)
    assert (cell(page, 0, 1), cell(page, 0, 2)) == ("Farid", "Azizi")
    choose(column(page, 0), "given")
    choose(column(page, 1), "family")
    assert (cell(page, 0, 1), cell(page, 0, 2)) == ("Azizi", "Farid")
    page.add.click()
    assert desk.reads.people.students(section)[-1].given == "Sato"


def test_a_list_without_known_headings_asks_which_column(page: AddStudentsPage, desk: AppContext) -> None:
    paste(page, "Score,Points,Total\n3,4,5\n6,7,8")
    assert page.preview.trouble.isVisible()
    assert "No column with names" in page.preview.trouble.label.text()
    choose(column(page, 1), "full_name")
    assert page.draft.reading is not None


def test_a_private_column_is_refused_in_words(page: AddStudentsPage) -> None:
    paste(page, "Name,Phone\nFarid Azizi,5550100\nHana Sato,5550101")
    choose(column(page, 1), "family")
    assert "looks private" in page.preview.trouble.label.text()


def test_whole_names_are_split_as_the_teacher_says(page: AddStudentsPage) -> None:
    paste(page, "Farid Azizi\nLi Wei Chen\nHana")
    assert [(cell(page, row, 1), cell(page, row, 2)) for row in range(3)] == [
        ("Farid", "Azizi"),
        ("Li Wei", "Chen"),
        ("Hana", ""),
    ]
    choose(page.whole, "family")
    assert (cell(page, 1, 1), cell(page, 1, 2)) == ("Wei Chen", "Li")
    choose(page.whole, "whole")
    assert (cell(page, 1, 1), cell(page, 1, 2)) == ("Li Wei Chen", "")


def test_splitting_keeps_a_name_of_its_own() -> None:
    from blenddesk.interop.roster_model import RosterStudent

    called = RosterStudent(1, "Farid Azizi", "", "Freddy", "")
    assert split_name(called, "given") == RosterStudent(1, "Farid", "Azizi", "Freddy", "")


def test_a_doubt_is_shown_side_by_side_and_decided(page: AddStudentsPage, desk: AppContext, section: Id) -> None:
    paste(page, "Amina Dialo\nFarid Azizi")
    assert page.add.words() == "Add 2 students"
    QApplication.processEvents()
    choice = page.preview.doubts.findChild(kit.Choice, "doubt_1")
    assert choice is not None
    assert "Amina Diallo (Sunflowers)" in choice.itemText(1)
    amina = desk.reads.people.students(section)[0]
    choose(choice, amina.id.hex())
    assert page.add.words() == "Add 1 student"
    page.add.click()
    students = desk.reads.people.students(section)
    assert len(students) == 9
    assert students[0].family == "Dialo"


def test_the_very_same_name_with_a_new_number_is_the_same_student(
    page: AddStudentsPage, desk: AppContext, section: Id
) -> None:
    paste(page, "Given,Family,ID\nAmina,Diallo,007\nBen,Novak,008")
    assert page.add.words() == "Save 2 changes"
    page.add.click()
    students = desk.reads.people.students(section)
    assert len(students) == 8
    assert students[0].source_id == "007"


def test_rows_that_cannot_be_used_say_why(page: AddStudentsPage) -> None:
    paste(page, "Given,Family\nFarid,Azizi\n,\n" + "x" * 300 + ",Sato\nHana,Sato\nHana,Sato")
    sentences = page.preview.warnings.show_warnings(page.draft)
    assert any(line.startswith("Row 4: This name has more than") for line in sentences)
    checks = [str(cell(page, row, 4)) for row in range(page.preview.table.rows.rowCount())]
    assert any("The same name as in row" in line for line in checks)


def test_bad_files_get_a_sentence(page: AddStudentsPage, tmp_path: Path) -> None:
    page.choose_way("file")
    empty, binary, missing = tmp_path / "empty.csv", tmp_path / "noise.xlsx", tmp_path / "gone.csv"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)) * 40)
    for path, words in ((empty, "is empty"), (binary, "cannot be read as a list"), (missing, "cannot be read")):
        page.read_file(path)
        assert words in page.preview.trouble.label.text(), path
        assert not page.add.isEnabled()


def test_a_file_with_several_classes_can_keep_them(page: AddStudentsPage, desk: AppContext, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Given,Family,Class\nFarid,Azizi,5A\nHana,Sato,5B\n", encoding="utf-8")
    page.choose_way("file")
    page.read_file(path)
    choose(page.into, add_students_page.FROM_LIST)
    page.read_now()
    page.add.click()
    assert {one.name for one in desk.reads.sections.all()} == {"Sunflowers", "5A", "5B"}
    assert page.session.section() is not None


def test_typing_adds_at_once(page: AddStudentsPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    page.choose_way("type")
    assert page.typing.given.hasFocus()
    qtbot.keyClicks(page.typing.given, "Farid")
    qtbot.keyClick(page.typing.given, Qt.Key.Key_Return)
    assert desk.reads.people.students(section)[-1].name == "Farid"
    assert page.typing.given.text() == ""
    qtbot.keyClick(page.typing.given, Qt.Key.Key_Return)
    assert "needs a name" in page.typing.given_row.note.text()


def test_a_long_list_counts_and_can_be_stopped(
    page: AddStudentsPage, desk: AppContext, section: Id, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add_students_page, "MANY_STUDENTS", 2)
    paste(page, "\n".join(NAMES[8:20]))
    add, go, at = page.draft.add, threading.Event(), threading.Event()

    def slowly(context: AppContext, progress: object = None) -> object:
        at.set()
        assert go.wait(5)
        return add(context, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(type(page.draft), "add", lambda _self, context, progress=None: slowly(context, progress))
    page.add.click()
    assert at.wait(5)
    worker = page.session.window.tasks._worker
    assert worker is not None
    worker.progress.cancel()
    go.set()
    qtbot.waitUntil(lambda: not page.session.window.tasks.is_busy)
    assert len(desk.reads.people.students(section)) == 8
    page.add.click()
    qtbot.waitUntil(lambda: len(desk.reads.people.students(section)) == 20)
    qtbot.waitUntil(lambda: not page.session.window.tasks.is_busy)
    assert page.session.window.stack.currentWidget().objectName() == "page_class"


def test_a_long_file_is_read_behind_the_window(
    page: AddStudentsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add_students_page, "LARGE_BYTES", 10)
    paste(page, "\n".join(NAMES[8:20]))
    assert page.session.window.tasks.is_busy
    qtbot.waitUntil(lambda: page.add.words() == "Add 12 students")
    paste(page, "\x00\x01\x02\x03" * 40)
    qtbot.waitUntil(lambda: page.preview.trouble.isVisible())


def test_without_a_class_one_is_made(page: AddStudentsPage, desk: AppContext, section: Id, qtbot: QtBot) -> None:
    classes.archive_class(desk, section)
    page.session.choose_section(None)
    page.refresh()
    assert not page.into_row.isVisibleTo(page)
    page.new_class.setText("4B")
    paste(page, "Farid Azizi\nHana Sato")
    page.add.click()
    made = classes.class_by_name(desk, "4B")
    assert made is not None
    assert len(desk.reads.people.students(made.id)) == 2
    assert page.session.section_id == made.id


def test_nothing_is_written_by_looking(page: AddStudentsPage, desk: AppContext) -> None:
    before = len(history.changes(desk))
    paste(page, "\n".join(NAMES[8:20]))
    choose(column(page, 0), "given")
    assert len(history.changes(desk)) == before


# --- words ----------------------------------------------------------------------------------------------------------


def raised_codes(kinds: set[str]) -> set[str]:
    """The codes that interop raises or warns with: the first text argument of the named calls."""
    found: set[str] = set()
    for path in (PACKAGE / "interop").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in kinds:
                continue
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
    return found


def test_every_code_of_a_class_list_has_a_sentence() -> None:
    codes = raised_codes({"ExchangeTrouble", "Refusal"}) | {"roster_all_left", "roster_no_rows", "roster_empty"}
    assert len(codes) > 12
    assert codes <= set(messages.ERRORS), codes - set(messages.ERRORS)


def test_every_warning_of_a_class_list_has_a_sentence() -> None:
    codes = raised_codes({"RowWarning"})
    assert len(codes) > 15
    assert codes == set(messages.ROSTER_WARNINGS)


def test_every_field_of_a_list_has_words() -> None:
    from blenddesk.interop.headers import FIELDS

    assert set(FIELD_WORDS) == set(FIELDS)


def test_a_screen_reader_meets_every_control(page: AddStudentsPage) -> None:
    paste(page, "Given,Family\nFarid,Azizi\nAmina,Dialo\n,\n")
    QApplication.processEvents()
    for way in ("paste", "file", "type"):
        page.choose_way(way)
        QApplication.processEvents()
        assert complaints(page) == [], way


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 705), 1.0, "en"), ((1280, 680), 1.3, "en"), ((1024, 600), 1.0, "en"), ((1280, 680), 1.0, "ar")],
)
def test_it_fits(
    desk_window: DeskWindow,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk_window.resize(*size)
    page = desk_window.open_page("add_students", way="paste")
    assert isinstance(page, AddStudentsPage)
    paste(page, "Given,Family,Telephone number of the family\n" + "\n".join(n.replace(" ", ",", 1) for n in NAMES))
    QApplication.processEvents()
    QApplication.processEvents()
    # A table's header is a scroll area to Qt and claims the least size of one.
    assert [one for one in clipped(page) if not one.startswith("QHeaderView")] == []
