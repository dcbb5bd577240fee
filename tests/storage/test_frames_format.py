"""The bytes of the log are a promise: what one release writes, hashes and refuses, every later one does alike."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from blenddesk.domain.hlc import LATEST
from blenddesk.domain.ops import Kind, OpRef
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames

STREAM, ENTITY, ACTOR = b"s" * 16, b"e" * 16, b"a" * 16
STUDENT = BY_NAME["student"].number
HEADER = frames.Header(1, 7, (1_795_422_600_000 << 16) + 3, -250, 60, ACTOR, True, STUDENT, ENTITY, 1, 1, [])


def encoded(**changed: Any) -> bytes:
    return frames.encode_header(msgspec.structs.replace(HEADER, **changed))


def refused(header: bytes) -> str:
    with pytest.raises(ExchangeTrouble) as trouble:
        frames.decode_header(header)
    return trouble.value.code


def test_a_frame_s_bytes_and_hashes_are_those_of_the_first_release() -> None:
    header = encoded(over=[(STREAM, 6, b"12345678")])
    payload = frames.encode_payload({2: "fox", 1: "Ann"})
    assert header.hex() == (
        "9c0107cf01a20786bb400003d1ff063cc410" + "61" * 16 + "c302c410" + "65" * 16 + "010191"
        "93c410" + "73" * 16 + "06c4083132333435363738"
    )
    assert payload.hex() == "8201a3416e6e02a3666f78"
    assert frames.split_frame(frames.encode_frame(header, payload)) == (header, payload)
    assert frames.stream_id_of(b"genesis").hex() == "dc26bdaabbb7dac2c8dd7f4e008247b6"
    first = frames.first_hash(b"genesis")
    assert first.hex() == "cffb6d15526018c82d5721e40f2b2621644811dc14c00e56ce658c29e6d503e8"
    assert (
        frames.next_hash(STREAM, first, header, payload).hex()
        == "60c18bd8f19fe919014540992df891c475827106f2a7b103e2d5a39b1b304e3e"
    )


def test_an_erased_payload_keeps_the_chain() -> None:
    payload = frames.encode_payload({1: "Ann"})
    erased = frames.PURGED + frames.payload_digest(payload)
    assert erased[:1] == b"\xc1"
    assert frames.next_hash(STREAM, bytes(32), encoded(), erased) == frames.next_hash(
        STREAM, bytes(32), encoded(), payload
    )
    assert frames.decode_fields(HEADER, erased, Audience.CLASS) == {}


def test_a_segment_is_the_frames_one_after_the_other() -> None:
    pairs = [(encoded(seq=seq), frames.encode_payload({1: f"n{seq}"})) for seq in range(1, 4)]
    segment = frames.join_frames([frames.encode_frame(*pair) for pair in pairs])
    assert frames.split_frames(segment) == pairs
    assert segment[:5] == b"\xdd\x00\x00\x00\x03"


@pytest.mark.parametrize("segment", [b"", b"\xdd\x00\x00\x00\x01", b"\x91\x01", b"\x91\x92\xa1\xff\xa1\xff"])
def test_what_is_no_segment_is_said_to_be_none(segment: bytes) -> None:
    with pytest.raises(ExchangeTrouble) as trouble:
        frames.split_frames(segment)
    assert trouble.value.code == "frame_malformed"


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 1},
        {"seq": (1 << 48) - 1},
        {"record": 0},
        {"record": (1 << 48) - 1},
        {"hlc": 0},
        {"hlc": LATEST - 1},
        {"actor": b""},
        {"over": [(STREAM, 1, bytes(8))] * 1_024},
    ],
)
def test_the_limits_themselves_are_allowed(changed: dict[str, Any]) -> None:
    assert frames.decode_header(encoded(**changed)) == msgspec.structs.replace(HEADER, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 0},
        {"seq": 1 << 48},
        {"record": -1},
        {"record": 1 << 48},
        {"hlc": -1},
        {"hlc": LATEST},
        {"entity_id": bytes(15)},
        {"entity_id": bytes(17)},
        {"actor": bytes(1)},
        {"actor": bytes(17)},
        {"over": [(STREAM, 1, bytes(8))] * 1_025},
        {"over": [(STREAM, 0, bytes(8))]},
        {"over": [(STREAM[1:], 1, bytes(8))]},
        {"over": [(STREAM, 1, bytes(9))]},
        {"over": [(STREAM, 1, bytes(8)), (STREAM, 1, bytes(7))]},
    ],
)
def test_a_header_beyond_a_limit_is_out_of_range(changed: dict[str, Any]) -> None:
    header = encoded(**changed)
    with pytest.raises(ExchangeTrouble) as trouble:
        frames.decode_header(header)
    assert (trouble.value.code, trouble.value.data) == ("frame_out_of_range", {"seq": changed.get("seq", 7)})


def test_a_header_of_a_later_format_asks_for_an_update() -> None:
    for version in (0, 2):
        with pytest.raises(ExchangeTrouble) as trouble:
            frames.decode_header(encoded(version=version))
        assert (trouble.value.code, trouble.value.data) == ("format_newer", {"version": version})
    assert refused(b"\x01") == "frame_malformed"
    assert refused(encoded()[:-1]) == "frame_malformed"


def test_what_is_no_payload_is_said_to_be_none() -> None:
    for payload in (b"", b"\x81", b"\x90", b"\x81\x01\xa2\xff\xff"):
        with pytest.raises(ExchangeTrouble) as trouble:
            frames.decode_fields(HEADER, payload, Audience.CLASS)
        assert trouble.value.code == "frame_malformed"


def test_a_field_of_another_audience_or_shape_makes_the_op_malformed() -> None:
    family = BY_NAME["student"].field("family")
    name = BY_NAME["student"].field("name")
    assert family.audience is not name.audience
    for number, value in ((family.number, "Diallo"), (name.number, 5)):
        with pytest.raises(ExchangeTrouble) as trouble:
            frames.decode_fields(HEADER, frames.encode_payload({number: value}), name.audience)
        assert trouble.value.code == "field_malformed"
        assert trouble.value.data == {"record": STUDENT, "field": number}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("at_ms", [0, -(2**63), 2**63 - 1], [2**63, 2**64 - 1, "1"]),
        ("kind", ["", "x" * 1_024, "x" * 1_025, "x" * 65_536], ["x" * 65_537, "\N{GRINNING FACE}" * 16_385, 1]),
        ("student", [bytes(16)], [bytes(15), bytes(17), b""]),
    ],
)
def test_the_limits_of_a_field(field: str, good: list[Any], bad: list[Any]) -> None:
    entry = BY_NAME["entry"]
    header = msgspec.structs.replace(HEADER, record=entry.number)
    number = entry.field(field).number
    for value in good:
        fields = {number: value}
        assert frames.decode_fields(header, frames.encode_payload(fields), Audience.CLASS) == fields
    for value in bad:
        with pytest.raises(ExchangeTrouble) as trouble:
            frames.decode_fields(header, frames.encode_payload({number: value}), Audience.CLASS)
        assert trouble.value.code == "field_malformed"


def test_a_field_of_a_newer_program_is_left_out_and_the_known_ones_behind_it_are_read() -> None:
    payload = frames.encode_payload({9_999: ["later"], 1: "Ann"})
    swapped = msgspec.msgpack.encode({9_999: ["later"], 1: "Ann"})
    for data in (payload, swapped):
        assert frames.decode_fields(HEADER, data, Audience.CLASS) == {1: "Ann"}


def test_what_a_newer_program_means_is_not_applied() -> None:
    assert frames.is_known(HEADER)
    for changed in ({"record": 9_999}, {"kind": 4}, {"kind": 0}, {"schema": 2}):
        assert not frames.is_known(msgspec.structs.replace(HEADER, **changed))
    assert frames.is_known(msgspec.structs.replace(HEADER, schema=0))


def test_a_header_as_an_op() -> None:
    header = msgspec.structs.replace(HEADER, kind=2, over=[(STREAM, 6, b"12345678")])
    op = frames.to_op(STREAM, b"87654321", header, {1: "Ann"})
    assert op.ref == OpRef(STREAM, 7, b"87654321")
    assert (op.hlc, op.actor, op.record, op.entity_id) == (header.hlc, ACTOR, STUDENT, ENTITY)
    assert (op.kind, op.over, op.fields) == (Kind.DELETE, (OpRef(STREAM, 6, b"12345678"),), {1: "Ann"})


def test_the_wall_clock_is_a_label_beside_the_stamp() -> None:
    assert frames.wall_ms(HEADER) == 1_795_422_600_000 - 250


def test_what_fits_into_an_op() -> None:
    assert (frames.MAX_OVER, frames.MAX_FRAME_BYTES, frames.MAX_NUMBER, frames.HASH8) == (1_024, 524_288, 2**48, 8)
