"""Choices: chips that stay pressed, a switch, one of several, a number between two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from blenddesk.text import _, digits
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton, is_rtl
from blenddesk.ui.kit.buttons import IconButton
from blenddesk.ui.kit.labels import Text


class Chip(PaintedButton):
    """A rounded choice that stays pressed: word chips with a picture, filters with an icon.

    Args:
        size: ``desk`` (36 px high) or ``kiosk`` (80 px high, touch size).
    """

    def __init__(
        self,
        text: str,
        *,
        picture: str = "",
        icon: str = "",
        size: Literal["desk", "kiosk"] = "desk",
        checkable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self._picture = picture
        self._icon = icon
        self._kiosk = size == "kiosk"
        super().__init__(text, parent)
        self.setCheckable(checkable)

    def set_icon(self, icon: str) -> None:
        """Another icon, or "" for words only."""
        if icon != self._icon:
            self._icon = icon
            self.updateGeometry()
            self.update()

    def _font(self, look: theme.Look) -> QFont:
        return theme.sized_font(look, 22 if self._kiosk else 14, bold=True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), self._font(look))
        mark = look.px(44 if self._kiosk else 26) if self._picture or self._icon else 0
        height = max(look.px(80 if self._kiosk else 36), words.height() + 8)
        return QSize(max(words.width() + mark + look.px(40 if self._kiosk else 28), height), height)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        solid = self.isChecked() and not self._kiosk
        fill = (
            tokens.primary
            if solid
            else tokens.primary_soft
            if self.isChecked()
            else (tokens.hover if self.is_hovered() else tokens.surface)
        )
        ink = tokens.on_primary if solid else tokens.text
        line = tokens.primary if self.isChecked() else tokens.control
        paint.card(
            painter,
            box,
            22 if self._kiosk else box.height() / 2,
            fill,
            line=line,
            width=max(3.0, tokens.line) if self.isChecked() else tokens.line,
        )
        pad = look.px(18 if self._kiosk else 14)
        side = look.px(36 if self._kiosk else 18) if self._picture or self._icon else 0
        start = float(pad)
        if side:
            place = paint.mirrored(self, QRectF(start, box.center().y() - side / 2, side, side))
            if self._picture:
                assets.draw_picture(painter, place, self._picture)
            else:
                assets.draw_icon(painter, place, self._icon, ink)
            start += side + look.px(8)
        room = QRectF(start, 0, box.width() - start - pad + 4, box.height()) if side else box
        align = paint.LEFT if side else paint.CENTRE
        paint.draw_text(painter, paint.mirrored(self, room), self.words(), self._font(look), ink, align)


class Switch(PaintedButton):
    """On or off, at once (no save button): words with a sliding knob after them."""

    def __init__(self, text: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setChecked(on)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), look.font())
        return QSize(words.width() + look.px(60), max(look.px(40), words.height() + 8))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        width, height = look.px(44), look.px(24)
        words = QRectF(0, 0, self.width() - width - 14, self.height())
        paint.draw_text(painter, paint.mirrored(self, words), self.words(), look.font(), tokens.text)
        track = paint.mirrored(self, QRectF(self.width() - width - 2, (self.height() - height) / 2, width, height))
        paint.card(
            painter,
            track,
            height / 2,
            tokens.primary if self.isChecked() else tokens.surface,
            line=tokens.primary if self.isChecked() else tokens.control,
            width=max(1.5, tokens.line),
        )
        at_end = self.isChecked() != is_rtl(self)
        x = track.right() - height / 2 if at_end else track.left() + height / 2
        paint.disc(
            painter,
            QPointF(x, track.center().y()),
            height / 2 - 4,
            tokens.on_primary if self.isChecked() else tokens.control,
        )


class _Segment(PaintedButton):
    """One choice of a ``Segmented``."""

    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        self._icon = icon
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), theme.sized_font(look, 14, bold=True))
        return QSize(words.width() + look.px(28 + (24 if self._icon else 0)), max(look.px(40), words.height() + 8))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        ink = tokens.text
        if self.isChecked():
            paint.card(painter, box, 8, tokens.primary)
            ink = tokens.on_primary
        elif self.is_hovered():
            paint.card(painter, box, 8, tokens.hover)
        side = look.px(18) if self._icon else 0
        start = box.left() + look.px(10)
        if side:
            place = paint.mirrored(self, QRectF(start, box.center().y() - side / 2, side, side))
            assets.draw_icon(painter, place, self._icon, ink)
            start += side + look.px(6)
        room = paint.mirrored(self, QRectF(start, box.top(), box.right() - start - look.px(8), box.height()))
        paint.draw_text(painter, room, self.words(), theme.sized_font(look, 14, bold=True), ink, paint.CENTRE)


class Segmented(QWidget):
    """One of a few choices side by side (radio buttons to a screen reader); arrow keys move the choice.

    Args:
        choices: (key, words) or (key, words, icon) each.
        name: what is being chosen, for screen readers.
    """

    changed = Signal(str)
    """The key of the choice a person just made."""

    def __init__(
        self, choices: Sequence[tuple[str, ...]], *, name: str, chosen: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._buttons: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for key, words, *icon in choices:
            button = _Segment(words, icon[0] if icon else "", self)
            button.setObjectName(f"segment_{key}")
            button.clicked.connect(lambda _checked=False, key=key: self.changed.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        if chosen:
            self.choose(chosen)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def chosen(self) -> str:
        """The key of the choice, or an empty string when none was made."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Set the choice without ``changed``."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> PaintedButton:
        return self._buttons[key]

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            paint.card(painter, QRectF(self.rect()), 10, tokens.surface, line=tokens.control, width=tokens.line)


