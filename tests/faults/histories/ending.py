"""How a history ends: an empty stick goes round twice, then all computers must hold and show the same."""

from __future__ import annotations

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.storage import digest
from blenddesk.sync.trust import Standing
from tests.faults.histories import facts
from tests.faults.histories.computers import Computer
from tests.faults.histories.facts import What
from tests.faults.histories.files import export, read
from tests.faults.histories.story import Content, Story

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
    # A second computer on one seat gets nothing until the teacher has chosen; what it wrote counts all the same.
    held = [one for one in members if one.standing(section, desk) is Standing.HELD]
    full = [one for one in members if one not in held]
    story.did["held"] += len(held)
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
        for audience in (Audience.DESK, Audience.DROP):
            _same(audience.name, [_digest_of(one, audience, section) for one in desks])
        for one in full if story.watched else ():
            story_lacks = everything - one.holds
            assert not story_lacks, f"{one.name} was not told of {story_lacks}"
    return lost


def _digest_of(one: Computer, audience: Audience, section: Id) -> str:
    with one.database.read() as connection:
        return digest._digest(connection, audience, section)


def _same(what: str, digests: list[str]) -> None:
    assert len(set(digests)) <= 1, f"{what} digests differ: {digests}"
