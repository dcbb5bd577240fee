"""Names on screens are short, different from each other, and stable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blenddesk.domain.names import FullName, display_names, family_sort_key, initials, letters, same_name, sort_key


def names(*people: tuple[str, str] | tuple[str, str, str], keep: dict[int, str] | None = None) -> list[str]:
    full = [FullName(bytes([number]) * 16, *parts) for number, parts in enumerate(people)]
    kept = {bytes([number]) * 16: name for number, name in (keep or {}).items()}
    return list(display_names(full, kept).values())


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ([("Amina", "Haddad"), ("Ben", "Cohen")], ["Amina", "Ben"]),
        ([("Mohamed", "Ahmed"), ("Mohamed", "Ali"), ("Mohamed", "Bakr")], ["Mohamed Ah", "Mohamed Al", "Mohamed B"]),
        ([("Mohamed", "Al"), ("Mohamed", "Ali")], ["Mohamed Al", "Mohamed Ali"]),
        ([("Sofia", "Ruiz"), ("sofia", "Rojas")], ["Sofia Ru", "sofia Ro"]),
        ([("José", "A"), ("Jose\u0301", "B")], ["José A", "José B"]),
        ([("Ana", "Li"), ("Ana", "Li")], ["Ana Li", "Ana Li 2"]),
        ([("Ana", "Li", "Maria"), ("Ana", "Li", "Rosa")], ["Ana Li", "Ana Rosa"]),
        ([("Ana", ""), ("Ana", "")], ["Ana", "Ana 2"]),
        ([("", "Okoro"), ("", "")], ["Okoro", "?"]),
        ([("Ana", "De La Cruz"), ("Ana", "De Leon")], ["Ana De La", "Ana De Le"]),
        ([("Ana", "D Silva"), ("Ana", "Da")], ["Ana D S", "Ana Da"]),
        ([("محمد", "أحمد"), ("محمد", "علي")], ["محمد أ", "محمد ع"]),
        ([("अमित", "क्षेत्री"), ("अमित", "कुमार")], ["अमित क्षे", "अमित कु"]),
        ([("伟", "王"), ("伟", "李")], ["伟 王", "伟 李"]),
        ([("Wolfeschlegelsteinhausen", "Bergerdorff"), ("Li", "Wu")], ["Wolfeschlegelsteinhausen", "Li"]),
    ],
)
def test_names_are_as_long_as_they_must_be(people: list[tuple[str, str]], shown: list[str]) -> None:
    assert names(*people) == shown


def test_a_newcomer_renames_nobody_but_who_goes_by_the_same_first_name_alone() -> None:
    people = [("Mohamed", "Ahmed"), ("Lena", "Vogt"), ("Mohamed", "Ali")]
    assert names(*people, keep={0: "Mohamed", 1: "Lena"}) == ["Mohamed Ah", "Lena", "Mohamed Al"]
    # Who has no family name cannot be called more.
    assert names(("Mohamed", ""), ("Mohamed", "Ali"), keep={0: "Mohamed"}) == ["Mohamed", "Mohamed A"]
    # The third finds two that have their letters already, and they keep them.
    three = [("Mohamed", "Ahmed"), ("Mohamed", "Ali"), ("Mohamed", "Salah")]
    assert names(*three, keep={0: "Mohamed Ah", 1: "Mohamed Al"}) == ["Mohamed Ah", "Mohamed Al", "Mohamed S"]
    assert names(("Ana", "Li"), ("Ana", "Lima"), keep={0: "Ana L"}) == ["Ana L", "Ana Lim"]


def test_a_preferred_name_is_the_one_that_is_called() -> None:
    people = [FullName(b"1", "Alexandra", "Roth", preferred="Sasha"), FullName(b"2", "Alexandra", "Berg")]
    assert list(display_names(people).values()) == ["Sasha", "Alexandra"]


some_names = st.sampled_from(["Mohamed", "mohamed", "Ana", "Li", "", "محمد", "é", "e\u0301"]) | st.text(max_size=6)
people_lists = st.lists(st.tuples(some_names, some_names, some_names), max_size=12)


@given(people_lists, st.data())
def test_no_two_are_alike_and_the_unmistakable_keep_their_first_name(
    people: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    first = names(*people)
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in first}) == len(people)
    assert all(first)
    known = data.draw(st.integers(0, len(people)))
    early = names(*people[:known])
    later = names(*people, keep=dict(enumerate(early)))
    coming = {same_name(" ".join(name.split())) for person in people[known:] for name in person} | {"?"}
    for name, before in zip(later, early, strict=False):
        # Who changes went by one name alone, and a newcomer brings it too.
        assert name == before or same_name(before) in coming
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in later}) == len(people)


@given(st.text(max_size=20))
def test_letters_lose_nothing(text: str) -> None:
    assert "".join(letters(text)) == unicodedata.normalize("NFC", text)
    assert isinstance(initials(text), str)
    sort_key(text)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Carlos", "C"),
        ("Li Wei", "LW"),
        ("ana maria lima", "AL"),
        ("", "?"),
        ("محمد علي", "مع"),
        ("Zoë 3", "Z3"),
        ("!", "?"),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_sorting_is_as_a_reader_looks() -> None:
    assert sorted(["Zoe", "émile", "Eva", "Ähn", "anna"], key=sort_key) == ["Ähn", "anna", "émile", "Eva", "Zoe"]
    people = [FullName(b"1", "Zoe", "Adler"), FullName(b"2", "Ana", "adler"), FullName(b"3", "Bo", "Ábel")]
    assert [one.id for one in sorted(people, key=family_sort_key)] == [b"3", b"2", b"1"]
