"""Compare a class list with the students already known: who is new, changed, the same, doubtful or missing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blenddesk.interop.headers import fold
from blenddesk.interop.names import clean_name
from blenddesk.interop.roster_model import RosterStudent

MOST_COMPARED = 100  # rarest words first; a hint may be missed among hundreds of namesakes, equal names never
ALIKE = 0.86  # difflib ratio of folded names from which two names are shown side by side


@dataclass(frozen=True, slots=True)
class KnownStudent:
    """A student the desk has already; ``id`` is the desk's own, ``source``/``source_id`` say which list named them."""

    id: str
    given: str
    family: str
    display: str
    source: str = ""
    source_id: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A known student found in the list; ``fields`` (given, family, display, source_id, classes) would change."""

    known: KnownStudent
    incoming: RosterStudent
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Perhaps the same child: shown side by side, best candidate first. Undecided, the incoming one is added as new."""

    incoming: RosterStudent
    candidates: tuple[KnownStudent, ...]
    ratio: float  # 0 to 1, of the best candidate


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. Every incoming student is in exactly one of added, updated, unchanged and doubtful."""

    added: tuple[RosterStudent, ...]
    updated: tuple[Match, ...]
    unchanged: tuple[Match, ...]
    doubtful: tuple[Doubt, ...]
    missing: tuple[KnownStudent, ...]  # known, not in a full list; never removed by itself


def plan_import(
    existing: Sequence[KnownStudent], incoming: Sequence[RosterStudent], *, source: str, full_list: bool
) -> ImportPlan:
    """Match by (source, source_id); then by the same id and name from another list; then by exact name and class, split
    or in one cell.

    Equal names without ids are matched in order (first to first, second to second), so that the same file again
    changes nothing. Names are compared exactly; near-equal ones only ever make a Doubt. ``full_list`` tells that
    who is not in it may have left (never for OneRoster delta files).
    """
    matched: dict[int, KnownStudent] = {}  # place in incoming -> known
    free = {known.id: known for known in existing}
    _match_ids(incoming, free, matched, source)
    _match_names(incoming, free, matched)
    _match_whole_names(incoming, free, matched)
    index = _name_index(free.values())
    added: list[RosterStudent] = []
    updated: list[Match] = []
    unchanged: list[Match] = []
    doubtful: list[Doubt] = []
    candidates_seen: set[str] = set()
    for place, student in enumerate(incoming):
        known = matched.get(place)
        if known is not None:
            fields = _changes(known, student)
            (updated if fields else unchanged).append(Match(known, student, fields))
            continue
        found = _alike(student, index)
        if found:
            doubtful.append(Doubt(student, tuple(known for _, known in found), found[0][0]))
            candidates_seen.update(known.id for _, known in found)
        else:
            added.append(student)
    missing = [known for known in free.values() if known.id not in candidates_seen] if full_list else []
    return ImportPlan(tuple(added), tuple(updated), tuple(unchanged), tuple(doubtful), tuple(missing))


def _match_ids(
    incoming: Sequence[RosterStudent], free: dict[str, KnownStudent], matched: dict[int, KnownStudent], source: str
) -> None:
    by_source = {(known.source, known.source_id): known for known in free.values() if known.source_id}
    by_id_and_name = {
        (known.source_id, *_name(known)): known for known in free.values() if known.source_id
    }  # our own export carries the ids of several lists
    for place, student in enumerate(incoming):
        if not student.source_id:
            continue
        known = by_source.get((source, student.source_id))
        if known is None or known.id not in free:
            known = by_id_and_name.get((student.source_id, *_name(student)))
        if known is not None and known.id in free:
            matched[place] = free.pop(known.id)


def _match_names(
    incoming: Sequence[RosterStudent], free: dict[str, KnownStudent], matched: dict[int, KnownStudent]
) -> None:
    by_name: dict[tuple[str, str], list[KnownStudent]] = {}
    for known in free.values():
        by_name.setdefault(_name(known), []).append(known)
    # Two rounds: an exact class first, so that a namesake without a class does not take the place.
    for exact in (True, False):
        for place, student in enumerate(incoming):
            if place in matched or student.source_id:
                continue
            for known in by_name.get(_name(student), ()):
                if known.id in free and _same_class(known, student, exact=exact):
                    matched[place] = free.pop(known.id)
                    break


def _match_whole_names(
    incoming: Sequence[RosterStudent], free: dict[str, KnownStudent], matched: dict[int, KnownStudent]
) -> None:
    """The same words in the same class, where one list has them in one cell and the other in two."""
    by_whole: dict[str, list[KnownStudent]] = {}
    for known in free.values():
        for whole in _wholes(known):
            by_whole.setdefault(whole, []).append(known)
    for place, student in enumerate(incoming):
        if place in matched or student.source_id:
            continue
        for known in by_whole.get(" ".join(filter(None, _name(student))), ()):
            if known.id in free and _one_is_whole(known, student) and _same_class(known, student, exact=False):
                matched[place] = free.pop(known.id)
                break


def _wholes(known: KnownStudent) -> set[str]:
    """The name as one cell would hold it, in either order."""
    given, family = _name(known)
    return {" ".join(filter(None, (given, family))), " ".join(filter(None, (family, given)))}


def _one_is_whole(known: KnownStudent, student: RosterStudent) -> bool:
    """Whether just one of the two has the name split, and the words are the same."""
    given, family = _name(student)
    return bool(known.family) != bool(family) and " ".join(filter(None, (given, family))) in _wholes(known)


def _same_class(known: KnownStudent, student: RosterStudent, *, exact: bool) -> bool:
    if exact:
        return set(known.classes) == set(student.classes)
    return not known.classes or not student.classes or bool(set(known.classes) & set(student.classes))


def _changes(known: KnownStudent, student: RosterStudent) -> tuple[str, ...]:
    """Fields the import would write. A called name changes only where the list really says one or the name changed."""
    fields = []
    # A list that does not split the name says less than what is known, not something else.
    less = bool(known.family) and not student.family and _one_is_whole(known, student)
    if clean_name(known.given) != clean_name(student.given) and not less:
        fields.append("given")
    if clean_name(known.family) != clean_name(student.family) and not less:
        fields.append("family")
    says_one = student.display not in (student.given, student.family) and not less
    if student.display != known.display and (fields or says_one):
        fields.append("display")
    if student.source_id and not known.source_id:
        fields.append("source_id")
    if set(student.classes) - set(known.classes):
        fields.append("classes")
    return tuple(fields)


def _name(person: KnownStudent | RosterStudent) -> tuple[str, str]:
    return clean_name(person.given), clean_name(person.family)


def _folded(person: KnownStudent | RosterStudent) -> tuple[str, ...]:
    """Words of the whole name, folded and sorted: "Smith Ann" and "Ann Smith" compare equal."""
    return tuple(sorted(filter(None, (fold(word) for word in f"{person.given} {person.family}".split()))))


def _name_index(known: Iterable[KnownStudent]) -> dict[str, list[tuple[str, KnownStudent]]]:
    """Known students by each word of their name and by their initials, so that big lists need few comparisons."""
    index: dict[str, list[tuple[str, KnownStudent]]] = {}
    for student in known:
        words = _folded(student)
        for key in {*_keys(words), "=" + " ".join(words)}:
            index.setdefault(key, []).append((" ".join(words), student))
    return index


def _keys(words: tuple[str, ...]) -> set[str]:
    return {*words, "^" + "".join(word[0] for word in words)}


def _alike(
    student: RosterStudent, index: dict[str, list[tuple[str, KnownStudent]]]
) -> list[tuple[float, KnownStudent]]:
    words = _folded(student)
    mine = " ".join(words)
    found: dict[str, tuple[float, KnownStudent]] = {}
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(mine)
    buckets = [index.get(key, []) for key in _keys(words)]
    pairs = [*index.get("=" + mine, []), *(pair for bucket in sorted(buckets, key=len) for pair in bucket)]
    for theirs, known in pairs[:MOST_COMPARED]:
        if known.id not in found:
            matcher.set_seq1(theirs)
            ratio = 1.0 if theirs == mine else matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0
            if ratio >= ALIKE:
                found[known.id] = (ratio, known)
    return sorted(found.values(), key=lambda pair: (-pair[0], pair[1].id))[:5]
