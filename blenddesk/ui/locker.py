"""Locks an open desk and opens it again: its window gives way to the lock, its keys and connections are let go of.

The desk's window is hidden and not closed: what was being written is there again afterwards. While a board or a student
computer is open on this laptop the lesson goes on there, so the data stays open behind the lock until the last of them
closes. Made after the first paint; a desk without a pass phrase has no timer and no filter from here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from blenddesk import text
from blenddesk.errors import BlendDeskError
from blenddesk.services import protection
from blenddesk.text import _
from blenddesk.ui import kit

if TYPE_CHECKING:
    from blenddesk.domain.ports import Clock
    from blenddesk.services.live import LessonLog
    from blenddesk.ui.app import Face
    from blenddesk.ui.desk.window import DeskWindow
    from blenddesk.ui.lock_window import LockWindow

LOOK_AGAIN_MS = 1000
MENU_LEVELS = 8
"""More menus than this are never open in each other."""
FLIP_KEY = "F8"
_INPUT = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    }
)


class Locker(QObject):
    """One for each desk window of a ``Face``; ``is_locked`` says whether its lock is up."""

    def __init__(self, face: Face, desk: DeskWindow) -> None:
        super().__init__(desk)
        self._face = face
        self._desk = desk
        self._context = desk.session.context
        self._language = text.language()
        self.window: LockWindow | None = None
        self.state = protection.protection(self._context.paths)
        self._idle = IdleWatch(self._context.clock, self)
        self._idle.ran_out.connect(self.lock)
        self._look_again = QTimer(self)
        self._look_again.setInterval(LOOK_AGAIN_MS)
        self._look_again.timeout.connect(self._let_go)
        self.refresh()

    @property
    def is_protected(self) -> bool:
        return self.state.has_phrase

    @property
    def is_locked(self) -> bool:
        return self.window is not None

    def refresh(self) -> None:
        """After the pass phrase was set or removed, or another time was chosen."""
        self.state = protection.protection(self._context.paths)
        self._idle.set_minutes(self._context.settings.lock_minutes if self.is_protected else 0)
        self._desk.show_lock_button(self.is_protected)

    def front(self) -> QWidget:
        """What stands for the desk: its window, or the lock over it."""
        return self.window or self._desk

    # --- locking --------------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Puts the lock in place of the desk; without a pass phrase there is nothing to lock with."""
        if not self.is_protected or self.is_locked:
            return
        from blenddesk.ui.lock_window import LockWindow

        self._close_questions()
        log = self._running_lesson()
        with text.speaking(self._language):
            window = LockWindow(
                self._context.paths,
                self._context.clock,
                stays=lambda: bool(self._desk.extra_windows()),
                lesson=None if log is None else partial(self._lesson_words, log),
            )
        self.window = window
        window.opened.connect(self._on_opened)
        self._flip_by_key(window)
        beside = [one for one in self._desk.extra_windows() if one.isVisible()]
        _take_place(window, self._desk)
        for one in beside:
            # The board goes on over whatever lies behind it, and has its keys where nothing else can be seen.
            one.raise_()
            if one.screen() is window.screen():
                one.activateWindow()
        self._idle.set_minutes(0)
        self._let_go()

    def _close_questions(self) -> None:
        """What is half typed in a field is kept by it; a menu or a system dialogue would float over the lock.

        A sheet about the pass phrase holds secrets and is the one that does not wait behind it.
        """
        focused = self._desk.focusWidget()
        if focused is not None:
            focused.clearFocus()
        for _level in range(MENU_LEVELS):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            popup.close()
        dialogue = QApplication.activeModalWidget()
        if dialogue is not None:
            dialogue.close()
        self._desk.toast.close_now()
        for sheet in self._desk.findChildren(kit.Sheet, "protect_sheet"):
            sheet.close_sheet()

    def _let_go(self) -> None:
        """Closes the data as soon as nobody needs it: no window beside the desk, no work under way."""
        if not self.is_locked or self._context.reads.reader.is_locked:
            self._look_again.stop()
        elif self._desk.extra_windows() or self._desk.is_working():
            self._look_again.start()
        else:
            self._look_again.stop()
            self._desk.let_go_of_data()
            self._face.let_go_of_data()

    # --- a lesson goes on -----------------------------------------------------------------------------------------

    def _running_lesson(self) -> LessonLog | None:
        page = self._desk.page("today")
        log: LessonLog | None = getattr(getattr(page, "view", None), "log", None)
        running = log is not None and log.at(self._context.clock.wall_ms()).running
        return log if running else None

    def _lesson_words(self, log: LessonLog) -> str:
        """Time and round, nobody's name. From the data while it is open (the board may have moved on), else the log."""
        from blenddesk.services import live
        from blenddesk.ui.desk.today_words import phase_words
        from blenddesk.ui.kit.timer import clock_text

        if not self._context.reads.reader.is_locked:
            log = live.lesson_log(self._context, log.section, log.plan)
        state = log.at(self._context.clock.wall_ms())
        if not state.running:
            return ""
        with text.speaking(self._language):
            return _("{time} {what}").format(time=clock_text(state.seconds_left), what=phase_words(state))

    # --- opening again --------------------------------------------------------------------------------------------

    def _on_opened(self, key: bytes, by_words: bool) -> None:
        try:
            self.unlock(key)
        except BlendDeskError as error:
            if self.window is not None:
                self.window.show_trouble(error)
            return
        if by_words:
            self.ask_new_phrase()

    def unlock(self, key: bytes) -> None:
        """The desk as it was left. Raises ``EnvironmentTrouble`` when the data cannot be opened: it stays locked."""
        if self.window is None:
            return
        if self._context.reads.reader.is_locked:
            self._face.open_data_again(key)
            self._desk.take_up_data()
        window, self.window = self.window, None
        self._look_again.stop()
        _take_place(self._desk, window)
        window.tasks.wait()
        window.close()
        window.deleteLater()
        self.refresh()

    def ask_new_phrase(self) -> None:
        """After the recovery words, when the old pass phrase is forgotten."""
        from blenddesk.ui.desk.protect_sheet import ProtectSheet

        ProtectSheet(self._desk.session, "forgot").open()

    # --- the student computer on this laptop ----------------------------------------------------------------------

    def ask_to_leave(self, student_window: QWidget, leave: Callable[[], None]) -> None:
        """The pass phrase, asked over the student's window; when it is right, ``leave`` and the desk opens."""
        from blenddesk.ui.phrase_sheet import PhraseSheet

        def opened(key: bytes) -> None:
            leave()
            self._on_opened(key, by_words=False)

        PhraseSheet(student_window, self._context.paths, self._context.clock, opened).open()

    def _flip_by_key(self, window: LockWindow) -> None:
        """The desk's own key for going round the windows sleeps while the desk is hidden."""
        key = QShortcut(QKeySequence(FLIP_KEY), window)
        key.setContext(Qt.ShortcutContext.ApplicationShortcut)
        key.activated.connect(self._desk.flip_windows)


