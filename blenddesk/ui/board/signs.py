"""Calm full-screen parts of the board: eyes on me, on the way, look back, the end."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.services.board import BoardView
from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.board.places import MoveCard
from blenddesk.ui.kit import paint


class BigPicture(QLabel):
    """A picture as large as there is room for; the words beside it say what it means."""

    def __init__(self, picture: str, *, most: int = 320, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._most = picture, most
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._most, self._most)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        side = min(self.width(), self.height(), self._most)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        with paint.painting(self) as painter:
            assets.draw_picture(painter, box, self._picture)


class Sign(QWidget):
    """One picture, a few large words, perhaps a line below."""

    def __init__(self, picture: str, words: str, line: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(words)
        self.words = kit.Heading(words, "display", parent=self)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line = kit.Text(line, "title", tone="dim", parent=self)
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line.setVisible(bool(line))
        column = QVBoxLayout(self)
        column.setSpacing(18)
        column.addStretch(1)
        column.addWidget(BigPicture(picture, parent=self), 6)
        column.addWidget(self.words)
        column.addWidget(self.line)
        column.addStretch(1)

    def say(self, words: str, line: str = "") -> None:
        self.words.setText(words)
        self.setAccessibleName(words)
        self.line.setText(line)
        self.line.setVisible(bool(line))


class MovingView(QWidget):
    """Shape, arrow, place for every group, and a picture that says: tidy up first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("moving_view")
        self.cards: list[MoveCard] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(14)
        broom = BigPicture("broom", most=120, parent=self)
        broom.setFixedWidth(130)
        tidy = kit.Text(_("Tidy up. Then go."), "title", bold=True, parent=self)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(broom)
        foot.addWidget(tidy)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(self._grid, 5)
        column.addLayout(foot, 1)

    def show_moves(self, view: BoardView, round_: int) -> None:
        for card in self.cards:
            self._grid.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        moves = view.moves(round_)
        self.cards = [MoveCard(group, block, letter=view.older, parent=self) for group, block in moves]
        columns = 2 if len(self.cards) > 2 else 1
        for index, card in enumerate(self.cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for row in range(math.ceil(len(self.cards) / columns)):
            self._grid.setRowStretch(row, 1)


class LookBackView(QWidget):
    """The lesson's places in pictures, with one question; no counts and no names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("look_back")
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        question = kit.Heading(_("What did you learn?"), "display", parent=self)
        question.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tell = kit.Text(_("Tell a friend."), "title", tone="dim", parent=self)
        tell.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(1)
        column.addLayout(self._row)
        column.addStretch(1)
        column.addWidget(question)
        column.addWidget(tell)
        column.addStretch(1)

    def show_places(self, view: BoardView) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._row.addStretch(1)
        for block in view.sheet.blocks:
            box = QWidget(self)
            column = QVBoxLayout(box)
            picture = kit.PlacePicture(
                block.title, block.picture, block.tint, px=theme.look_of(self).px(130), parent=box
            )
            words = kit.Text(block.title, "body", bold=True, parent=box)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
            self._row.addWidget(box)
        self._row.addStretch(1)
