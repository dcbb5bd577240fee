"""This device's keys: made once, kept inside the encrypted database, used through ``DeviceKeys``.

All are rows ``key/...`` of the ``local`` table: the seed that signs our streams and packages (Ed25519), the secret that
opens what children said (X25519), the age identity that opens packages, the roots of the classes made here, the public
roots of every class, and what remains of the seats opened here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey
from nacl.utils import random as random_bytes
from pyrage import x25519

from blenddesk.domain.authority import Writer
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import OpRef
from blenddesk.domain.ports import Randomness
from blenddesk.errors import EnvironmentTrouble, Refusal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from blenddesk.storage.database import Database

SEALED_VERSION = 1
KEY_BYTES = 32
KEY_NAME_BYTES = 8


class Sealed(msgspec.Struct, array_like=True, frozen=True):
    """A payload that only some can read: its key, sealed to each of them, and the ciphertext."""

    version: int
    keys: list[tuple[bytes, bytes]]
    nonce: bytes
    ciphertext: bytes


_decode_sealed = msgspec.msgpack.Decoder(Sealed).decode


class DeviceKeys:
    """The secrets of this device. Implements what ``storage.ledger.Keys`` asks for.

    Made on first use: the database must have its tables (``storage.setup.create``) and ``device_id`` by then.
    """

    def __init__(self, database: Database, randomness: Randomness) -> None:
        with database.read() as connection:
            device_id = read_local(connection, "device_id")
            kept = [read_local(connection, f"key/{name}") for name in ("sign", "seal", "age")]
        if device_id is None:
            raise EnvironmentTrouble("database_unreadable", path=str(database.path), detail="no device_id")
        signing, sealing, age = kept
        if signing is None or sealing is None or age is None:
            signing, sealing = randomness.token(KEY_BYTES), randomness.token(KEY_BYTES)
            age = str(x25519.Identity.generate()).encode()
            with database.write() as connection:
                for name, value in (("sign", signing), ("seal", sealing), ("age", age)):
                    write_local(connection, f"key/{name}", value)
        self.device_id: Id = device_id
        self.signing = SigningKey(signing)
        self.sealing = PrivateKey(sealing)
        self.age = x25519.Identity.from_str(age.decode())

    @property
    def signing_public(self) -> bytes:
        return bytes(self.signing.verify_key)

    @property
    def sealing_public(self) -> bytes:
        return bytes(self.sealing.public_key)

    @property
    def age_recipient(self) -> str:
        return str(self.age.to_public())

    def sign(self, message: bytes) -> bytes:
        return self.signing.sign(message).signature

    def seal(self, connection: Connection, section: Id, payload: bytes) -> bytes:
        """``payload`` so that only the desks of the class can read it. Raises ``Refusal`` (``no_desk_known``)."""
        from blenddesk.sync.trust import desk_sealing_keys

        desks = desk_sealing_keys(connection, section)
        if not desks:
            raise Refusal("no_desk_known", section=section.hex())
        return seal_for(desks, section, payload)

    def unseal(self, section: Id, sealed: bytes) -> bytes | None:
        """What ``seal`` made; None when it was not sealed to us, belongs to another class or is damaged."""
        try:
            parts = _decode_sealed(sealed)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        if parts.version != SEALED_VERSION:
            return None
        ours = self.sealing_public[:KEY_NAME_BYTES]
        for name, sealed_key in parts.keys:
            if name == ours:
                try:
                    key = SealedBox(self.sealing).decrypt(sealed_key)
                    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                        parts.ciphertext, _bound_to(section), parts.nonce, key
                    )
                except (CryptoError, ValueError, TypeError):
                    # A stranger can write anything here; that it does not open is the whole answer.
                    continue
        return None

    def erased(self, connection: Connection, section: Id) -> frozenset[OpRef]:
        """Every op of the class whose content the class root wants gone."""
        from blenddesk.sync import erasures

        return erasures.erased(connection, section)

    def writers(self, connection: Connection, section: Id) -> Mapping[Id, Writer]:
        """What every device of the class may write, as the log tells now."""
        from blenddesk.sync import trust

        return trust.writers(connection, section)

    def writer_here(self, connection: Connection, section: Id) -> Writer:
        from blenddesk.sync import trust

        return trust.writer_here(connection, section, self)


def seal_for(desks: list[bytes], section: Id, payload: bytes) -> bytes:
    """``payload`` under a key of its own, which is sealed to each public key in ``desks`` (X25519, 32 bytes each).

    The class is part of what is authenticated: sealed words copied into another class do not open there.
    """
    key = random_bytes(bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    nonce = random_bytes(bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    ciphertext = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(payload, _bound_to(section), nonce, key)
    sealed_keys = [(desk[:KEY_NAME_BYTES], SealedBox(PublicKey(desk)).encrypt(key)) for desk in desks]
    return msgspec.msgpack.encode(Sealed(SEALED_VERSION, sealed_keys, nonce, ciphertext))


def _bound_to(section: Id) -> bytes:
    return b"bd-drop1" + section


# --- where they are kept ------------------------------------------------------------------------------------------


def class_root(connection: Connection, section: Id) -> SigningKey | None:
    """The secret root of a class that was made on this desk."""
    seed = read_local(connection, f"key/root/{section.hex()}")
    return None if seed is None else SigningKey(seed)


def class_root_public(connection: Connection, section: Id) -> bytes | None:
    """The root that certificates of this class must be signed by; None for a class we are no part of."""
    return read_local(connection, f"key/public/{section.hex()}")


def our_sections(connection: Connection) -> list[Id]:
    """Every class that this device is part of, and ``MINE`` on a desk; sorted."""
    names = connection.exec_driver_sql("SELECT name FROM local WHERE name LIKE 'key/public/%' ORDER BY name").scalars()
    return [bytes.fromhex(name.rsplit("/", 1)[1]) for name in names]


def store_root(connection: Connection, section: Id, root: SigningKey) -> None:
    write_local(connection, f"key/root/{section.hex()}", bytes(root))
    store_root_public(connection, section, bytes(root.verify_key))


def store_root_public(connection: Connection, section: Id, key: bytes) -> None:
    write_local(connection, f"key/public/{section.hex()}", key)


def store_seat_identity(connection: Connection, seat: Id, identity: str) -> None:
    """Kept after the seat was opened: packages written before its announcement came home are sealed to it."""
    write_local(connection, f"key/seat/{seat.hex()}", identity.encode())


def age_identities(connection: Connection, keys: DeviceKeys) -> list[x25519.Identity]:
    """Everything a package for this device may be sealed to: its own identity first, then those of opened seats."""
    seats = connection.exec_driver_sql("SELECT value FROM local WHERE name LIKE 'key/seat/%' ORDER BY name").scalars()
    return [keys.age, *(x25519.Identity.from_str(bytes(value).decode()) for value in seats)]


def read_local(connection: Connection, name: str) -> bytes | None:
    found = connection.exec_driver_sql("SELECT value FROM local WHERE name = ?", (name,)).scalar_one_or_none()
    return None if found is None else bytes(found)


def write_local(connection: Connection, name: str, value: bytes) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, ?)", (name, value))
