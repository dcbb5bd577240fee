"""The columns of the week: lessons and free meetings at their times, arrows between them, dropping a dragged lesson."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.services.weeks import Day
from blenddesk.ui import theme
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.week_cards import LEAST_HEIGHT, LESSON_MIME, DayHead, FreeSlot, LessonCard, Target
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import is_rtl

GUTTER, GAP, LEAST_COLUMN = 46, 6, 120
_MOST_PER_MINUTE = 2.4
"""Pixels of a minute at most: one lesson a day needs no whole screen."""
_SHORTEST = 20
"""Minutes of the shortest block that the scale cares for."""

Block = LessonCard | FreeSlot


class Column:
    """What one day holds, and the days' head."""

    def __init__(self, day: Day, head: DayHead, blocks: Sequence[Block]) -> None:
        self.day, self.head = day, head
        self.timed = [block for block in blocks if _start(block) is not None]
        self.loose = [block for block in blocks if _start(block) is None]
        """Lessons without a time and the room at the end of the day."""


class Heads(QWidget):
    """The days above the columns; they stay in view while the columns scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, theme.look_of(self).px(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class WeekGrid(QWidget):
    """All columns. ``dropped(section + plan, target, copied)`` when a lesson was dragged to another place."""

    dropped = Signal(bytes, object, bool)
    placed = Signal()
    """The columns have other places; the heads follow them."""

    def __init__(self, heads: Heads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.heads = heads
        self.columns: list[Column] = []
        self._first, self._last = 0, 0
        self._over: int | None = None

    def show_columns(self, columns: Sequence[Column]) -> None:
        """In place of those shown before, which are taken away."""
        gone = [widget for old in self.columns for widget in (old.head, *old.timed, *old.loose)]
        for widget in gone:
            # The keys go from one to the next as they are hidden: none of them was reached by anybody.
            widget.blockSignals(True)
        for widget in gone:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        self.columns = list(columns)
        spans = [(_start(block) or 0, _end(block)) for column in self.columns for block in column.timed]
        self._first = min((start for start, _last in spans), default=0) // 30 * 30
        self._last = -(-max((end for _first, end in spans), default=0) // 30) * 30
        for column in self.columns:
            column.head.setParent(self.heads)
            column.head.show()
            for block in (*column.timed, *column.loose):
                block.setParent(self)
                block.show()
        self._over = None
        self.updateGeometry()
        self._arrange()
        self.update()

    def blocks(self) -> list[Block]:
        """Everything that can have the keys, column by column."""
        return [block for column in self.columns for block in self._in_order(column)]

    # --- places -----------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        width = look.px(GUTTER) + len(self.columns) * (look.px(LEAST_COLUMN) + GAP)
        return QSize(width, self._untimed_height() + round(self._least_scale() * self._span()) + self._foot() + 4)

    def column_box(self, index: int) -> QRect:
        """Where a column is (mirrored on right-to-left screens), over the whole height."""
        gutter = theme.look_of(self).px(GUTTER)
        each = (self.width() - gutter) / max(1, len(self.columns))
        left = round(gutter + index * each)
        box = QRect(left, 0, round(each) - GAP, self.height())
        if is_rtl(self):
            box.moveLeft(self.width() - box.left() - box.width())
        return box

    def _span(self) -> int:
        return self._last - self._first

    def _least_scale(self) -> float:
        lengths = [_end(block) - (_start(block) or 0) for column in self.columns for block in column.timed]
        return theme.look_of(self).px(LEAST_HEIGHT) / max(_SHORTEST, min(lengths, default=60))

    def _untimed_height(self) -> int:
        most = max((sum(isinstance(one, LessonCard) for one in column.loose) for column in self.columns), default=0)
        return most * (theme.look_of(self).px(LEAST_HEIGHT) + GAP)

    def _foot(self) -> int:
        any_room = any(isinstance(one, FreeSlot) for column in self.columns for one in column.loose)
        return theme.look_of(self).px(40) + GAP if any_room else 0

    def _scale(self) -> float:
        if not self._span():
            return 1.0
        room = self.height() - self._untimed_height() - self._foot() - 4
        least = self._least_scale()
        return max(least, min(room / self._span(), theme.look_of(self).scale * _MOST_PER_MINUTE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = theme.look_of(self)
        scale, least = self._scale(), look.px(LEAST_HEIGHT)
        top = self._untimed_height()
        for index, column in enumerate(self.columns):
            box = self.column_box(index)
            column.head.setGeometry(box.left(), 0, box.width(), self.heads.height())
            spans = []
            for block in column.timed:
                start = round(top + ((_start(block) or 0) - self._first) * scale)
                spans.append((start, max(start + least, round(top + (_end(block) - self._first) * scale)) - 2))
            for block, (first, last), (lane, lanes) in zip(column.timed, spans, lanes_of(spans), strict=True):
                width = (box.width() - 3 * (lanes - 1)) / lanes
                left = box.left() + round((lanes - 1 - lane if is_rtl(self) else lane) * (width + 3))
                block.setGeometry(left, first, round(width), last - first)
            y = 0
            for block in column.loose:
                if isinstance(block, LessonCard):
                    block.setGeometry(box.left(), y, box.width(), least)
                    y += least + GAP
            below = max((last for _first, last in spans), default=y) + GAP
            for block in column.loose:
                if isinstance(block, FreeSlot):
                    block.setGeometry(box.left(), below, box.width(), look.px(40))
        self.placed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        scale, top = self._scale(), self._untimed_height()
        with paint.painting(self) as painter:
            for index, column in enumerate(self.columns):
                box = QRectF(self.column_box(index)).adjusted(-2, 0, 2, 0)
                if column.day.is_off:
                    paint.card(painter, box, 10, tokens.sunken)
                elif index == self._over:
                    paint.card(painter, box, 10, tokens.primary_soft)
            self._paint_hours(painter, look, scale, top)

    def _paint_hours(self, painter: QPainter, look: theme.Look, scale: float, top: int) -> None:
        if not self._span():
            return
        row = look.px(18)
        every = 60 if 60 * scale >= row * 1.4 else 120
        first = -(-self._first // every) * every
        gutter = look.px(GUTTER)
        for minute in range(first, self._last + 1, every):
            y = round(top + (minute - self._first) * scale)
            ends = (0, self.width() - gutter) if is_rtl(self) else (gutter, self.width())
            painter.setPen(look.tokens.border)
            painter.drawLine(ends[0], y, ends[1], y)
            spot = QRectF(0, min(y, self.height() - row), gutter - 6, row)
            paint.draw_text(
                painter, paint.mirrored(self, spot), words.clock_words(minute), look.font("small"),
                look.tokens.dim, paint.LEFT, lines=1,
            )  # fmt: skip

    # --- keys -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._go(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _in_order(self, column: Column) -> list[Block]:
        found = [*column.loose, *column.timed]
        return sorted(
            (one for one in found if one.isEnabled() and not one.isHidden()), key=lambda one: (one.y(), one.x())
        )

    def _go(self, key: Qt.Key) -> bool:
        here = self.focusWidget()
        place = next((i for i, one in enumerate(self.columns) if here in (*one.timed, *one.loose)), None)
        if place is None or not isinstance(here, LessonCard | FreeSlot):
            return False
        inside = self._in_order(self.columns[place])
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = inside.index(here) + (1 if key == Qt.Key.Key_Down else -1)
            target = inside[at] if 0 <= at < len(inside) else None
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            target = inside[0 if key == Qt.Key.Key_Home else -1]
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if (key == Qt.Key.Key_Right) != is_rtl(self) else -1
            target = self._nearest(place, step, here)
        else:
            return False
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _nearest(self, place: int, step: int, here: Block) -> Block | None:
        """The block beside ``here`` in the next column that has any."""
        at = place + step
        while 0 <= at < len(self.columns):
            inside = self._in_order(self.columns[at])
            if inside:
                return min(inside, key=lambda one: abs(one.geometry().center().y() - here.geometry().center().y()))
            at += step
        return None

    # --- dragging ---------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(LESSON_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self._column_at(event.position().toPoint())
        if index != self._over:
            self._over = index
            self.update()
        if index is None or self.columns[index].day.is_off:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        self._over = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = None
        self.update()
        point = event.position().toPoint()
        index = self._column_at(point)
        if index is None or not event.mimeData().hasFormat(LESSON_MIME):
            return
        what = bytes(event.mimeData().data(LESSON_MIME).data())
        column = self.columns[index]
        free = [one for one in column.timed if isinstance(one, FreeSlot) and one.target.section == what[:16]]
        on = next((one.target for one in free if one.geometry().contains(point)), None)
        copied = event.proposedAction() == Qt.DropAction.CopyAction
        event.acceptProposedAction()
        self.dropped.emit(what, on or Target(what[:16], column.day.day.isoformat(), None), copied)

    def _column_at(self, point: QPoint) -> int | None:
        return next((i for i in range(len(self.columns)) if self.column_box(i).contains(point)), None)


def lanes_of(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each span from top to bottom, in order of their tops: its lane and the number of lanes beside each other."""
    found: list[tuple[int, int]] = []
    ends: list[int] = []
    since = 0
    for first, last in spans:
        if ends and first >= max(ends):
            found[since:] = [(lane, len(ends)) for lane, _lanes in found[since:]]
            ends, since = [], len(found)
        lane = next((index for index, end in enumerate(ends) if end <= first), len(ends))
        ends[lane : lane + 1] = [last]
        found.append((lane, 0))
    found[since:] = [(lane, len(ends)) for lane, _lanes in found[since:]]
    return found


def _start(block: Block) -> int | None:
    if isinstance(block, LessonCard):
        return block.lesson.plan.start_minute
    return None if block.slot is None else block.slot.start_minute


def _end(block: Block) -> int:
    if isinstance(block, LessonCard):
        return (block.lesson.plan.start_minute or 0) + block.lesson.plan.period_minutes
    return 0 if block.slot is None else block.slot.end_minute
