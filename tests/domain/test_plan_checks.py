"""Each check fails for its own reason, with the numbers and remedies that its sentence needs."""

from collections.abc import Mapping

import pytest

from blenddesk.domain.people import PairRule
from blenddesk.domain.plan_checks import Check, RoomCard, can_be_used, plan_checks
from blenddesk.domain.plans import Block, Group, Plan, PlanSheet, Seat
from blenddesk.domain.seating import make_seats

PLAN = bytes(16)
PEOPLE = [bytes([1, number]) * 8 for number in range(24)]
TEACHER, HELPER = bytes([8]) * 16, bytes([9]) * 16


def sheet(**blocks: Mapping[str, object]) -> PlanSheet:
    """Three groups of 8 at three stations; ``blocks`` changes fields of a, b or c."""
    stations = tuple(
        Block(bytes([2, place]) * 8, PLAN, place, name)._replace(**blocks.get(name, {}))  # type: ignore[arg-type]
        for place, name in enumerate("abc")
    )
    groups = tuple(
        Group(bytes([3, place]) * 8, PLAN, place, students=tuple(PEOPLE[place * 8 : place * 8 + 8]))
        for place in range(3)
    )
    seats = make_seats(PLAN, [group.id for group in groups], stations, 3, 1)
    return PlanSheet(Plan(PLAN, rounds=(13, 12, 12)), stations, groups, seats)


def checks(plan: PlanSheet, **more: object) -> dict[str, Check]:
    return {check.code: check for check in plan_checks(plan, **{"students": PEOPLE, **more})}  # type: ignore[arg-type]


def test_a_good_plan_passes_with_only_the_checks_that_apply() -> None:
    found = checks(sheet())
    assert all(check.ok for check in found.values())
    assert set(found) == {"places", "visits_all", "fits_period", "floor", "placed"}
    assert found["fits_period"].data == {"used": 50, "period": 50}


def test_devices_count_sharing_and_who_is_there() -> None:
    plan = sheet(b={"devices": 2})
    assert "devices" not in checks(plan)
    assert checks(plan, room=RoomCard(computers=4))["devices"].ok
    short = checks(plan, room=RoomCard(computers=3))["devices"]
    assert not short.ok
    assert (short.data["needed"], short.data["have"], short.data["share"]) == (4, 3, 3)
    assert short.data["block"] == plan.blocks[1].id
    assert "share_computers" in short.remedies
    away = [PEOPLE[0], PEOPLE[1], PEOPLE[8], PEOPLE[9], PEOPLE[16], PEOPLE[17]]
    assert checks(plan, room=RoomCard(computers=3), away=away)["devices"].ok
    assert checks(plan, room=RoomCard(computers=0))["devices"].data["share"] == 0


def test_two_computer_stations_at_once_share_the_room() -> None:
    plan = sheet(a={"devices": 2}, b={"devices": 1})
    assert checks(plan, room=RoomCard(computers=12))["devices"].ok
    assert checks(plan, room=RoomCard(computers=11))["devices"].data["needed"] == 12


def test_only_six_headphones() -> None:
    plan = sheet(b={"headphones": True})
    found = checks(plan, room=RoomCard(headphones=6))["headphones"]
    assert (found.ok, found.data["needed"], found.data["have"]) == (False, 8, 6)
    assert checks(plan, room=RoomCard(headphones=8))["headphones"].ok


def test_one_adult_at_a_time() -> None:
    two = sheet(a={"adult": "any"}, b={"adult": "any"})
    assert not checks(two)["adults"].ok
    assert checks(two, adults=[TEACHER, HELPER])["adults"].ok
    assert checks(sheet(a={"adult": "any"}))["adults"].ok
    same = sheet(a={"adult": TEACHER.hex()}, b={"adult": TEACHER.hex()})
    assert not checks(same, adults=[TEACHER, HELPER])["adults"].ok
    assert checks(sheet(a={"adult": TEACHER.hex()}, b={"adult": "any"}), adults=[TEACHER, HELPER])["adults"].ok
    absent = checks(sheet(a={"adult": HELPER.hex()}), adults=[TEACHER])["adults"]
    assert (absent.ok, absent.data["absent"]) == (False, (HELPER.hex(),))


def test_group_sizes_against_places() -> None:
    full = checks(sheet(c={"capacity": 7}))["capacity"]
    assert (full.ok, full.data["students"], full.data["capacity"]) == (False, 8, 7)
    assert checks(sheet(c={"capacity": 8}))["capacity"].ok


def test_minutes() -> None:
    plan = sheet()
    over = checks(plan._replace(plan=plan.plan._replace(rounds=(15, 15, 15))))["fits_period"]
    assert (over.ok, over.data) == (False, {"used": 58, "period": 50})
    short = checks(plan, room=RoomCard(floor_minutes=13))["floor"]
    assert (short.ok, short.data["rounds"]) == (False, (1, 2))


@pytest.mark.parametrize("kind", ["apart", "together"])
def test_pair_rules(kind: str) -> None:
    plan = sheet()
    inside, across = (PEOPLE[0], PEOPLE[1]), (PEOPLE[0], PEOPLE[23])
    for pair in (inside, across):
        found = checks(plan, rules=[PairRule(bytes(16), *pair, kind)])[kind]
        assert found.ok is ((pair is across) is (kind == "apart"))
        assert found.data["broken"] == (() if found.ok else (pair,))


def test_gaps_forbid_and_warnings_do_not() -> None:
    plan = sheet()
    assert can_be_used(checks(plan, room=RoomCard(floor_minutes=40)).values())
    newcomer = bytes([7]) * 16
    unplaced = checks(plan, students=[*PEOPLE, newcomer])
    assert unplaced["placed"].data["students"] == (newcomer,)
    assert not can_be_used(unplaced.values())
    gap = checks(plan._replace(seats=plan.seats[1:]))
    assert gap["places"].data["gaps"] == ((plan.seats[0].group, 0),)
    assert not can_be_used(gap.values())
    assert not can_be_used(checks(plan._replace(groups=()), students=[]).values())
    lost = plan._replace(seats=(*plan.seats[1:], Seat(PLAN, plan.seats[0].group, 0, bytes(16))))
    assert not checks(lost)["places"].ok


def test_too_few_rounds_name_what_is_missed() -> None:
    plan = sheet()
    two = plan._replace(plan=plan.plan._replace(rounds=(18, 18)), seats=tuple(s for s in plan.seats if s.round < 2))
    found = checks(two)["visits_all"]
    assert not found.ok
    assert (found.data["stations"], found.data["rounds"]) == (3, 2)
    assert len(found.data["missed"]) == 3  # type: ignore[arg-type]
    assert "more_rounds" in found.remedies


def test_someone_left_alone_by_absences() -> None:
    assert checks(sheet(), away=PEOPLE[:2])["away"].ok
    alone = checks(sheet(), away=PEOPLE[:7])["away"]
    assert (alone.ok, len(alone.data["groups"])) == (False, 1)  # type: ignore[arg-type]
