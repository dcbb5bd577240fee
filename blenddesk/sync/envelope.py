"""The outermost layer of a package: sealed with age to the devices it is for, padded so that its size says little."""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from blenddesk.errors import ExchangeTrouble

MAX_FILE_BYTES = 64 << 20
"""About a dozen years of one class. The file is in memory while it is read."""
AGE_MAGIC = b"age-encryption.org/v1\n"
SMALLEST_BUCKET = 16 << 10


def padded_size(size: int) -> int:
    """The bucket for ``size`` bytes: 16 KiB, then eight steps to each doubling (at most an eighth more)."""
    if size <= SMALLEST_BUCKET:
        return SMALLEST_BUCKET
    step = 1 << ((size - 1).bit_length() - 4)
    return -(-size // step) * step


def seal(plain: bytes, recipients: Sequence[str]) -> bytes:
    """``plain``, padded with zeros, for the age recipients (``age1...``). Raises ``ExchangeTrouble``."""
    padded = plain.ljust(padded_size(len(plain)), b"\0")
    try:
        sealed: bytes = pyrage.encrypt(padded, [pyrage.x25519.Recipient.from_str(text) for text in recipients])
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise ExchangeTrouble("recipient_malformed") from error
    if len(sealed) > MAX_FILE_BYTES:
        raise ExchangeTrouble("class_too_large", bytes=len(sealed))
    return sealed


def unseal(data: bytes, identities: Sequence[pyrage.x25519.Identity]) -> bytes:
    """What is inside, with its padding.

    Raises ``ExchangeTrouble``: ``file_empty``, ``file_too_large``, ``not_a_package``, ``not_for_us`` (nothing we have
    opens it) or ``seal_damaged``.
    """
    if not data:
        raise ExchangeTrouble("file_empty")
    if len(data) > MAX_FILE_BYTES:
        raise ExchangeTrouble("file_too_large", bytes=len(data))
    if not data.startswith(AGE_MAGIC):
        raise ExchangeTrouble("not_a_package")
    try:
        plain: bytes = pyrage.decrypt(data, list(identities))
    except pyrage.DecryptError as error:
        # A damaged stanza of ours looks like one for somebody else; both mean that we cannot open this file.
        code = "not_for_us" if "No matching keys" in str(error) else "seal_damaged"
        raise ExchangeTrouble(code) from error
    return plain
