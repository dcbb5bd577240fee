"""A picture of work as a button: the picture itself, or where it still is, with a line of words below."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.ui import assets, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.kit.base import PaintedButton

RADIUS = 12


class PhotoTile(PaintedButton):
    """Shows ``set_image``'s picture whole, as large as fits; before that a camera, with ``waiting`` as its words.

    Args:
        name: what it is, for those who do not see it.
        caption: at most two lines below the picture; "" leaves them out.
        width, height: of the picture's place, in pixels at the usual text size. ``grows`` takes all the room there is.
    """

    def __init__(
        self,
        name: str,
        caption: str = "",
        *,
        waiting: str = "",
        width: int = 148,
        height: int = 111,
        grows: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(caption, parent)
        self._waiting, self._room = waiting, QSize(width, height)
        self._pixmap = QPixmap()
        self.setAccessibleName(name)
        theme.need_fonts_for(waiting, theme.look_of(self))
        if grows:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_image(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def has_image(self) -> bool:
        return not self._pixmap.isNull()

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        lines = look.text_px("small") * 3 if self.words() else 0
        return QSize(look.px(self._room.width()), look.px(self._room.height()) + lines)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        lines = look.text_px("small") * 3 if self.words() else 0
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5 - lines)
        away = bool(self._waiting) and not self.has_image()
        fill = tokens.hover if self.is_hovered() else tokens.surface if away else tokens.sunken
        paint.card(painter, box, RADIUS, fill, line=tokens.control if away else tokens.border, dashed=away)
        if self.has_image():
            self._paint_image(painter, box)
        else:
            self._paint_waiting(painter, box, look)
        if self.words():
            below = QRectF(2, box.bottom() + 4, self.width() - 4, lines - 4)
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            paint.draw_text(painter, below, self.words(), look.font("small"), tokens.text, align, lines=2)

    def _paint_image(self, painter: QPainter, box: QRectF) -> None:
        fitted = self._pixmap.size().scaled(box.size().toSize() - QSize(8, 8), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(box.center())
        path = QPainterPath()
        path.addRoundedRect(place, RADIUS / 2, RADIUS / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(path)
        painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        painter.restore()

    def _paint_waiting(self, painter: QPainter, box: QRectF, look: theme.Look) -> None:
        side = min(look.px(40), box.height() * 0.4)
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(box.center())
        if self._waiting:
            spot.moveTop(box.top() + box.height() * 0.16)
        assets.draw_picture(painter, spot, "camera")
        if self._waiting:
            words = QRectF(box.left() + 8, spot.bottom() + 4, box.width() - 16, box.bottom() - spot.bottom() - 8)
            paint.draw_text(painter, words, self._waiting, look.font("small"), look.tokens.dim, paint.CENTRE, lines=2)
