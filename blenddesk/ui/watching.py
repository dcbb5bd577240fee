"""Looks into the watched folder of a window again and again, in a thread of its own, as long as the window is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from blenddesk.diagnostics import log_crash
from blenddesk.domain.ops import ChangeSet
from blenddesk.services import watching
from blenddesk.services.context import AppContext

if TYPE_CHECKING:
    from blenddesk.sync.watching import Look, Watcher

FIRST_LOOK_MS = 2_000
"""After the start, so that the window has been painted and the teacher has found what they came for."""
LOOK_EVERY_MS = 10_000
GONE_LOOK_MS = 30_000
GO_ON_MS = 200
BUSY_MS = 1_000
ASK_MS = 100
"""How often it is asked whether a look has ended; only while one is under way."""
LONGEST_REST_MS = 5 * 60_000
LONGEST_WAY_MS = 60_000
STOP_SECONDS = 2.0


def _never() -> bool:
    return False


class FolderWatching(QObject):
    """The folder of ``context.settings``; ``seen`` is the newest look, None before the first.

    ``is_busy``: longer work goes on in the window; a look gives way to it at once. ``sleeps``: no look now, however
    long. ``rests``: rather not now; after five minutes all the same.
    """

    changed = Signal()
    """There is something to say: another folder, paused, or a look has ended."""

    def __init__(
        self,
        context: AppContext,
        parent: QObject,
        *,
        is_busy: Callable[[], bool] = _never,
        sleeps: Callable[[], bool] = _never,
        rests: Callable[[], bool] = _never,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy, self._sleeps, self._rests = is_busy, sleeps, rests
        self.seen: Look | None = None
        self._watcher: Watcher | None = None
        self._watched: object = None
        self._running: _Look | None = None
        self._looked_ms = context.clock.steady_ms()
        self._ways_given = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer)

    @property
    def is_looking(self) -> bool:
        return self._running is not None

    def start(self) -> None:
        """Begins to look, or goes on after the settings changed."""
        settings = self._context.settings
        if settings.watched_folder and not settings.watch_paused:
            self._timer.start(FIRST_LOOK_MS if self.seen is None else 0)
        elif self._running is None:
            self._timer.stop()

    def stop(self) -> None:
        """The window goes: no look begins any more, and one under way ends at its next step.

        A look that hangs in a dead share is left behind; it touches nothing of ours when it comes back.
        """
        self._timer.stop()
        if self._running is not None:
            self._running.stop(STOP_SECONDS)
            self._running = None

    def let_go(self) -> None:
        """The desk is locked: keeps nothing that could open its data. ``start`` goes on afterwards."""
        self._timer.stop()
        self._watcher = self._watched = None

    def choose(self, folder: str) -> None:
        """Watches another folder; "" watches none. Raises what ``services.watching.choose_folder`` raises."""
        if folder:
            watching.choose_folder(self._context, Path(folder))
        else:
            watching.forget_folder(self._context)
        self.seen = None
        self._start_now()

    def pause(self, *, paused: bool) -> None:
        watching.pause(self._context, paused=paused)
        self._start_now()

    def _start_now(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self.start()
        if self._timer.isActive():
            self._timer.start(0)
        self.changed.emit()

    def _on_timer(self) -> None:
        if self._running is not None:
            if self._running.is_alive():
                if self._sleeps():
                    self._running.cancel()
                self._timer.start(ASK_MS)
            else:
                self._end()
            return
        if self._sleeps() or self._is_busy() or (self._rests() and not self._is_overdue()):
            self._timer.start(BUSY_MS)
            return
        settings = self._context.settings
        if not settings.watched_folder or settings.watch_paused:
            return
        self._running = _Look(settings.watched_folder, self._look, self._is_busy)
        self._timer.start(ASK_MS)

    def _look(self, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        """In the thread of the look: just after the start the ledger is still being loaded, which may take seconds."""
        settings, ledger = self._context.settings, self._context.ledger
        # Locking the desk and opening it again gives it another ledger.
        watched = (settings.watched_folder, settings.watched_mount, ledger)
        watcher = self._watcher
        if watcher is None or self._watched != watched:
            watcher = watching.watcher(self._context)
            self._watcher, self._watched = watcher, watched
        return watching.look(watcher, cancelled)

    def _next_look_ms(self, seen: Look) -> int:
        if seen.gave_way:
            # Whoever works here comes first, until there is a quiet moment.
            return min(BUSY_MS << min(self._ways_given, 10), LONGEST_WAY_MS)
        return GO_ON_MS if seen.more else GONE_LOOK_MS if seen.trouble else LOOK_EVERY_MS

    def _is_overdue(self) -> bool:
        return self._context.clock.steady_ms() - self._looked_ms >= LONGEST_REST_MS

    def _end(self) -> None:
        run, self._running = self._running, None
        assert run is not None
        self._looked_ms = self._context.clock.steady_ms()
        if run.error is not None:
            # A mistake of ours: noted, told once by the usual way, and tried again much later.
            self._timer.start(LONGEST_REST_MS)
            raise run.error
        assert run.seen is not None
        seen, change = run.seen
        if run.folder == self._context.settings.watched_folder:
            self.seen = seen
        if not change.is_empty:
            self._context.announce(change)
        if seen.pictures:
            # The changes that name them may have come long before.
            self._context.announce(ChangeSet(0, "folder_read", frozenset({"evidence"})))
        self._ways_given = self._ways_given + 1 if seen.gave_way else 0
        self._timer.start(self._next_look_ms(seen))
        self.changed.emit()


class _Look:
    """One look in a daemon thread: it must neither keep the window waiting nor the program from ending."""

    def __init__(
        self,
        folder: str,
        look: Callable[[Callable[[], bool]], tuple[Look, ChangeSet]],
        gives_way: Callable[[], bool],
    ) -> None:
        self.folder = folder
        self._look = look
        self.seen: tuple[Look, ChangeSet] | None = None
        self.error: Exception | None = None
        self._gives_way = gives_way
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watch", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def cancel(self) -> None:
        self._stopped.set()

    def stop(self, seconds: float) -> None:
        self._stopped.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            self.seen = self._look(lambda: self._stopped.is_set() or self._gives_way())
        except Exception as error:  # noqa: BLE001 - a mistake in a thread must reach the crash dialog, not vanish
            log_crash(error)
            self.error = error
