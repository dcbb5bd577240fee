"""Where attacks are played: a class with two desks and two student computers, another class, and a forge for files.

The attacker is Blue-1: a student computer whose files and program somebody edited, with valid keys, knowing the format.
It also holds a seat of another teacher's class. Every arena is a copy of one that was made once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
import zstandard

from blenddesk.domain.ids import Id, derived_id
from blenddesk.domain.ops import Draft, Kind, put
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.storage import digest, frames
from blenddesk.storage.ledger import head_message
from blenddesk.storage.streams import Genesis, decode_genesis, encode_genesis, load_streams
from blenddesk.storage.tables import Status
from blenddesk.sync import envelope, manifest
from blenddesk.sync.exchange import PackageResult
from blenddesk.sync.keys import class_root
from blenddesk.sync.manifest import Manifest, PackageKind, Segment
from blenddesk.sync.packages import Export, write_package
from blenddesk.sync.segments import path_digest
from blenddesk.sync.statements import Announcement, Certificate
from blenddesk.sync.trust import Statement, _read_statements
from tests.sync.devices import Device, HandClock, SeededRandomness, add_desk, make_classroom

HLC = 1 << 44
PLAN, BLOCK, GROUP, GOAL, STEP, MEETING = (name.ljust(16, b"-") for name in (b"p", b"b", b"g", b"o", b"s", b"m"))


# --- the forge -------------------------------------------------------------------------------------------------------


@dataclass
class Opened:
    """A real package taken apart. ``close`` puts it together again, signed by whoever is asked to."""

    listed: Manifest
    parts: list[bytes]

    def close(self, by: Device, to: Sequence[str] = (), **changes: object) -> bytes:
        """``to``: whom it is sealed to, the recipients in the manifest by default."""
        listed = msgspec.structs.replace(self.listed, **changes)
        plain = manifest.wrap(listed, by.keys.signing_public, by.keys.sign) + b"".join(self.parts)
        return envelope.seal(plain, list(to) or listed.recipients)

    def at(self, device_id: Id, audience: Audience) -> int:
        """The first segment of a device's stream of that audience."""
        for position, entry in enumerate(self.listed.segments):
            genesis = decode_genesis(self.listed.streams[entry.stream])
            if (genesis.device_id, genesis.audience) == (device_id, audience):
                return position
        raise AssertionError("the package has no such stream")

    def change(self, position: int, **changes: object) -> None:
        segments = list(self.listed.segments)
        segments[position] = msgspec.structs.replace(segments[position], **changes)
        self.listed = msgspec.structs.replace(self.listed, segments=segments)

    def rewrite(self, position: int, raw: bytes, **changes: object) -> None:
        """Other content for a segment, with sizes and digest to match."""
        data = zstandard.ZstdCompressor(level=3).compress(raw)
        self.parts[position] = data
        self.change(
            position,
            raw_len=len(raw),
            z_len=len(data),
            digest=blake2b(data, digest_size=32).digest(),
            **changes,
        )

    def frames_at(self, position: int) -> list[tuple[bytes, bytes]]:
        return frames.split_frames(zstandard.ZstdDecompressor().decompress(self.parts[position]))

    def add(self, made: Run) -> None:
        """One more stream, or one more run of a stream that is listed, behind all others."""
        streams = list(self.listed.streams)
        if made.genesis not in streams:
            streams.append(made.genesis)
        segment = msgspec.structs.replace(made.segment, stream=streams.index(made.genesis))
        trust = decode_genesis(made.genesis).audience == Audience.TRUST
        at = 0 if trust else len(self.parts)
        segments = list(self.listed.segments)
        segments.insert(at, segment)
        self.parts.insert(at, made.data)
        self.listed = msgspec.structs.replace(self.listed, streams=streams, segments=segments)


@dataclass
class Run:
    """Ops in a row with a sound chain and a signature of whoever signs."""

    genesis: bytes
    segment: Segment
    data: bytes
    head: bytes
    last: int


