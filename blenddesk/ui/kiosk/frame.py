"""The frame of the student's window: one screen at a time, taps guarded, input watched, closed only by a teacher."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.people import Student
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.bus import Bus
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kiosk.session import KioskSession
from blenddesk.ui.kiosk.signs import EyesSign, KioskSheet, Shield

GUARD_MS = 250
"""Taps this soon after a screen change were meant for the screen before."""
_INPUT = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.Wheel,
    }
)


class KioskFrame(QWidget):
    """What any sequence of screens needs. It never asks what they are: it says in signals what happened to the window,
    and ``KioskWindow`` says which screen comes when."""

    screen_changed = Signal(str)
    second_passed = Signal()
    """Once a second while the window or its strip is shown, in the child's language."""
    outdated = Signal()
    """Data or the window's size changed: the same screen is to be shown anew."""
    close_asked = Signal()
    """Somebody wants the window closed who may not do so without the teacher."""
    closing = Signal()
    """Everything is saved and the window goes; ``closed`` follows when it has gone."""
    tapped = Signal()
    """Somebody touched, clicked, moved or typed."""
    resized = Signal()
    closed = Signal()

    def __init__(self, context: AppContext, *, live: bool, guard_ms: int) -> None:
        super().__init__()
        self.setObjectName("kiosk_window")
        self.setWindowTitle(_("Student computer"))
        self.context = context
        self.live = live
        self.session = KioskSession(context, live=live)
        self.screen_widget: KioskScreen | None = None
        self.guard: Callable[[Callable[[], None]], None] | None = None
        """On a desk with a pass phrase: asks for it and then calls what it was given, which closes the window."""
        self.stands_aside = False
        """Hidden while the strip stands for it: time goes on."""
        self._may_close = False
        self._told_unsaved = False
        self._guard_ms = guard_ms
        self._outer_language = text.language()
        self._in_front = True
        self.language = self._outer_language
        theme.set_look(self, face="kiosk", scale=context.settings.text_scale)
        self.setMinimumSize(960, 600)
        self.resize(1366, 768)
        if not context.is_desk:
            self.setWindowFlags(self.windowFlags() | Qt.WindowType.FramelessWindowHint)
        self._built_for = self.size()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shield = Shield(self)
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.timeout.connect(self._shield.hide)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(lambda: self._in_own_language(self.second_passed.emit))
        self._bus = Bus(context, self)
        self._bus.changed.connect(self._on_data_changed)

    @property
    def student(self) -> Student | None:
        """Who is signed in."""
        return self.session.student

    @property
    def older(self) -> bool:
        return self.session.older

    # --- screens ----------------------------------------------------------------------------------------------------

    @property
    def screen_name(self) -> str:
        """``asleep``, ``classes``, ``who``, ``pictures``, ``choose_avatar``, ``stations``, ``friends``, ``reflect``,
        ``goal`` or ``help``."""
        return self.screen_widget.name if self.screen_widget is not None else ""

    def show_screen(self, screen: KioskScreen, *, focus: str = "", guard: bool = True) -> None:
        """Puts ``screen`` in place of the one before; the keys go to its ``focus``, or where it wants them first."""
        old, self.screen_widget = self.screen_widget, screen
        self._built_for = self.size()
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            # Out of the window at once: names on the new screen must not find the old one's buttons.
            old.setParent(None)
            old.deleteLater()
        self._column.addWidget(screen)
        screen.show()
        self._settle_covers(closing=guard)
        target = screen.findChild(QWidget, focus) if focus else None
        target = target or screen.first_focus() or screen
        if self.open_sheet() is None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        if guard:
            self.tapped.emit()
            if self._guard_ms:
                self._shield.cover(self.size())
                self._guard.start(self._guard_ms)
        self.screen_changed.emit(screen.name)

    def _settle_covers(self, *, closing: bool) -> None:
        """A question asked on the screen before goes with it; one over a refreshed screen stays over it."""
        for sheet in self._open_sheets():
            if closing and isinstance(sheet, KioskSheet):
                sheet.close_sheet()
            else:
                sheet.raise_()
        for eyes in self.findChildren(EyesSign):
            eyes.raise_()

    def speak(self, language: str) -> None:
        """From the next screen on, in this language."""
        text.use_language(language)
        if language != self.language or theme.look_of(self).language != language:
            self.language = language
            theme.set_look(self, language=language)

    # --- data -------------------------------------------------------------------------------------------------------

    def do(self, use_case: Callable[..., ChangeSet], *args: object, **kwargs: object) -> ChangeSet | None:
        """Runs a use case; trouble is told in words, and what the child did is kept."""
        try:
            return self.context.run(use_case, *args, **kwargs)
        except BlendDeskError as error:
            self.tell(_("Ask your teacher."), error_sentence(error))
            return None

    def tell(self, title: str, sentence: str) -> None:
        """Says something over the screen, to be put away with OK."""
        sheet = KioskSheet(self, title, sentence)
        sheet.answer(_("OK"), "told", lambda: None, kind="primary")
        sheet.open()

    def open_sheet(self) -> kit.Sheet | None:
        """A question, or the teacher's stick sheet, that lies over the screen."""
        return next(iter(self._open_sheets()), None)

    def _open_sheets(self) -> list[kit.Sheet]:
        return [sheet for sheet in self.findChildren(kit.Sheet) if not sheet.isHidden()]

    def _on_data_changed(self, change: ChangeSet) -> None:
        """The teacher changed something on this very computer, or a stick was read."""
        if change.kinds & {"student", "enrollment", "plan", "membership", "seat", "section", "lesson_event", "block"}:
            self._in_own_language(self.outdated.emit)

    # --- closing ----------------------------------------------------------------------------------------------------

    def close_for_good(self) -> None:
        """Closes without a question. Kept drafts with ticks are saved first: what a child ticked is never lost."""
        self._may_close = True
        self.close()

    def save_drafts(self) -> bool:
        """Saves what children ticked and walked away from; False, and told in words, when that fails."""
        try:
            self.session.save_drafts()
        except BlendDeskError as error:
            self.tell(_("Ask your teacher."), error_sentence(error))
            return False
        return True

    def _save_before_closing(self) -> bool:
        """False when saving fails (a full disk) and nobody was told yet; asked again, it closes all the same."""
        if self._told_unsaved:
            with suppress(BlendDeskError):
                self.session.save_drafts()
            return True
        self._told_unsaved = not self.save_drafts()
        self._may_close = not self._told_unsaved
        return self._may_close

    def closeEvent(self, event: QCloseEvent) -> None:
        nobody = self.student is None and not self.session.has_ticks and self.guard is None
        if not self._may_close and not (self.context.is_desk and nobody):
            event.ignore()
            if self.open_sheet() is None:
                self.close_asked.emit()
            return
        self._may_close = True
        if not self._save_before_closing():
            event.ignore()
            return
        self._clock.stop()
        self._guard.stop()
        self.closing.emit()
        self._bus.close()
        text.use_language(self._outer_language)
        super().closeEvent(event)
        self.closed.emit()

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._in_front = True
            text.use_language(self.language)
        elif event.type() == QEvent.Type.WindowDeactivate and self.context.is_desk:
            # The desk on the same computer goes on in the teacher's language.
            self._in_front = False
            text.use_language(self._outer_language)
        return super().event(event)

    def _in_own_language(self, act: Callable[[], object]) -> None:
        """For what happens by itself (a second passed, data came): behind the desk it speaks the child's language too,
        and leaves the desk its own."""
        text.use_language(self.language)
        act()
        if not self._in_front:
            text.use_language(self._outer_language)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self.tapped.emit()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self.tapped.emit()
        if self._built_for != self.size():
            self.outdated.emit()
        handle = self.windowHandle()
        if handle is not None:
            # At the window, not the application: a filter there would cost a call for every event of every object.
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not self.stands_aside:
            self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shield.setGeometry(0, 0, self.width(), self.height())
        self.resized.emit()
        if self.isVisible() and self.screen_name in ("who", "stations") and event.oldSize() != event.size():
            QTimer.singleShot(0, self, lambda: self._in_own_language(self.outdated.emit))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), QColor(theme.look_of(self).tokens.bg))
        painter.end()
