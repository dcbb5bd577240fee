"""A backup of a desk, sealed to three secrets."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from blenddesk.domain.retention import Mark
from blenddesk.sync import backup_files, backups
from blenddesk.sync.backup_files import Head
from blenddesk.sync.wordlock import Strength

WEAK = Strength(passes=1, memory_bytes=8_192)


MARK = Mark(7, 3)


def resealed(sealed: backups.Sealed, outer: object, inside: bytes, key: bytes) -> None:
    """The file as somebody with the keys could make it: every check is right."""
    import io

    import pyrage

    packed = msgspec.msgpack.encode(outer)
    secret = pyrage.encrypt(inside, [backup_files.own_identity(key).to_public()])
    out = io.BytesIO()
    out.write(b"BDBACK2\n" + len(packed).to_bytes(4, "big") + packed + secret)
    out.write(blake2b(out.getvalue(), digest_size=16).digest())
    sealed.file.write_bytes(out.getvalue())


GOOD_HEAD = Head(b"k" * 32, 1, "", b"", 0, "", {}, [], 0, blake2b(digest_size=32).digest())
