"""The file with the database's key: for this account, and wrapped by a pass phrase and by the recovery sheet.

Text, a line each. The first is for the account: the raw key in hex, ``dpapi:`` or ``keychain:`` with what that service
gave, or ``-`` where only the pass phrase or the sheet may open. Then ``phrase`` and ``sheet`` with their numbers in
words of text. Lines that only a newer program knows are kept as they are. This module needs no cryptography: it is read
on the way to the first window.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from blenddesk.errors import EnvironmentTrouble
from blenddesk.sync.sticks import RealDisk

log = logging.getLogger(__name__)

NO_ACCOUNT = "-"
MOST_BYTES = 64 << 10


class PhraseWrap(NamedTuple):
    """The key under a pass phrase: Argon2id's passes and memory (bytes), salt 16, nonce 24, ciphertext 48."""

    passes: int
    memory_bytes: int
    salt: bytes
    nonce: bytes
    wrapped: bytes


class SheetWrap(NamedTuple):
    """The key sealed with age to the recovery sheet, and what is needed to get its identity from the words."""

    passes: int
    memory_bytes: int
    salt: bytes
    recipient: str
    wrapped: bytes


class KeyFile(NamedTuple):
    """``account``: the first line (see above). ``others``: lines of a newer program."""

    account: str
    phrase: PhraseWrap | None = None
    sheet: SheetWrap | None = None
    others: tuple[str, ...] = ()

    @property
    def opens_by_itself(self) -> bool:
        """Whether this account may open the data without being asked."""
        return self.account != NO_ACCOUNT


class Disk(Protocol):
    """What replacing the file safely needs of a disk. Every method may raise ``OSError``."""

    def write_private(self, path: Path, data: bytes) -> None:
        """Writes a new file that only this account may read; returns once the device has it."""
        ...

    def read(self, path: Path) -> bytes: ...

    def replace(self, path: Path, to: Path) -> None: ...

    def sync_folder(self, folder: Path) -> None: ...

    def remove(self, path: Path) -> None: ...


class PrivateDisk(RealDisk):
    """The computer's own file system; new files are for this account only from their first byte on."""

    def write_private(self, path: Path, data: bytes) -> None:
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        self.write_synced(path, data)

    def replace(self, path: Path, to: Path) -> None:
        path.replace(to)


def read(path: Path) -> KeyFile:
    """Raises ``EnvironmentTrouble`` (``key_missing``, ``key_damaged``)."""
    try:
        with path.open("rb") as file:
            return decode(file.read(MOST_BYTES).decode("ascii"))
    except FileNotFoundError as error:
        raise EnvironmentTrouble("key_missing", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble("key_damaged", path=str(path)) from error


def replace(path: Path, file: KeyFile, check: Callable[[KeyFile], None], disk: Disk | None = None) -> bool:
    """Puts ``file`` in the place of what lies at ``path``; a power cut leaves the one or the other, whole.

    ``check`` is given what was read back from the disk before anything old is touched, and raises when it does not
    open. Raises what it raises, and ``EnvironmentTrouble`` (``key_not_written``); then the old file is still in force.
    False: the new one is in force, but a power cut might yet bring the old one back.
    """
    disk = disk or PrivateDisk()
    fresh = unfinished(path)
    try:
        disk.write_private(fresh, encode(file).encode("ascii"))
        disk.sync_folder(path.parent)
        check(decode(disk.read(fresh).decode("ascii")))
        disk.replace(fresh, path)
    except Exception as error:
        with suppress(OSError):
            disk.remove(fresh)
        if isinstance(error, OSError | ValueError):
            raise EnvironmentTrouble("key_not_written", path=str(path), detail=str(error)) from error
        raise
    try:
        disk.sync_folder(path.parent)
    except OSError as error:
        log.warning("the folder of the key was not synced: %s", error)
        return False
    return True


def unfinished(path: Path) -> Path:
    """Where a new file is made before it takes the place of ``path``."""
    return path.with_name(path.name + ".new")


def encode(file: KeyFile) -> str:
    lines = [file.account]
    if file.phrase is not None:
        lines.append(_line("phrase", file.phrase))
    if file.sheet is not None:
        lines.append(_line("sheet", file.sheet))
    return "\n".join([*lines, *file.others]) + "\n"


def decode(text: str) -> KeyFile:
    """Raises ``ValueError``."""
    first, *rest = text.split("\n")
    phrase, sheet, others = None, None, list[str]()
    for line in filter(None, rest):
        kind, *parts = line.split(" ")
        if kind == "phrase":
            passes, memory, salt, nonce, wrapped = parts
            phrase = PhraseWrap(int(passes), int(memory), *map(bytes.fromhex, (salt, nonce, wrapped)))
        elif kind == "sheet":
            passes, memory, salt, recipient, wrapped = parts
            sheet = SheetWrap(int(passes), int(memory), bytes.fromhex(salt), recipient, bytes.fromhex(wrapped))
        else:
            others.append(line)
    if not first or (first == NO_ACCOUNT and phrase is None and sheet is None):
        raise ValueError("nothing in the file opens anything")
    return KeyFile(first, phrase, sheet, tuple(others))


def _line(kind: str, wrap: PhraseWrap | SheetWrap) -> str:
    return " ".join([kind, *(part.hex() if isinstance(part, bytes) else str(part) for part in wrap)])
