"""Frames made small where they lie in the log: each compressed alone, with the ids that its neighbours name too.

A stored frame is either a frame as it was written (``frames``), or packed: ``MARK``, the number of a dictionary in
four bytes, and the frame as zstd without its header, which is always the same. Every row can still be read alone.

A dictionary is made from a run of neighbours and holds ids, headers and the program's own words, never a word or a
number that somebody wrote: what is erased of a child leaves nothing in it but the id that headers keep anyway. Its
number is taken from its content, so it means the same in every copy of the log and no cache can hold another.

Only ``PACKED`` records are, which are written by the hundred each day. Those that are folded from several ops are read
by id, all over the log, and would ask for another dictionary each time; statements about devices are few and read at
every turn. Whoever asks for records that are not packed takes their frames as they lie, all others use ``Unpacking``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from blenddesk.domain.entries import By, EntryKind
from blenddesk.domain.hlc import milliseconds
from blenddesk.domain.ids import ID_BYTES
from blenddesk.domain.registry import BY_NAME, FIELDS_BY_NUMBER, Shape, Value
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.storage.database import Database
    from blenddesk.storage.transaction import OpRow

MARK = b"\xc1"
"""First byte of a packed frame. No msgpack value begins with it."""
_NUMBER = slice(1, 5)
MOST_BYTES = 4_096
"""A longer frame stays as it is, and nothing unpacks to more: a tampered database cannot make anybody take memory."""
FEWEST = 64
"""With fewer neighbours a dictionary costs more than it saves."""
FEWEST_LATER, MOST_LATER = 512, 1_024
"""Ops that are packed together when they have lain in the log for a while."""
_SAMPLE = 256
_EXAMPLES = 4
_ZSTD_HEADER = b"\x00\x20"
"""No size, no check value, no dictionary id, a window of 16 KiB, which is as much as any frame needs. It is not stored:
a size in it would be believed by the decompressor, whatever limit it is given."""
_DICTIONARY_BYTES = 8_192
"""With the longest frame behind it still inside the window."""
_DICTIONARIES = 16
"""How many are kept at hand: about 100 KB each."""
_OWN_WORDS = frozenset[object](kind.value for kind in (*EntryKind, *By))
PACKED = frozenset(BY_NAME[name].number for name in ("lesson_event", "entry", "reflection"))
_PLAIN_CLAUSE = (
    f"record IN ({', '.join(map(str, sorted(PACKED)))})"
    f" AND substr(frame, 1, 1) <> x'{MARK.hex()}' AND length(frame) <= {MOST_BYTES}"
)
_ID_START = b"\xc4\x10"
"""How msgpack begins an id."""

_decode_payload = msgspec.msgpack.Decoder(dict[int, Any]).decode

FindDictionary = Callable[[int], "bytes | None"]


# --- reading ---------------------------------------------------------------------------------------------------------


class Unpacking:
    """Stored frames as they were written. For one thread, and for as long as one question to the log takes."""

    def __init__(self, connection: Connection | None = None, *, find: FindDictionary | None = None) -> None:
        """``find`` gets a dictionary by its number where there is no ``connection`` of SQLAlchemy's."""
        if find is None:
            assert connection is not None
            known = connection

            def find(number: int) -> bytes | None:
                return known.exec_driver_sql(
                    "SELECT content FROM frame_dictionary WHERE number = ?", (number,)
                ).scalar_one_or_none()

        self._find = find
        self._unpackers: dict[bytes, Callable[[bytes], bytes]] = {}

    def split(self, stored: bytes) -> tuple[bytes, bytes]:
        """(header, payload). Raises ``msgspec.DecodeError`` where the frame or its dictionary is damaged."""
        return frames.split_frame(self.frame(stored))

    def frame(self, stored: bytes) -> bytes:
        """The frame; empty, which no frame is, where it or its dictionary is damaged."""
        if stored[:1] != MARK:
            return stored
        number = stored[_NUMBER]
        unpack = self._unpackers.get(number)
        if unpack is None:
            if len(self._unpackers) >= _DICTIONARIES:
                del self._unpackers[next(iter(self._unpackers))]
            content = self._find(int.from_bytes(number, "big"))
            unpack = _unpacker(content) if content is not None and number_of(content) == number else _nothing
            self._unpackers[number] = unpack
        return unpack(stored)


