"""What opens a desk: its account, the pass phrase, the recovery sheet; set, changed, removed, taken back."""

from __future__ import annotations

import pytest

from blenddesk import bootstrap
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import protection
from tests.conftest import FakeRandomness
from tests.services.protection.desks import OTHER, PHRASE, Desk
from tests.sync.devices import WEAK


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
