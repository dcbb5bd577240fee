"""Pictures travel: sealed where they are taken, home on a stick within a budget, never lost and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from blenddesk.domain.ops import OpRef, put
from blenddesk.domain.registry import BY_NAME
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.storage.blobs import Blobs, beside
from blenddesk.storage.erasing import Written, written_of
from blenddesk.storage.streams import load_streams
from blenddesk.sync import picture_seal, picture_words, volume_carrier, volumes
from blenddesk.sync.erasures import blob_erasure_drafts, blobs_of, erased_blobs
from blenddesk.sync.keys import class_root, class_root_public
from blenddesk.sync.sticks import RealDisk
from blenddesk.sync.volume_carrier import Carried, VolumeResult
from tests.sync.devices import Classroom, Device, add_desk, make_classroom
from tests.sync.test_erasing import erase as erase_student
from tests.sync.test_privacy import dump


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    found = make_classroom(tmp_path)
    for name in ("stick", "other"):
        (tmp_path / name).mkdir()
    yield found
    found.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def picture(number: int, size: int = 2_000) -> bytes:
    return f"PictureCanary{number:03d}".encode().ljust(size, b".")


def take(device: Device, number: int, size: int = 2_000, *, record: str = "evidence") -> bytes:
    """A picture on a device: the blob first, then the op that names it. Returns the blob's name."""
    sealed = picture_seal.seal(device.section, picture(number, size), device.randomness)
    beside(device.database.path).add(device.section, sealed.data)
    device.clock.now_ms += 1_000
    device.ledger.commit(
        "picture_added",
        [
            put(
                device.section,
                record,
                device.randomness.token(16),
                student=device.student(number % 3),
                blob=sealed.name,
                key=sealed.key,
                device=device.device_id,
            )
        ],
    )
    return sealed.name


def carry(device: Device, stick: Path, budget: int = volume_carrier.USUAL_BUDGET) -> Carried:
    device.write(stick)
    return volume_carrier.write_volumes(device.ledger, device.keys, stick, budget=budget)


def bring(device: Device, stick: Path) -> list[VolumeResult]:
    for result in device.read(stick):
        assert result.status in ("applied", "nothing_new", "set_aside"), result
    return volume_carrier.read_volumes(device.ledger, device.keys, [stick])


def blobs(device: Device) -> Blobs:
    return beside(device.database.path)


def here(device: Device) -> set[bytes]:
    return set(blobs(device).names(device.section))


def opened(desk: Device, record: str = "evidence_drop") -> list[bytes]:
    """Every picture that a desk can show."""
    found = []
    with desk.database.read() as connection:
        rows = connection.exec_driver_sql(f"SELECT blob, key FROM {record}").all()
    for name, key in rows:
        data = blobs(desk).read(desk.section, name)
        if data is not None:
            found.append(picture_seal.unseal(desk.section, data, key)[:16])
    return sorted(found)


def volumes_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.bdv"))


def lap(room: Classroom, stick: Path) -> None:
    for device in (room.desk, *room.stations, room.desk):
        bring(device, stick)
        carry(device, stick)


def test_a_picture_comes_home_and_its_volume_goes(room: Classroom, stick: Path) -> None:
    desk, (blue, other) = room.desk, room.stations
    name = take(blue, 1)
    lap(room, stick)
    assert opened(desk) == [b"PictureCanary001"]
    assert here(blue) == {name}, "never deleted because it has arrived"
    assert here(other) == set(), "another student computer keeps nothing of it"
    assert volume_carrier.on_the_way(blue.ledger, blue.section).to_send == 1, "it has not heard yet"
    bring(blue, stick)
    assert volume_carrier.on_the_way(blue.ledger, blue.section) == (0, 0)
    assert carry(blue, stick).files == ()
    assert len(volumes_in(stick)) == 1, "the desk's word is left"


