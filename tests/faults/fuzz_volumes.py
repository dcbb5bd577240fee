"""Damaged volumes and volumes of an insider, by the ten thousand: ``python -m tests.faults.fuzz_volumes``.

As ``fuzz_packages``: damage outside and inside the seal; and a student computer that signs an index of which each part
is right most of the time, over blobs that are right most of the time.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from blenddesk.domain.evidence import MAX_BLOB_BYTES
from blenddesk.domain.ops import put
from blenddesk.storage.blobs import beside, name_of
from blenddesk.sync import envelope, picture_seal, volume_carrier, volumes
from blenddesk.sync.trust import voucher
from tests.faults.fuzz_packages import MOST_EXTRA_MB, SLOWEST_SECONDS
from tests.faults.hostile import flipped
from tests.sync.devices import Classroom, Device, make_classroom

PICTURES = 4


@dataclass
class Target:
    """A desk that knows of a station's pictures and has none of them yet, and the station's volume."""

    room: Classroom
    sealed: bytes
    plain: bytes
    core: int
    """Bytes of ``plain`` before the padding."""
    blobs: list[tuple[bytes, bytes]]

    @property
    def desk(self) -> Device:
        return self.room.desk

    @property
    def station(self) -> Device:
        return self.room.stations[0]

    def reseal(self, plain: bytes) -> bytes:
        return envelope.seal(plain, [self.desk.keys.age_recipient])

    def judge(self, data: bytes) -> volume_carrier.VolumeResult:
        return volume_carrier.judge(self.desk.ledger, self.desk.keys, Path("fuzzed.bdv"), data)

    def taken(self) -> set[bytes]:
        return set(beside(self.desk.database.path).names(self.desk.section))

    def forget(self) -> None:
        """Of what was taken, so that the next one meets the same desk."""
        beside(self.desk.database.path).remove(self.desk.section, self.taken())


def make_target(root: Path) -> Target:
    room = make_classroom(root, stations=1)
    station = room.stations[0]
    made = []
    for number in range(PICTURES):
        sealed = picture_seal.seal(station.section, bytes([number]) * 900, station.randomness)
        made.append((sealed.name, sealed.data))
        fields = {"student": station.student(0), "blob": sealed.name, "key": sealed.key}
        station.ledger.commit("x", [put(station.section, "evidence", station.randomness.token(16), **fields)])
    stick = root / "stick"
    stick.mkdir()
    station.write(stick)
    room.desk.read(stick)
    with station.database.read() as connection:
        sealed_volume = volumes.write_volume(
            connection,
            station.keys,
            station.section,
            volumes.Label(bytes(16), 1),
            [room.desk.keys.age_recipient],
            made,
        )
    plain = envelope.unseal(sealed_volume, [room.desk.keys.age])
    core = plain.index(made[0][1]) + sum(len(data) for _name, data in made)
    return Target(room, sealed_volume, plain, core, made)


def damaged(target: Target, seeds: range) -> Iterator[bytes]:
    """One flip, cut, splice or swap for each seed: half of them outside the seal, half inside (before the padding)."""
    for seed in seeds:
        chance = random.Random(seed)
        inside = bool(seed % 2)
        data = target.plain[: target.core] if inside else target.sealed
        a, b = sorted(chance.sample(range(len(data)), 2))
        c = chance.randrange(len(data))
        mutant = [
            lambda data=data, a=a, chance=chance: flipped(data, a, 1 << chance.randrange(8)),
            lambda data=data, a=a: data[:a],
            lambda data=data, a=a, b=b: data[:a] + data[b:],
            lambda data=data, a=a, b=b, c=c: data[:c] + data[a:b] + data[c:],
            lambda data=data, a=a, b=b: data[:a] + bytes(b - a) + data[b:],
            lambda data=data, a=a, b=b: data[b:] + data[a:b] + data[:a],
        ][chance.randrange(6)]()
        if mutant.startswith(data):
            mutant = flipped(data, a, 1)
        yield target.reseal(mutant) if inside else mutant


def insider(target: Target, seeds: range) -> Iterator[bytes]:
    for seed in seeds:
        chance = random.Random(seed)
        encoded, body = _index(target, chance)
        keys = target.station.keys
        if chance.random() < 0.1:
            encoded = flipped(encoded, chance.randrange(len(encoded)), 1 << chance.randrange(8))
        signed = volumes.MAGIC + keys.signing_public + len(encoded).to_bytes(4, "big") + encoded
        yield target.reseal(signed + keys.sign(volumes.SIGNED_AS + encoded) + body)


def _index(target: Target, chance: random.Random) -> tuple[bytes, bytes]:
    station = target.station

    def part(right: object, *wrong: object) -> object:
        return right if chance.random() < 0.96 else chance.choice(wrong)

    with station.database.read() as connection:
        vouched = voucher(connection, station.section, station.keys)
    assert vouched is not None
    certificate, announcement = vouched
    listed: list[object] = []
    body = b""
    for name, data in chance.sample(target.blobs, chance.randrange(PICTURES + 1)):
        if chance.random() < 0.1:
            data = flipped(data, chance.randrange(len(data)), 1)
            name = chance.choice([name, name_of(station.section, data), name_of(bytes(16), data)])
        size = part(len(data), len(data) - 1, len(data) + 1, 0, -1, MAX_BLOB_BYTES + 1, 1 << 62, "9", 1.5, None)
        listed.append(part([part(name, name[:31], b"", "n" * 32, chance.randbytes(32)), size], [name], [], None, 5))
        body += data
    names = [name for name, _data in target.blobs]
    parts = [
        part(station.section, bytes(16), b"", "s" * 16),
        part([target.desk.keys.age_recipient], [], ["age1nobody"], [1], "age1", None),
        part(station.device_id, bytes(16), b"x"),
        part(certificate, None, [], msgspec.structs.replace(certificate, role="owner")),
        part(announcement, None, [], 7),
        part(bytes(16), b"", "e"),
        part(1, -1, 1 << 48, 1 << 63, "1"),
        part("1.0", 5, b"", "\u202e" * 2_000),
        part([], names, [b""], None),
        part([], names, 9),
        part(listed, listed * 2, listed[::-1], {}, None, [[b"n" * 32, 1]] * 300),
    ]
    if chance.random() < 0.03:
        parts = chance.choice([parts[:-1], [*parts, chance.randbytes(9)], []])
    return msgspec.msgpack.encode(parts), body + part(b"", b"more", bytes(100))  # type: ignore[operator]


def run(target: Target, mutants: Iterator[bytes], seconds: list[float]) -> Counter[tuple[str, str | None]]:
    """How they fared. Raises ``AssertionError`` for an error that nobody foresaw and for anything taken wrongly."""
    found: Counter[tuple[str, str | None]] = Counter()
    right = dict(target.blobs)
    blobs = beside(target.desk.database.path)
    for mutant in mutants:
        begun = time.perf_counter()
        result = target.judge(mutant)
        seconds.append(time.perf_counter() - begun)
        found[result.status, result.reason] += 1
        assert result.reason != "package_not_understood"
        taken = target.taken()
        assert len(taken) == result.taken
        for name in taken:
            assert blobs.read(target.desk.section, name) == right[name]
        target.forget()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damaged", type=int, default=50_000)
    parser.add_argument("--insiders", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        target = make_target(Path(folder))
        before = target.desk.everything()
        for name, make, count in (("damaged", damaged, options.damaged), ("insiders", insider, options.insiders)):
            peak = _peak_mb()
            seconds: list[float] = []
            found = run(target, make(target, range(options.first, options.first + count)), seconds)
            grown = _peak_mb() - peak
            print(f"{name}: {len(seconds)} in {sum(seconds):.0f} s, slowest {max(seconds):.3f} s, {grown:.0f} MB more")
            print(f"  {dict(found.most_common())}")
            fine &= max(seconds) <= SLOWEST_SECONDS and grown <= MOST_EXTRA_MB
        assert target.desk.everything() == before, "a volume changed something"
        target.room.close()
    return int(not fine)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
