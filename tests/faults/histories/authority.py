"""Steps at the desk that made a class: a computer is retired, accepted, found again; a child is erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from blenddesk.domain.authority import Role
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import Refusal
from blenddesk.services import authority, erasing
from blenddesk.storage.ledger import Ledger
from blenddesk.sync.trust import load_trust
from tests.faults.histories import facts
from tests.faults.histories.computers import STUDENTS, Computer
from tests.faults.histories.facts import Erasure, Fact, Retirement
from tests.faults.histories.story import Story
from tests.sync.devices import SeededRandomness

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


class Context(NamedTuple):
    """As much of a running program as these use cases ask for."""

    ledger: Ledger
    randomness: SeededRandomness
    commit: Callable[..., ChangeSet]


def retire(story: Story, _at: Computer) -> None:
    """As in "Retire Blue-3": one that is there, one that was set up anew since, or another teacher's desk."""
    for desk in _owners(story):
        known = _others(desk)
        chosen = sorted(pair for pair in known if not facts.is_retired(desk.holds, *pair))
        if chosen:
            _section, device_id = story.chance.choice(chosen)
            authority.retire(_context(desk), device_id)
            return _said(story, desk, "retire", device_id, retired=True)
    return None


def accept(story: Story, _at: Computer) -> None:
    """What waits of a retired computer counts; it stays retired."""
    for desk, device_id in _retired(story):
        authority.accept_held(_context(desk), device_id)
        return _said(story, desk, "accept", device_id, retired=True)
    return None


def reinstate(story: Story, _at: Computer) -> None:
    """It was in the other bag all the time."""
    for desk, device_id in _retired(story):
        authority.reinstate(_context(desk), device_id)
        return _said(story, desk, "reinstate", device_id, retired=False)
    return None


def erase(story: Story, _at: Computer) -> None:
    """A family asks for it, while the child's entries are under way everywhere."""
    for desk in _owners(story):
        section = story.chance.choice([one for one in desk.sections if desk.has_root(one)])
        student = desk.pupil(section, story.chance.randrange(STUDENTS))
        if student in facts.erased_students(desk.holds, section):
            continue
        desk.clock.now_ms += 1_000
        try:
            erasing.erase_student(_context(desk), student)
        except Refusal as refusal:
            # A disk was put back to before the erasure, and a file brought the word of it.
            if refusal.code != "student_unknown":
                raise
            return None
        erased_now(story, desk, section, {student})
        return story.say("erase", f"student {student.hex()[:12]} at {desk.name}")
    return None


def erased_now(story: Story, desk: Computer, section: Id, students: set[Id]) -> set[Fact]:
    """A desk has said that all it holds of these is to be gone. Returns what was not yet."""
    fresh = facts.told_of(desk.holds, section, students) - facts.erased(desk.holds)
    for student in sorted(students):
        story.facts_made += 1
        desk.holds.add(Erasure(story.facts_made, section, student, {one for one in fresh if one.student == student}))
    return fresh


def _said(story: Story, desk: Computer, did: str, device_id: Id, *, retired: bool) -> None:
    """The statement is one for each class of this desk that the computer is in, and in which it says something new."""
    for section, known in sorted(_others(desk)):
        if known != device_id or (did != "retire") != facts.is_retired(desk.holds, section, device_id):
            continue
        turn = max((word.turn for word in facts.last_words(desk.holds, section, device_id)), default=0) + 1
        written = {fact for fact in facts.of(desk.holds, section) if fact.writer == device_id}
        story.facts_made += 1
        desk.holds.add(
            Retirement(story.facts_made, section, device_id, turn, retired=retired, accepted=written if retired else ())
        )
    story.say(did, f"{device_id.hex()[:8]} at {desk.name}")


def _owners(story: Story) -> Iterator[Computer]:
    """Desks that made a class, in any order."""
    owners = [one for one in story.computers if any(map(one.has_root, one.sections))]
    yield from story.chance.sample(owners, len(owners))


def _others(desk: Computer) -> set[tuple[Id, Id]]:
    """(class, device) of everybody in the classes made here whom this desk may retire."""
    found: set[tuple[Id, Id]] = set()
    with desk.database.read() as connection:
        for section in desk.sections:
            if desk.has_root(section):
                devices = load_trust(connection, section).devices
                found |= {(section, one.device_id) for one in devices if one.role is not Role.OWNER}
    return found


def _retired(story: Story) -> Iterator[tuple[Computer, Id]]:
    for desk in _owners(story):
        lost = sorted({device for section, device in _others(desk) if facts.is_retired(desk.holds, section, device)})
        if lost:
            yield desk, story.chance.choice(lost)


def _context(desk: Computer) -> AppContext:
    desk.clock.now_ms += 1_000
    return cast("AppContext", Context(desk.ledger, desk.randomness, desk.ledger.commit))
