"""Two teachers' desks with hands that click, and a stick between them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.ui import kit
from blenddesk.ui.desk import window as desk_window
from blenddesk.ui.desk.computers_page import ComputersPage
from blenddesk.ui.welcome_sheets import FileWithWordsSheet


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


def type_words(sheet: FileWithWordsSheet, file: Path, words: list[str], qtbot: QtBot) -> None:
    sheet.choose_file(file)
    for place, word in zip(sheet.fields, words, strict=True):
        place.clear()
        QTest.keyClicks(place, word)
    go = sheet.go
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
