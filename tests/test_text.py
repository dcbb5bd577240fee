"""Words in other languages: plural forms, fallback, direction, digits, names; whole and fresh catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import catalogues
from blenddesk import text
from blenddesk.messages import change_sentence

LANGUAGES = ("en", "es", "ar", "qps")
FONTS = {
    "es": ("Lexend-Regular", "Andika-Regular"),
    "ar": ("NotoSansArabic-Regular", "NotoNaskhArabic-Regular"),
    "qps": ("Lexend-Regular", "Andika-Regular"),
}
LATIN_IN_ARABIC = ("Lexend-Regular", "Andika-Regular")
"""Latin letters and signs in Arabic sentences come from the Latin font beside the Arabic one."""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    text.use_language("en")


@pytest.fixture(scope="module")
def words() -> list[catalogues.Words]:
    return catalogues.extract()


# --- speaking ---------------------------------------------------------------------------------------------------------


def test_an_unknown_language_speaks_english() -> None:
    text.use_language("tlh")
    assert text._("Cancel") == "Cancel"
    assert text.ngettext("{n} student", "{n} students", 2).format(n=2) == "2 students"
    assert text.pgettext("button", "Done") == "Done"
    assert not text.is_right_to_left()


def test_a_region_speaks_its_language() -> None:
    text.use_language("es_MX")
    assert text._("Cancel") == "Cancelar"
    text.use_language("ar_EG")
    assert text.is_right_to_left()
    assert text.digits(12) == "١٢"


def test_an_unknown_sentence_stays_as_it_is() -> None:
    text.use_language("es")
    assert text._("nobody ever wrote this") == "nobody ever wrote this"


def test_context_tells_two_meanings_apart() -> None:
    text.use_language("es")
    assert text.pgettext("part of a lesson", "Start") == "Inicio"
    assert text._("Start") == "Empezar"


@pytest.mark.parametrize(("n", "wanted"), [(1, "1 estudiante"), (0, "0 estudiantes"), (32, "32 estudiantes")])
def test_spanish_has_two_forms(n: int, wanted: str) -> None:
    text.use_language("es")
    assert text.ngettext("{n} student", "{n} students", n).format(n=n) == wanted


@pytest.mark.parametrize(
    ("n", "wanted"),
    [
        (0, "لا طلاب"),
        (1, "طالب واحد"),
        (2, "طالبان"),
        (3, "٣ طلاب"),
        (10, "١٠ طلاب"),
        (11, "١١ طالبًا"),
        (45, "٤٥ طالبًا"),
        (100, "١٠٠ طالب"),
        (103, "١٠٣ طلاب"),
    ],
)
def test_arabic_has_six_forms_and_its_own_digits(n: int, wanted: str) -> None:
    text.use_language("ar")
    assert text.ngettext("{n} student", "{n} students", n).format(n=n) == wanted


def test_only_numbers_change_their_digits() -> None:
    text.use_language("ar")
    sentence = text._("Row {row}: {message}")
    assert sentence.format(row=4, message="4B") == "السطر ٤: 4B"
    assert sentence.format_map({"row": 4, "message": "4B"}) == "السطر ٤: 4B"


@pytest.mark.parametrize("language", LANGUAGES)
def test_direction(language: str) -> None:
    text.use_language(language)
    assert text.is_right_to_left() == (language == "ar")
    assert text.language() == language


def test_names_keep_their_direction_only_where_two_directions_meet() -> None:
    assert text.name("Omar") == "Omar"
    assert text.name("كريم") == "\u2068كريم\u2069"
    text.use_language("ar")
    assert text.name("Omar") == "\u2068Omar\u2069"


def test_a_change_holds_its_names_apart() -> None:
    names = {"0" * 32: "Omar", "1" * 32: "Circles"}
    text.use_language("ar")
    said = change_sentence("student_regrouped", {"student": "0" * 32, "group": "1" * 32}, names.__getitem__)
    assert "\u2068Omar\u2069" in said
    assert "\u2068Circles\u2069" in said
    text.use_language("en")
    said = change_sentence("student_regrouped", {"student": "0" * 32, "group": "1" * 32}, names.__getitem__)
    assert said == "Omar moved to Circles."


# --- the catalogues ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_everything_is_translated(words: list[catalogues.Words], language: str) -> None:
    assert list(catalogues.problems(words, catalogues.load(language), language)) == []


def test_the_files_are_fresh(words: list[catalogues.Words]) -> None:
    assert list(catalogues.stale(words)) == []


@pytest.mark.parametrize("language", [*catalogues.TRANSLATED, catalogues.PSEUDO])
def test_the_headers_hold_no_date_and_no_address(language: str) -> None:
    content = (catalogues.folder(language) / "blenddesk.mo").read_bytes()
    assert b"Date" not in content
    assert b"Generated" not in content
    assert not re.search(rb"https?:|@[a-z]+\.", content)


@pytest.mark.parametrize("language", FONTS)
def test_every_letter_is_in_the_fonts(words: list[catalogues.Words], language: str) -> None:
    used = set("".join(_sentences(words, language)))
    if language == "ar":
        used |= set("٠١٢٣٤٥٦٧٨٩")
    needed = {letter for letter in used if letter.isprintable() and letter not in "\u2068\u2069\u200f\u200e"}
    for font in FONTS[language]:
        covered = _letters(font)
        if language == "ar":
            covered |= set.intersection(*(_letters(latin) for latin in LATIN_IN_ARABIC))
        assert needed - covered == set(), font


def _sentences(words: list[catalogues.Words], language: str) -> Iterator[str]:
    catalogue = catalogues.pseudo(words) if language == catalogues.PSEUDO else catalogues.load(language)
    for message in catalogue:
        yield from [message.string] if isinstance(message.string, str) else message.string or ()


def _letters(font: str) -> set[str]:
    with TTFont(text.resources_root() / "fonts" / f"{font}.ttf") as face:
        return {chr(code) for code in face.getBestCmap()}


# --- the tool ---------------------------------------------------------------------------------------------------------


def _found(source: str) -> list[tuple[str, str, str]]:
    return list(catalogues.words_of(ast.parse(source), "some.py"))


def test_all_marks_are_found() -> None:
    source = """
