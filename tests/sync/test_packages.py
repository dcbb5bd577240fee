"""The package format: padding, holes in a log, whole runs under one signature, and what a newer program writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from blenddesk.domain.ops import put
from blenddesk.errors import Refusal
from blenddesk.storage import frames
from blenddesk.sync import envelope, manifest
from tests.sync.devices import Classroom, make_classroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = make_classroom(tmp_path)
    (tmp_path / "stick").mkdir()
    yield made
    made.close()


def test_sizes_fall_into_few_buckets_at_most_an_eighth_larger() -> None:
    sizes = range(1, 400_000, 37)
    padded = [envelope.padded_size(size) for size in sizes]
    assert padded == sorted(padded)
    assert all(size <= bucket <= max(16_384, size * 1.125 + 1) for size, bucket in zip(sizes, padded, strict=True))
    assert len(set(padded)) < 50
    assert all(envelope.padded_size(bucket) == bucket for bucket in padded)


def test_one_more_entry_does_not_show_in_the_size(room: Classroom, tmp_path: Path) -> None:
    (before,) = room.stations[0].write(tmp_path / "stick").files
    room.stations[0].log_entry(0, "a short remark")
    (after,) = room.stations[0].write(tmp_path / "stick").files
    keys = room.stations[0].keys
    # What age adds around it varies by itself: it puts meaningless lines of random length into its header.
    sizes = {len(envelope.unseal(file.read_bytes(), [keys.age])) for file in (before, after)}
    assert sizes == {envelope.SMALLEST_BUCKET}


def test_what_would_not_fit_into_a_package_is_not_written(room: Classroom, tmp_path: Path) -> None:
    before = room.desk.everything()
    steps = ["s" * 60_000] * 20
    with pytest.raises(Refusal) as caught:
        room.desk.ledger.commit("plan", [put(room.desk.section, "block", b"b" * 16, title="x", steps=steps)])
    assert caught.value.code == "record_too_large"
    assert room.desk.everything() == before
    room.desk.ledger.commit("plan", [put(room.desk.section, "block", b"b" * 16, steps=steps[:8])])
    assert room.stations[0].read(*room.desk.write(tmp_path / "stick").files[:1])[0].status == "applied"


def test_a_log_with_a_hole_is_applied_passed_on_and_filled_later(room: Classroom, tmp_path: Path) -> None:
    """No op waits for one before it: the one before may have died with its computer."""
    station, other = room.stations
    stick = tmp_path / "stick"
    ids = [station.randomness.token(16) for _ in range(2_500)]
    station.ledger.commit("many", [put(station.section, "entry", id_, by="student") for id_ in ids])
    (file,) = station.write(stick).files
    listed, _signer, start = manifest.unwrap(plain := envelope.unseal(file.read_bytes(), [station.keys.age]))
    at = next(n for n, entry in enumerate(listed.segments) if entry.hi == 2_048)
    cut = start + sum(entry.z_len for entry in listed.segments[:at])
    body = plain[start:cut] + plain[cut + listed.segments[at].z_len :]
    holed = msgspec.structs.replace(listed, segments=[s for n, s in enumerate(listed.segments) if n != at])
    head = manifest.wrap(holed, station.keys.signing_public, station.keys.sign)
    file.write_bytes(envelope.seal(head + body, listed.recipients))
    assert room.desk.read(file)[0].status == "applied"
    assert room.desk.ids_of("entry") == set(ids[2_048:])
    relayed = room.desk.write(stick).files[0]
    assert other.read(relayed)[0].status == "applied"
    assert other.ids_of("entry") == set(ids[2_048:])
    whole = station.write(stick).files
    for device in (room.desk, other):
        device.read(*whole)
        device.read(room.desk.write(stick).files[0])
    assert room.desk.ids_of("entry") == other.ids_of("entry") == set(ids)
    assert room.desk.digest() == other.digest()


def test_what_a_newer_program_writes_is_kept_and_passed_on(
    room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, other = room.stations
    stick = tmp_path / "stick"
    real = frames.encode_header

    def of_tomorrow(header: frames.Header) -> bytes:
        return real(msgspec.structs.replace(header, record=4_000))

    with monkeypatch.context() as patch:
        patch.setattr(frames, "encode_header", of_tomorrow)
        station.log_entry(0)
    room.desk.read(*station.write(stick).files)
    relayed = room.desk.write(stick).files[0]
    (result,) = other.read(relayed)
    assert result.records["unknown"] == 1
    for device in (room.desk, other):
        assert device.count("SELECT COUNT(*) FROM op WHERE record = 4000 AND status = 1") == 1