def _unpacker(content: bytes) -> Callable[[bytes], bytes]:
    import zstandard

    decompressor = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT),
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    )

    def unpack(stored: bytes) -> bytes:
        try:
            return decompressor.decompress(_ZSTD_HEADER + stored[_NUMBER.stop :], max_output_size=MOST_BYTES)
        except zstandard.ZstdError:
            return b""

    return unpack


def _nothing(_stored: bytes) -> bytes:
    return b""


# --- packing ---------------------------------------------------------------------------------------------------------


def pack(connection: Connection, rows: Sequence[OpRow]) -> list[OpRow]:
    """Rows of neighbours, those packed that become smaller by it; their dictionary is then in the database.

    All stay as they are where that would save less than the dictionary costs, or where fewer than ``FEWEST`` could be
    packed. Whatever is packed was unpacked again and compared.
    """
    from blenddesk.storage.transaction import OpRow

    packed = list(rows)
    fit = [at for at, row in enumerate(rows) if row.record in PACKED and len(row.frame) <= MOST_BYTES]
    if len(fit) < FEWEST:
        return packed
    content = dictionary([rows[at].frame for at in fit])
    number, saved = number_of(content), 0
    start, compress, unpack = MARK + number, _packer(content), _unpacker(content)
    for at in fit:
        frame = rows[at].frame
        small = start + compress(frame)
        if len(small) < len(frame) and unpack(small) == frame:
            packed[at] = OpRow._make((*rows[at][:-1], small))
            saved += len(frame) - len(small)
    return packed if _pays(saved, content) and _keep(connection, number, content) else list(rows)


def _pays(saved: int, content: bytes) -> bool:
    """Whether packing saves more bytes than its dictionary takes: sealed words, for one, hardly become shorter."""
    return saved > len(content)


def number_of(content: bytes) -> bytes:
    return blake2b(content, digest_size=4).digest()


def prepare(connection: Connection) -> None:
    """Makes the table in a database of an earlier program, which that program cannot read from then on."""
    from blenddesk.storage.database import SCHEMA_VERSION
    from blenddesk.storage.tables import frame_dictionary

    if connection.exec_driver_sql("PRAGMA user_version").scalar_one() < SCHEMA_VERSION:
        frame_dictionary.create(connection, checkfirst=True)
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _keep(connection: Connection, number: bytes, content: bytes) -> bool:
    """Whether the dictionary is in the database; not where another has its number, one time in a billion."""
    prepare(connection)
    key = int.from_bytes(number, "big")
    connection.exec_driver_sql("INSERT OR IGNORE INTO frame_dictionary VALUES (?, ?)", (key, content))
    kept = connection.exec_driver_sql("SELECT content FROM frame_dictionary WHERE number = ?", (key,)).scalar_one()
    return bytes(kept) == content


def _packer(content: bytes) -> Callable[[bytes], bytes]:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        3,
        window_log=14,
        hash_log=12,
        min_match=5,
        strategy=zstandard.STRATEGY_FAST,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        write_content_size=False,
        write_checksum=False,
        write_dict_id=False,
    )
    words = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    words.precompute_compress(compression_params=parameters)
    compress = zstandard.ZstdCompressor(dict_data=words, compression_params=parameters).compress
    # Its own header names a smaller window where the frame is short.
    return lambda frame: compress(frame)[len(_ZSTD_HEADER) :]


# --- what a dictionary holds -----------------------------------------------------------------------------------------


class _Example(NamedTuple):
    header_bytes: bytes
    header: frames.Header
    fields: dict[int, Value]


