"""My pictures: three of nine in order; the boxes show how many were tapped, never which; no submit, no lock-out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from blenddesk.domain.people import Student
from blenddesk.domain.pictures import CODE_LENGTH, CODE_PICTURES
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kiosk.keys import PAD_ORDER, picture_of
from blenddesk.ui.kiosk.screen import FitText, KioskScreen
from blenddesk.ui.kiosk.who import avatar_of

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class PicturesScreen(KioskScreen):
    """K2. ``on_code`` gets three places and answers with words to show, or "" when it has gone on."""

    name = "pictures"

    def __init__(
        self,
        window: KioskWindow,
        student: Student,
        shape: str,
        *,
        ask: str,
        on_code: Callable[[Sequence[int]], str],
        all_different: bool = False,
    ) -> None:
        super().__init__(window)
        self._on_code = on_code
        self._all_different = all_different
        self._ask = ask
        self._code: list[int] = []
        self.lead.addWidget(self.add_not_me("arrow-left"))
        self.lead.addStretch(1)
        self.add_help()
        row = QHBoxLayout()
        row.setSpacing(28)
        side = QWidget(self)
        side.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        side.setMaximumWidth(window.width() * 2 // 5)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(10)
        centre = Qt.AlignmentFlag.AlignHCenter
        px = min(208, max(110, window.height() // 2 - theme.look_of(window).px(196)))
        face = kit.AvatarCircle(student.name, avatar_of(student, self.older), px=px, shape=shape, parent=side)
        left.addStretch(1)
        left.addWidget(face, 0, centre)
        left.addWidget(FitText(student.name, "display", centred=True, parent=side))
        self.message = kit.Text(ask, "large", tone="dim", parent=side)
        self.message.setObjectName("pictures_message")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        left.addWidget(self.message)
        self.boxes = kit.DotBoxes(CODE_LENGTH, parent=side)
        self.boxes.take_back_requested.connect(self.take_back)
        left.addWidget(self.boxes, 0, centre)
        hint = kit.Text(_("Oops? Tap the box."), "small", tone="dim", parent=side)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        left.addWidget(hint)
        left.addStretch(2)
        row.addWidget(side, 2)
        self.grid = kit.ArrowGrid(3, spacing=12 if self.low else 16, parent=self)
        self.pictures: list[kit.PictureButton] = []
        for place, picture in enumerate(CODE_PICTURES):
            button = kit.PictureButton(
                kit.password_picture_name(place), picture, key_hint=str(PAD_ORDER[place]), parent=self.grid
            )
            button.setObjectName(f"picture_{PAD_ORDER[place]}")
            button.clicked.connect(lambda _checked=False, place=place: self.tap(place))
            button.show_key_hint(self.older)
            self.pictures.append(button)
        self.grid.set_widgets(self.pictures)
        row.addWidget(self.grid, 3)
        self.body.addLayout(row, 1)

    def first_focus(self) -> QWidget:
        return self.pictures[0]

    def go_back(self) -> None:
        self.kiosk.not_me()

    def tap(self, place: int) -> None:
        """A picture is chosen; the third one signs in."""
        if self._all_different and place in self._code:
            self.message.setText(_("Take three different ones."))
            return
        self._code.append(place)
        self._show()
        kit.announce(self, self.boxes.accessibleName())
        if len(self._code) == CODE_LENGTH:
            code, self._code = self._code, []
            said = self._on_code(code)
            if said:
                self.message.setText(said)
                self.message.set_tone("warn")
                self.boxes.set_count(0)
                if not self.kiosk.context.settings.reduced_motion:
                    self.boxes.shake()
                kit.announce(self, said)

    def take_back(self, remaining: int) -> None:
        del self._code[remaining:]
        self._show()

    def _show(self) -> None:
        self.message.setText(self._ask)
        self.message.set_tone("dim")
        self.boxes.set_count(len(self._code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        for button in self.pictures:
            button.show_key_hint(True)
        place = picture_of(event)
        if place is not None:
            self.pictures[place].click()
            return
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.take_back(max(0, len(self._code) - 1))
            return
        super().keyPressEvent(event)
