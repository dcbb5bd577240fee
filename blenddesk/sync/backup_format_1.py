"""Backups of the first version: locked by five words only, the whole file in memory. They stay readable for ever."""

from __future__ import annotations

import msgspec

from blenddesk.errors import ExchangeTrouble
from blenddesk.storage.database import KEY_BYTES
from blenddesk.sync import words
from blenddesk.sync.backup_files import WORDS, Way
from blenddesk.sync.wordlock import FileKind, unlock

KIND = FileKind(
    b"BDBACK1\n",
    ("not_a_backup", "backup_newer", "backup_damaged", "backup_malformed", "backup_words_wrong"),
    2 << 30,
)
WAY = Way(WORDS, "", b"", 0, 0)
"""Opened by five words, which only trying tells to be right."""


class Contents(msgspec.Struct, array_like=True, frozen=True):
    """The database as it lies on the disk (encrypted) and its key."""

    key: bytes
    database: bytes
    ops: int
    made_ms: int


_decode = msgspec.msgpack.Decoder(Contents).decode


def is_one(beginning: bytes) -> bool:
    return beginning == KIND.magic


def open_it(data: bytes, typed: str) -> Contents:
    """Raises ``ExchangeTrouble`` (the kind's codes) or ``Refusal`` (``words_count``, ``word_unknown``)."""
    plain = unlock(KIND, data, words.secret_from(typed))
    try:
        contents = _decode(plain)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ExchangeTrouble("backup_malformed") from error
    if len(contents.key) != KEY_BYTES:
        raise ExchangeTrouble("backup_malformed")
    return contents
