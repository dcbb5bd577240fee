"""What a hostile or broken package is made of: a target, damage to its bytes, and content that an insider signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec
import zstandard

from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.storage import frames
from blenddesk.storage.ledger import head_message
from blenddesk.storage.streams import decode_genesis
from blenddesk.sync import envelope, manifest
from blenddesk.sync.manifest import Manifest
from blenddesk.sync.segments import path_digest
from tests.sync.devices import Classroom, Device, make_classroom


@dataclass
class Target:
    """A desk that has not read yet what the station's package brings, and the parts of that package."""

    room: Classroom
    folder: Path
    sealed: bytes
    plain: bytes
    listed: Manifest
    body: bytes

    @property
    def station(self) -> Device:
        return self.room.stations[0]

    def reseal(self, plain: bytes) -> bytes:
        return envelope.seal(plain, self.listed.recipients)

    def resign(self, listed: Manifest, body: bytes | None = None) -> bytes:
        """The package with another manifest, signed by the station as if it were right."""
        signed = manifest.wrap(listed, self.station.keys.signing_public, self.station.keys.sign)
        return self.reseal(signed + (self.body if body is None else body))

    def resign_bytes(self, encoded: bytes) -> bytes:
        keys = self.station.keys
        signature = keys.sign(manifest.SIGNED_AS + encoded)
        head = manifest.MAGIC + keys.signing_public + len(encoded).to_bytes(4, "big")
        return self.reseal(head + encoded + signature + self.body)

    def read(self, mutants: Iterator[bytes], *, preview: bool = False) -> Counter[tuple[str, str | None]]:
        """How the mutants fared, through the real reader, a hundred files at a time."""
        found: Counter[tuple[str, str | None]] = Counter()
        desk = self.room.desk
        batch: list[Path] = []

        def flush() -> None:
            for result in desk.read(*batch, preview=preview):
                assert result.status == "applied" or result.reason or result.status == "nothing_new", result
                found[result.status, result.reason] += 1
            batch.clear()

        for number, mutant in enumerate(mutants):
            path = self.folder / f"m{number % 100}.bdx"
            path.write_bytes(mutant)
            batch.append(path)
            if len(batch) == 100:
                flush()
        flush()
        assert not any(reason == "package_not_understood" for _status, reason in found), found
        return found


def make_target(root: Path) -> Target:
    """A class in ``root`` whose desk has not read the station's last package."""
    room = make_classroom(root, stations=2)
    for number in range(6):
        room.stations[0].log_entry(number % 3, "I got it")
    stick = root / "stick"
    stick.mkdir()
    (file,) = room.stations[0].write(stick).files
    sealed = file.read_bytes()
    plain = envelope.unseal(sealed, [room.desk.keys.age])
    listed, _signer, start = manifest.unwrap(plain)
    size = sum(entry.z_len for entry in listed.segments)
    mutants = root / "mutants"
    mutants.mkdir()
    return Target(room, mutants, sealed, plain, listed, plain[start : start + size])


def flipped(data: bytes, at: int, mask: int) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def class_position(target: Target) -> int:
    """Where the segment with the station's own entries stands in the manifest."""
    geneses = [decode_genesis(genesis) for genesis in target.listed.streams]
    return next(
        at
        for at, entry in enumerate(target.listed.segments)
        if geneses[entry.stream].device_id == target.station.device_id
        and geneses[entry.stream].audience == Audience.CLASS
    )


def with_content(target: Target, raw: bytes, **changes: object) -> bytes:
    """The station's package with the segment of its entries replaced by ``raw``, everything signed to match."""
    data = zstandard.ZstdCompressor(level=3).compress(raw)
    return with_data(target, data, raw_len=len(raw), **changes)


def with_data(target: Target, data: bytes, **changes: object) -> bytes:
    at = class_position(target)
    segments = list(target.listed.segments)
    start = sum(entry.z_len for entry in segments[:at])
    end = start + segments[at].z_len
    segments[at] = msgspec.structs.replace(
        segments[at], z_len=len(data), digest=blake2b(data, digest_size=32).digest(), **changes
    )
    listed = msgspec.structs.replace(target.listed, segments=segments)
    return target.resign(listed, target.body[:start] + data + target.body[end:])


def forged(target: Target, header: frames.Header | bytes, payload: bytes) -> bytes:
    """A package whose stream of entries is one op of the insider's making, with a sound chain and a sound signature."""
    genesis = target.listed.streams[target.listed.segments[class_position(target)].stream]
    stream_id = frames.stream_id_of(genesis)
    header_bytes = header if isinstance(header, bytes) else frames.encode_header(header)
    chain = frames.next_hash(stream_id, frames.first_hash(genesis), header_bytes, payload)
    return with_content(
        target,
        frames.join_frames([frames.encode_frame(header_bytes, payload)]),
        lo=1,
        hi=1,
        head=chain,
        signature=target.station.keys.sign(head_message(stream_id, 1, chain)),
        path=path_digest([chain[:8]]),
    )


def header(**changes: object) -> frames.Header:
    entry = BY_NAME["entry"].number
    sound = frames.Header(1, 1, 1 << 40, 0, 0, b"", True, entry, b"e" * 16, 1, 1, [])
    return msgspec.structs.replace(sound, **changes)
