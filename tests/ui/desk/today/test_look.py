"""Today at every size: names for screen readers, nothing cut off, what is in view, what the first paint loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import text
from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import entries, kiosk, live
from blenddesk.services.context import AppContext
from blenddesk.services.today import DayState
from blenddesk.ui import theme
from tests.conftest import FakeClock, fill_class
from tests.lessons import make_lesson
from tests.ui.desk.today.taps import Open, Taps, names_on, page_of


def test_flipping_keeps_every_window_and_covers_the_desk(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    window = open_desk()
    page = page_of(window)
    page.open_board()
    board = page.windows().board
    assert board is not None
    page.cover(False)
    board.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(board, Qt.Key.Key_F8)
    assert page.is_covered()
    assert page.windows().windows() == [window, board]
    assert board.isVisible()


def all_controls(root: QWidget) -> Iterator[QWidget]:
    for child in root.findChildren(QWidget):
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled():
            yield child


@pytest.mark.parametrize("state", [DayState.READY, DayState.RUNNING, DayState.FINISHED])
def test_screen_readers_meet_every_control_by_a_name(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open, state: DayState
) -> None:
    plan = make_lesson(desk, section)
    if state is not DayState.READY:
        live.start_lesson(desk, section, plan)
        live.next_round(desk, section, plan)
    if state is DayState.FINISHED:
        live.finish(desk, section, plan)
    window = open_desk()
    seen = 0
    for control in all_controls(page_of(window)):
        accessible = QAccessible.queryAccessibleInterface(control)
        assert accessible is not None
        name = accessible.text(QAccessible.Text.Name)
        assert name.strip(), control.objectName()
        assert min(control.width(), control.height()) >= 24, (name, control.size())
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(("language", "scale"), [("en", 1.0), ("en", 1.3), ("ar", 1.0)])
def test_a_stress_class_is_never_cut_off_sideways(
    desk: AppContext,
    at_half_past_nine: FakeClock,
    open_desk: Open,
    themed_app: QApplication,
    language: str,
    scale: float,
) -> None:
    section = fill_class(desk, 45)
    students = desk.reads.people.students(section)
    names = [f"Mohamed {'ABC'[n]}" if n < 3 else "Maximiliana-Konstantinea"[: 24 - n % 3] for n in range(45)]
    drafts = [put(section, "student", one.id, name=name, avatar="") for one, name in zip(students, names, strict=True)]
    desk.commit("renamed", drafts)
    text.use_language(language)
    theme.apply_theme(themed_app, theme.current().tokens, scale=scale, language=language)
    plan = make_lesson(desk, section, "station-mirrored")
    window = open_desk()
    window.resize(1280, 680)
    page = page_of(window)
    for step in ("ready", "running", "finished"):
        if step == "running":
            desk.run(live.start_lesson, section, plan)
        elif step == "finished":
            desk.run(live.finish, section, plan)
        for _ in range(3):
            QApplication.processEvents()
        area = page.stack.currentWidget()
        assert area is not None
        assert area.horizontalScrollBar().maximum() == 0, step  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "scale"), [((1280, 680), 1.0), ((1280, 680), 1.3), ((1024, 768), 1.0)])
def test_in_a_lesson_time_needs_and_groups_are_in_view_without_scrolling(
    desk: AppContext,
    at_half_past_nine: FakeClock,
    open_desk: Open,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
) -> None:
    section = fill_class(desk, 45)
    students = desk.reads.people.students(section)
    long = [put(section, "student", one.id, name=f"Maximiliana-Konstantin{n:02}") for n, one in enumerate(students)]
    desk.commit("renamed", long)
    theme.apply_theme(themed_app, theme.current().tokens, scale=scale)
    plan = make_lesson(desk, section, "station-mirrored")
    desk.run(live.start_lesson, section, plan)
    for one in students[:4]:
        kiosk.ask_for_help(desk, section, one.id, plan=plan)
    window = open_desk()
    window.resize(*size)
    for _ in range(4):
        QApplication.processEvents()
    run = page_of(window).run
    view = page_of(window).stack
    assert len(page_of(window).view.rows) == 6  # type: ignore[union-attr]
    for part in (run.timer, run.board, run.side.needs):
        assert part.isVisible()
        bottom = part.mapTo(view, part.rect().bottomLeft()).y()
        assert bottom <= view.height(), (part.objectName(), bottom, view.height())
    shown = run.side.needs.rows
    assert 2 <= len(shown) <= 4
    for row in shown:
        assert row.title.height() < 3 * row.title.fontMetrics().lineSpacing()
        assert "asks for help" in row.title.shown()
        assert row.title.shown() == row.title.text() or row.title.toolTip() == row.title.text()


def test_no_window_flashes_up_while_the_board_is_laid_out_anew(
    desk: AppContext, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    section = fill_class(desk, 45)
    plan = make_lesson(desk, section, "station-mirrored")
    desk.run(live.start_lesson, section, plan)
    window = open_desk()
    window.resize(1280, 600)
    page_of(window).refresh()
    window.resize(1366, 900)
    for _ in range(4):
        QApplication.processEvents()
        assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [window]


def test_the_first_paint_needs_no_heavy_library() -> None:
    code = (
        "import sys, blenddesk.ui.desk.window, blenddesk.ui.desk.today; "
        "heavy = ('sqlalchemy', 'nacl', 'pyrage', 'zstandard', 'python_calamine', 'segno', "
        "'blenddesk.ui.board.window');"
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_who_did_what_after_the_lesson(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    student = sheet.students()[0]
    for block in sheet.blocks_of_student(student):
        entries.mark_work(desk, section, plan, block.id, [student], EntryKind.CLAIMED)
    live.finish(desk, section, plan)
    words = names_on(open_desk())
    assert "7 students have something to catch up on" in words
    assert "All done" in words


def test_the_student_computer_opens_here_and_shows_its_count(
    desk: AppContext, section: Id, at_half_past_nine: FakeClock, open_desk: Open
) -> None:
    plan = make_lesson(desk, section)
    live.start_lesson(desk, section, plan)
    live.next_round(desk, section, plan)
    window = open_desk()
    page = page_of(window)
    taps = Taps(window)
    taps.tap("open_student_computer")
    student_computer = page.windows().student_computer
    assert student_computer is not None
    assert student_computer.isVisible()
    assert "0 of 2 done" in names_on(page.run.side.computers)
    page.open_board()
    assert page.windows().windows() == [window, page.windows().board, student_computer]
