"""The wait after wrong tries grows, survives a restart and locks nobody out."""

from __future__ import annotations

import pytest

from blenddesk.errors import Refusal
from blenddesk.services import protection
from blenddesk.services.protection import Attempts
from tests.conftest import FakeClock
from tests.services.protection.desks import PHRASE, Desk
from tests.sync.test_key_file import PowerCut


def test_the_wait_grows_to_half_a_minute_and_a_right_phrase_ends_it(place: Desk, clock: FakeClock) -> None:
    place.set_phrase()
    tries = Attempts(place.paths, clock)
    waits = []
    for _ in range(8):
        with pytest.raises(Refusal, match="phrase_wrong"):
            protection.open_with_phrase(place.paths, "not this one", tries)
        waits.append(tries.seconds_left())
        with pytest.raises(Refusal, match="wait"):
            protection.open_with_phrase(place.paths, PHRASE, tries)
        clock.advance(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert protection.open_with_phrase(place.paths, PHRASE, tries) == place.key
    assert (tries.count, tries.seconds_left()) == (0, 0)
    assert not place.paths.wrong_tries.exists()


def test_the_wait_survives_a_restart_and_no_clock_shortens_it(place: Desk, clock: FakeClock) -> None:
    place.set_phrase()
    tries = Attempts(place.paths, clock)
    for _ in range(4):
        clock.advance(seconds=30)
        with pytest.raises(Refusal, match="phrase_wrong"):
            protection.open_with_phrase(place.paths, "not this one", tries)
    restarted = Attempts(place.paths, FakeClock(clock.now_ms + 10**10))
    assert (restarted.count, restarted.seconds_left()) == (4, 8)


def test_tries_in_another_window_count_here_too(place: Desk, clock: FakeClock) -> None:
    place.set_phrase()
    one, other = Attempts(place.paths, clock), Attempts(place.paths, clock)
    for _ in range(3):
        clock.advance(seconds=30)
        with pytest.raises(Refusal, match="phrase_wrong"):
            protection.open_with_phrase(place.paths, "not this one", one)
    assert other.seconds_left() == 4
    with pytest.raises(Refusal, match="wait"):
        protection.open_with_phrase(place.paths, PHRASE, other)
    clock.advance(seconds=4)
    with pytest.raises(Refusal, match="phrase_wrong"):
        protection.open_with_phrase(place.paths, "not this one", other)
    assert Attempts(place.paths, clock).count == 4


def test_a_try_counts_before_it_is_judged(place: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pulls the plug while it is judged has used it up."""
    place.set_phrase()
    from blenddesk.sync import wrapping

    def plug(*_args: object) -> bytes:
        raise PowerCut

    monkeypatch.setattr(wrapping, "open_by_phrase", plug)
    with pytest.raises(PowerCut):
        protection.open_with_phrase(place.paths, PHRASE, Attempts(place.paths, clock))
    assert Attempts(place.paths, clock).count == 1


@pytest.mark.parametrize("spoilt", ["", "many", "-3"])
def test_a_spoilt_count_waits_longest_or_not_at_all_but_never_stops(place: Desk, clock: FakeClock, spoilt: str) -> None:
    place.paths.wrong_tries.write_text(spoilt)
    assert Attempts(place.paths, clock).seconds_left() == (0 if spoilt == "-3" else 30)


def test_a_disk_that_cannot_count_locks_nobody_out(
    place: Desk, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    place.set_phrase()
    tries = Attempts(place.paths, clock)
    place.paths.wrong_tries.mkdir()
    assert tries.seconds_left() == 30
    clock.advance(seconds=30)
    with pytest.raises(Refusal, match="phrase_wrong"):
        protection.open_with_phrase(place.paths, "not this one", tries)
    assert tries.seconds_left() == 30
    clock.advance(seconds=30)
    assert protection.open_with_phrase(place.paths, PHRASE, tries) == place.key
    assert "wrong tries" in caplog.text


def test_a_phrase_where_there_is_none_is_refused(place: Desk, clock: FakeClock) -> None:
    with pytest.raises(Refusal, match="no_phrase"):
        protection.open_with_phrase(place.paths, PHRASE, Attempts(place.paths, clock))
