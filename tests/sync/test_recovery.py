"""The recovery sheet: enough words, a check that finds and names slips, and one key from the words and the salt."""

from __future__ import annotations

import random

import pyrage
import pytest

from blenddesk.errors import Refusal
from blenddesk.sync import recovery, words
from tests.sync.devices import WEAK, SeededRandomness


def drawn(seed: int = 1, language: str = "en") -> list[str]:
    return list(recovery.draw_sheet_words(SeededRandomness(seed), language))


def refusal(typed: list[str]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        recovery.read_sheet_words(" ".join(typed))
    return caught.value


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_ten_words_of_the_list_whose_checks_come_out(language: str) -> None:
    seen: set[str] = set()
    randomness = SeededRandomness(3)
    for _ in range(1_500):
        found = recovery.draw_sheet_words(randomness, language)
        assert len(found) == recovery.WORDS_ON_SHEET == 10
        assert recovery.read_sheet_words(" ".join(found)) == " ".join(map(words.normalized, found)).encode()
        seen.update(found)
    assert len(seen) > 2_030
    assert seen <= set(words.word_list(language))


def test_capitals_accents_numbers_and_signs_do_not_matter() -> None:
    found = drawn(4, "es")
    plain = recovery.read_sheet_words(" ".join(found))
    typed = ", ".join(f"{number}. {word.upper()}" for number, word in enumerate(found, 1))
    assert recovery.read_sheet_words(typed) == plain
    assert recovery.read_sheet_words(" ".join(map(words.normalized, found))) == plain


@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_word_of_the_list_is_found_and_the_right_one_named(place: int, seed: int) -> None:
    typed = drawn(seed)
    right = typed[place]
    typed[place] = next(word for word in words.word_list("en")[seed * 100 :] if word != right)
    found = refusal(typed)
    assert found.code == "recovery_word_slip"
    assert found.data == {"place": place + 1, "word": typed[place], "meant": right}


@pytest.mark.parametrize("place", range(10))
def test_one_letter_wrong_or_a_word_that_cannot_be_read_is_named(place: int) -> None:
    for spoil in (lambda word: word[:-1] + "q", lambda _word: "xxxx"):
        typed = drawn(7)
        right = typed[place]
        typed[place] = spoil(right)
        found = refusal(typed)
        assert (found.code, found.data["place"], found.data["meant"]) == ("recovery_word_slip", place + 1, right)


def test_a_slip_that_no_word_of_the_list_could_mend_is_not_guessed() -> None:
    """The sums say which number belongs there, and the list ends before it."""
    words_ = words.word_list("en")
    for first in range(2_048):
        numbers = [2_050, first, 2, 3, 4, 5, 6, 7]
        total, weighted = recovery._sums(numbers)
        last = (9 * total - weighted) % recovery._PRIME
        ninth = (-total - last) % recovery._PRIME
        if max(ninth, last) < len(words_):
            break
    typed = [words_[number] for number in (0, *numbers[1:], ninth, last)]
    assert refusal(typed).code == "recovery_words_slip"


def test_two_words_in_each_other_s_place_are_named() -> None:
    for first, second in ((0, 1), (3, 9), (8, 9)):
        typed = drawn(5)
        typed[first], typed[second] = typed[second], typed[first]
        found = refusal(typed)
        assert (found.code, found.data) == ("recovery_words_swapped", {"first": first + 1, "second": second + 1})


def test_an_unknown_word_among_other_slips_is_named_with_a_hint() -> None:
    typed = drawn(6)
    typed[1], typed[4] = typed[1][:-1] + "q", "zzzz"
    found = refusal(typed)
    assert (found.code, found.data["place"]) == ("word_unknown", 2)
    typed = drawn(6)
    typed[0] = next(word for word in words.word_list("en") if word != typed[0])
    typed[4] = "zzzz"
    found = refusal(typed)
    assert (found.code, found.data["place"], found.data["hint"]) == ("word_unknown", 5, "")


def test_nearly_every_sheet_with_two_slips_is_found_out_and_none_passes() -> None:
    chance = random.Random(8)
    codes: dict[str, int] = {}
    for seed in range(400):
        typed = drawn(seed)
        for place in chance.sample(range(10), 2):
            typed[place] = chance.choice(words.word_list("en"))
        if typed == drawn(seed):
            continue
        code = refusal(typed).code
        codes[code] = codes.get(code, 0) + 1
    assert codes["recovery_words_slip"] > 380


def test_the_wrong_number_of_words_is_told() -> None:
    found = refusal(drawn()[:9])
    assert (found.code, found.data) == ("words_count", {"wanted": 10, "found": 9})


def test_what_is_sealed_to_a_sheet_opens_with_its_words_only() -> None:
    sheet = recovery.draw_sheet(SeededRandomness(1), strength=WEAK)
    sealed = pyrage.encrypt(b"the key", [pyrage.x25519.Recipient.from_str(sheet.lock.recipient)])
    assert pyrage.decrypt(sealed, [recovery.open_sheet(sheet.lock, " ".join(sheet.words))]) == b"the key"
    with pytest.raises(Refusal, match="recovery_words_wrong"):
        recovery.open_sheet(sheet.lock, " ".join(drawn(99)))


def test_the_same_words_with_another_salt_are_another_key() -> None:
    secret = recovery.read_sheet_words(" ".join(drawn()))
    one, other = (recovery.identity(secret, bytes([salt]) * 16, WEAK) for salt in (1, 2))
    assert str(one) != str(other)
    assert str(one) == str(recovery.identity(secret, b"\x01" * 16, WEAK))


def test_a_secret_key_is_written_as_age_writes_it() -> None:
    for _ in range(20):
        known = pyrage.x25519.Identity.generate()
        text = str(known).lower()
        letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
        bits = "".join(f"{letters.index(letter):05b}" for letter in text[len("age-secret-key-1") : -6])
        data = int(bits[:256], 2).to_bytes(32, "big")
        assert recovery._bech32("age-secret-key-", data) == text
