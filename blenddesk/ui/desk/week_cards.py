"""What stands in a column of the week: a lesson as a block, a meeting that is still free, the head of a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QDate, QLocale, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from blenddesk.domain import templates
from blenddesk.domain.calendars import Slot
from blenddesk.domain.ids import Id
from blenddesk.domain.plans import PlanStatus
from blenddesk.services.weeks import Day, Lesson
from blenddesk.text import _, language, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.kit import paint

LESSON_MIME = "application/x-blenddesk-lesson"
LEAST_HEIGHT = 66
"""Of a block, at text size 1."""
ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
"""Left to the grid: a button of Qt's would go on to the next one in the order of Tab."""
_PICTURE_FROM = 132
"""Width from which there is room for the drawing of the lesson's places."""


class Target(NamedTuple):
    """Where a lesson can be put: a day (ISO), a free meeting of a class (``start`` None: the day as a whole)."""

    section: Id
    day: str
    start: int | None


def shortened(text: str, font: QFont, box: QRectF) -> str:
    """As much of a name as two lines of a block hold; its tool tip and screen readers have the whole."""
    if paint.fits(text, font, box):
        return text
    ends = range(len(text) - 1, 0, -1)
    return next((short for end in ends if paint.fits(short := text[:end].rstrip() + "…", font, box)), text)


def short_day_words(day: str) -> str:
    """ "Mon 23"."""
    found = QDate.fromString(day, "yyyy-MM-dd")
    return QLocale(language()).toString(found, "ddd d")


