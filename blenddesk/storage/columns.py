"""How registry fields lie in projection tables: table names, column values and back. Needs no database library."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from zlib import crc32

from blenddesk.domain.registry import BY_NAME, RECORDS, RULES_VERSION, Audience, Field, Shape, Value

_SUFFIX = {Audience.CLASS: "", Audience.DESK: "_desk", Audience.DROP: "_drop", Audience.TRUST: ""}
LIST_SHAPES = frozenset({Shape.TEXTS, Shape.INTS, Shape.IDS})


FOLDED_CLAUSE = f"record IN ({', '.join(str(record.number) for record in RECORDS if not record.append)})"
"""Records that are folded from several ops. Must stand in a query exactly so for SQLite to use ``op_entity``."""


def table_name(record: str, audience: Audience = Audience.CLASS) -> str:
    """The projection table that holds one audience's fields of a record."""
    return record + _SUFFIX[audience]


def to_column(field: Field, value: Value) -> object:
    """The value as the driver stores it: lists as JSON text, ids inside them as hex."""
    if value is None or field.shape not in LIST_SHAPES:
        return value
    assert isinstance(value, list)
    return json.dumps([item.hex() if isinstance(item, bytes) else item for item in value], ensure_ascii=False)


def from_column(field: Field, stored: Any) -> Any:
    """The value of a field from what the driver read; lists come as tuples."""
    if stored is None:
        return None
    if field.shape is Shape.BOOL:
        return bool(stored)
    if field.shape not in LIST_SHAPES:
        return stored
    items = json.loads(stored)
    return tuple(bytes.fromhex(item) for item in items) if field.shape is Shape.IDS else tuple(items)


def columns(record: str, audience: Audience = Audience.CLASS) -> tuple[Field, ...]:
    return BY_NAME[record].fields_for(audience)


@cache
def fingerprint() -> bytes:
    """Changes whenever the projection tables would be made differently, or the log judged by other rules."""
    lines = [
        f"{record.number} {record.name} {record.append} {field.number} {field.name} {field.shape.value}"
        f" {field.audience.value} {field.present_wins}"
        for record in RECORDS
        for field in record.fields
    ]
    return crc32("\n".join(["5", str(RULES_VERSION), *lines]).encode()).to_bytes(4, "big")
