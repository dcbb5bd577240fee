"""Every screen in every language: nothing left in English, mirrored for Arabic, no word cut off, Qt's own words too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import put
from blenddesk.domain.ports import today
from blenddesk.domain.templates import TEMPLATES
from blenddesk.services import calendars, classes, goals, live, plans, rosters
from blenddesk.services.context import AppContext
from blenddesk.ui import theme
from blenddesk.ui.app import speak_qt
from blenddesk.ui.board.window import BoardWindow
from blenddesk.ui.desk.window import FOOT_PAGES, PAGES, DeskWindow
from blenddesk.ui.kit import paint
from tests.conftest import NAMES, FakeClock, fill_class
from tests.ui.clipping import clipped
from tests.ui.kiosk.conftest import Open, card, open_kiosk  # noqa: F401 - fixtures
from tests.ui.kiosk.driver import Driver

LANGUAGES = ("en", "es", "ar", "qps")
SIZE = (1366, 705)
LONG = ("Wilhelmina-Konstantinova", "Abdurrahmanoglukhanzadeh", "Maximiliana Alexandrovna")
MOHAMEDS = ("Mohamed Sal", "Mohamed Sai", "Mohamed B")
DATA = {"Stress", "Sunflowers", "qps", "Ms", "Okoro", "BlendDesk", "UTF", "CSV", "TSV", "XLSX", "ODS", "PDF", "Esc"}
"""Words on screens that are nobody's to translate: what the class is called, formats, keys."""
OWN_NAMES = {"English", "Español", "العربية"}
"""Languages are always named in their own words."""
_INITIALS = re.compile("[A-Z]{2}")


# --- what is on a screen ----------------------------------------------------------------------------------------------


@contextmanager
def painted() -> Iterator[list[str]]:
    """Collects the words that kit widgets paint."""
    seen: list[str] = []
    real = paint.draw_text

    def watch(
        painter: QPainter,
        box: QRectF,
        words: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = paint.LEFT,
        *,
        lines: int = 2,
    ) -> None:
        seen.append(words)
        real(painter, box, words, font, colour, align, lines=lines)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paint, "draw_text", watch)
        yield seen


