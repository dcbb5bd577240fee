"""Where the pictures are taken: the sample class under a clock that stands still, and a student computer of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import bootstrap, text
from blenddesk.config import Paths
from blenddesk.demo.clock import HandClock
from blenddesk.demo.station import Hands
from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.ui import kit, theme

DESK_SIZE = (1366, 705)
FULL_SIZE = (1366, 768)
SMALL_SIZE = (1280, 680)
SETTLE_MS = 120
"""Pages lay themselves out in a few turns of the event loop."""


@dataclass(slots=True)
class Studio:
    """``desk`` holds the sample class, whose lesson has been running for seven minutes when the clock starts."""

    folder: Path
    clock: HandClock
    desk: AppContext
    section: Id
    plan: Id
    station: AppContext | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    """What puts things back, called once the windows are away."""
    _open: list[QWidget] = field(default_factory=list)

    def show(self, window: QWidget, size: tuple[int, int] = FULL_SIZE) -> QWidget:
        """Puts a window up and lets it settle. It stays until ``clear``."""
        self._open.append(window)
        window.resize(*size)
        window.show()
        settle()
        return window

    def clear(self) -> None:
        """Takes every window away and puts language, theme and text size back."""
        for window in self._open:
            closing = getattr(window, "close_for_good", window.close)
            closing()
            window.deleteLater()
        self._open.clear()
        for context in filter(None, (self.desk, self.station)):
            # Windows that are gone no longer want to know.
            context.listeners.clear()
        for put_back in self.afterwards:
            put_back()
        self.afterwards.clear()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        look()

    def hands(self, window: QWidget) -> Hands:
        return Hands(window)

    def student_computer(self) -> AppContext:
        """A student computer of the class, joined by its file and five words when it is first asked for."""
        if self.station is None:
            from blenddesk import joining
            from blenddesk.services import exchange

            stick = self.folder / "stick"
            stick.mkdir()
            added = exchange.add_computer(self.desk, self.section, "Blue-1", stick)
            place = Paths(self.folder / "station", self.folder / "state")
            joining.open_seat(place, added.file.read_bytes(), " ".join(added.words), clock=self.clock)
            self.station = bootstrap.open_device(place, clock=self.clock)
            self.station.settings = self.station.settings._replace(reduced_motion=True)
        return self.station


@contextmanager
def studio(folder: Path) -> Iterator[Studio]:
    """The sample class in ``folder``."""
    from blenddesk.services import classes, samples

    application()
    clock = HandClock()
    desk = bootstrap.create_device(
        Paths(folder / "desk", folder / "state"), role="desk", name=samples.TEACHER, clock=clock
    )
    made: Studio | None = None
    try:
        desk.settings = desk.settings._replace(reduced_motion=True)
        desk.run(classes.found_desk, samples.TEACHER)
        desk.run(samples.make_sample)
        (section,) = desk.reads.sections.all()
        (plan,) = desk.reads.plans.on_day(section.id, "2026-11-23")
        made = Studio(folder, clock, desk, section.id, plan.id)
        yield made
    finally:
        if made is not None:
            made.clear()
            if made.station is not None:
                bootstrap.close_device(made.station)
        bootstrap.close_device(desk)


def application() -> QApplication:
    """The application with the day theme, made once."""
    found = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(found, QApplication)
    look()
    kit.watch_focus(found)
    return found


def look(*, language: str = "en", scale: float = 1.0) -> None:
    """The language and text size of the windows made from now on."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    text.use_language(language)
    now = theme.current()
    if (now.language, now.scale) != (language, scale) or not app.styleSheet():
        theme.apply_theme(app, theme.load_tokens("day"), scale=scale, language=language)


def settle(ms: int = SETTLE_MS) -> None:
    """Lets the windows refresh and lay themselves out."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
