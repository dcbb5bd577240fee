"""Who may write what: one table of role, record, field and kind of op. What the table does not allow is refused.

Pure and the same on every computer: an op is judged by its writer's role in the class and by its own content, never by
when or from whom it came. A refused op stays in the log and travels on; it has no effect. Certificates, announcements
and retirements say who is who by their signatures, whoever carries them (``sync.trust``); the table only says who may
write such a record at all.

Whoever adds a record or a field adds it here too; a test walks the registry. Whoever changes what is allowed for a
field that exists raises ``registry.RULES_VERSION``, so that logs which older rules judged are judged again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind, OpRange
from blenddesk.domain.registry import BY_NAME, BY_NUMBER, RECORDS, Value


class Role(StrEnum):
    """What the class root lets a device be. A seat is a place for a device that has not come yet and writes nothing."""

    OWNER = "owner"
    """The desk that made the class; it alone certifies."""
    TEACHER = "teacher"
    STATION = "station"
    """A shared computer."""
    HUB = "hub"
    """Carries packages of a school; writes nothing."""
    SEAT = "seat"
    DESK_SEAT = "desk_seat"
    """A place for another teacher's desk."""


DESKS = frozenset({Role.OWNER, Role.TEACHER})
SEATS = frozenset({Role.SEAT, Role.DESK_SEAT})


class Wrong(StrEnum):
    """Why an op has no effect."""

    STRANGER = "stranger"
    """Its writer is nobody in this class, or pretends to be somebody else."""
    RECORD = "record"
    """The role never writes this record, or not in this way (it removes what it may only add)."""
    FIELD = "field"
    WORD = "word"
    """The field holds what only a teacher says, such as "mastered"."""
    OTHERS = "others"
    """It takes back what another computer wrote."""


class Permission(NamedTuple):
    """What a role may write into one record with one kind of op (field numbers).

    ``never`` lists the words of a field that are not this role's to say. ``own_streams``: the field that names streams,
    all of which must be the writer's own; 0 where any may be named.
    """

    fields: frozenset[int]
    never: Mapping[int, frozenset[Value]] = MappingProxyType({})
    own_streams: int = 0

    def is_free(self, record: int) -> bool:
        """Whether nothing that the record can hold is excepted, so that no field need be looked at."""
        return not self.never and not self.own_streams and self.fields >= _FIELDS[record]


class Writer(NamedTuple):
    """What one device is in one class, computed from the statements about it alone (``sync.trust``).

    ``pending``: nothing it wrote counts before the teacher confirms it. ``within``: when set, only these ops and what
    lies before them in their chains counts (a retired device); the rest waits for the teacher, or is refused when it
    was ``forged`` by somebody who claims this device's id with another key.
    """

    role: Role | None
    pending: bool = False
    within: frozenset[OpRange] | None = None
    forged: bool = False
    retired: bool = False


STRANGER = Writer(None)
_FIELDS = {record.number: frozenset(field.number for field in record.fields) for record in RECORDS}

# Who puts and who removes: "desk" is owner and teacher, "all" also shared computers. Records that are written once
# (``append``) are removed by nobody: a correction is a new one.
_WHO = {
    "owner": frozenset({Role.OWNER}),
    "desk": DESKS,
    "all": DESKS | {Role.STATION},
    "nobody": frozenset[Role](),
}
_RULES = """
section             1-9    desk   owner
student             1-11   desk   desk
enrollment          1-4    desk   desk
room                1-8    desk   desk
adult               1-3    desk   desk
period              1-3    desk   desk
calendar_day        1-5    desk   desk
meeting             1-4    desk   desk
attendance          1-4    desk   desk
plan                1-17   desk   desk
block               1-34   desk   desk
block_task          1-7    desk   desk
group               1-4    desk   desk
membership          1-4    desk   desk
seat                1-5    desk   desk
run                 1-3    desk   desk
lesson_event        1-4    desk   nobody
entry               1-9    all    nobody
reflection          1-11   all    nobody
goal                1-11   desk   desk
goal_step           1-4    desk   desk
profile             1-7    desk   desk
pair_rule           1-3    desk   desk
judgement           1-3    desk   desk
certificate         1-8    owner  nobody
announcement        1-7    all    nobody
withdrawal          1-4    all    nobody
withdrawal_private  1-4    desk   nobody
teacher             1-1    desk   desk
school_year         1-3    desk   desk
computer            1-4    desk   desk
retirement          1-7    owner  nobody
erasure             1-5    owner  nobody
evidence            1-12   all    nobody
evidence_private    1-12   desk   nobody
evidence_note       1-3    desk   desk
blob_erasure        1-2    owner  nobody
visit               1-6    desk   desk
assignment          1-7    desk   desk
catch_up            1-6    desk   desk
grouping            1-5    desk   desk
term                1-5    desk   desk
term_week           1-5    desk   desk
"""
_NEVER_FROM_STATIONS: dict[tuple[str, str], frozenset[Value]] = {
    # A child claims; that it was seen, mastered or let off is a teacher's word. Words that only a newer program knows
    # mean nothing here, and its table will judge them.
    ("entry", "kind"): frozenset({"checked", "mastered", "revise", "excused", "carried", "moved"}),
    ("entry", "by"): frozenset({"teacher"}),
}
_OWN_STREAMS = {"withdrawal": "streams"}


