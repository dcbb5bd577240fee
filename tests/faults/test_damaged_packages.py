"""10,000 damaged, spliced and lying packages: each refused with a reason, the data untouched, no error that escapes.

Three rings: damage to the sealed file (anybody), damage inside the seal (who has the recipients' addresses), and lies
under a valid signature (an insider: a student computer whose files were edited).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard

from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.ledger import head_message
from blenddesk.storage.streams import decode_genesis
from blenddesk.sync import envelope, exchange
from blenddesk.sync.manifest import Manifest
from tests.faults.hostile import Target, flipped, forged, header, make_target, with_data

SET_ASIDE_OR_REFUSED = {"set_aside", "refused"}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    made = make_target(tmp_path_factory.mktemp("damaged"))
    yield made
    made.room.close()


@pytest.fixture(autouse=True)
def untouched(target: Target) -> Iterator[None]:
    before = target.room.desk.everything()
    yield
    assert target.room.desk.everything() == before


def test_the_undamaged_package_would_be_taken(target: Target) -> None:
    """Positive control: what follows is refused for its damage and for nothing else."""
    path = target.folder / "good.bdx"
    for data in (target.sealed, target.reseal(target.plain), target.resign(target.listed)):
        path.write_bytes(data)
        (result,) = target.room.desk.read(path, preview=True)
        assert (result.status, result.new_ops) == ("applied", 13)


def test_damage_to_the_sealed_file(target: Target) -> None:
    chance = random.Random(5)
    sealed, size = target.sealed, len(target.sealed)

    def mutants() -> Iterator[bytes]:
        for at in [*range(1_200), *range(1_200, size, 6)]:
            yield flipped(sealed, at, 1 << chance.randrange(8))
        for end in range(0, size, 17):
            yield sealed[:end]
        for _ in range(600):
            a, b = sorted(chance.sample(range(size), 2))
            c = chance.randrange(size)
            yield chance.choice(
                [sealed[:a] + sealed[b:], sealed[:b] + sealed[a:], sealed[:c] + sealed[a:b] + sealed[c:]]
            )
        yield sealed + b"\0"
        yield sealed + sealed

    found = target.read(mutants())
    assert sum(found.values()) > 5_000
    assert {status for status, _reason in found} <= SET_ASIDE_OR_REFUSED, found
    assert {"file_empty", "not_a_package", "not_for_us", "seal_damaged"} <= {reason for _status, reason in found}


def test_damage_inside_the_seal(target: Target) -> None:
    chance = random.Random(6)
    plain = target.plain
    full = len(plain.rstrip(b"\0"))

    def mutants() -> Iterator[bytes]:
        for at in range(full + 40):
            yield target.reseal(flipped(plain, at, 1 << chance.randrange(8)))
        for end in range(0, full, 9):
            yield target.reseal(plain[:end])
        for _ in range(400):
            a, b = sorted(chance.sample(range(full), 2))
            yield target.reseal(chance.choice([plain[:a] + plain[b:], plain[:b] + plain[a:]]))

    found = target.read(mutants())
    assert sum(found.values()) > 5_000
    assert {status for status, _reason in found} == {"refused"}, found
    reasons = {reason for _status, reason in found}
    assert {"signature_wrong", "package_malformed", "package_newer", "segment_damaged", "padding_not_empty"} <= reasons


def lies(target: Target) -> Iterator[tuple[str, bytes]]:
    """Packages that an insider signed, each wrong in one way that must be noticed."""
    listed = target.listed
    replace: Callable[..., Manifest] = msgspec.structs.replace

    def with_segment(at: int, **changes: object) -> Manifest:
        segments = list(listed.segments)
        segments[at] = replace(segments[at], **changes)
        return replace(listed, segments=segments)

    other = target.room.stations[1]
    for at, entry in enumerate(listed.segments):
        is_news = decode_genesis(listed.streams[entry.stream]).device_id == target.station.device_id
        # What the desk holds already, by the name of its last op, it does not unpack: how long that is, where it begins
        # and what it follows is never asked.
        for name in ("hi", "z_len", "stream", *(["lo", "raw_len"] if is_news else [])):
            value = getattr(entry, name)
            for wrong in (value + 1, value - 1, 0, -1, 1 << 31, 1 << 62, (1 << 64) - 1, value * 1000 + 7):
                if wrong != value:
                    yield f"{name} {wrong}", target.resign(with_segment(at, **{name: wrong}))
        for name in ("head", "digest", "signature", *(["path", "prev"] if is_news else [])):
            value = getattr(entry, name)
            for wrong in (b"", value[:-1], value + b"x", flipped(value, 0, 1), flipped(value, len(value) - 1, 128)):
                yield name, target.resign(with_segment(at, **{name: wrong}))
        yield "segment missing its bytes", target.resign(listed, target.body[:-1])
        yield (
            "segment left out",
            target.resign(replace(listed, segments=[s for n, s in enumerate(listed.segments) if n != at])),
        )
        yield (
            "signed by another",
            target.resign(
                with_segment(
                    at,
                    signature=other.keys.sign(
                        head_message(frames.stream_id_of(listed.streams[entry.stream]), entry.hi, entry.head)
                    ),
                )
            ),
        )
    for at in range(len(listed.segments) - 1):
        swapped = list(listed.segments)
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        yield "order", target.resign(replace(listed, segments=swapped))
    for at, genesis in enumerate(listed.streams):
        decoded = msgspec.msgpack.decode(genesis)
        for place, wrong in ((0, 2), (1, other.device_id), (2, b"e" * 16), (3, b"s" * 16), (4, 2), (4, 9), (6, b"x")):
            changed = list(decoded)
            changed[place] = wrong
            streams = list(listed.streams)
            streams[at] = msgspec.msgpack.encode(changed)
            yield f"genesis {place}", target.resign(replace(listed, streams=streams))
        yield "stream twice", target.resign(replace(listed, streams=[*listed.streams, genesis]))
        yield (
            "genesis of junk",
            target.resign(replace(listed, streams=[b"\xff" if n == at else g for n, g in enumerate(listed.streams)])),
        )
    for changes in (
        {"kind": 2},
        {"kind": 3},
        {"section": b"x" * 16},
        {"section": b""},
        {"sender": other.device_id},
        {"sender": b""},
        {"export_no": -1},
        {"export_no": 1 << 63},
        {"export_id": b""},
        {"written_ms": -5},
        {"recipients": []},
        {"recipients": [other.keys.age_recipient]},
        {"announcement": None},
        {"certificate": replace(listed.certificate, role="owner")},
        {"certificate": replace(listed.certificate, name="Boss")},
        {"certificate": replace(listed.certificate, role="king")},
    ):
        yield str(changes), target.resign(replace(listed, **changes))


def test_lies_under_a_valid_signature(target: Target) -> None:
    named = list(lies(target))
    assert len(named) > 300
    for name, mutant in named:
        path = target.folder / "lie.bdx"
        path.write_bytes(mutant)
        (result,) = target.room.desk.read(path)
        assert result.status in SET_ASIDE_OR_REFUSED, (name, result)
        assert result.reason not in (None, "package_not_understood"), (name, result)


def test_random_damage_to_a_manifest_that_is_signed_again(target: Target) -> None:
    """Some of it is harmless (another clock, another export number): then it brings what the real one brings."""
    chance = random.Random(7)
    encoded = msgspec.msgpack.encode(target.listed)

    def mutants() -> Iterator[bytes]:
        for at in range(len(encoded)):
            yield target.resign_bytes(flipped(encoded, at, 1 << chance.randrange(8)))
        for _ in range(600):
            a, b = sorted(chance.sample(range(len(encoded)), 2))
            yield target.resign_bytes(chance.choice([encoded[:a] + encoded[b:], encoded[:b] + encoded[a:]]))

    found = target.read(mutants(), preview=True)
    refused = sum(count for (status, _reason), count in found.items() if status in SET_ASIDE_OR_REFUSED)
    assert refused > 2_000
    assert refused > 0.8 * sum(found.values())


def test_content_that_an_insider_made(target: Target, tmp_path: Path) -> None:
    encode = msgspec.msgpack.encode
    good = encode({1: b"s" * 16, 2: "finished"})
    deep = b"\x81\x63" + b"\x91" * 200_000 + b"\x01"
    contents: dict[str, tuple[frames.Header | bytes, bytes]] = {
        "op of a desk's field": (header(record=BY_NAME["student"].number), encode({6: "Family"})),
        "text where an id belongs": (header(), encode({1: "not an id"})),
        "id of five bytes": (header(), encode({1: b"short"})),
        "a list in a plain field": (header(), encode({2: ["a", "b"]})),
        "number too large": (header(), encode({7: 1 << 63})),
        "nested lists": (header(), deep),
        "not utf-8": (header(), b"\x81\x02\xa4\xff\xfe\xfd\xfc"),
        "keys that are words": (header(), encode({"name": "x"})),
        "no map": (header(), encode([1, 2, 3])),
        "nothing": (header(), b""),
        "text too long": (header(), encode({2: "x" * 70_000})),
        "blanked": (header(), frames.PURGED + b"d" * 32),
        "of the year 2300": (header(hlc=10_413_792_000_000 << 16), good),
        "before time": (header(hlc=-1), good),
        "newer frame": (header(version=2), good),
        "another place": (header(seq=2), good),
        "short id": (header(entity_id=b"x"), good),
        "actor of three bytes": (header(actor=b"abc"), good),
        "over nothing": (header(over=[(b"x", 1, b"y")]), good),
        "over too much": (header(over=[(b"x" * 16, 1, b"y" * 8)] * 2_000), good),
        "record beyond all numbers": (header(record=1 << 63), good),
        "record below zero": (header(record=-3), good),
        "no header": (b"", good),
        "header of junk": (b"\xc1\xff\xff", good),
        "header of words": (encode(["a"] * 12), good),
    }
    for name, (made, payload) in contents.items():
        path = tmp_path / "made.bdx"
        path.write_bytes(forged(target, made, payload))
        (result,) = target.room.desk.read(path)
        assert (result.status, result.new_ops) == ("refused", 0), (name, result)
        assert result.reason not in (None, "package_not_understood"), (name, result)


def test_a_bomb_is_not_unpacked(target: Target, tmp_path: Path) -> None:
    """The frame's own header says 256 MiB; the manifest says less; nobody may believe the frame."""
    bomb = zstandard.ZstdCompressor(level=3).compress(bytes(256 << 20))
    assert len(bomb) < 64 << 10
    unsized = zstandard.ZstdCompressor(level=3, write_content_size=False).compress(bytes(4 << 20))
    tail = zstandard.ZstdCompressor().compress(b"x") * 2
    for data, raw_len in ((bomb, 1_000), (bomb, 1 << 20), (unsized, 1_000), (unsized, 4 << 20), (tail, 1), (b"x", 1)):
        path = tmp_path / "bomb.bdx"
        path.write_bytes(with_data(target, data, raw_len=raw_len))
        (result,) = target.room.desk.read(path)
        assert result.reason in ("segment_size_wrong", "segment_damaged", "limits_exceeded"), result


