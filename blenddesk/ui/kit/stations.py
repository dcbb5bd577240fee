"""Places of a lesson: the row in a list, the tile of a playlist, a numbered step, a cell of the rotation."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from blenddesk.text import _, digits
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton, is_rtl

When = Literal["past", "now", "next"]


def draw_place_picture(
    painter: QPainter, box: QRectF, look: theme.Look, picture: str, tint: int, *, icon: str = ""
) -> None:
    """A place's picture on its tinted square; in the Older look an icon in the place's ink."""
    colours = look.tokens.station(tint)
    paint.card(
        painter,
        box,
        box.width() * 0.2,
        colours.tint,
        line=colours.ink if look.tokens.name == "contrast" else "",
        width=2,
    )
    inner = QRectF(0, 0, box.width() * 0.62, box.width() * 0.62)
    inner.moveCenter(box.center())
    if icon:
        assets.draw_icon(painter, inner, icon, colours.ink)
    elif assets.has_picture(picture):
        assets.draw_picture(painter, inner, picture)


class PlacePicture(QLabel):
    """A place's picture on its tint, for a page that builds its own card; ``plain`` leaves the tint away."""

    def __init__(
        self,
        name: str,
        picture: str,
        tint: int = 0,
        *,
        icon: str = "",
        px: int = 64,
        plain: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture, self._tint, self._icon, self._px, self._plain = picture, tint, icon, px, plain
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_place(self, name: str, picture: str, tint: int = 0, *, icon: str = "") -> None:
        self._picture, self._tint, self._icon = picture, tint, icon
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._px, self._px)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        with paint.painting(self) as painter:
            box = QRectF(self.rect())
            if not self._plain:
                draw_place_picture(painter, box, look, self._picture, self._tint, icon=self._icon)
            elif self._icon:
                assets.draw_icon(painter, box, self._icon, look.tokens.station(self._tint).ink)
            elif assets.has_picture(self._picture):
                assets.draw_picture(painter, box, self._picture)


class StationCard(PaintedButton):
    """A place in a list: picture, name, a line below, and a tick (done) or a caret (open).

    Args:
        kiosk: 90 px high with larger words; otherwise a 52 px row for the desk.
        caret: show that pressing it opens something.
        framed: as a card of its own; without, a plain row inside another card.
    """

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        picture: str = "",
        icon: str = "",
        tint: int = 0,
        done: bool = False,
        caret: bool = True,
        kiosk: bool = False,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self._detail, self._picture, self._icon, self._tint = detail, picture, icon, tint
        self._done, self._caret, self._kiosk, self._framed = done, caret, kiosk, framed
        super().__init__(name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_done(self, done: bool) -> None:
        self._done = done
        self._describe()
        self.update()

    def _describe(self) -> None:
        theme.need_fonts_for(self._detail, theme.look_of(self))
        if not self._kiosk:
            self.setToolTip(self._detail)
        self.setAccessibleDescription(
            ", ".join(part for part in (self._detail, _("Done") if self._done else "") if part)
        )

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(360 if self._kiosk else 240), look.px(94 if self._kiosk else 54))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(160), look.px(80 if self._kiosk else 48))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -4) if self._framed else QRectF(self.rect())
        if self._framed:
            paint.shadow(painter, box, 22 if self._kiosk else theme.RADIUS, tokens)
            paint.card(
                painter,
                box,
                22 if self._kiosk else theme.RADIUS,
                tokens.hover if self.is_hovered() else tokens.surface,
                line=tokens.border,
                width=max(1.2, tokens.line / 2),
            )
        elif self.is_hovered():
            paint.card(painter, box, theme.RADIUS_SMALL, tokens.hover)
        inset = 12.0 if self._kiosk or self._framed else 0.0
        side = box.height() - (26 if self._kiosk else 14)
        place = QRectF(box.left() + inset, box.center().y() - side / 2, side, side)
        draw_place_picture(painter, paint.mirrored(self, place), look, self._picture, self._tint, icon=self._icon)
        end = 64.0 if self._kiosk else 34.0
        start = place.right() + (14 if self._kiosk else 10)
        room = box.right() - start - (end if self._done or self._caret else 12)
        self._paint_words(painter, look, QRectF(start, box.top(), room, box.height()))
        centre = QPointF(box.right() - (32 if self._kiosk else 18), box.center().y())
        if self._done:
            spot = paint.mirrored(self, QRectF(centre.x() - 18, centre.y() - 18, 36, 36))
            paint.tick_badge(painter, spot.center(), 18 if self._kiosk else 10, tokens)
        elif self._caret:
            px = 24 if self._kiosk else 18
            spot = paint.mirrored(self, QRectF(centre.x() - px / 2, centre.y() - px / 2, px, px))
            assets.draw_icon(painter, spot, "caret-right", tokens.dim, mirrored=is_rtl(self))

    def _paint_words(self, painter: QPainter, look: theme.Look, box: QRectF) -> None:
        bold = look.font("large" if self._kiosk else "body", bold=True)
        small = look.font("small")
        if not self._detail:
            paint.draw_text(painter, paint.mirrored(self, box), self.words(), bold, look.tokens.text)
            return
        middle = box.center().y() + 2
        upper = QRectF(box.left(), box.top() + 6, box.width(), middle - box.top() - 6)
        lower = QRectF(box.left(), middle, box.width(), box.bottom() - middle - 8)
        paint.draw_text(painter, paint.mirrored(self, upper), self.words(), bold, look.tokens.text, lines=1)
        if not self._kiosk and not paint.fits(self._detail, small, lower):
            # On a low screen the whole line is in the tool tip.
            small.setPixelSize(max(paint.MIN_TEXT_PX, round(small.pixelSize() * 0.85)))
            short = QFontMetrics(small).elidedText(self._detail, Qt.TextElideMode.ElideRight, int(lower.width()))
            paint.draw_text(painter, paint.mirrored(self, lower), short, small, look.tokens.dim, lines=1)
            return
        paint.draw_text(painter, paint.mirrored(self, lower), self._detail, small, look.tokens.dim)


