"""Buttons: the main kinds and sizes, round icon buttons, chips that stay pressed, one-of-several, plus and minus, switch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import DIRECTED_ICONS, PaintedButton, is_rtl
from blenddesk.ui.kit.labels import Text

Kind = Literal["primary", "secondary", "quiet", "danger", "go", "ink", "soft"]
Size = Literal["desk", "small", "kiosk", "pill"]

_HEIGHT = {"desk": 42, "small": 32, "kiosk": 80, "pill": 64}
_PADDING = {"desk": 18, "small": 12, "kiosk": 30, "pill": 24}
_ICON = {"desk": 18, "small": 16, "kiosk": 32, "pill": 26}


def _colours(kind: Kind, tokens: theme.Tokens, *, hovered: bool, pressed: bool) -> tuple[str, str, str]:
    """Fill, ink and outline of a kind of button in a state."""
    lit = hovered or pressed
    if kind == "primary":
        return tokens.primary_hover if lit else tokens.primary, tokens.on_primary, ""
    if kind == "go":
        return tokens.go, tokens.on_go, ""
    if kind == "danger":
        return tokens.danger, tokens.on_danger, ""
    if kind == "ink":
        return tokens.ink, tokens.on_ink, ""
    if kind == "soft":
        return tokens.primary_soft, tokens.primary_ink, tokens.primary_ink if lit else tokens.primary_soft
    if kind == "quiet":
        return (tokens.hover if lit else ""), tokens.primary_ink, ""
    return (tokens.hover if lit else tokens.surface), tokens.text, tokens.control


class Button(PaintedButton):
    """A button with words and perhaps an icon before them.

    Args:
        kind: ``primary`` (one a page), ``secondary``, ``quiet`` (text only), ``soft``, ``danger``, ``go`` (the student's
            main action), ``ink`` (dark: goodbye).
        size: ``desk`` 42 px high, ``small`` 32, ``kiosk`` 80, ``pill`` 64 and round.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "secondary",
        *,
        size: Size = "desk",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._kind: Kind = kind
        self._size: Size = size
        self._icon = icon
        super().__init__(text, parent)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.update()

    def _font(self, look: theme.Look) -> object:
        px = {"desk": 15, "small": 13, "kiosk": 30, "pill": 20}[self._size]
        return theme.sized_font(look, px, bold=True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), self._font(look))  # type: ignore[arg-type]
        icon = look.px(_ICON[self._size] + 8) if self._icon else 0
        height = max(look.px(_HEIGHT[self._size]), words.height() + 8)
        return QSize(max(words.width() + icon + 2 * look.px(_PADDING[self._size]), height), height)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        pressed = self.isDown() or self.isChecked()
        fill, ink, line = _colours(self._kind, tokens, hovered=self.is_hovered(), pressed=pressed)
        box = QRectF(self.rect())
        radius = box.height() / 2 if self._size == "pill" else {"desk": 10, "small": 9, "kiosk": 24}[self._size]
        width = tokens.line
        if self._kind == "go" and self._size == "kiosk":
            # A darker lower edge: the one big button of the page looks as if it can be pushed in.
            paint.card(painter, box, radius, tokens.go_edge)
            box = box.adjusted(0, 3 if self.isDown() else 0, 0, 0 if self.isDown() else -4)
        elif self._kind != "quiet" and not line and tokens.name == "contrast":
            line = tokens.border
        paint.card(painter, box, radius, fill, line=line, width=width)
        self._paint_words(painter, look, box, ink)

    def _paint_words(self, painter: QPainter, look: theme.Look, box: QRectF, ink: str) -> None:
        font = self._font(look)
        icon_px = look.px(_ICON[self._size]) if self._icon else 0
        gap = look.px(10 if self._size != "kiosk" else 16) if self._icon else 0
        padding = min(look.px(_PADDING[self._size]), box.width() * 0.12)
        room = box.width() - 2 * padding - icon_px - gap
        words = min(paint.text_size(self.words(), font).width(), room)  # type: ignore[arg-type]
        start = box.left() + (box.width() - words - icon_px - gap) / 2
        if self._icon:
            place = paint.mirrored(self, QRectF(start, box.center().y() - icon_px / 2, icon_px, icon_px))
            weight = "fill" if self._icon.endswith("-circle") and self._size == "kiosk" else "bold"
            turn = is_rtl(self) and self._icon in DIRECTED_ICONS
            assets.draw_icon(painter, place, self._icon, ink, weight=weight, mirrored=turn)
        text_box = paint.mirrored(self, QRectF(start + icon_px + gap, box.top(), words + 1, box.height()))
        paint.draw_text(painter, text_box, self.words(), font, ink, paint.CENTRE)  # type: ignore[arg-type]


class IconButton(PaintedButton):
    """A square or round button with an icon only; ``name`` is its accessible name and tool tip."""

    def __init__(
        self, icon: str, name: str, *, px: int = 40, round_shape: bool = False, framed: bool = True, parent: QWidget | None = None
    ) -> None:
        self._icon = icon
        self._px = px
        self._round = round_shape
        self._framed = framed
        super().__init__("", parent)
        self.set_name(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def content_size(self) -> QSize:
        side = theme.look_of(self).px(self._px)
        return QSize(side, side)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect())
        lit = self.is_hovered() or self.isDown() or self.isChecked()
        fill = tokens.hover if lit else (tokens.surface if self._framed else "")
        paint.card(painter, box, box.height() / 2 if self._round else 10, fill, line=tokens.control if self._framed else "",
                   width=tokens.line)
        side = box.height() * (0.5 if self._framed else 0.55)
        place = QRectF(0, 0, side, side)
        place.moveCenter(box.center())
        turn = is_rtl(self) and self._icon in DIRECTED_ICONS
        assets.draw_icon(painter, place, self._icon, tokens.text, mirrored=turn)


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

    def _font(self, look: theme.Look):  # type: ignore[no-untyped-def]
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
        fill = tokens.primary if solid else tokens.primary_soft if self.isChecked() else (
            tokens.hover if self.is_hovered() else tokens.surface)
        ink = tokens.on_primary if solid else tokens.text
        line = tokens.primary if self.isChecked() else tokens.control
        paint.card(painter, box, 22 if self._kiosk else box.height() / 2, fill, line=line,
                   width=max(3.0, tokens.line) if self.isChecked() else tokens.line)
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
        room = QRectF(start, 0, box.width() - start - pad + 4, box.height())
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
        paint.card(painter, track, height / 2, tokens.primary if self.isChecked() else tokens.surface,
                   line=tokens.primary if self.isChecked() else tokens.control, width=max(1.5, tokens.line))
        at_end = self.isChecked() != is_rtl(self)
        x = track.right() - height / 2 if at_end else track.left() + height / 2
        paint.disc(painter, QPointF(x, track.center().y()), height / 2 - 4,
                   tokens.on_primary if self.isChecked() else tokens.control)


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

    def __init__(self, choices: Sequence[tuple[str, ...]], *, name: str, chosen: str = "", parent: QWidget | None = None) -> None:
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

    def paintEvent(self, event: object) -> None:
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
        self, value: int, low: int, high: int, *, name: str, step: int = 1, suffix: str = "", parent: QWidget | None = None
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
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    def value(self) -> int:
        return self._value

    def set_value(self, value: int) -> None:
        """Set the number without ``value_changed``; numbers outside the range go to its nearest end."""
        self._value = min(max(value, self._low), self._high)
        words = f"{self._value} {self._suffix}".strip()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        directions = {Qt.Key.Key_Up: 1, Qt.Key.Key_Plus: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Minus: -1}
        direction = directions.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        self._by(direction)
