"""The padlock in the desk's rail: locks at once. Only a desk with a pass phrase has it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint


class LockButton(kit.PaintedButton):
    """Lower than the pages of the rail, so that all of them fit a low screen with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("lock_now")
        self.setAccessibleName(_("Lock now"))
        self.setToolTip(_("Lock now (Ctrl+L)"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(60, theme.look_of(self).px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme.look_of(self).px(28))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        box = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            paint.card(painter, box, 10, look.tokens.rail_hover)
        side = min(look.px(22), box.height() - 6)
        place = QRectF(0, 0, side, side)
        place.moveCenter(box.center())
        assets.draw_icon(painter, place, "lock-key", look.tokens.rail_text, weight="bold", mirrored=False)