class StationTile(PaintedButton):
    """A playlist item: a large picture on its tint with one or two words below; a tick on the corner when done."""

    def __init__(
        self,
        name: str,
        *,
        picture: str = "",
        icon: str = "",
        tint: int = 0,
        done: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._picture, self._icon, self._tint, self._done = picture, icon, tint, done
        super().__init__(name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_done(done)

    def set_done(self, done: bool) -> None:
        self._done = done
        self.setAccessibleDescription(_("Done") if done else "")
        self.update()

    def content_size(self) -> QSize:
        return QSize(176, 146)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 110)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -5)
        paint.shadow(painter, box, 22, tokens)
        paint.card(
            painter,
            box,
            22,
            tokens.hover if self.is_hovered() else tokens.surface,
            line=tokens.border,
            width=max(1.2, tokens.line / 2),
        )
        words_height = look.px(40)
        panel = QRectF(box.left() + 8, box.top() + 8, box.width() - 16, box.height() - words_height - 14)
        colours = tokens.station(self._tint)
        paint.card(painter, panel, 16, colours.tint)
        side = panel.height() * 0.66
        inner = QRectF(0, 0, side, side)
        inner.moveCenter(panel.center())
        if self._icon:
            assets.draw_icon(painter, inner, self._icon, colours.ink)
        elif assets.has_picture(self._picture):
            assets.draw_picture(painter, inner, self._picture)
        words = QRectF(box.left() + 8, panel.bottom() + 2, box.width() - 16, words_height)
        paint.draw_text(painter, words, self.words(), look.font("body", bold=True), tokens.text, paint.CENTRE)
        if self._done:
            spot = paint.mirrored(self, QRectF(box.right() - 38, box.top() + 4, 32, 32))
            paint.tick_badge(painter, spot.center(), 16, tokens, ring=tokens.surface)


