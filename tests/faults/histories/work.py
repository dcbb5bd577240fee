"""Steps at one computer: entries with and without a remark, edits, undo of anything, redo."""

from __future__ import annotations

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.storage import history
from tests.faults.histories.computers import STUDENTS, Computer
from tests.faults.histories.facts import NOTHING, What
from tests.faults.histories.story import Story

FOUNDING = ("class_new", "desk_new")
"""Changes of the template that no screen offers to undo."""
REFUSALS = ("undo_written_since", "already_undone", "undo_not_possible")


def log(story: Story, at: Computer) -> None:
    section = story.chance.choice(at.sections)
    speaks, student = story.chance.random() < 0.4, story.chance.randrange(STUDENTS)
    pupils = at.known_pupils(section)
    if not pupils:
        return story.say("nobody left", f"at {at.name}")
    who = pupils[student % len(pupils)]
    entry = story.record(at, section, What.ENTRY, who)
    said = story.record(at, section, What.SAID, who, f"remark {entry.number}.") if speaks else None
    try:
        at.write_entry(section, who, entry, said)
    except Refusal as refusal:
        _only_because_retired(story, at, refusal)
        return None
    return story.say("entry", f"{entry.id.hex()[:8]} at {at.name}")


def _only_because_retired(story: Story, at: Computer, refusal: Refusal) -> None:
    """A computer that has heard that it is retired writes nothing more in that class; nothing else is refused."""
    if refusal.code != "computer_retired" or not at.knows_it_is_retired():
        raise refusal
    story.say("retired writes nothing", f"at {at.name}")


def edit(story: Story, at: Computer) -> None:
    """A name that everybody sees, or a need that only desks do. Student computers have nothing to edit."""
    if not at.is_desk:
        return log(story, at)
    section, student, name = (
        story.chance.choice(at.sections),
        story.chance.randrange(STUDENTS),
        story.chance.choice("ABCD"),
    )
    public = story.chance.random() < 0.6
    pupils = at.known_pupils(section)
    if not pupils:
        return story.say("nobody left", f"at {at.name}")
    who = pupils[student % len(pupils)]
    words = f"{name} {trace_of(who)}"
    draft = put(section, "student", who, name=words)
    if not public:
        draft = put(section, "profile", derived_id("profile", who), student=who, needs=[words])
    at.clock.now_ms += 1_000
    try:
        at.ledger.commit("student_edited" if public else "profile_edited", [draft])
    except Refusal as refusal:
        _only_because_retired(story, at, refusal)
        return None
    return story.say("edit", f"student {student} = {name} at {at.name}")


def trace_of(student: Id) -> str:
    """What stands in everything that teachers write of a student, to be looked for when it is to be gone."""
    return f"trace {student.hex()[:12]}"


def undo(story: Story, at: Computer) -> None:
    """The newest change, the newest undo (redo), or any of the last twelve; at a desk also what came from others.

    A student computer may take back only what was written there.
    """
    kind = story.chance.random()
    lines = history.changes(at.ledger, limit=12)
    undone = [line for line in lines if line.undoes is not None and line.undone_by is None]
    change = history.next_undo(at.ledger)
    if kind > 0.4 and undone:
        change = undone[0]
    if kind > 0.7 and lines:
        change = story.chance.choice(lines)
    if change is None or change.label in FOUNDING or (change.label == "package_read" and not at.is_desk):
        return
    at.clock.now_ms += 1_000
    try:
        done = history.undo(at.ledger, change.id)
    except Refusal as refusal:
        if refusal.code == "computer_retired":
            _only_because_retired(story, at, refusal)
            return
        if refusal.code not in REFUSALS:
            raise
        story.say("undo refused", f"{change.label} at {at.name}: {refusal.code}")
        return
    taken_back = at.facts_of.get(change.id, NOTHING)
    at.acknowledge(done.change_id, story.withdrawals(at, taken_back))
    what = {"package_read": "undo of an import", "undo": "redo"}.get(change.label, "undo")
    story.say(what, f"{change.label} {change.id} ({len(taken_back)} facts) at {at.name}")
