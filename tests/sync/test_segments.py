"""Segments: cut where they never move again, and nothing about one is believed before it was checked."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from sqlalchemy.engine import Connection

from blenddesk.domain.ops import put
from blenddesk.domain.registry import Audience
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.streams import Stream, load_streams
from blenddesk.sync import segments
from blenddesk.sync.manifest import Segment
from tests.sync.devices import Device, HandClock


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path / "desk", "Ms Okoro", "desk", 1, HandClock())
    made.found_mine()
    made.make_class(1)
    yield made
    made.close()


def entries(device: Device, count: int) -> None:
    drafts = [put(device.section, "entry", device.randomness.token(16), by="student") for _ in range(count)]
    device.ledger.commit("many", drafts)


def class_stream(device: Device, connection: Connection) -> Stream:
    found = load_streams(connection).by_id.values()
    return next(s for s in found if s.scope == (device.section, Audience.CLASS))


def packed(device: Device, index: int = 3) -> tuple[Stream, list[segments.Packed]]:
    with device.database.read() as connection:
        stream = class_stream(device, connection)
        return stream, list(segments.pack_stream(connection, index, stream))


def code_of(work: Any) -> tuple[str, dict[str, object]]:
    with pytest.raises((ExchangeTrouble, EnvironmentTrouble)) as caught:
        work()
    return caught.value.code, dict(caught.value.data)


def test_a_stream_comes_out_as_it_was_written(device: Device) -> None:
    entries(device, 3)
    stream, (one,) = packed(device)
    entry = one.entry
    assert (entry.stream, entry.lo, entry.hi, entry.ops) == (3, 1, stream.seq, stream.seq)
    assert (entry.prev, entry.head) == (frames.first_hash(stream.genesis), stream.hash)
    assert entry.digest == blake2b(one.data, digest_size=32).digest()
    assert (entry.z_len, entry.raw_len) == (len(one.data), len(zstandard.decompress(one.data)))
    ops = segments.unpack(stream.stream_id, entry, one.data)
    assert [op.header.seq for op in ops] == list(range(1, stream.seq + 1))
    assert ops[-1].chain_hash == stream.hash
    assert [op.previous for op in ops[1:]] == [op.chain_hash for op in ops[:-1]]
    assert ops[0].previous == entry.prev
    assert entry.path == blake2b(b"".join(op.chain_hash[:8] for op in ops), digest_size=16).digest()
    with device.database.read() as connection:
        assert segments.holds_exactly(connection, stream, entry)
        for changed in ({"path": bytes(16)}, {"hi": entry.hi + 1}, {"lo": 2}):
            assert not segments.holds_exactly(connection, stream, msgspec.structs.replace(entry, **changed))


def test_a_finished_segment_stays_as_it_is_however_the_stream_grows(device: Device) -> None:
    entries(device, 2_048 - packed(device)[0].seq)
    _stream, (full,) = packed(device)
    assert full.entry.hi == 2_048
    assert full.entry.signature
    entries(device, 1)
    stream, (first, second) = packed(device)
    assert first.data == full.data
    assert first.entry == msgspec.structs.replace(full.entry, signature=b"")
    assert (second.entry.lo, second.entry.hi, second.entry.prev) == (2_049, 2_049, first.entry.head)
    assert second.entry.signature
    assert segments.unpack(stream.stream_id, second.entry, second.data)[0].header.seq == 2_049


def test_a_segment_is_never_larger_than_a_reader_takes(device: Device) -> None:
    for number in range(5):
        steps = [f"{number}{'s' * 60_000}"] * 5
        device.ledger.commit("plan", [put(device.section, "block", bytes([number]) * 16, title="x", steps=steps)])
    _stream, parts = packed(device)
    assert [part.entry.raw_len <= 1 << 20 for part in parts] == [True, True]
    assert parts[0].entry.raw_len + 300_000 > 1 << 20, "as full as it can be"
    assert parts[1].entry.lo == parts[0].entry.hi + 1


@pytest.mark.parametrize("room", [0, 1])
def test_the_largest_segment_is_full_to_the_byte(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_SEGMENT_BYTES", 5 + 30 - 1 + room)
    run = segments._OpenRun(0, 0, bytes(32))
    for seq in (1, 2, 3):
        run.add(seq, b"f" * 10, bytes([seq]) * 32)
    run.close(b"s" * 64)
    assert [(part.entry.lo, part.entry.hi) for part in run.segments] == ([(1, 3)] if room else [(1, 2), (3, 3)])
    assert [part.entry.raw_len for part in run.segments] == ([35] if room else [25, 15])


def test_what_is_not_what_its_line_says_is_refused(device: Device) -> None:
    entries(device, 3)
    stream, (one,) = packed(device)
    entry, data = one.entry, one.data

    def unpacked(data: bytes = data, **changed: Any) -> tuple[str, dict[str, object]]:
        return code_of(lambda: segments.unpack(stream.stream_id, msgspec.structs.replace(entry, **changed), data))

    assert unpacked(hi=entry.hi + 1) == ("segment_size_wrong", {})
    assert unpacked(raw_len=entry.raw_len + 1) == ("segment_size_wrong", {})
    assert unpacked(lo=2, hi=entry.hi + 1) == ("chain_broken", {"seq": 2})
    assert unpacked(prev=bytes(32)) == ("chain_broken", {"seq": entry.hi})
    assert unpacked(head=bytes(32)) == ("chain_broken", {"seq": entry.hi})
    assert unpacked(path=bytes(16)) == ("chain_broken", {"seq": entry.hi})
    assert unpacked(b"no frame at all") == ("segment_damaged", {})
    assert unpacked(data[:-1]) == ("segment_damaged", {})
    assert unpacked(data + b"x") == ("segment_damaged", {})
    raw = zstandard.decompress(data)
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(raw)
    assert unpacked(silent) == ("segment_size_wrong", {})
    for bad in (data[:-1], data + b"x", data[:-1] + bytes([data[-1] ^ 1])):
        assert code_of(lambda bad=bad: segments.check_digest(entry, bad)) == ("segment_damaged", {})
    longer = msgspec.structs.replace(entry, z_len=entry.z_len + 1)
    assert code_of(lambda: segments.check_digest(longer, data)) == ("segment_damaged", {})
    segments.check_digest(entry, data)


def test_a_frame_that_needs_a_dictionary_or_a_wide_window_is_refused() -> None:
    raw = bytes(range(256)) * 4
    dictionary = zstandard.train_dictionary(1_024, [bytes([n % 251, n % 7, n % 13]) * 40 for n in range(600)])
    with_dictionary = zstandard.ZstdCompressor(dict_data=dictionary).compress(raw)
    assert zstandard.get_frame_parameters(with_dictionary).dict_id != 0
    entry = Segment(0, 1, 1, bytes(32), bytes(32), b"", len(raw), 1, bytes(32), bytes(16))
    assert code_of(lambda: segments.unpack(bytes(16), entry, with_dictionary)) == ("segment_size_wrong", {})
    large = bytes(1 << 21)
    parameters = zstandard.ZstdCompressionParameters(window_log=21, write_content_size=True)
    wide = zstandard.ZstdCompressor(compression_params=parameters).compress(large)
    lying = msgspec.structs.replace(entry, raw_len=len(large))
    assert zstandard.get_frame_parameters(wide).window_size > 1 << 20
    assert code_of(lambda: segments.unpack(bytes(16), lying, wide)) == ("segment_size_wrong", {})


def test_damage_in_the_log_is_found_before_anybody_gets_it(device: Device) -> None:
    entries(device, 3)
    stream, _parts = packed(device)

    def damage(sql: str) -> tuple[str, dict[str, object]]:
        device.database.close()
        with device.database.write() as connection:
            kept = connection.exec_driver_sql("SELECT * FROM op WHERE sid = ?", (stream.sid,)).all()
            heads = connection.exec_driver_sql("SELECT * FROM signed_head").all()
            connection.exec_driver_sql(sql, (stream.sid,))
        found = code_of(lambda: packed(device))
        with device.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM op WHERE sid = ?", (stream.sid,))
            places = ", ".join("?" * len(kept[0]))
            for row in kept:
                connection.exec_driver_sql(f"INSERT INTO op VALUES ({places})", tuple(row))
            connection.exec_driver_sql("DELETE FROM signed_head")
            for row in heads:
                connection.exec_driver_sql("INSERT INTO signed_head VALUES (?, ?, ?, ?)", tuple(row))
        return found

    where = {"stream": stream.stream_id.hex(), "seq": stream.seq}
    last = f"sid = ? AND seq = {stream.seq}"
    assert damage(f"UPDATE op SET hash8 = x'0000000000000000' WHERE {last}") == ("log_damaged", where)
    assert damage(f"UPDATE op SET frame = x'93010203' WHERE {last}") == ("log_damaged", where)
    assert damage(f"UPDATE op SET frame = x'92c40101' WHERE {last}") == ("log_damaged", where)
    assert damage("DELETE FROM signed_head WHERE ? > 0") == ("log_damaged", where)
    assert len(packed(device)[1]) == 1
