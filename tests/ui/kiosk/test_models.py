"""Every model goes the whole way: planned at the desk, carried to the student computer, worked on, and home again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QWidget

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.plans import PlanSheet
from blenddesk.domain.ports import today
from blenddesk.domain.progress import Status
from blenddesk.services import entries, exchange, kiosk, live, plans, reports
from blenddesk.services.board import board_view
from blenddesk.services.context import AppContext
from blenddesk.services.today import today_view
from tests.conftest import FakeClock
from tests.lessons import HALF_PAST_NINE, make_lesson
from tests.sync.devices import WEAK
from tests.ui.clipping import clipped
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.walk import PICTURES
from tests.ui.kiosk.world import set_code

MODELS = ["station-4", "whole-group", "flipped", "playlist"]


class Lap(NamedTuple):
    desk: AppContext
    section: Id
    clock: FakeClock
    stick: Path
    folder: Path

    def plan(self, template: str) -> PlanSheet:
        """A lesson of today, ready, that began at half past nine; no time has passed."""
        self.clock.now_ms = live.moment_ms(self.clock, today(self.clock).isoformat(), HALF_PAST_NINE)
        return plans.sheet(self.desk, self.section, make_lesson(self.desk, self.section, template, minutes=50))

    def there(self) -> AppContext:
        """The student computer after the stick was there."""
        added = exchange.add_computer(self.desk, self.section, "Blue-1", self.stick, strength=WEAK)
        paths = Paths(self.folder / "blue")
        paths.data.mkdir()
        joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=self.clock)
        return bootstrap.open_device(paths, clock=self.clock)


@pytest.fixture
def lap(desk: AppContext, section: Id, clock: FakeClock, tmp_path: Path) -> Lap:
    stick = tmp_path / "STICK"
    stick.mkdir()
    for student in desk.reads.people.students(section):
        set_code(desk, section, student.id)
    return Lap(desk, section, clock, stick, tmp_path)


@pytest.fixture
def close(clock: FakeClock) -> Iterator[Callable[[AppContext], AppContext]]:
    opened: list[AppContext] = []

    def keep(context: AppContext) -> AppContext:
        opened.append(context)
        return context

    yield keep
    for context in opened:
        bootstrap.close_device(context)


@pytest.mark.parametrize("template", MODELS)
def test_a_lesson_of_every_model_goes_there_and_its_work_comes_home(
    lap: Lap, template: str, open_kiosk: Open, close: Callable[[AppContext], AppContext]
) -> None:
    sheet = lap.plan(template)
    station = close(lap.there())
    assert station.reads.plans.sheet(lap.section, sheet.plan.id) == sheet, "nothing of the plan is lost on the way"
    lap.clock.advance(minutes=8)
    student = sheet.groups[0].students[0]
    here = kiosk.my_day(station, lap.section, student)
    assert here.round.number == 0
    assert here.now is not None
    done = here.stations[here.now].block
    driver = open_kiosk(context=station)
    driver.tap(driver.tile(student), *PICTURES, "did_it", "growth_3", "finish")
    exchange.take_to_computers(station, lap.stick)
    assert not exchange.bring_home(lap.desk, [lap.stick]).refused
    claimed = [
        one.block for one in lap.desk.reads.entries.of_student(lap.section, student) if one.kind == EntryKind.CLAIMED
    ]
    assert claimed == [done.id]
    work = {one.student: dict(one.work) for one in reports.lesson_report(lap.desk, lap.section, sheet.plan.id)}
    assert work[student][done] is Status.CLAIMED
    assert {block.id for block in work[student]} == {block.id for block in sheet.blocks_of_student(student)}


def in_round(state: LessonState) -> bool:
    return state.phase is Phase.ROUND


@pytest.mark.parametrize("template", MODELS)
def test_a_lesson_of_every_model_runs_on_today_and_the_board(lap: Lap, template: str) -> None:
    sheet = lap.plan(template)
    assert plans.can_be_used(plans.checks(lap.desk, lap.section, sheet.plan.id))
    live.start_lesson(lap.desk, lap.section, sheet.plan.id)
    student = sheet.groups[0].students[0]
    for round_ in range(len(sheet.plan.rounds)):
        while (state := live.lesson(lap.desk, lap.section, sheet.plan.id)).round != round_ or not in_round(state):
            live.next_round(lap.desk, lap.section, sheet.plan.id)
        view = board_view(lap.desk, lap.section, sheet.plan.id)
        places = view.places(round_)
        assert sum(len(place.names) for place in places) == 8, "everybody is somewhere"
        assert {group.id for group, _block in view.moves(round_)} == {group.id for group in sheet.groups}
    day = kiosk.my_day(lap.desk, lap.section, student, live=True)
    assert day.now is not None
    entries.mark_work(
        lap.desk, lap.section, sheet.plan.id, day.stations[day.now].block.id, [student], EntryKind.CHECKED
    )
    shown = today_view(lap.desk, lap.section)
    assert shown is not None
    assert sum(row.done for row in shown.rows) == 1, "what was done in this round is counted"
    live.finish(lap.desk, lap.section, sheet.plan.id)
    left = [one for one in lap.desk.reads.entries.of_plan(lap.section, sheet.plan.id) if one.kind == EntryKind.CARRIED]
    own_time = {block.id for block in sheet.own_time()}
    assert all(not sheet.is_list(sheet.block(one.block)) for one in left if one.block)
    carried_items = {one.block for one in left} & own_time
    assert bool(carried_items) == (template == "playlist"), "nobody is told to make up for what they had at home"


def test_a_list_is_worked_on_in_ones_own_order_within_its_gates(lap: Lap, open_kiosk: Open) -> None:
    sheet = lap.plan("playlist")
    lap.clock.advance(minutes=8)
    student = next(one for group in sheet.groups for one in group.students if one not in sheet.groups[0].students)
    driver = open_kiosk(of=lap.section)
    driver.tap(driver.tile(student), *PICTURES)
    day = kiosk.my_day(lap.desk, lap.section, student)
    titles = [one.block.title for one in day.stations]
    assert titles == [
        "Watch or read",
        "Practise it",
        "Show I can do it",
        "Computer time",
        "Make something",
        "Help a friend",
        "Talk with me",
    ]
    assert [one.waits_for for one in day.stations] == ["", "", "Practise it", "", "", "", ""]
    assert day.now == 0
    assert not driver.has("tick_3"), "a check that waits cannot be ticked"
    driver.tap("station_3")
    assert not driver.find("did_it").isEnabled()
    driver.tap("station_2", "did_it", "growth_4", "finish")
    day = kiosk.my_day(lap.desk, lap.section, student)
    assert [one.waits_for for one in day.stations] == [""] * 7
    entries.mark_work(lap.desk, lap.section, sheet.plan.id, day.stations[0].block.id, [student], EntryKind.CHECKED)
    assert kiosk.my_day(lap.desk, lap.section, student).now == 2


def test_what_the_teacher_has_to_sign_stays_shut_until_then(lap: Lap) -> None:
    from blenddesk.services import blocks

    sheet = lap.plan("playlist")
    by_title = {block.title: block for block in sheet.blocks}
    check, game = by_title["Show I can do it"], by_title["Computer time"]
    blocks.edit_block(lap.desk, lap.section, game.id, after=[check.id])
    student = sheet.groups[0].students[0]

    def waits() -> str:
        day = kiosk.my_day(lap.desk, lap.section, student)
        return next(one.waits_for for one in day.stations if one.block.id == game.id)

    assert waits() == "Show I can do it"
    kiosk.finish_visit(lap.desk, lap.section, student, [kiosk.Finished(sheet.plan.id, check.id)])
    assert waits() == "Show I can do it", "a mastery check is not done by saying so"
    entries.mark_work(lap.desk, lap.section, sheet.plan.id, check.id, [student], EntryKind.MASTERED)
    assert waits() == ""


def test_before_class_there_are_questions_and_i_watched_it(lap: Lap, open_kiosk: Open) -> None:
    sheet = lap.plan("flipped")
    lap.clock.advance(minutes=-60)
    student = sheet.groups[2].students[0]
    driver = open_kiosk(of=lap.section)
    driver.tap(driver.tile(student), *PICTURES)
    shown = {getattr(one, "text", str)() for one in driver.window.findChildren(QWidget) if hasattr(one, "text")}
    assert {"Before class", "I watched it", *sheet.blocks[0].questions} <= shown
    driver.tap("did_it", "growth_3", "finish")
    day = kiosk.my_day(lap.desk, lap.section, student)
    assert [one.done for one in day.stations[:2]] == [True, False]
    lap.clock.advance(minutes=68)
    now = kiosk.my_day(lap.desk, lap.section, student)
    assert now.now is not None
    assert now.stations[now.now].block.title == "Practise"


@pytest.mark.parametrize("template", ["whole-group", "flipped", "playlist"])
@pytest.mark.parametrize(("size", "scale"), [((1366, 768), 1.0), ((1280, 680), 1.0), ((1280, 680), 1.3)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_clipped(
    lap: Lap, open_kiosk: Open, template: str, size: tuple[int, int], scale: float, language: str
) -> None:
    from blenddesk.services import classes

    classes.edit_class(lap.desk, lap.section, language=language)
    sheet = lap.plan(template)
    student = sheet.groups[-1].students[0]
    driver = open_kiosk(of=lap.section, size=size, scale=scale, language=language)
    driver.tap(driver.tile(student), *PICTURES)
    found = list(clipped(driver.window))
    for place in (2, 3):
        if driver.has(f"station_{place}"):
            driver.tap(f"station_{place}")
            found += clipped(driver.window)
    assert driver.window.size().toTuple() == size
    assert not found, "\n".join(map(str, found))
