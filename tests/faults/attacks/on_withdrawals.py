"""A computer takes back, or erases, what others wrote."""

from __future__ import annotations

from blenddesk.domain.ids import derived_id
from blenddesk.domain.ops import Draft, OpRange, put
from blenddesk.domain.registry import Audience
from blenddesk.storage import frames
from tests.faults.arena import Arena, op, run
from tests.faults.attacks.table import (
    EDITED,
    FILES,
    attack,
    entries_of,
    range_of,
    rejected,
    without_effect,
)


def _withdrawal(arena: Arena, *ranges: OpRange) -> Draft:
    return put(
        arena.section,
        "withdrawal",
        derived_id("withdrawal", *(part.stream_id for part in ranges)),
        streams=[part.stream_id for part in ranges],
        first_seqs=[part.first for part in ranges],
        last_seqs=[part.last for part in ranges],
        last_hashes=b"".join(part.hash8 for part in ranges),
    )


@attack(EDITED, "refused")
def station_takes_back_another_computers_entries(arena: Arena) -> None:
    """A withdrawal of all that Green wrote."""
    without_effect(arena, _withdrawal(arena, range_of(arena, arena.green)))


@attack(EDITED, "refused")
def station_takes_back_the_teachers_plan(arena: Arena) -> None:
    """A withdrawal of all that the desk wrote."""
    without_effect(arena, _withdrawal(arena, range_of(arena, arena.desk)))


@attack(EDITED, "refused")
def station_hides_anothers_ops_between_its_own(arena: Arena) -> None:
    """One withdrawal of its own and of another's ops."""
    without_effect(arena, _withdrawal(arena, range_of(arena, arena.blue), range_of(arena, arena.green)))


@attack(EDITED, "refused")
def station_takes_back_statements(arena: Arena) -> None:
    """A withdrawal of the certificates."""
    without_effect(arena, _withdrawal(arena, range_of(arena, arena.desk, Audience.TRUST)))


@attack(EDITED, "refused, also when the stream comes later")
def station_takes_back_what_is_yet_to_come(arena: Arena) -> None:
    """A withdrawal that names a stream which the desk gets to know only afterwards."""
    genesis = arena.new_life(arena.green.device_id)
    made = run(
        genesis,
        [op("entry", derived_id("later"), student=arena.green.student(0), kind="claimed")],
        arena.green.keys.sign,
    )
    stream_id = frames.stream_id_of(genesis)
    arena.force(_withdrawal(arena, OpRange(stream_id, 1, 1, made.head[:8])))
    assert arena.carry(arena.blue, arena.desk).refused_ops == 1
    opened = arena.package(arena.green)
    opened.add(made)
    assert arena.give(arena.desk, opened.close(arena.green)).status == "applied"
    assert derived_id("later") in arena.desk.ids_of("entry")
    arena.goes_on()


@attack(EDITED, "nothing but its own is gone")
def station_takes_back_its_own(arena: Arena) -> None:
    """No attack: what a computer wrote itself it may take back (the Oops of a child)."""
    (entry,) = arena.blue.ids_of("entry") - arena.green.ids_of("entry") or arena.blue.ids_of("entry") - {
        derived_id("checked")
    } - entries_of(arena, arena.green)
    arena.blue.section = arena.section
    arena.blue.ledger.commit("oops", [_withdrawal(arena, range_of(arena, arena.blue))])
    assert arena.carry(arena.blue, arena.desk).refused_ops == 0
    assert entry not in arena.desk.ids_of("entry")
    assert entries_of(arena, arena.green) <= arena.desk.ids_of("entry")


@attack(EDITED, "refused")
def station_erases_a_child(arena: Arena) -> None:
    """An order to erase, without the class root's signature."""
    part = range_of(arena, arena.green)
    before = arena.green.ids_of("entry")
    without_effect(
        arena,
        Draft(
            arena.section,
            "erasure",
            derived_id("erase"),
            {
                "student": arena.blue.student(0),
                "streams": [part.stream_id],
                "seqs": [part.last],
                "hashes": part.hash8,
                "signature": b"s" * 64,
            },
        ),
    )
    assert before <= arena.desk.ids_of("entry")


@attack(FILES, "refused whole")
def relay_blanks_an_entry(arena: Arena) -> None:
    """Payload replaced by its digest, which leaves every hash and signature right."""
    arena.green.section = arena.section
    arena.green.log_entry(1)
    opened = arena.package(arena.green)
    at = opened.at(arena.green.device_id, Audience.CLASS)
    pairs = opened.frames_at(at)
    header, payload = pairs[-1]
    blank = frames.PURGED + frames.payload_digest(payload)
    raw = frames.join_frames([frames.encode_frame(*pair) for pair in [*pairs[:-1], (header, blank)]])
    opened.rewrite(at, raw)
    rejected(arena, opened.close(arena.green), "content_missing")
