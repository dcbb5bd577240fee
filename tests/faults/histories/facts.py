"""The model of a history: what was written or taken back, as facts that computers and files hold or do not hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from blenddesk.domain.ids import Id


class What(StrEnum):
    ENTRY = "entry"
    SAID = "said"
    """What a child said: sealed to the desks."""
    WITHDRAWAL = "withdrawal"


class Fact:
    """Something that was acknowledged once, in one class; equal to nothing but itself.

    ``number`` counts facts in the order in which they were made, which is one in which nobody saw what was not there
    yet. ``id`` is the record's own, ``words`` are a remark, ``takes_back`` is what a
    withdrawal withdraws.
    """

    __slots__ = ("id", "number", "section", "takes_back", "what", "words")

    def __init__(
        self,
        number: int,
        section: Id,
        what: What,
        *,
        entity: Id = b"",
        words: str = "",
        takes_back: Iterable[Fact] = (),
    ) -> None:
        self.number, self.section, self.what = number, section, what
        self.id, self.words, self.takes_back = entity, words, frozenset(takes_back)

    def __repr__(self) -> str:
        return f"{self.what} {self.number}"


Facts = frozenset[Fact]
NOTHING: Facts = frozenset()


def standing(facts: Iterable[Fact]) -> set[Fact]:
    """What is left when everything that is taken back, by withdrawals that are not, is left out."""
    known = set(facts)
    gone: set[Fact] = set()
    withdrawals = sorted((fact for fact in known if fact.what is What.WITHDRAWAL), key=lambda fact: -fact.number)
    for withdrawal in withdrawals:
        if withdrawal not in gone:
            gone |= withdrawal.takes_back
    return known - gone


def of(facts: Iterable[Fact], section: Id, what: What | None = None) -> set[Fact]:
    """Those of one class, of one kind or any."""
    return {fact for fact in facts if fact.section == section and what in (None, fact.what)}
