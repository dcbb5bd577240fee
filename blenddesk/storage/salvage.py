"""What can still be read of a damaged database, and putting it together with a sound copy of it.

Every page carries a check value, so a row that can be read at all is the row that was written. Around pages that cannot
be read the log is walked from both sides. What is missing then is what a package from another computer brings again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
import sqlcipher3.dbapi2 as driver

from blenddesk.domain.ids import Id
from blenddesk.storage import frames, withdrawals
from blenddesk.storage.database import SCHEMA_VERSION
from blenddesk.storage.packed_frames import Unpacking, prepare
from blenddesk.storage.streams import Stream, load_streams, save_position
from blenddesk.storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.storage.database import Database

log = logging.getLogger(__name__)

KEYS = {
    "stream": "sid",
    "signed_head": "stream_id, seq, hash",
    "fork": "stream_id",
    "frame_dictionary": "number",
    "change": "id",
    "peer": "section, device_id",
    "package_seen": "sha256",
    "local": "name",
}
"""The small tables of the log, and what local tables there are, with the order in which they are read."""
NEWER_WINS = ("change", "peer", "local")
NOT_BROUGHT = ("projections", "epoch", "watched")
"""Local facts that the new database has for itself; and which files of the shared folder were read (``watched``), as
those files bring back what is lost."""
MOST_OPENINGS = 400
"""A connection that met one broken page reads nothing any more; opening a new one takes a few milliseconds."""
ROWS_ON_PAGE = 16
"""Between two readable ops that are no further apart there is hardly another whole page."""
FAR = frames.MAX_NUMBER
GUESS = 1 << 16
"""How far a stream may reach of which the end cannot be read."""


class Salvaged(NamedTuple):
    """How much came over: ops that the sound copy did not have, and whether every page could be read."""

    ops: int
    whole: bool


class Wreck:
    """A database file of which some pages cannot be read. ``broken`` says whether one was met."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._connection: Any = None
        self._openings = 0
        self.broken = False

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """The rows of a small table that can be read, in the order of its key."""
        order = KEYS[name].split(", ")
        up, whole = self._read(f'SELECT * FROM "{name}" ORDER BY {", ".join(order)}')
        if whole:
            return up
        down, _whole = self._read(f'SELECT * FROM "{name}" ORDER BY {", ".join(f"{part} DESC" for part in order)}')
        return list(dict.fromkeys([*up, *reversed(down)]))

    def columns(self, table: str) -> list[str]:
        rows, _whole = self._read(f'SELECT name FROM pragma_table_info("{table}")')
        return [name for (name,) in rows]

    def ops(self, sid: int) -> list[tuple[Any, ...]]:
        """The rows of one stream that can be read, by place."""
        return sorted(self._ops(sid, 1, FAR), key=lambda row: (row[1], row[2]))

    def _ops(self, sid: int, lo: int, hi: int) -> Iterator[tuple[Any, ...]]:
        where = "SELECT * FROM op WHERE sid = ? AND seq BETWEEN ? AND ? ORDER BY seq"
        up, whole = self._read(where, (sid, lo, hi))
        yield from up
        if whole:
            return
        # A row before the broken page may have a twin on it: the same place is asked for again, doubles are dropped.
        first = up[-1][1] if up else lo
        seen = set(up)
        down, _whole = self._read(f"{where} DESC", (sid, first, hi))
        yield from (row for row in down if row not in seen)
        last = down[-1][1] if down else hi
        if hi == FAR and last == FAR:
            # Nothing at the far end can be read either, so there is no telling how far it is.
            last = first + GUESS
        middle = (first + last) // 2
        if last - first > ROWS_ON_PAGE and self._openings < MOST_OPENINGS:
            yield from (row for row in self._ops(sid, first + 1, middle) if row not in seen)
            yield from (row for row in self._ops(sid, middle + 1, last - 1) if row not in seen)

    def _read(self, sql: str, values: Sequence[object] = ()) -> tuple[list[tuple[Any, ...]], bool]:
        """(rows up to where reading failed, whether it did not)."""
        rows: list[tuple[Any, ...]] = []
        try:
            rows.extend(map(tuple, self._open().execute(sql, values)))
        except driver.DatabaseError as error:
            log.debug("salvage: %s", error)
            self.broken = True
            self.close()
            return rows, False
        return rows, True

    def _open(self) -> Any:
        if self._connection is None:
            self._openings += 1
            connection = driver.connect(str(self._path), isolation_level=None)
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            self._connection = connection
        return self._connection


