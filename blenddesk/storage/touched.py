"""Records of which ops came to count, or ceased to, while verdicts and withdrawals were brought in line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blenddesk.storage.projection import Entity


class Place(NamedTuple):
    """Where an op lies in the log of this computer."""

    sid: int
    seq: int
    hash8: bytes


class Touched:
    """Ops whose status changed, by record, each with whether it counted before all of this.

    With that and its status now, a write-once record is settled without looking for other ops of it.
    """

    def __init__(self) -> None:
        self._places: dict[Entity, dict[Place, bool]] = {}

    def note(self, entity: Entity, place: Place, *, counted: bool) -> None:
        # What was noted first holds: a status may change more than once on the way.
        self._places.setdefault(entity, {}).setdefault(place, counted)

    def update(self, later: Touched) -> None:
        for entity, places in later._places.items():
            for place, counted in places.items():
                self.note(entity, place, counted=counted)

    def places(self, entity: Entity) -> Mapping[Place, bool]:
        return self._places[entity]

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
