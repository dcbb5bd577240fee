"""The picture password: nine large pictures and three boxes that show how many were tapped, never which."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk.text import _, ngettext, pgettext
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton

_SHAKE = (0, -9, 8, -6, 5, -3, 0)
_SHAKE_STEP_MS = 28


def password_picture_name(index: int) -> str:
    """The word under picture ``index`` (0 to 8) of the picture password."""
    return (
        pgettext("picture", "Sun"),
        pgettext("picture", "Fish"),
        pgettext("picture", "House"),
        pgettext("picture", "Key"),
        pgettext("picture", "Ball"),
        pgettext("picture", "Apple"),
        pgettext("picture", "Tree"),
        pgettext("picture", "Star"),
        pgettext("picture", "Bicycle"),
    )[index]


class PictureButton(PaintedButton):
    """A large picture with its word. Pressing it changes nothing on it: others may be looking.

    Args:
        key_hint: digit of the number pad that presses it; shown only after ``show_key_hint(True)``.
    """

    def __init__(self, text: str, picture: str, *, key_hint: str = "", parent: QWidget | None = None) -> None:
        self._picture = picture
        self._key_hint = key_hint
        self._hint_shown = False
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_key_hint(self, shown: bool) -> None:
        """Show the digit once a key was pressed; a student at a touch screen never sees digits."""
        self._hint_shown = shown
        self.update()

    def content_size(self) -> QSize:
        return QSize(244, 212)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 110)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -5)
        if self.isDown():
            box.translate(0, 2)
        else:
            paint.shadow(painter, box, theme.RADIUS_CARD, tokens)
        lit = self.is_hovered() or self.isDown()
        paint.card(
            painter,
            box,
            theme.RADIUS_CARD - 4,
            tokens.surface,
            line=tokens.control if lit else tokens.border,
            width=max(1.2, tokens.line),
        )
        words_height = look.px(36)
        side = min(box.height() - words_height - 46, box.width() * 0.5)
        place = QRectF(0, 0, side, side)
        place.moveCenter(box.center())
        place.moveTop(box.top() + (box.height() - words_height - side) / 2 - 2)
        assets.draw_picture(painter, place, self._picture)
        words = QRectF(box.left() + 40, box.bottom() - words_height - 8, box.width() - 80, words_height)
        paint.draw_text(painter, words, self.words(), look.font("large", bold=True), tokens.text, paint.CENTRE)
        if self._hint_shown and self._key_hint:
            spot = paint.mirrored(self, QRectF(box.right() - 37, box.bottom() - 37, 25, 25))
            paint.card(painter, spot, 6, tokens.sunken)
            paint.draw_text(
                painter, spot, self._key_hint, theme.sized_font(look, 14, bold=True), tokens.dim, paint.CENTRE
            )


class _Box(PaintedButton):
    """One place of a ``DotBoxes``."""

    def __init__(self, parent: QWidget) -> None:
        self.filled = False
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(112, 112)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        # An empty box is disabled but not faded: it is a place to fill, not something out of reach.
        with paint.painting(self) as painter:
            self.paint_content(painter)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -4)
        if self.filled:
            paint.shadow(painter, box, 24, tokens)
            paint.card(painter, box, 24, tokens.surface, line=tokens.text, width=max(3.0, tokens.line))
            paint.disc(painter, box.center(), box.width() * 0.13, tokens.text)
        else:
            paint.card(painter, box, 24, tokens.quiet, line=tokens.control, width=max(2.6, tokens.line), dashed=True)


class DotBoxes(QWidget):
    """Boxes that fill with dots. Tapping a filled one takes the last pictures back to that place.

    ``set_count`` says how many are filled; ``shake`` moves the boxes once (not with reduced motion).
    """

    take_back_requested = Signal(int)
    """How many dots should remain."""

    def __init__(self, total: int = 3, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = [_Box(self) for _place in range(total)]
        self._shake_left: list[int] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_SHAKE_STEP_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 10, 0)
        self._row.setSpacing(14)
        for index, box in enumerate(self._boxes):
            box.setObjectName(f"dot_{index}")
            box.clicked.connect(lambda _checked=False, index=index: self.take_back_requested.emit(index))
            self._row.addWidget(box)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def count(self) -> int:
        return sum(box.filled for box in self._boxes)

    def set_count(self, count: int) -> None:
        """Fill the first ``count`` boxes."""
        total = len(self._boxes)
        self.setAccessibleName(
            ngettext("{n} picture of {total}", "{n} pictures of {total}", count).format(n=count, total=total)
        )
        for index, box in enumerate(self._boxes):
            box.filled = index < count
            box.setEnabled(box.filled)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if box.filled else Qt.FocusPolicy.NoFocus)
            if box.filled:
                box.setAccessibleName(_("Picture {number}: tap to take it back").format(number=index + 1))
            else:
                box.setAccessibleName(_("Picture {number}: empty").format(number=index + 1))
            box.update()

    def shake(self) -> None:
        """Move the boxes once from side to side, the visible twin of "Not quite. Try again."."""
        self._shake_left = list(_SHAKE)
        self._timer.start()

    def is_shaking(self) -> bool:
        return self._timer.isActive()

    def _on_timer_timeout(self) -> None:
        offset = self._shake_left.pop(0)
        self._row.setContentsMargins(10 + offset, 0, 10 - offset, 0)
        if not self._shake_left:
            self._timer.stop()
