"""Long work off the window's thread, with counts and Cancel; one piece at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThread, QTimer, Signal
from PySide6.QtWidgets import QWidget

from blenddesk.diagnostics import log_crash
from blenddesk.errors import BlendDeskError
from blenddesk.ui import kit

R = TypeVar("R")

SHOW_AFTER_MS = 300


class Cancelled(Exception):
    """The person pressed Cancel; whatever transaction was open is rolled back by this."""


class Progress:
    """Handed to long work: call it with (done, total) between steps. Raises ``Cancelled`` once Cancel was pressed."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._report = report
        self._cancel = threading.Event()

    def __call__(self, done: int, total: int) -> None:
        if self._cancel.is_set():
            raise Cancelled
        self._report(done, total)

    def cancel(self) -> None:
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()


class _Worker(QThread):
    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    was_cancelled = Signal()

    def __init__(self, work: Callable[[Progress], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.progress = Progress(self.progressed.emit)

    def run(self) -> None:
        try:
            result = self._work(self.progress)
        except Cancelled:
            self.was_cancelled.emit()
        except BlendDeskError as error:
            self.failed.emit(error)
        except Exception as error:  # noqa: BLE001 - a bug in a thread must reach the crash dialog, not vanish
            log_crash(error)
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)


class TaskRunner(QObject):
    """Runs one long piece of work at a time for a window, under a sheet with counts and Cancel."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._worker: _Worker | None = None

    @property
    def is_busy(self) -> bool:
        return self._worker is not None

    def cancel(self) -> None:
        """Asks the work to stop, as the sheet's Cancel does."""
        if self._worker is not None:
            self._worker.progress.cancel()

    def start(
        self,
        title: str,
        work: Callable[[Progress], R],
        *,
        done: Callable[[R], None],
        failed: Callable[[Exception], None],
        cancelled: Callable[[], None] | None = None,
        text: str = "",
        quietly: bool = False,
    ) -> None:
        """``work`` runs in a thread; then ``done``, ``failed`` or ``cancelled`` is called in the window's thread.

        ``text``: a sentence under the title, where the title alone could frighten. ``quietly``: no sheet ever, for
        what takes less than a second and shows elsewhere that it goes on.
        """
        if self._worker is not None:
            raise RuntimeError("a window runs one long task at a time")
        worker = _Worker(work, self)
        self._worker = worker
        sheet = None if quietly else self._sheet_of(worker, title, text)

        def finish(then: Callable[[], None]) -> None:
            worker.wait()
            self._worker = None
            if sheet is not None:
                sheet.close_sheet()
            worker.deleteLater()
            then()

        worker.succeeded.connect(lambda result: finish(lambda: done(result)))
        worker.failed.connect(lambda error: finish(lambda: failed(error)))
        worker.was_cancelled.connect(lambda: finish(cancelled or (lambda: None)))
        worker.start()

    def wait(self) -> None:
        """Until the work has ended: before a window goes whose thread still runs. Nothing is called afterwards."""
        if self._worker is not None:
            for signal in (self._worker.succeeded, self._worker.failed, self._worker.was_cancelled):
                signal.disconnect()
            self._worker.wait()
            self._worker = None

    def _sheet_of(self, worker: _Worker, title: str, text: str) -> kit.ProgressSheet:
        sheet = kit.ProgressSheet(self._window, title, text)
        worker.progressed.connect(sheet.set_progress)
        sheet.cancel_requested.connect(worker.progress.cancel)
        # Work that is over before anyone could read it shows nothing.
        appear = QTimer(sheet)
        appear.setSingleShot(True)
        appear.setInterval(SHOW_AFTER_MS)
        appear.timeout.connect(sheet.open)
        appear.start()
        return sheet
