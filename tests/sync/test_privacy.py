"""Canaries: nothing that is for desks only, and nothing a child said, is found at a student computer or on the way."""

from __future__ import annotations

import re
from pathlib import Path

from blenddesk.storage.packed_frames import Unpacking
from tests.sync.devices import Device, make_classroom

SAID = "SaidCanary: I feel lost"


def dump(device: Device) -> bytes:
    """Everything in the device's database, decrypted, as one string of bytes: what a thief with its key would see."""
    parts: list[bytes] = []
    with device.database.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                parts += [
                    value if isinstance(value, bytes) else str(value).encode() for value in row if value is not None
                ]
        # Words in what is packed are hidden from a search, not from a thief.
        read = Unpacking(connection)
        parts += [read.frame(frame) for frame in connection.exec_driver_sql("SELECT frame FROM op").scalars()]
    return b"\n".join(parts)


def test_no_canary_at_a_student_computer_on_the_stick_or_beside_the_database(tmp_path: Path, monkeypatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    room = make_classroom(tmp_path, stations=2, students=20)
    stick = tmp_path / "stick"
    for station in room.stations:
        station.log_entry(1, SAID)
    room.desk.log_entry(2, SAID)
    for _lap in range(2):
        room.lap(stick)
    desk = dump(room.desk)
    for canary in (b"NeedCanary1", b"FamilyCanary1", b"GivenCanary1", SAID.encode()):
        assert canary in desk, "the canary must be where it belongs, or this test shows nothing"
    for station in room.stations:
        found = dump(station)
        assert b"Child 1" in found
        assert re.findall(rb"\w*Canary\w*", found) == []
        assert station.count("SELECT COUNT(*) FROM reflection_drop") == 0
        assert station.count("SELECT COUNT(*) FROM op WHERE record = 19") == 3, "carried, but not readable"
    room.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix == ".bdx"]
    for path in files:
        assert re.findall(rb"\w*Canary\w*|Child \d", path.read_bytes()) == [], path
    assert list(temporary.iterdir()) == []
