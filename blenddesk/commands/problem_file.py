"""A file with a problem to solve, one JSON object: values are read by name and refused in words when they are wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeGuard

from blenddesk.commands.terminal import UsageError, read_bytes
from blenddesk.text import _

EXAMPLES = {
    "absent": "[3, 5]",
    "bank": "true",
    "before": "[[0, 2]]",
    "blocked": "[[1, 0]]",
    "capacity": "1",
    "day": "0",
    "devices": "6",
    "groups": "[[0, 1, 2], [3, 4, 5]]",
    "iterations": "1000",
    "group": "0",
    "kind": "pairs",
    "maximise": "false",
    "must": "true",
    "name": '"Circles"',
    "needs": '"device"',
    "order": "-1",
    "points": "[[0, 1, 5], [0, 2, -1.5]]",
    "resource": '"laptop"',
    "rounds": '[{"day": 0}, {"day": 0}]',
    "screen": "true",
    "seconds": "0.2",
    "seed": "1",
    "sizes": "[[4, 4], [3, 4]]",
    "size": "5",
    "sizes_within": "1",
    "slots": "2",
    "station": "0",
    "stations": '[{"name": "Computer", "needs": "device"}]',
    "student": "0",
    "students": "28",
    "students_per_device": "2",
    "tasks": '[{"student": 0, "slots": 2, "resource": "paper", "weight": 10, "order": 0}]',
    "teachers": "2",
    "visits": '[{"group": 0, "station": 0, "must": true}], each pair once',
    "weeks": "7",
    "weight": "10",
    "wish": "3",
}
"""What each value looks like, for whoever wrote it differently."""
MOST_POINTS = 10**15
"""Of one pair; beyond that fractions are no longer counted right."""


class Problem:
    """The object in a file. Raises ``UsageError``: ``problem_unreadable``, ``problem_wrong`` (key, example)."""

    def __init__(self, path: Path, content: dict[str, Any] | None = None) -> None:
        """``content``: an object within the file; None: all of it, which is read now."""
        self.path = path
        self._content = _object_in(path) if content is None else content

    def objects(self, key: str) -> list[Problem]:
        """A list of objects, each to be read like the whole."""
        value = self._content.get(key)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key)
        return [Problem(self.path, one) for one in value]

    def has(self, key: str) -> bool:
        return key in self._content

    def word(self, key: str, words: Sequence[str]) -> str:
        value = self._content.get(key)
        if value not in words or not isinstance(value, str):
            raise self.wrong(key, " | ".join(words))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._content.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key)
        return value

    def number(self, key: str, *, default: int | None = None, least: int | None = None, most: int = 2**63) -> int:
        value = self._content.get(key, default)
        if not _is_whole(value) or value > most or (least is not None and value < least):
            raise self.wrong(key)
        return value

    def measure(self, key: str, *, default: float, most: float) -> float:
        """A number that may have a fraction, from 0 to ``most``."""
        value = self._content.get(key, default)
        if not _is_number(value) or not 0 <= value <= most:
            raise self.wrong(key)
        return float(value)

    def numbers(self, key: str, *, default: Sequence[int] | None = None) -> list[int]:
        value = self._content.get(key, default)
        if not isinstance(value, (list, tuple)) or not all(map(_is_whole, value)):
            raise self.wrong(key)
        return list(value)

    def number_lists(self, key: str) -> list[list[int]]:
        value = self._content.get(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(key)
        if not all(isinstance(row, list) and all(map(_is_whole, row)) for row in value):
            raise self.wrong(key)
        return [list(row) for row in value]

    def ranges(self, key: str) -> list[tuple[int, int]]:
        """Pairs of least and most, neither below 0."""
        rows = self.number_lists(key)
        if not all(len(row) == 2 and 0 <= row[0] <= row[1] for row in rows):
            raise self.wrong(key)
        return [(low, high) for low, high in rows]

    def pairs(self, key: str, students: int) -> list[tuple[int, int, float]]:
        """Two different students, counted from 0, and a number; none when the key is missing."""
        value = self._content.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key)
        for row in value:
            if not isinstance(row, list) or len(row) != 3 or not all(map(_is_whole, row[:2])) or not _is_number(row[2]):
                raise self.wrong(key)
            if abs(row[2]) > MOST_POINTS:
                raise self.wrong(key)
            if row[0] == row[1] or not all(0 <= student < students for student in row[:2]):
                sentence = _(
                    '{value} in "{key}" of {path} does not name two of the {students} students, who are counted from 0.'
                    " Nothing was done."
                )
                shown = sentence.format(value=json.dumps(row), key=key, path=self.path, students=students)
                raise UsageError(shown, "problem_wrong")
        return [(one, other, points) for one, other, points in value]

    def text(self, key: str, *, default: str) -> str:
        value = self._content.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key)
        return value

    def index_pairs(self, key: str, firsts: int, seconds: int) -> list[tuple[int, int]]:
        """Pairs of numbers counted from 0, the first below ``firsts``, the second below ``seconds``."""
        if not self._content.get(key):
            return []
        rows = self.number_lists(key)
        if not all(len(row) == 2 and 0 <= row[0] < firsts and 0 <= row[1] < seconds for row in rows):
            raise self.wrong(key)
        return [(one, other) for one, other in rows]

    def number_map(self, key: str) -> dict[str, int]:
        """Whole numbers from 0 by name."""
        value = self._content.get(key, {})
        if not isinstance(value, dict) or not all(_is_whole(one) and one >= 0 for one in value.values()):
            raise self.wrong(key, '{"laptop": 6, "teacher": 1}')
        return dict(value)

    def wrong(self, key: str, example: str | None = None) -> UsageError:
        sentence = _('"{key}" in {path} is missing or wrong. It looks like this: {example}. Nothing was done.')
        shown = EXAMPLES[key] if example is None else example
        return UsageError(sentence.format(key=key, path=self.path, example=shown), "problem_wrong")


def _object_in(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        sentence = _("{path} holds no problem to solve: it is not one JSON object. Nothing was done.")
        raise UsageError(sentence.format(path=path), "problem_unreadable")
    return content


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))
