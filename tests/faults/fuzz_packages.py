"""Damaged packages and packages of an insider, by the hundred thousand: ``python -m tests.faults.fuzz_packages``.

Damage is done to the sealed bytes and inside the seal. The insider has valid keys and knows the grammar: runs of ops
whose headers and payloads are drawn field by field, some right, some wrong in a way a reader may have forgotten, with
a sound chain and a sound signature. All go through the real reader as a preview, so that each meets the same data.
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
from pathlib import Path

import msgspec

from blenddesk.domain.registry import RECORDS
from blenddesk.storage import frames
from blenddesk.storage.ledger import head_message
from blenddesk.sync.segments import path_digest
from tests.faults.hostile import Target, class_position, flipped, make_target, with_content

SLOWEST_SECONDS = 1.0
MOST_EXTRA_MB = 64


def damaged(target: Target, seeds: range) -> Iterator[bytes]:
    """One flip, cut, splice or swap for each seed: half of them outside the seal, half inside (before the padding)."""
    core = target.plain[: target.plain.index(target.body) + len(target.body)]
    for seed in seeds:
        chance = random.Random(seed)
        inside = bool(seed % 2)
        data = core if inside else target.sealed
        a, b = sorted(chance.sample(range(len(data)), 2))
        c = chance.randrange(len(data))
        mutant = chance.choice(
            [
                lambda data=data, a=a, chance=chance: flipped(data, a, 1 << chance.randrange(8)),
                lambda data=data, a=a, b=b: flipped(flipped(data, a, 0xFF), b, 0x01),
                lambda data=data, a=a: data[:a],
                lambda data=data, a=a, b=b: data[:a] + data[b:],
                lambda data=data, a=a, b=b, c=c: data[:c] + data[a:b] + data[c:],
                lambda data=data, a=a, b=b: data[:a] + bytes(b - a) + data[b:],
                lambda data=data, a=a, b=b: data[b:] + data[a:b] + data[:a],
            ]
        )()
        if mutant.startswith(data):
            # Behind the last segment anything may stand; and what is as it was is no damage.
            mutant = flipped(data, a, 1)
        yield target.reseal(mutant) if inside else mutant


def insider(target: Target, seeds: range) -> Iterator[bytes]:
    """One run of one to six ops for each seed."""
    genesis = target.listed.streams[target.listed.segments[class_position(target)].stream]
    stream_id = frames.stream_id_of(genesis)
    for seed in seeds:
        chance = random.Random(seed)
        chain, made, path = frames.first_hash(genesis), [], []
        count = chance.randrange(1, 7)
        for seq in range(1, count + 1):
            header, payload = header_bytes(chance, seq), payload_bytes(chance)
            chain = frames.next_hash(stream_id, chain, header, payload)
            made.append(frames.encode_frame(header, payload))
            path.append(chain[:8])
        yield with_content(
            target,
            frames.join_frames(made),
            lo=1,
            hi=count,
            head=chain,
            signature=target.station.keys.sign(head_message(stream_id, count, chain)),
            path=path_digest(path),
        )


def header_bytes(chance: random.Random, seq: int) -> bytes:
    """A header with each part right most of the time."""

    def part(right: object, *wrong: object) -> object:
        return right if chance.random() < 0.93 else chance.choice(wrong)

    record = chance.choice(RECORDS).number
    over = [[chance.randbytes(16), chance.randrange(1, 9), chance.randbytes(8)] for _ in range(chance.randrange(3))]
    parts = [
        part(1, 0, 2, "1", None),
        part(seq, 0, seq + 1, -1, 1 << 62, 1 << 64, "x"),
        part(1 << 44, 0, -1, (1 << 63) - 1, 1 << 63, 1.5),
        part(0, -(1 << 40), 1 << 70, "now"),
        part(60, 99_999, -(1 << 33), None),
        part(chance.choice([b"", chance.randbytes(16)]), b"abc", "child", 7),
        part(True, 1, None),
        part(record, 0, 999, -1, 1 << 62, "entry"),
        part(chance.randbytes(16), b"", b"x", "y" * 16),
        part(chance.choice([1, 2, 3]), 0, 9, -1, "put"),
        part(1, 0, 1 << 40, "1"),
        part(over, [[b"x", 1, b"y"]], over * 200, 5, [[]], [[chance.randbytes(16), -1, b"y" * 8]]),
    ]
    if chance.random() < 0.03:
        parts = chance.choice([parts[:-1], [*parts, 1], []])
    return _bent(chance, msgspec.msgpack.encode(parts) if _fits(parts) else chance.randbytes(40))


def payload_bytes(chance: random.Random) -> bytes:
    """Fields of any number with values of any shape, right ones among them."""
    values: list[object] = [
        chance.randbytes(16), "claimed", "x" * chance.randrange(200), 0, 3, -1, (1 << 63) - 1, True, None, 1.5, b"",
        ["a", "b"], [1, 2], [b"x" * 16], {1: 2}, [[1]], "\u202e\u0000", "x" * 70_000, float("nan"),
    ]  # fmt: skip
    fields = {
        chance.choice([*range(1, 13), 99, -1, 1 << 40]): chance.choice(values) for _ in range(chance.randrange(8))
    }
    return _bent(chance, msgspec.msgpack.encode(fields))


def _fits(value: object) -> bool:
    """Whether msgpack has a way to write it: its numbers end at 64 bits."""
    if isinstance(value, list):
        return all(map(_fits, value))
    return not isinstance(value, int) or -(1 << 63) <= value < 1 << 64


def _bent(chance: random.Random, data: bytes) -> bytes:
    """Now and then a byte is wrong after all: broken text, lengths that lie, types that do not exist."""
    if data and chance.random() < 0.1:
        return flipped(data, chance.randrange(len(data)), 1 << chance.randrange(8))
    return data


def run(target: Target, mutants: Iterator[bytes], seconds: list[float]) -> Counter[tuple[str, str | None]]:
    """How they fared. Raises ``AssertionError`` for an error that nobody foresaw."""
    found: Counter[tuple[str, str | None]] = Counter()

    def timed() -> Iterator[bytes]:
        for mutant in mutants:
            begun = time.perf_counter()
            found.update(target.read(iter([mutant]), preview=True))
            seconds.append(time.perf_counter() - begun)
            yield mutant

    for _mutant in timed():
        pass
    return found


def report(name: str, found: Counter[tuple[str, str | None]], seconds: list[float], grown_mb: float) -> bool:
    """Prints the figures; whether they keep within the limits."""
    by_status, by_reason = Counter[str](), Counter[str]()
    for (status, reason), count in found.items():
        by_status[status] += count
        by_reason[reason or "none"] += count
    print(f"{name}: {len(seconds)} in {sum(seconds):.0f} s, slowest {max(seconds):.3f} s, {grown_mb:.0f} MB more")
    print(f"  {dict(by_status)}; reasons: {dict(by_reason.most_common())}")
    return max(seconds) <= SLOWEST_SECONDS and grown_mb <= MOST_EXTRA_MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damaged", type=int, default=100_000)
    parser.add_argument("--insiders", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        target = make_target(Path(folder))
        before = target.room.desk.everything()
        for name, make, count in (("damaged", damaged, options.damaged), ("insiders", insider, options.insiders)):
            peak = _peak_mb()
            seconds: list[float] = []
            found = run(target, make(target, range(options.first, options.first + count)), seconds)
            fine &= report(name, found, seconds, _peak_mb() - peak)
        assert target.room.desk.everything() == before, "a preview changed something"
        target.room.close()
    return int(not fine)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
