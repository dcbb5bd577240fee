"""Lost and stolen computers: writing on, and making themselves count again."""

from __future__ import annotations

from unittest import mock

import msgspec
import pytest

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import OpRange
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import Refusal
from blenddesk.storage import digest, frames
from blenddesk.sync import retiring, trust
from blenddesk.sync.statements import Announcement, Retirement
from tests.faults.arena import Arena, op, run
from tests.faults.attacks.table import (
    EDITED,
    FILES,
    FOUND,
    attack,
    range_of,
    seat_key,
    without_effect,
)


def _retire_blue(arena: Arena) -> None:
    retiring.retire(arena.desk.ledger, arena.blue.device_id)
    arena.carry(arena.desk, arena.other)
    arena.carry(arena.desk, arena.green)


def _honest_rest(arena: Arena) -> None:
    """The others work on without Blue-1."""
    arena.green.section = arena.section
    entry = arena.green.log_entry(0)
    arena.carry(arena.green, arena.desk)
    assert entry in arena.desk.ids_of("entry")
    assert digest.rebuild(arena.desk.ledger)


def _stays_held(arena: Arena, *, packed: bytes | None = None) -> None:
    before = arena.shows()
    result = arena.give(arena.desk, packed or arena.package(arena.blue).close(arena.blue))
    assert result.status in ("applied", "nothing_new"), result
    assert arena.shows() == before, "what came after the retirement counts"
    assert arena.held() > 0
    _honest_rest(arena)


@attack(FOUND, "held")
def retired_computer_writes_on(arena: Arena) -> None:
    """Logs work after it was retired."""
    _retire_blue(arena)
    arena.blue.section = arena.section
    arena.blue.log_entry(0)
    _stays_held(arena)


@attack(FOUND, "held")
def retired_computer_begins_a_new_life(arena: Arena) -> None:
    """Writes in a stream of another epoch."""
    _retire_blue(arena)
    opened = arena.package(arena.blue)
    opened.add(
        run(
            arena.new_life(arena.blue.device_id),
            [op("entry", derived_id("after"), student=arena.blue.student(0), kind="claimed")],
            arena.blue.keys.sign,
        )
    )
    _stays_held(arena, packed=opened.close(arena.blue))


@attack(FOUND, "held: the chain says what came before, no clock")
def retired_computer_sets_its_clock_back(arena: Arena) -> None:
    """Writes with a clock of years before it was retired."""
    _retire_blue(arena)
    genesis = arena.new_life(arena.blue.device_id)
    opened = arena.package(arena.blue)
    opened.add(
        run(
            genesis,
            [op("entry", derived_id("old"), student=arena.blue.student(0), kind="claimed", hlc=1)],  # type: ignore[arg-type]
            arena.blue.keys.sign,
        )
    )
    _stays_held(arena, packed=opened.close(arena.blue))


@attack(FOUND, "held: only what the accepted heads follow counts")
def retired_computer_forks_before_the_cut(arena: Arena) -> None:
    """Another op at a place that was accepted with another hash."""
    _retire_blue(arena)
    genesis = arena.genesis(arena.blue)
    opened = arena.package(arena.blue)
    opened.add(
        run(
            genesis,
            [op("entry", derived_id("fork"), student=arena.blue.student(0), kind="claimed")],
            arena.blue.keys.sign,
        )
    )
    _stays_held(arena, packed=opened.close(arena.blue))


@attack("a lost student computer and another seat file", "held: the key is lost, whatever id it goes by")
def retired_key_under_another_id(arena: Arena) -> None:
    """Announces the key of the retired computer as a new computer."""
    seat, key = seat_key(arena)
    _retire_blue(arena)
    blue, ghost = arena.blue, derived_id("ghost")
    said = Announcement(
        arena.section, ghost, "x", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
    ).signed_by(key)
    opened = arena.package(blue)
    record = BY_NAME["announcement"]
    fields = {record.field(name).number: value for name, value in said.fields().items()}
    header, _payload = op("announcement", derived_id("a"))
    opened.add(run(arena.new_life(ghost, Audience.TRUST), [(header, frames.encode_payload(fields))], blue.keys.sign))
    opened.add(
        run(
            arena.new_life(ghost),
            [op("entry", derived_id("after"), student=blue.student(0), kind="claimed")],
            blue.keys.sign,
        )
    )
    _stays_held(arena, packed=opened.close(blue))