A = N_("One")
_("Two " "parts")
ngettext("{n} day", "{n} days", n)
text.pgettext("verb", "Open")
_("a" if x else "b")
_(A)
other("no")
"""
    assert _found(source) == [
        ("", "One", ""),
        ("", "Two parts", ""),
        ("", "{n} day", "{n} days"),
        ("verb", "Open", ""),
        ("", "a", ""),
        ("", "b", ""),
    ]


@pytest.mark.parametrize("argument", ['f"{n} days"', '"a" + b', '"{n}".format(n=n)', '"%d" % n'])
def test_sentences_put_together_at_run_time_are_refused(argument: str) -> None:
    with pytest.raises(catalogues.NotExtractable, match=r"some\.py:1"):
        _found(f"_({argument})")


@pytest.mark.parametrize(
    ("english", "pseudo"),
    [("Save", "[Šávé~~]"), ("{n} of {total}", "[{n} óf {total}~~]"), ("", "[]")],
)
def test_the_pseudo_language_keeps_placeholders(english: str, pseudo: str) -> None:
    assert catalogues.pseudo_text(english) == pseudo


def _problems(
    language: str, one: catalogues.Words, translation: str | tuple[str, ...], fuzzy: bool = False
) -> list[str]:
    made = catalogues.Plain(locale=language, fuzzy=False)
    made.add((one.singular, one.plural) if one.plural else one.singular, translation, flags=["fuzzy"] if fuzzy else [])
    return list(catalogues.problems([one], made, language))


def test_the_check_sees_what_is_wrong() -> None:
    one = catalogues.Words("", "Saved as {path}.", "", ("a.py",))
    many = catalogues.Words("", "{n} day", "{n} days", ("a.py",))
    assert _problems("es", one, "Guardado como {path}.") == []
    assert "not translated" in _problems("es", one, "")[0]
    assert "fuzzy" in _problems("es", one, "Guardado como {path}.", fuzzy=True)[0]
    assert "other placeholders" in _problems("es", one, "Guardado.")[0]
    assert "other placeholders" in _problems("es", one, "Guardado como {path} {more}.")[0]
    assert "without its partner" in _problems("es", one, "Guardado como {path.")[0]
    assert "full stop" in _problems("es", one, "Guardado como {path}")[0]
    assert _problems("es", many, ("un día", "{n} días")) == []
    assert "other placeholders" in _problems("es", many, ("un día", "días"))[0]
    assert "6" in _problems("ar", many, ("يوم", "{n} أيام"))[0]
    assert "missing" in next(catalogues.problems([one], catalogues.Plain(locale="es", fuzzy=False), "es"))
    gone = catalogues.updated([one], catalogues.Plain(locale="es", fuzzy=False), "es")
    assert "nowhere" in next(catalogues.problems([], gone, "es"))


def test_updating_twice_writes_the_same(tmp_path: Path) -> None:
    (tmp_path / "blenddesk" / "ui" / "kiosk").mkdir(parents=True)
    source = tmp_path / "blenddesk" / "ui" / "kiosk" / "a.py"
    source.write_text('_("Tap to start")\nngettext("{n} day", "{n} days", n)\n', "utf-8")
    words = catalogues.extract(tmp_path)
    catalogues.write(words, tmp_path, compiled=False)
    po = catalogues.folder("es", tmp_path) / "blenddesk.po"
    first = po.read_bytes()
    assert catalogues.CHILD_HINT in first.decode()
    po.write_bytes(first.replace(b'msgid "Tap to start"\nmsgstr ""', b'msgid "Tap to start"\nmsgstr "Toca"'))
    changed = po.read_bytes()
    source.write_text('x = 1\n_("Tap to start")\nngettext("{n} day", "{n} days", n)\n', "utf-8")
    catalogues.write(catalogues.extract(tmp_path), tmp_path, compiled=False)
    assert po.read_bytes() == changed
    catalogues.write(words, tmp_path, compiled=True)
    assert list(catalogues.stale(words, tmp_path)) == []
    source.write_text('_("Tap to begin")\n', "utf-8")
    stale = list(catalogues.stale(catalogues.extract(tmp_path), tmp_path))
    assert len(stale) == 5
    assert "update" in stale[0]
