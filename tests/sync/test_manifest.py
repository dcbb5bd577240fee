"""The list of contents of a package: each limit, from both sides, and the bytes it is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from nacl.signing import SigningKey

from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage.frames import stream_id_of
from blenddesk.storage.ledger import head_message
from blenddesk.storage.streams import Genesis, encode_genesis
from blenddesk.sync import manifest as manifests
from blenddesk.sync.manifest import Manifest, PackageKind, Segment
from blenddesk.sync.statements import Certificate

SECTION, DEVICE = b"S" * 16, b"d" * 16
KEY = SigningKey(b"k" * 32)
PUBLIC = bytes(KEY.verify_key)


def genesis(audience: Audience, section: bytes = SECTION, epoch: bytes = b"e" * 16) -> bytes:
    return encode_genesis(Genesis(1, DEVICE, epoch, section, audience, "1.0", b""))


def segment(stream: int, lo: int, hi: int, **changed: Any) -> Segment:
    made = Segment(stream, lo, hi, b"p" * 32, b"h" * 32, b"s" * 64, 100, 50, b"D" * 32, b"P" * 16)
    return msgspec.structs.replace(made, **changed)


CERTIFICATE = Certificate(SECTION, DEVICE, "Blue-3", "station", PUBLIC, b"z" * 32, "age1", b"")
WHOLE = Manifest(
    1,
    SECTION,
    ["age1"],
    DEVICE,
    CERTIFICATE,
    None,
    3,
    b"x" * 16,
    1_795_422_600_000,
    "1.0",
    [genesis(Audience.TRUST), genesis(Audience.CLASS)],
    [
        segment(0, 1, 4),
        segment(1, 1, 5, head=b"m" * 32, signature=b""),
        segment(1, 6, 9, prev=b"m" * 32, head=b"n" * 32),
        segment(1, 20, 20),
    ],
)


def changed(**fields: Any) -> Manifest:
    return msgspec.structs.replace(WHOLE, **fields)


def with_segment(at: int, **fields: Any) -> Manifest:
    segments = list(WHOLE.segments)
    segments[at] = msgspec.structs.replace(segments[at], **fields)
    return changed(segments=segments)


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(ExchangeTrouble) as caught:
        work()
    return caught.value.code


def test_a_sound_manifest_and_its_runs() -> None:
    contents = manifests.check(WHOLE)
    assert contents.kind is PackageKind.CLASS
    assert contents.stream_ids == tuple(map(stream_id_of, WHOLE.streams))
    assert [found.audience for found in contents.geneses] == [Audience.TRUST, Audience.CLASS]
    assert contents.ops == 4 + 5 + 4 + 1
    trust, whole, late = contents.runs
    assert (trust.stream_id, trust.lo, trust.hi, trust.head) == (contents.stream_ids[0], 1, 4, b"h" * 32)
    assert (whole.stream_id, whole.lo, whole.hi, whole.head) == (contents.stream_ids[1], 1, 9, b"n" * 32)
    assert (late.genesis, late.lo, late.hi, late.signature) == (contents.geneses[1], 20, 20, b"s" * 64)
    assert contents.have() == sorted(
        [
            (contents.stream_ids[0], 1, 4, b"h" * 8),
            (contents.stream_ids[1], 1, 9, b"n" * 8),
            (contents.stream_ids[1], 20, 20, b"h" * 8),
        ]
    )


def test_a_run_is_signed_at_its_end() -> None:
    run = manifests.check(WHOLE).runs[1]
    signature = KEY.sign(head_message(run.stream_id, 9, b"n" * 32)).signature
    signed = manifests.Run(run.genesis, run.stream_id, 1, 9, run.head, signature)
    assert signed.signed_by(PUBLIC)
    assert not run.signed_by(PUBLIC)
    assert not manifests.Run(run.genesis, run.stream_id, 1, 8, run.head, signature).signed_by(PUBLIC)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": 0},
        {"kind": 3},
        {"section": SECTION[1:]},
        {"sender": DEVICE + b"d"},
        {"export_id": b""},
        {"export_no": -1},
        {"export_no": 1 << 48},
        {"written_ms": -1},
        {"written_ms": 1 << 48},
        {"certificate": msgspec.structs.replace(CERTIFICATE, section=b"T" * 16)},
        {"recipients": ["age1"] * 10_001},
        {"streams": [WHOLE.streams[0], WHOLE.streams[0]]},
    ],
)
def test_what_no_sender_writes_is_malformed(fields: dict[str, Any]) -> None:
    assert code_of(lambda: manifests.check(changed(**fields))) == "manifest_malformed"


@pytest.mark.parametrize(
    "fields",
    [
        {"export_no": 0},
        {"export_no": (1 << 48) - 1},
        {"written_ms": 0},
        {"written_ms": (1 << 48) - 1},
        {"recipients": ["age1"] * 10_000},
        {"segments": []},
    ],
)
def test_the_limits_themselves_are_allowed(fields: dict[str, Any]) -> None:
    assert manifests.check(changed(**fields)).manifest == changed(**fields)


def test_each_kind_of_package_has_its_audiences() -> None:
    allowed = {
        PackageKind.CLASS: {Audience.TRUST, Audience.CLASS, Audience.DROP},
        PackageKind.DESK: {Audience.TRUST, Audience.DESK},
    }
    for kind in PackageKind:
        for audience in Audience:
            made = changed(kind=int(kind), streams=[genesis(audience)], segments=[])
            if audience in allowed[kind]:
                assert manifests.check(made).kind is kind
            else:
                assert code_of(lambda made=made: manifests.check(made)) == "scope_wrong"
    assert (int(PackageKind.CLASS), int(PackageKind.DESK)) == (1, 2)


def test_a_stream_of_another_class_has_no_place_in_it() -> None:
    made = changed(streams=[WHOLE.streams[0], genesis(Audience.CLASS, section=b"T" * 16)])
    assert code_of(lambda: manifests.check(made)) == "scope_wrong"
    assert code_of(lambda: manifests.check(changed(streams=[b"\x90"]))) == "genesis_malformed"


@pytest.mark.parametrize(
    "fields",
    [
        {"stream": -1},
        {"stream": 2},
        {"lo": 0, "hi": 0},
        {"lo": 21},
        {"hi": 1 << 48},
        {"prev": bytes(31)},
        {"head": bytes(33)},
        {"digest": bytes(31)},
        {"path": bytes(15)},
        {"path": bytes(17)},
        {"signature": bytes(63)},
        {"signature": b""},
        {"raw_len": 0},
        {"z_len": 0},
    ],
)
def test_a_segment_that_cannot_be_is_malformed(fields: dict[str, Any]) -> None:
    assert code_of(lambda: manifests.check(with_segment(3, **fields))) == "manifest_malformed"


@pytest.mark.parametrize("fields", [{"raw_len": 1}, {"z_len": 1}, {"raw_len": 1 << 20}, {"z_len": (1 << 20) + 4_096}])
def test_a_segment_may_be_as_large_as_a_segment_may_be(fields: dict[str, Any]) -> None:
    assert manifests.check(with_segment(3, **fields)).ops == 14


@pytest.mark.parametrize("fields", [{"raw_len": (1 << 20) + 1}, {"z_len": (1 << 20) + 4_097}, {"hi": 2_000_010}])
def test_what_would_take_too_long_is_not_even_begun(fields: dict[str, Any]) -> None:
    assert code_of(lambda: manifests.check(with_segment(3, **fields))) == "limits_exceeded"


def test_a_package_holds_two_million_ops_and_half_a_gigabyte() -> None:
    ops = [segment(0, 1, 1_999_999), segment(1, 1, 1)]
    assert manifests.check(changed(segments=ops)).ops == 2_000_000
    assert code_of(lambda: manifests.check(changed(segments=[*ops, segment(1, 5, 5)]))) == "limits_exceeded"
    full = [segment(1, 2 * at + 1, 2 * at + 1, raw_len=1 << 20) for at in range(512)]
    assert len(manifests.check(changed(segments=full)).runs) == 512
    assert code_of(lambda: manifests.check(changed(segments=[*full, segment(1, 2_000, 2_000)]))) == "limits_exceeded"


def test_trust_comes_first() -> None:
    segments = WHOLE.segments
    assert code_of(lambda: manifests.check(changed(segments=[*segments, segment(0, 8, 9)]))) == "manifest_malformed"
    streams = [WHOLE.streams[0], genesis(Audience.TRUST, epoch=b"f" * 16), WHOLE.streams[1]]
    two = [segment(0, 1, 4), segment(1, 1, 4), segment(2, 1, 4)]
    assert len(manifests.check(changed(streams=streams, segments=two)).runs) == 3


@pytest.mark.parametrize(
    ("at", "fields"),
    [
        (2, {"stream": 0}),
        (2, {"lo": 7}),
        (2, {"lo": 5}),
        (2, {"prev": b"q" * 32}),
        (1, {"head": b"q" * 32}),
    ],
)
def test_a_run_goes_on_where_it_was_cut(at: int, fields: dict[str, Any]) -> None:
    assert code_of(lambda: manifests.check(with_segment(at, **fields))) == "manifest_malformed"


def test_what_is_wrapped_is_signed_and_unwraps() -> None:
    wrapped = manifests.wrap(WHOLE, PUBLIC, lambda message: KEY.sign(message).signature)
    encoded = msgspec.msgpack.encode(WHOLE)
    assert wrapped[:40] == b"BDX1" + PUBLIC + len(encoded).to_bytes(4, "big")
    assert wrapped[40:-64] == encoded
    KEY.verify_key.verify(b"bd-man1" + encoded, wrapped[-64:])
    assert manifests.unwrap(wrapped) == (WHOLE, PUBLIC, len(wrapped))
    assert manifests.unwrap(wrapped + b"segments") == (WHOLE, PUBLIC, len(wrapped))


def test_why_it_does_not_unwrap() -> None:
    def sign(message: bytes) -> bytes:
        return KEY.sign(message).signature

    def unwrapped(data: bytes) -> str:
        return code_of(lambda: manifests.unwrap(data))

    wrapped = manifests.wrap(WHOLE, PUBLIC, sign)
    with pytest.raises(ExchangeTrouble) as caught:
        manifests.unwrap(b"BDX2" + wrapped[4:])
    assert (caught.value.code, caught.value.data) == ("package_newer", {"version": "2"})
    assert unwrapped(b"BDY1" + wrapped[4:]) == "package_malformed"
    for length in (3, 4, 39, 40, len(wrapped) - 1):
        assert unwrapped(wrapped[:length]) in ("package_malformed", "package_newer")
    assert unwrapped(b"BDX1") == "package_malformed"
    assert unwrapped(wrapped[:50] + b"!" + wrapped[51:]) == "signature_wrong"
    assert unwrapped(wrapped[:-1] + bytes([wrapped[-1] ^ 1])) == "signature_wrong"
    assert unwrapped(wrapped[:4] + bytes(32) + wrapped[36:]) == "signature_wrong"
    for nonsense in (b"\x90", b"\xc1", msgspec.msgpack.encode(WHOLE).replace(b"\xa6Blue-3", b"\xa6\xff\xfe123\xff")):
        sealed = b"BDX1" + PUBLIC + len(nonsense).to_bytes(4, "big") + nonsense + sign(b"bd-man1" + nonsense)
        assert unwrapped(sealed) == "manifest_malformed"


def test_a_manifest_has_a_largest_size() -> None:
    names = WHOLE.recipients * 1_000
    rest = len(msgspec.msgpack.encode(changed(recipients=names, app_version="x" * 70_000)))
    fitting = changed(recipients=names, app_version="x" * (70_000 + (1 << 20) - rest))
    assert len(msgspec.msgpack.encode(fitting)) == 1 << 20
    wrapped = manifests.wrap(fitting, PUBLIC, lambda message: KEY.sign(message).signature)
    assert manifests.unwrap(wrapped)[0] == fitting
    with pytest.raises(ExchangeTrouble) as caught:
        manifests.wrap(
            msgspec.structs.replace(fitting, app_version=fitting.app_version + "x"), PUBLIC, lambda _message: b""
        )
    assert (caught.value.code, caught.value.data) == ("class_too_large", {"bytes": (1 << 20) + 1})
    longer = b"x" * ((1 << 20) + 1)
    sealed = b"BDX1" + PUBLIC + len(longer).to_bytes(4, "big") + longer + KEY.sign(b"bd-man1" + longer).signature
    assert code_of(lambda: manifests.unwrap(sealed)) == "package_malformed"
