"""A student's tile on the class page: picture, name, here or away, how old the goal is, how much is done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.domain.ids import Id
from blenddesk.text import _, digits, ngettext
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint


@dataclass(frozen=True, slots=True)
class TileFacts:
    """What one tile says. ``goal_days``: school days since the goal last moved, None without an active goal.

    ``noted``: something is noted of the learner; the tile says only that, never what.
    """

    id: Id
    name: str
    avatar: str
    here: bool = True
    late: bool = False
    goal_days: int | None = None
    goal_stale: bool = False
    finished: int = 0
    noted: bool = False


def goal_age(days: int | None) -> str:
    """How long nothing has happened with a goal, in words that fit a tile."""
    if days is None:
        return _("No goal yet")
    if days == 0:
        return _("Goal: today")
    return ngettext("Goal: {n} school day", "Goal: {n} school days", days).format(n=days)


def _short_age(days: int | None) -> str:
    """The same for the eye, where room is short."""
    return goal_age(days) if not days else ngettext("Goal: {n} day", "Goal: {n} days", days).format(n=days)


class StudentTile(kit.PaintedButton):
    """Opens the student. Two lines beside the picture; an eye with a line through it: there are covered notes."""

    def __init__(self, facts: TileFacts, parent: QWidget | None = None) -> None:
        self.facts = facts
        super().__init__(facts.name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_facts(facts)

    def show_facts(self, facts: TileFacts) -> None:
        self.facts = facts
        self.setText(facts.name)
        self.setAccessibleName(facts.name)
        self.setAccessibleDescription(". ".join(self._lines()))
        self.update()

    def _lines(self) -> list[str]:
        facts = self.facts
        lines = [_("Here") if facts.here else _("Away")]
        if facts.late:
            lines = [_("Came late")]
        lines.append(goal_age(facts.goal_days))
        lines.append(ngettext("{n} station done", "{n} stations done", facts.finished).format(n=facts.finished))
        if facts.noted:
            lines.append(_("There are notes"))
        return lines

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(188), look.px(74))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(150), look.px(74))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens, facts = look.tokens, self.facts
        box = QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -3.5)
        if self.is_hovered():
            paint.shadow(painter, box, theme.RADIUS, tokens)
        fill = tokens.surface if facts.here else tokens.quiet
        line = tokens.control if self.is_hovered() else tokens.border
        paint.card(painter, box, theme.RADIUS, fill, line=line, width=max(1.2, tokens.line / 2))
        side = min(look.px(46), box.height() - 14)
        circle = QRectF(box.left() + 10, box.center().y() - side / 2, side, side)
        if not facts.here:
            painter.setOpacity(0.5)
        paint.avatar(painter, paint.mirrored(self, circle), look, picture=facts.avatar, name=facts.name)
        painter.setOpacity(1.0)
        start = circle.right() + 10
        eye = look.px(18) if facts.noted else 0
        top = QRectF(start, box.top() + 7, box.right() - start - 10 - (eye + 4 if eye else 0), box.height() * 0.5 - 6)
        ink = tokens.text if facts.here else tokens.dim
        bold = look.font("body", bold=True)
        if paint.text_size(facts.name, bold).width() * 0.8 > top.width():
            # Two lines at a readable size need more than the half that one line has.
            top.adjust(0, -5, 0, 6)
            bold = look.font("small", bold=True)
        paint.draw_text(painter, paint.mirrored(self, top), facts.name, bold, ink)
        if eye:
            spot = paint.mirrored(self, QRectF(box.right() - eye - 9, top.center().y() - eye / 2, eye, eye))
            assets.draw_icon(painter, spot, "eye-slash", tokens.faint)
        self._paint_second_line(painter, look, QRectF(start, box.center().y() + 2, box.right() - start - 10, 24))

    def _paint_second_line(self, painter: QPainter, look: theme.Look, line: QRectF) -> None:
        tokens, facts = look.tokens, self.facts
        line.setHeight(look.px(28))
        small = look.font("small")
        room = QRectF(line)
        if facts.finished:
            count = digits(facts.finished)
            width = paint.text_size(count, look.font("small", bold=True)).width()
            number = QRectF(line.right() - width, line.top(), width, line.height())
            bold = look.font("small", bold=True)
            paint.draw_text(painter, paint.mirrored(self, number), count, bold, tokens.ok, paint.TRAILING, lines=1)
            side = look.px(14)
            tick = QRectF(number.left() - side - 3, line.center().y() - side / 2, side, side)
            assets.draw_icon(painter, paint.mirrored(self, tick), "check-circle", tokens.ok, weight="fill")
            room.setRight(tick.left() - 6)
        if not facts.here or facts.late:
            words, ink = (_("Came late") if facts.late else _("Away")), tokens.warn
        else:
            words, ink = _short_age(facts.goal_days), tokens.warn if facts.goal_stale else tokens.dim
        paint.draw_text(painter, paint.mirrored(self, room), words, small, ink)