def test_before_the_volume_comes_the_desk_knows_what_it_misses(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    blue.write(stick)
    assert bring(desk, stick) == []
    assert volume_carrier.on_the_way(desk.ledger, desk.section) == (0, 1)
    carry(blue, stick)
    (result,) = bring(desk, stick)
    assert (result.status, result.taken, result.sender) == ("taken", 1, "Blue-1")
    assert volume_carrier.on_the_way(desk.ledger, desk.section) == (0, 0)


def test_in_any_order_and_any_number_of_times(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    take(blue, 2)
    carry(blue, stick)
    first = volume_carrier.read_volumes(desk.ledger, desk.keys, [stick])
    assert [one.status for one in first] == ["nothing_new"], "no op speaks of it yet"
    assert here(desk) == set()
    for _time in range(3):
        bring(desk, stick)
    assert opened(desk) == [b"PictureCanary001", b"PictureCanary002"]
    assert [one.status for one in bring(desk, stick)] == ["nothing_new"]


def test_a_picture_is_not_written_twice_and_small_files_become_one(room: Classroom, stick: Path) -> None:
    blue = room.stations[0]
    take(blue, 1)
    first = carry(blue, stick)
    assert (len(first.files), first.pictures, first.waiting) == (1, 1, 0)
    assert carry(blue, stick).files == ()
    take(blue, 2)
    second = carry(blue, stick)
    assert (len(second.files), second.pictures) == (1, 1)
    assert volumes_in(stick) == list(second.files), "the older one's picture is in the newer"
    bring(room.desk, stick)
    assert opened(room.desk) == [b"PictureCanary001", b"PictureCanary002"]


def test_large_volumes_stay_beside_the_new(room: Classroom, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_carrier, "WRITTEN_BYTES", 40_000)
    blue = room.stations[0]
    for number in range(5):
        take(blue, number, 15_000)
    assert len(carry(blue, stick).files) == 3
    take(blue, 7, 15_000)
    carry(blue, stick)
    bring(room.desk, stick)
    assert len(opened(room.desk)) == 6
    before = volumes_in(stick)
    bring(blue, stick)
    assert carry(blue, stick) == Carried()
    assert volumes_in(stick) == before


def test_the_budget_holds_and_the_rest_comes_later(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    for number in range(6):
        take(blue, number, 30_000)
    carried = carry(blue, stick, budget=150_000)
    assert 0 < carried.pictures < 6
    assert carried.waiting == 6 - carried.pictures
    assert sum(path.stat().st_size for path in volumes_in(stick)) <= 150_000
    for _lap in range(4):
        bring(desk, stick)
        carry(desk, stick)
        bring(blue, stick)
        carry(blue, stick, budget=150_000)
        assert sum(path.stat().st_size for path in volumes_in(stick)) <= 150_000 + 17_000
    bring(desk, stick)
    assert len(opened(desk)) == 6


def test_what_a_desk_asks_for_goes_first(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    names = [take(blue, number, 30_000) for number in range(4)]
    blue.write(stick)
    bring(desk, stick)
    old = names[0]
    with blue.database.write() as connection:
        picture_words.hear(connection, blue.section, desk.device_id, volumes.Label(b"e" * 16, 1), [], [old])
    carry(blue, stick, budget=60_000)
    bring(desk, stick)
    assert here(desk) == {old}


def test_a_picture_that_the_desk_lost_is_sent_again(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    name = take(blue, 1)
    lap(room, stick)
    lap(room, stick)
    assert volume_carrier.on_the_way(blue.ledger, blue.section).to_send == 0
    blobs(desk).path(desk.section, name).write_bytes(b"bit rot")
    blobs(desk).set_aside(desk.section, name)
    lap(room, stick)
    assert opened(desk) == [b"PictureCanary001"]


def test_a_damaged_blob_of_ours_is_set_aside_and_does_not_stop_the_others(room: Classroom, stick: Path) -> None:
    blue = room.stations[0]
    bad, good = take(blue, 1), take(blue, 2)
    blobs(blue).path(blue.section, bad).write_bytes(b"bit rot")
    assert carry(blue, stick).pictures == 1
    bring(room.desk, stick)
    assert here(room.desk) == {good}
    assert here(blue) == {good}


def test_a_volume_that_rotted_on_the_stick_is_written_anew(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    (file,) = carry(blue, stick).files
    data = bytearray(file.read_bytes())
    data[-40] ^= 1
    file.write_bytes(data)
    assert [one.status for one in bring(desk, stick) if one.file == file] == ["set_aside"]
    carry(desk, stick)
    bring(blue, stick)
    assert carry(blue, stick).files, "the desk has spoken and misses it: the file was looked at"
    bring(desk, stick)
    assert opened(desk) == [b"PictureCanary001"]


def test_two_desks_give_each_other_what_the_other_misses(room: Classroom, stick: Path, tmp_path: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    novak = add_desk(desk, tmp_path)
    take(blue, 1)
    take(desk, 2, record="evidence_private")
    for device in (blue, desk):
        carry(device, stick)
    bring(desk, stick)
    for path in volumes_in(stick):
        path.unlink()
    carry(desk, stick)
    bring(novak, stick)
    assert opened(novak, "evidence_private_desk") == [b"PictureCanary002"]
    assert len(here(novak)) >= 1
    carry(novak, stick)
    bring(desk, stick)
    assert volume_carrier.on_the_way(desk.ledger, desk.section).to_send == 0 or here(novak) < here(desk)
    novak.close()


def test_no_other_desk_no_volume_of_pictures(room: Classroom, stick: Path) -> None:
    desk = room.desk
    assert carry(desk, stick) == Carried(), "nothing to say of a class without pictures"
    take(desk, 1, record="evidence_private")
    carried = carry(desk, stick)
    assert (len(carried.files), carried.pictures, carried.waiting) == (1, 0, 0)
    assert carry(desk, stick).files == (), "said once"
    take(desk, 2, record="evidence_private")
    carry(desk, stick)
    assert len(volumes_in(stick)) == 1, "the older word went"


def test_an_older_word_changes_nothing_and_a_restored_desk_is_heard(room: Classroom) -> None:
    blue, desk = room.stations[0], room.desk
    first, second = b"1" * 16, b"2" * 16
    held = take(blue, 1)

    def hear(epoch: bytes, number: int, *names: bytes) -> bool:
        with blue.database.write() as connection:
            label = volumes.Label(epoch, number)
            return picture_words.hear(connection, blue.section, desk.device_id, label, names, [])

    assert hear(first, 2, held)
    assert not hear(first, 2)
    assert not hear(first, 1)
    assert volume_carrier.on_the_way(blue.ledger, blue.section).to_send == 0
    assert hear(second, 1)
    assert not hear(first, 9, held)
    assert volume_carrier.on_the_way(blue.ledger, blue.section).to_send == 1


def erase(desk: Device, *names: bytes) -> None:
    with desk.database.read() as connection:
        root = class_root(connection, desk.section)
    assert root is not None
    desk.ledger.commit("student_erased", blob_erasure_drafts(desk.section, names, root, desk.randomness))


def test_an_erased_picture_goes_everywhere_and_from_every_volume(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    gone, kept = take(blue, 0), take(blue, 1)
    (old,) = carry(blue, stick).files
    bring(desk, stick)
    assert here(desk) == {gone, kept}
    erase(desk, gone)
    volume_carrier.settle_erased(desk.ledger)
    assert here(desk) == {kept}
    assert bring(desk, stick)[0].taken == 0, "a volume on an old stick does not bring it back"
    assert here(desk) == {kept}
    desk.write(stick)
    bring(blue, stick)
    assert here(blue) == {kept}
    carry(blue, stick)
    assert not old.exists()
    data = [
        volumes.open_volume(path.read_bytes(), [blue.keys.age], lambda _section: root_of(blue))
        for path in volumes_in(stick)
    ]
    assert {name for volume in data for name in volume.blobs} == {kept}
    with blue.database.read() as connection:
        assert erased_blobs(connection, blue.section) == {gone}
        assert erased_blobs(connection, b"no such class...") == frozenset()


def root_of(device: Device) -> bytes | None:
    with device.database.read() as connection:
        return class_root_public(connection, device.section)


def test_nobody_but_the_class_root_erases_a_picture(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    name = take(blue, 1)
    blue.write_whatever(*blob_erasure_drafts(blue.section, [name], SigningKey.generate(), blue.randomness))
    lap(room, stick)
    assert here(blue) == {name}
    assert opened(desk) == [b"PictureCanary001"]


def test_no_room_on_the_stick_is_said_and_nothing_is_lost(
    room: Classroom, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blue = room.stations[0]
    take(blue, 1)
    before = sorted(stick.iterdir())
    monkeypatch.setattr(RealDisk, "free_bytes", lambda _self, _folder: 1_000)
    carried = volume_carrier.write_volumes(blue.ledger, blue.keys, stick)
    assert (carried.trouble, carried.pictures, carried.waiting) == ("stick_full", 0, 1)
    assert sorted(stick.iterdir()) == before
    monkeypatch.undo()
    assert volume_carrier.write_volumes(blue.ledger, blue.keys, stick).pictures == 1


def test_a_stick_that_is_gone_is_said(room: Classroom, tmp_path: Path) -> None:
    blue = room.stations[0]
    take(blue, 1)
    carried = volume_carrier.write_volumes(blue.ledger, blue.keys, tmp_path / "nowhere")
    assert (carried.trouble, carried.waiting) == ("stick_gone", 1)


def test_trouble_of_our_own_disk_is_not_the_sticks(
    room: Classroom, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blue = room.stations[0]
    take(blue, 1)

    def fail(*_args: object) -> None:
        raise EnvironmentTrouble("folder_not_writable", path="x", detail="y")

    monkeypatch.setattr(Blobs, "read", fail)
    with pytest.raises(EnvironmentTrouble, match="folder_not_writable"):
        volume_carrier.write_volumes(blue.ledger, blue.keys, stick)


def test_stopping_is_possible_between_two_files(room: Classroom, stick: Path) -> None:
    blue = room.stations[0]
    take(blue, 1)
    with pytest.raises(Refusal, match="cancelled"):
        volume_carrier.write_volumes(blue.ledger, blue.keys, stick, cancelled=lambda: True)
    carry(blue, stick)
    with pytest.raises(Refusal, match="cancelled"):
        volume_carrier.read_volumes(room.desk.ledger, room.desk.keys, [stick], cancelled=lambda: True)


def test_which_files_are_volumes(tmp_path: Path) -> None:
    stick = tmp_path
    for name in ("a.bdv", "B.BDV", ".hidden.bdv", "c.bdx", "d.bdv.tmp"):
        (stick / name).write_bytes(b"x")
    (stick / "folder.bdv").mkdir()
    assert [path.name for path in volume_carrier.volumes_at([stick, stick / "a.bdv", stick / "c.bdx"])] == [
        "B.BDV",
        "a.bdv",
    ]


def test_no_canary_of_a_picture_is_found_anywhere_but_in_the_desks_hands(
    room: Classroom, stick: Path, tmp_path: Path
) -> None:
    """Neither the picture nor its key: not at the computer where it was taken, not at others, not on the stick."""
    desk, blue = room.desk, room.stations[0]
    take(blue, 1)
    take(desk, 2, record="evidence_private")
    desk.ledger.commit(
        "picture_caption",
        [
            put(
                desk.section,
                "evidence_note",
                desk.randomness.token(16),
                student=desk.student(1),
                caption="CaptionCanary",
            )
        ],
    )
    lap(room, stick)
    lap(room, stick)
    with desk.database.read() as connection:
        keys = list(connection.exec_driver_sql("SELECT key FROM evidence_drop").scalars())
        keys += connection.exec_driver_sql("SELECT key FROM evidence_private_desk").scalars()
    assert len(keys) == 2
    assert b"CaptionCanary" in dump(desk)
    for station in room.stations:
        found = dump(station)
        assert not any(canary in found for canary in (b"CaptionCanary", b"PictureCanary", *keys))
        assert station.count("SELECT COUNT(*) FROM evidence_drop") == 0
        assert station.count("SELECT COUNT(*) FROM op WHERE record IN (35, 36)") == 0
    room.close()
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert not any(canary in data for canary in (b"Canary", *keys)), path


def test_a_picture_of_an_erased_student_that_comes_in_late_goes_as_well(room: Classroom, stick: Path) -> None:
    desk, blue = room.desk, room.stations[0]
    gone, kept = take(blue, 0), take(blue, 1)
    erase_student(desk, 0)
    carry(blue, stick)
    bring(desk, stick)
    assert here(desk) == {kept}
    with desk.database.read() as connection:
        assert erased_blobs(connection, desk.section) == {gone}
    desk.write(stick)
    bring(blue, stick)
    assert here(blue) == {kept}


def test_which_pictures_an_erasure_takes(room: Classroom, stick: Path) -> None:
    """What a desk can open of the student's ops; a name of the wrong length names nothing."""
    desk, blue = room.desk, room.stations[0]
    first = take(blue, 0)
    second = take(desk, 0, record="evidence_private")
    take(desk, 1, record="evidence_private")
    broken = put(
        desk.section, "evidence_private", desk.randomness.token(16), student=desk.student(0), blob=b"short", key=b"k"
    )
    desk.ledger.commit("x", [broken])
    carry(blue, stick)
    bring(desk, stick)
    found = {}
    for device in (desk, blue):
        with device.database.read() as connection:
            streams = load_streams(connection)
            written = written_of(connection, streams, device.keys, device.section, device.student(0))
            found[device.name] = blobs_of(connection, streams, device.keys, [*written, *every_evidence(device)])
    assert found[desk.name] >= {first, second}
    assert found[blue.name] == frozenset(), "it cannot look into what it sealed"


def every_evidence(device: Device) -> list[Written]:
    record = BY_NAME["evidence"].number
    with device.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT stream_id, op.seq, hash8 FROM op JOIN stream USING (sid) WHERE record = ?", (record,)
        ).all()
    return [Written(OpRef(*row), record) for row in rows]
