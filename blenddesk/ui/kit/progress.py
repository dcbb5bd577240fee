"""How far: dots for few things, a bar for many; the words beside them carry the same numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import theme
from blenddesk.ui.kit import paint


class ProgressDots(QLabel):
    """A circle each: ticked (done), filled (now), open (to come).

    Args:
        group: colour the open ones like this group's shape; otherwise like the theme's main colour.
        station: colour them in the ink of this place's tint.
    """

    def __init__(
        self,
        done: int,
        total: int,
        *,
        current: int | None = None,
        group: str = "",
        station: int | None = None,
        px: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._px, self._group, self._station = px, group, station
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_progress(done, total, current=current)

    def set_progress(self, done: int, total: int, *, current: int | None = None) -> None:
        """``current``: index of the one going on now, or None."""
        self._done, self._total, self._at = done, total, current
        self.setAccessibleName(_("{done} of {total} done").format(done=done, total=total))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._total * self._px + max(0, self._total - 1) * round(self._px * 0.45), self._px + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        ink = tokens.groups[self._group].mark if self._group else tokens.primary
        if self._station is not None:
            ink = tokens.station(self._station).ink
        step = self._px + round(self._px * 0.45)
        with paint.painting(self) as painter:
            for index in range(self._total):
                box = paint.mirrored(self, QRectF(index * step, 1, self._px, self._px))
                if index < self._done:
                    paint.tick_badge(painter, box.center(), self._px / 2, tokens)
                elif index == self._at:
                    paint.disc(painter, box.center(), self._px / 2, ink)
                else:
                    paint.disc(painter, box.center(), self._px / 2, "", line=ink, width=2)


class ProgressBar(QProgressBar):
    """A thin rounded bar with real counts (screen readers read value and range)."""

    def __init__(
        self,
        value: int = 0,
        total: int = 100,
        *,
        name: str,
        group: str = "",
        height: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._group, self._height = group, height
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.set_progress(value, total)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, value: int, total: int) -> None:
        self.setRange(0, max(1, total))
        self.setValue(min(value, max(1, total)))
        self.setAccessibleDescription(_("{done} of {total}").format(done=value, total=total))

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        ink = tokens.groups[self._group].mark if self._group else tokens.primary
        track = QRectF(0, (self.height() - self._height) / 2, self.width(), self._height)
        with paint.painting(self) as painter:
            paint.card(painter, track, self._height / 2, tokens.sunken)
            if self.value() > 0:
                bar = QRectF(track)
                bar.setWidth(max(float(self._height), track.width() * self.value() / self.maximum()))
                paint.card(painter, paint.mirrored(self, bar), self._height / 2, ink)
