"""Opening a device that another version of the program had before: all made anew, counted, or left as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services.context import AppContext
from blenddesk.storage import appended, digest, projection
from tests.benchmarks.school import school_year

OTHER_VERSION = b"\x00\x00\x00\x00"


def look(paths: Paths, question: Callable[[AppContext], object]) -> object:
    context = bootstrap.open_device(paths)
    try:
        return question(context)
    finally:
        bootstrap.close_device(context)


def digests(context: AppContext) -> list[str]:
    with context.ledger.database.read() as connection:
        classes = [digest.class_digest(connection, section) for section in digest.sections(connection)]
        return [*classes, digest.desk_digest(connection)]


def leave_as_other_version(paths: Paths) -> None:
    """Another fingerprint, and tables that no longer say what the log says."""

    def spoil(context: AppContext) -> None:
        with context.ledger.database.write() as connection:
            connection.exec_driver_sql("UPDATE student SET name = 'of the other version'")
            connection.exec_driver_sql("UPDATE local SET value = ? WHERE name = 'projections'", (OTHER_VERSION,))

    look(paths, spoil)


def names(paths: Paths) -> set[str]:
    """What the tables say now, read without opening the device, which would bring them up to date."""
    reader = bootstrap.Reader(paths.database, bootstrap.read_key(paths.key))
    try:
        return {name for (name,) in reader.rows("SELECT name FROM student")}
    finally:
        reader.close()


def is_out_of_date(paths: Paths) -> bool:
    try:
        context = bootstrap.open_device(paths, as_it_is=True)
    except bootstrap.OutOfDate:
        return True
    bootstrap.close_device(context)
    return False


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A small year: two classes of six, five days, 120 entries; counted every ten."""
    monkeypatch.setattr(appended, "BATCH", 10)
    monkeypatch.setattr(projection, "CHUNK", 10)
    school_year(tmp_path / "desk", classes_=2, students=6, days=5, entries_per_day=2)
    return Paths(tmp_path / "desk")


def test_the_same_version_has_nothing_to_make_anew(school: Paths) -> None:
    assert not is_out_of_date(school)


def test_another_version_s_tables_are_made_anew_and_counted(school: Paths) -> None:
    before = look(school, digests)
    leave_as_other_version(school)
    assert is_out_of_date(school)
    seen: list[tuple[int, int]] = []
    bootstrap.bring_up_to_date(school, lambda done, total: seen.append((done, total)))
    assert not is_out_of_date(school)
    assert look(school, digests) == before
    total = look(school, lambda context: context.reads.reader.rows("SELECT count(*) FROM op")[0][0])
    counts = [done for done, _total in seen]
    assert {of for _done, of in seen} == {total}
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, total)
    assert len(set(counts)) > 10


@pytest.mark.parametrize("stop_at", [0, 60, 150])
def test_stopping_leaves_everything_as_it_was(school: Paths, stop_at: int) -> None:
    before = look(school, digests)
    leave_as_other_version(school)

    def stop(done: int, _total: int) -> None:
        if done >= stop_at:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        bootstrap.bring_up_to_date(school, stop)
    assert names(school) == {"of the other version"}
    assert is_out_of_date(school)
    assert look(school, digests) == before, "the next time nothing stops it"


def test_opening_a_device_brings_it_up_to_date_by_itself(school: Paths) -> None:
    leave_as_other_version(school)
    seen: list[int] = []
    context = bootstrap.open_device(school, progress=lambda done, _total: seen.append(done))
    bootstrap.close_device(context)
    assert seen
    assert "of the other version" not in names(school)
