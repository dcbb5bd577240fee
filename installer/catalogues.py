"""The words in other languages: gathers them from the code, updates the .po files, makes the .mo files, checks it all.

``update`` after changing a sentence, translate what it says is missing, then ``compile``. Nothing that is written holds
a date or a line number, so the same code and words always give the same files.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import string
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ".venv/bin/python installer/catalogues.py"
DOMAIN = "blenddesk"
PSEUDO = "qps"
"""A language that nobody speaks: what shows up without its brackets or is cut off was not ready for translation."""

TRANSLATED = ("ar", "es")
PLURALS = {
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"),
    "es": (2, "(n != 1)"),
    PSEUDO: (2, "(n != 1)"),
}
ONE_NUMBER = {"ar": {0, 1, 2}, "es": {0}, PSEUDO: {0}}
"""Plural forms that stand for a single number, which may therefore say it in words ("دقيقة واحدة")."""

MARKS = {"_": 1, "N_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2}
"""Calls whose first arguments are words, and how many of them."""

CHILD_HINT = "A child reads or hears this: at most six short words, one idea."
_FIELDS = string.Formatter()
_ACCENTS = str.maketrans("aeiouycnszAEIOUYCNSZ", "áéíóúýçñšžÁÉÍÓÚÝÇÑŠŽ")
_CLOSING = re.compile("[\u2066-\u2069\u200e\u200f\u201c\u201d\u00ab\u00bb]+$")
"""Marks of direction and closing quotes, which may stand on either side of a full stop."""


class NotExtractable(ValueError):
    """Words that no catalogue could hold: an f-string, a sum, a formatted sentence. ``args[0]`` says where."""


@dataclass(frozen=True, slots=True)
class Words:
    """One entry: its context ("" for none), the English, the English for many ("" for none), the files that say it."""

    context: str
    singular: str
    plural: str
    files: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.singular


class Plain(Catalog):
    """A catalogue whose header has only what gettext needs to read it: no dates, tools or addresses."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        language = str(self.locale_identifier)
        count, rule = PLURALS[language]
        return [
            ("Project-Id-Version", "BlendDesk"),
            ("Language", language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals={count}; plural={rule};"),
        ]

    @property
    def num_plurals(self) -> int:
        return PLURALS[str(self.locale_identifier)][0]


# --- gathering --------------------------------------------------------------------------------------------------------


def extract(root: Path = ROOT) -> list[Words]:
    """All words of the program, ordered by file and line of their first use.

    Raises:
        NotExtractable: a marked argument is put together at run time.
    """
    found: dict[tuple[str, str], Words] = {}
    for file in sorted((root / "blenddesk").rglob("*.py")):
        place = file.relative_to(root).as_posix()
        for context, singular, plural in words_of(ast.parse(file.read_text("utf-8")), place):
            before = found.get((context, singular))
            if before is not None and plural and before.plural not in ("", plural):
                raise NotExtractable(f"{place}: {singular!r} has two plurals")
            files = (*before.files, place) if before is not None and place not in before.files else (place,)
            known = before.files if before is not None and place in before.files else files
            found[context, singular] = Words(context, singular, plural or (before.plural if before else ""), known)
    return list(found.values())


def words_of(tree: ast.AST, place: str) -> Iterator[tuple[str, str, str]]:
    """(context, singular, plural) for every marked call of a module, in the order of its lines."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _mark(node)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        mark = _mark(call)
        texts = [_text(argument, f"{place}:{call.lineno}") for argument in call.args[: MARKS[mark]]]
        if mark == "pgettext" and texts[0]:
            yield from ((texts[0][0], one, "") for one in texts[1])
        elif mark == "ngettext" and texts[0]:
            yield "", texts[0][0], texts[1][0]
        elif mark in ("_", "N_", "gettext"):
            yield from (("", one, "") for one in texts[0] if one)


def _mark(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        name = call.func.id
    elif isinstance(call.func, ast.Attribute):  # text.pgettext(...), catalogue(...).gettext(...)
        name = call.func.attr
    else:
        return ""
    return name if name in MARKS and len(call.args) >= MARKS[name] else ""


def _text(argument: ast.expr, where: str) -> list[str]:
    """The strings an argument can be; empty for a name, whose words are marked where they are defined."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return _text(argument.body, where) + _text(argument.orelse, where)
    if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript):
        return []
    raise NotExtractable(f"{where}: {ast.unparse(argument)} is put together at run time; mark a whole sentence")


# --- the .po files ----------------------------------------------------------------------------------------------------


def folder(language: str, root: Path = ROOT) -> Path:
    return root / "resources" / "locale" / language / "LC_MESSAGES"


def load(language: str, root: Path = ROOT) -> Catalog:
    """The words of a .po file; an empty catalogue when there is none."""
    path = folder(language, root) / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalog(
            locale=language, header_comment=f"# BlendDesk in {language}. The terms of the glossary stand here."
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(words: Sequence[Words], old: Catalog, language: str) -> Plain:
    """The catalogue of exactly these words, with the translations that `old` has for them."""
    new = Plain(locale=language, header_comment=old.header_comment, fuzzy=False)
    for one in words:
        before = old.get(one.singular, context=one.context or None)
        hints = [CHILD_HINT] if any("/ui/kiosk/" in file for file in one.files) else []
        message = new.add(
            (one.singular, one.plural) if one.plural else one.singular,
            _kept(before, one, new.num_plurals),
            locations=[(file, 0) for file in one.files],
            flags=sorted(before.flags & {"fuzzy"}) if before is not None else (),
            auto_comments=hints,
            user_comments=before.user_comments if before is not None else (),
            context=one.context or None,
        )
        message.flags.discard("python-format")  # our placeholders are {named}; a lone % is only a per cent
    return new


def _kept(before: Message | None, one: Words, forms: int) -> str | tuple[str, ...]:
    """The translation that is there already, in the shape the entry needs now."""
    have = before.string if before is not None else ""
    if one.plural:
        return tuple(have) if isinstance(have, list | tuple) and len(have) == forms else ("",) * forms
    return have if isinstance(have, str) else ""


def po_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, ignore_obsolete=True)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def pseudo(words: Sequence[Words]) -> Plain:
    """Every sentence with accents, 40 % longer and in brackets; placeholders stay as they are."""
    made = Plain(locale=PSEUDO, fuzzy=False)
    for one in words:
        forms = (pseudo_text(one.singular), pseudo_text(one.plural)) if one.plural else pseudo_text(one.singular)
        made.add((one.singular, one.plural) if one.plural else one.singular, forms, context=one.context or None)
    return made


