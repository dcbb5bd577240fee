"""Protecting a desk: what opens it and what does not any more, waits, power cuts, undo, nothing left lying about."""

from __future__ import annotations

import gc
import logging
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, Refusal
from blenddesk.services import profiles, protection
from blenddesk.services.context import AppContext
from blenddesk.services.protection import Attempts
from blenddesk.sync import key_file
from tests.conftest import FakeClock, FakeRandomness
from tests.sync.devices import WEAK
from tests.sync.test_account import Shelf
from tests.sync.test_key_file import CutDisk, FailingDisk, PowerCut

PHRASE, OTHER = "Phrasecanary walks slowly", "Another canary sings"


class Desk:
    """A desk's place and key, with a sheet that was drawn for it; the database is closed."""

    def __init__(self, paths: Paths, key: bytes) -> None:
        self.paths, self.key = paths, key
        self.randomness = FakeRandomness(7)
        self.sheet = protection.draw_sheet(self.randomness, "en", WEAK)
        self.words = " ".join(self.sheet.words)

    def set_phrase(
        self, phrase: str = PHRASE, *, sheet: bool = True, disk: key_file.Disk | None = None
    ) -> key_file.KeyFile:
        return protection.set_phrase(
            self.paths,
            self.key,
            phrase,
            self.randomness,
            sheet=self.sheet if sheet else None,
            strength=WEAK,
            disk=disk,
        )

    def open_with(self, phrase: str) -> bytes:
        self.paths.wrong_tries.unlink(missing_ok=True)
        return protection.open_with_phrase(self.paths, phrase, Attempts(self.paths, FakeClock()))

    def is_opened_by(self, phrase: str) -> bool:
        try:
            return self.open_with(phrase) == self.key
        except Refusal:
            return False


@pytest.fixture
def place(desk: AppContext, section: Id) -> Desk:
    student = desk.reads.people.students(section)[0]
    profiles.set_note(desk, student.id, "Notecanary")
    key = desk.reads.reader.key
    bootstrap.close_device(desk)
    return Desk(desk.paths, key)


# --- what opens it ------------------------------------------------------------------------------------------------


def test_a_new_desk_opens_by_itself_and_says_that_its_key_lies_in_a_file(place: Desk) -> None:
    assert protection.protection(place.paths) == (False, False, True)
    assert bootstrap.read_key(place.paths.key) == place.key


def test_with_a_phrase_only_the_phrase_and_the_sheet_open_it(place: Desk) -> None:
    place.set_phrase()
    assert protection.protection(place.paths) == (True, True, False)
    with pytest.raises(Refusal, match="locked"):
        bootstrap.open_device(place.paths)
    assert place.open_with(PHRASE) == place.key
    assert not place.is_opened_by(OTHER)
    assert protection.open_with_sheet(place.paths, place.words) == place.key
    context = bootstrap.open_device(place.paths, key=place.key)
    assert context.device_name == "Ms Okoro"
    bootstrap.close_device(context)


def test_a_wrong_key_opens_nothing(place: Desk) -> None:
    with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
        bootstrap.open_device(place.paths, key=bytes(32))


def test_a_phrase_is_never_set_without_a_sheet(place: Desk) -> None:
    before = place.paths.key.read_bytes()
    with pytest.raises(Refusal, match="no_sheet"):
        place.set_phrase(sheet=False)
    assert place.paths.key.read_bytes() == before
    assert protection.sheet_lock(place.paths) is None