def run(
    genesis: bytes,
    ops: Sequence[tuple[frames.Header, bytes]],
    sign: Callable[[bytes], bytes],
    *,
    first: int = 1,
    before: bytes = b"",
) -> Run:
    """``before``: the hash of the op that the first one follows (the beginning of the stream by default)."""
    stream_id = frames.stream_id_of(genesis)
    chain = previous = before or frames.first_hash(genesis)
    encoded, path = [], []
    for seq, (header, payload) in enumerate(ops, first):
        header_bytes = frames.encode_header(msgspec.structs.replace(header, seq=seq))
        chain = frames.next_hash(stream_id, chain, header_bytes, payload)
        encoded.append(frames.encode_frame(header_bytes, payload))
        path.append(chain[:8])
    last = first + len(ops) - 1
    raw = frames.join_frames(encoded)
    data = zstandard.ZstdCompressor(level=3).compress(raw)
    segment = Segment(
        0,
        first,
        last,
        previous,
        chain,
        sign(head_message(stream_id, last, chain)),
        len(raw),
        len(data),
        blake2b(data, digest_size=32).digest(),
        path_digest(path),
    )
    return Run(genesis, segment, data, chain, last)


def op(record: str, entity: Id, *, hlc: int = HLC, **fields: object) -> tuple[frames.Header, bytes]:
    """An op as an insider writes it, not checked by anybody."""
    known = BY_NAME[record]
    header = frames.Header(1, 1, hlc, 0, 0, b"", True, known.number, entity, Kind.PUT, 1, [])
    return header, frames.encode_payload({known.field(name).number: value for name, value in fields.items()})  # type: ignore[misc]


# --- the arena -------------------------------------------------------------------------------------------------------


@dataclass
class Arena:
    """``blue`` attacks. ``green`` is an honest student computer, ``other`` the second teacher's desk of the class and
    ``abroad`` the desk of another class, of which ``blue`` holds a seat too."""

    folder: Path
    desk: Device
    other: Device
    blue: Device
    green: Device
    abroad: Device
    section: Id
    made: int = 0
    more: list[Device] = field(default_factory=list)

    def close(self) -> None:
        for device in (self.desk, self.other, self.blue, self.green, self.abroad, *self.more):
            device.close()

    # --- files ---

    def package(self, of: Device, section: Id | None = None, kind: PackageKind = PackageKind.CLASS) -> Opened:
        """What a computer would write now, taken apart."""
        self.made += 1
        with of.database.read() as connection:
            written = write_package(
                connection,
                of.keys,
                section or self.section,
                kind,
                Export(self.made, of.randomness.token(16), of.clock.now_ms),
                recipients=[of.keys.age_recipient],
            )
            from blenddesk.sync.trust import load_trust

            to = load_trust(connection, section or self.section).recipients(desks_only=kind is PackageKind.DESK)
        plain = envelope.unseal(written.data, [of.keys.age])
        listed, _signer, start = manifest.unwrap(plain)
        parts = []
        for entry in listed.segments:
            parts.append(plain[start : start + entry.z_len])
            start += entry.z_len
        return Opened(msgspec.structs.replace(listed, recipients=to), parts)

    def give(self, to: Device, data: bytes) -> PackageResult:
        self.made += 1
        path = self.folder / f"{self.made}.bdx"
        path.write_bytes(data)
        (result,) = to.read(path)
        return result

    def carry(self, origin: Device, to: Device, section: Id | None = None) -> PackageResult:
        """An honest trip of a stick."""
        return self.give(to, self.package(origin, section).close(origin))

    def genesis(self, of: Device, audience: Audience = Audience.CLASS, section: Id | None = None) -> bytes:
        """How the device's own newest stream of that audience begins."""
        with of.database.read() as connection:
            streams = load_streams(connection).by_sid.values()
        scope = (section or self.section, audience)
        return next(s.genesis for s in reversed(streams) if s.device_id == of.device_id and tuple(s.scope) == scope)

    def new_life(self, of: Id, audience: Audience = Audience.CLASS, section: Id | None = None) -> bytes:
        """The genesis of a stream that nobody has seen yet."""
        self.made += 1
        epoch = derived_id("life", bytes([self.made]))
        return encode_genesis(Genesis(1, of, epoch, section or self.section, audience, "9", b""))

    def force(self, *drafts: Draft) -> None:
        """Blue-1 writes it although its own program would not."""
        self.blue.section = self.section
        self.blue.write_whatever(*drafts)

    def root(self) -> object:
        with self.desk.database.read() as connection:
            return class_root(connection, self.section)

    def statements(self, of: Device | None = None) -> list[Statement]:
        with (of or self.desk).database.read() as connection:
            return list(_read_statements(connection, self.section))

    def certificate_of(self, device: Device) -> Certificate:
        found = [one for one in self.statements() if isinstance(one, Certificate) and one.device == device.device_id]
        return found[-1]

    def announcement_of(self, device: Device) -> Announcement:
        found = [one for one in self.statements() if isinstance(one, Announcement) and one.device == device.device_id]
        return found[-1]

    # --- looking ---

    def shows(self, at: Device | None = None) -> tuple[str, str]:
        """Everything that the screens of a computer (the first desk) show of the class."""
        with (at or self.desk).database.read() as connection:
            return digest.class_digest(connection, self.section), digest.desk_digest(connection)

    def statuses(self, at: Device | None = None, of: Device | None = None) -> list[int]:
        """Of the attacker's ops, in the order of its streams."""
        with (at or self.desk).database.read() as connection:
            return list(
                connection.exec_driver_sql(
                    "SELECT op.status FROM op JOIN stream USING (sid) WHERE device_id = ?"
                    " ORDER BY stream_id, op.seq, op.hash8",
                    ((of or self.blue).device_id,),
                ).scalars()
            )

    def refused(self, at: Device | None = None) -> int:
        return (at or self.desk).count(f"SELECT COUNT(*) FROM op WHERE status = {Status.REFUSED}")

    def held(self, at: Device | None = None) -> int:
        return (at or self.desk).count(f"SELECT COUNT(*) FROM op WHERE status = {Status.HELD}")

    def goes_on(self) -> None:
        """Nothing keeps honest work from travelling: an entry of both student computers reaches both desks, and all
        who hold the same show the same, made anew or not."""
        entries = []
        for device in (self.blue, self.green):
            device.section = self.section
            entries.append(device.log_entry(0, "honest"))
            assert self.carry(device, self.desk).status == "applied"
        for device in (self.other, self.green):
            self.carry(self.desk, device)
        for device in (self.desk, self.other, self.green):
            assert set(entries) <= device.ids_of("entry")
            assert self.shows(device)[0] == self.shows()[0]
            assert digest.rebuild(device.ledger), "verdicts differ when they are made anew"
            with device.database.read() as connection:
                assert digest.verify(connection) == []


