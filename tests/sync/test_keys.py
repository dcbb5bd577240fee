"""A device's keys stay the same, and what children said opens on the desks of their class only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from pyrage import x25519

from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.sync import keys
from blenddesk.sync.keys import DeviceKeys, seal_for
from tests.sync.devices import Device, HandClock


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path / "desk", "Ms Okoro", "desk", 1, HandClock())
    yield made
    made.close()


def test_keys_are_made_once(device: Device) -> None:
    before = device.keys.signing_public, device.keys.sealing_public, device.keys.age_recipient
    device.restart()
    assert (device.keys.signing_public, device.keys.sealing_public, device.keys.age_recipient) == before


def test_what_is_sealed_opens_for_each_desk_of_that_class_and_nobody_else(device: Device, tmp_path: Path) -> None:
    section, other = b"S" * 16, b"T" * 16
    second = Device(tmp_path / "second", "Mr Ito", "desk", 2, HandClock())
    desks = [device.keys.sealing_public, second.keys.sealing_public]
    sealed = seal_for(desks, section, b"still tricky")
    assert device.keys.unseal(section, sealed) == second.keys.unseal(section, sealed) == b"still tricky"
    assert device.keys.unseal(other, sealed) is None
    assert device.keys.unseal(section, seal_for([bytes(PrivateKey.generate().public_key)], section, b"x")) is None
    assert b"tricky" not in sealed
    assert sealed[:1] != b"\xc1", "would read as an erased payload"
    second.close()


def test_damage_anywhere_means_unreadable_and_no_error(device: Device) -> None:
    section = b"S" * 16
    sealed = seal_for([device.keys.sealing_public], section, b"can help a friend")
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 0x41]) + sealed[at + 1 :]
        assert device.keys.unseal(section, damaged) is None
        assert device.keys.unseal(section, sealed[:at]) is None


def test_nothing_is_sealed_to_nobody(device: Device) -> None:
    with device.database.read() as connection, pytest.raises(Refusal) as caught:
        device.keys.seal(connection, b"S" * 16, b"lost for ever")
    assert caught.value.code == "no_desk_known"


SEALED_BY_THE_FIRST_RELEASE = (
    "94019292c4081cf579aba45a10bac4508d1c49bc4a1b41a919dbd413e171b70f30a1deee76e3540f3078f60dc5b5155e"
    "c8d9c06700473d98a4ed97a16e8d069e75fb29acba635f78bfdca3546739cbef4f596d80f261a0109a9c4cf519935dbb"
    "92c4089b4ad50baf0346fac45068dc4c1139af2d4d11c9888e10259b2af19e29247bcc151308eaab12a27ae403a37bd4"
    "4dbe97679e803258af788ca45d95620a87d27c2fc474015156e4c4513221afdc66eb11e89fe2a1fdd5bbf7aeedc418dd"
    "b141dc63ea814f38c158be8cd375c074db0b3b0e834b6fc41caffda8269c5a37bfb60972fc8e810eda464213a2d7e8a4"
    "e55a3773a9"
)


def test_what_the_first_release_sealed_still_opens(device: Device) -> None:
    data = bytes.fromhex(SEALED_BY_THE_FIRST_RELEASE)
    device.keys.sealing = PrivateKey(b"x" * 32)
    assert device.keys.unseal(b"S" * 16, data) == b"still tricky"
    version, names, nonce, ciphertext = msgspec.msgpack.decode(data)
    assert (version, len(names), len(nonce), len(ciphertext)) == (1, 2, 24, 12 + 16)
    assert [name for name, _key in names] == [bytes(PrivateKey(letter * 32).public_key)[:8] for letter in (b"w", b"x")]
    newer = msgspec.msgpack.encode([2, names, nonce, ciphertext])
    assert device.keys.unseal(b"S" * 16, newer) is None
    assert device.keys.unseal(b"S" * 16, b"") is None
    assert device.keys.unseal(b"S" * 16, b"\x94\xa1\xff") is None


def test_a_stranger_s_line_in_our_name_is_passed_over(device: Device) -> None:
    version, names, nonce, ciphertext = msgspec.msgpack.decode(
        seal_for([device.keys.sealing_public], b"S" * 16, b"still tricky")
    )
    false = [[device.keys.sealing_public[:8], b"nonsense"], [device.keys.sealing_public[:8], b""], *names]
    assert device.keys.unseal(b"S" * 16, msgspec.msgpack.encode([version, false, nonce, ciphertext])) == b"still tricky"


def test_a_database_that_is_nobody_s_has_no_keys(device: Device) -> None:
    with device.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM local WHERE name = 'device_id'")
    with pytest.raises(EnvironmentTrouble) as caught:
        DeviceKeys(device.database, device.randomness)
    assert caught.value.code == "database_unreadable"
    assert caught.value.data == {"path": str(device.database.path), "detail": "no device_id"}


@pytest.mark.parametrize("lost", ["sign", "seal", "age"])
def test_keys_are_whole_or_made_anew(device: Device, lost: str) -> None:
    def public(one: DeviceKeys) -> tuple[object, ...]:
        return one.signing_public, one.sealing_public, one.age_recipient

    with device.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM local WHERE name = ?", (f"key/{lost}",))
    made = DeviceKeys(device.database, device.randomness)
    assert not set(public(made)) & set(public(device.keys))
    assert public(DeviceKeys(device.database, device.randomness)) == public(made)


def test_roots_and_seats_are_kept_by_class(device: Device) -> None:
    root, other = SigningKey(b"r" * 32), SigningKey(b"o" * 32)
    first, second = b"A" * 16, b"B" * 16
    with device.database.write() as connection:
        keys.store_root(connection, second, root)
        keys.store_root_public(connection, first, bytes(other.verify_key))
        found = keys.class_root(connection, second)
        assert found is not None
        assert bytes(found) == bytes(root)
        assert keys.class_root_public(connection, second) == bytes(root.verify_key)
        assert keys.class_root(connection, first) is None
        assert keys.class_root_public(connection, first) == bytes(other.verify_key)
        assert keys.class_root_public(connection, b"C" * 16) is None
        assert keys.our_sections(connection) == [first, second]
        keys.store_root_public(connection, first, bytes(root.verify_key))
        assert keys.class_root_public(connection, first) == bytes(root.verify_key)
        seats = [x25519.Identity.generate() for _ in range(2)]
        for name, seat in zip((b"t" * 16, b"s" * 16), seats, strict=True):
            keys.store_seat_identity(connection, name, str(seat))
        assert [str(one) for one in keys.age_identities(connection, device.keys)] == [
            str(device.keys.age),
            str(seats[1]),
            str(seats[0]),
        ]
