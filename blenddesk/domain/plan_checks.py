"""Checks of a plan before it is used: does everyone get everywhere, does it fit the time, the room and the adults."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from blenddesk.domain.groups import broken_rules
from blenddesk.domain.ids import Id
from blenddesk.domain.minutes import DEFAULT_FLOOR, short_rounds, timing_of
from blenddesk.domain.people import PairRule
from blenddesk.domain.plans import ADULT_ANY, ADULT_NONE, Block, Model, PlanSheet
from blenddesk.domain.rotations import check_rotation

GAPS = frozenset({"placed", "places"})
"""Checks that a plan cannot be used without: everyone is in a group and every group has a place in every round."""

_FOR_ONE_CLASS = ("projector_led", "halves", "several_lessons")
"""What helps when a whole class is to be at the computers at once."""


class RoomCard(NamedTuple):
    """My room. None: not said, and then nothing is checked against it."""

    computers: int | None = None
    students_per_computer: int | None = None
    headphones: int | None = None
    projector: bool | None = None
    printer: bool | None = None
    period_minutes: int | None = None
    class_size: int | None = None
    floor_minutes: int | None = None


class Check(NamedTuple):
    """One line of the list. ``data``: the numbers and ids its sentence needs. ``remedies``: codes, the best first.

    Codes and their data: places (gaps: group and round pairs), visits_all (stations, rounds, missed: group and block
    pairs), fits_period (used, period), floor (shortest, floor, rounds), devices (block, round, needed, have, share),
    headphones (block, round, needed, have), capacity (block, round, students, capacity), adults (round, needed, have,
    blocks, absent: ids in hex), apart and together (pairs, broken), placed (students: ids without a group),
    away (students, groups: those left with one student).
    """

    code: str
    ok: bool
    data: Mapping[str, object] = MappingProxyType({})
    remedies: tuple[str, ...] = ()


class _Load(NamedTuple):
    """The students that a block has in a round."""

    block: Block
    round: int
    students: int


def plan_checks(
    sheet: PlanSheet,
    *,
    students: Collection[Id],
    away: Collection[Id] = (),
    room: RoomCard | None = None,
    adults: Collection[Id] | None = None,
    rules: Iterable[PairRule] = (),
) -> tuple[Check, ...]:
    """All checks that apply, in the order to show them.

    ``students``: who is enrolled. ``away``: who is not there, and so needs no computer. ``adults``: who is in the
    lesson; None or nobody: one teacher. Checks against the room are left out while the room does not say.
    """
    room = room or RoomCard()
    loads = _loads(sheet, away)
    checks = [
        _places(sheet),
        _visits_all(sheet),
        _fits_period(sheet),
        _floor(sheet, room),
        _devices(sheet, loads, room),
        _headphones(sheet, loads, room),
        _capacity(loads),
        _adults(sheet, adults or ()),
        *_rules(sheet, rules),
        _placed(sheet, students),
        _away(sheet, away),
    ]
    return tuple(check for check in checks if check is not None)


def can_be_used(checks: Iterable[Check]) -> bool:
    """Ready is allowed with warnings, never with a gap in who goes where."""
    return all(check.ok for check in checks if check.code in GAPS)


def computers_needed(students: int, students_per_computer: int) -> int:
    return -(-students // max(students_per_computer, 1))


def _loads(sheet: PlanSheet, away: Collection[Id]) -> list[_Load]:
    loads = []
    for round_ in range(len(sheet.plan.rounds)):
        for block in sheet.blocks:
            here = [student for group in sheet.groups_at(block.id, round_) for student in group.students]
            loads.append(_Load(block, round_, sum(student not in away for student in here)))
    return loads


def _places(sheet: PlanSheet) -> Check:
    problems = [one for one in check_rotation(sheet) if one.code in ("no_place", "two_places", "unknown_place")]
    gaps = tuple((one.group, one.round) for one in problems)
    nothing_there = not (sheet.groups and sheet.blocks and sheet.plan.rounds)
    return Check("places", not (problems or nothing_there), {"gaps": gaps}, ("seat_again",))


def _visits_all(sheet: PlanSheet) -> Check:
    """Of stations, not of what is done in one's own time. Without a seat nobody is seated: that is another check."""
    own_time = {block.id for block in sheet.own_time()} if sheet.seats else set()
    problems = (one for one in check_rotation(sheet) if one.code == "misses" and one.block not in own_time)
    missed = tuple((one.group, one.block) for one in problems)
    stations, rounds = len(sheet.blocks) - len(own_time), len(sheet.plan.rounds)
    remedies = ("more_rounds", "fewer_stations", "several_days") if rounds < stations else ("seat_again",)
    return Check("visits_all", not missed, {"stations": stations, "rounds": rounds, "missed": missed}, remedies)


def _fits_period(sheet: PlanSheet) -> Check:
    timing = timing_of(sheet.plan)
    data = {"used": timing.used, "period": timing.period}
    return Check("fits_period", timing.spare >= 0, data, ("refit", "fewer_rounds", "two_halves"))


def _floor(sheet: PlanSheet, room: RoomCard) -> Check:
    floor = DEFAULT_FLOOR if room.floor_minutes is None else room.floor_minutes
    short = short_rounds(timing_of(sheet.plan), floor)
    data = {"shortest": min(sheet.plan.rounds, default=0), "floor": floor, "rounds": short}
    remedies = ("fewer_rounds", "fewer_stations", "two_halves", "several_days", "shorter_moving")
    return Check("floor", not short, data, remedies)


