"""The windows opened from Today: the board and the student computer on this laptop, and the key that flips them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk.domain.ids import Id
from blenddesk.ui.desk.session import DeskSession

if TYPE_CHECKING:
    from blenddesk.ui.board.window import BoardWindow
    from blenddesk.ui.kiosk.window import KioskWindow

FLIP_KEY = "F8"


class LessonWindows:
    """At most one board and one student computer. Flipping only raises windows: a half-written answer stays.

    ``on_change`` is called when a window opened or closed; ``on_flip_home`` when the desk comes to the front, where
    whoever stood before the laptop may still be looking.
    """

    def __init__(
        self, session: DeskSession, page: QWidget, on_change: Callable[[], None], on_flip_home: Callable[[], None]
    ) -> None:
        self._session = session
        self._on_change, self._on_flip_home = on_change, on_flip_home
        self.board: BoardWindow | None = None
        self.student_computer: KioskWindow | None = None
        # The program's, not the window's: it has to work while the board or the student computer has the keys.
        self._flip_key = QShortcut(QKeySequence(FLIP_KEY), session.window)
        self._flip_key.setContext(Qt.ShortcutContext.ApplicationShortcut)
        self._flip_key.activated.connect(self.flip)

    def class_may_see(self) -> bool:
        from blenddesk.ui.board.screens import class_may_see

        return class_may_see(self._session.window.screen())

    def open_board(self, section: Id, plan: Id) -> BoardWindow:
        """The board of a lesson, on a second display if there is one."""
        from blenddesk.ui.board.screens import second_screen
        from blenddesk.ui.board.window import BoardWindow

        if self.board is not None and self.board.plan != plan:
            self.board.close()
        if self.board is None:
            screen = second_screen(self._session.window.screen())
            board = self._session.window.keep(
                BoardWindow(self._session.context, section, plan, class_safe=screen is None)
            )
            self.board = board
            board.closed.connect(lambda: self._on_board_closed(board))
            board.show_on(screen)
        self._bring_up(self.board)
        self._on_change()
        return self.board

    def open_student_computer(self, section: Id) -> KioskWindow:
        """The student's window on this laptop, at this class; it sees the running lesson."""
        from blenddesk.ui.kiosk.window import KioskWindow

        if self.student_computer is None:
            window = self._session.window.keep(KioskWindow(self._session.context, section=section, live=True))
            self.student_computer = window
            window.closed.connect(lambda: self._on_student_computer_closed(window))
            window.setGeometry(self._session.window.screen().geometry())
            window.showFullScreen()
        self._bring_up(self.student_computer)
        self._on_change()
        self._guard(self.student_computer)
        return self.student_computer

    def _guard(self, window: KioskWindow) -> None:
        """With a pass phrase the desk is locked behind the student's window, which asks for it before it goes."""
        locker = self._session.window.locker
        if locker is not None and locker.is_protected:
            window.guard = partial(locker.ask_to_leave, window)
            locker.lock()
            self._bring_up(window)

    def windows(self) -> list[QWidget]:
        """Desk, board, student computer: those that are open."""
        locker = self._session.window.locker
        home = self._session.window if locker is None else locker.front()
        return [one for one in (home, self.board, self.student_computer) if one is not None]

    def flip(self) -> None:
        """Brings the next window to the front; back at the desk what the class must not see is covered."""
        windows = self.windows()
        if len(windows) < 2:
            return
        active = QApplication.activeWindow()
        place = windows.index(active) if active in windows else 0
        target = windows[(place + 1) % len(windows)]
        if target is self._session.window:
            self._on_flip_home()
        self._bring_up(target)
        if self.student_computer is not None and target is self.student_computer:
            self._guard(self.student_computer)

    def _bring_up(self, window: QWidget) -> None:
        window.raise_()
        window.activateWindow()

    def _on_board_closed(self, board: BoardWindow) -> None:
        self._session.window.forget(board)
        board.deleteLater()
        self.board = None
        self._on_change()

    def _on_student_computer_closed(self, window: KioskWindow) -> None:
        self._session.window.forget(window)
        window.deleteLater()
        self.student_computer = None
        self._on_change()
