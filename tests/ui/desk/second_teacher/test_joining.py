"""Another teacher's computer from the first press to the first change: two whole desks, one stick, real clicks."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.services import authority, plans, profiles
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.desk.computers_add import AddTeacherSheet
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.welcome import WelcomeWindow
from blenddesk.ui.welcome_sheets import FileWithWordsSheet
from tests.ui.access import complaints
from tests.ui.desk.second_teacher.teachers import Face, Teacher, type_words


def words_for(okoro: Teacher, called: str, qtbot: QtBot) -> tuple[Path, list[str]]:
    """Adds a colleague with clicks; the file and the words as they stand on the screen."""
    before = set(okoro.stick.glob("*.bdseat"))
    okoro.click("empty_add_teacher" if okoro.page.empty.isVisible() else "teachers_add")
    sheet = okoro.window.findChild(AddTeacherSheet)
    assert sheet is not None
    assert complaints(sheet) == []
    okoro.put_stick_in(sheet.sticks)
    QTest.keyClicks(sheet.name, called)
    okoro.click("add_computer_now", sheet)
    qtbot.waitUntil(lambda: sheet.words_sheet is not None and sheet.words_sheet.isVisible(), timeout=30_000)
    shown = sheet.words_sheet
    assert shown is not None
    [file] = set(okoro.stick.glob("*.bdseat")) - before
    assert any(file.name in label.text() for label in shown.findChildren(kit.Text))
    words = [label.text() for label in shown.words]
    okoro.click("words_done", shown)
    assert not shown.isVisible()
    return file, words


def join_at_welcome(face: Face, file: Path, words: list[str], qtbot: QtBot, *, wrong: list[str] | None = None) -> None:
    """Through the first window of a new computer; with ``wrong`` words first."""
    welcome = WelcomeWindow(face)  # type: ignore[arg-type]
    with qtbot.waitActive(welcome):
        welcome.show()
        welcome.activateWindow()
    QTest.mouseClick(welcome.colleague, Qt.MouseButton.LeftButton)
    sheet = next(one for one in welcome.findChildren(FileWithWordsSheet) if one.isVisible())
    assert sheet.title.text() == "Join a colleague's class"
    if wrong is not None:
        type_words(sheet, file, wrong, qtbot)
        qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=30_000)
        assert "not the five words" in sheet.trouble.label.text()
        assert not face.paths.exists
        assert face.opened == []
    type_words(sheet, file, words, qtbot)
    qtbot.waitUntil(lambda: bool(face.opened), timeout=30_000)
    welcome.toast.close_now()
    welcome.close()
    welcome.deleteLater()


def give_needs(desk: AppContext, section: Id, needs: str) -> None:
    student = desk.reads.people.students(section)[0]
    desk.run(profiles.set_list, student.id, "needs", [needs])


def needs_at(context: AppContext, section: Id) -> list[str]:
    student = context.reads.people.students(section)[0]
    return list(context.reads.people.profile(section, student.id).needs)


def test_a_colleague_joins_is_confirmed_teaches_and_is_retired(
    okoro: Teacher, desk: AppContext, section: Id, rooms: ExitStack, tmp_path: Path, stick: Path, qtbot: QtBot
) -> None:
    give_needs(desk, section, "Reads with a card")
    assert okoro.page.empty.isVisible()
    file, words = words_for(okoro, "Ms Ruiz", qtbot)
    assert file.name.startswith("Ms-Ruiz-")
    qtbot.waitUntil(lambda: okoro.rows() == ["Ms Ruiz, Waits for its file and the five words"], timeout=5_000)
    assert not okoro.page.list_card.isVisible(), "she is no student computer"

    # At the colleague's new computer: wrong words leave nothing, the right ones open the class.
    face = Face(Paths(tmp_path / "ruiz"))
    join_at_welcome(face, file, words, qtbot, wrong=[*words[1:], words[0]])
    other = bootstrap.open_device(face.opened[0], clock=okoro.context.clock)
    rooms.callback(bootstrap.close_device, other)
    ruiz = Teacher(other, section, stick, qtbot)
    rooms.callback(ruiz.close)
    assert (other.is_desk, other.device_name) == (True, "Ms Ruiz")
    assert [one.name for one in other.reads.people.students(section)] == [
        one.name for one in desk.reads.people.students(section)
    ]
    assert needs_at(other, section) == []
    assert ruiz.page.waits.label.text() == (
        "Ms Okoro has not confirmed this computer yet. Until then you can look and change nothing. Press “Take to "
        "student computers”, carry the stick there, and bring it back."
    )
    assert not ruiz.page.teachers.add.isVisible()
    today = ruiz.window.open_page("today")
    assert isinstance(today, TodayPage)
    qtbot.waitUntil(lambda: today.tray.waiting is not None and today.tray.waiting.isVisible(), timeout=5_000)
    ruiz.click("waiting_how", today)
    assert ruiz.page.isVisible()
    with pytest.raises(Refusal, match="not_confirmed_yet"):
        plans.new_plan(other, section, "station-4", seed=1)
    ruiz.take()

    # Home: nothing happens by itself; the list and the tray ask.
    okoro.bring()
    qtbot.waitUntil(lambda: "Wants to join" in okoro.rows()[0], timeout=5_000)
    assert okoro.rows()[0].startswith("Ms Ruiz, Wants to join, opened today")
    device = other.keys.device_id
    assert [one.standing for one in authority.computers(desk) if one.device_id == device] == ["announced"]
    okoro.take()
    ruiz.click("computers_bring")
    qtbot.waitUntil(lambda: ruiz.said() == "Nothing new. All of it was here already.", timeout=20_000)
    ruiz.window.toast.close_now()
    assert needs_at(other, section) == [], "no file makes another desk read what desks read"
    okoro.click("confirm_Ms Ruiz")
    assert okoro.said().startswith("Ms Ruiz belongs to the class now.")
    qtbot.waitUntil(lambda: "Last home today" in okoro.rows()[0], timeout=5_000)

    # Undo retires it, and taking that back lets it count again.
    okoro.click("toast_undo")
    assert [one.standing for one in authority.computers(desk) if one.device_id == device] == ["retired"]
    qtbot.waitUntil(lambda: "Retired" in okoro.rows()[0], timeout=5_000)
    okoro.click("lost_Ms Ruiz")
    qtbot.waitUntil(lambda: "Last home today" in okoro.rows()[0], timeout=5_000)
    okoro.window.toast.close_now()
    okoro.take()

    # Confirmed, the colleague reads what desks read, and what she writes counts.
    ruiz.bring()
    assert needs_at(other, section) == ["Reads with a card"]
    assert ruiz.page.teachers.about.text() == "Computers are added, confirmed and retired on the computer of Ms Okoro."
    assert not ruiz.page.waits.isVisible()
    assert ruiz.rows()[0].startswith("Ms Okoro, Last home today")
    student = other.reads.people.students(section)[1]
    other.commit("x", [put(section, "student", student.id, name="By Ms Ruiz")])
    ruiz.take()
    okoro.bring()
    assert desk.reads.people.students(section)[1].name == "By Ms Ruiz"
    okoro.click("lost_Ms Ruiz")
    assert "is retired" in okoro.said()
    assert [one.standing for one in authority.computers(desk) if one.device_id == device] == ["retired"]
    again = ruiz.window.open_page("today")
    assert isinstance(again, TodayPage)
    QTest.qWait(50)
    assert again.tray.waiting is None or not again.tray.waiting.isVisible()
