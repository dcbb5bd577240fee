"""Five words that open a seat: drawn from 2,048 (55 bits), typed by a person, forgiving about case and accents.

The lists are licensed assets (``resources/words``): no two words of a list begin with the same four letters.
"""

from __future__ import annotations

import json
import unicodedata
from difflib import get_close_matches
from functools import cache

from blenddesk.domain.ports import Randomness
from blenddesk.errors import Refusal
from blenddesk.text import resources_root

WORDS_IN_SECRET = 5
WORDS_IN_LIST = 2_048
LISTS = {"en": "english", "es": "spanish"}
"""Languages that have a list; every other language is shown the English one."""


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The 2,048 words of a language as they are shown (composed accents)."""
    path = resources_root() / "words" / f"{LISTS.get(language, 'english')}.json"
    words = tuple(unicodedata.normalize("NFC", word) for word in json.loads(path.read_text(encoding="utf-8")))
    if len(set(map(normalized, words))) != WORDS_IN_LIST:
        raise ValueError(f"{path.name} must hold {WORDS_IN_LIST} different words")
    return words


def draw_words(randomness: Randomness, language: str = "en") -> list[str]:
    """Five words nobody can guess, in the language of the screen. 2,048 divides 65,536, so every word is as likely."""
    words = word_list(language)
    drawn = randomness.token(2 * WORDS_IN_SECRET)
    return [words[int.from_bytes(drawn[2 * i : 2 * i + 2], "big") % WORDS_IN_LIST] for i in range(WORDS_IN_SECRET)]


def normalized(text: str) -> str:
    """Lower case without accents: what two ways of typing one word have in common."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def typed_words(text: str) -> list[str]:
    """The words in what a person typed, normalised, whatever stands between them (spaces, commas, dots, hyphens)."""
    letters = (letter if letter.isalpha() else " " for letter in normalized(text))
    return "".join(letters).split()


def secret_from(text: str) -> bytes:
    """The secret that the typed words stand for.

    Raises ``Refusal``: ``words_count`` when they are not five; ``word_unknown`` with the place (from 1) of a word that
    is in no list and the most similar one that is (``hint``, or empty).
    """
    words = typed_words(text)
    if len(words) != WORDS_IN_SECRET:
        raise Refusal("words_count", wanted=WORDS_IN_SECRET, found=len(words))
    known = _known_words()
    for place, word in enumerate(words, start=1):
        if word not in known:
            raise Refusal("word_unknown", place=place, word=word, hint=closest_word(word))
    return " ".join(words).encode()


def closest_word(word: str) -> str:
    """The word of any list that was probably meant, as it is shown; empty when nothing is similar."""
    known = _known_words()
    found = get_close_matches(normalized(word), known, n=1, cutoff=0.7)
    return known[found[0]] if found else ""


@cache
def _known_words() -> dict[str, str]:
    return {normalized(word): word for language in LISTS for word in word_list(language)}
