"""A picture under a key of its own: what lies in the data folder and in volumes, for whoever has its op."""

from __future__ import annotations

from typing import NamedTuple

from nacl import bindings
from nacl.exceptions import CryptoError

from blenddesk.domain.evidence import BLOB_KEY_BYTES, MAX_PICTURE_BYTES
from blenddesk.domain.ids import Id
from blenddesk.domain.ports import Randomness
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.storage.blobs import name_of

MAGIC = b"BDP1"
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES


class SealedPicture(NamedTuple):
    """``data`` is the blob, ``name`` what it is called and ``key`` (32 bytes) what opens it."""

    name: bytes
    key: bytes
    data: bytes


def seal(section: Id, picture: bytes, randomness: Randomness) -> SealedPicture:
    """The picture under a fresh key. Raises ``Refusal`` (``picture_too_large``)."""
    if len(picture) > MAX_PICTURE_BYTES:
        raise Refusal("picture_too_large", most=MAX_PICTURE_BYTES)
    key, nonce = randomness.token(BLOB_KEY_BYTES), randomness.token(NONCE_BYTES)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(picture, _bound_to(section), nonce, key)
    data = MAGIC + nonce + sealed
    return SealedPicture(name_of(section, data), key, data)


def unseal(section: Id, data: bytes, key: bytes) -> bytes:
    """What ``seal`` was given. Raises ``ExchangeTrouble`` (``picture_damaged``)."""
    start = len(MAGIC) + NONCE_BYTES
    if not data.startswith(MAGIC) or len(key) != BLOB_KEY_BYTES:
        raise ExchangeTrouble("picture_damaged")
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            data[start:], _bound_to(section), data[len(MAGIC) : start], key
        )
    except (CryptoError, ValueError, TypeError) as error:
        raise ExchangeTrouble("picture_damaged") from error


def _bound_to(section: Id) -> bytes:
    return b"bd-picture1" + section
