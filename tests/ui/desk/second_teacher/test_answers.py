"""Which of two is hers, what is nobody's, the wrong door, and how it all looks."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining, text
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services import authority, classes, exchange
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.join import JoinSheet
from blenddesk.ui.welcome import WelcomeWindow
from blenddesk.ui.welcome_sheets import FileWithWordsSheet
from tests.conftest import FakeClock
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped
from tests.ui.desk.second_teacher.teachers import Face, Teacher, type_words


def opened(
    desk: AppContext, section: Id, stick: Path, folder: Path, clock: FakeClock, added: exchange.AddedComputer | None
) -> tuple[AppContext, exchange.AddedComputer]:
    added = added or exchange.add_computer(desk, section, "Ms Ruiz", stick, for_desk=True, strength=WEAK)
    paths = Paths(folder)
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), role="desk", clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    exchange.take_to_computers(context, stick)
    return context, added


def test_of_two_that_opened_one_file_the_teacher_says_which_is_hers(
    desk: AppContext,
    section: Id,
    stick: Path,
    clock: FakeClock,
    themed_app: QApplication,
    tmp_path: Path,
    rooms: ExitStack,
    qtbot: QtBot,
) -> None:
    one, added = opened(desk, section, stick, tmp_path / "one", clock, None)
    rooms.callback(bootstrap.close_device, one)
    clock.advance(minutes=20)
    two, _added = opened(desk, section, stick, tmp_path / "two", clock, added)
    rooms.callback(bootstrap.close_device, two)
    exchange.bring_home(desk, [stick])
    okoro = Teacher(desk, section, stick, qtbot)
    rooms.callback(okoro.close)
    assert len(okoro.rows()) == 2
    assert all("Several opened this file; this one today" in row for row in okoro.rows())
    assert complaints(okoro.page) == []
    today = okoro.window.open_page("today")
    assert isinstance(today, TodayPage)
    sheet = today.tray.open_sheet()
    [card] = [each for each in sheet.findChildren(kit.Card) if each.objectName() == "desk_question"]
    assert card.accessibleName() == "Which is Ms Ruiz's computer? Several opened the file."
    assert complaints(sheet) == []
    okoro.click(f"confirm_{two.keys.device_id.hex()}", sheet)
    assert {c.device_id: c.standing for c in authority.computers(desk) if not c.is_this} == {
        one.keys.device_id: "held",
        two.keys.device_id: "certified",
    }
    # The other one still waits, and joins only under a name of its own, or not at all.
    qtbot.waitUntil(
        lambda: not [b for b in sheet.findChildren(kit.Button) if b.objectName().endswith(two.keys.device_id.hex())]
    )
    okoro.click(f"confirm_{one.keys.device_id.hex()}", sheet)
    assert {c.name for c in authority.computers(desk) if not c.is_this} == {"Ms Ruiz", "Ms Ruiz 2"}
    sheet.close_sheet()


def test_a_computer_that_is_nobodys_gets_nothing_and_the_answer_can_be_taken_back(
    desk: AppContext,
    section: Id,
    stick: Path,
    clock: FakeClock,
    themed_app: QApplication,
    tmp_path: Path,
    rooms: ExitStack,
    qtbot: QtBot,
) -> None:
    other, _added = opened(desk, section, stick, tmp_path / "one", clock, None)
    rooms.callback(bootstrap.close_device, other)
    exchange.bring_home(desk, [stick])
    okoro = Teacher(desk, section, stick, qtbot)
    rooms.callback(okoro.close)
    okoro.click("refuse_Ms Ruiz")
    assert okoro.said() == "Ms Ruiz does not join and gets nothing more of the class."
    okoro.click("toast_undo")
    assert okoro.said() == "Ms Ruiz waits for your answer again."
    qtbot.waitUntil(lambda: "Wants to join" in okoro.rows()[0], timeout=5_000)
    okoro.click("refuse_Ms Ruiz")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    exchange.take_to_computers(desk, elsewhere)
    assert exchange.bring_home(other, [elsewhere]).new_ops == 0


@pytest.mark.parametrize(
    ("for_desk", "door", "said"),
    [
        (True, "join_class", "This is the file for another teacher's computer"),
        (False, "join_colleague", "it cannot become a student computer"),
    ],
)
def test_the_wrong_door_makes_nothing(
    desk: AppContext,
    section: Id,
    stick: Path,
    themed_app: QApplication,
    tmp_path: Path,
    qtbot: QtBot,
    for_desk: bool,
    door: str,
    said: str,
) -> None:
    added = exchange.add_computer(desk, section, "Red", stick, for_desk=for_desk, strength=WEAK)
    face = Face(Paths(tmp_path / "new"))
    welcome = WelcomeWindow(face)  # type: ignore[arg-type]
    welcome.show()
    sheet: FileWithWordsSheet = getattr(welcome, door)()
    type_words(sheet, added.file, list(added.words), qtbot)
    qtbot.waitUntil(lambda: sheet.trouble.isVisible(), timeout=10_000)
    assert said in sheet.trouble.label.text()
    assert not face.paths.exists
    assert face.opened == []
    welcome.close()
    welcome.deleteLater()


def test_a_teacher_with_a_class_of_her_own_joins_a_colleagues(
    desk: AppContext,
    section: Id,
    stick: Path,
    clock: FakeClock,
    themed_app: QApplication,
    tmp_path: Path,
    rooms: ExitStack,
    qtbot: QtBot,
) -> None:
    own = bootstrap.create_device(Paths(tmp_path / "own"), role="desk", name="Ms Ruiz", clock=clock)
    rooms.callback(bootstrap.close_device, own)
    classes.found_desk(own, "Ms Ruiz")
    classes.create_class(own, "Daisies")
    [daisies] = own.reads.sections.all()
    added = exchange.add_computer(desk, section, "Ms Ruiz", stick, for_desk=True, strength=WEAK)
    ruiz = Teacher(own, daisies.id, stick, qtbot)
    rooms.callback(ruiz.close)
    sheet = ruiz.page.teachers.open_join()
    assert isinstance(sheet, JoinSheet)
    type_words(sheet, added.file, list(added.words), qtbot)
    qtbot.waitUntil(lambda: ruiz.window.session.section_id == section, timeout=10_000)
    assert {one.name for one in own.reads.sections.all()} == {"Daisies", "Sunflowers"}
    assert authority.waits_for_confirmation(own, section)
    assert not authority.waits_for_confirmation(own, daisies.id)
    assert authority.made_here(own, daisies.id)


@pytest.mark.parametrize("language", ["en", "ar", "es"])
@pytest.mark.parametrize("size", [(1366, 705), (1280, 680)])
def test_nothing_is_clipped_with_large_text(
    desk: AppContext,
    section: Id,
    stick: Path,
    clock: FakeClock,
    themed_app: QApplication,
    tmp_path: Path,
    rooms: ExitStack,
    qtbot: QtBot,
    language: str,
    size: tuple[int, int],
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=1.3, language=language)
    one, added = opened(desk, section, stick, tmp_path / "one", clock, None)
    rooms.callback(bootstrap.close_device, one)
    two, _added = opened(desk, section, stick, tmp_path / "two", clock, added)
    rooms.callback(bootstrap.close_device, two)
    exchange.bring_home(desk, [stick])
    okoro = Teacher(desk, section, stick, qtbot)
    rooms.callback(okoro.close)
    okoro.window.resize(*size)
    check_fits(okoro.page)
    sheet = okoro.page.teachers.open_add()
    assert sheet is not None
    check_fits(sheet)
    sheet.close_sheet()
    ruiz = Teacher(one, section, stick, qtbot)
    rooms.callback(ruiz.close)
    ruiz.window.resize(*size)
    check_fits(ruiz.page)
    check_fits(ruiz.window.open_page("today"))
    face = Face(Paths(tmp_path / "new"))
    welcome = WelcomeWindow(face)  # type: ignore[arg-type]
    welcome.resize(1280, 680)
    welcome.show()
    check_fits(welcome)
    welcome.close()
    welcome.deleteLater()


def check_fits(widget: QWidget) -> None:
    for _turn in range(40):
        QTest.qWait(25)
        if not clipped(widget):
            break
    assert clipped(widget) == []
