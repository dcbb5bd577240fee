"""An encrypted database as a small fixture: byte for byte the same again, at a twentieth of its size.

What is encrypted cannot be compressed, and a repository keeps every byte for ever. So each page is opened with the key
that lies beside it, and what cannot be made anew (its vector, its HMAC, the file's salt) is kept as it is.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator

from tests.faults.histories.disk import PAGE, RESERVED, SALT, VECTOR, can_be_read, cipher

__all__ = ["can_be_read", "pack", "unpack"]


def pack(database: bytes, key: bytes) -> bytes:
    return lzma.compress(database[:SALT] + b"".join(_turned(database, key, encrypt=False)), preset=9)


def unpack(packed: bytes, key: bytes) -> bytes:
    """The very bytes that were packed."""
    plain = lzma.decompress(packed)
    return plain[:SALT] + b"".join(_turned(plain, key, encrypt=True))


def _turned(data: bytes, key: bytes, *, encrypt: bool) -> Iterator[bytes]:
    for at in range(0, len(data), PAGE):
        page = data[max(at, SALT) : at + PAGE]
        body, kept = page[:-RESERVED], page[-RESERVED:]
        yield cipher(body, key, kept[:VECTOR], encrypt=encrypt) + kept
