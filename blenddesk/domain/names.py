"""What each student is called on screens: the first name, with as many letters of the family name as tell them apart.

Works in any script: letters are what a reader sees as one (with its accents, vowel signs and joined consonants).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from blenddesk.domain.ids import Id

_JOINER = "\u200d"
_VIRAMA_CLASS = 9
NOBODY = "?"
"""For a student without any name, so that a tile is never empty."""


class FullName(NamedTuple):
    id: Id
    given: str = ""
    family: str = ""
    middle: str = ""
    preferred: str = ""


def display_names(people: Sequence[FullName], keep: Mapping[Id, str] | None = None) -> dict[Id, str]:
    """A name for each person, no two alike (capitals and accents' spelling aside), in the order given.

    Who shares a first name with nobody keeps it alone, whatever happens among the others. Those who share one get
    letters of the family name, each as many as needed; then a middle name; then a number. ``keep``: names in use;
    others are made different from them. They do not change, but that a first name alone gets its letters when a
    newcomer brings the same: of two Mohameds none is just Mohamed.
    """
    kept = {one.id: keep[one.id] for one in people if keep and keep.get(one.id)}
    coming = {same_name(_first(one)) for one in people if one.id not in kept}
    for one in people:
        bare = one.id in kept and same_name(kept[one.id]) == same_name(_first(one))
        if bare and same_name(_first(one)) in coming and _telling(one):
            del kept[one.id]
    taken = {same_name(name) for name in kept.values()}
    new = [one for one in people if one.id not in kept]
    firsts = Counter(same_name(_first(one)) for one in people)
    names = dict(kept)
    for one in new:
        first = _first(one)
        if firsts[same_name(first)] == 1 and same_name(first) not in taken:
            names[one.id] = first
            taken.add(same_name(first))
    for one in new:
        if one.id not in names:
            first = same_name(_first(one))
            rivals = [other for other in people if other.id != one.id and same_name(_first(other)) == first]
            name = next(name for name in _ever_longer(one, rivals) if same_name(name) not in taken)
            names[one.id] = name
            taken.add(same_name(name))
    return {one.id: names[one.id] for one in people}


def letters(text: str) -> list[str]:
    """What a reader sees as single letters: a character with all that is set upon or joined to it."""
    found: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        belongs = unicodedata.category(char).startswith("M") or char == _JOINER
        joined = bool(found) and (found[-1][-1] == _JOINER or unicodedata.combining(found[-1][-1]) == _VIRAMA_CLASS)
        if found and (belongs or joined):
            found[-1] += char
        else:
            found.append(char)
    return found


def initials(name: str) -> str:
    """One or two letters for a tile without a picture: of the first and the last word."""
    words = [word for word in name.split() if letters(word)[0][0].isalnum()]
    if not words:
        return NOBODY
    ends = [words[0]] if len(words) == 1 else [words[0], words[-1]]
    return "".join(letters(word)[0].upper() for word in ends)


def sort_key(name: str) -> tuple[str, str]:
    """Orders names as a reader looks for them: without regard to capitals and accents, then by these."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)), name


def family_sort_key(person: FullName) -> tuple[str, str, str, str]:
    """Orders a class list by family name, then by first name; spelling of capitals and accents decides last."""
    (family, family_as_is), (first, first_as_is) = sort_key(person.family), sort_key(_first(person))
    return family, first, family_as_is, first_as_is


def _first(person: FullName) -> str:
    for name in (person.preferred, person.given, person.family, person.middle):
        if name.strip():
            return " ".join(unicodedata.normalize("NFC", name).split())
    return NOBODY


def _telling(person: FullName) -> str:
    """What tells namesakes apart: the family name, or what a name that nobody split has beside the called one."""
    family, called, whole = (" ".join(part.split()) for part in (person.family, _first(person), person.given))
    if family or called == whole:
        return family
    for rest in (whole.removeprefix(called + " "), whole.removesuffix(" " + called)):
        if rest != whole:
            return rest
    return ""


def same_name(name: str) -> str:
    """Equal for names that a reader takes for one."""
    return unicodedata.normalize("NFC", name.casefold())


def _ever_longer(person: FullName, rivals: Sequence[FullName]) -> Iterable[str]:
    """The names to try, the shortest that no rival's family name also begins with first; never ends."""
    first, family = _first(person), letters(_telling(person))
    if same_name(first) == same_name("".join(family)):
        family = []
    others = [letters(_telling(rival)) for rival in rivals]
    for length in range(1, len(family) + 1):
        start = "".join(family[:length])
        if start.endswith(" "):
            continue
        shared = any(same_name("".join(other[:length])) == same_name(start) for other in others)
        if not shared:
            yield f"{first} {start}"
    family_name, middle = "".join(family), " ".join(person.middle.split())
    whole = " ".join(filter(None, (first, family_name)))
    if family:
        yield whole
    if middle:
        yield f"{first} {middle}"
        yield " ".join(filter(None, (first, middle, family_name)))
    yield whole
    number = 2
    while True:
        yield f"{whole} {number}"
        number += 1
