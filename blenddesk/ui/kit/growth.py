"""How did it go?: four answers as one growing plant, or as bars for older students; nothing is chosen beforehand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QWidget

from blenddesk.text import _, digits, pgettext
from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton

LEVELS = (1, 2, 3, 4)


def growth_word(level: int, *, older: bool = False) -> str:
    """What level 1 to 4 says, in the student's voice."""
    if older:
        words = (
            pgettext("how did it go", "Need help"),
            pgettext("how did it go", "Getting there"),
            pgettext("how did it go", "Got it"),
            pgettext("how did it go", "Can explain it"),
        )
    else:
        words = (
            pgettext("how did it go", "Still tricky"),
            pgettext("how did it go", "I am learning"),
            pgettext("how did it go", "I can do it"),
            pgettext("how did it go", "I can help a friend"),
        )
    return words[level - 1]


def growth_picture(level: int) -> str:
    """The picture of the plant at level 1 to 4."""
    return f"growth-{level}"


def growth_short(level: int, *, older: bool = False) -> str:
    """What level 1 to 4 says in a teacher's count."""
    if older:
        return growth_word(level, older=True)
    return (
        pgettext("count of answers", "Still tricky"),
        pgettext("count of answers", "Learning"),
        pgettext("count of answers", "Can do it"),
        pgettext("count of answers", "Can help"),
    )[level - 1]


def draw_small_growth(painter: QPainter, box: QRectF, level: int) -> None:
    """The plant in a box of icon size: young plants drawn nearer, cut at the sides of the soil, or nobody sees them."""
    zoom = (1.75, 1.4, 1.12, 1.0)[level - 1]
    side = box.width() * zoom
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    inner = QRectF(box.center().x() - side / 2, box.bottom() - side * 0.97, side, side)
    assets.draw_picture(painter, inner, growth_picture(level))
    painter.restore()


def draw_bars(painter: QPainter, box: QRectF, level: int, ink: str) -> None:
    """Four rising bars, the first ``level`` of them filled; rising from the leading side is left to the caller."""
    gap = box.width() * 0.08
    width = (box.width() - 3 * gap) / 4
    for index in range(4):
        height = box.height() * (0.28 + 0.24 * index)
        bar = QRectF(box.left() + index * (width + gap), box.bottom() - height, width, height)
        paint.card(painter, bar, width * 0.22, ink if index < level else "", line=ink, width=2.5)


class _LevelButton(PaintedButton):
    """One answer of four; once chosen it stays, another may be chosen instead."""

    def __init__(self, level: int, text: str, parent: QWidget | None) -> None:
        self._level = level
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleDescription(_("{level} of 4").format(level=level))

    def level(self) -> int:
        return self._level

    def content_size(self) -> QSize:
        return QSize(312, 412)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.look_of(self).px(190))

    def paint_frame(self, painter: QPainter, look: theme.Look) -> QRectF:
        tokens = look.tokens
        colours = tokens.growth[self._level - 1]
        box = QRectF(self.rect()).adjusted(2, 2, -2, -5)
        paint.shadow(painter, box, theme.RADIUS_CARD, tokens)
        width = 5.0 if self.isChecked() else max(2.0, tokens.line)
        line = colours.ink if self.isChecked() or self.is_hovered() or tokens.name == "contrast" else ""
        paint.card(painter, box, theme.RADIUS_CARD, colours.tint, line=line, width=width)
        if self.isChecked():
            spot = paint.mirrored(self, QRectF(box.right() - 60, box.top() + 14, 44, 44))
            paint.disc(painter, spot.center(), 22, colours.ink)
            paint.draw_tick(painter, spot.center(), 22, tokens.surface)
        return box


