"""What lies on a computer's disk once its key is known: every page of the database and of its log, slack and all.

A query sees rows; somebody with the key and a hex editor sees what was not overwritten. SQLCipher 4 with a raw key has
pages of 4,096 bytes, each AES-256-CBC with its own vector before the 64 bytes of its HMAC; the first 16 bytes of the
file are its salt.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PAGE, RESERVED, VECTOR, SALT = 4096, 80, 16, 16
LOG_HEADER, FRAME_HEADER = 32, 24


@cache
def _crypto() -> ctypes.CDLL | None:
    """OpenSSL's own library; None where the system has none to lend (macOS ends programs that ask for it)."""
    name = ctypes.util.find_library("crypto") if sys.platform == "linux" else None
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
    library.EVP_aes_256_cbc.restype = ctypes.c_void_p
    context, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    library.EVP_CipherInit_ex.argtypes = [context, context, context, text, text, number]
    library.EVP_CipherUpdate.argtypes = [context, text, context, text, number]
    library.EVP_CIPHER_CTX_set_padding.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.EVP_CIPHER_CTX_free.argtypes = [ctypes.c_void_p]
    return library


def can_be_read() -> bool:
    return _crypto() is not None


def plain(database: Path, key: bytes) -> bytes:
    """Everything that the database file and its log hold, opened page by page. Empty pages stay empty."""
    log = database.with_name(database.name + "-wal")
    pages = [*_pages(database.read_bytes()), *(_frames(log.read_bytes()) if log.exists() else ())]
    return b"".join(_opened(page, key) for page in pages)


def _pages(data: bytes) -> Iterator[bytes]:
    """Every page without the file's salt."""
    for at in range(0, len(data), PAGE):
        yield data[max(at, SALT) : at + PAGE]


def _frames(data: bytes) -> Iterator[bytes]:
    for at in range(LOG_HEADER, len(data), FRAME_HEADER + PAGE):
        first = int.from_bytes(data[at : at + 4], "big") == 1
        page = data[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        yield page[SALT:] if first else page


def _opened(page: bytes, key: bytes) -> bytes:
    body, vector = page[:-RESERVED], page[-RESERVED : -RESERVED + VECTOR]
    return cipher(body, key, vector, encrypt=False) if body.strip(b"\0") else body


def cipher(data: bytes, key: bytes, vector: bytes, *, encrypt: bool) -> bytes:
    """AES-256-CBC of whole blocks."""
    library = _crypto()
    assert library is not None
    context = library.EVP_CIPHER_CTX_new()
    try:
        out, length = ctypes.create_string_buffer(len(data) + 16), ctypes.c_int()
        library.EVP_CipherInit_ex(context, library.EVP_aes_256_cbc(), None, key, vector, int(encrypt))
        library.EVP_CIPHER_CTX_set_padding(context, 0)
        library.EVP_CipherUpdate(context, out, ctypes.byref(length), data, len(data))
        return out.raw[: length.value]
    finally:
        library.EVP_CIPHER_CTX_free(context)
