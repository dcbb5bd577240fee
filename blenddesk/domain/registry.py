"""Every record and field there is, with its number on disk, who may read it and how two writes meet.

Numbers travel in files that live for decades: they are only ever added, never changed, moved or used again
(``tests/domain/test_registry.py`` compares them with a frozen list). A changed meaning is a new field.

An *audience* is who can read a field. A use case names fields; the ledger writes one op per audience, each into the
stream of its scope (section, audience), so a shared computer holds whole streams or nothing:

- ``CLASS``: everything a shared computer needs. Never a need, a note, a result or a family name.
- ``DESK``: the teachers' desks only.
- ``DROP``: what a child says. Sealed to the desks as it is written; not even the computer it was said at can read it.
- ``TRUST``: certificates and announcements, for everyone in the class.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple, TypeAlias

Scalar: TypeAlias = bool | int | str | bytes | None
Value: TypeAlias = Scalar | list[str] | list[int] | list[bytes]
"""What a field may hold: flat, small and typed. No nesting: a thing with parts is records of its own."""

RULES_VERSION = 1
"""Goes up when the rules of ``domain.authority`` change for a field that was there before."""
MAX_TEXT_BYTES = 65_536
MAX_ITEMS = 4_096


class Audience(IntEnum):
    CLASS = 1
    DESK = 2
    DROP = 3
    TRUST = 4

    # An enum hashes its member's name, in Python; that was a tenth of an import.
    __hash__ = int.__hash__


class Shape(StrEnum):
    """The type of a field's value; every field may also be None (nothing set)."""

    TEXT = "text"
    INT = "int"
    BOOL = "bool"
    ID = "id"
    BYTES = "bytes"
    TEXTS = "texts"
    INTS = "ints"
    IDS = "ids"


class Field(NamedTuple):
    number: int
    name: str
    shape: Shape
    audience: Audience
    present_wins: bool = False
    """Of two concurrent writes one of which clears the field, the other wins (a placed child stays placed)."""


class Record(NamedTuple):
    """A kind of thing. ``append`` records are written once and never edited: a correction is a new one."""

    number: int
    name: str
    append: bool
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        return _FIELDS_BY_NAME[self.name, name]

    def audiences(self) -> tuple[Audience, ...]:
        return _AUDIENCES[self.number]

    def fields_for(self, audience: Audience) -> tuple[Field, ...]:
        return _FIELDS_FOR.get((self.number, audience), ())


def _record(number: int, name: str, *lines: str, append: bool = False) -> Record:
    """A record from lines of ``number name shape AUDIENCE [present_wins]``, which read like the table they are."""
    fields = []
    for line in lines:
        field_number, field_name, shape, audience, *rest = line.split()
        fields.append(Field(int(field_number), field_name, Shape(shape), Audience[audience], present_wins=bool(rest)))
    return Record(number, name, append, tuple(fields))


