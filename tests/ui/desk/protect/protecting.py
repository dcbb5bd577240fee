"""Hands at the sheet that protects a desk."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from blenddesk.errors import Refusal
from blenddesk.services import protection
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.protect_sheet import ProtectSheet, What
from blenddesk.ui.desk.protect_steps import CheckStep, PhraseStep, SheetStep
from tests.conftest import FakeRandomness
from tests.sync.devices import WEAK

PHRASE, OTHER = "sunflowers in the rain", "a quieter tune today"


TEN = ["survey", "shock", "canal", "pledge", "jelly", "seat", "shadow", "dune", "clip", "coast"]


Open = Callable[[What], ProtectSheet]


def settle(sheet: ProtectSheet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not sheet.tasks.is_busy)


def go(sheet: ProtectSheet, qtbot: QtBot) -> None:
    sheet.go.click()
    settle(sheet, qtbot)


def type_phrase(sheet: ProtectSheet, phrase: str, qtbot: QtBot, *, again: str | None = None) -> None:
    assert isinstance(sheet.step, PhraseStep)
    sheet.step.phrase.line.setText(phrase)
    sheet.step.again.line.setText(phrase if again is None else again)
    go(sheet, qtbot)


def words_shown(sheet: ProtectSheet) -> list[str]:
    assert isinstance(sheet.step, SheetStep)
    return [label.text() for label in sheet.step.words]


def copy_words(sheet: ProtectSheet, words: list[str], qtbot: QtBot) -> None:
    assert isinstance(sheet.step, CheckStep)
    for place, field in zip(sheet.step.fields.places, sheet.step.fields.fields, strict=True):
        field.setText(words[place - 1].upper())
    go(sheet, qtbot)


def protect(desk: AppContext, phrase: str = PHRASE) -> list[str]:
    sheet = protection.draw_sheet(FakeRandomness(3), "en", WEAK)
    key = desk.reads.reader.key
    protection.set_phrase(desk.paths, key, phrase, FakeRandomness(4), sheet=sheet, strength=WEAK)
    return list(sheet.words)


def opens(desk: AppContext, phrase: str) -> bool:
    desk.paths.wrong_tries.unlink(missing_ok=True)
    try:
        attempts = protection.Attempts(desk.paths, desk.clock)
        return protection.open_with_phrase(desk.paths, phrase, attempts) == desk.reads.reader.key
    except Refusal:
        return False
