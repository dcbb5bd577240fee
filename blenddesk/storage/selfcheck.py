"""Whether the database on this computer is sound: its pages, every hash chain, and where each stream ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from blenddesk.storage import frames
from blenddesk.storage.packed_frames import Unpacking
from blenddesk.storage.streams import Stream, load_streams

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST_LINES = 20
"""One broken page makes SQLite say a hundred things; the first few tell which table."""


class Finding(NamedTuple):
    """Something found wrong: a code and what its sentence needs.

    ``integrity`` (``detail``): the file itself. ``chain_broken`` (``stream``, ``seq``): an op is not what was written.
    ``changes_missing`` (``stream``, ``first``, ``last``): ops that were here once are gone.
    """

    code: str
    data: dict[str, object]


def verify(connection: Connection) -> list[Finding]:
    """Checks the file and every hash chain; returns what is wrong: nothing in a sound database.

    Reads everything. What cannot be read at all is a finding too, never an error.
    """
    from sqlalchemy.exc import DatabaseError

    findings = _pages(connection)
    try:
        findings += [
            Finding("integrity", {"detail": str(line)})
            for (line,) in connection.exec_driver_sql(f"PRAGMA quick_check({MOST_LINES})")
            if line != "ok"
        ]
        for stream in load_streams(connection).by_sid.values():
            findings += _stream(connection, stream)
    except DatabaseError as error:
        if not findings:
            findings.append(Finding("integrity", {"detail": str(error.orig)}))
    return findings


def _pages(connection: Connection) -> list[Finding]:
    """Pages of the file that are not as they were written, by the check value that SQLCipher keeps in each."""
    first = {line for (line,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check")}
    if not first:
        return []
    # A page that is being written just now looks torn for a moment; what is broken stays broken.
    again = {line for (line,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check")}
    return [Finding("integrity", {"detail": str(line)}) for line in sorted(first & again)[:MOST_LINES]]


def _stream(connection: Connection, stream: Stream) -> Iterator[Finding]:
    """Follows one stream from its genesis, or behind a gap from the next place whose full hash is known."""
    heads: dict[int, set[bytes]] = {}
    for seq, chain_hash in connection.exec_driver_sql(
        "SELECT seq, hash FROM signed_head WHERE stream_id = ?", (stream.stream_id,)
    ):
        heads.setdefault(seq, set()).add(chain_hash)
    if stream.seq:
        heads.setdefault(stream.seq, set()).add(stream.hash)
    name = stream.stream_id.hex()
    at, before, reached = 0, set[bytes](), {frames.first_hash(stream.genesis)}
    read = Unpacking(connection)
    rows = connection.exec_driver_sql("SELECT seq, hash8, frame FROM op WHERE sid = ? ORDER BY seq", (stream.sid,))
    for seq, hash8, frame in rows:
        if seq != at:
            yield from _unreached_heads(name, at, heads, reached)
            if seq > at + 1:
                yield Finding("changes_missing", {"stream": name, "first": at + 1, "last": seq - 1})
            # Behind a gap the chain goes on from a signed place, or cannot be followed until the next one.
            before = reached if seq == at + 1 else heads.get(seq - 1, set())
            at, reached = seq, set()
        if not before:
            reached |= {known for known in heads.get(seq, ()) if known[: frames.HASH8] == hash8}
            continue
        found = _next_hashes(stream, before, read.frame(frame))
        matching = {chain_hash for chain_hash in found if chain_hash[: frames.HASH8] == hash8}
        if not matching:
            yield Finding("chain_broken", {"stream": name, "seq": seq})
        reached |= matching
    yield from _unreached_heads(name, at, heads, reached)
    newest = max(heads, default=0)
    if newest > at:
        yield Finding("changes_missing", {"stream": name, "first": at + 1, "last": newest})


def _unreached_heads(name: str, seq: int, heads: dict[int, set[bytes]], reached: set[bytes]) -> Iterator[Finding]:
    """Somebody vouched for another op at this place than the chain leads to; silent where it could not be followed."""
    if reached and not heads.get(seq, set()) <= reached:
        yield Finding("chain_broken", {"stream": name, "seq": seq})


def _next_hashes(stream: Stream, before: set[bytes], frame: bytes) -> set[bytes]:
    try:
        header, payload = frames.split_frame(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return set()
    return {frames.next_hash(stream.stream_id, previous, header, payload) for previous in before}
