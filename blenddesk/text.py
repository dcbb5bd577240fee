"""The words of the program in the reader's language: gettext catalogues, chosen once, switched at run time.

Used by every face (screens, prints, command line). ``_`` looks the sentence up when it is called, so a page that
is rebuilt after ``use_language`` shows the new language; constants therefore hold message ids marked with ``N_``.
"""

from __future__ import annotations

import gettext
import string
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol, cast

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
SOURCE_LANGUAGE = "en"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

_current: gettext.NullTranslations = gettext.NullTranslations()
_language = SOURCE_LANGUAGE


@cache
def resources_root() -> Path:
    """The folder with themes, icons, fonts, pictures and catalogues: in the checkout, the wheel or the frozen app."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    installed = Path(__file__).parent / "_resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The words of one language, whatever the screen speaks: for words that are written once and then are the class's.

    An unknown language gives the English words.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("blenddesk", resources_root() / "locale", languages=[language], fallback=True)


def use_language(language: str) -> None:
    """Speak ``language`` (such as ``es`` or ``ar``) from now on; an unknown one falls back to English."""
    global _current, _language
    _current = catalogue(language)
    _language = language


def language() -> str:
    """The language in use, as given to ``use_language``."""
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speaks ``language`` inside, and what was spoken before afterwards.

    For windows that change by themselves (a second passed, data came) while another window speaks another language.
    """
    before = _language
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def is_right_to_left() -> bool:
    return _language.split("_")[0] in RIGHT_TO_LEFT


def digits(value: int) -> str:
    """A number in the digits that the dates and clocks of the language have too (Qt writes both as this does)."""
    return str(value).translate(ARABIC_DIGITS) if _language.split("_")[0] == "ar" else str(value)


def name(value: str) -> str:
    """A name for use inside a sentence of the other direction: marked (U+2068, U+2069) so that it keeps its own."""
    if is_right_to_left() or (not value.isascii() and _reads_from_the_right(value)):
        return f"\u2068{value}\u2069"
    return value


def _reads_from_the_right(value: str) -> bool:
    from unicodedata import bidirectional

    return any(bidirectional(letter) in ("R", "AL") for letter in value)


def _(message: str) -> str:
    """The sentence in the current language. Never pass an f-string: nothing could be extracted or found."""
    return _sentence(_current.gettext(message))


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for ``n`` things. The result still holds ``{n}``: call ``.format(n=n, ...)`` on it."""
    return _sentence(_current.ngettext(singular, plural, n))


def pgettext(context: str, message: str) -> str:
    """The sentence for one meaning of an ambiguous English word."""
    return _sentence(_current.pgettext(context, message))


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Marks a message id for extraction without looking it up yet."""
    return message


class SupportsGetItem(Protocol):
    """What ``str.format_map`` takes."""

    def __getitem__(self, key: str, /) -> object: ...


class _Numbers(string.Formatter):
    """Fills a sentence in with numbers in the digits of the language."""

    def format_field(self, value: object, spec: str) -> str:
        filled = str(super().format_field(value, spec))
        return filled.translate(ARABIC_DIGITS) if isinstance(value, int | float) else filled


class _ArabicSentence(str):
    """A sentence that is filled in as every other, so that no screen has to think of the digits."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        return _Numbers().vformat(self, args, values)

    def format_map(self, values: SupportsGetItem, /) -> str:
        return _Numbers().vformat(self, (), cast("Mapping[str, object]", values))


def _sentence(words: str) -> str:
    return _ArabicSentence(words) if _language.split("_")[0] == "ar" else words
