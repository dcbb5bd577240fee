"""What students did and, on a desk, what they said of it, as read from the projections."""

from __future__ import annotations

from typing import Any

from blenddesk.domain.entries import Entry
from blenddesk.domain.ids import Id
from blenddesk.domain.people import Reflection
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build


class EntryReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_plan(self, section: Id, plan: Id) -> list[Entry]:
        """Every entry of one lesson, by time."""
        return self._entries(section=section, plan=plan)

    def of_student(self, section: Id, student: Id) -> list[Entry]:
        return self._entries(section=section, student=student)

    def of_section(self, section: Id) -> list[Entry]:
        """Every entry of a class; tens of thousands after some years."""
        return self._entries(section=section)

    def reflections_of_plan(self, section: Id, plan: Id) -> list[Reflection]:
        return self._reflections(section=section, plan=plan)

    def reflections_of_student(self, section: Id, student: Id) -> list[Reflection]:
        return self._reflections(section=section, student=student)

    def _entries(self, **where: Any) -> list[Entry]:
        found = [build(Entry, row) for row in self._reader.records("entry", **where)]
        return sorted(found, key=lambda entry: (entry.at_ms, entry.id))

    def _reflections(self, **where: Any) -> list[Reflection]:
        found = [build(Reflection, row) for row in self._reader.records("reflection", Audience.DROP, **where)]
        return sorted(found, key=lambda reflection: (reflection.at_ms, reflection.id))