def pseudo_text(english: str) -> str:
    """From "Save {n}" to "[Šávé {n}~~]"."""
    parts = []
    letters = 0
    for literal, field, spec, conversion in _FIELDS.parse(english):
        letters += len(literal)
        parts.append(literal.translate(_ACCENTS).replace("{", "{{").replace("}", "}}"))
        if field is not None:
            parts.append("{" + field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
    return "[" + "".join(parts) + "~" * round(letters * 0.4) + "]"


# --- checking ---------------------------------------------------------------------------------------------------------


def fields(sentence: str) -> set[str]:
    """The names of the placeholders. Raises ValueError for a brace without its partner."""
    return {name for _, name, _, _ in _FIELDS.parse(sentence) if name is not None}


def problems(words: Sequence[Words], catalogue: Catalog, language: str) -> Iterator[str]:
    """What is wrong with one language, a line each."""
    for one in words:
        message = catalogue.get(one.singular, context=one.context or None)
        title = f"{language}: {one.singular!r}"
        if message is None:
            yield f"{title} is missing"
        elif message.fuzzy:
            yield f"{title} is fuzzy"
        else:
            yield from (f"{title} {trouble}" for trouble in _troubles(one, message, language))
    known = {one.key for one in words}
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        if message.id and (message.context or "", singular) not in known:
            yield f"{language}: {singular!r} is said nowhere any more"


def _troubles(one: Words, message: Message, language: str) -> Iterator[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = PLURALS[language][0] if one.plural else 1
    if len(forms) != wanted:
        yield f"has {len(forms)} forms in place of {wanted}"
        return
    english = fields(one.singular) | (fields(one.plural) if one.plural else set())
    every = fields(one.plural or one.singular)
    for index, form in enumerate(forms):
        if not form:
            yield "is not translated"
            return
        try:
            has = fields(form)
        except ValueError:
            yield f"has a brace without its partner: {form!r}"
            continue
        says_it_in_words = bool(one.plural) and index in ONE_NUMBER[language]
        needed = (every & fields(one.singular)) - {"n"} if says_it_in_words else every
        if has - english or needed - has:
            yield f"has other placeholders: {form!r}"
        if form != form.strip() and one.singular == one.singular.strip():
            yield f"has space around it: {form!r}"
        if _stops(form) != _stops(one.singular):
            yield f"and its translation do not both end with a full stop: {form!r}"


def _stops(sentence: str) -> bool:
    return _CLOSING.sub("", sentence).endswith(".")


def stale(words: Sequence[Words], root: Path = ROOT) -> Iterator[str]:
    """The files that are not what `update` and `compile` would write."""
    for language in TRANSLATED:
        catalogue = updated(words, load(language, root), language)
        po = folder(language, root) / f"{DOMAIN}.po"
        if not po.is_file() or po.read_bytes() != po_bytes(catalogue):
            yield f"{po.relative_to(root)} is out of date. Type: {COMMAND} update"
        yield from _stale_mo(language, mo_bytes(catalogue), root)
    yield from _stale_mo(PSEUDO, mo_bytes(pseudo(words)), root)


def _stale_mo(language: str, content: bytes, root: Path) -> Iterator[str]:
    path = folder(language, root) / f"{DOMAIN}.mo"
    if not path.is_file() or path.read_bytes() != content:
        yield f"{path.relative_to(root)} is out of date. Type: {COMMAND} compile"


# --- commands ---------------------------------------------------------------------------------------------------------


def write(words: Sequence[Words], root: Path = ROOT, *, compiled: bool) -> None:
    """Write the .po files anew, or the .mo files made of them; untouched when nothing changed."""
    for language in TRANSLATED:
        catalogue = updated(words, load(language, root), language)
        _write(folder(language, root), mo_bytes(catalogue) if compiled else po_bytes(catalogue), compiled)
    if compiled:
        _write(folder(PSEUDO, root), mo_bytes(pseudo(words)), compiled)


def _write(target: Path, content: bytes, compiled: bool) -> None:
    path = target / f"{DOMAIN}.{'mo' if compiled else 'po'}"
    target.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 when words cannot be extracted or the check finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("extract", "update", "compile", "check"))
    wish = parser.parse_args(arguments).what
    try:
        words = extract()
    except NotExtractable as trouble:
        print(trouble, file=sys.stderr)
        return 1
    if wish == "extract":
        for one in words:
            print(f"{one.files[0]}: {one.context + ': ' if one.context else ''}{one.singular}")
    elif wish in ("update", "compile"):
        write(words, compiled=wish == "compile")
    found = [] if wish == "extract" else [t for name in TRANSLATED for t in problems(words, load(name), name)]
    if wish == "check":
        found += stale(words)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found and wish == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
