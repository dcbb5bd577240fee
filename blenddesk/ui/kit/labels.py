"""Words on a page: headings and sentences as real labels, so that screen readers find them."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import DIRECTED_ICONS, LOOK_CHANGES, is_rtl

_NO_LIMIT = 100_000
Tone = Literal["text", "dim", "faint", "ok", "warn", "danger", "primary_ink", "goal_text", "on_ink", "rail_text"]


class Text(QLabel):
    """A sentence in a role and tone of the theme. Plain text only: names come from people.

    Args:
        role: ``small``, ``body``, ``large``, ``title`` or ``display``.
        tone: a colour of ``Tokens`` by name.
        wrap: break over lines (default); a one-line text keeps its full width.
        station: use the deep ink of this place's tint instead of ``tone``.
    """

    def __init__(
        self,
        text: str = "",
        role: theme.Role = "body",
        *,
        bold: bool = False,
        tone: Tone = "text",
        wrap: bool = True,
        station: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._role: theme.Role = role
        self._bold = bold
        self._tone: Tone = tone
        self._restyling = False
        self._wanted = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)
        self.restyle()

    def setText(self, text: str) -> None:
        theme.need_fonts_for(text, theme.look_of(self))
        super().setText(text)

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Left means the leading side of the screen. Qt alone would go by the words: a Latin name on an Arabic page."""
        self._wanted = alignment
        super().setAlignment(paint.turned(self.layoutDirection(), alignment))

    def _spare_height(self) -> int:
        """Air above and below a line of Andika that Latin letters never fill; without it cards fall apart."""
        look = theme.look_of(self)
        return 0 if look.face == "desk" or look.right_to_left else round(look.text_px(self._role) * 0.26)

    def _in_arabic(self) -> bool:
        return assets.has_arabic(self.text())

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        if self._in_arabic():
            return QSize(size.width(), self._arabic_height(size.width()))
        return size - QSize(0, self._spare_height())

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        if self._in_arabic():
            return QSize(size.width(), self._arabic_height(size.width() if not self.wordWrap() else _NO_LIMIT))
        return size - QSize(0, self._spare_height())

    def heightForWidth(self, width: int) -> int:
        height = super().heightForWidth(width)
        if height <= 0:
            return height
        return self._arabic_height(width) if self._in_arabic() else height - self._spare_height()

    def _arabic_height(self, width: int) -> int:
        from blenddesk.ui.kit import arabic_lines

        return arabic_lines.height(self.text(), self.font(), width)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._in_arabic():
            super().paintEvent(event)
            return
        from blenddesk.ui.kit import arabic_lines

        align = paint.turned(self.layoutDirection(), self._wanted)
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        with paint.painting(self) as painter:
            box = QRectF(self.contentsRect())
            arabic_lines.draw(painter, box, self.text(), self.font(), ink, align, wrap=self.wordWrap())

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.restyle()

    def set_role(self, role: theme.Role, *, bold: bool | None = None) -> None:
        self._role = role
        self._bold = self._bold if bold is None else bold
        self.restyle()

    def restyle(self) -> None:
        """Take up a changed look."""
        if self._restyling:
            return
        self._restyling = True
        look = theme.look_of(self)
        self.setFont(look.font(self._role, bold=self._bold))
        palette = self.palette()
        tokens = look.tokens
        ink = getattr(tokens, self._tone) if self._station is None else tokens.station(self._station).ink
        palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
        self.setPalette(palette)
        self.setAlignment(self._wanted)
        self._restyling = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_CHANGES:
            self.restyle()


class Heading(Text):
    """A title: ``display`` for the page's own, ``large`` for a card's."""

    def __init__(self, text: str = "", role: theme.Role = "large", *, parent: QWidget | None = None) -> None:
        super().__init__(text, role, bold=True, parent=parent)


class IconLabel(QLabel):
    """An icon that stands in a layout. With a ``name`` screen readers meet it; without, the words beside it say it."""

    def __init__(
        self,
        icon: str,
        *,
        tone: str = "text",
        px: int = 20,
        weight: str = "bold",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._px, self._weight = icon, tone, px, weight
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, *, tone: str | None = None, weight: str | None = None) -> None:
        self._icon, self._tone, self._weight = icon, tone or self._tone, weight or self._weight
        self.update()

    def sizeHint(self) -> QSize:
        side = theme.look_of(self).px(self._px)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        turn = is_rtl(self) and self._icon in DIRECTED_ICONS
        with paint.painting(self) as painter:
            colour = getattr(tokens, self._tone)
            assets.draw_icon(painter, QRectF(self.rect()), self._icon, colour, weight=self._weight, mirrored=turn)
