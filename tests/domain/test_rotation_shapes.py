"""Each shape is a rotation that can be solved, and keeps what it promises."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.planning import shapes
from blenddesk.domain.planning.budget import Budget
from blenddesk.domain.planning.rotation import ADULT_ANY, Group, Problem, Seat, Station, Visit
from blenddesk.domain.planning.rotation_checker import breaches, points
from blenddesk.domain.planning.rotation_reasons import reasons
from blenddesk.domain.planning.rotation_search import solve

GROUPS = [Group(name, size) for name, size in (("A", 6), ("B", 5), ("C", 5), ("D", 4))]
STATIONS = [Station("With me", adult=ADULT_ANY), Station("Computer", students_per_device=1), Station("Team")]


def best(problem: Problem) -> tuple[Seat, ...]:
    *_worse, found = solve(problem, Budget(iterations=200), 1)
    assert breaches(problem, found.seats) == ()
    return found.seats


@given(st.integers(1, 120), st.integers(0, 15), st.integers(1, 40), st.integers(0, 9), st.integers(0, 15))
def test_most_rounds_is_the_largest_number_that_fits(period: int, opening: int, each: int, move: int, end: int) -> None:
    most = shapes.most_rounds(period, opening, each, move, end)
    assert opening + (most + 1) * each + most * move + end > period
    assert most == 0 or opening + most * each + (most - 1) * move + end <= period


def test_the_table_of_choices_keeps_to_the_floor() -> None:
    assert [(one.rounds, one.shortest) for one in shapes.choices(55, 5, 2, 4, floor=10)] == [
        (1, 46),
        (2, 22),
        (3, 14),
        (4, 10),
    ]
    assert [one.rounds for one in shapes.choices(12, 5, 2, 4, floor=10)] == [1]


def test_mirror_makes_room_for_all() -> None:
    plain = shapes.classic(GROUPS, STATIONS, 3)
    assert any(reason.code == "station_room" for reason in reasons(plain))
    mirrored = shapes.mirror(plain)._replace(adults=(ADULT_ANY,) * 2)
    assert points(mirrored, best(mirrored)).must_missed == 0


def test_must_and_may_and_free_form() -> None:
    plain = shapes.classic(GROUPS, STATIONS, 4)
    must = shapes.must_and_may(plain, {0})
    assert points(must, best(must)).must_missed == 0
    assert {visit.station for visit in must.visits if visit.must} == {0}
    free = shapes.free_form(plain._replace(before=((0, 1),)))
    assert not any(visit.must for visit in free.visits)
    assert free.before == ()


def test_flip_flop_makes_two_even_halves_that_swap() -> None:
    shaped = shapes.flip_flop(shapes.classic(GROUPS, STATIONS, 3), 1, 2)
    assert [(group.name, group.size) for group in shaped.groups] == [("A + D", 10), ("B + C", 10)]
    seats = best(shaped)
    assert points(shaped, seats).must_missed == 0
    assert len(seats) == 4


def test_over_days_nothing_runs_over_night() -> None:
    plain = shapes.classic(GROUPS[:2], STATIONS, 4)
    long = plain._replace(visits=tuple(visit._replace(rounds=2) for visit in plain.visits if visit.station < 2))
    shaped = shapes.over_days(long, 2)
    assert shaped.days == (0, 0, 1, 1)
    assert {seat.round for seat in best(shaped)} == {0, 2}


def test_who_is_missing_work_goes_to_the_make_up_station() -> None:
    shaped = shapes.with_make_up(
        shapes.must_and_may(shapes.classic(GROUPS, STATIONS, 3), {0}), Station("Catch up"), [2]
    )
    assert 2 in {seat.group for seat in best(shaped) if seat.station == 3}
    assert shaped.visits[-2] == Visit(2, 3, catch_up=True)


def test_three_sections_share_one_trolley() -> None:
    section = shapes.classic(GROUPS[:3], STATIONS, 3)
    shared = shapes.together([section, section, section], 16)
    assert (len(shared.groups), len(shared.stations), len(shared.adults)) == (9, 9, 3)
    assert points(shared, best(shared)).must_missed == 0
    assert any(reason.code == "devices_short" for reason in reasons(shapes.together([section] * 3, 10)))


def test_a_shorter_section_is_gone_in_the_rounds_it_does_not_have() -> None:
    short, long = shapes.classic(GROUPS[:2], STATIONS[:2], 2), shapes.classic(GROUPS[:3], STATIONS, 3)
    shared = shapes.together([short, long], 6)
    assert set(shared.blocked) == {(0, 2), (1, 2)}
    assert all(seat.round < 2 for seat in best(shared) if seat.group < 2)
