"""Statuses, counts, carry-overs and round results follow from the entries alone."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.calendars import Slot
from blenddesk.domain.entries import Entry
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Reflection
from blenddesk.domain.plans import Block, Group, Plan, PlanSheet, Priority, Seat
from blenddesk.domain.progress import (
    CarryOver,
    Status,
    carry_overs,
    groups_done,
    pick_show_me,
    progress,
    round_result,
    statuses,
)

PLAN, WITH_ME, COMPUTER, CHOICE = (bytes([number]) * 16 for number in range(4))
CIRCLES, SQUARES = bytes([4]) * 16, bytes([5]) * 16
ANA, BEN, CARLA, DEV = STUDENTS = [bytes([number]) * 16 for number in range(10, 14)]
HELPER = bytes([9]) * 16
SHEET = PlanSheet(
    Plan(PLAN, rounds=(10, 10)),
    (Block(WITH_ME, PLAN, 0, adult="any"), Block(COMPUTER, PLAN, 1), Block(CHOICE, PLAN, 2, priority=Priority.MAY)),
    (Group(CIRCLES, PLAN, 0, students=(ANA, BEN)), Group(SQUARES, PLAN, 1, students=(CARLA, DEV))),
    (
        Seat(PLAN, CIRCLES, 0, WITH_ME),
        Seat(PLAN, SQUARES, 0, COMPUTER),
        Seat(PLAN, CIRCLES, 1, COMPUTER),
        Seat(PLAN, SQUARES, 1, CHOICE),
    ),
)
NEXT = Slot(date(2026, 11, 24), 570, 50)


def entries(*lines: tuple[Id, str, Id | None], day: str = "2026-11-22") -> list[Entry]:
    return [
        Entry(bytes([100 + number]) * 16, student, kind, PLAN, block, day=day, at_ms=number)
        for number, (student, kind, block) in enumerate(lines)
    ]


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ("claimed", "claimed"),
        ("started", None),
        ("claimed checked", "checked"),
        ("checked claimed", "checked"),
        ("claimed mastered claimed", "mastered"),
        ("claimed revise", "revise"),
        ("claimed revise claimed", "claimed"),
        ("mastered revise", "revise"),
        ("excused", "excused"),
        ("carried", "carried"),
        ("carried claimed", "claimed"),
        ("claimed carried", "claimed"),
        ("revise carried", "revise"),
        ("claimed something_new", "claimed"),
    ],
)
def test_where_a_student_stands(kinds: str, status: str | None) -> None:
    found = statuses(entries(*((ANA, kind, WITH_ME) for kind in kinds.split())))
    assert found == ({} if status is None else {(ANA, PLAN, WITH_ME): Status(status)})


def test_an_undone_claim_is_no_claim() -> None:
    log = entries((ANA, "claimed", WITH_ME), (ANA, "claimed", COMPUTER))
    log.append(Entry(bytes([200]) * 16, ANA, "undone", about=log[0].id, at_ms=9))
    assert statuses(log) == {(ANA, PLAN, COMPUTER): Status.CLAIMED}


def test_counts_for_the_report() -> None:
    log = entries(
        (ANA, "claimed", WITH_ME), (ANA, "claimed", COMPUTER), (ANA, "checked", COMPUTER), (BEN, "carried", WITH_ME)
    )
    log += entries((CARLA, "step_done", None), day="2026-11-25")
    ana, ben, carla, dev = progress(STUDENTS, log, {ANA: 2})
    assert (ana.claimed, ana.checked, ana.goals, ana.last_entry) == (1, 1, 2, "2026-11-22")
    assert (ben.carried, ben.claimed, ben.goals) == (1, 0, 0)
    assert (carla.claimed, dev.last_entry) == (0, "")


def test_unfinished_stations_of_those_present_are_carried_once() -> None:
    log = entries((ANA, "claimed", WITH_ME), (BEN, "revise", COMPUTER))
    found = carry_overs(SHEET, log, {ANA, BEN, CARLA}, NEXT)
    assert found == (
        CarryOver(BEN, PLAN, WITH_ME, 0, "teacher", NEXT),
        CarryOver(CARLA, PLAN, COMPUTER, 0, "student", NEXT),
        CarryOver(ANA, PLAN, COMPUTER, 1, "student", NEXT),
    )
    carried = log + [
        Entry(bytes([50 + number]) * 16, one.student, "carried", one.plan, one.block, at_ms=99)
        for number, one in enumerate(found)
    ]
    assert carry_overs(SHEET, carried, {ANA, BEN, CARLA}, NEXT) == ()


def test_the_owner_is_the_adult_that_the_station_names() -> None:
    blocks = (Block(WITH_ME, PLAN, adult=HELPER.hex()), *SHEET.blocks[1:])
    sheet = PlanSheet(SHEET.plan, blocks, SHEET.groups, SHEET.seats)
    assert carry_overs(sheet, [], {ANA}, None)[0] == CarryOver(ANA, PLAN, WITH_ME, 0, HELPER.hex(), None)


def said(
    number: int, student: Id, block: Id, growth: int | None, *, entry: Id | None = None, hand_up: bool = False
) -> Reflection:
    return Reflection(bytes([number]) * 16, student, entry, PLAN, block, growth, help=hand_up, at_ms=number)


def test_how_a_round_went() -> None:
    log = entries((ANA, "claimed", WITH_ME), (CARLA, "claimed", COMPUTER), (BEN, "claimed", COMPUTER))
    log.append(Entry(bytes([200]) * 16, BEN, "undone", about=log[2].id, at_ms=9))
    words = [
        said(1, ANA, WITH_ME, 2, entry=log[0].id),
        said(2, ANA, WITH_ME, 4, entry=log[0].id),
        said(3, CARLA, COMPUTER, 1, hand_up=True),
        said(4, BEN, COMPUTER, 3, entry=log[2].id),
        said(5, DEV, CHOICE, 3),
        said(6, ANA, COMPUTER, 1),
    ]
    first = round_result(SHEET, 0, log, words)
    assert first.growth == (1, 0, 0, 1)
    assert (first.logged, first.students, first.need_help) == (2, 4, (CARLA,))
    second = round_result(SHEET, 1, log, words)
    assert second.growth == (1, 0, 1, 0)
    done = groups_done(SHEET, 0, log)
    assert [(one.group, one.done, one.students) for one in done] == [(CIRCLES, 1, 2), (SQUARES, 1, 2)]


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 20), st.integers(0, 99))
def test_everyone_shows_their_work_in_turn(students: int, count: int, lessons: int, seed: int) -> None:
    people = [number.to_bytes(16, "big") for number in range(students)]
    asked: list[Id] = []
    for lesson in range(lessons):
        picked = pick_show_me(people, asked, count, seed + lesson)
        assert len(picked) == len(set(picked)) == min(count, students)
        asked += picked
    times = Counter(dict.fromkeys(people, 0) | Counter(asked))
    assert max(times.values()) - min(times.values()) <= 1


def test_another_seed_asks_someone_else() -> None:
    assert len({pick_show_me(STUDENTS, [], 1, seed) for seed in range(30)}) == len(STUDENTS)
