"""The clock that orders ops: never behind what it has seen, never dragged off by a wall clock nobody can believe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blenddesk.domain.hlc import COUNTER_BITS, LATEST, LATEST_MS, TRUSTED_AHEAD_MS, milliseconds, next_hlc

NOW = 1_795_422_600_000
DAY = 24 * 3600 * 1000


def at(ms: int, counter: int = 0) -> int:
    return (ms << 16) + counter


def test_the_format_s_numbers_stay_as_they_were_released() -> None:
    assert COUNTER_BITS == 16
    assert datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000 == LATEST_MS
    assert LATEST == LATEST_MS * 65_536
    assert TRUSTED_AHEAD_MS == 400 * DAY


def test_a_clock_that_runs_gives_its_own_milliseconds() -> None:
    assert next_hlc(at(NOW - 5, 3), NOW, trusted_ms=NOW) == at(NOW)
    assert milliseconds(at(NOW, 77)) == NOW


def test_what_was_seen_is_never_in_the_future_of_what_is_written() -> None:
    assert next_hlc(at(NOW), NOW, trusted_ms=NOW) == at(NOW, 1)
    assert next_hlc(at(NOW, 8), NOW - DAY, trusted_ms=NOW) == at(NOW, 9)
    assert next_hlc(at(NOW, 65_535), NOW, trusted_ms=NOW) == at(NOW + 1)


@pytest.mark.parametrize("ms", [0, 1, NOW, NOW + 400 * DAY])
def test_a_clock_is_believed_from_1970_to_four_hundred_days_past_all_that_is_known(ms: int) -> None:
    assert next_hlc(-1, ms, trusted_ms=NOW) == at(ms)


@pytest.mark.parametrize("ms", [-1, NOW + 400 * DAY + 1, LATEST_MS])
def test_beyond_that_only_the_counter_goes_on(ms: int) -> None:
    assert next_hlc(at(NOW), ms, trusted_ms=NOW) == at(NOW, 1)
    assert next_hlc(0, ms, trusted_ms=NOW) == 1


def test_the_last_millisecond_before_2200_is_the_end() -> None:
    trusted = LATEST_MS + DAY
    assert next_hlc(0, LATEST_MS - 1, trusted_ms=trusted) == at(LATEST_MS - 1)
    assert next_hlc(0, LATEST_MS, trusted_ms=trusted) == 1
    assert next_hlc(LATEST - 2, 0, trusted_ms=trusted) == LATEST - 1
    assert next_hlc(LATEST - 1, 0, trusted_ms=trusted) == LATEST - 1
