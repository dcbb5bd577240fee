"""The tray on Today: one quiet line when something needs the teacher after work came together; nothing otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from blenddesk.domain.ops import ChangeSet
from blenddesk.services import authority, conflicts
from blenddesk.text import _, ngettext
from blenddesk.ui import kit

if TYPE_CHECKING:
    from blenddesk.ui.desk.today import TodayPage
    from blenddesk.ui.desk.tray_sheet import TraySheet

NEVER_ASKED = frozenset({"entry", "reflection", "lesson_event"})
"""Records that are only ever added: a running lesson writes them by the minute, and nothing about them is asked."""


class TrayLine(kit.Card):
    """ "2 things need you", and the button that opens them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(fill="quiet", horizontal=True, padding=5, raised=False, parent=parent)
        self.setObjectName("tray")
        self.setAccessibleName(_("Needs a decision"))
        self.words = kit.Text("", bold=True, wrap=False, parent=self)
        self.detail = kit.ShortText(
            _("Nothing is lost. It waits until you have time."), "small", tone="dim", parent=self
        )
        self.button = kit.Button(_("Look"), size="small", parent=self)
        self.button.setObjectName("tray_look")
        self.body.setSpacing(12)
        self.body.addWidget(kit.IconLabel("question", tone="primary_ink", px=20, weight="regular", parent=self))
        self.body.addWidget(self.words)
        self.body.addWidget(self.detail, 1)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_count(self, count: int) -> None:
        words = ngettext("{n} thing needs you", "{n} things need you", count).format(n=count)
        self.words.setText(words)
        self.button.setAccessibleName(_("Look: {what}").format(what=words))


class WaitingLine(kit.Card):
    """On another teacher's computer that is not confirmed yet: why nothing can be changed, and the way on."""

    def __init__(self, parent: QWidget, show_how: Callable[[], object]) -> None:
        super().__init__(fill="quiet", horizontal=True, padding=5, raised=False, parent=parent)
        self.setObjectName("waits_for_confirmation")
        words = _("This computer is not confirmed yet. You can look at the class and change nothing.")
        self.setAccessibleName(words)
        self.how = kit.Button(_("What to do"), size="small", parent=self)
        self.how.setObjectName("waiting_how")
        self.how.clicked.connect(show_how)
        self.body.setSpacing(12)
        self.body.addWidget(kit.IconLabel("hourglass-medium", tone="primary_ink", px=20, weight="regular", parent=self))
        self.body.addWidget(kit.Text(words, bold=True, parent=self), 1)
        self.body.addWidget(self.how, 0, Qt.AlignmentFlag.AlignVCenter)


class Tray(QObject):
    """Counts what waits, after the first paint and after changes; its line exists only once there was something."""

    def __init__(self, page: TodayPage) -> None:
        super().__init__(page)
        self._page = page
        self._session = page.session
        self.line: TrayLine | None = None
        self.waiting: WaitingLine | None = None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self.look)
        self._session.bus.changed.connect(self._on_changed)
        self._session.section_changed.connect(self._due.start)

    def look(self) -> None:
        """Shows how many questions wait, or nothing."""
        context = self._session.context
        count = conflicts.count(context)
        if conflicts.computers_may_wait(context):
            from blenddesk.ui.desk import tray_computers

            count += tray_computers.count(context)
        self._show_waiting()
        if self.line is None:
            if not count:
                return
            self.line = TrayLine(self._page)
            # Otherwise one that is made while another page is in view counts as shown already.
            self.line.hide()
            self.line.button.clicked.connect(self.open_sheet)
        self.line.show_count(count)
        if self.line.isVisibleTo(self._page) is not (count > 0):
            self._page.show_below_lesson(self.line, count > 0)

    def _show_waiting(self) -> None:
        section = self._session.section_id
        waits = section is not None and authority.waits_for_confirmation(self._session.context, section)
        if waits and self.waiting is None:
            self.waiting = WaitingLine(self._page, lambda: self._session.window.open_page("computers"))
            self.waiting.hide()
        if self.waiting is not None and self.waiting.isVisibleTo(self._page) is not waits:
            self._page.show_below_lesson(self.waiting, waits)

    def open_sheet(self) -> TraySheet:
        from blenddesk.ui.desk.tray_sheet import TraySheet

        sheet = TraySheet(self._session)
        sheet.looked_over.connect(self.look)
        sheet.open()
        return sheet

    def _on_changed(self, change: ChangeSet) -> None:
        if not change.kinds <= NEVER_ASKED:
            self._due.start()
