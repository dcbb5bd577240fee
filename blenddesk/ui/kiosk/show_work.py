"""A picture of my work: the newest pictures of this computer, a stick or a camera's card, large enough to tap."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from blenddesk.errors import BlendDeskError
from blenddesk.services.kiosk import Picture
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kiosk.visit import Draft
from blenddesk.ui.picture_intake import SUFFIXES, read_picture, thumbnail
from blenddesk.ui.sticks import removable_folders

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow

SHOWN = 8
MOST_PAGES = 5
DEPTH = 3
"""Folders within folders: cameras keep theirs in DCIM/100CANON."""
MOST_ENTRIES = 4_000
THUMBNAIL = 420
WAIT_MS = 40


def places() -> list[Path]:
    """Where pictures may lie: sticks and cards first, then this account's own folder for them."""
    own = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return [*(folder for folder, _name in removable_folders()), *([Path(own)] if own else [])]


def newest_pictures(folders: list[Path], most: int = SHOWN * MOST_PAGES) -> list[Path]:
    """Picture files by their suffix, the newest first; of a folder that cannot be read none."""
    found: list[tuple[float, str]] = []
    left = MOST_ENTRIES
    waiting = [(folder, 0) for folder in reversed(folders)]
    while waiting and left > 0:
        folder, depth = waiting.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                left -= 1
                if left <= 0:
                    break
                if entry.name.startswith("."):
                    continue
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        if depth < DEPTH:
                            waiting.append((Path(entry.path), depth + 1))
                    elif entry.name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                        found.append((entry.stat().st_mtime, entry.path))
    return [Path(path) for _at, path in sorted(found, reverse=True)[:most]]


class ShowWorkScreen(KioskScreen):
    """Tapping a picture takes it along and goes back to the answers, at the station at ``place``.

    Files are looked at in a thread, one after the other: a slow card keeps nobody from going back.
    """

    name = "show_work"

    def __init__(self, window: KioskWindow, draft: Draft, place: int, *, page: int = 0) -> None:
        super().__init__(window)
        self.draft, self.place, self._page = draft, place, page
        self._paths: list[Path] | None = None
        self._pending: list[tuple[kit.PhotoTile, Path]] = []
        self._wanted: Path | None = None
        back = self.pill(_("Back"), "back", "arrow-left")
        back.clicked.connect(self.go_back)
        self._back = back
        self.lead.addWidget(back)
        self.add_title(_("A picture of my work"), _("Tap one. Your teacher sees it."))
        self.pills.addWidget(self.add_not_me())
        self._last_pill = self.add_help()
        self.message = kit.Text(_("Looking for pictures …"), "large", tone="dim", parent=self)
        self.message.setObjectName("show_work_message")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.message)
        self.grid = kit.ArrowGrid(4, spacing=12 if self.low else 16, parent=self)
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.grid, 1)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        self.without = kit.Button(_("No picture"), size="kiosk", icon="trash", parent=self)
        self.without.setObjectName("no_picture")
        self.without.setVisible(draft.picture is not None)
        self.without.clicked.connect(self._take_away)
        self.more = kit.Button(_("More pictures"), size="kiosk", icon="arrow-right", parent=self)
        self.more.setObjectName("more_pictures")
        self.more.hide()
        self.more.clicked.connect(self._turn)
        foot.addWidget(self.without)
        foot.addStretch(1)
        foot.addWidget(self.more)
        self.body.addLayout(foot)
        self._steps = QTimer(self)
        self._steps.setSingleShot(True)
        self._steps.timeout.connect(self._step)
        self._steps.start(0)

    def first_focus(self) -> QWidget | None:
        return self._back

    def go_back(self) -> None:
        self.kiosk.show_reflect(self.place)

    def tick(self) -> None:
        """A card that is put in now is found."""
        if self._paths == []:
            self._paths = None
            self._steps.start(0)

    # --- one thing after the other ----------------------------------------------------------------------------------

    def _step(self) -> None:
        tasks = self.kiosk.tasks
        if tasks.is_busy:
            self._steps.start(WAIT_MS)
        elif self._wanted is not None:
            path = self._wanted
            tasks.start("", lambda _progress: read_picture(path), done=self._on_read, failed=self._on_bad, quietly=True)
        elif self._paths is None:
            folders = places()
            tasks.start(
                "", lambda _progress: newest_pictures(folders), done=self._on_found, failed=self._on_bad, quietly=True
            )
        elif self._pending:
            tile, path = self._pending.pop(0)
            tasks.start(
                "",
                lambda _progress: thumbnail(path, THUMBNAIL),
                done=lambda image: self._on_thumbnail(tile, image),
                failed=lambda error: self._on_no_thumbnail(tile, error),
                quietly=True,
            )

    def _is_shown(self) -> bool:
        return self.kiosk.screen_widget is self

    def _on_found(self, paths: list[Path]) -> None:
        if not self._is_shown():
            return
        self._paths = paths
        words = "" if paths else _("Put in your stick or card.")
        self.message.setText(words)
        self.message.setVisible(bool(words))
        self._show_page()

    def _show_page(self) -> None:
        paths = self._paths or []
        first = self._page * SHOWN
        tiles = []
        for number, path in enumerate(paths[first : first + SHOWN], first + 1):
            tile = kit.PhotoTile(_("Picture {n}").format(n=number), width=200, height=100, grows=True, parent=self.grid)
            tile.setObjectName(f"photo_{number}")
            tile.clicked.connect(lambda _checked=False, path=path: self._choose(path))
            tiles.append(tile)
        self.grid.set_widgets(tiles)
        self._pending = list(zip(tiles, paths[first : first + SHOWN], strict=True))
        self.more.setVisible(len(paths) > SHOWN)
        # Made after the buttons below them, and met before.
        chain: list[QWidget] = [self._last_pill, *tiles, self.without, self.more]
        for one, after in pairwise(chain):
            QWidget.setTabOrder(one, after)
        if tiles and self._back.hasFocus():
            tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._steps.start(0)

    def _turn(self) -> None:
        pages = -(-len(self._paths or []) // SHOWN)
        self._page = (self._page + 1) % max(1, pages)
        self._show_page()

    def _on_thumbnail(self, tile: kit.PhotoTile, image: QImage) -> None:
        if self._is_shown() and tile in self.grid.widgets():
            tile.set_image(image)
        self._go_on()

    def _on_no_thumbnail(self, tile: kit.PhotoTile, error: Exception) -> None:
        """Not a picture after all, or one too large: it cannot be chosen."""
        if not isinstance(error, BlendDeskError):
            raise error
        if self._is_shown() and tile in self.grid.widgets():
            tile.setEnabled(False)
        self._go_on()

    def _go_on(self) -> None:
        if self._is_shown():
            self._steps.start(0)

    # --- choosing ---------------------------------------------------------------------------------------------------

    def _choose(self, path: Path) -> None:
        self._wanted = path
        self._say(_("One moment …"))
        self._steps.start(0)

    def _on_read(self, picture: Picture) -> None:
        if self._is_shown():
            self.draft.picture = picture
            kit.announce(self, _("Your picture goes along."))
            self.go_back()

    def _on_bad(self, error: Exception) -> None:
        if not isinstance(error, BlendDeskError):
            raise error
        if self._is_shown():
            self._wanted = None
            self._say(_("It did not open. Take another."))
            self._go_on()

    def _say(self, words: str) -> None:
        self.message.setText(words)
        self.message.show()
        kit.announce(self, words)

    def _take_away(self) -> None:
        self.draft.picture = None
        self.go_back()