def bring_over(wreck: Wreck, connection: Connection) -> Salvaged:
    """Adds everything readable in ``wreck`` to the sound database of ``connection``, inside its transaction.

    Ops are taken where the chain before them leads to them, or where the op before them is lost. The projections are
    left as they were; a rebuild must follow.
    """
    metadata.create_all(connection)
    prepare(connection)
    _bring_rows(wreck, connection, "frame_dictionary", "IGNORE")
    sids = _bring_streams(wreck, connection)
    streams = load_streams(connection)
    ops = sum(_bring_ops(wreck, connection, streams.by_sid[to], sid) for sid, to in sids.items())
    # Not ``package_seen``: a package that was read once may be what heals the log, so it counts as unread.
    for table in ("signed_head", *NEWER_WINS):
        _bring_rows(wreck, connection, table, "REPLACE" if table in NEWER_WINS else "IGNORE")
    withdrawals.settle(connection, load_streams(connection))
    return Salvaged(ops, not wreck.broken)


def begin_from(wreck: Wreck, database: Database) -> bool:
    """Makes an empty database of the same device, for ``bring_over``; False where who it was cannot be read."""
    facts = dict(wreck.table("local"))
    if not {"device_id", "role", "name", "key/sign", "key/seal", "key/age"} <= facts.keys():
        return False
    with database.write() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return True


def settle_heads(connection: Connection, device_id: Id, sign: Callable[[Id, int, bytes], bytes]) -> None:
    """Gives up what is lost: no head speaks of ops that are gone, and the ends of our own runs are signed again.

    ``sign`` is given (stream id, place, hash). What a package brings again later brings its heads along.
    """
    for stream in load_streams(connection).by_sid.values():
        ends = _run_ends(connection, stream)
        last = max(ends, default=0)
        connection.exec_driver_sql("DELETE FROM signed_head WHERE stream_id = ? AND seq > ?", (stream.stream_id, last))
        if stream.device_id != device_id:
            continue
        proven = {seq: chain_hash for seq, chain_hash in ends.items() if chain_hash is not None}
        if stream.seq > last:
            seq = max(proven, default=0)
            stream.seq, stream.hash = seq, proven.get(seq, frames.first_hash(stream.genesis))
            save_position(connection, stream)
        for seq, chain_hash in proven.items():
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO signed_head VALUES (?, ?, ?, ?)",
                (stream.stream_id, seq, chain_hash, sign(stream.stream_id, seq, chain_hash)),
            )


def _run_ends(connection: Connection, stream: Stream) -> dict[int, bytes | None]:
    """The last place of each run of ops without a gap, and its full hash where the chain can be followed there."""
    heads = connection.exec_driver_sql("SELECT seq, hash FROM signed_head WHERE stream_id = ?", (stream.stream_id,))
    known: dict[int, bytes] = {row[0]: row[1] for row in heads}
    ends: dict[int, bytes | None] = {}
    at, reached = 0, cast("bytes | None", frames.first_hash(stream.genesis))
    read = Unpacking(connection)
    rows = connection.exec_driver_sql("SELECT seq, hash8, frame FROM op WHERE sid = ? ORDER BY seq", (stream.sid,))
    for seq, hash8, frame in rows:
        if seq != at + 1:
            if at:
                ends[at] = reached
            reached = known.get(seq - 1)
        if reached is not None:
            header, payload = read.split(frame)
            reached = frames.next_hash(stream.stream_id, reached, header, payload)
            if reached[: frames.HASH8] != hash8:
                reached = None
        elif seq in known and known[seq][: frames.HASH8] == hash8:
            reached = known[seq]
        at = seq
    if at:
        ends[at] = reached
    return ends


