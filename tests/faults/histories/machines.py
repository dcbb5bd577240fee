"""Steps with machines: disks copied, kept and put back, computers set up anew, seats used twice, clocks, restarts."""

from __future__ import annotations

from blenddesk import RELEASE_MS
from blenddesk.storage import setup
from blenddesk.storage.database import Database
from blenddesk.sync import backups, retiring
from blenddesk.sync.trust import Standing, load_trust
from tests.faults.histories.computers import DATABASE, Computer, SeatFile
from tests.faults.histories.packing import pack_what_lies_there
from tests.faults.histories.story import MOST_IMAGES, Story
from tests.sync.devices import SeededRandomness

YEAR_MS = 365 * 24 * 3600 * 1000
CLOCKS_MS = (-1, 0, RELEASE_MS - 30 * YEAR_MS, RELEASE_MS - YEAR_MS, RELEASE_MS, 4_291_747_200_000, 20_000_000_000_000)
"""What a wrong clock may say: before 1970, 1970, years back, right, 2106 and past every year that the format knows."""


def clone(story: Story, at: Computer) -> None:
    """A copy of the disk goes on in another computer beside the original."""
    if len(story.computers) >= story.most_computers:
        return
    if at.anchored:
        at.ledger.note_position()
    image = at.image()
    twin = story.computer(image, f"{at.name}'", at.clock.now_ms)
    how = "database only"
    if story.chance.random() >= story.notices:
        twin.machine, how = at.machine, "unnoticed"
        twin.bring_anchor(image, at.device_id)
    elif story.chance.random() < 0.5:
        how = "other machine"
        twin.bring_anchor(image, at.device_id)
    twin.start()
    story.computers.append(twin)
    story.say("clone", f"{at.name} ({how})")


def keep_image(story: Story, at: Computer) -> None:
    if at.anchored and story.chance.random() < 0.5:
        at.ledger.note_position()
    story.images = [*story.images, (at, at.image())][-MOST_IMAGES:]
    story.say("image kept", f"of {at.name}")


def restore(story: Story, _at: Computer) -> None:
    """An older copy of the database takes the place of the newer; what was only in the newer is gone for good."""
    if not story.images:
        return
    at, image = story.chance.choice(story.images)
    device_id = at.device_id
    at.close()
    at.put_back(image)
    how = "database only"
    if story.chance.random() >= story.notices:
        how = "unnoticed"
        at.bring_anchor(image, device_id)
    at.randomness = SeededRandomness(story.chance.getrandbits(60))
    at.start()
    if at.anchored and story.chance.random() < story.notices:
        how = "from a backup"
        backups.begin_new_life(at.database, at.randomness)
        at.restart()
    story.say("restore", f"{at.name} ({how})")


def image_anew(story: Story, at: Computer) -> None:
    """A student computer is set up from nothing: with new seats in its classes, or with its old seat files."""
    if at.is_desk:
        return
    again = story.chance.random() < 0.7
    fresh = _set_up(story, at, again=again)
    at.close()
    story.computers[story.computers.index(at)] = fresh
    story.images = [(whose, image) for whose, image in story.images if whose is not at]
    story.say("image anew", f"{at.name}, {'old seat' if again else 'new seat'}")


def second_opening(story: Story, at: Computer) -> None:
    """Somebody opens the seat files of a student computer at another one: which is the real one, the teacher says."""
    if at.is_desk or len(story.computers) >= story.most_computers:
        return
    story.computers.append(_set_up(story, at, again=True))
    story.say("second opening", at.name)


def confirm(story: Story, _at: Computer) -> None:
    """The teacher says of a computer that waits, wherever a desk knows of one: this one is real, too."""
    for desk in story.computers:
        with desk.database.read() as connection:
            known = [load_trust(connection, section) for section in desk.sections if desk.has_root(section)]
        waiting = {one.device_id for trust in known for one in trust.devices if one.standing is Standing.HELD}
        if waiting:
            chosen = story.chance.choice(sorted(waiting))
            desk.clock.now_ms += 1_000
            retiring.confirm(desk.ledger, chosen)
            return story.say("confirm", f"{chosen.hex()[:8]} at {desk.name}")
    return None


def _set_up(story: Story, at: Computer, *, again: bool) -> Computer:
    """A new computer in the classes of another one, with its seat files or with seats made for it."""
    name = f"{at.name}n"
    seats: list[SeatFile] = []
    for section in at.sections:
        giver = story.chance.choice([one for one in story.computers if one.has_root(section)])
        seats.append(at.seats[section] if again else giver.seat_for(section, name))
    fresh = story.computer(story.blank, name, at.clock.now_ms)
    database = Database(fresh.folder / DATABASE, fresh.key)
    setup.set_local_value(database, "device_id", fresh.randomness.token(16))
    setup.set_local_value(database, "epoch", fresh.randomness.token(16))
    database.close()
    fresh.start()
    for seat in seats:
        fresh.sit_down(seat)
    return fresh


def set_clock(story: Story, at: Computer) -> None:
    at.clock.now_ms = story.chance.choice((*CLOCKS_MS, at.clock.now_ms - 3_600_000, at.clock.now_ms + 2 * YEAR_MS))
    story.say("clock", f"{at.name} {at.clock.now_ms}")


def restart(story: Story, at: Computer) -> None:
    at.restart()
    packed = pack_what_lies_there(at)
    story.did["packed"] += packed
    story.say("restart", f"{at.name}: {packed} ops packed")
