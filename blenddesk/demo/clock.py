"""A clock that stands still until it is moved, so that a lesson takes no time."""

from __future__ import annotations

from dataclasses import dataclass

MONDAY_9_30 = 1_795_426_200_000
"""Monday 23 November 2026, 9:30 UTC, in ms since 1970."""
MINUTE_MS = 60_000


@dataclass(slots=True)
class HandClock:
    """Local time is UTC."""

    now_ms: int = MONDAY_9_30

    def wall_ms(self) -> int:
        return self.now_ms

    def steady_ms(self) -> int:
        return self.now_ms

    def zone_minutes(self) -> int:
        return 0

    def advance(self, minutes: float) -> None:
        self.now_ms += round(minutes * MINUTE_MS)
