"""The holes through which the outside world enters: time and randomness. Tests put their own things in."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from typing import Protocol

from blenddesk.domain.ids import ID_BYTES, Id


class Clock(Protocol):
    """What time it is. The wall clock may be wrong and may jump; the steady one never goes back."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 in UTC."""
        ...

    def steady_ms(self) -> int:
        """Milliseconds since an arbitrary moment; includes no clock changes."""
        ...

    def zone_minutes(self) -> int:
        """Minutes that local time is ahead of UTC."""
        ...


class Randomness(Protocol):
    def token(self, length: int) -> bytes:
        """``length`` bytes nobody can guess."""
        ...


class SystemClock:
    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def steady_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def zone_minutes(self) -> int:
        offset = datetime.now(UTC).astimezone().utcoffset()
        return int(offset.total_seconds() // 60) if offset is not None else 0


class SystemRandomness:
    def token(self, length: int) -> bytes:
        return os.urandom(length)


def new_id(randomness: Randomness) -> Id:
    return randomness.token(ID_BYTES)


def local_datetime(clock: Clock) -> datetime:
    """The local date and time that the clock shows, without a zone."""
    shifted_ms = clock.wall_ms() + clock.zone_minutes() * 60_000
    return datetime.fromtimestamp(shifted_ms / 1000, UTC).replace(tzinfo=None)


def today(clock: Clock) -> date:
    return local_datetime(clock).date()
