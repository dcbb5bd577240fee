"""Who did it with me?: friends of a pair, a trio or a whole table, ticked by the one who signed in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.services.kiosk import Tile
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kiosk.visit import Draft
from blenddesk.ui.kiosk.who import avatar_of, best_columns

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

MANY = 16
"""More class mates than this and only the own group is shown first: these are who sits at the table."""


class FriendsScreen(KioskScreen):
    """Tiles that stay ticked. Friends need no pictures: what they get is a claim made by the one who records."""

    name = "friends"

    def __init__(
        self, window: KioskWindow, tiles: Sequence[Tile], shape: str, draft: Draft, *, everyone: bool = False
    ) -> None:
        super().__init__(window)
        self.draft = draft
        self.add_title(_("Who did it with you?"), _("Tap your friends."))
        self.pills.addWidget(self.add_not_me())
        group = [tile for tile in tiles if tile.shape == shape]
        others = [tile for tile in tiles if tile.shape != shape]
        shown = group if len(tiles) > MANY and group and not everyone else [*group, *others]
        grid = kit.ArrowGrid(6, spacing=10, letters=True, parent=self)
        buttons: list[QWidget] = []
        for place, tile in enumerate(shown, 1):
            button = kit.NameTile(
                tile.student.name,
                avatar=avatar_of(tile.student, self.older),
                shape=tile.shape if tile.shape in theme.SHAPES else "",
                letter=self.older,
                parent=grid,
            )
            button.setObjectName(f"friend_{place}")
            button.setCheckable(True)
            button.setMaximumHeight(theme.look_of(window).px(190))
            button.clicked.connect(lambda on, b=button, who=tile.student.id: self._on_tile(b, who, on))
            if tile.student.id in draft.friends:
                button.setChecked(True)
                button.set_state(turn=True, done=True)
            buttons.append(button)
        columns = best_columns(max(len(buttons), 2), window.width() - 56, window.height() - 260)
        grid.set_widgets(buttons, columns=max(columns, math.ceil(len(buttons) / 6)))
        self._first = buttons[0] if buttons else None
        self.body.addWidget(grid, 1)
        if len(shown) < len(tiles):
            more = self.pill(_("Other groups"), "all_friends", "users-three")
            more.clicked.connect(lambda: window.show_friends(everyone=True))
            self.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeading)
        done = kit.Button(_("OK"), "go", size="kiosk", icon="check", parent=self)
        done.setObjectName("friends_done")
        done.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        done.clicked.connect(self.go_back)
        self._done = done
        self.body.addWidget(done)

    def _on_tile(self, button: kit.NameTile, who: bytes, on: bool) -> None:
        button.set_state(turn=on, done=on)
        if on:
            self.draft.friends.append(who)
        else:
            self.draft.friends.remove(who)

    def first_focus(self) -> QWidget | None:
        return self._first or self._done

    def go_back(self) -> None:
        self.kiosk.show_stations()
