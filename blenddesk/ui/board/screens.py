"""Which display the board goes to, and whether the class may be looking at the teacher's own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication, QScreen


def second_screen(own: QScreen | None, screens: Sequence[QScreen] | None = None) -> QScreen | None:
    """A display that shows something else than the one the desk is on; None with one or a mirrored display."""
    for screen in QGuiApplication.screens() if screens is None else screens:
        if own is None or (screen is not own and not screen.geometry().intersects(own.geometry())):
            return screen
    return None


def class_may_see(own: QScreen | None, screens: Sequence[QScreen] | None = None) -> bool:
    """Whether the desk's display may be the one on the wall: there is no other, or it shows the same picture."""
    return second_screen(own, screens) is None
