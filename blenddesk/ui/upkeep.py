"""What a computer does for its data unasked: self-check after the start and backups, in a thread; of stations whole."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from blenddesk.diagnostics import log_crash
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import backups, selfcheck
from blenddesk.services.context import AppContext
from blenddesk.services.selfcheck import Health
from blenddesk.text import _
from blenddesk.ui.tasks import Cancelled

log = logging.getLogger(__name__)

CHECK_AFTER_MS = 8_000
"""After the first paint, so that whoever sits there has found what they came for."""
HOUR_MS = 60 * 60_000
BUSY_MS = 60_000
"""Until the next try while longer work goes on."""
SOON_MS = 2_000
STOP_SECONDS = 20.0

Job = Callable[[], object]


class Upkeep(QObject):
    """Lives as long as its window. Work runs in one thread, a piece at a time, and gives way to ``is_busy``."""

    checked = Signal(object)
    """A ``Health``, or the ``BlendDeskError`` that stopped the check."""
    backed_up = Signal(object)
    """An ``OwnBackup``, or the ``BlendDeskError`` that stopped it."""

    def __init__(self, context: AppContext, parent: QObject, *, is_busy: Callable[[], bool] = lambda: False) -> None:
        super().__init__(parent)
        self._context, self._is_busy = context, is_busy
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.timeout.connect(self.check_now)
        self._hour = QTimer(self)
        self._hour.setInterval(HOUR_MS)
        self._hour.timeout.connect(self.back_up_now)

    def start(self) -> None:
        self._check.start(CHECK_AFTER_MS)
        self._hour.start()

    def stop(self) -> None:
        """Nothing begins any more; what is under way ends at its next step."""
        self._check.stop()
        self._hour.stop()
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    @property
    def is_working(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def check_now(self) -> None:
        if self._may_begin():
            self._begin(lambda: selfcheck.check(self._context), self.checked)
        else:
            self._check.start(BUSY_MS)

    def back_up_now(self) -> None:
        """Makes a backup if anything was written since the last; an hour later otherwise."""
        if self._may_begin():
            self._begin(self._back_up, self.backed_up)

    def is_backup_due(self) -> bool:
        return not self._context.reads.reader.is_locked and backups.is_due(self._context)

    def _may_begin(self) -> bool:
        return not (self.is_working or self._is_busy() or self._context.reads.reader.is_locked)

    def _back_up(self) -> object:
        if not backups.is_due(self._context):
            return None
        return backups.back_up(self._context, progress=self._step)

    def _step(self, _done: int, _total: int) -> None:
        if self._stopping.is_set():
            raise Cancelled

    def _begin(self, job: Job, done: SignalInstance) -> None:
        def work() -> None:
            try:
                result = job()
            except Cancelled:
                return
            except BlendDeskError as error:
                result = error
            except Exception as error:  # noqa: BLE001 - noted, and the next time it is tried again
                log_crash(error)
                return
            if result is not None and not self._stopping.is_set():
                done.emit(result)

        self._stopping.clear()
        self._thread = threading.Thread(target=work, name="upkeep", daemon=True)
        self._thread.start()


class StationCare(QObject):
    """The same on a student computer, where nobody is told: what is wrong waits until the teacher opens the lock.

    A student computer is often on for half an hour and then switched off at the wall, so a backup is made soon after
    the start, of all that was done until then.
    """

    def __init__(self, context: AppContext, parent: QObject, *, is_busy: Callable[[], bool]) -> None:
        super().__init__(parent)
        self.is_damaged = False
        self.trouble: BlendDeskError | None = None
        """Why no backup could be made, of the last try."""
        self.upkeep = Upkeep(context, self, is_busy=is_busy)
        self.upkeep.checked.connect(self._on_checked)
        self.upkeep.backed_up.connect(self._on_backed_up)
        self.upkeep.start()

    def stop(self) -> None:
        self.upkeep.stop()

    def news(self) -> str:
        """What the teacher should know; "" while all is well."""
        if self.is_damaged:
            return _("A part of the data on this computer's disk is damaged. What was on a stick is safe.")
        if self.trouble is not None:
            return _("No backup could be made. {reason}").format(reason=error_sentence(self.trouble))
        return ""

    def _on_checked(self, found: object) -> None:
        self.is_damaged = isinstance(found, BlendDeskError) or (isinstance(found, Health) and found.is_damaged)
        if not self.is_damaged:
            QTimer.singleShot(SOON_MS, self.upkeep, self.upkeep.back_up_now)

    def _on_backed_up(self, made: object) -> None:
        self.trouble = made if isinstance(made, BlendDeskError) else None
        if self.trouble is not None:
            log.warning("no backup could be made: %s", self.trouble.code)
