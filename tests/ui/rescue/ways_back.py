"""A desk with a backup, closed, and the ways through its windows."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import backups, classes, profiles
from blenddesk.ui import kit
from blenddesk.ui.app import Face
from blenddesk.ui.desk.settings_page import SettingsPage
from blenddesk.ui.desk.window import DeskWindow
from blenddesk.ui.restore_sheet import RestoreSheet
from tests.conftest import FakeClock, fill_class

LONG = 20_000


class Desk:
    """A desk with a class of eight and a backup, closed."""

    def __init__(self, paths: Paths, clock: FakeClock) -> None:
        self.paths, self.clock = paths, clock
        context = bootstrap.create_device(paths, role="desk", name="Ms Okoro", clock=clock)
        classes.found_desk(context, "Ms Okoro")
        self.section = fill_class(context, 8)
        self.key = context.reads.reader.key
        self.backup = backups.back_up(context).file
        self.students = [one.id for one in context.reads.people.students(self.section)]
        profiles.set_note(context, self.students[0], "AfterCanary")
        bootstrap.close_device(context)

    def note(self) -> str:
        context = bootstrap.open_device(self.paths)
        found = context.reads.reader.rows("SELECT note FROM profile_desk WHERE note IS NOT NULL")
        bootstrap.close_device(context)
        return str(found)


def desk_of(face: Face) -> DeskWindow:
    assert isinstance(face.window, DeskWindow)
    return face.window


def started(face: Face, qtbot: QtBot) -> DeskWindow:
    face.start()
    window = desk_of(face)
    qtbot.waitUntil(lambda: window.caretaker is not None, timeout=LONG)
    return window


def card(window: DeskWindow) -> SettingsPage:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    page.refresh()
    return page


def press(sheet: RestoreSheet) -> None:
    sheet.go.click()


def said(face: Face) -> str:
    toasts = face.window.findChildren(kit.Toast) if face.window is not None else []
    return toasts[-1].message() if toasts else ""
