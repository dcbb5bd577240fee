"""What computers tried, what waits, and lost or doubtful computers, through the use cases of the tray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from blenddesk import authority_words, bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Draft, delete, put
from blenddesk.errors import Refusal
from blenddesk.services import authority, conflicts, entries, exchange, history, plans
from blenddesk.services.context import AppContext
from blenddesk.storage.verdicts import Door
from tests.conftest import FakeClock, fill_class
from tests.sync.devices import WEAK


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def join(desk: AppContext, section: Id, name: str, folder: Path, clock: FakeClock) -> tuple[AppContext, bytes, str]:
    """A student computer that has joined, its file and its words."""
    added = exchange.add_computer(desk, section, name, folder, strength=WEAK)
    data, words = added.file.read_bytes(), " ".join(added.words)
    return open_file(data, words, folder.parent / name, clock), data, words


def open_file(data: bytes, words: str, folder: Path, clock: FakeClock) -> AppContext:
    paths = Paths(folder)
    paths.data.mkdir()
    joining.open_seat(paths, data, words, clock=clock)
    return bootstrap.open_device(paths, clock=clock)


@pytest.fixture
def blue(desk: AppContext, section: Id, stick: Path, clock: FakeClock) -> Iterator[AppContext]:
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    context, _data, _words = join(desk, section, "Blue-3", stick, clock)
    yield context
    bootstrap.close_device(context)


def log(at: AppContext, section: Id, students: int = 1, block: int = 0) -> None:
    plan = at.reads.plans.all(section)[0].id
    sheet = at.reads.plans.sheet(section, plan)
    assert sheet is not None
    for student in at.reads.people.students(section)[:students]:
        entries.add_entry(at, section, student.id, plan, sheet.blocks[block].id, growth=2, by=By.STUDENT)


def force(at: AppContext, *drafts: Draft) -> None:
    """What a program writes that somebody edited."""
    with mock.patch.object(Door, "check"):
        at.commit("x", drafts)


def bring(origin: AppContext, to: AppContext, stick: Path) -> exchange.Home:
    exchange.take_to_computers(origin, stick)
    return exchange.bring_home(to, [stick])


def test_what_a_computer_tried_is_listed_in_words_and_has_no_effect(
    desk: AppContext, section: Id, blue: AppContext, stick: Path
) -> None:
    plan = desk.reads.plans.all(section)[0]
    student = blue.reads.people.students(section)[0].id
    assert authority.refused(desk) == ()
    force(blue, put(section, "plan", plan.id, name="Holiday"))
    force(blue, put(section, "plan", plan.id, name="Holidays"))
    force(blue, delete(section, "student", student))
    force(blue, put(section, "entry", blue.new_id(), student=student, kind="mastered", by="student"))
    home = bring(blue, desk, stick)
    assert sum(one.refused_ops for one in home.packages) == 4
    assert desk.reads.plans.all(section)[0].name == plan.name
    assert len(desk.reads.people.students(section)) == 8
    tries = authority.refused(desk)
    assert {(one.computer, one.record, one.change, one.fields, one.why.value) for one in tries} == {
        ("Blue-3", "plan", "put", ("name",), "record"),
        ("Blue-3", "student", "delete", (), "record"),
        ("Blue-3", "entry", "put", ("student", "kind", "by"), "word"),
    }
    lines = authority_words.refused_lines(tries)
    assert sorted(line for line, _ops in lines) == [
        "Blue-3 tried to change a lesson. (2 times)",
        "Blue-3 tried to remove a student.",
        "Blue-3 tried to say of logged work what only a teacher says.",
    ]
    for _line, ops in lines[:1]:
        authority.dismiss(desk, ops)
    assert len(authority.refused(desk)) == len(tries) - len(lines[0][1])
    assert len(authority.refused(desk, seen=True)) == len(tries)


def test_a_lost_computer_is_retired_and_what_comes_after_waits(
    desk: AppContext, section: Id, blue: AppContext, stick: Path, clock: FakeClock
) -> None:
    log(blue, section, 2)
    bring(blue, desk, stick)
    device = blue.keys.device_id
    [one] = [one for one in authority.computers(desk) if not one.is_this]
    assert (one.name, one.role, one.standing, one.can_retire) == ("Blue-3", "station", "certified", True)
    desk.run(authority.retire, device)
    assert len(desk.reads.entries.of_section(section)) == 2, "what we have of it counts"
    clock.advance(minutes=5)
    log(blue, section, 3, block=1)
    bring(blue, desk, stick)
    assert len(desk.reads.entries.of_section(section)) == 2
    [waiting] = authority.held(desk)
    assert (waiting.computer, waiting.retired, waiting.ops, waiting.can_accept) == ("Blue-3", True, 6, True)
    assert waiting.records == (("entry", 3), ("reflection", 3))
    assert authority_words.held_sentence(waiting) == (
        "Blue-3 is retired. 6 changes that it wrote afterwards wait for you."
    )
    assert exchange.who_is_home(desk, section) == [], "nobody waits for a computer that is gone"
    desk.run(authority.accept_held, device)
    assert len(desk.reads.entries.of_section(section)) == 5
    assert authority.held(desk) == ()
    log(blue, section, 1, block=2)
    bring(blue, desk, stick)
    assert len(desk.reads.entries.of_section(section)) == 5
    [one] = [one for one in authority.computers(desk) if not one.is_this]
    assert (one.standing, one.held, one.can_retire) == ("retired", 2, False)
    desk.run(authority.reinstate, device)
    assert len(desk.reads.entries.of_section(section)) == 6
    log(blue, section, 1, block=3)
    bring(blue, desk, stick)
    assert len(desk.reads.entries.of_section(section)) == 7


def test_retiring_is_refused_in_words(desk: AppContext, section: Id, blue: AppContext, stick: Path) -> None:
    bring(blue, desk, stick)
    bring(desk, blue, stick)
    device = blue.keys.device_id

    def code(use_case: object, at: AppContext, device_id: Id) -> str:
        with pytest.raises(Refusal) as caught:
            use_case(at, device_id)  # type: ignore[operator]
        return caught.value.code

    assert code(authority.retire, desk, desk.keys.device_id) == "cannot_retire_itself"
    assert code(authority.retire, desk, b"?" * 16) == "no_such_computer"
    assert code(authority.retire, blue, desk.keys.device_id) == "not_class_owner"
    assert code(authority.reinstate, desk, device) == "not_retired"
    assert code(authority.accept_held, desk, device) == "not_retired"
    assert code(authority.confirm, desk, device) == "confirmed_already"
    authority.retire(desk, device)
    assert code(authority.retire, desk, device) == "retired_already"
    with pytest.raises(Refusal, match="undo_not_possible"):
        history.undo(desk, history.changes(desk)[0].id)


def test_which_is_the_real_one(desk: AppContext, section: Id, stick: Path, clock: FakeClock, tmp_path: Path) -> None:
    plans.mark_ready(desk, section, plans.new_plan(desk, section, "station-4", seed=1).plan)
    first, data, words = join(desk, section, "Blue-3", stick, clock)
    second = open_file(data, words, tmp_path / "second", clock)
    third = open_file(data, words, tmp_path / "third", clock)
    for one in (first, second, third):
        bring(one, desk, stick)
    [question] = authority.questions(desk)
    assert question.holder is not None
    assert question.holder.device_id == first.keys.device_id
    assert {one.device_id for one in question.waiting} == {second.keys.device_id, third.keys.device_id}
    assert {one.standing for one in question.waiting} == {"held"}
    assert authority_words.question_sentence(question) == "Which is the real Blue-3? Several computers opened its file."
    assert [authority_words.standing_word(one) for one in (question.holder, question.waiting[0])] == [
        "belongs to the class",
        "opened a file that another computer has",
    ]
    desk.run(authority.confirm, second.keys.device_id, "Blue-4")
    desk.run(authority.retire, third.keys.device_id)
    assert authority.questions(desk) == ()
    names = sorted((one.name, one.standing) for one in authority.computers(desk) if not one.is_this)
    assert names == [("Blue-3", "certified"), ("Blue-3", "retired"), ("Blue-4", "certified")]
    log(second, section)
    assert bring(second, desk, stick).new_ops == 2
    assert bring(desk, second, stick).packages[-1].status != "refused"
    for one in (first, second, third):
        bootstrap.close_device(one)


def test_everything_from_one_computer_between_two_times_is_one_change(
    desk: AppContext, section: Id, blue: AppContext, stick: Path, clock: FakeClock
) -> None:
    log(blue, section, 2)
    clock.advance(minutes=60)
    start = clock.wall_ms()
    log(blue, section, 3, block=1)
    end = clock.wall_ms()
    clock.advance(minutes=60)
    log(blue, section, 1, block=2)
    bring(blue, desk, stick)
    device = blue.keys.device_id
    assert len(desk.reads.entries.of_section(section)) == 6
    assert authority.work_between(desk, device, start, end) == 6
    change = desk.run(authority.undo_between, device, start, end)
    assert len(desk.reads.entries.of_section(section)) == 3
    assert authority.work_between(desk, device, start, end) == 0
    with pytest.raises(Refusal, match="nothing_then"):
        authority.undo_between(desk, device, start, end)
    with pytest.raises(Refusal, match="not_a_desk"):
        authority.undo_between(blue, device, start, end)
    bring(desk, blue, stick)
    assert len(blue.reads.entries.of_section(section)) == 3
    history.undo(desk, change.change_id)
    assert len(desk.reads.entries.of_section(section)) == 6


def test_a_student_computer_that_learns_it_is_retired_writes_nothing_more(
    desk: AppContext, section: Id, blue: AppContext, stick: Path
) -> None:
    bring(blue, desk, stick)
    authority.retire(desk, blue.keys.device_id)
    # Somebody sealed the news to it all the same.
    from blenddesk.sync.standings import Trust

    with mock.patch.object(Trust, "recipients", return_value=[blue.keys.age_recipient]):
        bring(desk, blue, stick)
    with pytest.raises(Refusal, match="computer_retired"):
        log(blue, section)


def test_another_teacher_joins_waits_and_teaches(
    desk: AppContext, section: Id, stick: Path, clock: FakeClock, tmp_path: Path
) -> None:
    third, _data, _words = join(desk, section, "Blue-3", stick, clock)
    added = exchange.add_computer(desk, section, "Mr Novak", stick, for_desk=True, strength=WEAK)
    other = open_file(added.file.read_bytes(), " ".join(added.words), tmp_path / "novak", clock)
    assert (other.is_desk, other.device_name) == (True, "Mr Novak")
    student = other.reads.people.students(section)[0].id
    with pytest.raises(Refusal, match="not_confirmed_yet"):
        other.commit("x", [put(section, "student", student, name="x")])
    force(other, put(section, "student", student, name="Renamed"))
    # A student computer sees it before the first desk does.
    bring(other, third, stick)
    assert "Renamed" not in {one.name for one in third.reads.people.students(section)}
    [waiting] = authority.held(third)
    assert authority_words.held_sentence(waiting) == "Mr Novak is not confirmed yet. 1 change of it waits."
    assert (waiting.retired, waiting.can_accept) == (False, False)
    assert not conflicts.computers_may_wait(desk)
    bring(other, desk, stick)
    assert "Renamed" not in {one.name for one in desk.reads.people.students(section)}
    assert conflicts.computers_may_wait(desk)
    [asked] = authority.questions(desk)
    assert authority_words.question_sentence(asked) == "Mr Novak's computer wants to join."
    [joiner] = asked.waiting
    assert (joiner.name, joiner.role, joiner.standing, asked.holder) == ("Mr Novak", "teacher", "announced", None)
    assert authority.opened_ms(desk, joiner.device_id) == clock.wall_ms()
    assert authority.waits_for_confirmation(other, section)
    assert (authority.made_here(desk, section), authority.made_here(other, section)) == (True, False)
    desk.run(authority.confirm, joiner.device_id)
    assert (authority.questions(desk), conflicts.computers_may_wait(desk)) == ((), False)
    assert {(one.name, one.role, one.standing) for one in authority.computers(desk) if not one.is_this} == {
        ("Mr Novak", "teacher", "certified")
    }
    assert "Renamed" in {one.name for one in desk.reads.people.students(section)}
    bring(desk, other, stick)
    assert not authority.waits_for_confirmation(other, section)
    assert not authority.waits_for_confirmation(third, section)
    other.commit("x", [put(section, "student", student, name="By Mr Novak")])
    bring(other, desk, stick)
    assert "By Mr Novak" in {one.name for one in desk.reads.people.students(section)}
    assert authority.questions(other) == (), "only the desk that made the class can answer"
    with pytest.raises(Refusal, match="not_class_owner"):
        authority.retire(other, desk.keys.device_id)
    for context in (other, third):
        bootstrap.close_device(context)


def test_the_file_of_a_second_class_is_opened_on_the_same_computer(
    desk: AppContext, section: Id, blue: AppContext, stick: Path, clock: FakeClock
) -> None:
    second = fill_class(desk, 3, "Daisies")
    added = exchange.add_computer(desk, second, "Lab-1", stick, strength=WEAK)
    bootstrap.close_device(blue)
    joined = joining.open_seat(blue.paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    assert {name for _id, name in joined.classes} == {"Sunflowers", "Daisies"}
    again = bootstrap.open_device(blue.paths, clock=clock)
    bring(again, desk, stick)
    [one] = [one for one in authority.computers(desk) if not one.is_this]
    assert set(one.sections) == {section, second}
    authority.retire(desk, one.device_id)
    assert [one.standing for one in authority.computers(desk) if not one.is_this] == ["retired"]
    bootstrap.close_device(again)


def test_a_childs_oops_is_no_try_of_anything_in_the_preview_either(
    desk: AppContext, section: Id, blue: AppContext, stick: Path
) -> None:
    """It takes back an entry and what was said, which lie in two streams that the desk may meet in any order."""
    for _ in range(6):
        log(blue, section)
        history.undo(blue)
    exchange.take_to_computers(blue, stick)
    preview = exchange.bring_home(desk, [stick], preview=True)
    home = exchange.bring_home(desk, [stick])
    assert [one.refused_ops for one in (*preview.packages, *home.packages)] == [0, 0]
    assert authority.refused(desk) == ()
