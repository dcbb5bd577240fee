"""The lesson as a line of time: parts as wide as their minutes, the part that runs now filled up to this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the lesson line.

    Args:
        words: "Round 1", "Start"; may be empty for moving time.
        minutes: its length; widths follow it.
        starts: the clock when it begins, already in the reader's writing ("9:40"), or "".
        kind: ``round``, ``start``, ``move`` (a thin gap) or ``end``.
    """

    words: str
    minutes: float
    starts: str = ""
    kind: Literal["round", "start", "move", "end"] = "round"


class LessonLine(QLabel):
    """The parts of the lesson in order, mirrored on right-to-left screens.

    Args:
        parts: in order.
        current: index of the part that runs, or -1 before and ``len(parts)`` after the lesson.
        share: 0 to 1 of the current part that has passed.
        ends: the clock at the end of the lesson.
    """

    def __init__(
        self,
        parts: Sequence[Part] = (),
        *,
        current: int = -1,
        share: float = 0.0,
        ends: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._slim = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_parts(parts, current=current, share=share, ends=ends)

    def set_parts(self, parts: Sequence[Part], *, current: int, share: float, ends: str = "") -> None:
        self._parts, self._ends = tuple(parts), ends
        self.set_now(current, share)

    def set_slim(self, slim: bool) -> None:
        """A low line without the clock below it, for a screen that has little height."""
        if slim != self._slim:
            self._slim = slim
            self.updateGeometry()
            self.update()

    def set_now(self, current: int, share: float) -> None:
        """Move the moment; called about once a second while the lesson runs."""
        self._current, self._share = current, min(max(share, 0.0), 1.0)
        if 0 <= current < len(self._parts):
            part = self._parts[current]
            self.setAccessibleName(_("Lesson: {part} now").format(part=part.words or _("moving")))
        else:
            self.setAccessibleName(_("Lesson: {n} parts").format(n=len(self._parts)))
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(600, look.px(26) if self._slim else look.px(42) + look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _boxes(self, height: float) -> list[QRectF]:
        total = sum(part.minutes for part in self._parts) or 1.0
        gap = 4.0
        width = self.width() - gap * max(0, len(self._parts) - 1)
        boxes, x = [], 0.0
        for part in self._parts:
            length = width * part.minutes / total
            boxes.append(QRectF(x, 0, length, height))
            x += length + gap
        return boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        height = float(look.px(25 if self._slim else 40))
        with paint.painting(self) as painter:
            last_end = -100.0
            for index, (part, box) in enumerate(zip(self._parts, self._boxes(height), strict=True)):
                self._paint_part(painter, look, index, part, box)
                words = paint.text_size(part.starts, theme.sized_font(look, 13)).width()
                has_room = box.left() >= last_end + 6 and box.left() + words < self.width() - 44
                if part.starts and has_room and not self._slim:
                    room = QRectF(box.left(), height + 2, words + 4, look.px(22))
                    paint.draw_text(
                        painter,
                        paint.mirrored(self, room),
                        part.starts,
                        theme.sized_font(look, 13),
                        look.tokens.dim,
                        lines=1,
                    )
                    last_end = box.left() + words
            if self._ends and not self._slim:
                room = paint.mirrored(self, QRectF(self.width() - 90, height + 2, 90, look.px(22)))
                paint.draw_text(
                    painter, room, self._ends, theme.sized_font(look, 13), look.tokens.dim, paint.TRAILING, lines=1
                )

    def _paint_part(self, painter: QPainter, look: theme.Look, index: int, part: Part, box: QRectF) -> None:
        tokens = look.tokens
        past, now = index < self._current, index == self._current
        place = paint.mirrored(self, box)
        fill = tokens.ok_soft if past else tokens.primary_soft if now else tokens.sunken
        ink = tokens.ok if past else tokens.primary_ink if now else tokens.dim
        radius = min(9.0, box.width() / 2)
        outline = tokens.border if tokens.name == "contrast" else ""
        paint.card(painter, place, radius, fill, line=outline, width=1.5)
        split = QRectF(box)
        if now:
            split.setWidth(box.width() * self._share)
            path = QPainterPath()
            path.addRoundedRect(place, radius, radius)
            painter.save()
            painter.setClipPath(path)
            painter.fillRect(paint.mirrored(self, split), QColor(tokens.primary))
            painter.restore()
            hand = paint.mirrored(self, QRectF(split.right() - 1.2, -1, 2.4, box.height() + 4))
            painter.fillRect(hand, QColor(tokens.text))
        if box.width() < look.px(26):
            return
        x = box.left() + look.px(10)
        if past and part.kind != "move":
            side = look.px(16)
            spot = paint.mirrored(self, QRectF(x, box.center().y() - side / 2, side, side))
            paint.tick_badge(painter, spot.center(), side / 2, tokens)
            x += side + 7
        if part.kind == "end" and box.width() < look.px(76):
            side = look.px(18)
            spot = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
            if not past:
                assets.draw_icon(painter, paint.mirrored(self, spot), "flag", ink)
            return
        room = QRectF(x, 0, box.right() - x - 4, box.height())
        font = theme.sized_font(look, 14, bold=True)
        if not now:
            paint.draw_text(painter, paint.mirrored(self, room), part.words, font, ink, lines=1)
            return
        # Words over the filled and the open half: each half in the colour that can be read on it.
        for half, colour in (
            (split, tokens.on_primary),
            (QRectF(split.right(), 0, box.right() - split.right(), box.height()), ink),
        ):
            painter.save()
            painter.setClipRect(paint.mirrored(self, half), Qt.ClipOperation.IntersectClip)
            paint.draw_text(painter, paint.mirrored(self, room), part.words, font, colour, lines=1)
            painter.restore()