def words_on(root: QWidget) -> list[str]:
    """Everything that can be read or heard below ``root``: painted, in labels and fields, and accessible names."""
    with painted() as seen:
        root.grab()
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible():
            continue
        seen += [widget.accessibleName(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            seen.append(re.sub(r"<[^>]+>", "", widget.text()))
        if isinstance(widget, QLineEdit):
            seen.append(widget.placeholderText())
        if isinstance(widget, QComboBox):
            seen += [widget.itemText(index) for index in range(widget.count())]
    return [one for one in dict.fromkeys(seen) if one]


def outside_brackets(words: str) -> str:
    """What of a text was not translated into the pseudo language."""
    depth = 0
    left = []
    for letter in words:
        depth += letter == "["
        if depth == 0:
            left.append(letter)
        depth -= letter == "]" and depth > 0
    return "".join(left)


def untranslated(root: QWidget, data: set[str]) -> list[str]:
    """Texts below ``root`` with a word that is neither translated nor data."""
    found = []
    for one in words_on(root):
        if one in OWN_NAMES:
            continue
        rest = [word for word in re.findall(r"[^\W\d_]{2,}", outside_brackets(one)) if not _INITIALS.fullmatch(word)]
        if any(not any(known.startswith(word) for known in data) for word in rest):
            found.append(one)
    return found


def test_the_bracket_reader() -> None:
    assert outside_brackets("[Šávé Omar~~]") == ""
    assert outside_brackets("[á~] · 4B · [b [c]] now") == " · 4B ·  now"


# --- a full class, a lesson that runs, a goal -------------------------------------------------------------------------


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, themed_app: QApplication) -> str:
    spoken: str = request.param
    text.use_language(spoken)
    theme.apply_theme(themed_app, theme.load_tokens("day"), language=spoken)
    return spoken


@pytest.fixture
def stress(desk: AppContext, language: str, clock: FakeClock) -> Id:
    """45 students without pictures, names of 24 letters, three Mohameds, a running lesson of six groups."""
    section = fill_class(desk, 45, "Stress")
    people = desk.reads.people.students(section)
    names = (*MOHAMEDS, *LONG)
    drafts = [put(section, "student", person.id, avatar="") for person in people]
    drafts += [put(section, "student", person.id, name=name) for person, name in zip(people, names, strict=False)]
    desk.commit("class_edited", drafts, args={"section": section.hex()})
    classes.edit_class(desk, section, language=language)
    minute = 9 * 60 + 30
    desk.run(calendars.add_period, section, 0, minute, 60)
    made = plans.new_plan(desk, section, TEMPLATES[0].code, day=today(desk.clock).isoformat(), start_minute=minute)
    plans.mark_ready(desk, section, made.plan)
    live.start_lesson(desk, section, made.plan)
    clock.advance(minutes=6)
    rosters.new_code(desk, people[3].id, (3, 4, 5))
    goals.set_goal(desk, people[3].id, "[...]", steps=["[.]", "[..]"])
    return section


@pytest.fixture
def data(stress: Id) -> set[str]:
    """The words on screens that are data, and the names of days that the pseudo language has no words for."""
    names = " ".join((*NAMES, *MOHAMEDS, *LONG))
    days = " ".join(
        f"{QLocale.c().dayName(day)} {QLocale.c().monthName(month)}" for day in range(1, 8) for month in range(1, 13)
    )
    return DATA | set(re.findall(r"[^\W\d_]+", f"{names} {days}"))


def _harmless(root: QWidget, complaint: str, language: str) -> bool:
    """The full desk has no room for a language longer than any real one; a column of twelve may be a little tight."""
    on_desk = isinstance(root, DeskWindow)
    return on_desk and (language == "qps" or re.match(r"group_\d+(_students)? is", complaint) is not None)


def look_at(root: QWidget, language: str, data: set[str], where: str) -> list[str]:
    """What is wrong with a screen in its language."""
    for _turn in range(4):  # pages are refreshed in a later turn, and the layouts after that
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    wrong = [f"{where}: cut off: {one}" for one in clipped(root) if not _harmless(root, one, language)]
    if language == "qps":
        wrong += [f"{where}: not translated: {one!r}" for one in untranslated(root, data)]
    if root.isRightToLeft() != (language == "ar"):
        wrong.append(f"{where}: reads in the wrong direction")
    return wrong


@pytest.fixture
def window(desk: AppContext, stress: Id, language: str) -> Iterator[DeskWindow]:
    made = DeskWindow(desk, section=stress)
    made.resize(*SIZE)
    made.show()
    yield made
    made.toast.close_now()
    made.close()
    made.session.bus.close()
    made.deleteLater()


@pytest.mark.slow
def test_the_desk(window: DeskWindow, desk: AppContext, stress: Id, language: str, data: set[str]) -> None:
    student = desk.reads.people.students(stress)[3].id
    wrong: list[str] = []
    for key in (*PAGES, *FOOT_PAGES):
        window.open_page(key)
        wrong += look_at(window, language, data, key)
    window.open_page("child", student=student)
    wrong += look_at(window, language, data, "child")
    window.open_page("add_students")
    wrong += look_at(window, language, data, "add_students")
    rail_comes_first = window.rail.mapTo(window, window.rail.rect().center()).x() < window.width() / 2
    assert rail_comes_first == (language != "ar")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.slow
def test_the_board(desk: AppContext, stress: Id, language: str, data: set[str]) -> None:
    plan = desk.reads.plans.all(stress)[0].id
    board = BoardWindow(desk, stress, plan)
    board.resize(1366, 768)
    board.show()
    wrong = look_at(board, language, data, "board")
    board.close()
    board.deleteLater()
    assert wrong == [], "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("look", ["younger", "older"])
def test_the_student_computer(
    open_kiosk: Open,  # noqa: F811 - the fixture
    desk: AppContext,
    stress: Id,
    clock: FakeClock,
    language: str,
    look: str,
    data: set[str],
) -> None:
    driver = open_kiosk(size=(1366, 768), language=language, look=look, of=stress)
    wrong: list[str] = []

    def see(where: str) -> None:
        wrong.extend(look_at(driver.window, language, data, where))

    visit(driver, desk.reads.people.students(stress)[3].id, clock, see)
    assert wrong == [], "\n".join(wrong)


def visit(driver: Driver, student: Id, clock: FakeClock, see: object) -> None:
    """A student signs in, sees the goal, asks for help, logs a station and says how it went."""
    from tests.ui.kiosk import test_access

    test_access.visit(driver, student, clock, see)  # type: ignore[arg-type]


# --- Qt's own words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spoken", "word"), [("es", "Cancelar"), ("ar", "ألغ"), ("en", "Cancel")])
def test_qts_own_words(themed_app: QApplication, spoken: str, word: str) -> None:
    try:
        # Qt needs no file for English, and some of its versions bring none.
        assert speak_qt(themed_app, spoken) or spoken == "en"
        assert QCoreApplication.translate("QPlatformTheme", "Cancel").startswith(word)
    finally:
        speak_qt(themed_app, "en")


def test_a_language_that_qt_does_not_know_stays_english(themed_app: QApplication) -> None:
    speak_qt(themed_app, "es")
    assert not speak_qt(themed_app, "qps")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
