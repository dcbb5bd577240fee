"""A device's keys stay the same, and what children said opens on the desks of their class only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from blenddesk.errors import Refusal
from blenddesk.sync.keys import seal_for
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
