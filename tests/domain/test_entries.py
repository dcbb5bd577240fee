"""Undo is a fact like others, and the order in which facts arrive does not matter."""

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.entries import Entry, EntryKind, effective, in_order

ANA, BEN = bytes([1]) * 16, bytes([2]) * 16


def ids(number: int) -> bytes:
    return number.to_bytes(16, "big")


def entry(number: int, kind: str = "claimed", about: int | None = None, student: bytes = ANA, at: int = 0) -> Entry:
    return Entry(ids(number), student, kind, about=None if about is None else ids(about), at_ms=at or number)


def test_an_undo_takes_back_and_an_undo_of_it_brings_back() -> None:
    claimed, undone, redone = entry(1), entry(2, "undone", 1), entry(3, "undone", 2)
    assert effective([claimed, undone]) == []
    assert effective([claimed, undone, redone]) == [claimed]
    assert effective([claimed, undone, redone, entry(4, "undone", 1)]) == []


def test_only_the_same_student_can_take_back() -> None:
    claimed = entry(1)
    assert effective([claimed, entry(2, "undone", 1, student=BEN)]) == [claimed]


def test_an_undo_with_an_earlier_clock_or_without_its_entry_still_holds() -> None:
    assert effective([entry(1, at=9), entry(2, "undone", 1, at=3)]) == []
    assert effective([entry(2, "undone", 1)]) == []


def test_a_forged_ring_of_undos_harms_nobody() -> None:
    claimed = entry(1)
    ring = [entry(2, "undone", 3), entry(3, "undone", 4), entry(4, "undone", 2), entry(5, "undone", 5)]
    assert effective([claimed, *ring]) == [claimed]


def test_a_very_long_chain() -> None:
    chain = [entry(1), *(entry(number, "undone", number - 1) for number in range(2, 5_003))]
    assert effective(chain) == []
    assert effective(chain[:-2]) == []
    assert effective(chain[:-1]) == [chain[0]]


@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    facts = [
        Entry(
            ids(number),
            data.draw(st.sampled_from([ANA, BEN])),
            data.draw(st.sampled_from([EntryKind.CLAIMED, EntryKind.UNDONE, EntryKind.UNDONE])),
            about=ids(data.draw(st.integers(1, count))),
            at_ms=data.draw(st.integers(0, 3)),
        )
        for number in range(1, count + 1)
    ]
    shuffled = data.draw(st.permutations(facts))
    standing = effective(facts)
    assert effective(shuffled) == standing == in_order(standing)
    # The law that defines it: a fact stands when no undo of it stands. Rings aside, there is just one such set.
    if all(fact.about is not None and fact.about < fact.id for fact in facts if fact.kind == "undone"):
        stands: dict[bytes, bool] = {}
        for fact in reversed(facts):
            stands[fact.id] = not any(
                stands[undo.id]
                for undo in facts
                if undo.kind == "undone" and undo.about == fact.id and undo.student == fact.student
            )
        assert {one.id for one in standing} == {one.id for one in facts if one.kind != "undone" and stands[one.id]}


def test_what_a_teacher_wrote_only_a_teacher_takes_back() -> None:
    """But a small step of a goal, which the student taps; and children take back what children said."""

    def standing(kind: str, by: str, undo_by: str) -> bool:
        said = Entry(b"a" * 16, b"s" * 16, kind, at_ms=1, by=by)
        undo = Entry(b"b" * 16, b"s" * 16, EntryKind.UNDONE, about=said.id, at_ms=2, by=undo_by)
        return said in effective([said, undo])

    assert standing("mastered", "teacher", "student")
    assert standing("claimed", "teacher", "recorder")
    assert not standing("mastered", "teacher", "teacher")
    assert not standing("step_done", "teacher", "student")
    assert not standing("claimed", "student", "student")
    assert not standing("claimed", "student", "teacher")
    # The teacher took something back: a child does not bring it up again.
    said = Entry(b"a" * 16, b"s" * 16, "claimed", at_ms=1)
    undo = Entry(b"b" * 16, b"s" * 16, EntryKind.UNDONE, about=said.id, at_ms=2, by="teacher")
    again = Entry(b"c" * 16, b"s" * 16, EntryKind.UNDONE, about=undo.id, at_ms=3, by="student")
    assert said not in effective([said, undo, again])
    assert said in effective([said, undo, again._replace(by="teacher")])
