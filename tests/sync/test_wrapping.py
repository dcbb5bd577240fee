"""The key under a pass phrase and under the recovery sheet: the right one opens, nothing else does."""

from __future__ import annotations

import pytest

from blenddesk.errors import BlendDeskError, EnvironmentTrouble, Refusal
from blenddesk.sync import recovery, wrapping
from blenddesk.sync.wordlock import Strength
from tests.sync.devices import WEAK, SeededRandomness

KEY = bytes(range(32))
PHRASE = "Sunflowers in the rain"


def by_phrase() -> wrapping.PhraseWrap:
    return wrapping.wrap_by_phrase(KEY, PHRASE, SeededRandomness(1), WEAK)


def test_the_usual_strength_is_what_the_design_asks_for() -> None:
    assert Strength().memory_bytes >= 64 << 20
    assert Strength().passes >= 3


@pytest.mark.parametrize("typed", [PHRASE, "  Sunflowers  in the\train ", PHRASE.replace("S", "S")])
def test_the_phrase_opens_it_however_it_was_spaced(typed: str) -> None:
    assert wrapping.open_by_phrase(by_phrase(), typed) == KEY


def test_accents_count_the_same_whatever_keyboard_wrote_them() -> None:
    wrap = wrapping.wrap_by_phrase(KEY, "caf\u00e9 con leche", SeededRandomness(1), WEAK)
    assert wrapping.open_by_phrase(wrap, "cafe\u0301 con leche") == KEY


@pytest.mark.parametrize("typed", ["", "sunflowers in the rain", PHRASE + ".", PHRASE[:-1]])
def test_anything_else_does_not(typed: str) -> None:
    with pytest.raises(Refusal, match="phrase_wrong"):
        wrapping.open_by_phrase(by_phrase(), typed)


def test_the_strength_cannot_be_turned_down_in_the_file() -> None:
    wrap = by_phrase()
    for other in (wrap._replace(passes=2), wrap._replace(salt=b"x" * 16), wrap._replace(nonce=b"short")):
        with pytest.raises(Refusal, match="phrase_wrong"):
            wrapping.open_by_phrase(other, PHRASE)


def sheet_and_wrap() -> tuple[recovery.NewSheet, wrapping.SheetWrap]:
    sheet = recovery.draw_sheet(SeededRandomness(2), strength=WEAK)
    return sheet, wrapping.wrap_for_sheet(KEY, sheet.lock)


def test_numbers_that_would_fill_the_memory_or_mean_nothing_are_damage() -> None:
    sheet, by_sheet = sheet_and_wrap()
    words = " ".join(sheet.words)
    for change in ({"passes": 0}, {"passes": 10_000}, {"memory_bytes": 1}, {"memory_bytes": 1 << 60}, {"salt": b"x"}):
        with pytest.raises(EnvironmentTrouble, match="key_damaged"):
            wrapping.open_by_phrase(by_phrase()._replace(**change), PHRASE)  # type: ignore[arg-type]
        with pytest.raises(EnvironmentTrouble, match="key_damaged"):
            wrapping.open_by_sheet(by_sheet._replace(**change), words)  # type: ignore[arg-type]


def test_the_sheet_opens_it_and_needs_no_words_to_seal() -> None:
    sheet, wrap = sheet_and_wrap()
    assert wrapping.open_by_sheet(wrap, " ".join(sheet.words)) == KEY
    other_key = wrapping.wrap_for_sheet(bytes(32), wrapping.lock_of(wrap))
    assert wrapping.open_by_sheet(other_key, " ".join(sheet.words)) == bytes(32)


def test_another_sheet_a_slip_and_damage_are_told_apart() -> None:
    sheet, wrap = sheet_and_wrap()
    other = recovery.draw_sheet_words(SeededRandomness(3))
    swapped = [sheet.words[1], sheet.words[0], *sheet.words[2:]]
    damaged = wrap._replace(wrapped=wrap.wrapped[:-1] + bytes([wrap.wrapped[-1] ^ 1]))
    for spoilt, words, code in (
        (wrap, other, "recovery_words_wrong"),
        (wrap, swapped, "recovery_words_swapped"),
        (damaged, sheet.words, "key_damaged"),
    ):
        with pytest.raises(BlendDeskError, match=code):
            wrapping.open_by_sheet(spoilt, " ".join(words))
