"""Buttons: the main kinds and sizes, and square or round ones with an icon only."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import DIRECTED_ICONS, PaintedButton, is_rtl

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
        kind: ``primary`` (one a page), ``secondary``, ``quiet`` (text only), ``soft``, ``danger``, ``go`` (the
            student's main action), ``ink`` (dark: goodbye).
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

    def _font(self, look: theme.Look) -> QFont:
        px = {"desk": 15, "small": 13, "kiosk": 30 if self._kind in ("go", "primary") else 24, "pill": 20}[self._size]
        return theme.sized_font(look, px, bold=True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), self._font(look))
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
        words = min(paint.text_size(self.words(), font).width(), room)
        start = box.left() + (box.width() - words - icon_px - gap) / 2
        if self._icon:
            place = paint.mirrored(self, QRectF(start, box.center().y() - icon_px / 2, icon_px, icon_px))
            weight = "fill" if self._icon.endswith("-circle") and self._size == "kiosk" else "bold"
            turn = is_rtl(self) and self._icon in DIRECTED_ICONS
            assets.draw_icon(painter, place, self._icon, ink, weight=weight, mirrored=turn)
        text_box = paint.mirrored(self, QRectF(start + icon_px + gap, box.top(), words + 1, box.height()))
        paint.draw_text(painter, text_box, self.words(), font, ink, paint.CENTRE)


class IconButton(PaintedButton):
    """A square or round button with an icon only; ``name`` is its accessible name and tool tip."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        px: int = 40,
        round_shape: bool = False,
        framed: bool = True,
        parent: QWidget | None = None,
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
        paint.card(
            painter,
            box,
            box.height() / 2 if self._round else 10,
            fill,
            line=tokens.control if self._framed else "",
            width=tokens.line,
        )
        side = box.height() * (0.5 if self._framed else 0.55)
        place = QRectF(0, 0, side, side)
        place.moveCenter(box.center())
        turn = is_rtl(self) and self._icon in DIRECTED_ICONS
        assets.draw_icon(painter, place, self._icon, tokens.text, mirrored=turn)
