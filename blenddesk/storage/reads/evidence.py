"""Pictures of work as a desk knows them, with what the teacher says of them."""

from __future__ import annotations

from typing import Any

from blenddesk.domain.evidence import BLOB_KEY_BYTES, BLOB_NAME_BYTES, Evidence
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import Audience
from blenddesk.storage.columns import table_name
from blenddesk.storage.reader import Reader, build

TABLES = (table_name("evidence", Audience.DROP), table_name("evidence_private", Audience.DESK))


class EvidenceReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_student(self, section: Id, student: Id) -> list[Evidence]:
        """By time, hidden ones too. On a student computer there are none: it cannot read what was sealed there."""
        return self._found(section=section, student=student)

    def of_section(self, section: Id) -> list[Evidence]:
        return self._found(section=section)

    def one(self, section: Id, evidence: Id) -> Evidence | None:
        return next(iter(self._found(section=section, id=evidence)), None)

    def sections_with_any(self) -> set[Id]:
        """The classes that have a picture of work here, by what is known of it and not by its file."""
        rows = self._reader.rows(f'SELECT section FROM "{TABLES[0]}" UNION SELECT section FROM "{TABLES[1]}"')
        return {section for (section,) in rows}

    def _found(self, **where: Any) -> list[Evidence]:
        with self._reader.steady():
            rows = self._reader.records("evidence", Audience.DROP, **where)
            rows += self._reader.records("evidence_private", Audience.DESK, **where)
            notes = {
                row["id"]: row for row in self._reader.records("evidence_note", Audience.DESK, section=where["section"])
            }
        found = [
            build(Evidence, row | {name: notes.get(row["id"], {}).get(name) for name in ("caption", "hidden")})
            for row in rows
            # What a student computer seals nobody on the way can look into.
            if row["student"] is not None and _length(row["blob"]) == BLOB_NAME_BYTES
            if _length(row["key"]) == BLOB_KEY_BYTES
        ]
        return sorted(found, key=lambda one: (one.at_ms, one.id))


def _length(value: bytes | None) -> int:
    return len(value or b"")
