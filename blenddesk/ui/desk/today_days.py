"""Days and times of day as the reader's language writes them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, QTime

from blenddesk.text import language


def clock_of_minute(minute: int) -> str:
    """``9:40`` in the reader's writing, from minutes after midnight."""
    return QLocale(language()).toString(QTime(minute // 60 % 24, minute % 60), "H:mm")


def day_words(day: date) -> str:
    """``Tuesday 24 November`` in the reader's language."""
    return QLocale(language()).toString(QDate(day.year, day.month, day.day), "dddd d MMMM")
