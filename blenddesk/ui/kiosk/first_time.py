"""The first sign-in ever: choose the picture that is me, 24 at a time; the three sign-in pictures come after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.domain.pictures import AVATARS
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kit import paint

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

AT_ONCE = 24


class _AvatarButton(kit.PaintedButton):
    """One picture to be known by."""

    def __init__(self, avatar: str, number: int, parent: QWidget) -> None:
        self._avatar = avatar
        super().__init__("", parent)
        self.setAccessibleName(_("Picture {n}").format(n=number))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def content_size(self) -> QSize:
        return QSize(130, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(84, 84)

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        side = min(self.width(), self.height()) - 10.0
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        ring = look.tokens.control if self.is_hovered() else ""
        paint.avatar(painter, box, look, picture=self._avatar, ring=ring, ring_width=3)


class AvatarScreen(KioskScreen):
    """Only on a desk; a picture that a class mate has is not offered."""

    name = "choose_avatar"

    def __init__(
        self,
        window: KioskWindow,
        taken: set[str],
        page: int,
        *,
        on_chosen: Callable[[str], None],
        on_more: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.lead.addWidget(self.add_not_me("arrow-left"))
        self.add_title(_("Choose your picture."))
        self.add_help()
        free = [avatar for avatar in AVATARS if avatar not in taken] or list(AVATARS)
        pages = -(-len(free) // AT_ONCE)
        start = (page % pages) * AT_ONCE
        grid = kit.ArrowGrid(8, spacing=8, parent=self)
        buttons: list[QWidget] = []
        for number, avatar in enumerate(free[start : start + AT_ONCE], 1):
            button = _AvatarButton(avatar, start + number, grid)
            button.setObjectName(f"avatar_{number}")
            button.clicked.connect(lambda _checked=False, avatar=avatar: on_chosen(avatar))
            buttons.append(button)
        grid.set_widgets(buttons)
        self._first = buttons[0]
        self.body.addWidget(grid, 1)
        if pages > 1:
            more = kit.Button(_("More pictures"), size="kiosk", icon="caret-right", parent=self)
            more.setObjectName("more_avatars")
            more.clicked.connect(lambda: on_more())
            self.body.addWidget(more)

    def first_focus(self) -> QWidget:
        return self._first

    def go_back(self) -> None:
        self.kiosk.not_me()
