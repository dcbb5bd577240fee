"""Another teacher's computer from the first press to the first change: two whole desks, one stick, real clicks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining, text
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.services import authority, classes, exchange, plans, profiles
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_add import AddTeacherSheet
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.desk.today import TodayPage
from blenddesk.ui.join import JoinSheet
from blenddesk.ui.welcome import WelcomeWindow
from blenddesk.ui.welcome_sheets import FileWithWordsSheet
from tests.conftest import FakeClock
from tests.sync.devices import WEAK
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return folder


class Teacher:
    """A desk's window at its page of the computers, with hands that click and a stick to carry."""

    def __init__(self, context: AppContext, section: Id, stick: Path, qtbot: QtBot) -> None:
        self.context, self.section, self.qtbot, self.stick = context, section, qtbot, stick
        self.window = desk_window.DeskWindow(context, section=section)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        page = self.window.open_page("computers")
        assert isinstance(page, ComputersPage)
        self.page = page
        self.put_stick_in(page.sticks)

    def put_stick_in(self, field: object) -> None:
        field.find_sticks = lambda: [(self.stick, "BLUE")]  # type: ignore[attr-defined]
        field.look_again()  # type: ignore[attr-defined]

    def click(self, name: str, root: QWidget | None = None) -> None:
        """The button of that name that can be seen, clicked in its middle."""

        def found() -> list[kit.PaintedButton]:
            within = (root or self.window).findChildren(kit.PaintedButton)
            return [one for one in within if one.objectName() == name and one.isVisible()]

        self.qtbot.waitUntil(lambda: len(found()) == 1, timeout=5_000)
        [button] = found()
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def said(self) -> str:
        return self.window.toast.message()

    def rows(self) -> list[str]:
        return [row.accessibleName() for row in self.page.teachers.rows.values()]

    def take(self) -> None:
        self.click("computers_take")
        self.qtbot.waitUntil(lambda: self.said().endswith("You can take the stick."), timeout=20_000)
        self.window.toast.close_now()

    def bring(self) -> None:
        self.click("computers_bring")
        self.qtbot.waitUntil(lambda: self.page.carrier.sheet is not None or bool(self.said()), timeout=20_000)
        assert self.said() == ""
        assert self.page.carrier.sheet is not None
        self.click("bring_now", self.page.carrier.sheet)
        self.qtbot.waitUntil(lambda: " home from " in self.said(), timeout=20_000)
        self.window.toast.close_now()

    def close(self) -> None:
        self.window.toast.close_now()
        self.window.close()
        self.window.session.bus.close()
        self.window.deleteLater()


class Face:
    """What Welcome needs of the program: where data lies, and which of it to open."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.opened: list[Paths] = []

    def switch_to(self, paths: Paths, *, page: str = "") -> None:
        self.opened.append(paths)


@pytest.fixture
def rooms() -> Iterator[ExitStack]:
    """What was opened, closed in turn."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def okoro(
    desk: AppContext, section: Id, stick: Path, themed_app: QApplication, rooms: ExitStack, qtbot: QtBot
) -> Teacher:
    teacher = Teacher(desk, section, stick, qtbot)
    rooms.callback(teacher.close)
    return teacher


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


def type_words(sheet: FileWithWordsSheet, file: Path, words: list[str], qtbot: QtBot) -> None:
    sheet.choose_file(file)
    for place, word in zip(sheet.fields, words, strict=True):
        place.clear()
        QTest.keyClicks(place, word)
    go = sheet.go
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)


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
