"""How long a search may go on: so many iterations, a cap on its time, and a question whether somebody cancelled it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

ITERATIONS, TIME, PROVEN, CANCELLED = "iterations", "time", "proven", "cancelled"
"""Why a search stopped. The same seed gives the same answer everywhere only after ``ITERATIONS`` or ``PROVEN``."""


def _never() -> bool:
    return False


class Budget:
    """What a search may spend. ``None`` means without a limit of that kind.

    A search asks ``spend()`` before each iteration, and ``is_over()`` inside an iteration that may be long: both are
    cheap (under a microsecond besides ``cancelled``), so that cancelling takes effect within a few milliseconds.
    """

    def __init__(
        self,
        seconds: float | None = None,
        iterations: int | None = None,
        cancelled: Callable[[], bool] = _never,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.stopped: str | None = None
        self.spent = 0
        """Iterations begun so far."""
        self._iterations = iterations
        self._cancelled = cancelled
        self._clock = clock
        self._started = clock()
        self._end = None if seconds is None else self._started + seconds

    @property
    def milliseconds(self) -> int:
        """Since the budget was made."""
        return round((self._clock() - self._started) * 1000)

    def spend(self) -> bool:
        """Begin one more iteration; False when there is none left (``stopped`` then says why)."""
        if self.stopped is None and self._iterations is not None and self.spent >= self._iterations:
            self.stopped = ITERATIONS
        if self.is_over():
            return False
        self.spent += 1
        return True

    def is_over(self) -> bool:
        """Whether the time has run out or somebody cancelled."""
        if self.stopped is None:
            if self._end is not None and self._clock() >= self._end:
                self.stopped = TIME
            elif self._cancelled():
                self.stopped = CANCELLED
        return self.stopped is not None

    def prove(self) -> None:
        """Nothing better exists: the search ends here."""
        self.stopped = PROVEN
