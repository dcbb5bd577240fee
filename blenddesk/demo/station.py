"""Children at a student computer: opens its real window without a screen and taps through their visits by name."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from blenddesk import bootstrap, text
from blenddesk.config import Paths
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.messages import error_sentence

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.ui.kiosk.window import KioskWindow

SCREEN = (1366, 768)
PATIENCE_SECONDS = 20
POLL_MS = 4


@dataclass(frozen=True, slots=True)
class Visit:
    """What one child does at the computer in one go. ``number``: the child's place in the class list."""

    number: int
    stations: int
    growth: int
    remark: str = ""
    taps_step: bool = False


class Hands:
    """Taps what has a name, with the mouse, the way a finger would; waits for a screen as a child does."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.taps = 0

    def wait(self, ready: Callable[[], object], what: str) -> None:
        """Lets the program run until ``ready``. Refusal ``demo_stopped`` when it never is."""
        if ready():
            return
        loop = QEventLoop()
        until = time.monotonic() + PATIENCE_SECONDS
        timer = QTimer()
        timer.setInterval(POLL_MS)
        timer.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() > until else None)
        timer.start()
        loop.exec()
        timer.stop()
        if not ready():
            raise Refusal("demo_stopped", step=what, detail=f"{PATIENCE_SECONDS} s")

    def find(self, name: str) -> QWidget | None:
        return next((w for w in self.window.findChildren(QWidget, name) if w.isVisible() and w.isEnabled()), None)

    def see(self, name: str) -> QWidget:
        """The visible control of that name, as soon as it is there."""
        self.wait(lambda: self.find(name), name)
        found = self.find(name)
        assert found is not None
        return found

    def tap(self, name: str) -> None:
        self.press(self.see(name))

    def press(self, widget: QWidget) -> None:
        """A tap in the middle of a control, through the same door as a real one."""
        self.taps += 1
        spot = QPointF(widget.rect().center())
        where = QPointF(widget.mapToGlobal(widget.rect().center()))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            QApplication.sendEvent(widget, QMouseEvent(kind, spot, where, left, held, Qt.KeyboardModifier.NoModifier))


class Child:
    """One child at the window, going through a visit."""

    def __init__(self, window: KioskWindow, context: AppContext, hands: Hands) -> None:
        self.window, self.context, self.hands = window, context, hands

    def visit(self, visit: Visit) -> None:
        """Signs in with pictures, taps a step of the goal, ticks what is done, says how it went, and leaves."""
        hands = self.hands
        self._sign_in(visit.number)
        if visit.taps_step:
            hands.tap("goal")
            hands.tap("did_step")
            hands.wait(lambda: self._steps_done(visit.number), "goal step")
            hands.tap("back")
            self._until("stations")
        before = self._claims(visit.number)
        if hands.find("did_it") is None:
            # The station of this round is logged already: one that is not comes into the big card.
            hands.tap(self._ticks()[0].replace("tick", "station"))
            hands.see("did_it")
        for name in self._ticks()[: visit.stations - 1]:
            hands.tap(name)
        hands.tap("did_it")
        for place in range(visit.stations):
            self._answer(visit, last=place == visit.stations - 1)
        hands.tap("finish")
        # Goodbye may only show once the log is on the disk.
        hands.see("oops")
        after = self._claims(visit.number)
        if after - before != visit.stations:
            raise Refusal("demo_stopped", step="save", detail=f"{after - before} of {visit.stations} stations")

    def _ticks(self) -> list[str]:
        """The ticks of stations in the list that are not logged yet."""
        return [name for name in (f"tick_{place}" for place in range(1, 9)) if self.hands.find(name)]

    def _sign_in(self, number: int) -> None:
        from blenddesk.ui.kiosk.keys import PAD_ORDER

        hands = self.hands
        hands.wait(lambda: hands.find("wake") or hands.find(f"tile_{number}"), "who are you")
        if hands.find("wake"):
            hands.tap("wake")
        hands.tap(f"tile_{number}")
        student = self._student(number)
        self._until("pictures")
        for place in student.code:
            hands.tap(f"picture_{PAD_ORDER[place]}")
        self._until("stations")

    def _until(self, screen: str) -> None:
        self.hands.wait(lambda: self.window.screen_name == screen, screen)

    def _answer(self, visit: Visit, *, last: bool) -> None:
        hands = self.hands
        self._until("reflect")
        screen = self.window.screen_widget
        if last:
            hands.tap("chip_learned")
        if last and visit.remark:
            hands.tap("write")
            field = hands.see("remark")
            assert isinstance(field, QLineEdit)
            field.setText(visit.remark)
            hands.tap("remark_done")
        hands.tap(f"growth_{visit.growth}")
        if not last:
            hands.wait(lambda: self.window.screen_widget is not screen, "the next answer")

    # --- looking into the data, to be sure ----------------------------------------------------------------------

    def _student(self, number: int) -> Any:
        (section,) = self.context.reads.sections.all()
        return next(s for s in self.context.reads.people.students(section.id) if s.number == number)

    def _entries(self, number: int) -> list[Any]:
        (section,) = self.context.reads.sections.all()
        return self.context.reads.entries.of_student(section.id, self._student(number).id)

    def _claims(self, number: int) -> int:
        return sum(entry.kind == "claimed" for entry in self._entries(number))

    def _steps_done(self, number: int) -> bool:
        return any(entry.kind == "step_done" for entry in self._entries(number))


def play_visits(data_dir: Path, visits: Sequence[Visit]) -> dict[str, object]:
    """All visits, one after the other, in one window. Returns the ids of every entry that was acknowledged."""
    from blenddesk.ui import kit, theme
    from blenddesk.ui.kiosk.window import KioskWindow

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    text.use_language("en")
    theme.apply_theme(application, theme.load_tokens("day"), language="en")
    kit.watch_focus(application)
    paths = Paths(data_dir)
    with bootstrap.DataLock(paths):
        context = bootstrap.open_device(paths)
        try:
            # No guard against taps meant for the screen before: these hands look before they tap.
            window = KioskWindow(context, guard_ms=0)
            window.resize(*SCREEN)
            window.show()
            hands = Hands(window)
            child = Child(window, context, hands)
            seconds = []
            for visit in visits:
                begun = time.perf_counter()
                child.visit(visit)
                seconds.append(time.perf_counter() - begun)
            (section,) = context.reads.sections.all()
            entries = context.reads.entries.of_section(section.id)
            window.close_for_good()
            window.deleteLater()
            return {
                "ok": True,
                "visits": len(visits),
                "taps": hands.taps,
                "seconds": round(sum(seconds), 2),
                "entries": [entry.id.hex() for entry in entries if entry.kind == "claimed"],
                "steps": [entry.id.hex() for entry in entries if entry.kind == "step_done"],
            }
        finally:
            bootstrap.close_device(context)


def main(arguments: Sequence[str]) -> int:
    """``DATA_DIR VISITS.json``: plays the visits and prints one JSON object."""
    folder, job = arguments
    visits = [Visit(**one) for one in json.loads(Path(job).read_text(encoding="utf-8"))]
    try:
        answer = play_visits(Path(folder), visits)
    except BlendDeskError as error:
        answer = {"ok": False, "code": error.code, "message": error_sentence(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0 if answer["ok"] else 1
