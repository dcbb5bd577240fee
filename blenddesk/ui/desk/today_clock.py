"""The second hand of Today: runs while a lesson is on screen, moves what the clock moves, notices that it slept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from blenddesk import text
from blenddesk.domain.live import LessonState, slept_seconds
from blenddesk.services import live
from blenddesk.services.today import DayState
from blenddesk.ui import kit
from blenddesk.ui.desk.today_sleep import SleepBanner

if TYPE_CHECKING:
    from blenddesk.ui.desk.today import TodayPage

TICK_MS = 1000


class LessonClock(QObject):
    """Asks the clock once a second while ``run(True)``; the data are read again only when the lesson moved on."""

    def __init__(self, page: TodayPage) -> None:
        super().__init__(page)
        self._page = page
        self._clock = page.session.context.clock
        self._language = text.language()
        self._moment: tuple[object, ...] = ()
        self.last_ms: int | None = None
        """When it last ticked, in ms; a gap means that the computer slept."""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @cached_property
    def slept(self) -> SleepBanner:
        """The question after sleep, above the lesson."""
        banner = SleepBanner(self._page)
        banner.answered.connect(self._on_sleep_answered)
        self._page.put_above_lesson(banner)
        return banner

    def run(self, wanted: bool) -> None:
        if wanted and not self._timer.isActive():
            self.last_ms = self._clock.wall_ms()
            self._timer.start()
        elif not wanted:
            self._timer.stop()
            self.last_ms = None

    def is_running(self) -> bool:
        return self._timer.isActive()

    def tick(self) -> None:
        """Asks what the clock says, and shows everything that follows from it."""
        view = self._page.view
        if view is None or view.log is None or view.state is not DayState.RUNNING:
            self._timer.stop()
            return
        now = self._clock.wall_ms()
        if self.last_ms is not None and slept_seconds(self.last_ms, now, usual_ms=TICK_MS):
            self.slept.ask(self.last_ms, now)
        self.last_ms = now
        state = view.log.at(now)
        if (state.phase, state.round, state.step) != self._moment:
            self._page.refresh()
            kit.announce(self._page, self._page.run.timer.words.text())
        else:
            self.show_moment(state)

    def show_moment(self, state: LessonState) -> None:
        self._moment = (state.phase, state.round, state.step)
        self._page.run.show_moment(state)

    def _on_tick(self) -> None:
        # In front may be the student's window, which speaks a child's language.
        with text.speaking(self._language):
            self.tick()

    def _on_sleep_answered(self, choice: str, since: int | None) -> None:
        if choice == "here" and since is not None:
            self._page.lesson_actions.do(live.slept, since)
        elif choice == "finish":
            self._page.lesson_actions.do(live.finish)