class LessonCard(kit.PaintedButton):
    """A lesson: drawing of its places, name, class, time; a tick when it is ready, a sign when something is wrong.

    It takes the keys and is chosen at once; Enter and a double click open it; dragged to another time it moves there.
    """

    reached = Signal()
    """It has the keys, or was pressed."""
    opened = Signal()

    def __init__(
        self, lesson: Lesson, class_name: str, troubles: list[str], *, off: bool, parent: QWidget | None = None
    ) -> None:
        self.lesson = lesson
        self._class = class_name
        self._off = off
        self._wrong = troubles
        super().__init__(lesson.plan.name, parent)
        plan = lesson.plan
        self.setObjectName(f"week_lesson_{plan.id.hex()}")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._pressed_at: QPoint | None = None
        ready = plan.status is PlanStatus.READY
        state = _("ready to use") if ready else _("not in use yet")
        when = _("{day}, {time}").format(day=words.day_words(plan.day), time=words.time_words(plan))
        self.setAccessibleName(
            ", ".join(part for part in (plan.name, class_name, when) if part),
        )
        self.setAccessibleDescription(". ".join([state, *troubles]))
        self.setToolTip("\n".join([plan.name, *([class_name] if class_name else []), when, state, *troubles]))
        known = templates.BY_CODE.get(plan.template)
        self._tints = [block.tint for block in known.blocks] if known is not None else [0]

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(150), look.px(LEAST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 24)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen, ready = self.isChecked(), self.lesson.plan.status is PlanStatus.READY
        fill = tokens.primary_soft if chosen else tokens.hover if self.is_hovered() else tokens.surface
        line = tokens.primary if chosen else tokens.danger if self.lesson.clash else tokens.control
        width = 2.4 if chosen or self.lesson.clash else max(1.2, tokens.line / 2)
        paint.card(painter, box, 10, fill, line=line, width=width, dashed=not ready and not chosen)
        edge = float(look.px(8))
        sign = float(look.px(18))
        start, end = box.left() + edge, box.right() - edge
        if box.width() >= look.px(_PICTURE_FROM):
            side = float(look.px(26))
            place = QRectF(start, box.top() + edge, side, side)
            self._paint_places(painter, look, place)
            start = place.right() + edge
        mark = paint.mirrored(self, QRectF(end - sign, box.top() + edge, sign, sign))
        if self._wrong:
            colour = tokens.danger if self.lesson.clash or self._off else tokens.warn
            assets.draw_icon(painter, mark, "warning", colour, weight="fill")
        elif ready:
            assets.draw_icon(painter, mark, "check-circle", tokens.ok, weight="fill")
        else:
            assets.draw_icon(painter, mark, "pencil-simple", tokens.dim)
        self._paint_words(painter, look, QRectF(start, box.top() + 4, end - start, box.height() - 8), sign)

    def _paint_words(self, painter: QPainter, look: theme.Look, room: QRectF, sign: float) -> None:
        tokens = look.tokens
        below = [part for part in (self._class, words.time_words(self.lesson.plan)) if part]
        row = float(look.px(18))
        rows = min(len(below), max(1, int((room.height() - row * 1.1) / row)))
        start = self.lesson.plan.start_minute
        short = [self._class, words.clock_words(start) if start is not None else below[-1]]
        text = below if rows == len(below) else [" · ".join(short)]
        name = QRectF(room.left(), room.top(), room.width() - sign - 4, room.height() - rows * row)
        name.setHeight(min(name.height(), row * 2.4))
        ink = tokens.primary_ink if self.isChecked() and tokens.dark else tokens.text
        font = theme.sized_font(look, 15, bold=True)
        paint.draw_text(painter, paint.mirrored(self, name), shortened(self.words(), font, name), font, ink)
        top = name.bottom()
        for line in text:
            spot = QRectF(room.left(), top, room.width(), row)
            paint.draw_text(painter, paint.mirrored(self, spot), line, look.font("small"), tokens.dim, lines=1)
            top += row

    def _paint_places(self, painter: QPainter, look: theme.Look, box: QRectF) -> None:
        rows = 2 if len(self._tints) > 3 else 1
        columns = -(-len(self._tints) // rows)
        gap = 3.0
        width, height = (box.width() - gap * (columns - 1)) / columns, (box.height() - gap * (rows - 1)) / rows
        for index, tint in enumerate(self._tints):
            row, column = divmod(index, columns)
            spot = QRectF(box.left() + column * (width + gap), box.top() + row * (height + gap), width, height)
            paint.card(painter, paint.mirrored(self, spot), min(4.0, width / 2.6), look.tokens.station(tint).ink)

    # --- keys and mouse -------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.reached.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.opened.emit()
        elif event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """A press chooses it and never lets go of it: choosing another one does."""
        self.reached.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = self._pressed_at is not None and (
            (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        )
        if not far or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        self.setDown(False)
        self._pressed_at = None
        drag = QDrag(self)
        data = QMimeData()
        data.setData(LESSON_MIME, self.lesson.section + self.lesson.plan.id)
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(event.position().toPoint())
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)


class FreeSlot(kit.PaintedButton):
    """A meeting without a lesson, or room at the end of a day: press it to add one or to put the copied one here."""

    def __init__(self, target: Target, slot: Slot | None, class_name: str, parent: QWidget | None = None) -> None:
        self.target, self.slot = target, slot
        self._class = class_name
        self._time = "" if slot is None else words.clock_words(slot.start_minute)
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._putting = False
        self.set_putting(False)

    def set_putting(self, putting: bool) -> None:
        """Whether a press puts a lesson here that was copied or is being moved."""
        self._putting = putting
        self.setText(_("Put here") if putting else _("Add lesson"))
        day = words.day_words(self.target.day)
        where = _("{day}, {time}").format(day=day, time=self._time) if self._time else day
        self.setAccessibleName(
            ", ".join(part for part in (self.words(), self._class, where) if part),
        )
        self.setToolTip(self.accessibleName())
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(120), look.px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 24)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = tokens.primary_soft if self._putting else tokens.hover if self.is_hovered() else tokens.bg
        ink = tokens.primary_ink if self._putting and tokens.dark else tokens.primary if self._putting else tokens.dim
        paint.card(painter, box, 10, fill, line=tokens.primary if self._putting else tokens.border, dashed=True)
        above = " · ".join(part for part in (self._class, self._time) if part)
        room = box.adjusted(6, 3, -6, -3)
        row = float(look.px(20))
        font = theme.sized_font(look, 15, bold=self._putting)
        if not above or room.height() < row * 1.8:
            whole = self.words() if not self._time else _("{time} {what}").format(time=self._time, what=self.words())
            paint.draw_text(painter, room, whole, font, ink, paint.CENTRE)
            return
        middle = room.center().y()
        upper = QRectF(room.left(), middle - row, room.width(), row)
        lower = QRectF(room.left(), middle, room.width(), min(row * 1.8, room.bottom() - middle))
        paint.draw_text(painter, upper, above, look.font("small"), tokens.dim, paint.CENTRE, lines=1)
        paint.draw_text(painter, lower, self.words(), font, ink, paint.CENTRE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class DayHead(QLabel):
    """The weekday and date at the top of a column; today is filled, a holiday or short day is named."""

    def __init__(self, day: Day, *, is_today: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day, self._today = day, is_today
        iso = day.day.isoformat()
        self._short = short_day_words(iso)
        self._note = special_words(day)
        full = words.day_words(iso)
        parts = [full, _("today") if is_today else "", self._note]
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(self.accessibleName())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, theme.look_of(self).px(44))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        with paint.painting(self) as painter:
            box = QRectF(self.rect()).adjusted(1, 1, -1, -3)
            fill = tokens.primary if self._today else ""
            if fill:
                paint.card(painter, box, 10, fill)
            ink = tokens.on_primary if self._today else tokens.dim if self._day.is_off else tokens.text
            if self._note:
                half = box.height() / 2
                upper = QRectF(box.left() + 4, box.top() + 1, box.width() - 8, half)
                lower = QRectF(box.left() + 4, box.top() + half, box.width() - 8, half - 2)
                paint.draw_text(painter, upper, self._short, look.font("body", bold=True), ink, paint.CENTRE, lines=1)
                small = tokens.on_primary if self._today else tokens.dim
                paint.draw_text(painter, lower, self._note, look.font("small"), small, paint.CENTRE, lines=1)
            else:
                paint.draw_text(painter, box, self._short, look.font("body", bold=True), ink, paint.CENTRE, lines=1)


def special_words(day: Day) -> str:
    """The name of a holiday, or that a day is short and by what."""
    if day.special is None:
        return ""
    if day.is_off:
        return day.special.name or _("No school")
    minutes = day.special.minutes or 0
    short = ngettext("short day, {n} min", "short day, {n} min", minutes).format(n=minutes)
    return _("{name}, {what}").format(name=day.special.name, what=short) if day.special.name else short


def trouble_words(lesson: Lesson, *, off: bool, checks: Callable[[], list[str]]) -> list[str]:
    """All that is wrong with a lesson in its place, the worst first."""
    found = []
    if off:
        found.append(_("There is no school on this day"))
    if lesson.clash:
        found.append(_("At the same time as another lesson"))
    if lesson.longer_by:
        found.append(
            ngettext("{n} minute longer than its time", "{n} minutes longer than its time", lesson.longer_by).format(
                n=lesson.longer_by
            )
        )
    return found + checks()
