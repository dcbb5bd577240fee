"""A themed application for every screen test, and a check that a test leaves no window and no timer behind."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from blenddesk import text
from blenddesk.ui import kit, theme


@pytest.fixture(scope="session")
def themed_app(qapp: QApplication) -> QApplication:
    """The application with the day theme on the desk and the focus ring watching."""
    theme.apply_theme(qapp, theme.load_tokens("day"))
    kit.watch_focus(qapp)
    return qapp


@pytest.fixture(autouse=True)
def nothing_left_behind(themed_app: QApplication) -> Iterator[None]:
    """Fails a test that leaves a window on screen or a timer running; puts theme and language back."""
    before = theme.current()
    yield
    if theme.current() is not before:
        theme.apply_theme(themed_app, before.tokens, scale=before.scale, language=before.language, face=before.face)
    text.use_language("en")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    ticking = [
        f"{type(timer.parent()).__name__} in {type(widget).__name__}"
        for widget in QApplication.topLevelWidgets()
        for timer in widget.findChildren(QTimer)
        if timer.isActive()
    ]
    names = [f"{type(widget).__name__} {widget.objectName()}" for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    assert not names, f"windows left open: {names}"
    assert not ticking, f"timers left running: {ticking}"
