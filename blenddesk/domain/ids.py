"""Names of things: 16 random bytes, or 16 bytes derived from what the thing stands for."""

from __future__ import annotations

from typing import TypeAlias

Id: TypeAlias = bytes
"""16 bytes. Random (UUIDv4-like) for things people make; derived for slots that two computers may fill at once."""

ID_BYTES = 16
MINE: Id = bytes(ID_BYTES)
"""The section id of what belongs to no class: the room, the calendar, the teacher; never leaves the desks."""


def derived_id(kind: str, *parts: Id) -> Id:
    """The id of the one slot that ``parts`` name, the same on every computer (such as one student in one plan).

    Two computers that fill the slot without seeing each other then meet in one record, and the merge rules see both.
    """
    # Imported here: with it comes OpenSSL, which the first screen can do without.
    from hashlib import blake2b

    digest = blake2b(digest_size=ID_BYTES, person=kind.encode()[:16])
    for part in parts:
        digest.update(len(part).to_bytes(2, "big"))
        digest.update(part)
    return digest.digest()
