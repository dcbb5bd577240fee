"""The hybrid logical clock that orders ops whatever the wall clocks say.

64 bits: 48 bits of milliseconds since 1970 and a 16-bit counter. A writer is never behind anything it has seen.
Wall clocks only label; what a write replaced (``over``) tells a conflict, this clock only picks the one shown.
"""

from __future__ import annotations

COUNTER_BITS = 16
LATEST_MS = 7_258_118_400_000
"""The first moment of the year 2200: no op may claim a later one. Part of the format, the same for every reader."""
LATEST = LATEST_MS << COUNTER_BITS
TRUSTED_AHEAD_MS = 400 * 24 * 3600 * 1000
"""How far past everything we know a wall clock may be before we stop believing its milliseconds."""


def milliseconds(hlc: int) -> int:
    return hlc >> COUNTER_BITS


def next_hlc(last: int, wall_ms: int, *, trusted_ms: int) -> int:
    """The time stamp of the next op of this device.

    ``last`` is the greatest stamp seen (own or foreign), ``wall_ms`` what the clock says, and ``trusted_ms`` the
    later of the program's build date and the newest foreign op. A clock more than 400 days past that (a dead
    battery, a typing slip) would drag every later op with it, so then only the counter advances and carries into the
    milliseconds. A clock that is behind is handled by the counter too. Neither ever blocks work.
    """
    believable = 0 <= wall_ms <= min(trusted_ms + TRUSTED_AHEAD_MS, LATEST_MS - 1)
    stamp = max(last + 1, wall_ms << COUNTER_BITS if believable else 0)
    return min(stamp, LATEST - 1)
