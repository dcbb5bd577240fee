"""What time does to the student's window: the idle question, Oops running out, falling asleep, the teacher's lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.people import Student
from blenddesk.ui import kit
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.signs import OOPS_SECONDS, STILL_HERE_SECONDS, EyesSign, GoodbyeBar, StillHere
from blenddesk.ui.kiosk.visit import Draft
from blenddesk.ui.kiosk.who import avatar_of

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

ASLEEP_AFTER_SECONDS = 300


class Watch:
    """Asked once a second. It goes by the context's steady clock, so tests let time pass by hand."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window
        self._last_input = self.now()
        self._question: tuple[StillHere, int] | None = None
        self._goodbye: tuple[ChangeSet, Student, Draft, int] | None = None
        self._bar: GoodbyeBar | None = None
        self._eyes: EyesSign | None = None

    def now(self) -> int:
        """Milliseconds of the steady clock."""
        return self._window.context.clock.steady_ms()

    def note_input(self) -> None:
        self._last_input = self.now()

    def tick(self) -> None:
        now = self.now()
        self._watch_lesson()
        if self._goodbye is not None and self._bar is not None:
            until = self._goodbye[3]
            self._bar.ring.set_share((until - now) / (OOPS_SECONDS * 1000))
            if now >= until:
                self.end_goodbye()
        if self._question is not None:
            question, until = self._question
            question.ring.set_share((until - now) / (STILL_HERE_SECONDS * 1000))
            if now >= until:
                self._window.show_who()
        else:
            self._watch_idle(now)

    # --- is anyone there? -------------------------------------------------------------------------------------------

    def _watch_idle(self, now: int) -> None:
        window = self._window
        idle = (now - self._last_input) // 1000
        limit = window.session.idle_seconds
        name = window.screen_name
        if window.student is not None and idle >= limit:
            question = StillHere(window, window.student.name)
            question.open()
            self._question = (question, now + STILL_HERE_SECONDS * 1000)
        elif name in ("pictures", "choose_avatar", "help") and idle >= limit:
            window.show_who()
        elif name in ("who", "classes") and idle >= ASLEEP_AFTER_SECONDS and window.open_sheet() is None:
            window.sleep()

    def close_question(self) -> None:
        if self._question is not None:
            question, _until = self._question
            self._question = None
            question.close_sheet()

    # --- goodbye ----------------------------------------------------------------------------------------------------

    @property
    def says_goodbye(self) -> bool:
        return self._goodbye is not None

    def begin_goodbye(self, change: ChangeSet, student: Student, draft: Draft) -> None:
        """Puts the goodbye line where the header of the tiles is, for as long as Oops lasts."""
        window = self._window
        screen = window.screen_widget
        assert screen is not None
        self._goodbye = (change, student, draft, self.now() + OOPS_SECONDS * 1000)
        avatar = avatar_of(student, window.older)
        self._bar = bar = GoodbyeBar(student, avatar, window.older, window.oops, screen)
        bar.setFixedHeight(screen.header.sizeHint().height())
        screen.header.hide()
        screen.column.insertWidget(0, bar)
        item = screen.pills.itemAt(screen.pills.count() - 1)
        last = item.widget() if item is not None else None
        if last is not None:
            QWidget.setTabOrder(last, bar.oops)
        kit.announce(window, words.see_you(student.name, window.older))

    def end_goodbye(self) -> tuple[ChangeSet, Student, Draft] | None:
        """Takes the line away; answers with what Oops would have taken back."""
        goodbye, self._goodbye = self._goodbye, None
        bar, self._bar = self._bar, None
        screen = self._window.screen_widget
        if bar is not None and screen is not None:
            screen.column.removeWidget(bar)
            bar.hide()
            bar.setParent(None)
            bar.deleteLater()
            screen.header.show()
        return goodbye[:3] if goodbye is not None else None

    # --- the teacher's lesson ---------------------------------------------------------------------------------------

    def _watch_lesson(self) -> None:
        window = self._window
        now = window.session.round_now()
        if now is None:
            return
        if now.eyes_on_me and self._eyes is None:
            self._eyes = EyesSign(window)
            self._eyes.show()
            self._eyes.raise_()
        elif not now.eyes_on_me and self._eyes is not None:
            self._eyes.hide()
            self._eyes.deleteLater()
            self._eyes = None
        view = window.session.view
        if window.screen_name == "who" and view is not None and now.number != view.round.number:
            window.refresh()

    def resize(self) -> None:
        if self._eyes is not None:
            self._eyes.setGeometry(self._window.rect())