def _bring_streams(wreck: Wreck, connection: Connection) -> Mapping[int, int]:
    """The streams known to either, by the number they have in the wreck: its number in the sound copy."""
    known = load_streams(connection)
    names = wreck.columns("stream")
    # Numbers are never used twice, so those of a copy mean the same where the wreck's own table is lost.
    found = {sid: sid for sid in known.by_sid}
    for row in wreck.table("stream"):
        old = dict(zip(names, row, strict=True))
        ours = known.by_id.get(old["stream_id"])
        if ours is None:
            # How far it was whole (``have``) is not true of what comes over with gaps.
            fresh = {name: value for name, value in old.items() if name not in ("sid", "have")}
            columns = ", ".join(f'"{name}"' for name in fresh)
            marks = ", ".join("?" * len(fresh))
            found[old["sid"]] = connection.exec_driver_sql(
                f"INSERT INTO stream ({columns}) VALUES ({marks}) RETURNING sid", tuple(fresh.values())
            ).scalar_one()
            continue
        found[old["sid"]] = ours.sid
        connection.exec_driver_sql(
            "UPDATE stream SET hlc = max(hlc, ?), hash = iif(seq < ?, ?, hash), seq = max(seq, ?) WHERE sid = ?",
            (old["hlc"], old["seq"], old["hash"], old["seq"], ours.sid),
        )
    return found


def _bring_ops(wreck: Wreck, connection: Connection, stream: Stream, sid: int) -> int:
    names = wreck.columns("op")
    if not names:
        return 0
    seq_at, hash_at, frame_at, status_at = (names.index(name) for name in ("seq", "hash8", "frame", "status"))
    read = Unpacking(connection)
    held = {
        (seq, hash8): read.frame(frame)
        for seq, hash8, frame in connection.exec_driver_sql(
            "SELECT seq, hash8, frame FROM op WHERE sid = ?", (stream.sid,)
        )
    }
    found = {(row[seq_at], row[hash_at]): row for row in wreck.ops(sid)}
    whole = {place: read.frame(row[frame_at]) for place, row in found.items()}
    # What was packed with a dictionary that is lost cannot be read any more, though its own page could.
    found = {place: row for place, row in found.items() if whole[place]}
    sound = _chained(stream, {**{place: whole[place] for place in found}, **held})
    fresh = [place for place in found if place in sound and place not in held]
    if fresh:
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        rows = [(stream.sid, *found[place][1:]) for place in fresh]
        connection.exec_driver_sql(f"INSERT INTO op ({columns}) VALUES ({marks})", rows)
    # What was taken back or accepted since the copy was made: the wreck is the newer of the two.
    statuses = [(found[place][status_at], stream.sid, *place) for place in found if place in held]
    if statuses:
        connection.exec_driver_sql("UPDATE op SET status = ? WHERE sid = ? AND seq = ? AND hash8 = ?", statuses)
    return len(fresh)


def _chained(stream: Stream, ops: Mapping[tuple[int, bytes], bytes]) -> set[tuple[int, bytes]]:
    """The places of ops that the chain leads to; behind a gap those that stand in a row from there."""
    sound: set[tuple[int, bytes]] = set()
    at, before, reached = 0, set[bytes](), {frames.first_hash(stream.genesis)}
    for seq, hash8 in sorted(ops):
        if seq != at:
            before, at, reached = (reached if seq == at + 1 else set()), seq, set()
        if not before:
            sound.add((seq, hash8))
            continue
        try:
            header, payload = frames.split_frame(ops[seq, hash8])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        matching = {
            after
            for after in (frames.next_hash(stream.stream_id, previous, header, payload) for previous in before)
            if after[: frames.HASH8] == hash8
        }
        if matching:
            sound.add((seq, hash8))
            reached |= matching
    return sound


def _bring_rows(wreck: Wreck, connection: Connection, table: str, conflict: str) -> None:
    names = wreck.columns(table)
    rows = [row for row in wreck.table(table) if table != "local" or row[0] not in NOT_BROUGHT] if names else []
    if rows:
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT OR {conflict} INTO "{table}" ({columns}) VALUES ({marks})', rows)
