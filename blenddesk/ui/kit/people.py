"""Students and groups: circles are faces, shapes are groups, words are always there too."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from blenddesk.text import _, pgettext
from blenddesk.ui import theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton


def group_name(shape: str) -> str:
    """The word for a group by its shape, as a plural: "Triangles"."""
    names = {
        "circle": pgettext("group of students", "Circles"),
        "triangle": pgettext("group of students", "Triangles"),
        "square": pgettext("group of students", "Squares"),
        "diamond": pgettext("group of students", "Diamonds"),
        "hexagon": pgettext("group of students", "Hexagons"),
        "drop": pgettext("group of students", "Drops"),
        "arch": pgettext("group of students", "Arches"),
        "flower": pgettext("group of students", "Flowers"),
    }
    return names[shape]


def group_letter(shape: str) -> str:
    """The letter that stands for a shape in the Older look: A for the first shape, and so on."""
    return "ABCDEFGH"[theme.SHAPES.index(shape)]


class _Drawing(QLabel):
    """A painted picture that a screen reader meets as a short text."""

    def __init__(self, name: str, px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._px, self._px)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class AvatarCircle(_Drawing):
    """A student's circle with their picture (or initials), perhaps with a ring and shape of their group."""

    def __init__(
        self, name: str, avatar: str = "", *, px: int = 44, shape: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, px, parent)
        self._avatar = avatar
        self._shape = shape

    def set_student(self, name: str, avatar: str, *, shape: str = "") -> None:
        self.setAccessibleName(name)
        self._avatar, self._shape = avatar, shape
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect())
        with paint.painting(self) as painter:
            if not self._shape:
                paint.avatar(painter, box, look, picture=self._avatar, name=self.accessibleName())
                return
            mark = look.tokens.groups[self._shape].mark
            paint.avatar(
                painter,
                box,
                look,
                picture=self._avatar,
                name=self.accessibleName(),
                ring=mark,
                ring_width=max(2.0, self._px * 0.03),
            )
            side = self._px * 0.26
            spot = QRectF(box.right() - side - self._px * 0.02, box.bottom() - side - self._px * 0.02, side, side)
            paint.draw_shape(painter, paint.mirrored(self, spot), self._shape, mark, ring=look.tokens.bg)


class ShapeIcon(_Drawing):
    """A group's shape; in the Older look its letter in a circle of the same colour."""

    def __init__(
        self, shape: str, *, px: int = 32, letter: bool = False, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name or group_name(shape), px, parent)
        self._shape = shape
        self._letter = letter

    def set_shape(self, shape: str, *, name: str = "") -> None:
        self._shape = shape
        self.setAccessibleName(name or group_name(shape))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            draw_group_mark(painter, QRectF(self.rect()), theme.look_of(self), self._shape, letter=self._letter)


def draw_group_mark(painter: QPainter, box: QRectF, look: theme.Look, shape: str, *, letter: bool = False) -> None:
    """A group's shape, or its letter in a disc (Older look)."""
    colours = look.tokens.groups[shape]
    if not letter:
        paint.draw_shape(painter, box, shape, colours.mark)
        return
    side = min(box.width(), box.height())
    paint.disc(painter, box.center(), side / 2, colours.tint, line=colours.mark, width=max(1.5, look.tokens.line))
    font = look.font("body", bold=True)
    font.setPixelSize(max(paint.MIN_TEXT_PX, round(side * 0.55)))
    paint.draw_text(painter, box, group_letter(shape), font, colours.ink, paint.CENTRE, lines=1)


