"""Every group's turns are a permutation of the stations; anything less is named by an independent checker."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block, Group, Plan, PlanSheet, Priority, Seat
from blenddesk.domain.rotations import check_rotation
from blenddesk.domain.seating import Limits, make_rotation, make_seats

PLAN = bytes(16)


def sheet(groups: int, priorities: list[Priority], rounds: int, seed: int = 1) -> PlanSheet:
    blocks = tuple(Block(bytes([1, place]) * 8, PLAN, place, priority=one) for place, one in enumerate(priorities))
    parties = tuple(Group(bytes([2, place]) * 8, PLAN, place) for place in range(groups))
    seats = make_seats(PLAN, [group.id for group in parties], blocks, rounds, seed)
    return PlanSheet(Plan(PLAN, rounds=(10,) * rounds), blocks, parties, seats)


def codes(sheet: PlanSheet) -> set[str]:
    return {problem.code for problem in check_rotation(sheet)}


def route(sheet: PlanSheet, group: Id) -> list[int]:
    blocks = [sheet.block_of(group, round_) for round_ in range(len(sheet.plan.rounds))]
    return [block.position for block in blocks if block is not None]


@given(st.integers(1, 8), st.integers(0, 10_000))
def test_with_as_many_rounds_as_stations_and_groups_each_route_is_a_permutation(count: int, seed: int) -> None:
    plan = sheet(count, [Priority.MUST] * count, count, seed)
    assert check_rotation(plan) == ()
    for group in plan.groups:
        walk = route(plan, group.id)
        assert sorted(walk) == list(range(count))
        assert all((after - before) % count == 1 % count for before, after in pairwise(walk))
    for round_ in range(count):
        assert len({route(plan, group.id)[round_] for group in plan.groups}) == count


def test_starts_are_dealt_by_chance() -> None:
    starts = {tuple(row[0] for row in make_rotation(4, [Priority.MUST] * 4, 4, at_once=[1] * 4, seed=seed))
              for seed in range(60)}  # fmt: skip
    assert len(starts) > 15


@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 99))
def test_more_stations_than_groups_leaves_nobody_out(groups: int, stations: int, seed: int) -> None:
    plan = sheet(min(groups, stations), [Priority.MUST] * stations, stations, seed)
    assert check_rotation(plan) == ()


@given(st.integers(2, 5), st.integers(0, 99))
def test_big_classes_run_every_station_twice(stations: int, seed: int) -> None:
    for groups in (2 * stations, 2 * stations - 1, stations + 1):
        plan = sheet(groups, [Priority.MUST] * stations, stations, seed)
        assert check_rotation(plan) == ()
        assert all(len(plan.groups_at(block.id, 0)) <= 2 for block in plan.blocks)
        assert "crowded" in {problem.code for problem in check_rotation(plan, at_once=1)}


@given(st.integers(2, 6), st.integers(0, 99))
def test_fewer_rounds_than_stations_keeps_the_must_dos(rounds: int, seed: int) -> None:
    priorities = [Priority.MAY, Priority.MUST, Priority.MAY, Priority.SHOULD, Priority.MUST, Priority.MAY]
    plan = sheet(4, priorities, rounds, seed)
    if rounds >= 4:
        assert check_rotation(plan) == ()
    assert codes(plan) <= {"misses"}
    for group in plan.groups:
        walk = route(plan, group.id)
        assert len(walk) == len(set(walk)) == rounds


def test_two_rounds_of_two_must_dos_serve_only_two_groups_and_the_checker_says_who_misses() -> None:
    plan = sheet(4, [Priority.MUST, Priority.MUST, Priority.MAY, Priority.MAY], 2)
    missed = [problem for problem in check_rotation(plan) if problem.code == "misses"]
    assert len(missed) == 4
    plan = sheet(2, [Priority.MUST, Priority.MUST, Priority.MAY, Priority.MAY], 2)
    assert check_rotation(plan) == ()


def test_more_rounds_than_stations_begin_a_second_lap() -> None:
    plan = sheet(2, [Priority.MUST] * 2, 4)
    assert check_rotation(plan) == ()
    assert sorted(route(plan, plan.groups[0].id)) == [0, 0, 1, 1]


def test_unequal_room_is_filled_without_crowding() -> None:
    table = make_rotation(3, [Priority.MUST] * 3, 3, at_once=[1, 1, 2], seed=5)
    assert all(sorted(row) == [0, 1, 2] for row in table)  # type: ignore[type-var]
    table = make_rotation(5, [Priority.MUST, Priority.MAY, Priority.MAY], 5, at_once=[1, 2, 2], seed=5)
    for round_ in range(5):
        stations = [row[round_] for row in table]
        assert None not in stations
        assert all(stations.count(station) <= room for station, room in enumerate([1, 2, 2]))
    assert sorted(row.index(0) for row in table) == [0, 1, 2, 3, 4]


def test_no_room_is_a_gap_and_not_a_crowd() -> None:
    table = make_rotation(3, [Priority.MUST] * 2, 2, at_once=[1, 1], seed=5)
    for round_ in range(2):
        assert sorted(str(row[round_]) for row in table) == ["0", "1", "None"]
    assert make_rotation(2, [], 2, at_once=[], seed=1) == ((None, None), (None, None))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda seats: seats[1:], "no_place"),
        (lambda seats: (seats[0]._replace(block=None), *seats[1:]), "no_place"),
        (lambda seats: (*seats, seats[0]._replace(block=seats[1].block)), "two_places"),
        (lambda seats: (*seats, seats[0]._replace(round=9)), "unknown_place"),
        (lambda seats: (*seats, Seat(PLAN, bytes(16), 0, seats[0].block)), "unknown_place"),
        (lambda seats: tuple(seat._replace(block=seats[0].block) for seat in seats), "visits_again"),
        (lambda seats: tuple(seat._replace(block=seats[0].block) for seat in seats), "misses"),
        (lambda seats: tuple(seat._replace(block=seats[0].block) for seat in seats), "crowded"),
    ],
)
def test_the_checker_finds_each_damage(change: object, code: str) -> None:
    plan = sheet(3, [Priority.MUST] * 3, 3)
    assert callable(change)
    assert code in codes(plan._replace(seats=change(plan.seats)))


def test_the_room_is_kept_where_it_can_be() -> None:
    """Two stations at computers and two with a teacher: never both at once when there is only enough for one."""
    needs = [{"devices": 1, "adult": "any"}, {"devices": 1}, {"adult": "any"}, {}]
    priorities = [Priority.MUST, Priority.MAY, Priority.MAY, Priority.MAY]
    blocks = [
        Block(bytes([1, place]) * 8, PLAN, place, priority=priority, **more)  # type: ignore[arg-type]
        for place, (more, priority) in enumerate(zip(needs, priorities, strict=True))
    ]
    groups = [bytes([2, place]) * 8 for place in range(3)]
    seats = make_seats(PLAN, groups, blocks, 4, 1, sizes=[6, 6, 5], limits=Limits(computers=6, adults=1))
    for round_ in range(4):
        here = [seat.block for seat in seats if seat.round == round_ and seat.block is not None]
        assert len(here) == len(set(here))
        assert sum(block in here for block in (blocks[0].id, blocks[1].id)) <= 1
        assert sum(block in here for block in (blocks[0].id, blocks[2].id)) <= 1
    assert len([seat for seat in seats if seat.block == blocks[0].id]) >= 2
