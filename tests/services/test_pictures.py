"""Pictures of work: sealed where a student shows one, on the student's page at the desk, hidden with undo, erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from blenddesk import bootstrap, joining, restoring
from blenddesk.config import Paths
from blenddesk.domain.evidence import MAX_PICTURE_BYTES, MAX_SIDE, MOST_CAPTION
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services import backups, erasing, exchange, history, kiosk, pictures
from blenddesk.services.backups import PicturesLeft
from blenddesk.services.context import AppContext
from blenddesk.services.pictures import Away, OnTheWay, Picture
from blenddesk.storage.blobs import Blobs, beside
from blenddesk.storage.ledger import Ledger
from blenddesk.sync.wordlock import Strength
from tests.conftest import FakeClock
from tests.ui.kiosk.world import plan_lesson

WEAK = Strength(passes=1, memory_bytes=8_192)
PICTURE = Picture(b"\xff\xd8\xff" + b"PictureCanary" * 40, 400, 300)


@pytest.fixture
def amina(desk: AppContext, section: Id) -> Id:
    return desk.reads.people.students(section)[0].id


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def station(desk: AppContext, section: Id, stick: Path, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1, of the class and with its lesson."""
    plan_lesson(desk, section)
    added = exchange.add_computer(desk, section, "Blue-1", stick, strength=WEAK)
    paths = Paths(tmp_path / "blue-1")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    yield context
    bootstrap.close_device(context)


def show_work(station: AppContext, section: Id, student: Id) -> None:
    plan = station.reads.plans.all(section)[0].id
    sheet = station.reads.plans.sheet(section, plan)
    assert sheet is not None
    done = [kiosk.Finished(plan, sheet.blocks[0].id, 0, 3)]
    kiosk.finish_visit(station, section, student, done, picture=PICTURE)


def test_a_student_shows_work_and_it_comes_home(
    desk: AppContext, section: Id, station: AppContext, stick: Path, amina: Id
) -> None:
    show_work(station, section, amina)
    assert pictures.pictures_of(station, section, amina) == [], "it is sealed where it was taken"
    assert pictures.on_the_way(station) == OnTheWay(1, 0)
    taken = exchange.take_to_computers(station, stick)
    assert (taken.pictures, taken.pictures_waiting) == (1, 0)
    volume = next(stick.glob("*.bdv"))
    data = volume.read_bytes()
    volume.unlink()
    home = desk.run(exchange.bring_home, [stick])
    assert home.pictures == 0
    [shown] = pictures.pictures_of(desk, section, amina)
    assert (shown.is_here, shown.computer) == (False, "Blue-1")
    assert pictures.picture_data(desk, section, shown.evidence) is None
    assert pictures.on_the_way(desk) == OnTheWay(0, 1)
    volume.write_bytes(data)
    assert desk.run(exchange.bring_home, [stick], preview=True).volumes == ()
    assert desk.run(exchange.bring_home, [stick]).pictures == 1
    [shown] = pictures.pictures_of(desk, section, amina)
    assert (shown.is_here, shown.computer) == (True, "")
    assert pictures.picture_data(desk, section, shown.evidence) == PICTURE.data
    assert (shown.evidence.size, shown.evidence.width, shown.evidence.height) == (len(PICTURE.data), 400, 300)
    assert shown.evidence.block is not None
    assert shown.evidence.entry is not None


def test_no_canary_at_the_computer_where_it_was_taken(
    desk: AppContext, section: Id, station: AppContext, amina: Id
) -> None:
    show_work(station, section, amina)
    bootstrap.close_device(station)
    for path in (path for path in station.paths.data.rglob("*") if path.is_file()):
        assert b"PictureCanary" not in path.read_bytes(), path