@pytest.mark.parametrize(
    ("phrase", "code"), [("", "phrase_short"), ("a  b   c ", "phrase_short"), ("x" * 201, "phrase_long")]
)
def test_a_phrase_is_neither_too_short_nor_too_long(place: Desk, phrase: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        place.set_phrase(phrase)
    assert bootstrap.read_key(place.paths.key) == place.key


def test_the_sheet_alone_changes_nothing_about_opening(place: Desk) -> None:
    protection.set_sheet(place.paths, place.key, place.sheet)
    assert protection.protection(place.paths) == (False, True, True)
    assert bootstrap.read_key(place.paths.key) == place.key
    assert protection.sheet_lock(place.paths) == place.sheet.lock
    assert protection.open_with_sheet(place.paths, place.words) == place.key


def test_changing_and_removing_the_phrase(place: Desk) -> None:
    place.set_phrase()
    place.set_phrase(OTHER, sheet=False)
    assert (place.is_opened_by(PHRASE), place.is_opened_by(OTHER)) == (False, True)
    assert protection.open_with_sheet(place.paths, place.words) == place.key
    protection.remove_phrase(place.paths, place.key)
    assert protection.protection(place.paths) == (False, True, True)
    assert not place.is_opened_by(OTHER)
    assert bootstrap.read_key(place.paths.key) == place.key


def test_a_new_sheet_makes_the_old_one_worthless(place: Desk) -> None:
    place.set_phrase()
    fresh = protection.draw_sheet(FakeRandomness(8), "en", WEAK)
    protection.set_sheet(place.paths, place.key, fresh)
    assert protection.open_with_sheet(place.paths, " ".join(fresh.words)) == place.key
    with pytest.raises(Refusal, match="recovery_words_wrong"):
        protection.open_with_sheet(place.paths, place.words)
    assert place.is_opened_by(PHRASE)


def test_without_a_sheet_words_are_refused(place: Desk) -> None:
    with pytest.raises(Refusal, match="no_sheet"):
        protection.open_with_sheet(place.paths, place.words)


def test_one_letter_wrong_in_a_word_is_named(place: Desk) -> None:
    place.set_phrase()
    typed = [*place.sheet.words]
    typed[3] = typed[3][:-1] + "q"
    with pytest.raises(Refusal) as caught:
        protection.open_with_sheet(place.paths, " ".join(typed))
    assert caught.value.code == "recovery_word_slip"
    assert (caught.value.data["place"], caught.value.data["meant"]) == (4, place.sheet.words[3])


def test_undo_brings_the_phrase_and_the_sheet_back(place: Desk) -> None:
    place.set_phrase()
    before = protection.remove_phrase(place.paths, place.key)
    protection.put_back(place.paths, before)
    assert protection.protection(place.paths) == (True, True, False)
    assert place.is_opened_by(PHRASE)
    before = place.set_phrase(OTHER, sheet=False)
    protection.put_back(place.paths, before)
    assert (place.is_opened_by(PHRASE), place.is_opened_by(OTHER)) == (True, False)


# --- power cuts ---------------------------------------------------------------------------------------------------

STEPS = 5
CHANGES: dict[str, Callable[[Desk, key_file.Disk | None], object]] = {
    "set": lambda place, disk: place.set_phrase(disk=disk),
    "change": lambda place, disk: place.set_phrase(OTHER, sheet=False, disk=disk),
    "remove": lambda place, disk: protection.remove_phrase(place.paths, place.key, disk=disk),
    "sheet": lambda place, disk: protection.set_sheet(
        place.paths, place.key, protection.draw_sheet(FakeRandomness(8), "en", WEAK), disk=disk
    ),
}


@pytest.mark.parametrize("part", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("at", range(STEPS))
@pytest.mark.parametrize("change", CHANGES)
def test_a_power_cut_at_any_step_leaves_a_way_in_that_was_promised(
    place: Desk, change: str, at: int, part: float
) -> None:
    if change != "set":
        place.set_phrase()
    before = place.paths.key.read_bytes()
    with pytest.raises(PowerCut):
        CHANGES[change](place, CutDisk(at, part))
    swapped = place.paths.key.read_bytes() != before
    assert swapped == (at == STEPS - 1)
    expected = {"set": (False, PHRASE), "change": (PHRASE, OTHER), "remove": (PHRASE, False), "sheet": (PHRASE, PHRASE)}
    phrase = expected[change][swapped]
    if phrase:
        assert place.is_opened_by(str(phrase))
        context = bootstrap.open_device(place.paths, key=place.open_with(str(phrase)))
    else:
        context = bootstrap.open_device(place.paths)
    assert len(context.reads.sections.all()) == 1
    bootstrap.close_device(context)
    assert not key_file.unfinished(place.paths.key).exists(), "what the power cut left is gone once it was opened"


@pytest.mark.parametrize("at", range(STEPS - 1))
@pytest.mark.parametrize("change", CHANGES)
def test_a_disk_that_says_no_leaves_the_old_way_in(place: Desk, change: str, at: int) -> None:
    if change != "set":
        place.set_phrase()
    before = place.paths.key.read_bytes()
    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        CHANGES[change](place, FailingDisk(at))
    assert place.paths.key.read_bytes() == before


def test_a_disk_that_gives_back_something_else_changes_nothing(place: Desk) -> None:
    class Forgetful(key_file.PrivateDisk):
        def read(self, path: Path) -> bytes:
            return b"ab" * 32 + b"\n"

    with pytest.raises(EnvironmentTrouble, match="key_not_written"):
        place.set_phrase(disk=Forgetful())
    assert bootstrap.read_key(place.paths.key) == place.key


# --- wrong tries --------------------------------------------------------------------------------------------------


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


# --- locking an open desk -----------------------------------------------------------------------------------------


@pytest.fixture
def opened(place: Desk, clock: FakeClock) -> Iterator[AppContext]:
    place.set_phrase()
    context = bootstrap.open_device(place.paths, key=place.key, clock=clock)
    yield context
    bootstrap.close_device(context)


def test_a_locked_desk_has_neither_keys_nor_connections(opened: AppContext, place: Desk) -> None:
    assert opened.reads.sections.all()
    keys, database = weakref.ref(opened.keys), weakref.ref(opened.ledger.database)
    gc.freeze()
    bootstrap.lock_device(opened)
    assert keys() is None
    assert database() is None
    for ask in (
        lambda: opened.reads.sections.all(),
        lambda: opened.ledger,
        lambda: opened.keys,
        lambda: opened.commit("test", []),
    ):
        with pytest.raises(Refusal, match="locked"):
            ask()
    bootstrap.lock_device(opened)
    assert not any(isinstance(one, bytes) and one == place.key for one in gc.get_referents(opened, opened.reads.reader))


def test_an_unlocked_desk_goes_on_where_it_was(opened: AppContext, place: Desk) -> None:
    epoch = opened.ledger.epoch
    bootstrap.lock_device(opened)
    bootstrap.unlock_device(opened, place.key)
    assert len(opened.reads.sections.all()) == 1
    assert opened.ledger.epoch == epoch
    student = opened.reads.people.students(opened.reads.sections.all()[0].id)[0]
    profiles.set_note(opened, student.id, "after")


def test_a_full_disk_keeps_no_key_in_memory(opened: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise EnvironmentTrouble("disk_full", path="")

    monkeypatch.setattr(opened.ledger, "note_position", full)
    with pytest.raises(EnvironmentTrouble, match="disk_full"):
        bootstrap.lock_device(opened)
    assert opened.reads.reader.is_locked
    with pytest.raises(Refusal, match="locked"):
        _ = opened.ledger


def test_what_cannot_be_unlocked_stays_locked(opened: AppContext, place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.lock_device(opened)
    with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
        bootstrap.unlock_device(opened, bytes(32))
    assert opened.reads.reader.is_locked

    def broken(*_args: object) -> None:
        raise EnvironmentTrouble("disk_full", path="")

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "open_core", broken)
        with pytest.raises(EnvironmentTrouble, match="disk_full"):
            bootstrap.unlock_device(opened, place.key)
    assert opened.reads.reader.is_locked
    bootstrap.unlock_device(opened, place.key)
    assert opened.ledger.device_id


def test_a_key_of_the_account_is_read_through_its_service(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from blenddesk.sync import account

    shelf = Shelf()
    monkeypatch.setattr(account, "service_here", lambda: shelf)
    place.set_phrase()
    assert bootstrap.asks_for_key(place.paths.key)
    protection.remove_phrase(place.paths, place.key)
    assert not bootstrap.asks_for_key(place.paths.key)
    assert protection.protection(place.paths) == (False, True, False)
    assert bootstrap.read_key(place.paths.key) == place.key
    assert place.key.hex() not in place.paths.key.read_text()
    place.set_phrase(sheet=False, disk=FailingDisk(4))
    assert shelf.kept, "a power cut might bring the old file back, which needs it"
    protection.remove_phrase(place.paths, place.key)
    place.set_phrase(sheet=False)
    assert not shelf.kept, "what the account could open alone is forgotten"


# --- nothing lies about -------------------------------------------------------------------------------------------


def test_neither_phrase_nor_words_nor_key_lie_anywhere(
    place: Desk, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After everything a teacher does with it, every file of the desk, of the account's state and of the temporary
    folder is searched as a thief would, and so is the log."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)
    place.set_phrase(OTHER)
    place.set_phrase(PHRASE, sheet=False)
    for phrase in ("wrong canary phrase", PHRASE):
        tries = Attempts(place.paths, clock)
        try:
            protection.open_with_phrase(place.paths, phrase, tries)
        except BlendDeskError as error:
            logging.getLogger("blenddesk.test").warning("as screens log it: %s", error)
        clock.advance(seconds=60)
    context = bootstrap.open_device(place.paths, key=place.key, clock=clock)
    profiles.set_note(context, context.reads.people.students(context.reads.sections.all()[0].id)[0].id, "Notecanary 2")
    bootstrap.lock_device(context)
    protection.open_with_sheet(place.paths, place.words)
    bootstrap.unlock_device(context, place.key)
    bootstrap.close_device(context)
    canaries = {
        "key": place.key,
        "key in hex": place.key.hex().encode(),
        "phrase": b"canary walks",
        "old phrase": b"canary sings",
        "wrong phrase": b"wrong canary",
        "note": b"Notecanary",
    } | {f"word {number}": word.encode() for number, word in enumerate(place.sheet.words, 1) if len(word) > 5}
    state = Path(os.environ["BLENDDESK_STATE_DIR"])
    files = [file for folder in (tmp_path, state) for file in folder.rglob("*") if file.is_file()]
    assert place.paths.database in files
    assert place.paths.key in files
    for file in files:
        data = file.read_bytes()
        found = [name for name, canary in canaries.items() if canary.lower() in data.lower() or canary in data]
        assert not found, f"{file.name} holds the {found}"
    for name, canary in canaries.items():
        assert canary.decode("latin-1") not in caplog.text, name


def test_the_canaries_would_be_found(place: Desk) -> None:
    """The control: before it is protected, the key's file holds the key."""
    assert place.key.hex().encode() in place.paths.key.read_bytes()