def dictionary(run: Sequence[bytes]) -> bytes:
    """For the frames of a run: the ids that several of them name, the most frequent last, and examples behind them."""
    seen: Counter[bytes] = Counter()
    examples: dict[tuple[object, ...], _Example] = {}
    for frame in run[:: -(-len(run) // _SAMPLE)]:
        example = _look_at(frame)
        if example is None:
            continue
        header, fields = example.header, example.fields
        seen.update(
            bytes([number]) + _ID_START + value
            for number, value in fields.items()
            if isinstance(value, bytes) and _is_id(header.record, number, value)
        )
        if header.actor:
            seen[_ID_START + header.actor] += 1
        words = (value for value in fields.values() if isinstance(value, str) and value in _OWN_WORDS)
        examples[header.record, *words] = example
    shown = b"".join(map(_told, list(examples.values())[-_EXAMPLES:]))
    often = [text for text, count in seen.most_common() if count > 1]
    ids_bytes = b"".join(reversed(often))
    return (ids_bytes + shown)[-_DICTIONARY_BYTES:]


def _look_at(frame: bytes) -> _Example | None:
    """A frame that this program can read; sealed, blanked and unknown content count as empty."""
    try:
        header_bytes, payload = frames.split_frame(frame)
        header = frames.decode_header(header_bytes)
    except (msgspec.MsgspecError, ExchangeTrouble):
        return None
    try:
        fields = _decode_payload(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fields = {}
    return _Example(header_bytes, header, fields)


def _is_id(record: int, number: int, value: Value) -> bool:
    """Field numbers of the registry are small: each is one byte in a frame."""
    field = FIELDS_BY_NUMBER.get((record, number))
    return field is not None and field.shape is Shape.ID and isinstance(value, bytes) and len(value) == ID_BYTES


def _told(example: _Example) -> bytes:
    """The frame without what was written in it: ids and own words stay, days and times are those of the header."""
    header_bytes, header, fields = example
    at_ms = milliseconds(header.hlc)
    told: dict[int, Value] = {}
    for number, value in fields.items():
        field = FIELDS_BY_NUMBER.get((header.record, number))
        if field is None:
            continue
        if _is_id(header.record, number, value) or (field.shape is Shape.TEXT and value in _OWN_WORDS):
            told[number] = value
        elif field.shape is Shape.TEXT:
            told[number] = time.strftime("%Y-%m-%d", time.gmtime(at_ms // 1000))
        elif field.shape is Shape.INT:
            told[number] = at_ms if isinstance(value, int) and value > 1 << 32 else 0
    return frames.encode_frame(header_bytes, frames.encode_payload(told))


# --- what has lain in the log for a while ----------------------------------------------------------------------------


def pack_older(database: Database, *, fewest: int = FEWEST_LATER, most: int = MOST_LATER) -> int:
    """Packs long runs of ops that came one by one, such as a computer's own year; returns how many ops.

    Runs of ``fewest`` to ``most`` ops, each in a transaction of its own of some 20 ms, and only while nobody else
    wants to write; what is left waits for the next time.
    """
    done = 0
    with database.read() as connection:
        runs = list(_plain_runs(connection, fewest, most))
    for sid, first, last in runs:
        if database.is_wanted:
            break
        with database.write() as connection:
            done += _pack_run(connection, sid, first, last)
    return done


def _plain_runs(connection: Connection, fewest: int, most: int) -> Iterator[tuple[int, int, int]]:
    """(sid, first, last) of neighbours in one stream that lie there as they were written."""
    rows = connection.exec_driver_sql(f"SELECT sid, seq FROM op WHERE {_PLAIN_CLAUSE} ORDER BY sid, seq")
    run: list[int] = []
    of = 0
    for sid, seq in rows:
        if run and (sid != of or len(run) == most):
            if len(run) >= fewest:
                yield of, run[0], run[-1]
            run = []
        of = sid
        run.append(seq)
    if len(run) >= fewest:
        yield of, run[0], run[-1]


def _pack_run(connection: Connection, sid: int, first: int, last: int) -> int:
    from blenddesk.storage.transaction import OpRow, insert_ops

    rows = [
        OpRow(*row)
        for row in connection.exec_driver_sql(
            f"SELECT * FROM op WHERE sid = ? AND seq BETWEEN ? AND ? AND {_PLAIN_CLAUSE} ORDER BY seq",
            (sid, first, last),
        )
    ]
    smaller = [packed for packed, row in zip(pack(connection, rows), rows, strict=True) if packed.frame != row.frame]
    if smaller:
        # What is erased later should not have stayed in a place that was freed here.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        # Rows that only became shorter would leave every page half empty for good.
        places = [(row.sid, row.seq, row.hash8) for row in smaller]
        connection.exec_driver_sql("DELETE FROM op WHERE sid = ? AND seq = ? AND hash8 = ?", places)
        insert_ops(connection, smaller)
    return len(smaller)
