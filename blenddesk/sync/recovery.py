"""The recovery sheet: ten words that a person copies by hand, and the key that they stand for.

Eight words are drawn (88 bits, stretched by Argon2id); two are worked out from them, as the check of a book number is,
so that a slip of the pen is found and mostly named: counting every word as its place in the list, the sum of all ten
and the sum of all ten times their places on the sheet are both 0 modulo 2,053. From the words and a salt comes an age
identity; a computer keeps its recipient and the salt, so it can seal to the sheet at any time and open nothing with it.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import NamedTuple

from nacl import pwhash
from pyrage import x25519

from blenddesk.domain.ports import Randomness
from blenddesk.errors import Refusal
from blenddesk.sync.wordlock import SALT_BYTES, Strength
from blenddesk.sync.words import LISTS, WORDS_IN_LIST, closest_word, normalized, typed_words, word_list

WORDS_ON_SHEET = 10
_DRAWN = WORDS_ON_SHEET - 2
_PRIME = 2_053
"""The smallest prime that is not below the number of words."""


class SheetLock(NamedTuple):
    """What is kept of a recovery sheet where it may seal: on its computer, and in every file sealed to it.

    ``recipient``: an age recipient (``age1...``). ``salt`` and ``strength``: how the words become its identity.
    """

    recipient: str
    salt: bytes
    strength: Strength


class NewSheet(NamedTuple):
    """A sheet that was just drawn. The words are for a person and are kept nowhere."""

    words: tuple[str, ...]
    lock: SheetLock


def draw_sheet(randomness: Randomness, language: str = "en", strength: Strength = Strength()) -> NewSheet:
    """A new sheet in a language's words (English where there is no list). Takes as long as opening with it."""
    words = draw_sheet_words(randomness, language)
    salt = randomness.token(SALT_BYTES)
    key = identity(read_sheet_words(" ".join(words)), salt, strength)
    return NewSheet(words, SheetLock(str(key.to_public()), salt, strength))


def draw_sheet_words(randomness: Randomness, language: str = "en") -> tuple[str, ...]:
    """Ten words whose checks come out. Most draws are kept; a check beyond the end of the list draws anew."""
    words = word_list(language)
    while True:
        bytes_ = randomness.token(2 * _DRAWN)
        numbers = [int.from_bytes(bytes_[2 * i : 2 * i + 2], "big") % WORDS_IN_LIST for i in range(_DRAWN)]
        total, weighted = _sums(numbers)
        # The two unknown words a and b stand at 9 and 10: total + a + b = 0 and weighted + 9a + 10b = 0.
        last = (9 * total - weighted) % _PRIME
        ninth = (-total - last) % _PRIME
        if max(ninth, last) < WORDS_IN_LIST:
            return tuple(words[number] for number in (*numbers, ninth, last))


def read_sheet_words(text: str) -> bytes:
    """The secret that typed words stand for, whatever the capitals, accents and signs between them.

    Raises ``Refusal``: ``words_count`` (``wanted``, ``found``); ``word_unknown`` (``place``, ``word``, ``hint``) for a
    word in no list; ``recovery_word_slip`` (``place``, ``word``, ``meant``) when one other word there makes the checks
    come out; ``recovery_words_swapped`` (``first``, ``second``: places) when two in each other's place do; else
    ``recovery_words_slip``.
    """
    words = typed_words(text)
    if len(words) != WORDS_ON_SHEET:
        raise Refusal("words_count", wanted=WORDS_ON_SHEET, found=len(words))
    if any(_checks_out(words, language) for language in LISTS):
        return " ".join(words).encode()
    raise _slip(words)


def identity(secret: bytes, salt: bytes, strength: Strength) -> x25519.Identity:
    """The age identity of a sheet: ``secret`` (``read_sheet_words``) stretched by Argon2id (0.3 s)."""
    key = pwhash.argon2id.kdf(32, secret, salt, opslimit=strength.passes, memlimit=strength.memory_bytes)
    return age_identity(key)


def age_identity(key: bytes) -> x25519.Identity:
    """The age identity whose secret is ``key`` (32 bytes)."""
    return x25519.Identity.from_str(_bech32("age-secret-key-", key).upper())


def open_sheet(lock: SheetLock, text: str) -> x25519.Identity:
    """The identity of the sheet whose words were typed.

    Raises what ``read_sheet_words`` raises, and ``Refusal`` (``recovery_words_wrong``) for the words of another sheet.
    """
    found = identity(read_sheet_words(text), lock.salt, lock.strength)
    if str(found.to_public()) != lock.recipient:
        raise Refusal("recovery_words_wrong")
    return found


# --- the checks ---------------------------------------------------------------------------------------------------


def _sums(numbers: list[int]) -> tuple[int, int]:
    total = sum(numbers) % _PRIME
    weighted = sum(place * number for place, number in enumerate(numbers, 1)) % _PRIME
    return total, weighted


@cache
def _numbers(language: str) -> dict[str, int]:
    return {normalized(word): number for number, word in enumerate(word_list(language))}


def _checks_out(words: list[str], language: str) -> bool:
    numbers = _numbers(language)
    return all(word in numbers for word in words) and _sums([numbers[word] for word in words]) == (0, 0)


def _slip(words: list[str]) -> Refusal:
    """What is most likely wrong with words that do not check out: in the list that knows most of them."""
    language = max(LISTS, key=lambda one: sum(word in _numbers(one) for word in words))
    numbers = _numbers(language)
    unknown = [place for place, word in enumerate(words, 1) if word not in numbers]
    found = [numbers.get(word, 0) for word in words]
    total, weighted = _sums(found)
    if len(unknown) <= 1 and total:
        # One word off by d at place p makes the sums d and p times d.
        place = weighted * pow(total, -1, _PRIME) % _PRIME
        if 1 <= place <= WORDS_ON_SHEET and unknown in ([], [place]):
            meant = (found[place - 1] - total) % _PRIME
            if meant < WORDS_IN_LIST:
                shown = word_list(language)[meant]
                return Refusal("recovery_word_slip", place=place, word=words[place - 1], meant=shown)
    if unknown:
        word = words[unknown[0] - 1]
        return Refusal("word_unknown", place=unknown[0], word=word, hint=closest_word(word))
    for first, second in combinations(range(1, WORDS_ON_SHEET + 1), 2):
        shift = (second - first) * (found[second - 1] - found[first - 1])
        if not total and (weighted - shift) % _PRIME == 0:
            return Refusal("recovery_words_swapped", first=first, second=second)
    return Refusal("recovery_words_slip")


# --- how age writes a secret key ----------------------------------------------------------------------------------

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _bech32(prefix: str, data: bytes) -> str:
    """32 bytes in BIP 173 without its limit of length, as age uses it."""
    bits, held = 0, 0
    groups: list[int] = []
    for byte in data:
        bits, held = (bits << 8) | byte, held + 8
        while held >= 5:
            held -= 5
            groups.append((bits >> held) & 31)
    # Of 32 bytes one bit is over.
    groups.append((bits << (5 - held)) & 31)
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*spread, *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    groups += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return prefix + "1" + "".join(_LETTERS[group] for group in groups)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if (top >> place) & 1 else 0
    return check