RECORDS: tuple[Record, ...] = (
    # A class. Its id is the section id that scopes everything else.
    _record(
        1,
        "section",
        "1 name text CLASS",
        "2 year text CLASS",
        "3 look text CLASS",  # younger | older
        "4 sign_in text CLASS",  # pictures | tap
        "5 language text CLASS",
        "6 archived bool CLASS",
        "7 minutes int CLASS",  # usual length of a lesson
        "8 idle_seconds int CLASS",
        "9 subject text CLASS",
    ),
    # A person who learns. Written into every class the person is in, under the one id of the person.
    _record(
        2,
        "student",
        "1 name text CLASS",  # what a child is called here; letters of the family name only to tell two apart
        "2 avatar text CLASS",
        "3 code ints CLASS",  # three of nine pictures in order; confirms, never identifies
        "4 language text CLASS",
        "5 given text DESK",
        "6 family text DESK",
        "7 source_system text DESK",
        "8 source_id text DESK",
        "9 symbol text CLASS",
        "10 middle text DESK",
        "11 preferred text DESK",
    ),
    _record(
        3,
        "enrollment",  # id: derived_id("enrollment", section, student)
        "1 student id CLASS",
        "2 number int CLASS",  # the place in the list and of the tile; nobody else moves when one comes or goes
        "3 start_day text CLASS",
        "4 end_day text CLASS",
    ),
    _record(
        4,
        "room",  # section MINE, id: derived_id("room", MINE)
        "1 computers int DESK",
        "2 students_per_computer int DESK",
        "3 headphones int DESK",
        "4 projector bool DESK",
        "5 printer bool DESK",
        "6 period_minutes int DESK",
        "7 class_size int DESK",
        "8 floor_minutes int DESK",  # warn when a round is shorter
    ),
    _record(5, "adult", "1 name text CLASS", "2 role text CLASS", "3 position int CLASS"),
    _record(
        6,
        "period",  # one weekly meeting time of a class
        "1 day int CLASS",  # 0 Monday .. 6 Sunday, or the day of an N-day cycle
        "2 start_minute int CLASS",
        "3 minutes int CLASS",
    ),
    _record(
        7,
        "calendar_day",  # section MINE: holidays, half-days, short bells
        "1 first_day text DESK",
        "2 last_day text DESK",
        "3 kind text DESK",  # off | short
        "4 minutes int DESK",
        "5 name text DESK",
    ),
    _record(
        8,
        "meeting",  # id: derived_id("meeting", section, date, start)
        "1 day text CLASS",
        "2 start_minute int CLASS",
        "3 minutes int CLASS",
        "4 adults ids CLASS",
    ),
    _record(
        9,
        "attendance",  # id: derived_id("attendance", meeting, student)
        "1 meeting id CLASS",
        "2 student id CLASS",
        "3 status text CLASS",  # here | away | late
        "4 minute int CLASS",
    ),
    _record(
        10,
        "plan",
        "1 name text CLASS",
        "2 model text CLASS",  # station | whole_group | flipped | playlist | mixed
        "3 template text CLASS",
        "4 day text CLASS",
        "5 start_minute int CLASS",
        "6 period_minutes int CLASS",
        "7 opening_minutes int CLASS",
        "8 moving_minutes int CLASS",
        "9 closing_minutes int CLASS",
        "10 rounds ints CLASS",  # minutes of each round
        "11 status text CLASS",  # draft | ready | archived
        "12 grouping text CLASS",  # random | mixed | by_hand | as_last_time
        "13 copied_from id CLASS",
        "14 shape text CLASS",  # classic | must_may | free_form | flip_flop | mirror | several_days | make_up
        "15 series id CLASS",  # the lessons that share one plan over several days
        "16 part int CLASS",  # which of them, from 1
        "17 adults ids CLASS",  # who is there, where it differs from the meeting
    ),
    _record(
        11,
        "block",
        "1 plan id CLASS",
        "2 position int CLASS",
        "3 title text CLASS",
        "4 task text CLASS",
        "5 picture text CLASS",
        "6 tint int CLASS",
        "7 mode text CLASS",  # online | offline | either
        "8 role text CLASS",  # teacher | independent | collaborative | make_up | input | check
        "9 priority text CLASS",  # must | should | may
        "10 minutes int CLASS",
        "11 capacity int CLASS",
        "12 devices int CLASS",  # 0, or the students that share one computer
        "13 headphones bool CLASS",
        "14 adult text CLASS",  # none | any | an adult's id in hex
        "15 steps texts CLASS",
        "16 step_pictures texts CLASS",
        "17 output text CLASS",
        "18 gate text CLASS",  # none | self | teacher | mastery
        "19 paper_twin text CLASS",
        "20 resource text CLASS",  # a file, folder, program or address that Start opens
        "21 extension text CLASS",
        "22 decides_what text CLASS",  # teacher | choice | student, for each of the six
        "23 decides_how text CLASS",
        "24 decides_when text CLASS",
        "25 decides_where text CLASS",
        "26 decides_pace text CLASS",
        "27 decides_path text CLASS",
        "28 names texts CLASS",  # the title in other languages, each as its language code, a space and the words
        "29 questions texts CLASS",  # guiding questions of an input, or what an entry check asks
        "30 after ids CLASS",  # blocks that a group visits before this one
        "31 materials text CLASS",
        "32 skill text CLASS",
        "33 archived bool CLASS",  # of the teacher's own station library: blocks of section MINE without a plan
        "34 copied_from id CLASS",
    ),
    _record(
        12,
        "block_task",  # what one group does at a block; id: derived_id("block_task", block, group)
        "1 plan id CLASS",
        "2 block id CLASS",
        "3 group id CLASS",
        "4 task text CLASS",
        "5 steps texts CLASS",
        "6 step_pictures texts CLASS",
        "7 resource text CLASS",
    ),
    _record(13, "group", "1 plan id CLASS", "2 position int CLASS", "3 name text CLASS", "4 shape text CLASS"),
    _record(
        14,
        "membership",  # id: derived_id("membership", plan, student): in at most one group, so a register and no set
        "1 plan id CLASS",
        "2 student id CLASS",
        "3 group id CLASS present_wins",
        "4 locked bool CLASS",
    ),
    _record(
        15,
        "seat",  # where a group is in a round; id: derived_id("seat", plan, group, round)
        "1 plan id CLASS",
        "2 group id CLASS",
        "3 round int CLASS",
        "4 block id CLASS",
        "5 locked bool CLASS",
    ),
    _record(
        16,
        "run",  # a plan used in a meeting
        "1 plan id CLASS",
        "2 meeting id CLASS",
        "3 started_ms int CLASS",
    ),
    _record(
        17,
        "lesson_event",
        "1 run id CLASS",
        "2 kind text CLASS",  # domain.live.EventKind
        "3 at_ms int CLASS",
        "4 value int CLASS",
        append=True,
    ),
    _record(
        18,
        "entry",
        "1 student id CLASS",
        "2 kind text CLASS",  # domain.entries.EntryKind
        "3 plan id CLASS",
        "4 block id CLASS",
        "5 about id CLASS",  # the entry, goal step or group this one is about
        "6 day text CLASS",
        "7 at_ms int CLASS",
        "8 round int CLASS",
        "9 by text CLASS",  # student | recorder | teacher
        append=True,
    ),
    _record(
        19,
        "reflection",  # what a child says, sealed as it is saved
        "1 student id DROP",
        "2 entry id DROP",
        "3 plan id DROP",
        "4 block id DROP",
        "5 growth int DROP",  # 1 still tricky .. 4 can help a friend
        "6 words texts DROP",
        "7 remark text DROP",
        "8 help bool DROP",
        "9 day text DROP",
        "10 at_ms int DROP",
        "11 revises id DROP",  # the reflection that this one takes the place of; both are kept
        append=True,
    ),
    _record(
        20,
        "goal",
        "1 student id CLASS",
        "2 words text CLASS",  # the child's own
        "3 status text CLASS",  # active | reached | changed | let_go
        "4 set_by text CLASS",  # student | together | teacher
        "5 set_day text CLASS",
        "6 picture text CLASS",
        "7 measure text DESK",
        "8 why text DESK",
        "9 note text DESK",
        "10 by_day text CLASS",
        "11 reason text DESK",
    ),
    _record(21, "goal_step", "1 goal id CLASS", "2 student id CLASS", "3 position int CLASS", "4 words text CLASS"),
    _record(
        22,
        "profile",  # id: derived_id("profile", student)
        "1 student id DESK",
        "2 strengths texts DESK",
        "3 needs texts DESK",
        "4 interests texts DESK",
        "5 preferences texts DESK",
        "6 note text DESK",
        "7 helps_with texts DESK",  # language | reader | device
    ),
    _record(23, "pair_rule", "1 first id DESK", "2 second id DESK", "3 kind text DESK"),  # together | apart
    _record(24, "judgement", "1 student id DESK", "2 level int DESK", "3 day text DESK"),
    _record(
        25,
        "certificate",  # the class root says: this key belongs to this device in this role
        "1 device id TRUST",
        "2 name text TRUST",
        "3 role text TRUST",  # owner | teacher | station | seat
        "4 signing_key bytes TRUST",
        "5 sealing_key bytes TRUST",
        "6 age_recipient text TRUST",
        "7 signature bytes TRUST",
        "8 seat bytes TRUST",
        append=True,
    ),
    _record(
        26,
        "announcement",  # a new shared computer says, with the seat's key: these fresh keys are mine
        "1 device id TRUST",
        "2 name text TRUST",
        "3 signing_key bytes TRUST",
        "4 age_recipient text TRUST",
        "5 seat bytes TRUST",
        "6 signature bytes TRUST",
        "7 sealing_key bytes TRUST",  # of another teacher's desk; a shared computer reads nothing that is sealed
        append=True,
    ),
    # "As if it had never been": undo of a change, of an import, of everything from one computer. Itself withdrawable.
    _record(
        27,
        "withdrawal",
        "1 streams ids CLASS",
        "2 first_seqs ints CLASS",
        "3 last_seqs ints CLASS",
        "4 last_hashes bytes CLASS",  # eight bytes for each last op, one after the other: which branch is meant
        append=True,
    ),
    _record(
        28,
        "withdrawal_private",
        "1 streams ids DESK",
        "2 first_seqs ints DESK",
        "3 last_seqs ints DESK",
        "4 last_hashes bytes DESK",
        append=True,
    ),
    _record(29, "teacher", "1 name text DESK"),  # section MINE, id: derived_id("teacher", MINE)
    _record(30, "school_year", "1 name text DESK", "2 first_day text DESK", "3 last_day text DESK"),
    _record(
        31,
        "computer",  # id: derived_id("computer_life", device, epoch): what a copy of a computer is called
        "1 name text CLASS",
        "2 device id CLASS",
        "3 retired bool CLASS",
        "4 epoch id CLASS",
    ),
    _record(
        32,
        "retirement",  # the class root says: of this device only these ops and those before them in their chains count
        "1 device id TRUST",
        "2 number int TRUST",  # of the statements about the device; the greatest holds
        "3 retired bool TRUST",  # false: it counts again
        "4 streams ids TRUST",
        "5 seqs ints TRUST",
        "6 hashes bytes TRUST",  # eight bytes for each op, one after the other
        "7 signature bytes TRUST",
        append=True,
    ),
    _record(
        33,
        "erasure",  # the class root says: what these ops tell of a child is to be gone everywhere
        "1 student id TRUST",
        "2 streams ids TRUST",
        "3 seqs ints TRUST",
        "4 hashes bytes TRUST",  # eight bytes for each op, one after the other
        "5 signature bytes TRUST",
        append=True,
    ),
    # A picture of work. What a child shows is what a child says: which picture it is and the key that opens its blob
    # are sealed to the desks, also where it was taken.
    _record(
        34,
        "evidence",
        "1 student id DROP",
        "2 entry id DROP",  # the finished station that it shows
        "3 plan id DROP",
        "4 block id DROP",
        "5 blob bytes DROP",  # the name of its sealed bytes (storage.blobs), which travel in volumes
        "6 key bytes DROP",
        "7 size int DROP",  # bytes of the picture once opened
        "8 width int DROP",
        "9 height int DROP",
        "10 day text DROP",
        "11 at_ms int DROP",
        "12 device id DROP",  # where it was taken: what the placeholder names until the blob is home
        append=True,
    ),
    _record(
        35,
        "evidence_private",  # one that a teacher adds; numbers as in evidence
        "1 student id DESK",
        "2 entry id DESK",
        "3 plan id DESK",
        "4 block id DESK",
        "5 blob bytes DESK",
        "6 key bytes DESK",
        "7 size int DESK",
        "8 width int DESK",
        "9 height int DESK",
        "10 day text DESK",
        "11 at_ms int DESK",
        "12 device id DESK",
        append=True,
    ),
    _record(
        36,
        "evidence_note",  # what the teacher says of a picture; its id is the picture's
        "1 student id DESK",
        "2 caption text DESK",
        "3 hidden bool DESK",
    ),
    _record(
        37,
        "blob_erasure",  # the class root says: these blobs are to be gone everywhere, and from every volume
        "1 blobs bytes TRUST",  # 32 bytes for each, one after the other
        "2 signature bytes TRUST",
        append=True,
    ),
    _record(
        38,
        "visit",  # whether a group must, may or never goes to a block; id: derived_id("visit", plan, block, group)
        "1 plan id CLASS",
        "2 block id CLASS",
        "3 group id CLASS",
        "4 priority text CLASS",  # must | may | never
        "5 wish int CLASS",  # 1 to 9 of a may
        "6 rounds int CLASS",  # how long it stays
    ),
    _record(
        39,
        "assignment",  # an item of one student's list; id: derived_id("assignment", plan, student, block)
        "1 plan id CLASS",
        "2 student id CLASS",
        "3 block id CLASS",
        "4 priority text CLASS",  # must | should | may
        "5 position int CLASS",
        "6 round int CLASS",  # when, where it has a place of its own (a conference, a shared computer)
        "7 rounds int CLASS",
    ),
    _record(
        40,
        "catch_up",  # a block that a student missed; id: derived_id("catch_up", plan, block, student)
        "1 plan id CLASS",
        "2 block id CLASS",
        "3 student id CLASS",
        "4 status text CLASS",  # due | planned | done | let_go
        "5 taken_in id CLASS",  # the plan in which it is made good
        "6 round int CLASS",
    ),
    _record(
        41,
        "grouping",  # what a plan's groups were made for; id: derived_id("grouping", plan)
        "1 plan id DESK",
        "2 helpers texts DESK",  # whom every group needs
        "3 order ints DESK",  # which aim comes first
        "4 blend ints DESK",  # weights of need, mix and interest
        "5 seed int DESK",
    ),
    _record(
        42,
        "term",  # groups for many weeks at once
        "1 name text DESK",
        "2 first_day text DESK",
        "3 last_day text DESK",
        "4 group_sizes ints DESK",
        "5 seed int DESK",
    ),
    _record(
        43,
        "term_week",  # id: derived_id("term_week", term, week)
        "1 term id DESK",
        "2 week int DESK",
        "3 students ids DESK",
        "4 groups ints DESK",  # the group of each student, in the order of the students
        "5 plan id DESK",  # the lesson that used it
    ),
)

