"""What the desks of a class have said of its pictures, which they hold and which they miss; so what is to travel.

A word only ever makes a computer send less, or again; no picture goes for the sake of one. So an old word that comes
round again costs a second trip at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from blenddesk.domain.evidence import BLOB_NAME_BYTES
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.storage.columns import table_name
from blenddesk.sync.erasures import erased_blobs
from blenddesk.sync.keys import read_local, write_local
from blenddesk.sync.statements import DESKS
from blenddesk.sync.trust import Standing, known_devices
from blenddesk.sync.volumes import Label

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Word(msgspec.Struct, array_like=True, frozen=True):
    """The newest word of one desk. ``epochs``: the lives of its database we have heard of, the newest last."""

    epochs: list[bytes]
    number: int
    held: list[bytes]
    missing: list[bytes]


class Told(NamedTuple):
    """All the other desks together. ``home``: pictures that need not travel to any of them; ``missing``: those that
    one of them asks for. ``desks``: how many there are."""

    desks: int
    home: frozenset[bytes]
    missing: frozenset[bytes]

    def is_safe(self, name: bytes) -> bool:
        return name in self.home and name not in self.missing


_decode_word = msgspec.msgpack.Decoder(Word).decode
_TABLES = [table_name("evidence", Audience.DROP), table_name("evidence_private", Audience.DESK)]


def known_pictures(connection: Connection, section: Id) -> frozenset[bytes]:
    """The blobs of every picture of the class that this computer knows of and that was not erased: all, on a desk."""
    found: set[bytes] = set()
    for table in _TABLES:
        rows = connection.exec_driver_sql(f'SELECT blob FROM "{table}" WHERE section = ?', (section,)).scalars()
        found.update(name for name in rows if isinstance(name, bytes) and len(name) == BLOB_NAME_BYTES)
    return frozenset(found - erased_blobs(connection, section) if found else ())


def hear(
    connection: Connection,
    section: Id,
    desk: Id,
    label: Label,
    held: Collection[bytes],
    missing: Collection[bytes],
) -> bool:
    """Keeps what a desk says, unless it has said something newer; whether it was kept.

    A desk that was restored counts anew in a new life, which is known by its epoch.
    """
    before = _read(connection, section, desk)
    epochs = before.epochs if before is not None else []
    if before is not None and label.epoch in epochs:
        if label.epoch != epochs[-1] or label.number <= before.number:
            return False
    else:
        epochs = [*epochs, label.epoch]
    word = Word(epochs, label.number, sorted(held), sorted(missing))
    write_local(connection, _key(section, desk), msgspec.msgpack.encode(word))
    return True


def told(connection: Connection, section: Id, ours: Id, *, at_desk: bool) -> Told:
    """What the certified desks but ours say. A desk needs what another has; for a student computer one desk is home."""
    desks = sorted(
        {
            device.device_id
            for device in known_devices(connection, section)
            if device.role in DESKS and device.standing is Standing.CERTIFIED and device.device_id != ours
        }
    )
    words = [_read(connection, section, desk) for desk in desks]
    held = [frozenset(word.held) if word is not None else frozenset[bytes]() for word in words]
    home = frozenset[bytes]()
    if held:
        home = frozenset.intersection(*held) if at_desk else frozenset.union(*held)
    return Told(len(desks), home, frozenset(name for word in words if word is not None for name in word.missing))


def to_travel(here: Iterable[bytes], told: Told, erased: Collection[bytes]) -> list[bytes]:
    """Of the blobs that are here, in their order, those that the other desks need: what they ask for first."""
    if not told.desks:
        return []
    needed = [name for name in here if name not in erased and not told.is_safe(name)]
    return sorted(needed, key=lambda name: name not in told.missing)


def _read(connection: Connection, section: Id, desk: Id) -> Word | None:
    kept = read_local(connection, _key(section, desk))
    return None if kept is None else _decode_word(kept)


def _key(section: Id, desk: Id) -> str:
    return f"pictures/word/{section.hex()}/{desk.hex()}"