class GrowthCard(_LevelButton):
    """Level 1 to 4 as the plant, with dots and words: outline, size, dots and words carry it, colour only helps."""

    def __init__(self, level: int, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(level, text or growth_word(level), parent)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        ink = look.tokens.growth[self._level - 1].ink
        box = self.paint_frame(painter, look)
        words_height = look.px(46)
        words = QRectF(box.left() + 14, box.bottom() - words_height - 16, box.width() - 28, words_height)
        dots_y = words.top() - 14
        side = min(box.width() * 0.66, dots_y - 20 - box.top() - 14)
        plant = QRectF(box.center().x() - side / 2, dots_y - 20 - side, side, side)
        assets.draw_picture(painter, plant, growth_picture(self._level))
        for index in range(4):
            place = paint.mirrored(self, QRectF(box.center().x() - 46 + index * 24, dots_y - 9, 20, 18))
            paint.disc(painter, place.center(), 9, ink if index < self._level else "", line=ink, width=2)
        paint.draw_text(painter, words, self.words(), look.font("large", bold=True), look.tokens.text, paint.CENTRE)


class GrowthBars(_LevelButton):
    """Level 1 to 4 as rising bars with words, for the Older look."""

    def __init__(self, level: int, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(level, text or growth_word(level, older=True), parent)

    def content_size(self) -> QSize:
        return QSize(280, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.look_of(self).px(150))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        box = self.paint_frame(painter, look)
        ink = look.tokens.growth[self._level - 1].ink
        words_height = look.px(60)
        words = QRectF(box.left() + 14, box.bottom() - words_height - 10, box.width() - 28, words_height)
        side = min(box.width() * 0.5, words.top() - box.top() - 44)
        bars = QRectF(box.center().x() - side / 2, words.top() - 12 - side * 0.8, side, side * 0.8)
        painter.save()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        draw_bars(painter, bars, self._level, ink)
        painter.restore()
        paint.draw_text(painter, words, self.words(), look.font("large", bold=True), look.tokens.text, paint.CENTRE)


class GrowthScale(QWidget):
    """The four answers side by side; keys 1 to 4 and arrows choose. ``chosen()`` is 0 until someone chose."""

    changed = Signal(int)

    def __init__(self, *, older: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("How did it go?"))
        self._group = QButtonGroup(self)
        self._cards: list[_LevelButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        for level in LEVELS:
            card = GrowthBars(level, parent=self) if older else GrowthCard(level, parent=self)
            card.setObjectName(f"growth_{level}")
            card.clicked.connect(lambda _checked=False, level=level: self.changed.emit(level))
            self._group.addButton(card, level)
            self._cards.append(card)
            row.addWidget(card)

    def chosen(self) -> int:
        """1 to 4, or 0 when nothing was chosen yet."""
        return max(self._group.checkedId(), 0)

    def choose(self, level: int) -> None:
        """Show a choice (of a kept draft) without ``changed``; 0 takes it away."""
        self._group.setExclusive(False)
        for card in self._cards:
            card.setChecked(card.level() == level)
        self._group.setExclusive(True)

    def cards(self) -> list[_LevelButton]:
        return list(self._cards)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("1", "2", "3", "4"):
            self._cards[int(event.text()) - 1].click()
            return
        super().keyPressEvent(event)


class GrowthLine(QLabel):
    """A small row of the four pictures with the reached one framed: the growth line of a goal."""

    def __init__(self, level: int, *, px: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self.set_level(level)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_level(self, level: int) -> None:
        """0 (nothing yet) to 4."""
        self._level = level
        self.setAccessibleName(_("{level} of 4").format(level=level))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._px * 4 + 18, self._px + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.look_of(self).tokens
        with paint.painting(self) as painter:
            for level in LEVELS:
                box = QRectF(1 + (level - 1) * (self._px + 5), 2, self._px, self._px)
                box = paint.mirrored(self, box)
                painter.setOpacity(1.0 if level <= self._level else 0.45)
                if level <= self._level:
                    paint.card(
                        painter,
                        box,
                        self._px * 0.26,
                        tokens.surface,
                        line=tokens.goal_border,
                        width=2.4 if level == self._level else 1.2,
                    )
                draw_small_growth(painter, box.adjusted(5, 4, -5, -5), level)


class GrowthCount(QLabel):
    """One row of a round's result: picture, words, a bar and always the number too."""

    def __init__(
        self, level: int, count: int, total: int, *, older: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._level, self._older = level, older
        self.set_count(count, total)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int, total: int) -> None:
        self._count, self._total = count, total
        words = growth_short(self._level, older=self._older)
        self.setAccessibleName(_("{words}: {count} of {total}").format(words=words, count=count, total=total))
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(250), look.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.look_of(self).px(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        colours = tokens.growth[self._level - 1]
        height = self.height()
        with paint.painting(self) as painter:
            side = 22.0
            place = paint.mirrored(self, QRectF(0, (height - side) / 2, side, side))
            if self._older:
                draw_bars(painter, place.adjusted(2, 2, -2, -2), self._level, colours.ink)
            else:
                draw_small_growth(painter, place, self._level)
            words_width = self.width() * 0.44
            words = paint.mirrored(self, QRectF(side + 9, 0, words_width - side - 9, height))
            font = theme.sized_font(look, 14)
            paint.draw_text(painter, words, growth_short(self._level, older=self._older), font, tokens.text)
            number = paint.mirrored(self, QRectF(self.width() - 32, 0, 32, height))
            bold = theme.sized_font(look, 15, bold=True)
            paint.draw_text(painter, number, digits(self._count), bold, tokens.text, paint.TRAILING, lines=1)
            track = QRectF(words_width + 6, height / 2 - 6, self.width() - words_width - 44, 12)
            paint.card(painter, paint.mirrored(self, track), 6, tokens.sunken)
            if self._count and self._total:
                bar = QRectF(track)
                bar.setWidth(max(12.0, track.width() * self._count / self._total))
                paint.card(painter, paint.mirrored(self, bar), 6, colours.bar)