def _devices(sheet: PlanSheet, loads: Collection[_Load], room: RoomCard) -> Check | None:
    """Computers in the round that needs most, with as many students at each as its block says.

    Not for what is done in one's own time: nobody knows how many are at it.

    ``share`` is how many would have to share one for the room to be enough (0: there is no computer at all).
    """
    if room.computers is None:
        return None
    own_time = {block.id for block in sheet.own_time()}
    by_round: dict[int, int] = {}
    most: dict[int, _Load] = {}
    for load in loads:
        if load.block.devices > 0 and load.block.id not in own_time:
            by_round[load.round] = by_round.get(load.round, 0) + computers_needed(load.students, load.block.devices)
            if load.round not in most or load.students > most[load.round].students:
                most[load.round] = load
    if not by_round:
        return None
    worst = max(by_round, key=lambda round_: (by_round[round_], -round_))
    students = sum(load.students for load in loads if load.round == worst and load.block.devices > 0)
    data = {
        "block": most[worst].block.id,
        "round": worst,
        "needed": by_round[worst],
        "have": room.computers,
        "share": computers_needed(students, room.computers) if room.computers else 0,
    }
    remedies: tuple[str, ...] = ("share_computers", "paper_twin", "more_groups")
    if sheet.plan.model is Model.WHOLE_GROUP:
        remedies = ("share_computers", *_FOR_ONE_CLASS, "paper_twin")
    return Check("devices", by_round[worst] <= room.computers, data, remedies)


def _headphones(sheet: PlanSheet, loads: Iterable[_Load], room: RoomCard) -> Check | None:
    if room.headphones is None:
        return None
    by_round: dict[int, list[_Load]] = {}
    for load in loads:
        if load.block.headphones and load.students:
            by_round.setdefault(load.round, []).append(load)
    if not by_round:
        return None
    needs = {round_: sum(load.students for load in some) for round_, some in by_round.items()}
    worst = max(needs, key=lambda round_: (needs[round_], -round_))
    data = {"block": by_round[worst][0].block.id, "round": worst, "needed": needs[worst], "have": room.headphones}
    for_one_class = _FOR_ONE_CLASS if sheet.plan.model is Model.WHOLE_GROUP else ()
    remedies = ("without_sound", *for_one_class, "paper_twin", "share_headphones")
    return Check("headphones", needs[worst] <= room.headphones, data, remedies)


def _capacity(loads: Iterable[_Load]) -> Check | None:
    limited = [load for load in loads if load.block.capacity is not None and load.block.capacity > 0]
    if not limited:
        return None
    worst = max(limited, key=lambda load: (load.students - (load.block.capacity or 0), -load.round))
    room = worst.block.capacity or 0
    data = {"block": worst.block.id, "round": worst.round, "students": worst.students, "capacity": room}
    return Check("capacity", worst.students <= room, data, ("more_groups", "more_places", "mirror"))


def _adults(sheet: PlanSheet, adults: Collection[Id]) -> Check | None:
    """One adult per station that needs one, at a time: named ones must be there and be nowhere else."""
    have = max(len(adults), 1)
    names = {adult.hex() for adult in adults}
    needing = [block for block in sheet.blocks if block.adult not in ("", ADULT_NONE)]
    if not needing:
        return None
    named = {block.adult for block in needing if block.adult != ADULT_ANY}
    absent = tuple(sorted(named - names))
    worst: tuple[int, int, tuple[Id, ...]] = (0, 0, ())
    for round_ in range(len(sheet.plan.rounds)):
        open_blocks = [block for block in needing if sheet.groups_at(block.id, round_)]
        wanted = [block.adult for block in open_blocks if block.adult != ADULT_ANY]
        twice = len(wanted) - len(set(wanted))
        # Somebody wanted at two places counts as one adult too few, however many others there are.
        needed = max(len(open_blocks), have + twice if twice else 0)
        if needed > worst[0]:
            worst = (needed, round_, tuple(block.id for block in open_blocks))
    needed, round_, blocks = worst
    data = {"round": round_, "needed": needed, "have": have, "blocks": blocks, "absent": absent}
    remedies = ("without_adult", "another_adult", "drop_led", "seat_again")
    return Check("adults", needed <= have and not absent, data, remedies)


def _rules(sheet: PlanSheet, rules: Iterable[PairRule]) -> list[Check]:
    kept = list(rules)
    groups = [group.students for group in sheet.groups]
    checks = []
    for kind in ("apart", "together"):
        pairs = tuple((rule.first, rule.second) for rule in kept if rule.kind == kind)
        if pairs:
            broken = broken_rules(groups, **{kind: pairs})
            data = {"pairs": pairs, "broken": tuple(rule.students for rule in broken)}
            checks.append(Check(kind, not broken, data, ("group_again", "move_student")))
    return checks


def _placed(sheet: PlanSheet, students: Collection[Id]) -> Check:
    grouped = set(sheet.students())
    missing = tuple(student for student in students if student not in grouped)
    return Check("placed", not missing, {"students": missing}, ("place_in_smallest", "group_again"))


def _away(sheet: PlanSheet, away: Collection[Id]) -> Check | None:
    """Someone away is a reason to look only when it leaves a student alone in a group of more."""
    missing = tuple(student for student in sheet.students() if student in away)
    if not missing:
        return None
    alone = tuple(
        group.id
        for group in sheet.groups
        if len(group.students) > 1 and sum(student not in away for student in group.students) <= 1
    )
    return Check("away", not alone, {"students": missing, "groups": alone}, ("even_out_today",))
