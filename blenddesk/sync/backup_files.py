"""The backup file: sealed with age to a computer, a recovery sheet or five words; written and read as a stream.

    BDBACK2\n || length (4) || outer (msgpack, open to all) || age( length (4) || head || database ) || check (16)

The database inside is encrypted once more with its own key, which the head brings. The check tells a damaged file from
wrong words without any key.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
import pyrage

from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.storage.database import KEY_BYTES
from blenddesk.sync import recovery, words
from blenddesk.sync.wordlock import MAX_MEMORY_BYTES, MAX_PASSES, SALT_BYTES, Strength

MAGIC = b"BDBACK2\n"
CHECK_BYTES = 16
MAX_OUTER_BYTES = MAX_HEAD_BYTES = 64 << 10
CHUNK = 1 << 20
WORDS, SHEET = "words", "sheet"


class Way(msgspec.Struct, array_like=True, frozen=True):
    """How typed words become the age identity that opens the file. ``kind``: ``words`` (five) or ``sheet`` (ten)."""

    kind: str
    recipient: str
    salt: bytes
    passes: int
    memory_bytes: int


class Outer(msgspec.Struct, array_like=True, frozen=True):
    """What anyone can read: how it may be opened, and which backup it is (``domain.retention.Mark``)."""

    number: int
    day: int
    ways: list[Way]


class Head(msgspec.Struct, array_like=True, frozen=True):
    """What is in it. ``made_ms`` is a label; ``counts`` by record name; ``digest`` is of all that screens showed, with
    the tables that ``projections`` (``storage.columns.fingerprint``) stands for."""

    key: bytes
    ops: int
    digest: str
    projections: bytes
    made_ms: int
    app_version: str
    counts: dict[str, int]
    classes: list[str]
    database_bytes: int
    database_hash: bytes


class Secrets(NamedTuple):
    """What may open a backup: this computer's own database key, and words that somebody typed."""

    key: bytes | None = None
    typed: str = ""


_encode = msgspec.msgpack.encode
_decode_outer = msgspec.msgpack.Decoder(Outer).decode
_decode_head = msgspec.msgpack.Decoder(Head).decode


def own_identity(key: bytes) -> pyrage.x25519.Identity:
    """What opens the backups of a database on the computer that has its key."""
    return recovery.age_identity(blake2b(key, digest_size=32, person=b"bd-backup").digest())


def seal(out: BinaryIO, outer: Outer, head: Head, database: Path, own: pyrage.x25519.Identity) -> None:
    """Writes a backup of ``database`` that ``own`` and the ways of ``outer`` open. Raises ``OSError``."""
    packed = _encode(outer)
    hashing = _Hashing(out)
    hashing.write(MAGIC + len(packed).to_bytes(4, "big") + packed)
    inside = _encode(head)
    recipients = [own.to_public(), *(pyrage.x25519.Recipient.from_str(way.recipient) for way in outer.ways)]
    with database.open("rb") as file:
        source = _Chained(len(inside).to_bytes(4, "big") + inside, file)
        try:
            pyrage.encrypt_io(source, hashing, recipients)
        except (OSError, pyrage.EncryptError):
            _raise_first(source.error, hashing.error)
            raise
    out.write(hashing.digest())


# --- opening --------------------------------------------------------------------------------------------------------


def read_outer(file: Path) -> Outer:
    """Which backup it is and how it may be opened; needs no secret and reads the whole file once.

    Raises ``ExchangeTrouble``: ``file_empty``, ``not_a_backup``, ``backup_newer``, ``backup_damaged``,
    ``backup_malformed``; ``OSError``.
    """
    with file.open("rb") as source:
        return _read_outer(source)[0]


def peek(file: Path) -> Outer:
    """``read_outer`` without reading the rest of the file: for a first look only."""
    with file.open("rb") as source:
        _start, packed = _beginning(source)
        return _checked_outer(packed)


def unseal(file: Path, secrets: Secrets, to: Path) -> Head:
    """Writes the database of a backup to ``to`` and says what is in it.

    Raises what ``read_outer`` raises; ``ExchangeTrouble`` (``backup_words_wrong``); ``Refusal``: ``backup_needs_words``
    (this computer's key does not open it and no words were given), ``backup_no_sheet`` or ``backup_no_words`` (it is
    not opened by ten, or by five words), and those of wrongly typed words. ``to`` is gone then.
    """
    try:
        with file.open("rb") as source:
            outer, start, end = _read_outer(source)
            identities = _identities(outer, secrets)
            source.seek(start)
            return _unseal(source, end - start, identities, secrets, to)
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def _read_outer(file: BinaryIO) -> tuple[Outer, int, int]:
    """(outer, where the age part begins, where it ends), once the check at the end was found right."""
    start, packed = _beginning(file)
    end = file.seek(0, 2) - CHECK_BYTES
    file.seek(0)
    total = blake2b(digest_size=CHECK_BYTES)
    for chunk in _chunks(file, end):
        total.update(chunk)
    if end < start or total.digest() != file.read(CHECK_BYTES):
        raise ExchangeTrouble("backup_damaged")
    return _checked_outer(packed), start, end


