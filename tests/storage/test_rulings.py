"""How an op is judged by its writer's standing, without a database: each case of a ruling, and the door before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from blenddesk.domain.authority import STRANGER, Role, Writer
from blenddesk.domain.ops import Kind, OpRange
from blenddesk.domain.registry import BY_NAME, Audience
from blenddesk.errors import Refusal
from blenddesk.storage import verdicts
from blenddesk.storage.projection import Scope
from blenddesk.storage.streams import Stream, StreamTable
from blenddesk.storage.tables import Status
from blenddesk.storage.verdicts import Door, Ruling, Rulings

SECTION, OTHER = b"S" * 16, b"T" * 16
DEVICE, STRANGE = b"d" * 16, b"x" * 16
CLASS, DROP = Scope(SECTION, Audience.CLASS), Scope(SECTION, Audience.DROP)
OWN = frozenset({b"1" * 16})
ENTRY, PLAN, SAID, WITHDRAWAL, ANNOUNCEMENT = (
    BY_NAME[name].number for name in ("entry", "plan", "reflection", "withdrawal", "announcement")
)
KIND = BY_NAME["entry"].field("kind").number
STREAMS = BY_NAME["withdrawal"].field("streams").number
SOME = frozenset({OpRange(b"1" * 16, 1, 4, b"hashhash")})
APPLIED, REFUSED, HELD = Status.APPLIED, Status.REFUSED, Status.HELD


def station(**changed: Any) -> Ruling:
    return Ruling(Writer(Role.STATION)._replace(**changed), CLASS, OWN)


def test_what_the_table_allows_is_applied_and_the_rest_refused() -> None:
    ruling = station()
    assert ruling.is_plain
    assert ruling.within is None
    assert ruling.status(ENTRY, Kind.PUT, {KIND: "claimed"}) == APPLIED
    assert ruling.status(ENTRY, Kind.PUT, {KIND: "mastered"}) == REFUSED
    assert ruling.status(ENTRY, Kind.DELETE, {}) == REFUSED
    assert ruling.status(PLAN, Kind.PUT, {1: "x"}) == REFUSED
    assert ruling.status(WITHDRAWAL, Kind.PUT, {STREAMS: [*OWN]}) == APPLIED
    assert ruling.status(WITHDRAWAL, Kind.PUT, {STREAMS: [*OWN, b"2" * 16]}) == REFUSED
    desk = Ruling(Writer(Role.TEACHER), CLASS, OWN)
    assert desk.status(PLAN, Kind.PUT, {1: "x"}) == desk.status(PLAN, Kind.DELETE, None) == APPLIED
    assert desk.status(WITHDRAWAL, Kind.PUT, {STREAMS: [b"2" * 16]}) == APPLIED
    assert desk.status(ENTRY, Kind.PUT, {99: "a field of nobody's"}) == APPLIED, "nothing of it is looked at"
    assert Ruling(STRANGER, CLASS, OWN).status(ENTRY, Kind.PUT, {KIND: "claimed"}) == REFUSED


def test_nobody_looks_into_what_is_sealed() -> None:
    sealed = Ruling(Writer(Role.STATION), DROP, OWN)
    assert sealed.status(SAID, Kind.PUT, None) == APPLIED
    assert sealed.status(ENTRY, Kind.PUT, {KIND: "mastered"}) == APPLIED
    assert sealed.status(PLAN, Kind.PUT, None) == REFUSED
    assert station().status(WITHDRAWAL, Kind.PUT, None) == APPLIED, "without fields it names nobody's"


def test_of_who_waits_or_is_lost_only_what_was_accepted_counts() -> None:
    for writer in ({"pending": True}, {"within": SOME}, {"within": frozenset(), "retired": True}):
        ruling = station(**writer)
        assert not ruling.is_plain
        assert ruling.within == writer.get("within")
        assert ruling.status(ENTRY, Kind.PUT, {KIND: "claimed"}) == HELD
        assert ruling.status(ENTRY, Kind.PUT, {KIND: "claimed"}, counts=True) == APPLIED
        assert ruling.status(ENTRY, Kind.PUT, {KIND: "mastered"}, counts=True) == REFUSED
    forged = station(within=SOME, forged=True)
    assert not forged.is_plain
    assert forged.status(ENTRY, Kind.PUT, {KIND: "claimed"}) == REFUSED
    assert forged.status(ENTRY, Kind.PUT, {KIND: "claimed"}, counts=True) == APPLIED


def test_who_is_new_says_so_before_anybody_can_have_confirmed_it() -> None:
    assert station(pending=True).status(ANNOUNCEMENT, Kind.PUT, {}) == APPLIED
    assert station(within=SOME).status(ANNOUNCEMENT, Kind.PUT, {}) == HELD
    assert station(pending=True).status(ENTRY, Kind.PUT, {KIND: "claimed"}) == HELD


def test_a_mark_differs_where_two_are_judged_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    writers = [
        Writer(Role.STATION),
        Writer(Role.TEACHER),
        Writer(None),
        Writer(Role.STATION, pending=True),
        Writer(Role.STATION, within=SOME),
        Writer(Role.STATION, within=frozenset()),
        Writer(Role.STATION, within=SOME, forged=True),
        Writer(Role.STATION, within=SOME | {OpRange(b"2" * 16, 1, 4, b"hashhash")}),
    ]
    marks = [Ruling(writer, CLASS, OWN).mark for writer in writers]
    assert len(set(marks)) == len(writers)
    assert all(0 < mark < 1 << 56 for mark in marks)
    assert marks == [Ruling(writer, CLASS, frozenset()).mark for writer in writers]
    many = [OpRange(bytes([n]) * 16, 1, 4, b"hashhash") for n in range(40)]
    assert (
        len({Ruling(Writer(Role.STATION, within=frozenset(some)), CLASS, OWN).mark for some in (many, many[::-1])}) == 1
    )
    monkeypatch.setattr(verdicts, "RULES_VERSION", 9_999)
    assert not {Ruling(writer, CLASS, OWN).mark for writer in writers} & set(marks), "newer rules judge again"


def stream(sid: int, device: bytes = DEVICE, section: bytes = SECTION) -> Stream:
    scope = Scope(section, Audience.CLASS)
    return Stream(sid, bytes([sid]) * 16, device, b"e" * 16, scope, b"", 1, b"", 0, 0)


class Judge:
    """Knows one device in one class, and counts how often it was asked."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.asked: list[bytes] = []

    def writers(self, connection: object, section: bytes) -> Mapping[bytes, Writer]:
        self.asked.append(section)
        return {DEVICE: self.writer} if section == SECTION else {}

    def writer_here(self, connection: object, section: bytes) -> Writer:
        self.asked.append(section)
        return self.writer if section == SECTION else STRANGER


