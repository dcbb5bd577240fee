"""Wraps the database's key: by a pass phrase (Argon2id, its strength kept with the wrap) and for the recovery sheet."""

from __future__ import annotations

import unicodedata

import pyrage
from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from blenddesk.domain.ports import Randomness
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.sync.key_file import PhraseWrap, SheetWrap
from blenddesk.sync.recovery import SheetLock, open_sheet
from blenddesk.sync.wordlock import MAX_MEMORY_BYTES, MAX_PASSES, NONCE_BYTES, SALT_BYTES, Strength

_BOUND = b"bd-key1"


def tidy(phrase: str) -> str:
    """The phrase as it counts: one space between words, accents as one letter, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFC", " ".join(phrase.split()))


def wrap_by_phrase(key: bytes, phrase: str, randomness: Randomness, strength: Strength = Strength()) -> PhraseWrap:
    """Takes a third of a second on purpose; its strength is authenticated with the key."""
    salt, nonce = randomness.token(SALT_BYTES), randomness.token(NONCE_BYTES)
    bound = _bound(strength.passes, strength.memory_bytes, salt)
    stretched = _stretch(phrase, salt, strength.passes, strength.memory_bytes)
    wrapped = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(key, bound, nonce, stretched)
    return PhraseWrap(strength.passes, strength.memory_bytes, salt, nonce, wrapped)


def open_by_phrase(wrap: PhraseWrap, phrase: str) -> bytes:
    """The key. Raises ``Refusal`` (``phrase_wrong``) and ``EnvironmentTrouble`` (``key_damaged``)."""
    _check_numbers(wrap)
    try:
        stretched = _stretch(phrase, wrap.salt, wrap.passes, wrap.memory_bytes)
        bound = _bound(wrap.passes, wrap.memory_bytes, wrap.salt)
        key: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(wrap.wrapped, bound, wrap.nonce, stretched)
    except (CryptoError, ValueError) as error:
        # A damaged wrap looks like a wrong phrase; both mean that the recovery sheet is the way in.
        raise Refusal("phrase_wrong") from error
    return key


def wrap_for_sheet(key: bytes, lock: SheetLock) -> SheetWrap:
    """Needs no words: a key that changed is sealed to the same sheet again."""
    wrapped = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(lock.recipient)])
    return SheetWrap(lock.strength.passes, lock.strength.memory_bytes, lock.salt, lock.recipient, wrapped)


def lock_of(wrap: SheetWrap) -> SheetLock:
    """What else may be sealed to the same sheet with, such as backups."""
    return SheetLock(wrap.recipient, wrap.salt, Strength(wrap.passes, wrap.memory_bytes))


def open_by_sheet(wrap: SheetWrap, words: str) -> bytes:
    """The key. Raises ``Refusal`` (see ``recovery.open_sheet``) and ``EnvironmentTrouble`` (``key_damaged``)."""
    _check_numbers(wrap)
    identity = open_sheet(lock_of(wrap), words)
    try:
        key: bytes = pyrage.decrypt(wrap.wrapped, [identity])
    except pyrage.DecryptError as error:
        raise EnvironmentTrouble("key_damaged", path="") from error
    return key


def _check_numbers(wrap: PhraseWrap | SheetWrap) -> None:
    strength_ok = 1 <= wrap.passes <= MAX_PASSES and 8_192 <= wrap.memory_bytes <= MAX_MEMORY_BYTES
    if not strength_ok or len(wrap.salt) != SALT_BYTES:
        raise EnvironmentTrouble("key_damaged", path="")


def _stretch(phrase: str, salt: bytes, passes: int, memory_bytes: int) -> bytes:
    return pwhash.argon2id.kdf(32, tidy(phrase).encode(), salt, opslimit=passes, memlimit=memory_bytes)


def _bound(passes: int, memory_bytes: int, salt: bytes) -> bytes:
    return _BOUND + passes.to_bytes(4, "big") + memory_bytes.to_bytes(8, "big") + salt
