"""How a screen is brought up for its picture, and variants of any of them: Arabic, large text, a later moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from blenddesk.demo.studio import Studio, look
from blenddesk.domain.live import LessonState
from blenddesk.services import live

How = Callable[[Studio], QWidget]
LARGE_TEXT = 1.3
CHILD = 4
"""Whose place in the list the pictures show."""


def in_arabic(how: How) -> How:
    """The same screen in Arabic: mirrored."""

    def taken(room: Studio) -> QWidget:
        look(language="ar")
        return how(room)

    return taken


def in_large(how: How) -> How:
    """The same screen with text at 1.3."""

    def taken(room: Studio) -> QWidget:
        look(scale=LARGE_TEXT)
        return how(room)

    return taken


def run_until(room: Studio, wanted: Callable[[LessonState], object]) -> None:
    """Lets time pass until the lesson is there. ``LookupError`` when it never is."""
    for _half_minute in range(240):
        if wanted(live.lesson(room.desk, room.section, room.plan)):
            return
        room.clock.advance(0.5)
    raise LookupError("the lesson never came to that point")
