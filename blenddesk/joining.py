"""Making a data directory a student computer, or another teacher's desk, from the file of a seat."""

from __future__ import annotations

from dataclasses import dataclass

from blenddesk import bootstrap
from blenddesk.changing_places import make_beside
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.ports import Clock, Randomness
from blenddesk.errors import Refusal
from blenddesk.services import classes, exchange
from blenddesk.services.context import DESK, STATION, AppContext


@dataclass(frozen=True, slots=True)
class Joined:
    """``name`` is what the desk calls this computer; ``classes`` are all it has now, as (id, name)."""

    device_id: Id
    name: str
    section: Id
    classes: tuple[tuple[Id, str], ...]


def open_seat(
    paths: Paths,
    data: bytes,
    words: str,
    *,
    role: str = "",
    clock: Clock | None = None,
    randomness: Randomness | None = None,
) -> Joined:
    """Opens a seat file (its content) with the five words that the teacher reads out.

    Where no device is set up yet a new one is made, a student computer or another teacher's desk as the file says, only
    when the words are right: a wrong word leaves nothing behind. ``role``: what the person says this computer is to be,
    which the file must agree with. The caller holds the data directory's lock. Raises what ``sync.seats.open_seat``
    raises.
    """
    if paths.exists:
        context = bootstrap.open_device(paths, clock=clock, randomness=randomness)
        try:
            return _take_seat(context, data, words)
        finally:
            bootstrap.close_device(context)
    return make_beside(paths, lambda making: _take_seat_on_new(making, data, words, role, clock, randomness))


def _take_seat_on_new(
    making: Paths, data: bytes, words: str, wanted: str, clock: Clock | None, randomness: Randomness | None
) -> Joined:
    from blenddesk.storage.setup import set_local_value
    from blenddesk.sync import seats

    role = DESK if seats.is_for_desk(data, words) else STATION
    if wanted and role != wanted:
        raise Refusal("desk_seat_on_a_student_computer" if role == DESK else "seat_on_a_desk")
    context = bootstrap.create_device(making, role=role, name="", clock=clock, randomness=randomness)
    try:
        joined = _take_seat(context, data, words)
        if context.is_desk:
            classes.found_desk(context, joined.name)
        set_local_value(context.ledger.database, "name", joined.name.encode())
    finally:
        bootstrap.close_device(context)
    return joined


def _take_seat(context: AppContext, data: bytes, words: str) -> Joined:
    seat = exchange.take_seat(context, data, words)
    classes = tuple((section.id, section.name) for section in context.reads.sections.all())
    return Joined(context.keys.device_id, seat.name, seat.section, classes)
