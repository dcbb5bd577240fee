"""Clean and split names without ever knowing better than the school: trim, compose, cut at the first comma, no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

COMMA = re.compile(r"\s*[,،，]\s*")
BULLET = re.compile(r"\s*(?:\d{1,3}\s*[.):\-]|[-•*–·])\s+")  # "1. Ann", "- Ann" in pasted lists
MAX_NAME = 200  # characters; longer is a paragraph that slipped into the column
_SUFFIX = re.compile(r"(?i)(jr|sr|ii|iii|iv|md|phd)\.?")
# Marks that steer text direction are dropped at the ends only: inside, joiners belong to Persian and Indic spelling.
_EDGES = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean_name(text: str) -> str:
    """Compose (NFC), drop control characters, make every run of white space one blank, trim."""
    text = " ".join(text.split()).strip(_EDGES + " ")
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", text).strip()


def same_name(one: str, two: str) -> bool:
    """Equal but for case and white space."""
    return clean_name(one).casefold() == clean_name(two).casefold()


def column_order(cells: Sequence[str], header_order: str | None) -> str | None:
    """Decide once for a column of full names: "comma", "capitals_first", "capitals_last", the header's order, or None.

    None means that nothing in the column says where the family name is, and then no name is cut.
    """
    filled = [cell for cell in (clean_name(cell) for cell in cells[:2000]) if cell]
    if not filled:
        return None
    if sum(_has_real_comma(cell) for cell in filled) * 2 >= len(filled):
        return "comma"
    for order in ("capitals_first", "capitals_last"):
        if all(_cut_at_capitals(cell, order) for cell in filled):
            return order
    return header_order


def split_name(cell: str, order: str | None) -> tuple[str, str]:
    """Return (given, family); a name that cannot be cut honestly is whole in the first."""
    name = clean_name(cell)
    if order == "comma":
        parts = COMMA.split(name, maxsplit=1)
        if len(parts) == 2 and not _SUFFIX.fullmatch(parts[1]):
            return parts[1], parts[0]
        return name, ""
    if order in ("capitals_first", "capitals_last"):
        return _cut_at_capitals(name, order) or (name, "")
    words = name.split()
    if order is not None and len(words) == 2:
        return (words[0], words[1]) if order == "first_last" else (words[1], words[0])
    return name, ""


def _has_real_comma(cell: str) -> bool:
    parts = COMMA.split(cell, maxsplit=1)
    return len(parts) == 2 and bool(parts[0] and parts[1]) and not _SUFFIX.fullmatch(parts[1])


def _cut_at_capitals(name: str, order: str) -> tuple[str, str] | None:
    words = name.split()
    loud = [sum(map(str.isalpha, word)) > 1 and word.isupper() for word in words]  # "G." is an initial
    count = sum(loud)
    if not 0 < count < len(words):
        return None
    if order == "capitals_first" and all(loud[:count]):
        return " ".join(words[count:]), " ".join(words[:count])
    if order == "capitals_last" and all(loud[-count:]):
        return " ".join(words[:-count]), " ".join(words[-count:])
    return None
