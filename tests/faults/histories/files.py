"""Steps with files: they are written, read in any order and any number of times, copied, lost and damaged."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from blenddesk.domain.ids import MINE, Id
from blenddesk.sync.manifest import PackageKind
from tests.faults.histories import facts
from tests.faults.histories.computers import Computer
from tests.faults.histories.facts import STATEMENTS, Erasure
from tests.faults.histories.story import Content, Story


def export(story: Story, at: Computer) -> None:
    stick = story.chance.choice(story.sticks)
    report = at.write(stick)
    at.clock.now_ms += 1_000
    for parcel in report.parcels:
        public = parcel.kind is PackageKind.CLASS and parcel.section != MINE
        known = facts.of(at.holds, parcel.section)
        # What only desks open brings the class root's statements, too.
        carried = known if public else {fact for fact in known if fact.what in STATEMENTS}
        story.contents[parcel.path] = Content(frozenset(carried))
    names = [parcel.path.name for parcel in report.parcels if story.contents[parcel.path].facts]
    story.say("export", f"{', '.join(names) or 'nothing yet'} on {stick.name} by {at.name}")


def bring_in(story: Story, at: Computer) -> None:
    """One file, any file: an old one after a new one, the same again, one of our own."""
    there = story.files()
    if there:
        # Half of them are new: a twin that never hears of the other is no danger to it.
        read(story, at, [story.chance.choice(there[-4:] if story.chance.random() < 0.5 else there)])


def bring_in_all(story: Story, at: Computer) -> None:
    read(story, at, [story.chance.choice(story.sticks)])


def read(story: Story, at: Computer, paths: Sequence[Path]) -> None:
    """Reads files or a whole stick. Whole files are never refused, damaged ones are never taken."""
    at.clock.now_ms += 1_000
    epoch = at.ledger.epoch
    grown: dict[Id, bool] = {}
    for result in at.read(*paths):
        story.did["import"] += 1
        content = story.contents[result.file]
        if content.damaged:
            assert result.status in ("refused", "set_aside"), f"damaged {result.file.name} was {result.status}"
            story.did["damaged file refused"] += 1
            continue
        assert result.status != "refused", f"{result.file.name} refused by {at.name}: {result.reason}"
        if result.status == "set_aside":
            continue
        fresh = content.facts - at.holds
        # What brings nothing tells nothing about a failure.
        if result.changes is not None and not result.changes.is_empty:
            at.acknowledge(result.changes.change_id, fresh)
            story.steps.append(f"import {result.file.name} at {at.name}: {result.new_ops} ops, {len(fresh)} facts")
        at.holds |= fresh
        if result.section is not None and at.has_root(result.section):
            grown[result.section] = grown.get(result.section, False) or result.new_ops > 0
    for section in sorted(grown):
        _erase_late(story, at, section, sure=grown[section] and at.ledger.epoch == epoch)


def _erase_late(story: Story, at: Computer, section: Id, *, sure: bool) -> None:
    """What came home of erased students is erased as well by the desk that made the class.

    Not in the very file in which it met its own copy, as it may not write then, but with the next one, be there
    anything new in it or not: the log is asked how far that is, and in the end nothing may be left (``ending``).
    """
    late = facts.told_of(at.holds, section, facts.erased_students(at.holds, section)) - facts.erased(at.holds)
    if late and not sure:
        purged = at.purged()
        late = {fact for fact in late if fact.id in purged}
    for student in sorted({fact.student for fact in late}):
        story.facts_made += 1
        at.holds.add(Erasure(story.facts_made, section, student, {one for one in late if one.student == student}))
    story.did["erased late"] += len(late)


def lose(story: Story, _at: Computer) -> None:
    there = story.files()
    if there:
        lost = story.chance.choice(there)
        lost.unlink()
        story.say("lose", lost.name)


def duplicate(story: Story, _at: Computer) -> None:
    """A second copy under a name of its own, on any stick; or the file is renamed."""
    there = story.files()
    if not there:
        return
    file = story.chance.choice(there)
    to = story.chance.choice(story.sticks) / f"{file.stem} ({len(story.contents)}).bdx"
    story.contents[to] = story.contents[file]
    if story.chance.random() < 0.5:
        shutil.copyfile(file, to)
    else:
        file.rename(to)
    story.say("duplicate", f"{file.name} as {to.name}")


def damage(story: Story, _at: Computer) -> None:
    """A file is no longer what it was: a bit, an end, or all of it."""
    there = story.files()
    if not there:
        return
    file = story.chance.choice(there)
    how = story.chance.choice(("bit", "end", "middle", "longer", "empty", "noise"))
    file.write_bytes(_damaged(story, file.read_bytes(), how))
    story.contents[file] = Content(damaged=True)
    story.say("damage", f"{file.name}: {how}")


def _damaged(story: Story, data: bytes, how: str) -> bytes:
    at = story.chance.randrange(len(data)) if data else 0
    if how == "bit" and data:
        return data[:at] + bytes([data[at] ^ 1 << story.chance.randrange(8)]) + data[at + 1 :]
    if how == "end":
        return data[:at]
    if how == "middle" and at + 512 < len(data):
        return data[:at] + bytes(512) + data[at + 512 :]
    if how == "longer" and data:
        return data + data[-16:]
    return b"" if how == "empty" else story.randomness.token(300)