class IdleWatch(QObject):
    """Says when nobody has touched the program's windows for so many minutes; wakes up only when that may be."""

    ran_out = Signal()

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._allowed_ms = 0
        self._seen: tuple[int, int] = (0, 0)
        self._watched: QWindow | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def set_minutes(self, minutes: int) -> None:
        """0: never."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        was_on, self._allowed_ms = bool(self._allowed_ms), minutes * 60_000
        if self._allowed_ms and not was_on:
            application.focusWindowChanged.connect(self._watch)
        elif was_on and not self._allowed_ms:
            application.focusWindowChanged.disconnect(self._watch)
        self._watch(application.focusWindow() if self._allowed_ms else None)
        self._timer.stop()
        self.look()

    def look(self) -> None:
        """By both clocks: the one stands still while the computer sleeps, the other is set by people."""
        if not self._allowed_ms:
            return
        gone = max(self._clock.steady_ms() - self._seen[0], self._clock.wall_ms() - self._seen[1])
        if gone >= self._allowed_ms:
            self.ran_out.emit()
        else:
            self._timer.start(self._allowed_ms - max(gone, 0))

    def _note(self) -> None:
        self._seen = (self._clock.steady_ms(), self._clock.wall_ms())

    def _watch(self, window: QWindow | None) -> None:
        """Only the window with the keys is watched, below its widgets: hundreds of events less a second."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)
        self._note()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            slept = self._clock.wall_ms() - self._seen[1] >= self._allowed_ms > 0
            if slept:
                # The first touch after the lid was opened: the lock comes before what it would show.
                self.look()
            else:
                self._note()
        return False


def _take_place(window: QWidget, of: QWidget) -> None:
    """``window`` where ``of`` is, as large; shown before the other goes, so that the program never has no window."""
    if of.isMaximized() or of.isFullScreen():
        window.showMaximized()
    else:
        window.setGeometry(of.geometry())
        window.show()
    of.hide()
    window.raise_()
    window.activateWindow()
