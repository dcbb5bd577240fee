"""The glossary as a test: one word for one thing, never the workshop's words on a screen, short words for children."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import catalogues

WORDS = catalogues.extract()

NEVER = {
    r"kiosks?": "Student computer",
    r"seats?[ -]files?": "the file and the five words",
    r"packages?": "work from ...",
    r"yesterday": "Copy last lesson",
    r"errors?": "what happened, what is safe, what to do",
    r"invalid": "what does not fit",
    r"failed|failure|fails": "could not ...",
    r"sessions?": "lesson",
    r"log(ged)? ?(in|out)|login|logout": "sign in, sign out",
    r"delete[ds]?": "take away",
    r"archived?": "put away",
    r"turns": "rounds",
    r"slots?": "place",
    r"activit(y|ies)": "station",
    r"(usb|flash) ?(drive|stick)|pendrives?": "stick",
    r"learners?|pupils?|kids?": "student",
    r"device": "computer",
    r"workstations?": "computer",
    r"objectives?|targets?": "goal",
    r"cohorts?|teams? of students": "group",
}
"""Words that no screen says (whole words, any case), and what is said instead."""

SAID = (
    "Use this plan",
    "Edit lesson",
    "Catch up",
    "Save and sign out",
    "Student computer",
    "Take to student computers",
    "Bring work home",
    "Copy last lesson",
    "Undo",
    "My room",
    "Eyes on me",
    "Put up your hand",
    "Not me",
    "Go here now",
    "I did it",
    "Still tricky",
)
"""What the glossary calls a thing: said exactly so, and nowhere in another spelling."""

OTHER_NAMES = {
    r"(apply|choose|activate) (this|the) plan": "Use this plan",
    r"I('m| am) on my way|coming to you": "On my way",
    r"change (the|this) lesson|modify (the|this) lesson": "Edit lesson",
    r"make[- ]?up( work)?|missed work": "Catch up",
    r"save and (log|quit|leave|exit)": "Save and sign out",
    r"(pupils'?|students'|shared|child's|class) computers?": "Student computer",
    r"(export|send|copy) to (the )?(student )?computers?": "Take to student computers",
    r"(import|collect|fetch|get) (the )?work": "Bring work home",
    r"duplicate (the )?(last )?lesson|copy (the )?previous lesson": "Copy last lesson",
}

TECHNICAL = (
    "blenddesk/cli.py",
    "blenddesk/commands/",
)
"""The command line speaks to someone who types commands, with names from its manual."""

DESK = (
    "blenddesk/ui/desk/",
    "blenddesk/ui/board/",
    "blenddesk/printing/",
    "blenddesk/messages.py",
    "blenddesk/ui/kit/",
)
FOR_THE_TEACHER = {"Close the student computer? What is ticked is saved."}
"""Said on a student computer, but to the teacher."""

WITH_WRONG = {"Only for old files whose accents look wrong"}
CHILD_NEVER = r"wrong|fail(s|ed|ure)?|late|levels?|scores?|points?|mistakes?|bad|slow|best|streaks?|rank(s|ed|ing)?"


def texts(*, but: tuple[str, ...] = (), only: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str]]:
    """(sentence without its placeholders' names, the first file that says it)."""
    for one in WORDS:
        places = [file for file in one.files if file.startswith(only) and not (but and file.startswith(but))]
        for sentence in (one.singular, one.plural):
            if sentence and places:
                yield re.sub(r"\{[^}]*\}", "{}", sentence), places[0]


def test_there_are_words_to_look_at() -> None:
    for place in (*DESK, "blenddesk/ui/kiosk/"):
        assert len(list(texts(only=(place,)))) > 5, place


@pytest.mark.parametrize("pattern", NEVER)
def test_words_of_the_workshop_stay_there(pattern: str) -> None:
    found = [
        f"{file}: {sentence!r}: say {NEVER[pattern]!r}"
        for sentence, file in texts(but=TECHNICAL)
        if re.search(rf"\b({pattern})\b", sentence, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", OTHER_NAMES)
def test_one_name_for_one_thing(pattern: str) -> None:
    found = [
        f"{file}: {sentence!r}: say {OTHER_NAMES[pattern]!r}"
        for sentence, file in texts(but=TECHNICAL)
        if re.search(rf"\b({pattern})\b", sentence, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("name", SAID)
def test_the_names_of_the_glossary_are_said(name: str) -> None:
    same = {said for said, _file in texts() if "{}" not in said and _bare(said) == _bare(name)}
    assert name in same
    assert same - {name, f"{name}.", f"{name}!"} == set(), "another spelling"


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def test_the_desk_says_student() -> None:
    found = [
        f"{file}: {sentence!r}"
        for sentence, file in texts(only=DESK)
        if re.search(r"\b(child(ren)?|kids?|pupils?)\b", sentence, re.IGNORECASE)
    ]
    assert found == []


def test_children_read_short_kind_words() -> None:
    long = []
    unkind = []
    for sentence, file in texts(only=("blenddesk/ui/kiosk/",)):
        if sentence in FOR_THE_TEACHER:
            continue
        if len(re.findall(r"[\w{}']*[\w{}]", sentence)) > 6:
            long.append(f"{file}: {sentence!r}")
        if re.search(rf"\b({CHILD_NEVER})\b", sentence, re.IGNORECASE):
            unkind.append(f"{file}: {sentence!r}")
    assert long == []
    assert unkind == []


def test_refusals_say_what_happened_what_is_safe_and_what_to_do() -> None:
    from blenddesk.messages import ERRORS

    shouting = [code for code, sentence in ERRORS.items() if "!" in sentence or sentence.isupper()]
    assert shouting == []
    unfinished = [code for code, sentence in ERRORS.items() if not sentence.endswith((".", "?"))]
    assert unfinished == []
    assert all(len(sentence) <= 220 for sentence in ERRORS.values())


# --- the same in the other languages ----------------------------------------------------------------------------------

TERMS = {
    "es": {
        r"\bstudent computers?\b": r"computadoras? de estudiantes|esta computadora",
        r"\bstations?\b": r"estaci[oó]n",
        r"\brounds?\b": r"ronda",
        r"\bgroups?\b": r"grup|agrup|\{groups?\}",
        r"\bgoals?\b": r"meta|terminadas",
        r"\blessons?\b": r"lecci[oó]n",
        r"\bheadphones?\b": r"audífono",
        r"\bbackups?\b": r"copias? de seguridad|respaldo",
        r"\bthe stick\b": r"memoria",
        r"\btimetable\b": r"horario",
        r"\bundo\b": r"deshacer|deshaz|deshizo",
        r"\bEyes on me\b": r"[Mm]iradas aquí",
        r"\bcatch up\b": r"poner(se|te)? al día|pendiente",
    },
    "ar": {
        r"\bstudent computers?\b": r"حاسوب|حواسيب|حاسوبًا",
        r"\bstations?\b": r"محط|درس بالمحطات",
        r"\brounds?\b": r"جول",
        r"\bgroups?\b": r"مجموع|تجميع|\{groups?\}",
        r"\bgoals?\b": r"هدف|أهداف",
        r"\blessons?\b": r"درس|دروس|لدرس",
        r"\bheadphones?\b": r"سمّاع",
        r"\bbackups?\b": r"احتياطية|نسخة",
        r"\bthe stick\b": r"ذاكرة|عليها|سحبها",
        r"\btimetable\b": r"جدول|الجدول",
        r"\bundo\b": r"تراجع",
        r"\bEyes on me\b": r"انظروا إليّ",
        r"\bcatch up\b": r"تعويض|يعوّض",
    },
}
NEVER_ABROAD = {
    "es": r"[kq]u?ioscos?|alumn[oa]s?|ordenador(es)?|pendrive|inválid[oa]s?|falló|usted(es)?|borrar|ayer|niñ[oa]s?",
    "ar": r"كشك|تلميذ|كمبيوتر|أمس|خطأ|فشل|غير صالح",
}


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_terms_are_translated_the_same_everywhere(language: str) -> None:
    catalogue = catalogues.load(language)
    found = []
    for one in WORDS:
        message = catalogue.get(one.singular, context=one.context or None)
        assert message is not None
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for english, wanted in TERMS[language].items():
            if re.search(english, re.sub(r"\{[^}]*\}", "{}", one.singular)) and not re.search(
                wanted, " ".join(forms), re.IGNORECASE
            ):
                found.append(f"{one.singular!r}: {forms}")
    assert found == []


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_the_other_languages_leave_the_workshop_out_too(language: str) -> None:
    found = []
    for message in catalogues.load(language):
        if not message.id:
            continue
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        found += [form for form in forms if re.search(rf"\b({NEVER_ABROAD[language]})\b", form, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_children_read_short_words_in_every_language(language: str) -> None:
    catalogue = catalogues.load(language)
    long = []
    for one in WORDS:
        if not any("/ui/kiosk/" in file for file in one.files) or one.singular in FOR_THE_TEACHER:
            continue
        message = catalogue.get(one.singular, context=one.context or None)
        assert message is not None
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        long += [form for form in forms if len(form.split()) > 7]
    assert long == []
