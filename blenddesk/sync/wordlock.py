"""A file that five words open: used for the seats of student computers and for backups.

Layout: ``MAGIC || passes (4) || memory (8) || salt (16) || nonce (24) || ciphertext || check (16)``. The key comes from
the words by Argon2id; everything before the nonce is authenticated with the ciphertext. The check tells a damaged file
from wrong words.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from blenddesk.domain.ports import Randomness
from blenddesk.errors import ExchangeTrouble

MAGIC_BYTES = 8
SALT_BYTES, NONCE_BYTES, CHECK_BYTES = 16, 24, 16
_HEADER_BYTES = MAGIC_BYTES + 12 + SALT_BYTES
MAX_PASSES = 16
MAX_MEMORY_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard Argon2id works on the words: passes, and memory in bytes."""

    passes: int = 3
    memory_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class FileKind:
    """``magic``: eight bytes, the last two the version and a line end. ``codes``: what each trouble is called.

    The codes are, in order: another kind of file, a newer version, damaged, malformed, wrong words.
    """

    magic: bytes
    codes: tuple[str, str, str, str, str]
    most_bytes: int


def lock(kind: FileKind, plain: bytes, secret: bytes, strength: Strength, randomness: Randomness) -> bytes:
    """The file's bytes. ``secret`` is what ``words.secret_from`` makes of the five words."""
    salt, nonce = randomness.token(SALT_BYTES), randomness.token(NONCE_BYTES)
    header = kind.magic + strength.passes.to_bytes(4, "big") + strength.memory_bytes.to_bytes(8, "big") + salt
    key = _stretch(secret, salt, strength)
    ciphertext = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, header, nonce, key)
    body = header + nonce + ciphertext
    return body + blake2b(body, digest_size=CHECK_BYTES).digest()


def unlock(kind: FileKind, data: bytes, secret: bytes) -> bytes:
    """What was locked. Raises ``ExchangeTrouble``: ``file_empty``, ``file_too_large`` or one of the kind's codes."""
    other, newer, damaged, malformed, wrong_words = kind.codes
    if not data:
        raise ExchangeTrouble("file_empty")
    if len(data) > kind.most_bytes:
        raise ExchangeTrouble("file_too_large", bytes=len(data))
    if data[: MAGIC_BYTES - 2] != kind.magic[: MAGIC_BYTES - 2]:
        raise ExchangeTrouble(other)
    if data[:MAGIC_BYTES] != kind.magic:
        raise ExchangeTrouble(newer)
    body = data[:-CHECK_BYTES]
    if (
        len(body) < _HEADER_BYTES + NONCE_BYTES
        or blake2b(body, digest_size=CHECK_BYTES).digest() != data[-CHECK_BYTES:]
    ):
        raise ExchangeTrouble(damaged)
    header, nonce = body[:_HEADER_BYTES], body[_HEADER_BYTES : _HEADER_BYTES + NONCE_BYTES]
    strength = Strength(
        int.from_bytes(header[MAGIC_BYTES : MAGIC_BYTES + 4], "big"),
        int.from_bytes(header[MAGIC_BYTES + 4 : MAGIC_BYTES + 12], "big"),
    )
    if not 1 <= strength.passes <= MAX_PASSES or not 8_192 <= strength.memory_bytes <= MAX_MEMORY_BYTES:
        raise ExchangeTrouble(malformed)
    key = _stretch(secret, header[-SALT_BYTES:], strength)
    try:
        return bytes(
            bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body[_HEADER_BYTES + NONCE_BYTES :], header, nonce, key)
        )
    except (CryptoError, ValueError) as error:
        raise ExchangeTrouble(wrong_words) from error


def _stretch(secret: bytes, salt: bytes, strength: Strength) -> bytes:
    return pwhash.argon2id.kdf(32, secret, salt, opslimit=strength.passes, memlimit=strength.memory_bytes)
