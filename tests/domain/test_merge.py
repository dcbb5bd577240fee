"""The laws of merging: the same ops in any order give the same state, and nothing written is lost in silence."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.merge import ABSENT, Contest, Withdrawal, active_ranges, fold
from blenddesk.domain.ops import Kind, Op, OpRange, OpRef

STUDENT = 2
NAME, AVATAR = 1, 2
MEMBERSHIP, GROUP = 14, 3


def op(
    seq: int,
    hlc: int,
    fields: dict[int, object],
    *,
    over: tuple[OpRef, ...] = (),
    kind: Kind = Kind.PUT,
    stream: int = 1,
    record: int = STUDENT,
) -> Op:
    ref = OpRef(bytes([stream]) * 16, seq, bytes([stream, seq, hlc % 256]) + bytes(5))
    return Op(ref, hlc, b"", record, b"e" * 16, kind, over, fields)  # type: ignore[arg-type]


def test_a_write_that_saw_another_replaces_it_whatever_the_clocks_say() -> None:
    first = op(1, 900, {NAME: "Ann"})
    second = op(1, 100, {NAME: "Anna"}, over=(first.ref,), stream=2)
    assert fold([first, second]).values[NAME] == "Anna"
    assert fold([second, first]).values[NAME] == "Anna"


def test_two_that_did_not_see_each_other_both_stand_and_the_later_is_shown() -> None:
    first = op(1, 100, {NAME: "Ann"})
    left = op(1, 300, {NAME: "Anna"}, over=(first.ref,), stream=2)
    right = op(1, 200, {NAME: "Anne"}, over=(first.ref,), stream=3)
    state = fold([right, first, left])
    assert state.values[NAME] == "Anna"
    assert {o.ref for o in state.contested()[NAME]} == {left.ref, right.ref}
    assert state.contested()[NAME][0] == left
    assert state.over_all([NAME]) == tuple(sorted([left.ref, right.ref]))


def test_an_ordinary_write_replaces_the_value_it_saw_and_the_other_waits_on() -> None:
    left = op(1, 300, {NAME: "Anna"}, stream=2)
    same = op(1, 250, {NAME: "Anna"}, stream=4)
    right = op(1, 200, {NAME: "Anne"}, stream=3)
    state = fold([left, same, right])
    assert state.over_for([NAME]) == tuple(sorted([left.ref, same.ref]))
    later = op(2, 400, {NAME: "Annie"}, over=state.over_for([NAME]), stream=2)
    after = fold([left, same, right, later])
    assert after.values[NAME] == "Annie"
    assert {o.ref for o in after.contested()[NAME]} == {later.ref, right.ref}
    decided = op(1, 100, {NAME: "Anne"}, over=after.over_all([NAME]), stream=5)
    assert fold([left, same, right, later, decided]).values[NAME] == "Anne"
    assert not fold([left, same, right, later, decided]).contested()


def test_equal_values_are_no_conflict() -> None:
    assert not fold([op(1, 1, {NAME: "Ann"}), op(1, 2, {NAME: "Ann"}, stream=2)]).contested()


def test_fields_are_merged_apart() -> None:
    state = fold([op(1, 1, {NAME: "Ann", AVATAR: "fox"}), op(1, 2, {AVATAR: "owl"}, stream=2)])
    assert state.values == {NAME: "Ann", AVATAR: "owl"}


def test_a_delete_holds_against_what_it_saw_and_loses_to_what_it_did_not() -> None:
    written = op(1, 1, {NAME: "Ann"})
    gone = op(2, 2, {}, over=(written.ref,), kind=Kind.DELETE)
    unseen = op(1, 1, {AVATAR: "owl"}, stream=2)
    assert not fold([written, gone]).alive
    assert fold([written, gone, unseen]).alive
    restored = op(3, 3, {}, over=(gone.ref,), kind=Kind.RESTORE)
    assert fold([restored, gone, written]).alive


def test_a_deletion_that_lost_to_an_edit_is_known_until_somebody_answers_it() -> None:
    written = op(1, 1, {NAME: "Ann"})
    gone = op(2, 2, {}, over=(written.ref,), kind=Kind.DELETE)
    unseen = op(1, 1, {AVATAR: "owl"}, stream=2)
    state = fold([written, gone, unseen])
    assert (state.alive, state.deletes, state.overruled) == (True, (), (gone,))
    later = op(2, 5, {AVATAR: "fox"}, over=state.over_for([AVATAR]), stream=2)
    assert fold([written, gone, unseen, later]).overruled == (gone,)
    kept = op(3, 3, {}, over=(gone.ref,), kind=Kind.RESTORE)
    assert fold([written, gone, unseen, kept]).overruled == ()
    again = op(3, 9, {}, over=state.over_all(state.heads), kind=Kind.DELETE)
    dead = fold([written, gone, unseen, again])
    assert (dead.alive, dead.deletes, dead.overruled) == (False, (again,), (gone,))
    back = op(4, 10, {}, over=tuple(o.ref for o in (*dead.deletes, *dead.overruled)), kind=Kind.RESTORE)
    assert fold([written, gone, unseen, again, back]).overruled == ()


def test_who_makes_a_deleted_record_anew_has_seen_that_it_was_deleted() -> None:
    written = op(1, 1, {NAME: "Ann"})
    gone = op(2, 2, {}, over=(written.ref,), kind=Kind.DELETE)
    dead = fold([written, gone])
    anew = op(3, 3, {NAME: "Ann"}, over=dead.over_for([NAME]))
    assert gone.ref in anew.over
    state = fold([written, gone, anew])
    assert (state.alive, state.overruled) == (True, ())


def test_a_placed_child_stays_placed_when_another_desk_took_the_group_away() -> None:
    placed = op(1, 1, {GROUP: b"g" * 16}, record=MEMBERSHIP)
    cleared = op(1, 9, {GROUP: None}, stream=2, record=MEMBERSHIP)
    assert fold([placed, cleared]).values[GROUP] == b"g" * 16
    assert not fold([placed, cleared]).contested()
    elsewhere = op(1, 5, {GROUP: b"h" * 16}, stream=3, record=MEMBERSHIP)
    contested = fold([placed, cleared, elsewhere]).contested()
    assert contested[GROUP][0] == elsewhere
    assert contested[GROUP] == (elsewhere, cleared, placed)


def test_who_empties_any_other_field_is_heard_like_everybody_else() -> None:
    named = op(1, 1, {NAME: "Ann"})
    emptied = op(1, 9, {NAME: None}, stream=2)
    state = fold([named, emptied])
    assert state.values[NAME] is None
    assert state.contested() == {NAME: (emptied, named)}


def test_fields_of_a_newer_program_merge_like_those_that_are_known() -> None:
    unknown = 9_999
    left, right = op(1, 1, {unknown: "old"}), op(1, 2, {unknown: "new"}, stream=2)
    state = fold([left, right])
    assert state.values == {unknown: "new"}
    assert state.contested() == {unknown: (right, left)}


def test_a_deletion_that_comes_before_what_it_deletes_is_remembered() -> None:
    written = op(1, 1, {NAME: "Ann"})
    gone = op(1, 2, {}, over=(written.ref,), kind=Kind.DELETE, stream=2)
    earlier = op(1, 1, {}, over=(written.ref,), kind=Kind.DELETE, stream=3)
    state = fold([gone, earlier])
    assert (state.alive, state.values, state.deletes) == (False, {}, (earlier, gone))
    assert state.over_for([NAME]) == (gone.ref, earlier.ref)
    assert not fold([gone, written]).alive


def test_the_words_that_the_database_holds_stay() -> None:
    assert [one.value for one in Contest] == ["contested", "edited_meanwhile"]


def test_a_record_nobody_deleted_is_there() -> None:
    state = fold([op(1, 1, {NAME: "Ann"})])
    assert (state.alive, state.deletes, state.overruled, state.contested()) == (True, (), (), {})
    assert not ABSENT.alive


@st.composite
def histories(draw: st.DrawFn) -> list[Op]:
    """What up to four devices could have written, each seeing any part of what was there."""
    ops: list[Op] = []
    for index in range(draw(st.integers(1, 14))):
        stream = draw(st.integers(1, 4))
        seen = [o for o in ops if o.ref.stream_id[0] == stream or draw(st.booleans())]
        state = fold(seen)
        hlc = draw(st.integers(0, 50)) + max((o.hlc for o in seen), default=0) + 1
        kind = draw(st.sampled_from([Kind.PUT] * 4 + [Kind.DELETE, Kind.RESTORE]))
        if kind is Kind.PUT:
            fields: dict[int, object] = {n: f"{index}-{n}" for n in draw(st.sets(st.sampled_from([1, 2]), min_size=1))}
            ops.append(op(index + 1, hlc, fields, over=state.over_for(fields), stream=stream))
        elif kind is Kind.DELETE:
            ops.append(op(index + 1, hlc, {}, over=state.over_all(state.heads), kind=kind, stream=stream))
        else:
            ops.append(
                op(
                    index + 1,
                    hlc,
                    {},
                    over=tuple(d.ref for d in (*state.deletes, *state.overruled)),
                    kind=kind,
                    stream=stream,
                )
            )
    return ops


@given(histories(), st.randoms())
def test_any_order_and_any_repetition_give_the_same_state(ops: list[Op], rng: random.Random) -> None:
    shuffled = list({o.ref: o for o in rng.sample(ops, len(ops))}.values())
    assert fold(shuffled) == fold(ops)


@given(histories())
def test_a_write_nobody_replaced_is_never_lost(ops: list[Op]) -> None:
    state = fold(ops)
    for written in ops:
        if written.kind is not Kind.PUT:
            continue
        for number in written.fields:
            replaced = any(written.ref in o.over and number in o.fields for o in ops)
            assert (written in state.heads[number]) is not replaced


def withdrawal(seq: int, hlc: int, *ranges: OpRange, branch: int = 0) -> Withdrawal:
    return Withdrawal(OpRef(b"w" * 16, seq, bytes([branch]) * 8), hlc, ranges)


def only(withdrawn: Withdrawal, first: int | None = None) -> OpRange:
    """The range that takes back a withdrawal, and what lies before it from ``first``."""
    return OpRange(withdrawn.ref.stream_id, first or withdrawn.ref.seq, withdrawn.ref.seq, withdrawn.ref.hash8)


WORK = OpRange(b"\x01" * 16, 5, 9, b"fivetoni")


def test_undo_of_undo_brings_back_and_undo_of_that_takes_away_again() -> None:
    undo = withdrawal(1, 10, WORK)
    redo = withdrawal(2, 20, only(undo))
    again = withdrawal(3, 30, only(redo))
    assert active_ranges([undo]) == {WORK}
    assert active_ranges([redo, undo]) == {only(undo)}
    assert active_ranges([undo, again, redo]) == {WORK, only(redo)}


def test_a_withdrawal_of_the_other_branch_is_not_meant() -> None:
    undo, twins = withdrawal(1, 10, WORK), withdrawal(1, 11, WORK._replace(hash8=b"other" * 8), branch=1)
    redo = withdrawal(2, 20, only(undo))
    assert active_ranges([undo, twins, redo]) == {*twins.ranges, only(undo)}


def test_only_a_later_one_can_have_seen_an_earlier_one() -> None:
    undo = withdrawal(1, 10, WORK)
    forged = withdrawal(2, 9, only(undo))
    assert WORK in active_ranges([undo, forged])


@st.composite
def withdrawals(draw: st.DrawFn) -> list[Withdrawal]:
    """Of two branches of one stream, each taking back some of those before it, on any branch and with any clock."""
    made: list[Withdrawal] = []
    for number in range(draw(st.integers(0, 7))):
        known = draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
        ranges = [only(one, draw(st.integers(1, one.ref.seq))) for one in known]
        work = OpRange(b"\x01" * 16, number, number, bytes(8))
        made.append(withdrawal(number // 2 + 1, draw(st.integers(0, 9)), work, *ranges, branch=draw(st.integers(0, 1))))
    return list({one.ref: one for one in made}.values())


@given(withdrawals(), st.randoms())
def test_withdrawals_settle_the_same_in_any_order_and_any_repetition(
    made: list[Withdrawal], rng: random.Random
) -> None:
    assert active_ranges([*rng.sample(made, len(made)), *made[:2]]) == active_ranges(made)


@given(withdrawals())
def test_one_holds_unless_a_later_one_that_holds_names_it(made: list[Withdrawal]) -> None:
    """Said without an order: each is judged by those that hold, and no other set would do."""
    ranges = active_ranges(made)
    holding = [one for one in made if set(one.ranges) <= ranges]
    for one in made:
        later = [other for other in holding if (other.hlc, other.ref) > (one.hlc, one.ref)]
        assert (one in holding) is not any(one.ref in {part.end for part in other.ranges} for other in later)
