"""How a history ends: an empty stick goes round twice, then all computers must hold and show the same."""

from __future__ import annotations

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.storage import digest
from blenddesk.sync.trust import Standing
from tests.faults.histories import disk, facts
from tests.faults.histories.computers import DATABASE, Computer
from tests.faults.histories.facts import Fact, What
from tests.faults.histories.files import export, read
from tests.faults.histories.story import Content, Story
from tests.faults.histories.work import trace_of

LAPS = 2


def go_round(story: Story) -> None:
    """Two laps, from the desks that made a class round all computers and home, of a stick with one broken file."""
    for number in range(LAPS):
        stick = story.folder / f"lap {number}"
        stick.mkdir()
        story.sticks = [stick]
        broken = stick / "bd-broken.bdx"
        broken.write_bytes(story.randomness.token(64))
        story.contents[broken] = Content(damaged=True)
        owners = [one for one in story.computers if any(map(one.has_root, one.sections))]
        others = [one for one in story.computers if one not in owners]
        for one in [*owners, *story.chance.sample(others, len(others)), *owners]:
            read(story, one, [stick])
            story.watch(one)
            export(story, one)
        story.say("lap")


def judge(story: Story) -> dict[str, set[Id]]:
    """Entries that should be shown and are not, by computer. Raises on anything else that is wrong."""
    lost: dict[str, set[Id]] = {}
    for section in sorted({section for one in story.computers for section in one.sections}):
        for name, entries in _judge_class(story, section).items():
            lost.setdefault(name, set()).update(entries)
    if lost:
        return lost
    sample = story.chance.choice(story.computers)
    with sample.database.read() as connection:
        assert digest.verify(connection) == [], f"{sample.name} is not sound"
    assert digest.rebuild(sample.ledger), f"{sample.name}'s tables are not what its log says"
    return {}


def _judge_class(story: Story, section: Id) -> dict[str, set[Id]]:
    members = [one for one in story.computers if section in one.sections]
    desk = next(one for one in members if one.has_root(section))
    # A second computer on one seat gets nothing until the teacher has chosen; what it wrote counts all the same. A
    # retired one gets nothing more, and of what it wrote counts what the teacher has accepted.
    standings = {one: one.standing(section, desk) for one in members}
    full = [one for one in members if standings[one] not in (Standing.HELD, Standing.RETIRED)]
    for standing in (Standing.HELD, Standing.RETIRED):
        story.did[standing.value] += list(standings.values()).count(standing)
    everything = facts.of((fact for one in members for fact in one.holds), section)
    lost: dict[str, set[Id]] = {}
    for one in members:
        due = facts.standing(everything if one in full else facts.of(one.holds, section))
        shown = one.shown_entries()
        missing = {fact.id for fact in due if fact.what is What.ENTRY} - shown
        if missing:
            lost[one.folder.parent.name] = missing
        assert shown <= story.written, f"{one.name} shows entries that nobody wrote"
    if not lost:
        _same("class", [_digest_of(one, Audience.CLASS, section) for one in full])
        desks = [one for one in full if one.is_desk]
        _same("DESK", [_digest_of(one, Audience.DESK, section) for one in desks])
        # What was said while another teacher's desk was retired is not sealed to it, also when it is taken back.
        kept_from = {device for fact in everything for device in fact.unreadable_to}
        _same("DROP", [_digest_of(one, Audience.DROP, section) for one in desks if one.device_id not in kept_from])
        for one in full if story.watched else ():
            story_lacks = everything - one.holds
            assert not story_lacks, f"{one.name} was not told of {story_lacks}"
        _judge_erased(story, section, everything, full)
    return lost


def _judge_erased(story: Story, section: Id, everything: set[Fact], full: list[Computer]) -> None:
    """Of an erased child nothing is left, wherever it was under way, on the disk of any computer that is still told."""
    students = facts.erased_students(everything, section)
    left = facts.told_of(everything, section, students) - facts.erased(everything)
    assert not left, f"of an erased student is left: {left}"
    if not students or not disk.can_be_read():
        return
    traces = [trace_of(student) for student in students]
    traces += [fact.words for fact in facts.erased(everything) if fact.section == section and fact.words]
    for one in full:
        found = disk.plain(one.folder / DATABASE, one.key)
        seen = [trace for trace in traces if trace.encode() in found]
        assert not seen, f"on the disk of {one.name} lies still: {seen}"
        assert b"CREATE TABLE op" in found, "the disk cannot be read"
    story.did["disk looked through"] += len(full)


def _digest_of(one: Computer, audience: Audience, section: Id) -> str:
    with one.database.read() as connection:
        return digest._digest(connection, audience, section)


def _same(what: str, digests: list[str]) -> None:
    assert len(set(digests)) <= 1, f"{what} digests differ: {digests}"
