"""The model that histories are judged by: what must be shown follows from what is held, in these small cases."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.faults.histories import facts
from tests.faults.histories.facts import NOTHING, Erasure, Fact, Retirement, What

SUN, MOON = b"S" * 16, b"M" * 16
BLUE, GREEN = b"b" * 16, b"g" * 16
ANN, BEN = b"A" * 16, b"B" * 16


def entry(number: int, *, writer: bytes = BLUE, student: bytes = ANN, section: bytes = SUN) -> Fact:
    return Fact(number, section, What.ENTRY, entity=bytes([number]) * 16, writer=writer, student=student)


def undo(number: int, *taken: Fact, writer: bytes = GREEN) -> Fact:
    return Fact(number, SUN, What.WITHDRAWAL, takes_back=taken, writer=writer)


def retired(number: int, turn: int, *accepted: Fact, section: bytes = SUN, device: bytes = BLUE) -> Retirement:
    return Retirement(number, section, device, turn, retired=True, accepted=accepted)


def test_a_fact_says_what_it_was_made_of() -> None:
    first = entry(1)
    made = Fact(
        7,
        SUN,
        What.SAID,
        entity=b"e",
        words="hard",
        takes_back=[first],
        writer=BLUE,
        student=ANN,
        unreadable_to=[GREEN],
    )
    assert (made.number, made.section, made.what, made.id, made.words) == (7, SUN, What.SAID, b"e", "hard")
    assert (made.takes_back, made.writer, made.student, made.unreadable_to) == ({first}, BLUE, ANN, {GREEN})
    plain = Fact(8, SUN, What.ENTRY)
    assert (plain.id, plain.words, plain.takes_back, plain.writer) == (b"", "", NOTHING, b"")
    assert (plain.student, plain.unreadable_to) == (b"", NOTHING)
    assert repr(made) == "said 7"
    assert entry(1) != entry(1), "equal to nothing but itself"


def test_what_nobody_took_back_stands() -> None:
    one, two = entry(1), entry(2)
    assert facts.standing([one, two]) == {one, two}
    assert facts.standing([]) == set()


def test_an_undo_takes_back_and_the_undo_of_it_brings_back() -> None:
    one, two = entry(1), entry(2)
    undone = undo(3, one)
    redone = undo(4, undone)
    again = undo(5, redone)
    for order in permutations([one, two, undone]):
        assert facts.standing(order) == {two, undone}
    for order in permutations([one, two, undone, redone]):
        assert facts.standing(order) == {one, two, redone}
    assert facts.standing([one, undone, redone, again]) == {undone, again}


def test_of_a_retired_computer_counts_what_was_accepted() -> None:
    before, after, others = entry(1), entry(2), entry(3, writer=GREEN)
    word = retired(4, 1, before)
    assert facts.held([before, after, others, word]) == {after}
    assert facts.standing([before, after, others, word]) == {before, others}
    other_class = entry(5, section=MOON)
    assert facts.held([other_class, word]) == set()
    assert facts.standing([other_class, word]) == {other_class}


def test_what_a_retired_computer_took_back_stands_unless_that_was_accepted() -> None:
    one = entry(1, writer=GREEN)
    undone = undo(2, one, writer=BLUE)
    assert facts.standing([one, undone, retired(3, 1)]) == {one}
    assert facts.standing([one, undone, retired(3, 1, undone)]) == {undone}


def test_the_last_word_holds_and_of_two_the_stricter_with_all_that_either_accepted() -> None:
    one, two, three = entry(1), entry(2), entry(3)
    first, second = retired(4, 1, one, two, three), retired(5, 2, one)
    twin = Retirement(6, SUN, BLUE, 2, retired=False, accepted=[two])
    assert facts.last_words([first, second, twin], SUN, BLUE) == [second, twin]
    assert facts.last_words([first], SUN, BLUE) == [first]
    assert facts.last_words([first], SUN, GREEN) == facts.last_words([first], MOON, BLUE) == []
    assert facts.held([one, two, three, first]) == set()
    assert facts.held([one, two, three, first, second]) == {two, three}
    assert facts.held([one, two, three, first, second, twin]) == {three}
    free = Retirement(7, SUN, BLUE, 3, retired=False, accepted=[])
    assert facts.held([one, two, three, first, second, twin, free]) == set()


def test_who_is_retired() -> None:
    word = retired(1, 1)
    free = Retirement(2, SUN, BLUE, 2, retired=False, accepted=[])
    lost = retired(3, 1, section=MOON, device=GREEN)
    assert facts.is_retired([word], SUN, BLUE)
    assert not facts.is_retired([word, free], SUN, BLUE)
    assert not facts.is_retired([word], MOON, BLUE)
    assert not facts.is_retired([], SUN, BLUE)
    assert facts.retired_devices([entry(4), word, lost], SUN) == {BLUE}
    assert facts.retired_devices([word, lost], MOON) == {GREEN}
    assert facts.retired_devices([word, free], SUN) == set()


def test_of_an_erased_student_nothing_is_left_to_be_shown() -> None:
    one, two, bens = entry(1), entry(2), entry(3, student=BEN)
    word = Erasure(4, SUN, ANN, [one])
    assert facts.erased([one, two, bens, word]) == {one}
    assert facts.standing([one, two, bens, word]) == {two, bens}
    assert facts.erased_students([one, bens, word], SUN) == {ANN}
    assert facts.erased_students([one, word], MOON) == set()
    # No undo brings it back, and the undo of something else still works.
    undone = undo(5, word)
    assert facts.standing([one, two, word, undone]) == {two, undone}


def test_what_tells_of_a_student_and_what_is_of_a_class() -> None:
    one, bens, moons = entry(1), entry(2, student=BEN), entry(3, section=MOON)
    words = [retired(4, 1), Erasure(5, SUN, ANN, [])]
    everything = [one, bens, moons, *words]
    assert facts.told_of(everything, SUN, [ANN]) == {one}
    assert facts.told_of(everything, SUN, iter([ANN, BEN])) == {one, bens}
    assert facts.told_of(everything, MOON, [ANN]) == {moons}
    assert facts.of(everything, SUN) == {one, bens, *words}
    assert facts.of(everything, MOON) == {moons}
    assert facts.of(everything, SUN, What.ENTRY) == {one, bens}
    assert facts.of(everything, SUN, What.ERASURE) == {words[1]}


@pytest.mark.parametrize("turn", [0, 1])
def test_a_first_word_may_have_any_number(turn: int) -> None:
    one = entry(1)
    assert facts.held([one, retired(2, turn)]) == {one}
