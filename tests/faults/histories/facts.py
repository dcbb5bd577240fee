"""The model of a history: what was written, taken back, held or erased, as facts that computers and files hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from blenddesk.domain.ids import Id


class What(StrEnum):
    ENTRY = "entry"
    SAID = "said"
    """What a child said: sealed to the desks."""
    WITHDRAWAL = "withdrawal"
    RETIREMENT = "retirement"
    ERASURE = "erasure"


class Fact:
    """Something that was acknowledged once, in one class; equal to nothing but itself.

    ``number`` counts facts in the order in which they were made, which is one in which nobody saw what was not there
    yet. ``id`` is the record's own, ``words`` are a remark, ``takes_back`` is what a withdrawal withdraws. ``writer``
    is the device it was written on, ``student`` whom it tells of, ``unreadable_to`` the desks (devices) to whom a
    remark was not sealed any more.
    """

    __slots__ = ("id", "number", "section", "student", "takes_back", "unreadable_to", "what", "words", "writer")

    def __init__(
        self,
        number: int,
        section: Id,
        what: What,
        *,
        entity: Id = b"",
        words: str = "",
        takes_back: Iterable[Fact] = (),
        writer: Id = b"",
        student: Id = b"",
        unreadable_to: Iterable[Id] = (),
    ) -> None:
        self.number, self.section, self.what = number, section, what
        self.id, self.words, self.takes_back = entity, words, frozenset(takes_back)
        self.writer, self.student, self.unreadable_to = writer, student, frozenset(unreadable_to)

    def __repr__(self) -> str:
        return f"{self.what} {self.number}"


class Retirement(Fact):
    """The class root's word about ``device``, the ``turn``-th. When it is ``retired`` only what is ``accepted`` counts
    of what it wrote. No withdrawal touches it."""

    __slots__ = ("accepted", "device", "retired", "turn")

    def __init__(
        self, number: int, section: Id, device: Id, turn: int, *, retired: bool, accepted: Iterable[Fact]
    ) -> None:
        super().__init__(number, section, What.RETIREMENT)
        self.device, self.turn, self.retired, self.accepted = device, turn, retired, frozenset(accepted)


class Erasure(Fact):
    """The class root's word that what ``erased`` tells of a student is gone. No withdrawal touches it."""

    __slots__ = ("erased",)

    def __init__(self, number: int, section: Id, student: Id, erased: Iterable[Fact]) -> None:
        super().__init__(number, section, What.ERASURE, student=student)
        self.erased = frozenset(erased)


Facts = frozenset[Fact]
NOTHING: Facts = frozenset()
STATEMENTS = (What.RETIREMENT, What.ERASURE)


def standing(facts: Iterable[Fact]) -> set[Fact]:
    """What is left when everything that is held, erased or taken back, by withdrawals that stand, is left out."""
    known = set(facts)
    gone = held(known)
    withdrawals = sorted((fact for fact in known if fact.what is What.WITHDRAWAL), key=lambda fact: -fact.number)
    for withdrawal in withdrawals:
        if withdrawal not in gone:
            gone |= withdrawal.takes_back
    return {fact for fact in known - gone - erased(known) if fact.what not in STATEMENTS}


def held(facts: Iterable[Fact]) -> set[Fact]:
    """What retired devices wrote, as far as nobody has accepted it."""
    known = list(facts)
    words = {
        about: last_words(known, *about)
        for about in {(fact.section, fact.device) for fact in known if isinstance(fact, Retirement)}
    }
    return {
        fact
        for fact in known
        if (said := words.get((fact.section, fact.writer)))
        and any(word.retired for word in said)
        and not any(fact in word.accepted for word in said)
    }


def last_words(facts: Iterable[Fact], section: Id, device: Id) -> list[Retirement]:
    """The statements of the highest turn: several when the desk itself was copied. Retired if any says so, and then all
    that any accepted counts."""
    about = [
        fact for fact in facts if isinstance(fact, Retirement) and (fact.section, fact.device) == (section, device)
    ]
    newest = max((word.turn for word in about), default=0)
    return [word for word in about if word.turn == newest]


def is_retired(facts: Iterable[Fact], section: Id, device: Id) -> bool:
    return any(word.retired for word in last_words(facts, section, device))


def retired_devices(facts: Iterable[Fact], section: Id) -> set[Id]:
    known = list(facts)
    devices = {fact.device for fact in known if isinstance(fact, Retirement) and fact.section == section}
    return {device for device in devices if is_retired(known, section, device)}


def erased(facts: Iterable[Fact]) -> set[Fact]:
    """What is to be gone."""
    return {fact for word in facts if isinstance(word, Erasure) for fact in word.erased}


def erased_students(facts: Iterable[Fact], section: Id) -> set[Id]:
    return {word.student for word in facts if isinstance(word, Erasure) and word.section == section}


def told_of(facts: Iterable[Fact], section: Id, students: Iterable[Id]) -> set[Fact]:
    """All that tells something of these students."""
    among = set(students)
    return {fact for fact in facts if fact.section == section and fact.student in among and fact.what not in STATEMENTS}


def of(facts: Iterable[Fact], section: Id, what: What | None = None) -> set[Fact]:
    """Those of one class, of one kind or any."""
    return {fact for fact in facts if fact.section == section and what in (None, fact.what)}
