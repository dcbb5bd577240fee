"""Steps at one computer: entries with and without a remark, edits, undo of anything, redo."""

from __future__ import annotations

from blenddesk.domain.ids import derived_id
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
    entry = story.record(section, What.ENTRY)
    said = story.record(section, What.SAID, f"remark {entry.number}") if story.chance.random() < 0.4 else None
    at.write_entry(section, story.chance.randrange(STUDENTS), entry, said)
    story.say("entry", f"{entry.id.hex()[:8]} at {at.name}")


def edit(story: Story, at: Computer) -> None:
    """A name that everybody sees, or a need that only desks do. Student computers have nothing to edit."""
    if not at.is_desk:
        return log(story, at)
    section, student, name = (
        story.chance.choice(at.sections),
        story.chance.randrange(STUDENTS),
        story.chance.choice("ABCD"),
    )
    who = at.pupil(section, student)
    at.clock.now_ms += 1_000
    if story.chance.random() < 0.6:
        at.ledger.commit("student_edited", [put(section, "student", who, name=name)])
    else:
        at.ledger.commit("profile_edited", [put(section, "profile", derived_id("profile", who), needs=[name])])
    return story.say("edit", f"student {student} = {name} at {at.name}")


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
        if refusal.code not in REFUSALS:
            raise
        story.say("undo refused", f"{change.label} at {at.name}: {refusal.code}")
        return
    taken_back = at.facts_of.get(change.id, NOTHING)
    at.acknowledge(done.change_id, story.withdrawals(taken_back))
    what = {"package_read": "undo of an import", "undo": "redo"}.get(change.label, "undo")
    story.say(what, f"{change.label} {change.id} ({len(taken_back)} facts) at {at.name}")
