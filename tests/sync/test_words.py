"""Five words: enough of them, forgiving, and a hint when one is mistyped."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from blenddesk.errors import Refusal
from blenddesk.sync import words
from tests.sync.devices import SeededRandomness


@pytest.mark.parametrize("language", sorted(words.LISTS))
def test_a_list_has_2048_words_that_differ_in_their_first_four_letters(language: str) -> None:
    found = words.word_list(language)
    assert len(found) == 2_048
    assert len({words.normalized(word)[:4] for word in found}) == 2_048


def test_drawn_words_use_the_whole_list_and_open_what_they_lock() -> None:
    randomness = SeededRandomness(1)
    seen = set()
    for _ in range(4_000):
        drawn = words.draw_words(randomness, "es")
        assert len(drawn) == 5
        seen.update(drawn)
    assert len(seen) == 2_048
    assert words.secret_from(" ".join(drawn)) == " ".join(map(words.normalized, drawn)).encode()


@pytest.mark.parametrize(
    "typed",
    [
        "ábaco abdomen abeja abierto abogado",
        "ABACO, Abdomen; abeja - abierto.\n abogado",
        "1. abaco 2. abdomen abeja abierto abogado",
    ],
)
def test_case_accents_and_signs_between_words_do_not_matter(typed: str) -> None:
    expected = words.secret_from("abaco abdomen abeja abierto abogado")
    assert words.secret_from(typed) == expected
    assert words.secret_from(unicodedata.normalize("NFD", typed)) == expected


def test_a_mistyped_word_is_named_with_what_was_probably_meant() -> None:
    with pytest.raises(Refusal) as caught:
        words.secret_from("abandon abilty able about above")
    assert caught.value.code == "word_unknown"
    assert caught.value.data == {"place": 2, "word": "abilty", "hint": "ability"}
    assert words.closest_word("abdomn") == "abdomen"
    assert words.closest_word("xqzzvw") == ""


def test_four_words_are_not_five() -> None:
    with pytest.raises(Refusal) as caught:
        words.secret_from("abandon ability able about")
    assert (caught.value.code, caught.value.data) == ("words_count", {"wanted": 5, "found": 4})


@pytest.mark.parametrize("typed", ["abandon ability able about above absent", ""])
def test_neither_are_six_or_none(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        words.secret_from(typed)
    assert caught.value.data == {"wanted": 5, "found": len(typed.split())}


def test_every_place_is_counted_from_one() -> None:
    known = ["abandon", "ability", "able", "about", "above"]
    for place in range(5):
        typed = [*known[:place], "qqqqq", *known[place + 1 :]]
        with pytest.raises(Refusal) as caught:
            words.secret_from(" ".join(typed))
        assert caught.value.data == {"place": place + 1, "word": "qqqqq", "hint": ""}


def test_a_language_without_a_list_is_shown_english_words() -> None:
    assert words.word_list("ar") == words.word_list("en")
    assert words.word_list("es") != words.word_list("en")
    drawn = words.draw_words(SeededRandomness(3))
    assert set(drawn) <= set(words.word_list("en"))


class FixedRandomness:
    """Gives what it is told to."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def token(self, length: int) -> bytes:
        assert length == len(self.data)
        return self.data


def test_which_word_stands_for_which_number() -> None:
    found = words.word_list("en")
    numbers = [0, 1, 2_047, 2_048, 65_535]
    data = b"".join(number.to_bytes(2, "big") for number in numbers)
    assert words.draw_words(FixedRandomness(data)) == [found[0], found[1], found[2_047], found[0], found[2_047]]


def test_a_list_that_is_not_whole_is_not_drawn_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word too few, or one twice, would make some seats easier to guess."""
    whole = list(words.word_list("en"))
    (tmp_path / "words").mkdir()
    file = tmp_path / "words" / "english.json"
    monkeypatch.setattr(words, "resources_root", lambda: tmp_path)
    for listed in (whole[:-1], [*whole[:-1], whole[0]], [*whole[:-1], whole[0].upper()], [*whole, "zzzzz"]):
        words.word_list.cache_clear()
        file.write_text(json.dumps(listed), encoding="utf-8")
        with pytest.raises(ValueError, match=r"english\.json must hold 2048 different words"):
            words.word_list("en")
    words.word_list.cache_clear()
    file.write_text(json.dumps([*whole[:-1], unicodedata.normalize("NFD", "\u00e1baco")]), encoding="utf-8")
    assert words.word_list("en")[-1] == "\u00e1baco"
    words.word_list.cache_clear()


def test_how_similar_a_word_must_be() -> None:
    assert words.closest_word("abanden") == "abandon"
    assert words.closest_word("ABANDON") == "abandon"
    assert words.closest_word("abaco") == "\u00e1baco", "shown with its accent"
    assert words.closest_word("abando") == "abandon"
    assert words.closest_word("abaaaaa") == ""


def test_signs_of_all_kinds_stand_between_words() -> None:
    assert words.typed_words("one-two.three\tfour5five") == ["one", "two", "three", "four", "five"]
    assert words.normalized("\u00c1RBOL stra\u00dfe") == "arbol strasse"
