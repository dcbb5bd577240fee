"""Damaged, foreign, replayed and hostile volumes: each named for what it is, and nothing taken from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import msgspec
import pytest

from blenddesk.domain.evidence import MAX_BLOB_BYTES, MAX_PICTURE_BYTES
from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.storage.blobs import name_of
from blenddesk.sync import envelope, picture_seal, volume_carrier, volumes
from blenddesk.sync.volumes import Index, Label
from tests.sync.devices import Classroom, Device, make_classroom
from tests.sync.test_volumes import blobs, bring, carry, here, take, volumes_in

LABEL = Label(b"e" * 16, 7)


class Forge:
    """A student computer that signs whatever it likes."""

    def __init__(self, room: Classroom, root: Path) -> None:
        self.room, self.desk, self.station, self.folder = room, room.desk, room.stations[0], root / "forged"
        self.folder.mkdir(exist_ok=True)
        self.name = take(self.station, 1)
        self.station.write(self.folder)
        self.desk.read(self.folder)
        data = blobs(self.station).read(self.station.section, self.name)
        assert data is not None
        self.data = data
        self.recipients = [self.desk.keys.age_recipient]
        with self.station.database.read() as connection:
            sealed = volumes.write_volume(
                connection, self.station.keys, self.station.section, LABEL, self.recipients, [(self.name, data)]
            )
        self.sealed = sealed
        self.plain = envelope.unseal(sealed, [self.desk.keys.age])
        self.index = volumes._unwrap(self.plain)[0]

    def signed(self, index: Index, body: bytes | None = None) -> bytes:
        return envelope.seal(
            volumes.wrap(index, self.station.keys) + (self.data if body is None else body), self.recipients
        )

    def with_(self, body: bytes | None = None, **changes: object) -> bytes:
        return self.signed(msgspec.structs.replace(self.index, **changes), body)

    def read(self, data: bytes) -> volume_carrier.VolumeResult:
        path = self.folder / "forged.bdv"
        path.write_bytes(data)
        (result,) = volume_carrier.read_volumes(self.desk.ledger, self.desk.keys, [path])
        return result


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    room = make_classroom(tmp_path, stations=2)
    yield Forge(room, tmp_path)
    room.close()


def test_a_sound_one_is_taken(forge: Forge) -> None:
    """Else nothing here shows anything."""
    assert forge.read(forge.sealed).status == "taken"
    assert here(forge.desk) == {forge.name}


HOSTILE: dict[str, tuple[str, Callable[[Forge], bytes]]] = {
    "empty": ("file_empty", lambda f: b""),
    "no age file": ("not_a_package", lambda f: b"picture.jpg"),
    "too large": ("file_too_large", lambda f: b"x" * (envelope.MAX_FILE_BYTES + 1)),
    "for others": ("not_for_us", lambda f: envelope.seal(f.plain, [f.room.stations[1].keys.age_recipient])),
    "bit flip outside": ("seal_damaged", lambda f: f.sealed[:-20] + b"?" + f.sealed[-19:]),
    "cut": ("seal_damaged", lambda f: f.sealed[:-1]),
    "a package": ("package_malformed", lambda f: envelope.seal(b"BDX1" + f.plain[4:], f.recipients)),
    "newer": ("package_newer", lambda f: envelope.seal(b"BDV2" + f.plain[4:], f.recipients)),
    "length lies": (
        "package_malformed",
        lambda f: envelope.seal(f.plain[:36] + b"\xff\xff\xff\xff" + f.plain[40:], f.recipients),
    ),
    "index changed": ("signature_wrong", lambda f: envelope.seal(f.plain[:60] + b"?" + f.plain[61:], f.recipients)),
    "blob changed": ("segment_damaged", lambda f: f.with_(b"?" + f.data[1:])),
    "blob of another class": (
        "segment_damaged",
        lambda f: f.with_(f.data, blobs=[(name_of(b"o" * 16, f.data), len(f.data))]),
    ),
    "blob cut": ("package_malformed", lambda f: f.with_(b"", blobs=[(f.name, MAX_BLOB_BYTES)])),
    "something behind": ("padding_not_empty", lambda f: f.with_(f.data + b"more")),
    "other class": ("class_unknown", lambda f: f.with_(section=b"o" * 16)),
    "other sender": ("sender_unknown", lambda f: f.with_(sender=f.desk.device_id)),
    "no announcement": ("sender_unknown", lambda f: f.with_(announcement=None)),
    "passed on": ("not_addressed_to_us", lambda f: f.with_(recipients=[f.room.stations[1].keys.age_recipient])),
    "a desk's word": ("sender_may_not", lambda f: f.with_(held=[f.name])),
    "a desk's question": ("sender_may_not", lambda f: f.with_(missing=[f.name])),
    "twice": ("manifest_malformed", lambda f: f.with_(f.data * 2, blobs=[(f.name, len(f.data))] * 2)),
    "short name": ("manifest_malformed", lambda f: f.with_(blobs=[(f.name[:-1], len(f.data))])),
    "size nothing": ("manifest_malformed", lambda f: f.with_(b"", blobs=[(f.name, 0)])),
    "size below nothing": ("manifest_malformed", lambda f: f.with_(blobs=[(f.name, -5), (b"n" * 32, 5 + len(f.data))])),
    "epoch": ("manifest_malformed", lambda f: f.with_(epoch=b"short")),
    "number": ("manifest_malformed", lambda f: f.with_(number=1 << 50)),
    "negative number": ("manifest_malformed", lambda f: f.with_(number=-1)),
    "large blob": ("limits_exceeded", lambda f: f.with_(blobs=[(f.name, MAX_BLOB_BYTES + 1)])),
    "many recipients": ("limits_exceeded", lambda f: f.with_(recipients=f.recipients * 10_001)),
    "many blobs": (
        "limits_exceeded",
        lambda f: f.with_(blobs=[(number.to_bytes(32, "big"), MAX_BLOB_BYTES) for number in range(40)]),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_wrong_is_named_and_nothing_is_taken(forge: Forge, what: str) -> None:
    code, make = HOSTILE[what]
    result = forge.read(make(forge))
    assert result.reason == code
    assert result.status == ("set_aside" if code in volume_carrier.SET_ASIDE else "refused")
    assert here(forge.desk) == set()


def test_an_index_that_is_none(forge: Forge) -> None:
    keys = forge.station.keys
    for encoded in (
        b"",
        b"\xc1",
        msgspec.msgpack.encode([1, 2]),
        msgspec.msgpack.encode({"a": "\ud800x".encode("utf-8", "surrogatepass")}),
    ):
        signed = volumes.MAGIC + keys.signing_public + len(encoded).to_bytes(4, "big") + encoded
        sealed = envelope.seal(signed + keys.sign(volumes.SIGNED_AS + encoded), forge.recipients)
        assert forge.read(sealed).reason == "manifest_malformed"
    longer = volumes.MAGIC + keys.signing_public + (volumes.MAX_INDEX_BYTES + 1).to_bytes(4, "big")
    assert forge.read(envelope.seal(longer, forge.recipients)).reason == "package_malformed"


def test_names_beyond_counting(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "MAX_NAMES", 0)
    assert forge.read(forge.sealed).reason == "limits_exceeded"


def test_a_file_that_cannot_be_read(forge: Forge) -> None:
    missing = forge.folder / "gone.bdv"
    (result,) = volume_carrier.read_volumes(forge.desk.ledger, forge.desk.keys, [missing])
    assert result.reason == "file_unreadable"


def test_a_mistake_of_ours_stops_no_other_file(forge: Forge) -> None:
    with mock.patch.object(volumes, "_check_index", side_effect=ZeroDivisionError):
        assert forge.read(forge.sealed).reason == "package_not_understood"
    with mock.patch.object(volumes, "_check_index", side_effect=MemoryError), pytest.raises(MemoryError):
        forge.read(forge.sealed)


def test_a_stranger_writes_none(forge: Forge, tmp_path: Path) -> None:
    stranger = Device(tmp_path / "stranger", "X", "station", 900, forge.room.clock)
    with stranger.database.read() as connection, pytest.raises(Refusal, match="not_in_class"):
        volumes.write_volume(connection, stranger.keys, forge.station.section, LABEL, forge.recipients, [])
    stranger.close()


def test_a_picture_of_somebody_else_under_a_true_name_does_not_open(forge: Forge) -> None:
    section = forge.desk.section
    sealed = picture_seal.seal(section, b"\xff\xd8picture", forge.desk.randomness)
    assert picture_seal.unseal(section, sealed.data, sealed.key) == b"\xff\xd8picture"
    wrong = (
        (section, sealed.data, b"k" * 32),
        (section, sealed.data, b"short"),
        (b"o" * 16, sealed.data, sealed.key),
        (section, b"BDP9" + sealed.data[4:], sealed.key),
        (section, sealed.data[:10], sealed.key),
        (section, sealed.data[:-1] + b"?", sealed.key),
    )
    for parts in wrong:
        with pytest.raises(ExchangeTrouble, match="picture_damaged"):
            picture_seal.unseal(*parts)
    with pytest.raises(Refusal, match="picture_too_large"):
        picture_seal.seal(section, bytes(MAX_PICTURE_BYTES + 1), forge.desk.randomness)


def test_an_old_volume_read_again_brings_nothing_back(forge: Forge, tmp_path: Path) -> None:
    stick = tmp_path / "again"
    stick.mkdir()
    carry(forge.station, stick)
    old = [path.read_bytes() for path in volumes_in(stick)]
    bring(forge.desk, stick)
    assert len(old) == 1
    assert forge.read(old[0]).status == "nothing_new"


def test_a_trouble_with_sealing_is_told_and_the_packages_are_safe(forge: Forge, tmp_path: Path) -> None:
    stick = tmp_path / "again"
    stick.mkdir()
    with mock.patch.object(envelope, "seal", side_effect=ExchangeTrouble("recipient_malformed")):
        carried = volume_carrier.write_volumes(forge.station.ledger, forge.station.keys, stick)
    assert (carried.trouble, carried.waiting) == ("recipient_malformed", 1)
