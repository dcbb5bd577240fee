"""The table of who may write what covers everything there is, and says no to the rest."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from blenddesk.domain import authority
from blenddesk.domain.authority import Permission, Role, Writer, Wrong, may_write, permissions, rules, what_is_wrong
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import Kind
from blenddesk.domain.registry import BY_NAME, RECORDS, RULES_VERSION, Record

FROZEN = Path(__file__).parent.parent / "data" / "rules.json"
STATION = Writer(Role.STATION)
NONE: frozenset[Id] = frozenset()


def number(record: str) -> int:
    return BY_NAME[record].number


def test_every_field_of_every_record_has_just_one_rule() -> None:
    ruled = Counter((rule.record, field) for rule in rules() for field in rule.fields)
    known = {(record.name, field.number) for record in RECORDS for field in record.fields}
    assert set(ruled) == known, "add what is new to the table in domain/authority.py"
    assert set(ruled.values()) == {1}


def test_all_rules_of_a_record_agree_on_who_removes_it() -> None:
    removers: dict[str, set[frozenset[Role]]] = {}
    for rule in rules():
        removers.setdefault(rule.record, set()).add(rule.remove)
    assert all(len(found) == 1 for found in removers.values())


def test_what_is_written_once_is_removed_by_nobody() -> None:
    for rule in rules():
        if BY_NAME[rule.record].append:
            assert not rule.remove, rule.record


def test_the_rules_of_a_version_stay_as_they_are() -> None:
    """Logs were judged by them: another rule for a field that was there needs another ``RULES_VERSION``, so that they
    are judged again. Rules of new records and fields are added to the file with the release that first has them."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    now = current()
    changed = {key for key, rule in frozen["rules"].items() if now.get(key) != rule}
    assert not changed or frozen["version"] < RULES_VERSION, sorted(changed)


def current() -> dict[str, str]:
    """Who puts and who removes, by record and field."""
    return {
        f"{rule.record} {field}": f"{', '.join(sorted(rule.put))}; {', '.join(sorted(rule.remove))}"
        for rule in rules()
        for field in sorted(rule.fields)
    }


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_each_role_writes_what_it_is_for(record: Record) -> None:
    of_all = {"entry", "reflection", "announcement", "withdrawal", "evidence"}
    of_the_owner = {"certificate", "retirement", "erasure", "blob_erasure"}
    for field in record.fields:
        allowed = {role for role in Role if may_write(role, record.name, field.name)}
        wanted = {Role.OWNER}
        if record.name not in of_the_owner:
            wanted.add(Role.TEACHER)
        if record.name in of_all:
            wanted.add(Role.STATION)
        assert allowed == wanted, f"{record.name}.{field.name}"


def test_removing_and_restoring() -> None:
    for kind in (Kind.DELETE, Kind.RESTORE):
        assert may_write(Role.TEACHER, "plan", "name", kind)
        assert not may_write(Role.STATION, "plan", "name", kind)
        assert not may_write(Role.TEACHER, "section", "name", kind)
        assert may_write(Role.OWNER, "section", "name", kind)
        assert not may_write(Role.OWNER, "entry", "kind", kind)


def test_nobody_is_nothing() -> None:
    assert permissions(None) == {}
    assert what_is_wrong(authority.STRANGER, number("entry"), Kind.PUT, {}, NONE) is Wrong.STRANGER
    assert what_is_wrong(Writer(Role.HUB), number("entry"), Kind.PUT, {}, NONE) is Wrong.RECORD


def test_why_an_op_is_refused() -> None:
    entry, withdrawal = number("entry"), number("withdrawal")
    for kind in ("claimed", "chose", "undone", "a word of next year"):
        assert what_is_wrong(STATION, entry, Kind.PUT, {2: kind, 9: "student"}, NONE) is None
    for kind in ("checked", "mastered", "revise", "excused", "carried", "moved"):
        assert what_is_wrong(STATION, entry, Kind.PUT, {2: kind}, NONE) is Wrong.WORD
        assert what_is_wrong(Writer(Role.TEACHER), entry, Kind.PUT, {2: kind}, NONE) is None
    assert what_is_wrong(STATION, entry, Kind.PUT, {9: "teacher"}, NONE) is Wrong.WORD
    assert what_is_wrong(STATION, entry, Kind.PUT, {200: "x"}, NONE) is Wrong.FIELD
    assert what_is_wrong(STATION, entry, Kind.DELETE, {}, NONE) is Wrong.RECORD
    assert what_is_wrong(STATION, number("plan"), Kind.PUT, {1: "x"}, NONE) is Wrong.RECORD
    assert what_is_wrong(STATION, 9_999, Kind.PUT, {1: "x"}, NONE) is None, "a newer program's: not ours to judge"
    mine, other = b"m" * 16, b"o" * 16
    assert what_is_wrong(STATION, withdrawal, Kind.PUT, {1: [mine]}, frozenset([mine])) is None
    assert what_is_wrong(STATION, withdrawal, Kind.PUT, {1: [mine, other]}, frozenset([mine])) is Wrong.OTHERS
    assert what_is_wrong(STATION, withdrawal, Kind.PUT, {}, frozenset([mine])) is None
    assert what_is_wrong(Writer(Role.TEACHER), withdrawal, Kind.PUT, {1: [other]}, frozenset()) is None
    forged = Writer(Role.STATION, forged=True)
    assert what_is_wrong(forged, entry, Kind.PUT, {2: "claimed"}, NONE) is Wrong.STRANGER


def test_what_needs_no_look_at_the_fields() -> None:
    plan, entry, withdrawal = (number(name) for name in ("plan", "entry", "withdrawal"))
    assert permissions(Role.TEACHER)[plan, Kind.PUT].is_free(plan)
    assert not permissions(Role.STATION)[entry, Kind.PUT].is_free(entry)
    assert not permissions(Role.STATION)[withdrawal, Kind.PUT].is_free(withdrawal)
    assert not Permission(frozenset([1])).is_free(plan)


def test_a_record_may_have_rules_for_parts_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a picture that both may add and only the desk may hide."""
    monkeypatch.setattr(authority, "_RULES", "goal 1-2 all desk\ngoal 3-11 desk desk")
    rules.cache_clear()
    permissions.cache_clear()
    try:
        goal = number("goal")
        assert permissions(Role.STATION)[goal, Kind.PUT].fields == {1, 2}
        assert permissions(Role.OWNER)[goal, Kind.PUT].fields == frozenset(range(1, 12))
        assert what_is_wrong(STATION, goal, Kind.PUT, {3: "reached"}, NONE) is Wrong.FIELD
        fields = [field.name for field in sorted(BY_NAME["goal"].fields, key=lambda field: field.number)]
        assert [may_write(Role.STATION, "goal", name) for name in fields] == [True] * 2 + [False] * 9
    finally:
        rules.cache_clear()
        permissions.cache_clear()