def _word(arena: Arena, device: Id, number: int, *, retired: bool, ranges: tuple[OpRange, ...] = ()) -> Retirement:
    return Retirement(
        arena.section,
        device,
        number,
        retired,
        tuple(part.stream_id for part in ranges),
        tuple(part.last for part in ranges),
        b"".join(part.hash8 for part in ranges),
    )


def _still_retired(arena: Arena, word: Retirement) -> None:
    """Blue-1 brings the statement and an entry; the entry is held all the same."""
    arena.blue.section = arena.section
    arena.blue.log_entry(0)
    arena.force(trust.retirement_draft(word, arena.blue.randomness))
    _stays_held(arena)
    with arena.desk.database.read() as connection:
        assert trust.load_trust(connection, arena.section).retirements[arena.blue.device_id].retired


@attack(FOUND, "it stays retired")
def self_un_retirement(arena: Arena) -> None:
    """The retired computer says that it counts again."""
    _retire_blue(arena)
    _still_retired(arena, _word(arena, arena.blue.device_id, 9, retired=False).signed_by(arena.blue.keys.signing))


@attack(FOUND, "it stays retired")
def un_retirement_with_the_roots_old_signature(arena: Arena) -> None:
    """The real statement turned round, its signature kept."""
    _retire_blue(arena)
    (real,) = [one for one in arena.statements() if isinstance(one, Retirement)]
    _still_retired(arena, msgspec.structs.replace(real, number=2, retired=False))


@attack(FOUND, "it stays retired: the greatest number holds")
def old_statement_replayed(arena: Arena) -> None:
    """It was found and retired again; the statement between the two is brought once more."""
    desk, blue = arena.desk.ledger, arena.blue.device_id
    retiring.retire(desk, blue)
    retiring.reinstate(desk, blue)
    (between,) = [one for one in arena.statements() if isinstance(one, Retirement) and not one.retired]
    retiring.retire(desk, blue)
    _still_retired(arena, between)


@attack(FOUND, "it stays retired: the statement names its device")
def another_devices_statement_re_addressed(arena: Arena) -> None:
    """Green was found again; that statement is made to speak of Blue-1."""
    desk = arena.desk.ledger
    retiring.retire(desk, arena.green.device_id)
    retiring.reinstate(desk, arena.green.device_id)
    (freed,) = [one for one in arena.statements() if isinstance(one, Retirement) and not one.retired]
    _retire_blue(arena)
    _still_retired(arena, msgspec.structs.replace(freed, device=arena.blue.device_id))


@attack(FOUND, "it stays retired: the statement names its class")
def statement_of_another_class(arena: Arena) -> None:
    """In the other class the same computer counts again."""
    abroad, blue = arena.abroad, arena.blue
    arena.carry(blue, abroad, abroad.section)
    retiring.retire(abroad.ledger, blue.device_id)
    retiring.reinstate(abroad.ledger, blue.device_id)
    with abroad.database.read() as connection:
        (freed,) = [
            one
            for one in trust._read_statements(connection, abroad.section)
            if isinstance(one, Retirement) and not one.retired
        ]
    _retire_blue(arena)
    _still_retired(arena, msgspec.structs.replace(freed, section=arena.section))


@attack(FOUND, "nothing more is accepted")
def retirement_back_dated_to_accept_more(arena: Arena) -> None:
    """A statement that accepts what was written afterwards, signed by the computer itself."""
    _retire_blue(arena)
    arena.blue.section = arena.section
    arena.blue.log_entry(0)
    part = range_of(arena, arena.blue)._replace(last=99)
    word = _word(arena, arena.blue.device_id, 5, retired=True, ranges=(part,))
    _still_retired(arena, word.signed_by(arena.blue.keys.signing))


@attack(EDITED, "refused")
def station_retires_the_teacher(arena: Arena) -> None:
    """Says that the desk which made the class is lost."""
    word = _word(arena, arena.desk.device_id, 1, retired=True).signed_by(arena.blue.keys.signing)
    without_effect(arena, trust.retirement_draft(word, arena.blue.randomness))