def table(*found: Stream) -> StreamTable:
    return StreamTable({one.sid: one for one in found}, {one.stream_id: one for one in found})


def test_a_stream_is_judged_by_its_device_in_its_class() -> None:
    ours, second, elsewhere, strange = stream(1), stream(2), stream(3, section=OTHER), stream(4, device=STRANGE)
    judge: Any = Judge(Writer(Role.STATION))
    rulings = Rulings(None, table(ours, second, elsewhere, strange), judge)  # type: ignore[arg-type]
    ruling = rulings.of(ours)
    assert rulings.of(ours) is ruling
    assert ruling.mark == rulings.of(second).mark
    assert rulings.of(strange).mark == rulings.of(elsewhere).mark == Ruling(STRANGER, CLASS, OWN).mark
    assert judge.asked == [SECTION, OTHER], "once for each class"
    both = {STREAMS: [ours.stream_id, second.stream_id]}
    assert ruling.status(WITHDRAWAL, Kind.PUT, both) == APPLIED
    for foreign in (elsewhere, strange):
        assert ruling.status(WITHDRAWAL, Kind.PUT, {STREAMS: [foreign.stream_id]}) == REFUSED


def door(writer: Writer) -> tuple[Door, Judge]:
    judge: Any = Judge(writer)
    streams = table(stream(1), stream(2, device=STRANGE))
    return Door(None, streams, judge, DEVICE), judge  # type: ignore[arg-type]


def refusal(
    at: Door, record: int, fields: dict[int, Any], scope: Scope = CLASS
) -> tuple[str, dict[str, object]] | None:
    try:
        at.check(scope, record, Kind.PUT, fields)
    except Refusal as refused:
        return refused.code, dict(refused.data)
    return None


def test_the_door_lets_pass_what_will_count() -> None:
    station_door, judge = door(Writer(Role.STATION))
    assert refusal(station_door, ENTRY, {KIND: "claimed"}) is None
    assert refusal(station_door, ENTRY, {KIND: "mastered"}) == ("not_allowed_here", {"record": "entry", "why": "word"})
    assert refusal(station_door, PLAN, {}) == ("not_allowed_here", {"record": "plan", "why": "record"})
    assert refusal(station_door, WITHDRAWAL, {STREAMS: [bytes([1]) * 16]}) is None
    assert refusal(station_door, WITHDRAWAL, {STREAMS: [bytes([2]) * 16]}) == (
        "not_allowed_here",
        {"record": "withdrawal", "why": "others"},
    )
    assert judge.asked == [SECTION], "once for each class"
    assert refusal(station_door, ENTRY, {KIND: "claimed"}, Scope(OTHER, Audience.CLASS)) == (
        "not_allowed_here",
        {"record": "entry", "why": "stranger"},
    )
    assert refusal(station_door, ENTRY, {KIND: "mastered"}, DROP) is None, "sealed: nobody else can judge it either"


def test_the_door_is_shut_to_who_waits_or_is_retired_but_for_saying_who_one_is() -> None:
    for writer, code in (
        (Writer(Role.STATION, retired=True), "computer_retired"),
        (Writer(Role.TEACHER, pending=True), "not_confirmed_yet"),
        (Writer(Role.TEACHER, pending=True, retired=True), "computer_retired"),
    ):
        shut, judge = door(writer)
        assert refusal(shut, ENTRY, {KIND: "claimed"}) == (code, {})
        judge.asked.clear()
        assert refusal(shut, ANNOUNCEMENT, {}) is None
        assert judge.asked == []


def test_places_in_a_row_become_one_range() -> None:
    def extended(*parts: tuple[int, int, int]) -> list[tuple[int, int, int]]:
        ranges: list[OpRange] = []
        for which, first, last in parts:
            verdicts._extend(ranges, OpRange(bytes([which]) * 16, first, last, bytes([last]) * 8))
        assert all(part.hash8 == bytes([part.last]) * 8 for part in ranges)
        return [(part.stream_id[0], part.first, part.last) for part in ranges]

    assert extended((1, 3, 3), (1, 4, 4), (1, 5, 5)) == [(1, 3, 5)]
    assert extended((1, 3, 3), (1, 3, 3), (1, 4, 4)) == [(1, 3, 4)], "two branches at one place"
    assert extended((1, 3, 3), (1, 5, 5)) == [(1, 3, 3), (1, 5, 5)]
    assert extended((1, 3, 3), (2, 4, 4)) == [(1, 3, 3), (2, 4, 4)]
