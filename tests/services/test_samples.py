"""Pretend classes: what is in them, and that a seed gives the same again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.domain.live import Phase
from blenddesk.domain.ports import today
from blenddesk.domain.registry import Audience
from blenddesk.errors import Refusal
from blenddesk.services import classes, live, plans, reports, sample_years, samples
from blenddesk.services.context import AppContext
from tests.conftest import FakeClock, FakeRandomness


def test_the_sample_class_is_in_the_middle_of_a_lesson(desk: AppContext, clock: FakeClock) -> None:
    seen: list[tuple[int, int]] = []
    made = samples.make_sample(desk, lambda done, total: seen.append((done, total)))
    [(section, name)] = made.classes
    students = desk.reads.people.students(section)
    assert (name, len(students), made.students) == ("Sunflowers", 32, 32)
    assert len({student.avatar for student in students}) == 32
    plan = plans.plan_for_day(desk, section, today(clock).isoformat())
    assert plan is not None
    state = live.lesson(desk, section, plan.id)
    assert (state.phase, state.round) == (Phase.ROUND, 0)
    [started] = live.lesson_log(desk, section, plan.id).events
    assert clock.wall_ms() - started.at_ms == 7 * 60_000
    goals = desk.reads.goals.of_section(section)
    assert 20 <= len(goals) <= 32
    assert all(len(steps) == 3 for steps in desk.reads.goals.steps(section).values())
    assert len(desk.reads.people.profiles(section)) > 15
    assert len(desk.reads.plans.all(section)) == 16
    assert all(line.progress.claimed for line in reports.progress_report(desk, section))
    assert len(desk.reads.entries.of_section(section)) == made.entries + sum(
        entry.kind == "step_done" for entry in desk.reads.entries.of_section(section)
    )
    assert seen[0][0] < seen[-1][0] == seen[-1][1]


def test_a_second_sample_class_is_refused(desk: AppContext) -> None:
    classes.create_class(desk, "Sunflowers")
    with pytest.raises(Refusal, match="class_exists"):
        samples.make_sample(desk)


def shape(context: AppContext, section: Id) -> object:
    """What was written, without ids."""
    names = {student.id: (student.given, student.family) for student in context.reads.people.students(section)}
    entries = context.reads.entries.of_section(section)
    return sorted(names.values()), sorted((names[e.student], e.day, e.at_ms, e.kind, e.round, e.by) for e in entries)


def test_a_year_is_exact_and_the_same_for_a_seed(tmp_path: Path, clock: FakeClock) -> None:
    found = []
    for number, seed in enumerate((5, 5, 6)):
        paths = Paths(tmp_path / str(number))
        context = bootstrap.create_device(paths, role="desk", name="T", clock=clock, randomness=FakeRandomness(number))
        classes.found_desk(context, "T")
        made = sample_years.make_year(context, classes=2, students=9, days=12, entries_per_day=5, seed=seed)
        assert made.entries == 2 * 9 * 12 * 5
        by_day = [entry.day for entry in context.reads.entries.of_section(made.classes[0][0])]
        assert {by_day.count(day) for day in set(by_day)} == {9 * 5}
        assert len(set(by_day)) == 12
        assert all(date.fromisoformat(day).weekday() < 5 and day < today(clock).isoformat() for day in by_day)
        found.append([shape(context, section) for section, _name in made.classes])
        bootstrap.close_device(context)
    assert found[0] == found[1] != found[2]


def test_the_root_of_a_pretend_class_is_not_guessable(tmp_path: Path, clock: FakeClock) -> None:
    roots = []
    for number in range(2):
        context = bootstrap.create_device(
            Paths(tmp_path / str(number)), role="desk", name="T", clock=clock, randomness=FakeRandomness(number)
        )
        classes.found_desk(context, "T")
        made = sample_years.make_year(context, classes=1, students=2, days=1, entries_per_day=1, seed=1)
        rows = context.reads.reader.records("certificate", Audience.TRUST, section=made.classes[0][0])
        roots.append(rows[0]["signature"])
        bootstrap.close_device(context)
    assert roots[0] != roots[1]


@pytest.mark.parametrize("wrong", [{"classes": 0}, {"students": 61}, {"days": 0}, {"entries_per_day": -1}])
def test_a_year_has_limits(desk: AppContext, wrong: dict[str, int]) -> None:
    sizes = {"classes": 1, "students": 2, "days": 1, "entries_per_day": 1} | wrong
    with pytest.raises(Refusal, match="sample_out_of_range"):
        sample_years.make_year(desk, **sizes)