class Rule(NamedTuple):
    """A line of the table: who puts these fields of a record, and who removes and restores the record."""

    record: str
    fields: frozenset[int]
    put: frozenset[Role]
    remove: frozenset[Role]


@cache
def rules() -> tuple[Rule, ...]:
    """The table, line by line. A record may have several lines, for fields with different writers."""
    found = []
    for line in _RULES.strip().splitlines():
        record, span, put, remove = line.split()
        first, _dash, last = span.partition("-")
        found.append(Rule(record, frozenset(range(int(first), int(last) + 1)), _WHO[put], _WHO[remove]))
    return tuple(found)


@cache
def permissions(role: Role | None) -> Mapping[tuple[int, int], Permission]:
    """All that a role may write, by (record number, kind)."""
    found: dict[tuple[int, int], Permission] = {}
    for rule in rules():
        record = BY_NAME[rule.record]
        if role in rule.put:
            before = found.get((record.number, Kind.PUT))
            fields = rule.fields | (before.fields if before is not None else frozenset())
            limited = role is Role.STATION
            found[record.number, Kind.PUT] = Permission(
                fields,
                {
                    record.field(name).number: words
                    for (name_of_record, name), words in _NEVER_FROM_STATIONS.items()
                    if limited and name_of_record == rule.record
                },
                record.field(_OWN_STREAMS[rule.record]).number if limited and rule.record in _OWN_STREAMS else 0,
            )
        if role in rule.remove:
            for kind in (Kind.DELETE, Kind.RESTORE):
                found[record.number, kind] = Permission(frozenset())
    return found


def may_write(role: Role | None, record: str, field: str, kind: Kind = Kind.PUT) -> bool:
    """Whether the role may put this field, or remove or restore the record."""
    found = BY_NAME[record]
    permission = permissions(role).get((found.number, kind))
    return permission is not None and (kind is not Kind.PUT or found.field(field).number in permission.fields)


def wrong_with(permission: Permission, fields: Mapping[int, Value], own: frozenset[Id]) -> Wrong | None:
    """What is wrong with an op of a record that its writer may write as such; None when nothing is.

    ``fields`` by number, none for what is sealed: everybody must come to the same verdict, also those who cannot read
    it. ``own`` are the streams of the writer's device.
    """
    if not fields.keys() <= permission.fields:
        return Wrong.FIELD
    for number, words in permission.never.items():
        if fields.get(number) in words:
            return Wrong.WORD
    if permission.own_streams:
        named = fields.get(permission.own_streams) or []
        if not own.issuperset(named):  # type: ignore[arg-type]
            return Wrong.OTHERS
    return None


def what_is_wrong(
    writer: Writer, record: int, kind: int, fields: Mapping[int, Value], own: frozenset[Id]
) -> Wrong | None:
    """Why an op is refused, for its sentence; None when the table allows it. Records of a newer program are allowed."""
    if writer.role is None:
        return Wrong.STRANGER
    permission = permissions(writer.role).get((record, kind))
    if permission is None:
        return Wrong.RECORD if record in BY_NUMBER else None
    return wrong_with(permission, fields, own) or (Wrong.STRANGER if writer.forged else None)