class NameTile(PaintedButton):
    """A student's own tile in the fixed grid of "Who are you?".

    Args:
        avatar: picture name; without one the tile shows initials (Older look).
        shape: group shape, or "" when there are no groups now.
        letter: show the group's letter instead of its shape (Older look).
        turn: this student's group has its turn: bright, outlined in the group's colour.
        done: a tick on the circle.
    """

    def __init__(
        self,
        name: str,
        *,
        avatar: str = "",
        shape: str = "",
        letter: bool = False,
        turn: bool = False,
        done: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._avatar, self._shape, self._letter = avatar, shape, letter
        self._turn, self._done = turn, done
        super().__init__(name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    def set_state(self, *, turn: bool, done: bool, shape: str | None = None) -> None:
        self._turn, self._done = turn, done
        self._shape = self._shape if shape is None else shape
        self._describe()
        self.update()

    def _describe(self) -> None:
        parts = [group_name(self._shape)] if self._shape else []
        if self._turn:
            parts.append(_("Your turn now"))
        if self._done:
            parts.append(_("Done"))
        self.setAccessibleDescription(", ".join(parts))

    def content_size(self) -> QSize:
        return QSize(156, 130)

    def minimumSizeHint(self) -> QSize:
        return QSize(88, 84)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -3.5)
        mark = tokens.groups[self._shape].mark if self._shape else tokens.primary
        lit = self._turn or self.is_hovered()
        if lit:
            paint.shadow(painter, box, theme.RADIUS_LARGE, tokens)
        paint.card(
            painter,
            box,
            theme.RADIUS_LARGE,
            tokens.surface if lit else tokens.quiet,
            line=mark if self._turn else tokens.border,
            width=max(3.0, tokens.line) if self._turn else max(1.2, tokens.line / 2),
        )
        font = look.font("body", bold=True)
        name_height = min(look.px(34), box.height() * 0.42)
        side = min(box.height() - name_height - 14, box.width() - 58)
        circle = QRectF(box.center().x() - side / 2, box.top() + 6, side, side)
        paint.avatar(painter, circle, look, picture=self._avatar, name=self.words())
        # Clear of the thick outline, also where a long name takes two lines.
        words = QRectF(box.left() + 8, box.bottom() - name_height - 5, box.width() - 16, name_height)
        paint.draw_text(painter, words, self.words(), font, tokens.text, paint.CENTRE)
        if self._shape:
            mark_side = min(24.0, box.height() * 0.2)
            spot = QRectF(box.right() - mark_side - 6, box.top() + 8, mark_side, mark_side)
            draw_group_mark(painter, paint.mirrored(self, spot), look, self._shape, letter=self._letter)
        if self._done:
            offset = side * 0.36
            x = offset if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else -offset
            centre = circle.center() + QPointF(x, offset)
            paint.tick_badge(painter, centre, max(9.0, min(13.0, side * 0.15)), tokens, ring=tokens.surface)


class NameChip(PaintedButton):
    """A student's name with their picture in one line: in a group on the plan, or inside a place on the board.

    Args:
        board: larger letters and no outline, for reading across the room.
    """

    def __init__(
        self,
        name: str,
        *,
        avatar: str = "",
        board: bool = False,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._avatar = avatar
        self._board = board
        super().__init__(name, parent)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if board:
            # On the board nothing is pressed: names are read, not reached.
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _font(self, look: theme.Look) -> QFont:
        return theme.sized_font(look, 23 if self._board else 15, bold=True)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        words = paint.text_size(self.words(), self._font(look))
        picture = (look.px(40) if self._board else look.px(30)) if self._avatar else 0
        return QSize(words.width() + picture + 28, max(look.px(72 if self._board else 48), words.height() + 8))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(92 if self._board else 80), look.px(40))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        if self._board:
            paint.card(
                painter,
                box,
                18,
                tokens.surface,
                line=tokens.border if tokens.name == "contrast" else "",
                width=tokens.line,
            )
        else:
            fill = tokens.primary_soft if self.isChecked() else tokens.hover if self.is_hovered() else tokens.surface
            paint.card(
                painter,
                box,
                12,
                fill,
                line=tokens.primary if self.isChecked() else tokens.border,
                width=2.0 if self.isChecked() else max(1.0, tokens.line / 2),
            )
        start = 9.0
        if self._avatar:
            side = min(look.px(38 if self._board else 26), box.height() - 8)
            place = paint.mirrored(self, QRectF(start, (box.height() - side) / 2, side, side))
            paint.avatar_only(painter, place, look, self._avatar, self.words())
            start += side + 7
        room = paint.mirrored(self, QRectF(start, 2, box.width() - start - 8, box.height() - 4))
        paint.draw_text(painter, room, self.words(), self._font(look), tokens.text)
