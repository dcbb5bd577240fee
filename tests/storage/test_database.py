"""The file itself: encrypted, write-ahead logged, synced, and refused in words when it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from blenddesk.errors import EnvironmentTrouble
from blenddesk.services.context import AppContext
from blenddesk.storage.database import Database, connect, trouble

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def pragmas(connection: object) -> tuple[object, object]:
    run = connection.execute  # type: ignore[attr-defined]
    return run("PRAGMA journal_mode").fetchone()[0], run("PRAGMA synchronous").fetchone()[0]


def test_every_writing_connection_syncs_each_commit(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    assert pragmas(connection) == ("wal", 2)
    connection.close()
    database = Database(path, KEY)
    for _again in range(3):
        with database.write() as one:
            assert one.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert one.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close()


def test_the_running_desk_writes_that_way_too(desk: AppContext) -> None:
    with desk.ledger.database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_the_file_shows_nothing_of_what_is_in_it(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE secret (name TEXT)")
    connection.execute("INSERT INTO secret VALUES ('Amina Canary')")
    connection.close()
    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert b"Canary" not in data
        assert b"SQLite format" not in data


def test_without_the_right_key_it_stays_shut(path: Path) -> None:
    connect(path, KEY, create=True).execute("CREATE TABLE a (b)").connection.close()
    with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
        connect(path, bytes(32))


def test_a_missing_file_is_not_made_by_looking(path: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="database_missing"):
        connect(path, KEY)
    assert not path.exists()


def test_a_newer_database_is_left_alone(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(EnvironmentTrouble, match="database_newer"):
        connect(path, KEY)
    assert path.read_bytes() == before


def test_a_raised_block_leaves_nothing(path: Path) -> None:
    database = Database(path, KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")

    def add_and_stumble() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO a VALUES (1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_stumble()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0
    database.close()


def test_a_second_writer_waits_and_then_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blenddesk.storage.database.BUSY_MS", 20)
    database = Database(path, KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")
    other = connect(path, KEY)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(EnvironmentTrouble, match="database_locked"), database.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    database.close()


def test_a_full_disk_is_named(path: Path) -> None:
    database = Database(path, KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")

    def write_past_the_end() -> None:
        with database.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.exec_driver_sql("INSERT INTO a VALUES (zeroblob(100000))")

    with pytest.raises(EnvironmentTrouble, match="disk_full"):
        write_past_the_end()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0
    database.close()


def test_a_folder_in_the_place_of_the_file_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(EnvironmentTrouble, match="database_not_writable"):
        connect(path, KEY, create=True)


def complaint(code: int) -> driver.OperationalError:
    """As the driver makes them: SQLite's words and its result code."""
    error = driver.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (driver.SQLITE_FULL, "disk_full"),
        (driver.SQLITE_IOERR, "disk_failing"),
        (driver.SQLITE_BUSY, "database_locked"),
        (driver.SQLITE_LOCKED, "database_locked"),
        (driver.SQLITE_PROTOCOL, "database_locked"),
        (driver.SQLITE_CANTOPEN, "database_not_writable"),
        (driver.SQLITE_READONLY, "database_not_writable"),
        (driver.SQLITE_PERM, "database_not_writable"),
        (driver.SQLITE_CORRUPT, "database_unreadable"),
        (driver.SQLITE_NOTADB, "database_unreadable"),
    ],
)
def test_each_complaint_of_the_driver_is_told_as_what_it_is(code: int, told: str, path: Path) -> None:
    assert trouble(complaint(code), path).code == told


def test_a_disk_that_fails_because_it_is_full_is_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: type("Usage", (), {"free": 4096}))
    assert trouble(complaint(driver.SQLITE_IOERR), path).code == "disk_full"


def test_a_disk_that_cannot_say_how_full_it_is_fails(tmp_path: Path) -> None:
    assert trouble(complaint(driver.SQLITE_IOERR), tmp_path / "gone" / "a.db").code == "disk_failing"


@pytest.mark.parametrize("error", [complaint(driver.SQLITE_CONSTRAINT), driver.ProgrammingError("a mistake")])
def test_a_mistake_of_ours_stays_a_mistake(error: Exception, path: Path) -> None:
    with pytest.raises(type(error)) as raised:
        trouble(error, path)
    assert raised.value is error


def test_a_damaged_page_is_damage_also_for_who_wants_to_write(path: Path) -> None:
    """After it has met one, SQLCipher calls the database read-only."""
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE a (b)")
    connection.executemany("INSERT INTO a VALUES (?)", [("x" * 1000,)] * 100)
    connection.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    database = Database(path, KEY)

    def read() -> None:
        with database.read() as reading:
            reading.exec_driver_sql("SELECT sum(length(b)) FROM a").all()

    def write() -> None:
        with database.write() as writing:
            writing.exec_driver_sql("INSERT INTO a VALUES (1)")

    for act in (read, write):
        with pytest.raises(EnvironmentTrouble, match="database_unreadable"):
            act()
    database.close()


def test_the_log_is_emptied_when_asked(path: Path) -> None:
    database = Database(path, KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 0
    database.checkpoint()
    assert log.stat().st_size == 0
    database.close()


def test_a_log_that_cannot_be_emptied_is_no_trouble(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erased student was told as not erased, because the disk failed just after."""
    database = Database(path, KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")

    def fail(*_arguments: object) -> None:
        raise complaint(driver.SQLITE_IOERR)

    with database.engine.connect() as held, held.begin():
        database.checkpoint()  # somebody reads
    monkeypatch.setattr(database.engine, "raw_connection", fail)
    database.checkpoint()
    monkeypatch.undo()
    database.close()


def test_the_driver_is_the_one_we_think(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    assert connection.execute("PRAGMA cipher_version").fetchone() is not None
    connection.close()
    assert driver.sqlite_version_info >= (3, 40)