BY_NAME: dict[str, Record] = {record.name: record for record in RECORDS}
BY_NUMBER: dict[int, Record] = {record.number: record for record in RECORDS}
_FIELDS_BY_NAME: dict[tuple[str, str], Field] = {
    (record.name, field.name): field for record in RECORDS for field in record.fields
}
FIELDS_BY_NUMBER: dict[tuple[int, int], Field] = {
    (record.number, field.number): field for record in RECORDS for field in record.fields
}

_AUDIENCES: dict[int, tuple[Audience, ...]] = {
    record.number: tuple(sorted({field.audience for field in record.fields})) for record in RECORDS
}
_FIELDS_FOR: dict[tuple[int, Audience], tuple[Field, ...]] = {
    (record.number, audience): tuple(field for field in record.fields if field.audience is audience)
    for record in RECORDS
    for audience in _AUDIENCES[record.number]
}

_ITEM_SHAPES: dict[Shape, Shape] = {Shape.TEXTS: Shape.TEXT, Shape.INTS: Shape.INT, Shape.IDS: Shape.ID}
_MOST_LETTERS = MAX_TEXT_BYTES // 4
"""A text of so many letters is short enough whatever they are; only longer ones need encoding to be measured."""


def fits(field: Field, value: object) -> bool:
    """Whether ``value`` is what the field may hold: the right type, not too long, ids of 16 bytes, 64-bit numbers."""
    if value is None:
        return True
    shape = field.shape
    if shape not in _ITEM_SHAPES:
        return _fits_scalar(shape, value)
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return False
    item_shape = _ITEM_SHAPES[shape]
    return all(_fits_scalar(item_shape, item) for item in value)


def _fits_scalar(shape: Shape, value: object) -> bool:
    if isinstance(value, str):
        return shape is Shape.TEXT and (len(value) <= _MOST_LETTERS or _encoded_length(value) <= MAX_TEXT_BYTES)
    if isinstance(value, bytes):
        return len(value) == 16 if shape is Shape.ID else shape is Shape.BYTES and len(value) <= MAX_TEXT_BYTES
    if isinstance(value, bool):
        return shape is Shape.BOOL
    return isinstance(value, int) and shape is Shape.INT and -(2**63) <= value < 2**63


def _encoded_length(value: str) -> int:
    return len(value.encode("utf-8", "surrogatepass"))
