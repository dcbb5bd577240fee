"""The unit of change: an op says that a record's fields were written, and which earlier ops the writer saw there."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Value


class Kind(IntEnum):
    PUT = 1
    DELETE = 2
    RESTORE = 3


class OpRef(NamedTuple):
    """Where an op stands: its stream, its place there, and eight bytes of its chain hash.

    The hash is part of the name because a copied computer writes a second op at the same place; both are kept, and
    every device means the same one whatever arrived first.
    """

    stream_id: Id
    seq: int
    hash8: bytes


class OpRange(NamedTuple):
    """Ops of one stream in a row: the one at (``last``, ``hash8``) and those before it in its chain, down to ``first``.

    The hash names the branch. Where a copied computer wrote other ops at the same places, those are not meant, and
    none is meant that is not known to lie before the end: a gap in what is held ends the row until it is filled.
    """

    stream_id: Id
    first: int
    last: int
    hash8: bytes

    @property
    def end(self) -> OpRef:
        return OpRef(self.stream_id, self.last, self.hash8)


class Op(NamedTuple):
    """An op as read from the log. ``fields`` maps field numbers to values; ``over`` is what it replaces."""

    ref: OpRef
    hlc: int
    actor: bytes
    record: int
    entity_id: Id
    kind: Kind
    over: tuple[OpRef, ...]
    fields: Mapping[int, Value]


class Draft(NamedTuple):
    """What a use case wants written: ``fields`` by name; the ledger splits them by audience and stamps the ops.

    ``settles``: whoever asks has seen every standing write of these fields, not only the one shown, and decides.
    """

    section: Id
    record: str
    entity_id: Id
    fields: Mapping[str, Value] = MappingProxyType({})
    kind: Kind = Kind.PUT
    settles: bool = False


class ChangeSet(NamedTuple):
    """What a commit touched. ``change_id`` names it in the local history; ``kinds`` are record names."""

    change_id: int
    label: str
    kinds: frozenset[str] = frozenset()
    ids: frozenset[Id] = frozenset()
    sections: frozenset[Id] = frozenset()
    ops: int = 0

    @property
    def is_empty(self) -> bool:
        return self.ops == 0


def put(section: Id, record: str, entity_id: Id, **fields: Value) -> Draft:
    """The wish to write ``fields`` of one record."""
    return Draft(section, record, entity_id, fields)


def delete(section: Id, record: str, entity_id: Id) -> Draft:
    """The wish to remove a record as it is seen now: an edit this computer has not seen brings it back."""
    return Draft(section, record, entity_id, {}, Kind.DELETE)


def restore(section: Id, record: str, entity_id: Id) -> Draft:
    """The wish to have a deleted record back as it was, whether the deletion holds or lost to an edit."""
    return Draft(section, record, entity_id, {}, Kind.RESTORE)


def merge_change_sets(label: str, parts: Sequence[ChangeSet]) -> ChangeSet:
    """One change set for several commits, for a screen that refreshes once."""
    return ChangeSet(
        parts[-1].change_id if parts else 0,
        label,
        frozenset().union(*(part.kinds for part in parts)),
        frozenset().union(*(part.ids for part in parts)),
        frozenset().union(*(part.sections for part in parts)),
        sum(part.ops for part in parts),
    )