def test_a_visit_that_is_not_saved_leaves_no_picture(
    desk: AppContext, section: Id, station: AppContext, amina: Id
) -> None:
    with (
        mock.patch.object(Ledger, "commit", side_effect=EnvironmentTrouble("disk_full", path="")),
        pytest.raises(EnvironmentTrouble),
    ):
        show_work(station, section, amina)
    assert beside(station.paths.database).names(section) == []
    with (
        mock.patch.object(Blobs, "add", side_effect=EnvironmentTrouble("disk_full", path="")),
        pytest.raises(EnvironmentTrouble, match="disk_full"),
    ):
        show_work(station, section, amina)
    assert not station.reads.entries.of_student(section, amina), "all of it or nothing"
    show_work(station, section, amina)
    assert len(beside(station.paths.database).names(section)) == 1


def test_oops_takes_the_picture_back_with_the_visit(desk: AppContext, section: Id, amina: Id) -> None:
    plan_lesson(desk, section)
    plan = desk.reads.plans.all(section)[0].id
    sheet = desk.reads.plans.sheet(section, plan)
    assert sheet is not None
    done = [kiosk.Finished(plan, sheet.blocks[0].id, 0, 3)]
    change = kiosk.finish_visit(desk, section, amina, done, picture=PICTURE)
    assert len(pictures.pictures_of(desk, section, amina)) == 1
    kiosk.take_back(desk, change)
    assert pictures.pictures_of(desk, section, amina) == []


def test_the_teachers_own_with_words_and_hidden_with_undo(desk: AppContext, section: Id, amina: Id) -> None:
    pictures.add_picture(desk, section, amina, PICTURE)
    [shown] = pictures.pictures_of(desk, section, amina)
    pictures.set_caption(desk, section, shown.evidence.id, "  counts   in threes ")
    assert pictures.pictures_of(desk, section, amina)[0].evidence.caption == "counts in threes"
    assert pictures.set_caption(desk, section, shown.evidence.id, "counts in threes").is_empty
    change = pictures.hide(desk, section, shown.evidence.id)
    assert pictures.pictures_of(desk, section, amina) == []
    assert len(pictures.pictures_of(desk, section, amina, hidden=True)) == 1
    history.undo(desk, change.change_id)
    [again] = pictures.pictures_of(desk, section, amina)
    assert again.evidence.caption == "counts in threes"


def test_what_is_refused(desk: AppContext, section: Id, station: AppContext, amina: Id) -> None:
    with pytest.raises(Refusal, match="not_a_desk"):
        pictures.add_picture(station, section, amina, PICTURE)
    with pytest.raises(Refusal, match="not_a_desk"):
        pictures.hide(station, section, bytes(16))
    with pytest.raises(Refusal, match="not_in_class"):
        pictures.add_picture(desk, section, bytes(16), PICTURE)
    for wrong, code in (
        (Picture(b"GIF89a", 3, 3), "not_a_picture"),
        (PICTURE._replace(width=0), "not_a_picture"),
        (PICTURE._replace(height=MAX_SIDE + 1), "picture_too_large"),
        (PICTURE._replace(data=PICTURE.data.ljust(MAX_PICTURE_BYTES + 1)), "picture_too_large"),
    ):
        with pytest.raises(Refusal, match=code):
            pictures.add_picture(desk, section, amina, wrong)
    with pytest.raises(Refusal, match="no_such_picture"):
        pictures.set_caption(desk, section, bytes(16), "x")
    with pytest.raises(Refusal, match="caption_too_long"):
        pictures.set_caption(desk, section, bytes(16), "x" * (MOST_CAPTION + 1))


def test_a_damaged_picture_is_asked_for_again(desk: AppContext, section: Id, amina: Id) -> None:
    pictures.add_picture(desk, section, amina, PICTURE)
    [shown] = pictures.pictures_of(desk, section, amina)
    beside(desk.paths.database).path(section, shown.evidence.blob).write_bytes(b"bit rot")
    assert pictures.picture_data(desk, section, shown.evidence) is None
    assert pictures.on_the_way(desk).to_come == 1


