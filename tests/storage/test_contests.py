"""What waits for a person and what is in the bin, as tables: kept with every commit, the same when made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.domain.ops import delete, put, restore
from blenddesk.storage import digest
from tests.sync.devices import Classroom, add_desk, make_classroom


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path, stations=0)
    made.stations.append(add_desk(made.desk, tmp_path))
    made.lap(tmp_path / "stick")
    yield made
    made.close()


def rows(device: object, table: str) -> list[tuple[object, ...]]:
    with device.database.read() as connection:  # type: ignore[attr-defined]
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]


def test_two_names_that_did_not_see_each_other_wait_on_both_computers_until_one_decides(
    classroom: Classroom, tmp_path: Path
) -> None:
    desk, [other] = classroom.desk, classroom.stations
    desk.rename(0, "Anna")
    other.rename(0, "Anne")
    classroom.lap(tmp_path / "stick")
    [one] = rows(desk, "conflict")
    assert rows(other, "conflict") == [one]
    assert (one[3], one[4], one[7]) == (desk.student(0), 1, "contested")
    assert digest.rebuild(desk.ledger)
    assert rows(desk, "conflict") == [one]
    desk.ledger.commit("decided", [put(desk.section, "student", desk.student(0), name="Anna")._replace(settles=True)])
    assert rows(desk, "conflict") == []
    classroom.lap(tmp_path / "stick")
    assert rows(other, "conflict") == []
    assert desk.digest() == other.digest()


def test_an_edit_that_had_not_seen_the_deletion_wins_and_waits(classroom: Classroom, tmp_path: Path) -> None:
    desk, [other] = classroom.desk, classroom.stations
    desk.ledger.commit("gone", [delete(desk.section, "student", desk.student(0))])
    assert [row[3] for row in rows(desk, "bin")] == [desk.student(0)] * 2  # what the class sees, and what desks see
    other.rename(0, "Anne")
    classroom.lap(tmp_path / "stick")
    assert [(row[4], row[7]) for row in rows(desk, "conflict")] == [(0, "edited_meanwhile")]
    assert rows(desk, "conflict") == rows(other, "conflict")
    # What only desks see was edited by nobody: there the deletion holds until the teacher answers.
    assert len(rows(desk, "bin")) == 1
    desk.ledger.commit("back", [restore(desk.section, "student", desk.student(0))])
    assert rows(desk, "conflict") == rows(desk, "bin") == []
    assert digest.rebuild(desk.ledger)
    assert rows(desk, "conflict") == rows(desk, "bin") == []


def test_what_is_made_anew_after_its_deletion_asks_nothing(classroom: Classroom) -> None:
    desk = classroom.desk
    desk.ledger.commit("gone", [delete(desk.section, "student", desk.student(0))])
    desk.rename(0, "Ann")
    assert rows(desk, "conflict") == []


def test_a_query_for_a_record_uses_its_index_also_after_an_update_brought_new_records(classroom: Classroom) -> None:
    from blenddesk.storage import setup
    from blenddesk.storage.columns import FOLDED_CLAUSE

    desk = classroom.desk
    with desk.database.write() as connection:
        connection.exec_driver_sql("DROP INDEX op_entity")
        connection.exec_driver_sql("CREATE INDEX op_entity ON op (entity_id) WHERE record IN (1, 2)")
        connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('projections', x'00')")
    assert setup.refresh_projections(desk.database, desk.keys)
    with desk.database.read() as connection:
        # A connection that stood by looks at the new tables with its next statement, and not for a plan.
        connection.exec_driver_sql("SELECT count(*) FROM op")
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT frame FROM op WHERE {FOLDED_CLAUSE} AND entity_id = ?", (desk.section,)
        ).all()
    assert "op_entity" in str(plan)