def test_files_beyond_the_limit_are_not_read(target: Target, tmp_path: Path) -> None:
    path = tmp_path / "huge.bdx"
    with path.open("wb") as file:
        file.truncate(envelope.MAX_FILE_BYTES + 1)
    (result,) = target.room.desk.read(path)
    assert (result.status, result.reason) == ("refused", "file_too_large")


def test_what_the_desk_alone_can_read_cannot_block_the_rest(target: Target) -> None:
    """Words sealed to the desk cannot be judged by those who carry them: nonsense inside must not stop a package."""
    from blenddesk.storage import projection
    from blenddesk.storage.projection import Scope
    from blenddesk.sync.keys import seal_for

    desk = target.room.desk
    sealed = seal_for([desk.keys.sealing_public], desk.section, b"nonsense")
    made = header(record=BY_NAME["reflection"].number)
    assert projection.readable_fields(made, sealed, Scope(desk.section, Audience.DROP), desk.keys) is None


def test_a_mistake_in_the_reader_itself_is_contained(target: Target, tmp_path: Path, monkeypatch, caplog) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("a bug of ours")

    path = tmp_path / "good.bdx"
    path.write_bytes(target.sealed)
    monkeypatch.setattr(exchange, "open_package", broken)
    (result,) = target.room.desk.read(path)
    assert (result.status, result.reason) == ("refused", "package_not_understood")
    assert "a bug of ours" in caplog.text


def test_unseal_names_what_is_wrong(target: Target) -> None:
    with pytest.raises(ExchangeTrouble) as caught:
        envelope.unseal(target.sealed, [target.room.stations[1].keys.age.generate()])
    assert caught.value.code == "not_for_us"
