"""Classes and their adults, as read from the projections."""

from __future__ import annotations

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Adult, Section
from blenddesk.storage.reader import Reader, build


class SectionReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def all(self, *, archived: bool = False) -> list[Section]:
        """Classes by name; archived ones only when asked for."""
        found = [build(Section, row) for row in self._reader.records("section")]
        return sorted((s for s in found if archived or not s.archived), key=lambda s: (s.name.casefold(), s.id))

    def get(self, section: Id) -> Section | None:
        rows = self._reader.records("section", section=section, id=section)
        return build(Section, rows[0]) if rows else None

    def adults(self, section: Id) -> list[Adult]:
        """The adults of the class in the teacher's order."""
        found = [build(Adult, row) for row in self._reader.records("adult", section=section)]
        return sorted(found, key=lambda adult: (adult.position, adult.name, adult.id))