class StepCard(QLabel):
    """One numbered step of a place: number, picture, two or three words. Not pressable: it is read."""

    def __init__(
        self, number: int, text: str, *, picture: str = "", icon: str = "", tint: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._number, self._words, self._picture, self._icon, self._tint = number, text, picture, icon, tint
        theme.need_fonts_for(text, theme.look_of(self))
        self.setAccessibleName(_("Step {number}: {words}").format(number=number, words=text))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(220, 142)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        colours = tokens.station(self._tint)
        box = QRectF(self.rect())
        with paint.painting(self) as painter:
            paint.card(
                painter,
                box,
                20,
                tokens.surface,
                line=tokens.border if tokens.name == "contrast" else "",
                width=tokens.line,
            )
            words_height = look.px(44)
            side = min(box.height() - words_height - 24, 62.0)
            inner = QRectF(0, 0, side, side)
            inner.moveCenter(QPointF(box.center().x(), box.top() + (box.height() - words_height) / 2 + 6))
            if self._icon:
                assets.draw_icon(painter, inner, self._icon, colours.ink)
            elif assets.has_picture(self._picture):
                assets.draw_picture(painter, inner, self._picture)
            words = QRectF(box.left() + 10, box.bottom() - words_height - 2, box.width() - 20, words_height)
            if not self._icon and not assets.has_picture(self._picture):
                # Nothing above them (the older look): in the middle, below the number.
                words = QRectF(box.left() + 10, box.top() + 36, box.width() - 20, box.height() - 40)
            paint.draw_text(
                painter, words, self._words, theme.sized_font(look, 20, bold=True), tokens.text, paint.CENTRE
            )
            spot = paint.mirrored(self, QRectF(box.left() + 12, box.top() + 12, 30, 30))
            paint.disc(painter, spot.center(), 15, colours.ink)
            paint.draw_text(
                painter,
                spot,
                digits(self._number),
                theme.sized_font(look, 17, bold=True),
                tokens.surface,
                paint.CENTRE,
                lines=1,
            )


class RotationCell(PaintedButton):
    """Where a group is in a round: the place's picture, name and task on its tint.

    Args:
        when: ``past`` (faded, ticked), ``now`` (outlined) or ``next``.
    """

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        picture: str = "",
        icon: str = "",
        tint: int = 0,
        when: When = "next",
        parent: QWidget | None = None,
    ) -> None:
        self._detail, self._picture, self._icon, self._tint, self._when = detail, picture, icon, tint, when
        super().__init__(name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_when(when)

    def set_when(self, when: When) -> None:
        self._when = when
        state = {"past": _("Done"), "now": _("Now"), "next": ""}[when]
        self.setAccessibleDescription(", ".join(part for part in (self._detail, state) if part))
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(162), look.px(84))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(96), look.px(48))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        colours = tokens.station(self._tint)
        box = QRectF(self.rect())
        line = colours.ink if self._when == "now" or self.is_hovered() or tokens.name == "contrast" else ""
        painter.save()
        if self._when == "past":
            painter.setOpacity(painter.opacity() * 0.62)
        paint.card(
            painter,
            box,
            theme.RADIUS,
            colours.tint,
            line=line,
            width=max(2.0, tokens.line if self._when == "now" else 1.0),
        )
        side = min(34.0, box.height() - 12, box.width() * 0.24)
        place = paint.mirrored(self, QRectF(box.left() + 11, box.center().y() - side / 2, side, side))
        if self._icon:
            assets.draw_icon(painter, place, self._icon, colours.ink)
        elif assets.has_picture(self._picture):
            assets.draw_picture(painter, place, self._picture)
        start = 11 + side + 9
        room = box.width() - start - 8
        past = self._when == "past"
        bold = look.font("body", bold=True)
        # The tick stands in the corner: a name as high as that keeps clear of it.
        upper, lower = self._lines(look, box, start, room)
        if past and upper.top() < box.top() + 23:
            upper.setWidth(room - 18)
        # A low cell (many groups, large text) keeps its name; the task stays in the description and the tool tip.
        detail = self._detail if box.height() >= look.px(58) else ""
        small = theme.sized_font(look, 13)
        if detail and not (paint.fits(detail, small, lower) and paint.fits(self.words(), bold, upper, lines=1)):
            detail = ""
        if detail:
            paint.draw_text(
                painter,
                paint.mirrored(self, lower),
                detail,
                small,
                tokens.dim,
                paint.TOP_LEADING,
            )
        else:
            upper = QRectF(start, box.top(), room - (18 if past else 0), box.height())
        paint.draw_text(
            painter,
            paint.mirrored(self, upper),
            self.words(),
            bold,
            tokens.text,
            lines=1 if detail else 2,
        )
        painter.restore()
        if self._when == "past":
            spot = paint.mirrored(self, QRectF(box.right() - 24, box.top() + 7, 16, 16))
            paint.tick_badge(painter, spot.center(), 8, tokens)

    def _lines(self, look: theme.Look, box: QRectF, start: float, room: float) -> tuple[QRectF, QRectF]:
        """Where name and task go: one block in the middle; from the top where the task needs three lines."""
        high = look.px(24)
        small = QFontMetrics(theme.sized_font(look, 13))
        if box.width() < look.px(150):
            top = box.top() + 4
            below = min(box.bottom() - top - high - 4, look.px(52))
        else:
            rows = 1 if small.horizontalAdvance(self._detail) * 0.9 <= room else 2
            below = min(small.height() * rows, box.height() - high - 6)
            top = box.center().y() - (high + below) / 2
        return QRectF(start, top, room, high), QRectF(start, top + high, room, below)