@attack(EDITED, "refused")
def station_retires_another_computer(arena: Arena) -> None:
    """Says that Green is lost, to have its entries held."""
    word = _word(arena, arena.green.device_id, 1, retired=True).signed_by(arena.blue.keys.signing)
    without_effect(arena, trust.retirement_draft(word, arena.blue.randomness))


@attack("another teacher's desk", "refused")
def teacher_retires_the_owner(arena: Arena) -> None:
    """The second desk says that the first is lost."""
    word = _word(arena, arena.desk.device_id, 1, retired=True).signed_by(arena.other.keys.signing)
    arena.other.write_whatever(trust.retirement_draft(word, arena.other.randomness))
    before = arena.shows()
    arena.carry(arena.other, arena.desk)
    assert (arena.refused(), arena.shows()) == (1, before)
    with pytest.raises(Refusal, match="not_class_owner"):
        retiring.retire(arena.other.ledger, arena.desk.device_id)
    arena.goes_on()


@attack(FILES, "what is known of a retirement stays known")
def revocation_cut_off(arena: Arena) -> None:
    """Only packages from before the retirement are passed on, with new work of the lost computer."""
    arena.blue.section = arena.section
    old = arena.package(arena.desk).close(arena.desk)
    _retire_blue(arena)
    arena.blue.log_entry(0)
    assert arena.give(arena.green, old).status == "nothing_new"
    before = arena.shows(arena.green)
    arena.give(arena.green, arena.package(arena.blue).close(arena.blue))
    assert arena.shows(arena.green) == before
    assert arena.held(arena.green) > 0
    _honest_rest(arena)


@attack(FOUND, "nothing is sealed to it")
def retired_computer_reads_on(arena: Arena) -> None:
    """Waits for the next package of the class."""
    _retire_blue(arena)
    data = arena.package(arena.desk).close(arena.desk)
    assert arena.give(arena.blue, data).status == "set_aside"
    _honest_rest(arena)


@attack("a lost student computer, and a seat file and its words", "what the real one wrote counts, the rest does not")
def retired_while_somebody_pretends_to_be_it(arena: Arena) -> None:
    """Gives itself out for Green; then the teacher retires Green: only what Green's own key signed is accepted."""
    seat, key = seat_key(arena)
    blue, green = arena.blue, arena.green
    arena.carry(arena.desk, blue)
    said = Announcement(
        arena.section, green.device_id, "x", blue.keys.signing_public, blue.keys.age_recipient, seat.seat
    ).signed_by(key)
    arena.force(trust.announcement_draft(said, blue.randomness))
    opened = arena.package(blue)
    forged = [op("entry", derived_id("forged"), student=blue.student(0), kind="claimed")]
    opened.add(run(arena.genesis(green), forged, blue.keys.sign))
    assert arena.give(arena.desk, opened.close(blue)).status == "applied"
    before = arena.desk.ids_of("entry")
    assert derived_id("forged") not in before
    retiring.retire(arena.desk.ledger, green.device_id)
    assert arena.desk.ids_of("entry") == before
    retiring.accept(arena.desk.ledger, green.device_id)
    assert digest.rebuild(arena.desk.ledger)


@attack(EDITED, "it is written, and accepts the longest rows")
def retirement_made_too_long_to_be_written(arena: Arena) -> None:
    """Forks its own stream over and over, so that there are more ends than a statement can name."""
    opened = arena.package(arena.blue)
    student = arena.blue.student(0)
    genesis = arena.new_life(arena.blue.device_id)
    for number in range(5):
        forks = [
            op("entry", derived_id(f"fork {number} {at}"), student=student, kind="claimed") for at in range(number + 1)
        ]
        opened.add(run(genesis, forks, arena.blue.keys.sign))
    assert arena.give(arena.desk, opened.close(arena.blue)).status == "applied"
    with mock.patch.object(retiring, "MOST_ENDS", 3):
        retiring.retire(arena.desk.ledger, arena.blue.device_id)
    shown = arena.desk.ids_of("entry")
    assert derived_id("fork 4 4") in shown, "the longest row counts"
    assert derived_id("fork 0 0") not in shown, "the shortest is held"
    assert arena.held() > 0
    _honest_rest(arena)
