"""How a stream begins: its bytes, its limits, and which of many streams is this device's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.engine import Connection

from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames, streams
from blenddesk.storage.projection import Scope
from blenddesk.storage.streams import Genesis, Stream, StreamTable
from tests.sync.devices import Device, HandClock

DEVICE, EPOCH, SECTION = b"d" * 16, b"e" * 16, b"S" * 16
GENESIS = Genesis(1, DEVICE, EPOCH, SECTION, Audience.CLASS, "1.0", b"c" * 16)
SCOPE = Scope(SECTION, Audience.CLASS)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    device = Device(tmp_path / "desk", "Ms Okoro", "desk", 1, HandClock())
    with device.database.write() as opened:
        yield opened
    device.close()


def stream(sid: int, **changed: Any) -> Stream:
    fields = {
        "sid": sid,
        "stream_id": bytes([sid]) * 16,
        "device_id": DEVICE,
        "epoch": EPOCH,
        "scope": SCOPE,
        "genesis": b"",
        "seq": 1,
        "hash": b"",
        "hlc": 0,
        "have": 0,
    }
    return Stream(**{**fields, **changed})  # type: ignore[arg-type]


def table(*found: Stream) -> StreamTable:
    return StreamTable({one.sid: one for one in found}, {one.stream_id: one for one in found})


def test_the_bytes_of_a_beginning_are_those_of_the_first_release() -> None:
    ids = b"".join(b"\xc4\x10" + part for part in (DEVICE, EPOCH, SECTION))
    data = b"\x97\x01" + ids + bytes([Audience.CLASS]) + b"\xa31.0\xc4\x10" + b"c" * 16
    assert streams.encode_genesis(GENESIS) == data
    assert streams.decode_genesis(data) == GENESIS


@pytest.mark.parametrize("changed", [{"continues": b""}, {"app_version": "x" * 40}, {"app_version": ""}])
def test_the_limits_themselves_are_allowed(changed: dict[str, Any]) -> None:
    genesis = msgspec.structs.replace(GENESIS, **changed)
    assert streams.decode_genesis(streams.encode_genesis(genesis)) == genesis


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 0},
        {"version": 2},
        {"device_id": bytes(15)},
        {"epoch": bytes(17)},
        {"section": b""},
        {"continues": bytes(1)},
        {"continues": bytes(15)},
        {"continues": bytes(17)},
        {"audience": 99},
        {"audience": -1},
        {"app_version": "x" * 41},
    ],
)
def test_what_no_program_writes_is_malformed(changed: dict[str, Any]) -> None:
    data = streams.encode_genesis(msgspec.structs.replace(GENESIS, **changed))
    with pytest.raises(ExchangeTrouble) as caught:
        streams.decode_genesis(data)
    assert caught.value.code == "genesis_malformed"


@pytest.mark.parametrize("data", [b"", b"\x90", b"\xc1", streams.encode_genesis(GENESIS).replace(b"1.0", b"\xff\xfe.")])
def test_nonsense_is_malformed_too(data: bytes) -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        streams.decode_genesis(data)
    assert caught.value.code == "genesis_malformed"


def test_a_stream_is_opened_once_and_read_back_as_it_was_left(connection: Connection) -> None:
    known = streams.load_streams(connection)
    data = streams.encode_genesis(GENESIS)
    opened = streams.open_stream(connection, known, data)
    assert (opened.stream_id, opened.device_id, opened.epoch) == (frames.stream_id_of(data), DEVICE, EPOCH)
    assert (opened.scope, opened.genesis, opened.hash) == (SCOPE, data, frames.first_hash(data))
    assert (opened.seq, opened.hlc, opened.have) == (0, 0, 0)
    assert streams.open_stream(connection, known, data) is opened
    assert known.by_sid[opened.sid] is known.by_id[opened.stream_id] is opened
    opened.seq, opened.hash, opened.hlc, opened.have = 7, b"h" * 32, 99, 5
    other = streams.open_stream(
        connection, known, streams.encode_genesis(msgspec.structs.replace(GENESIS, epoch=SECTION))
    )
    streams.save_position(connection, opened)
    read = streams.load_streams(connection)
    assert read.by_id[opened.stream_id] == read.by_sid[opened.sid] == opened
    assert read.by_sid[other.sid] == other
    assert isinstance(read.by_sid[opened.sid].scope.audience, Audience)
    assert read.names()[opened.sid] == (opened.stream_id, SCOPE)


def test_our_own_stream_is_of_this_device_this_life_and_this_scope() -> None:
    ours = stream(5)
    others = [
        stream(1, device_id=b"x" * 16),
        stream(2, epoch=b"x" * 16),
        stream(3, scope=Scope(b"T" * 16, Audience.CLASS)),
        stream(4, scope=Scope(SECTION, Audience.TRUST)),
    ]
    assert table(*others, ours).own(DEVICE, EPOCH, SCOPE) is ours
    assert table(ours, *others).own(DEVICE, EPOCH, SCOPE) is ours
    assert table(*others).own(DEVICE, EPOCH, SCOPE) is None


def test_a_new_life_continues_what_was_written_last_here() -> None:
    found = [
        stream(1, seq=9),
        stream(4, seq=1, epoch=b"f" * 16),
        stream(5, seq=0, epoch=b"g" * 16),
        stream(6, device_id=b"x" * 16),
        stream(7, scope=Scope(SECTION, Audience.TRUST)),
    ]
    assert table(*found).newest_of_device(DEVICE, SCOPE) == bytes([4]) * 16
    assert table(*reversed(found)).newest_of_device(DEVICE, SCOPE) == bytes([4]) * 16
    assert table(*found[2:]).newest_of_device(DEVICE, SCOPE) == b""


def test_the_newest_stamp_of_all_and_of_all_others() -> None:
    found = table(stream(1, hlc=30), stream(2, hlc=20, device_id=b"x" * 16), stream(3, hlc=10, device_id=b"y" * 16))
    assert found.newest_hlc() == 30
    assert found.newest_hlc(not_of=DEVICE) == 20
    assert table().newest_hlc() == 0
