"""A locked desk has neither keys nor connections, and nothing secret lies about."""

from __future__ import annotations

import gc
import logging
import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, Refusal
from blenddesk.services import profiles, protection
from blenddesk.services.context import AppContext
from blenddesk.services.protection import Attempts
from tests.conftest import FakeClock
from tests.services.protection.desks import OTHER, PHRASE, Desk
from tests.sync.test_account import Shelf
from tests.sync.test_key_file import FailingDisk


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