def _beginning(file: BinaryIO) -> tuple[int, bytes]:
    """(where the age part begins, the packed outer)."""
    magic = file.read(len(MAGIC))
    if not magic:
        raise ExchangeTrouble("file_empty")
    if magic[:-2] != MAGIC[:-2]:
        raise ExchangeTrouble("not_a_backup")
    if magic != MAGIC:
        raise ExchangeTrouble("backup_newer")
    length = int.from_bytes(file.read(4), "big")
    if length > MAX_OUTER_BYTES:
        raise ExchangeTrouble("backup_damaged")
    return len(MAGIC) + 4 + length, file.read(length)


def _checked_outer(packed: bytes) -> Outer:
    try:
        outer = _decode_outer(packed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("backup_malformed") from error
    if not all(
        way.kind in (WORDS, SHEET)
        and 1 <= way.passes <= MAX_PASSES
        and 8_192 <= way.memory_bytes <= MAX_MEMORY_BYTES
        and len(way.salt) == SALT_BYTES
        for way in outer.ways
    ):
        raise ExchangeTrouble("backup_malformed")
    return outer


def _identities(outer: Outer, secrets: Secrets) -> list[pyrage.x25519.Identity]:
    found = [own_identity(secrets.key)] if secrets.key is not None else []
    if not secrets.typed.strip():
        return found
    kind = SHEET if len(words.typed_words(secrets.typed)) == recovery.WORDS_ON_SHEET else WORDS
    read = recovery.read_sheet_words if kind == SHEET else words.secret_from
    secret = read(secrets.typed)
    ways = [way for way in outer.ways if way.kind == kind]
    if not ways:
        raise Refusal("backup_no_sheet" if kind == SHEET else "backup_no_words")
    for way in ways:
        identity = recovery.identity(secret, way.salt, Strength(way.passes, way.memory_bytes))
        if str(identity.to_public()) == way.recipient:
            return [*found, identity]
    raise Refusal("recovery_words_wrong") if kind == SHEET else ExchangeTrouble("backup_words_wrong")


def _unseal(
    source: BinaryIO,
    length: int,
    identities: list[pyrage.x25519.Identity],
    secrets: Secrets,
    to: Path,
) -> Head:
    if not identities:
        raise Refusal("backup_needs_words")
    limited = _Limited(source, length)
    with to.open("wb") as out:
        splitting = _Splitting(out)
        try:
            pyrage.decrypt_io(limited, splitting, identities)
        except (OSError, pyrage.DecryptError) as error:
            _raise_first(limited.error, splitting.error)
            if "No matching keys" in str(error) and not secrets.typed.strip():
                raise Refusal("backup_needs_words") from error
            # The check at the end was right, so whoever made the file made it so.
            raise ExchangeTrouble("backup_malformed") from error
    head = splitting.head()
    if (
        len(head.key) != KEY_BYTES
        or to.stat().st_size != head.database_bytes
        or hash_of(to, head.database_bytes) != head.database_hash
    ):
        raise ExchangeTrouble("backup_malformed")
    return head


# --- bytes ----------------------------------------------------------------------------------------------------------


def _raise_first(*errors: Exception | None) -> None:
    for error in errors:
        if error is not None:
            raise error


def _chunks(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk


def hash_of(path: Path, length: int) -> bytes:
    """Of the first ``length`` bytes of a file, which is read in pieces."""
    total = blake2b(digest_size=32)
    with path.open("rb") as file:
        for chunk in _chunks(file, length):
            total.update(chunk)
    return total.digest()


class _Hashing:
    """Passes on what is written and hashes it. ``error`` keeps what age would hide behind an error of its own."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._total = out, blake2b(digest_size=CHECK_BYTES)
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        self._total.update(data)
        try:
            self._out.write(data)
        except OSError as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    def digest(self) -> bytes:
        return self._total.digest()


class _Chained:
    """Some bytes, then a file, as age reads them."""

    def __init__(self, first: bytes, file: BinaryIO) -> None:
        self._first, self._file = first, file
        self.error: OSError | None = None

    def read(self, length: int) -> bytes:
        if self._first:
            part, self._first = self._first[:length], self._first[length:]
            return part
        try:
            return self._file.read(length)
        except OSError as error:
            self.error = error
            raise


class _Limited:
    """The next ``length`` bytes of a file, as age reads them."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length
        self.error: OSError | None = None

    def read(self, length: int) -> bytes:
        try:
            part = self._file.read(min(length, self._left))
        except OSError as error:
            self.error = error
            raise
        self._left -= len(part)
        return part


class _Splitting:
    """Keeps the head of what is written and passes the rest on into the file."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._held = b""
        self._head: Head | None = None
        self.error: Exception | None = None

    def write(self, data: bytes) -> int:
        try:
            if self._head is not None:
                self._out.write(data)
            else:
                self._take(data)
        except (OSError, ExchangeTrouble) as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    def head(self) -> Head:
        if self._head is None:
            raise ExchangeTrouble("backup_malformed")
        return self._head

    def _take(self, data: bytes) -> None:
        self._held += data
        length = int.from_bytes(self._held[:4], "big")
        if length > MAX_HEAD_BYTES:
            raise ExchangeTrouble("backup_malformed")
        if len(self._held) < 4 + length:
            return
        try:
            self._head = _decode_head(self._held[4 : 4 + length])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ExchangeTrouble("backup_malformed") from error
        self._out.write(self._held[4 + length :])
        self._held = b""


def disk_trouble(error: OSError, folder: Path) -> EnvironmentTrouble:
    """What the system says about this computer's own disk, as one of our codes."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentTrouble("disk_full", path=str(folder))
    return EnvironmentTrouble("folder_not_writable", path=str(folder), detail=error.strerror)
