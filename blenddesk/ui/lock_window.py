"""The window of a locked desk: one field for the pass phrase, and behind a quiet button the recovery sheet.

It needs neither the database nor the libraries that open it before it is painted; the work is done in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.config import Paths
from blenddesk.domain.ports import Clock
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import protection
from blenddesk.text import _, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.phrase_field import PhraseField
from blenddesk.ui.recovery_words import RecoveryWords
from blenddesk.ui.tasks import Progress, TaskRunner

TICK_MS = 250


class LockWindow(QWidget):
    """T1. ``opened(key, by_words)`` when the phrase or the words were right; what happens then is not its business.

    Args:
        words_only: only the recovery sheet can open it (the account's own key is out of reach).
        stays: a board or a student computer is open beside it; closing puts it aside instead.
        lesson: what to show of a running lesson, without names; asked once a second.
    """

    opened = Signal(object, bool)

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        *,
        words_only: bool = False,
        stays: Callable[[], bool] = lambda: False,
        lesson: Callable[[], str] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("lock_window")
        self.setWindowTitle("BlendDesk")
        self.setWindowIcon(assets.app_icon())
        self.setMinimumSize(1024, 600)
        self.resize(1366, 705)
        self._paths, self._stays, self._lesson = paths, stays, lesson
        self._attempts = protection.Attempts(paths, clock)
        self._words_only = words_only
        self._language = text.language()
        self.tasks = TaskRunner(self)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self.lesson = kit.Text("", "title", bold=True, parent=self)
        self.lesson.setObjectName("lock_lesson")
        self.lesson.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.lesson.hide()
        self.stack = QStackedWidget(self)
        self._phrase_page = self._make_phrase_page()
        self._words_page: QWidget | None = None
        self.stack.addWidget(self._phrase_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.addStretch(1)
        column.addWidget(self.lesson)
        column.addWidget(self.stack)
        column.addStretch(1)
        self._show_wait()
        if words_only:
            self.ask_words()
        else:
            self.phrase.setFocus()

    # --- the pass phrase ------------------------------------------------------------------------------------------

    def _make_phrase_page(self) -> QWidget:
        page = QWidget(self)
        card = kit.Card(padding=28, radius=theme.RADIUS_LARGE, parent=page)
        card.setMaximumWidth(theme.look_of(self).px(560))
        title = kit.Heading(_("BlendDesk is locked"), "title", parent=card)
        self.phrase = PhraseField(_("Pass phrase"), "lock_phrase", card)
        self.row = kit.FormRow(_("Pass phrase"), self.phrase, parent=card)
        self.go = kit.Button(_("Open"), "primary", icon="lock-key-open", parent=card)
        self.go.setObjectName("lock_open")
        self.forgot = kit.Button(_("I forgot the pass phrase"), "quiet", parent=card)
        self.forgot.setObjectName("lock_forgot")
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(kit.PlacePicture(_("Locked"), "locked", 0, px=64, plain=True, parent=card))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(kit.Text(_("Everything is saved. Type the pass phrase to go on."), tone="dim", parent=card))
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.forgot)
        foot.addStretch(1)
        foot.addWidget(self.go)
        card.body.setSpacing(16)
        card.body.addLayout(head)
        card.body.addWidget(self.row)
        card.body.addLayout(foot)
        self.phrase.entered.connect(self.try_phrase)
        self.phrase.edited.connect(lambda: self.row.set_trouble(""))
        self.go.clicked.connect(self.try_phrase)
        self.forgot.clicked.connect(self.ask_words)
        _centre(page, card)
        return page

    def try_phrase(self) -> None:
        """Judges what is typed, unless a wrong try still has to be waited for."""
        if self.tasks.is_busy:
            return
        if self._attempts.seconds_left():
            self._show_wait()
            return
        typed = self.phrase.text()
        if not typed.strip():
            self.row.set_trouble(_("Type the pass phrase first."))
            self.phrase.setFocus()
            return
        self._work(
            partial(protection.open_with_phrase, self._paths, typed, self._attempts), False, self._on_phrase_failed
        )

    def _on_phrase_failed(self, error: BlendDeskError) -> None:
        self.phrase.clear()
        self.row.set_trouble(error_sentence(error))
        kit.announce(self, error_sentence(error), urgent=True)
        self.phrase.setFocus()
        self._show_wait()

    def show_trouble(self, error: BlendDeskError) -> None:
        """The key was right and something else is wrong."""
        (self._on_words_failed if self.stack.currentWidget() is self._words_page else self._on_phrase_failed)(error)

    def _show_wait(self) -> None:
        left = self._attempts.seconds_left()
        waiting = bool(left)
        self.go.setEnabled(not waiting and not self.tasks.is_busy)
        words = ngettext("Wait {n} s", "Wait {n} s", left).format(n=left) if waiting else _("Open")
        if self.go.words() != words:
            self.go.setText(words)
        self._settle_tick()

    # --- the recovery sheet ---------------------------------------------------------------------------------------

    def ask_words(self) -> None:
        """The ten words of the sheet; the page is made when it is first asked for."""
        if self._words_page is None:
            self._words_page = self._make_words_page()
            self.stack.addWidget(self._words_page)
        self.stack.setCurrentWidget(self._words_page)
        self.words.setFocus()

    def ask_phrase(self) -> None:
        self.stack.setCurrentWidget(self._phrase_page)
        self.phrase.setFocus()

    def _make_words_page(self) -> QWidget:
        page = QWidget(self)
        card = kit.Card(padding=28, radius=theme.RADIUS_LARGE, parent=page)
        card.setMaximumWidth(theme.look_of(self).px(900))
        self.words = RecoveryWords(parent=card)
        self.words_trouble = kit.Banner("", "danger", parent=card)
        self.words_trouble.setObjectName("lock_words_trouble")
        self.words_trouble.hide()
        self.back = kit.Button(_("Back"), parent=card)
        self.back.setObjectName("lock_back")
        self.back.setVisible(not self._words_only)
        self.open_words = kit.Button(_("Open"), "primary", icon="lock-key-open", parent=card)
        self.open_words.setObjectName("lock_open_words")
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.open_words)
        about = _("Type the ten words of your sheet. Then you choose a new pass phrase; nothing else changes.")
        if self._words_only:
            about = _("This account cannot reach the key to the class data. The ten words of your sheet open it.")
        lost = _(
            "No sheet? Then nobody can open this data, not even the makers of BlendDesk. Backups with five words of "
            "their own still open, and each student computer still has its work."
        )
        card.body.setSpacing(10)
        card.body.addWidget(kit.Heading(_("Open with the recovery sheet"), "title", parent=card))
        card.body.addWidget(kit.Text(about, tone="dim", parent=card))
        card.body.addSpacing(4)
        card.body.addWidget(self.words)
        card.body.addWidget(self.words_trouble)
        card.body.addWidget(kit.Text(lost, "small", tone="dim", parent=card))
        card.body.addLayout(foot)
        self.back.clicked.connect(self.ask_phrase)
        self.open_words.clicked.connect(self.try_words)
        self.words.entered.connect(self.try_words)
        _centre(page, card)
        return page

    def try_words(self) -> None:
        self.words_trouble.hide()
        typed = self.words.typed()
        if typed is not None and not self.tasks.is_busy:
            self._work(partial(protection.open_with_sheet, self._paths, typed), True, self._on_words_failed)

    def _on_words_failed(self, error: BlendDeskError) -> None:
        self.words_trouble.set_text(error_sentence(error))
        self.words_trouble.show()
        self.words.show_trouble(error)
        kit.announce(self, error_sentence(error), urgent=True)

    # --- both -----------------------------------------------------------------------------------------------------

    def _work(self, open_it: Callable[[], bytes], by_words: bool, trouble: Callable[[BlendDeskError], None]) -> None:
        def work(_progress: Progress) -> bytes:
            return open_it()

        def done(key: bytes) -> None:
            self._settle_busy()
            self.opened.emit(key, by_words)

        def failed(error: Exception) -> None:
            self._settle_busy()
            if not isinstance(error, BlendDeskError):
                raise error
            trouble(error)

        self.tasks.start(_("Opening"), work, done=done, failed=failed, quietly=True)
        self._settle_busy()

    def _settle_busy(self) -> None:
        """While it works nothing else can be pressed."""
        free = not self.tasks.is_busy
        self.stack.setEnabled(free)
        if free:
            self._show_wait()

    def _on_tick(self) -> None:
        # In front may be the student's window, which speaks a child's language.
        with text.speaking(self._language):
            self._show_lesson()
            self._show_wait()

    def _show_lesson(self) -> None:
        words = self._lesson() if self._lesson is not None else ""
        if words != self.lesson.text():
            self.lesson.setText(words)
        self.lesson.setVisible(bool(words))

    def _settle_tick(self) -> None:
        wanted = self.isVisible() and (self._lesson is not None or bool(self._attempts.seconds_left()))
        if wanted != self._tick.isActive():
            self._tick.start() if wanted else self._tick.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_lesson()
        self._settle_tick()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle_tick()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._stays():
            event.ignore()
            self.showMinimized()
            return
        self.tasks.wait()
        self._tick.stop()
        super().closeEvent(event)


def _centre(page: QWidget, card: QWidget) -> None:
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(card, 20)
    row.addStretch(1)
