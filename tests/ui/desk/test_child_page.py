"""One student's page: goals, profile and its cover, signing in, classes, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from blenddesk import text
from blenddesk.domain.goals import GoalStatus, SetBy
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.services import goals, profiles, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_goal_sheet import AskWordsSheet, CloseGoalSheet, GoalSheet
from blenddesk.ui.desk.child_page import ChildPage
from blenddesk.ui.desk.child_pictures import AVATAR_NAMES, AvatarSheet
from blenddesk.ui.desk.child_sign_in import ChooseClassSheet, RenameSheet
from blenddesk.ui.desk.child_work import work_of
from blenddesk.ui.desk.window import DeskWindow
from tests.conftest import fill_class
from tests.ui.access import complaints
from tests.ui.clipping import clipped


@pytest.fixture
def amina(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


@pytest.fixture
def page(desk_window: DeskWindow, amina: Id) -> ChildPage:
    found = desk_window.open_page("child", student=amina)
    assert isinstance(found, ChildPage)
    return found


def press(root: QWidget, name: str) -> None:
    button = root.findChild(kit.PaintedButton, name)
    assert button is not None, name
    button.click()


def sheet_of(page: ChildPage, kind: type[kit.Sheet]) -> kit.Sheet:
    found = [sheet for sheet in page.session.window.findChildren(kind) if sheet.isVisible()]
    assert len(found) == 1
    return found[0]


def words_on(page: QWidget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_a_goal_made_with_the_student(page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot) -> None:
    page.goals.new.click()
    sheet = sheet_of(page, GoalSheet)
    assert isinstance(sheet, GoalSheet)
    assert QApplication.focusWidget() is sheet.words
    qtbot.keyClicks(sheet.words, "I read a page alone")
    assert sheet.steps is not None
    sheet.steps.setPlainText("one line\nfive lines")
    sheet.set_by.button("student").click()
    press(sheet, "goal_picture_open-book")
    sheet.why.setText("to read to my sister")
    press(page.session.window, "goal_save")
    [progress] = goals.goals_of_student(desk, section, amina)
    goal = progress.goal
    assert (goal.words, goal.set_by, goal.picture) == ("I read a page alone", SetBy.STUDENT, "open-book")
    assert (goal.why, len(progress.steps)) == ("to read to my sister", 2)
    qtbot.waitUntil(lambda: "I read a page alone" in words_on(page))
    assert page.session.window.toast.message() == "Amina has a new goal."


def test_an_empty_goal_is_said_at_the_field(page: ChildPage, desk: AppContext, section: Id, amina: Id) -> None:
    page.goals.new.click()
    sheet = sheet_of(page, GoalSheet)
    assert isinstance(sheet, GoalSheet)
    press(page.session.window, "goal_save")
    assert sheet.words_row.note.text().startswith("A goal needs words")
    assert goals.goals_of_student(desk, section, amina) == ()
    sheet.close_sheet()


def test_steps_ticked_added_moved_renamed_and_taken_away(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    desk.run(goals.set_goal, amina, "I sing", steps=["hum", "sing"])
    qtbot.waitUntil(lambda: "I sing" in words_on(page))

    def lines() -> list[tuple[str, bool]]:
        return [(one.step.words, bool(one.day)) for one in goals.goals_of_student(desk, section, amina)[0].steps]

    first, second = (one.step.id.hex() for one in goals.goals_of_student(desk, section, amina)[0].steps)
    press(page, f"step_{first}")
    assert lines() == [("hum", True), ("sing", False)]
    page.refresh()
    press(page, f"step_{first}")
    assert lines() == [("hum", False), ("sing", False)]
    page.refresh()
    press(page, f"up_{second}")
    assert lines()[0] == ("sing", False)
    page.refresh()
    press(page, f"edit_{first}")
    ask = sheet_of(page, AskWordsSheet)
    assert isinstance(ask, AskWordsSheet)
    ask.field.setText("hum softly")
    press(page.session.window, "words_save")
    page.refresh()
    field = page.goals.findChild(kit.TextField)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "sing to a friend")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert lines() == [("sing", False), ("hum softly", False), ("sing to a friend", False)]
    page.refresh()
    press(page, f"remove_{second}")
    assert len(lines()) == 2
    page.session.undo()
    assert len(lines()) == 3


def test_typed_words_survive_a_change_elsewhere(page: ChildPage, desk: AppContext, amina: Id, qtbot: QtBot) -> None:
    desk.run(goals.set_goal, amina, "I sing", steps=["hum"])
    qtbot.waitUntil(lambda: "I sing" in words_on(page))
    field = page.goals.findChild(kit.TextField)
    assert field is not None
    field.setFocus()
    name = field.objectName()
    qtbot.keyClicks(field, "half a st")
    desk.run(goals.set_goal, amina, "I count", steps=[])
    qtbot.waitUntil(lambda: "I count" in words_on(page))
    QApplication.processEvents()
    now = page.goals.findChild(kit.TextField, name)
    assert now is not None
    assert now.text() == "half a st"
    assert now.hasFocus()


def test_closing_a_goal_with_a_reason_and_going_on(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    desk.run(goals.set_goal, amina, "I sing")
    page.refresh()
    goal = goals.goals_of_student(desk, section, amina)[0].goal.id
    press(page, f"close_{goal.hex()}")
    sheet = sheet_of(page, CloseGoalSheet)
    assert isinstance(sheet, CloseGoalSheet)
    sheet.status.button("let_go").click()
    sheet.reason.setText("likes drums more")
    press(page.session.window, "goal_close")
    closed = goals.goals_of_student(desk, section, amina)[0].goal
    assert (closed.status, closed.reason) == (GoalStatus.LET_GO, "likes drums more")
    page.refresh()
    assert "Let go · likes drums more" in words_on(page)
    press(page, f"again_{goal.hex()}")
    assert goals.goals_of_student(desk, section, amina)[0].goal.status is GoalStatus.ACTIVE


def test_the_profile_is_chips_and_a_note(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    field = page.profile.findChild(kit.TextField, "add_needs")
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "  sits near  the board ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert profiles.profile(desk, section, amina).needs == ("sits near the board",)
    assert field.text() == ""
    page.profile.note.setFocus()
    qtbot.keyClicks(page.profile.note, "reads at home")
    field.setFocus()
    assert profiles.profile(desk, section, amina).note == "reads at home"
    page.refresh()
    press(page.profile, "needs_0")
    assert profiles.profile(desk, section, amina).needs == ()
    page.session.undo()
    assert profiles.profile(desk, section, amina).needs == ("sits near the board",)


def test_a_note_being_typed_is_saved_for_its_own_student(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    ben = desk.reads.people.students(section)[1].id
    page.profile.note.setPlainText("about Amina")
    page.session.window.open_page("child", student=ben)
    page.refresh()
    assert profiles.profile(desk, section, amina).note == "about Amina"
    assert profiles.profile(desk, section, ben).note == ""
    assert page.profile.note.toPlainText() == ""


def test_notes_are_covered_while_a_board_is_open(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    desk.run(profiles.set_list, amina, "needs", ["sits near the board"])
    board = QWidget()
    page.session.window.keep(board)
    page.session.window.open_page("class")
    page.session.window.open_page("child", student=amina)
    QApplication.processEvents()
    assert not page.profile.open_part.isVisible()
    assert "sits near" not in " ".join(chip.words() for chip in page.findChildren(kit.Chip) if chip.isVisibleTo(page))
    press(page, "profile_uncover")
    assert page.profile.open_part.isVisible()
    page.cover.click()
    assert not page.profile.open_part.isVisible()
    page.set_covered(False)
    page.session.window.open_page("class")
    page.session.window.stack.setCurrentWidget(page)
    QApplication.processEvents()
    assert not page.profile.open_part.isVisible()
    page.session.window.forget(board)
    board.deleteLater()


def test_answers_are_covered_too(page: ChildPage, desk: AppContext, section: Id, amina: Id) -> None:
    said = bytes(14) + b"\1\2"
    day = "2026-11-23"
    drafts = [put(section, "entry", said, student=amina, kind="claimed", day=day, at_ms=5, by="student")]
    fields = {"student": amina, "entry": said, "growth": 1, "remark": "too hard", "day": day, "at_ms": 5}
    drafts.append(put(section, "reflection", bytes(14) + b"\1\3", **fields))  # type: ignore[arg-type]
    desk.commit("t", drafts)
    work = work_of(desk, section, amina)
    assert (work.finished, work.levels, work.rows[0].growth) == (1, (1,), 1)
    page.refresh()
    assert "too hard" in words_on(page)
    page.set_covered(True)
    assert "too hard" not in words_on(page)
    assert "1 station done" in words_on(page)


def test_the_three_pictures_show_on_demand_only(page: ChildPage, desk: AppContext, section: Id, amina: Id) -> None:
    student = desk.reads.people.student(section, amina)
    assert student is not None
    names = [kit.password_picture_name(index) for index in student.code]
    assert not page.sign_in.is_code_shown()
    page.sign_in.show_button.click()
    assert all(name in words_on(page.sign_in) for name in names)
    page.session.window.open_page("class")
    assert not page.sign_in.is_code_shown()
    page.session.window.open_page("child", student=amina)
    assert not page.sign_in.is_code_shown()
    page.sign_in.new_button.click()
    after = desk.reads.people.student(section, amina)
    assert after is not None
    assert after.code != student.code


def test_another_picture_that_no_classmate_has(page: ChildPage, desk: AppContext, section: Id, amina: Id) -> None:
    others = {one.avatar for one in desk.reads.people.students(section) if one.id != amina}
    press(page, "avatar_change")
    sheet = sheet_of(page, AvatarSheet)
    taken = next(iter(others))
    assert not sheet.findChild(kit.PaintedButton, f"avatar_{taken}").isEnabled()  # type: ignore[union-attr]
    free = next(one for one in AVATAR_NAMES if one not in others)
    press(sheet, f"avatar_{free}")
    student = desk.reads.people.student(section, amina)
    assert student is not None
    assert student.avatar == free


def test_every_picture_has_a_name() -> None:
    from blenddesk.domain.pictures import AVATARS

    assert tuple(AVATAR_NAMES) == AVATARS
    assert len(set(AVATAR_NAMES.values())) == len(AVATARS)


def test_moving_to_another_class_and_leaving(
    page: ChildPage, desk: AppContext, section: Id, amina: Id, qtbot: QtBot
) -> None:
    other = fill_class(desk, 2, "Moon")
    page.refresh()
    press(page, "class_move")
    press(sheet_of(page, ChooseClassSheet), f"to_{other.hex()}")
    assert amina in {one.id for one in desk.reads.people.students(other)}
    assert amina not in {one.id for one in desk.reads.people.students(section)}
    assert page.session.window.stack.currentWidget().objectName() == "page_class"
    page.session.undo()
    page.session.window.open_page("child", student=amina)
    page.refresh()
    press(page, "class_leave")
    assert amina not in {one.id for one in desk.reads.people.students(section)}
    assert page.session.window.toast.message() == "Amina left Sunflowers."


def test_renaming(page: ChildPage, desk: AppContext, section: Id, amina: Id) -> None:
    page.rename.click()
    sheet = sheet_of(page, RenameSheet)
    assert isinstance(sheet, RenameSheet)
    sheet.given.setText(" ")
    sheet.family.setText("")
    press(page.session.window, "rename_save")
    assert "needs a name" in sheet.row.note.text()
    sheet.given.setText("Aminata")
    press(page.session.window, "rename_save")
    student = desk.reads.people.student(section, amina)
    assert student is not None
    assert student.name == "Aminata"


def test_a_student_who_is_gone_leaves_words_not_an_error(desk_window: DeskWindow) -> None:
    page = desk_window.open_page("child", student=bytes(16))
    assert isinstance(page, ChildPage)
    assert page.gone.isVisible()
    assert not page.area.isVisible()


def test_a_screen_reader_meets_every_control(page: ChildPage, desk: AppContext, amina: Id) -> None:
    desk.run(goals.set_goal, amina, "I sing", steps=["hum", "sing"])
    desk.run(profiles.set_list, amina, "needs", ["sits near the board"])
    page.refresh()
    assert complaints(page) == []
    page.goals.new.click()
    sheet = sheet_of(page, GoalSheet)
    assert complaints(sheet) == []
    sheet.close_sheet()


@pytest.mark.parametrize(
    ("size", "scale", "language"),
    [((1366, 705), 1.0, "en"), ((1280, 680), 1.3, "en"), ((1024, 600), 1.0, "en"), ((1280, 680), 1.0, "ar")],
)
def test_long_names_and_goals_fit(
    desk_window: DeskWindow,
    desk: AppContext,
    section: Id,
    themed_app: QApplication,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    text.use_language(language)
    theme.apply_theme(themed_app, theme.load_tokens("day"), scale=scale, language=language)
    desk.run(rosters.add_student, section, "Maximiliana-Alexandrine", "Wolfeschlegelsteinhausen")
    student = desk.reads.people.students(section)[-1]
    long = "I write my own name and my whole family name on every sheet without looking at the card on my table"
    desk.run(goals.set_goal, student.id, long, steps=[long, "small"], why=long)
    desk.run(profiles.set_list, student.id, "needs", ["Short instructions, one at a time", "Sits near the board"])
    desk_window.resize(*size)
    page = desk_window.open_page("child", student=student.id)
    assert isinstance(page, ChildPage)
    QApplication.processEvents()
    QApplication.processEvents()
    assert clipped(page) == []
