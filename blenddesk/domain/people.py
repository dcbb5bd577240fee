"""Classes and the people in them, as the screens see them."""

from typing import NamedTuple

from blenddesk.domain.ids import Id


class Section(NamedTuple):
    """A class. ``look`` is ``younger`` or ``older``; ``sign_in`` is ``pictures`` or ``tap``."""

    id: Id
    name: str
    year: str = ""
    look: str = "younger"
    sign_in: str = "pictures"
    language: str = ""
    archived: bool = False
    minutes: int = 50
    idle_seconds: int = 20
    subject: str = ""


class Student(NamedTuple):
    """A student in one class. Names after ``symbol`` exist only on a desk; a shared computer has none of them."""

    id: Id
    section: Id
    name: str
    number: int = 0
    avatar: str = ""
    code: tuple[int, ...] = ()
    """Three of the nine pictures (0 to 8), in order; empty until chosen."""
    language: str = ""
    symbol: str = ""
    start_day: str = ""
    end_day: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    preferred: str = ""
    source_system: str = ""
    source_id: str = ""


class Adult(NamedTuple):
    id: Id
    section: Id
    name: str
    role: str = "teacher"
    position: int = 0


class Profile(NamedTuple):
    """What a teacher knows of a learner; never leaves the desks."""

    student: Id
    strengths: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    note: str = ""


class PairRule(NamedTuple):
    """Two students who work together or apart."""

    id: Id
    first: Id
    second: Id
    kind: str


class Reflection(NamedTuple):
    """What a child said of one finished station; only a desk can read it."""

    id: Id
    student: Id
    entry: Id | None = None
    plan: Id | None = None
    block: Id | None = None
    growth: int | None = None
    words: tuple[str, ...] = ()
    remark: str = ""
    help: bool = False
    day: str = ""
    at_ms: int = 0
