"""Parts of a sheet about a station, of a lesson or of the library: choosing pictures, a step with its picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint

_PICTURE_COLUMNS = 8


class PictureChoice(kit.PaintedButton):
    """A picture to press: in the choice of pictures, or beside a step (empty until one is chosen)."""

    def __init__(self, picture: str, name: str, *, px: int = 46, parent: QWidget | None = None) -> None:
        self.picture = picture
        self._px = px
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_picture(self, picture: str) -> None:
        self.picture = picture
        self.update()

    def content_size(self) -> QSize:
        return QSize(self._px, self._px)

    def paint_content(self, painter: QPainter) -> None:
        tokens = theme.look_of(self).tokens
        box = QRectF(self.rect())
        fill = tokens.hover if self.is_hovered() else tokens.surface
        paint.card(painter, box, 10, fill, line=tokens.control, width=tokens.line, dashed=not self.picture)
        inner = box.adjusted(8, 8, -8, -8)
        if assets.has_picture(self.picture):
            assets.draw_picture(painter, inner, self.picture)
        else:
            assets.draw_icon(painter, inner, "plus", tokens.dim)


class PictureSheet(kit.Sheet):
    """All pictures a station or a step can have."""

    chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, _("Choose a picture"), width=520)
        grid = kit.ArrowGrid(_PICTURE_COLUMNS, spacing=8)
        for picture in dict.fromkeys(assets.station_pictures()):
            button = PictureChoice(picture, picture.replace("-", " "), px=50)
            button.setObjectName(f"picture_{picture}")
            button.clicked.connect(lambda _checked=False, one=picture: self._on_picture_clicked(one))
            grid.add(button)
        self.body.addWidget(grid)

    def _on_picture_clicked(self, picture: str) -> None:
        self.close_sheet()
        self.chosen.emit(picture)


class StepRow(QWidget):
    """A numbered step: its picture and its few words."""

    def __init__(self, number: int, words: str, picture: str, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.button = PictureChoice(picture, _("Picture of step {number}").format(number=number), px=40)
        self.button.setObjectName(f"step_{number}_picture")
        self.button.clicked.connect(self._on_picture_clicked)
        self.field = kit.TextField(words, name=_("Step {number}").format(number=number))
        self.field.setObjectName(f"step_{number}")
        self.field.setMaxLength(60)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.field, 1)

    def _on_picture_clicked(self) -> None:
        sheet = PictureSheet(self._window)
        sheet.chosen.connect(self.button.set_picture)
        sheet.open()
