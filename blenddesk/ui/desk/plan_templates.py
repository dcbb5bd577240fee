"""Ready-made lessons: the strip on top of the plan page and the sheet with all; a press makes or remakes the plan."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from blenddesk.domain.plans import Model
from blenddesk.domain.templates import Template
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kit import paint

IN_STRIP = 5
"""Templates that stand in the strip; the others are behind More."""
_HEIGHT, _LEAST_HEIGHT, _HEIGHT_OF_NAME = 58, 56, 42


class TemplateCard(kit.PaintedButton):
    """One ready-made lesson: a small drawing of its places, its name and what it is for."""

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        self._tints, self._rows = drawing_of(template)
        self._summary = _(template.summary)
        super().__init__(_(template.title), parent)
        self.setObjectName(f"template_{template.code}")
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setAccessibleDescription(self._summary)
        self._only_name = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_only_name(self, only_name: bool) -> None:
        """Leave what it is for to the tool tip where there is no room for it."""
        self._only_name = only_name
        self.setToolTip(self._summary if only_name else "")
        self.updateGeometry()
        self.update()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(184), look.px(_HEIGHT_OF_NAME if self._only_name else _HEIGHT))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(96), look.px(_HEIGHT_OF_NAME if self._only_name else _LEAST_HEIGHT))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect())
        chosen = self.isChecked()
        fill = tokens.primary_soft if chosen else tokens.hover if self.is_hovered() else tokens.surface
        line = tokens.primary if chosen else tokens.border
        paint.card(painter, box, 12, fill, line=line, width=2.4 if chosen else max(1.2, tokens.line / 2))
        side = float(look.px(26 if self._only_name else 34))
        edge = 9.0 if self._only_name else 13.0
        place = QRectF(edge, (box.height() - side) / 2, side, side)
        self._paint_places(painter, look, place)
        start = place.right() + edge
        room = box.width() - start - 8
        if self._only_name:
            whole = paint.mirrored(self, QRectF(start, 2, room, box.height() - 4))
            paint.draw_text(painter, whole, self.words(), look.font(bold=True), self._ink(tokens))
            return
        middle = box.height() * 0.45
        upper = QRectF(start, 4, room, middle - 3)
        lower = QRectF(start, middle, room, box.height() - middle - 3)
        name = paint.mirrored(self, upper)
        paint.draw_text(painter, name, self.words(), look.font(bold=True), self._ink(tokens), lines=1)
        paint.draw_text(painter, paint.mirrored(self, lower), self._summary, look.font("small"), tokens.dim)

    def _ink(self, tokens: theme.Tokens) -> str:
        return tokens.primary_ink if self.isChecked() and tokens.dark else tokens.text

    def _paint_places(self, painter: QPainter, look: theme.Look, box: QRectF) -> None:
        gap = 4.0
        columns = -(-len(self._tints) // self._rows)
        width = (box.width() - gap * (columns - 1)) / columns
        height = (box.height() - gap * (self._rows - 1)) / self._rows
        for index, tint in enumerate(self._tints):
            row, column = divmod(index, columns)
            spot = QRectF(box.left() + column * (width + gap), box.top() + row * (height + gap), width, height)
            paint.card(painter, paint.mirrored(self, spot), min(5.0, width / 2.6), look.tokens.station(tint).ink)


class MoreButton(kit.Button):
    """The last of the strip; named after the template in use when that is not in the strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("More"), "secondary", icon="dots-three", parent=parent)
        self.setObjectName("templates_more")
        self.setAccessibleDescription(_("All ready-made lessons"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


class TemplateStrip(kit.ArrowGrid):
    """The first templates side by side, and More. ``template_requested(code)`` when one is pressed, even the one in
    use; ``more_requested()`` for all of them."""

    template_requested = Signal(str)
    more_requested = Signal()

    def __init__(self, every: tuple[Template, ...], parent: QWidget | None = None) -> None:
        templates = every[:IN_STRIP]
        super().__init__(len(templates) + 1, spacing=10, parent=parent)
        self.setObjectName("template_strip")
        self.setAccessibleName(_("Ready-made lessons"))
        self._codes = [template.code for template in templates]
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._chosen = ""
        self._narrow = False
        self.cards = [TemplateCard(template, self) for template in templates]
        for template, card in zip(templates, self.cards, strict=True):
            card.clicked.connect(lambda _checked=False, code=template.code: self._on_card_clicked(code))
            self._group.addButton(card)
            self.add(card)
        self.more = MoreButton(self)
        self.more.clicked.connect(self.more_requested)
        self.add(self.more)

    def card(self, code: str) -> QWidget:
        return self.widgets()[self._codes.index(code)]

    def choose(self, code: str) -> None:
        """Shows which template the plan is from; "" for none."""
        self._chosen = code
        for known, card in zip(self._codes, self._group.buttons(), strict=True):
            card.setChecked(known == code)
        self.more.set_kind("soft" if code and code not in self._codes else "secondary")

    def press_number(self, number: int) -> None:
        """The key ``number`` (from 1) presses what is in that place: a template, or More."""
        if 1 <= number <= len(self._codes):
            self.template_requested.emit(self._codes[number - 1])
        elif number == len(self._codes) + 1:
            self.more_requested.emit()

    def set_narrow(self, narrow: bool) -> None:
        """Only the names where the words about them would be squeezed."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for card in self.cards:
            card.set_only_name(narrow)

    def _on_card_clicked(self, code: str) -> None:
        # The card does not toggle itself: what is chosen follows the plan.
        self.choose(self._chosen)
        self.template_requested.emit(code)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), super().sizeHint().height())


class TemplatesSheet(kit.Sheet):
    """Every ready-made lesson with its picture and one line. ``chosen(code)``."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, templates: tuple[Template, ...], current: str) -> None:
        super().__init__(window, _("Ready-made lessons"), _("One press plans the whole lesson."), width=760)
        grid = kit.ArrowGrid(3, spacing=10, parent=self)
        grid.setAccessibleName(_("Ready-made lessons"))
        for template in templates:
            card = TemplateCard(template, grid)
            card.setObjectName(f"every_{template.code}")
            card.setChecked(template.code == current)
            card.clicked.connect(lambda _checked=False, code=template.code: self._on_card_clicked(code))
            grid.add(card)
        self.body.addWidget(grid)

    def _on_card_clicked(self, code: str) -> None:
        self.close_sheet()
        self.chosen.emit(code)


def drawing_of(template: Template) -> tuple[list[int], int]:
    """The tints of a template's small drawing and how many rows they stand in: one field for a class that moves as
    one, two for before and in class, lines for a list, else a field for each station."""
    tints = [block.tint for block in template.blocks]
    if template.model is Model.WHOLE_GROUP:
        return tints[:1], 1
    if template.model is Model.FLIPPED:
        return [tints[0], tints[-2]], 1
    if template.model is Model.PLAYLIST:
        return tints[1:4], 3
    return tints, 2 if len(tints) > 3 else 1


def number_key(key: int) -> int:
    """The number of a digit key, 0 for any other."""
    return key - Qt.Key.Key_0 if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 else 0
