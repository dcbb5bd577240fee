"""The station library through the use cases: ready-made and own stations, their names, what lessons take of them."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.plans import Block, Decides, Mode
from blenddesk.errors import Refusal
from blenddesk.services import blocks, classes, history, kiosk, people, plans, stations
from blenddesk.services.context import AppContext

STEPS = {"steps": ["Read", "Draw"], "step_pictures": ["open-book", "crayon"]}


def own(desk: AppContext) -> list[Block]:
    return [one.block for one in stations.library(desk, None) if one.own]


def planned(desk: AppContext, section: Id) -> tuple[Id, tuple[Block, ...]]:
    plan = plans.new_plan(desk, section, "station-4").plan
    return plan, plans.sheet(desk, section, plan).blocks


def test_the_library_has_24_ready_made_stations_in_the_class_s_language(desk: AppContext, section: Id) -> None:
    english = stations.library(desk, None)
    assert len(english) == 24
    assert not any(one.own for one in english)
    classes.edit_class(desk, section, language="es")
    spanish = stations.library(desk, section)
    assert [one.key for one in spanish] == [one.key for one in english]
    for ours, theirs in zip(english, spanish, strict=True):
        assert ours.block.title_in("es") == theirs.block.title
        assert theirs.block.title_in("en") == ours.block.title
        assert theirs.block.title_in("ar") not in ("", ours.block.title, theirs.block.title)
        assert len(theirs.block.steps) == len(theirs.block.step_pictures) == 3


def test_an_own_station_is_made_changed_put_away_and_brought_back(desk: AppContext, section: Id) -> None:
    made = stations.new_station(
        desk, title=" Shadow  theatre ", mode="offline", minutes=20, names={"es": "Sombras", "ar": " "}, **STEPS
    )
    block = own(desk)[0]
    assert (block.id, block.title, block.minutes, block.names) == (made.station, "Shadow theatre", 20, ("es Sombras",))
    assert (block.steps, block.step_pictures) == (("Read", "Draw"), ("open-book", "crayon"))
    stations.edit_station(desk, made.station, title="Shadows", decides_how="student", names={"ar": "ظلال"})
    block = own(desk)[0]
    assert (block.title, block.decides_how, block.names) == ("Shadows", Decides.STUDENT, ("ar ظلال",))
    stations.archive_station(desk, made.station)
    assert own(desk) == []
    assert [one.block.title for one in stations.archived(desk)] == ["Shadows"]
    with pytest.raises(Refusal, match="station_unknown"):
        blocks.library_block(desk, section, made.station.hex())
    stations.restore_station(desk, made.station)
    assert stations.archived(desk) == ()
    assert [one.title for one in own(desk)] == ["Shadows"]


def test_undo_and_redo_go_through_every_step(desk: AppContext) -> None:
    made = stations.new_station(desk, title="Shadows")
    stations.edit_station(desk, made.station, title="Light")
    stations.archive_station(desk, made.station)
    seen = []
    for _step in range(3):
        history.undo(desk)
        seen.append([one.title for one in own(desk)])
    assert seen == [["Light"], ["Shadows"], []]
    history.redo(desk)
    assert [one.title for one in own(desk)] == ["Shadows"]


def test_nothing_is_written_when_nothing_changes(desk: AppContext) -> None:
    made = stations.new_station(desk, title="Shadows", names={"es": "Sombras"})
    assert stations.edit_station(desk, made.station, title="Shadows", names={"es": "Sombras"}).is_empty
    assert stations.restore_station(desk, made.station).is_empty


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "  "}, "station_title_empty"),
        ({"title": "x" * 41}, "station_title_long"),
        ({"title": "x", "names": {"es": "x" * 41}}, "station_title_long"),
        ({"title": "x", "mode": "loud"}, "field_malformed"),
        ({"title": "x", "steps": list("abcdefg")}, "too_many_steps"),
        ({"title": "x", "weather": "sun"}, "unknown_field"),
        ({"task": "no name"}, "station_title_empty"),
    ],
)
def test_a_station_that_cannot_be_is_refused(desk: AppContext, fields: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        stations.new_station(desk, **fields)  # type: ignore[arg-type]
    assert own(desk) == []


def test_a_lesson_s_station_is_kept_for_other_classes(desk: AppContext, section: Id) -> None:
    plan, placed = planned(desk, section)
    blocks.edit_block(desk, section, placed[2].id, title="Robot maths", task="Drive it", adult="ab" * 16)
    made = stations.keep_station(desk, section, plan, placed[2].id)
    kept = own(desk)[0]
    assert (kept.id, kept.title, kept.adult, kept.copied_from) == (made.station, "Robot maths", "any", placed[2].id)
    assert desk.reads.reader.records("block", section=MINE)[0]["plan"] is None
    with pytest.raises(Refusal, match="station_unknown"):
        stations.keep_station(desk, section, plan, bytes(16))


def test_a_ready_made_station_is_copied_to_be_changed(desk: AppContext, section: Id) -> None:
    stations.copy_station(desk, section, "maths_game")
    assert [(one.title, one.skill, one.copied_from) for one in own(desk)] == [("Maths game", "Maths", None)]
    again = stations.copy_station(desk, section, own(desk)[0].id.hex())
    copied = next(one for one in own(desk) if one.id == again.station)
    assert copied.copied_from not in (None, again.station)
    with pytest.raises(Refusal, match="station_unknown"):
        stations.copy_station(desk, section, "sleeping")


@pytest.mark.parametrize("take_own", [False, True])
def test_a_lesson_takes_any_station_of_the_library(desk: AppContext, section: Id, take_own: bool) -> None:
    plan, placed = planned(desk, section)
    key = (
        stations.new_station(desk, title="Robots", devices=2, mode="online").station.hex() if take_own else "measuring"
    )
    old = placed[1]
    blocks.swap_block_from_library(desk, section, old.id, key)
    new = plans.sheet(desk, section, plan).block(old.id)
    assert new.title == ("Robots" if take_own else "Measuring")
    assert (new.mode, new.devices) == ((Mode.ONLINE, 2) if take_own else (Mode.OFFLINE, 0))
    assert all(getattr(new, name) == getattr(old, name) for name in blocks.OF_THE_LESSON)
    history.undo(desk)
    assert plans.sheet(desk, section, plan).block(old.id) == old


def test_stations_are_found_by_words_kind_and_skill(desk: AppContext) -> None:
    all_of_them = stations.library(desk, None)
    assert [one.key for one in stations.found(all_of_them, "  DICE partner ")] == ["maths_game"]
    assert {one.key for one in stations.found(all_of_them, kind="computer")} == {"computer", "listening"}
    assert [one.key for one in stations.found(all_of_them, kind="with_me")] == ["with_me"]
    assert {one.key for one in stations.found(all_of_them, skill="Science")} == {"sorting", "look_and_draw"}
    assert stations.found(all_of_them, "dice", skill="Science") == ()
    assert len(stations.found(all_of_them)) == 24


def test_a_student_reads_the_station_s_name_in_their_own_language(desk: AppContext, section: Id) -> None:
    plan, placed = planned(desk, section)
    plans.mark_ready(desk, section, plan)
    student = plans.sheet(desk, section, plan).groups[0].students[0]

    def titles() -> list[str]:
        return sorted(one.block.title for one in kiosk.my_day(desk, section, student).stations)

    english = titles()
    assert "Computer" in english
    desk.commit("student_renamed", people.person_drafts(desk, student, "student", student, language="es"))
    assert "Computadora" in titles()
    blocks.edit_block(desk, section, placed[1].id, title="Tablets")
    assert "Tablets" in titles()
    assert "Computadora" not in titles()