class Stepper(QWidget):
    """A number between two buttons. ``words`` turns the value into what is shown ("15 min").

    Args:
        name: what is counted, for screen readers ("Minutes of round 1").
    """

    value_changed = Signal(int)

    def __init__(
        self,
        value: int,
        low: int,
        high: int,
        *,
        name: str,
        step: int = 1,
        suffix: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._step, self._suffix, self._value = low, high, step, suffix, value
        self.setAccessibleName(name)
        self._minus = IconButton("minus", _("Less: {name}").format(name=name), px=40, parent=self)
        self._plus = IconButton("plus", _("More: {name}").format(name=name), px=40, parent=self)
        self._minus.setObjectName("stepper_less")
        self._plus.setObjectName("stepper_more")
        self._text = Text("", bold=True, wrap=False, parent=self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self._minus, self._text, self._plus):
            row.addWidget(part)
        self._minus.clicked.connect(lambda: self._by(-1))
        self._plus.clicked.connect(lambda: self._by(1))
        self._minus.installEventFilter(self)
        self._plus.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    def value(self) -> int:
        return self._value

    def set_value(self, value: int) -> None:
        """Set the number without ``value_changed``; numbers outside the range go to its nearest end."""
        self._value = min(max(value, self._low), self._high)
        words = f"{digits(self._value)} {self._suffix}".strip()
        self._text.setText(words)
        self._text.setAccessibleName(f"{self.accessibleName()}: {words}")
        self._minus.setEnabled(self._value > self._low)
        self._plus.setEnabled(self._value < self._high)

    def set_range(self, low: int, high: int) -> None:
        self._low, self._high = low, high
        self.set_value(self._value)

    def _by(self, direction: int) -> None:
        before = self._value
        self.set_value(before + direction * self._step)
        if self._value != before:
            self.value_changed.emit(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down change the number; the buttons alone would pass the focus on."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        directions = {Qt.Key.Key_Up: 1, Qt.Key.Key_Plus: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Minus: -1}
        direction = directions.get(Qt.Key(event.key()))
        if direction is None:
            return False
        self._by(direction)
        return True