def test_an_erased_students_pictures_go(desk: AppContext, section: Id, amina: Id) -> None:
    other = desk.reads.people.students(section)[1].id
    pictures.add_picture(desk, section, amina, PICTURE)
    pictures.add_picture(desk, section, other, PICTURE)
    pictures.set_caption(desk, section, desk.reads.evidence.of_student(section, amina)[0].id, "CaptionCanary")
    erasing.erase_student(desk, amina)
    assert pictures.pictures_of(desk, section, amina, hidden=True) == []
    [kept] = pictures.pictures_of(desk, section, other)
    assert beside(desk.paths.database).names(section) == [kept.evidence.blob]


def test_a_backup_and_what_lies_beside_it_bring_pictures_back(
    desk: AppContext, section: Id, amina: Id, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    pictures.add_picture(desk, section, amina, PICTURE)
    backups.choose_second_place(desk, second)
    made = backups.back_up(desk)
    assert (made.second, made.pictures_left) == ("written", 0)
    saved = backups.save_backup(desk, tmp_path, strength=WEAK)
    assert saved.pictures_left == 0
    key = desk.reads.reader.key
    new = Paths(tmp_path / "new" / "data", tmp_path / "new" / "state")
    restoring.restore(new, second / made.file.name, key=key)
    again = bootstrap.open_device(new)
    [shown] = pictures.pictures_of(again, section, amina)
    assert pictures.picture_data(again, section, shown.evidence) == PICTURE.data
    bootstrap.close_device(again)


def test_a_second_place_without_room_for_pictures_still_has_the_backup(
    desk: AppContext, section: Id, amina: Id, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "pictures").write_text("in the way")
    pictures.add_picture(desk, section, amina, PICTURE)
    backups.choose_second_place(desk, second)
    made = backups.back_up(desk)
    assert (made.second, made.pictures_left) == ("written", 1)
    assert backups.pictures_left(desk) == PicturesLeft(no_room=1)


def test_a_copy_says_which_pictures_it_is_without(
    desk: AppContext, section: Id, amina: Id, station: AppContext, stick: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    backups.choose_second_place(desk, second)
    show_work(station, section, amina)
    exchange.take_to_computers(station, stick)
    for volume in stick.glob("*.bdv"):
        volume.unlink()
    exchange.bring_home(desk, [stick])
    assert pictures.away(desk) == Away(1, ("Blue-1",))
    assert backups.back_up(desk).pictures_left == 1
    assert backups.pictures_left(desk) == PicturesLeft(1, ("Blue-1",))
    exchange.take_to_computers(desk, stick)
    exchange.bring_home(station, [stick])
    exchange.take_to_computers(station, stick)
    exchange.bring_home(desk, [stick])
    assert pictures.away(desk) == Away()
    assert backups.back_up(desk).pictures_left == 0
    assert backups.pictures_left(desk) == PicturesLeft()


def test_a_damaged_file_with_pictures_is_told_of(
    desk: AppContext, section: Id, amina: Id, station: AppContext, stick: Path
) -> None:
    show_work(station, section, amina)
    exchange.take_to_computers(station, stick)
    [volume] = stick.glob("*.bdv")
    volume.write_bytes(volume.read_bytes()[:-40])
    home = exchange.bring_home(desk, [stick])
    assert [(one.file, one.reason) for one in home.volumes] == [(volume, "seal_damaged")]
    assert exchange.bring_home(desk, [stick], preview=True).volumes == (), "a look does not open files with pictures"


def test_only_the_students_page_and_what_carries_pictures_read_them() -> None:
    """Neither the board on the projector, nor a print such as the substitute's pack, nor the student's window."""
    root = Path(pictures.__file__).parent.parent
    readers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("reads.evidence", "pictures.pictures_of(", "picture_data("))
    }
    assert readers == {
        "services/pictures.py",
        "storage/reads/__init__.py",
        "ui/desk/child_evidence.py",
    }