@cache
def _template() -> tuple[Path, Id]:
    root = Path(tempfile.mkdtemp(prefix="arena-"))
    room = make_classroom(root, stations=2)
    desk, (blue, green) = room.desk, room.stations
    other = add_desk(desk, root)
    abroad = Device(root / "abroad", "Ms Sato", "desk", 900, room.clock)
    abroad.found_mine()
    abroad.make_class(2)
    seat = abroad.give_seat("Lab-1")
    blue.take_seat(seat)
    blue.section = desk.section
    section = desk.section
    desk.ledger.commit(
        "plan",
        [
            put(section, "plan", PLAN, name="Maths"),
            put(section, "block", BLOCK, plan=PLAN, title="Computer"),
            put(section, "group", GROUP, plan=PLAN, name="Circles"),
            put(section, "goal", GOAL, student=desk.student(0), words="read", note="NoteCanary"),
            put(section, "goal_step", STEP, goal=GOAL, student=desk.student(0), words="a page"),
            put(section, "meeting", MEETING, day="2026-11-23"),
        ],
    )
    lap = root / "lap"
    for _ in range(2):
        room.lap(lap, [desk, other, blue, green, abroad, desk])
    for device in (blue, green):
        device.log_entry(0, "said")
    desk.ledger.commit(
        "checked",
        [put(section, "entry", derived_id("checked"), student=desk.student(0), kind="mastered", by="teacher")],
    )
    for _ in range(2):
        room.lap(lap, [desk, other, blue, green, abroad, desk])
    for device in (desk, other, blue, green, abroad):
        device.close()
    names = {"desk": desk, "other": other, "blue": blue, "green": green, "abroad": abroad}
    for name, device in names.items():
        if device.folder != root / name:
            device.folder.rename(root / name)
        (root / name / "key").write_bytes(device.key + device.section)
    (root / "clock").write_text(str(room.clock.now_ms))
    return root, section


def make_arena(folder: Path) -> Arena:
    """A copy of its own in ``folder``, all on one clock."""
    root, section = _template()
    clock = HandClock(int((root / "clock").read_text()))
    devices = {}
    for number, name in enumerate(("desk", "other", "blue", "green", "abroad")):
        kept = (root / name / "key").read_bytes()
        model = object.__new__(Device)
        model.folder, model.name, model.clock = root / name, name, clock
        model.key, model.section, model.randomness = kept[:32], kept[32:], SeededRandomness(number)
        devices[name] = model.copied_to(folder / name, clock, seed=5_000 + number)
    return Arena(folder, section=section, **devices)
