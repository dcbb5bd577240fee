"""Five words: enough of them, forgiving, and a hint when one is mistyped."""

from __future__ import annotations

import unicodedata

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
