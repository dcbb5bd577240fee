"""Who is home: what each computer of a class held when its last package was read here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.storage import frames
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.streams import load_streams
from blenddesk.sync.manifest import Contents
from blenddesk.sync.packages import Have
from blenddesk.sync.statements import Role
from blenddesk.sync.trust import Standing, Trust, load_trust

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CERTIFICATE = BY_NAME["certificate"]

_decode_have = msgspec.msgpack.Decoder(tuple[int, list[tuple[bytes, int, int, bytes]]]).decode


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """Another computer of the class, as far as files have told us.

    ``last_seen_ms`` is when we read its last package (our clock) and ``written_ms`` when it was written (its clock),
    both None when none ever came. ``behind`` counts the changes of ours to the class that it did not have then;
    ``has_up_to_ms`` is when the newest change of ours that it had was made. A seat that nobody has opened has no
    ``device_id``.
    """

    device_id: Id | None
    name: str
    role: Role
    seat: bytes
    standing: Standing | None
    last_seen_ms: int | None
    written_ms: int | None
    export_no: int | None
    behind: int
    has_up_to_ms: int | None
    added_ms: int | None = None
    """When its place in the class was made, as the desk's clock had it."""


def remember_peer(connection: Connection, contents: Contents, now_ms: int) -> None:
    """Keeps the receipt of a package, unless it or a later one of the same computer has been read already."""
    manifest = contents.manifest
    kept = connection.exec_driver_sql(
        "SELECT export_no, export_id, have FROM peer WHERE section = ? AND device_id = ?",
        (manifest.section, manifest.sender),
    ).one_or_none()
    # The same file read again brings nobody home: it is as old as it was.
    if kept is not None and kept.export_id == manifest.export_id:
        return
    have = contents.have()
    if kept is not None and manifest.export_no < kept.export_no:
        known = _decode_have(kept.have)[1]
        # A restored computer counts anew from an earlier number; that it holds more tells that its package is later.
        if not _has_all(have, known) or _has_all(known, have):
            return
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?, ?, ?)",
        (
            manifest.section,
            manifest.sender,
            manifest.export_no,
            manifest.export_id,
            msgspec.msgpack.encode((manifest.written_ms, have)),
            now_ms,
        ),
    )


def _has_all(have: Have, other: Have) -> bool:
    reach = _reach(have)
    return all(reach.get(stream_id, 0) >= hi for stream_id, _lo, hi, _end in other)


def who_is_home(connection: Connection, section: Id, own_device: Id) -> list[PeerStatus]:
    """Every other computer of the class and every seat still to be opened, by name; none that is retired."""
    trust = load_trust(connection, section)
    counts = _own_counts(connection, section, own_device)
    added = _added_ms(connection, section)
    seen: set[Id] = {own_device}
    found: list[PeerStatus] = []
    for device in trust.devices:
        if device.device_id in seen or device.standing is Standing.RETIRED:
            continue
        seen.add(device.device_id)
        row = connection.exec_driver_sql(
            "SELECT export_no, have, last_seen_ms FROM peer WHERE section = ? AND device_id = ?",
            (section, device.device_id),
        ).one_or_none()
        written_ms, have = _decode_have(row.have) if row is not None else (None, [])
        reach = _reach(have)
        found.append(
            PeerStatus(
                device.device_id,
                device.name,
                device.role,
                device.seat,
                device.standing,
                row.last_seen_ms if row is not None else None,
                written_ms,
                row.export_no if row is not None else None,
                sum(max(0, seq - reach.get(stream_id, 0)) for stream_id, (_sid, seq) in counts.items()),
                _newest_of_ours(connection, counts, reach),
                added.get(device.seat),
            )
        )
    found += _open_seats(trust, sum(seq for _sid, seq in counts.values()), added)
    return sorted(found, key=lambda peer: (peer.name.casefold(), peer.device_id or b""))


def _open_seats(trust: Trust, behind: int, added: dict[bytes, int]) -> list[PeerStatus]:
    return [
        PeerStatus(
            None, seat.name, Role(seat.role), seat.seat, None, None, None, None, behind, None, added.get(seat.seat)
        )
        for seat in trust.open_seats
    ]


def _added_ms(connection: Connection, section: Id) -> dict[bytes, int]:
    """When each seat of the class was made: the label of its first certificate, by the seat."""
    added: dict[bytes, int] = {}
    rows = connection.exec_driver_sql(
        # Not as a join: SQLite would begin with the whole log, because of the record.
        "SELECT frame FROM op WHERE sid IN (SELECT sid FROM stream WHERE section = ? AND audience = ?)"
        " AND record = ? ORDER BY hlc, hash8",
        (section, int(Audience.TRUST), CERTIFICATE.number),
    )
    for frame in rows.scalars():
        header_bytes, payload = frames.split_frame(frame)
        header = frames.decode_header(header_bytes)
        seat = frames.decode_fields(header, payload, Audience.TRUST).get(CERTIFICATE.field("seat").number)
        if isinstance(seat, bytes) and seat:
            added.setdefault(seat, frames.wall_ms(header))
    return added


def _own_counts(connection: Connection, section: Id, own_device: Id) -> dict[Id, tuple[int, int]]:
    """Our own streams of what a class sees: stream id -> (sid, newest seq)."""
    return {
        stream.stream_id: (stream.sid, stream.seq)
        for stream in load_streams(connection).by_sid.values()
        if stream.scope.section == section
        and stream.scope.audience is Audience.CLASS
        and stream.device_id == own_device
    }


def _reach(have: Have) -> dict[Id, int]:
    reach: dict[Id, int] = {}
    for stream_id, _lo, hi, _end in have:
        reach[stream_id] = max(reach.get(stream_id, 0), hi)
    return reach


def _newest_of_ours(connection: Connection, counts: dict[Id, tuple[int, int]], reach: dict[Id, int]) -> int | None:
    """When the newest of our ops within ``reach`` was written: the label it carries, in ms since 1970."""
    newest: int | None = None
    for stream_id, (sid, _seq) in counts.items():
        frame = connection.exec_driver_sql(
            "SELECT frame FROM op WHERE sid = ? AND seq <= ? ORDER BY seq DESC LIMIT 1", (sid, reach.get(stream_id, 0))
        ).scalar_one_or_none()
        if frame is not None:
            at = frames.wall_ms(frames.decode_header(Unpacking(connection).split(frame)[0]))
            newest = at if newest is None else max(newest, at)
    return newest
