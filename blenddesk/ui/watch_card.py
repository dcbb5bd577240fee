"""The watched folder on a page or a sheet: which it is, how it goes, pause, another one, none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services.context import AppContext
from blenddesk.text import _
from blenddesk.ui import kit, watch_words
from blenddesk.ui.watching import FolderWatching

ICONS: dict[str, tuple[str, Literal["ok", "warn", "dim"]]] = {
    "ok": ("check-circle", "ok"),
    "warn": ("warning-circle", "warn"),
    "dim": ("clock", "dim"),
}


class WatchCard(kit.Card):
    """``ask_folder`` may be replaced by tests."""

    def __init__(self, context: AppContext, watching: FolderWatching, parent: QWidget | None = None) -> None:
        super().__init__(padding=10, parent=parent)
        self.setObjectName("watch_card")
        self.setAccessibleName(_("Shared folder"))
        self._context, self._watching = context, watching
        self.ask_folder: Callable[[str], str] = self._ask_folder
        self.name = kit.ShortText(_("Shared folder"), bold=True, parent=self)
        self.status = kit.Text("", role="small", tone="dim", parent=self)
        self.mark = kit.IconLabel("clock", tone="dim", px=20, parent=self)
        self.choose = kit.Button(_("Choose the folder"), icon="folder-open", parent=self)
        self.choose.setObjectName("watch_choose")
        self.choose.clicked.connect(self._on_choose_clicked)
        self.pause = kit.Button(_("Pause"), icon="pause", parent=self)
        self.pause.setObjectName("watch_pause")
        self.pause.clicked.connect(self._on_pause_clicked)
        self.end = kit.IconButton("x", _("Use no shared folder any more"), framed=False, parent=self)
        self.end.setObjectName("watch_end")
        self.end.clicked.connect(lambda: self._choose(""))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.status, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addLayout(line)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(kit.IconLabel("folder-open", tone="primary_ink", px=26, weight="regular", parent=self))
        row.addLayout(words, 1)
        row.addWidget(self.pause)
        row.addWidget(self.choose)
        row.addWidget(self.end)
        self.body.addLayout(row)
        self._language = text.language()
        watching.changed.connect(self._on_changed)
        self.refresh()

    def _on_changed(self) -> None:
        # In front may be the student's window, which speaks a child's language.
        with text.speaking(self._language):
            self.refresh()

    def refresh(self) -> None:
        settings = self._context.settings
        folder = settings.watched_folder
        chosen = bool(folder)
        name = Path(folder).name or folder
        self.name.setText(_("Shared folder: {name}").format(name=name) if chosen else _("Shared folder"))
        self.name.setToolTip(folder)
        self.pause.setVisible(chosen)
        self.pause.setText(_("Go on") if settings.watch_paused else _("Pause"))
        self.pause.set_icon("play" if settings.watch_paused else "pause")
        self.choose.setText(_("Another folder") if chosen else _("Choose the folder"))
        self.end.setVisible(chosen)
        self.mark.setVisible(chosen)
        if not chosen:
            self._say(watch_words.about(), "dim")
            return
        said, tone = watch_words.status(self._context.clock, self._watching.seen, paused=settings.watch_paused)
        self._say(said, tone)

    def _say(self, said: str, tone: str) -> None:
        icon, shade = ICONS[tone]
        self.mark.set_icon(icon, tone=shade)
        self.status.setText(said)
        self.status.set_tone("warn" if tone == "warn" else "dim")

    def _on_choose_clicked(self) -> None:
        chosen = self.ask_folder(self._context.settings.watched_folder)
        if chosen:
            self._choose(chosen)

    def _choose(self, folder: str) -> None:
        try:
            self._watching.choose(folder)
        except BlendDeskError as error:
            self._say(error_sentence(error), "warn")
            self.mark.show()
            kit.announce(self, error_sentence(error))

    def _on_pause_clicked(self) -> None:
        self._watching.pause(paused=not self._context.settings.watch_paused)

    def _ask_folder(self, start: str) -> str:
        return QFileDialog.getExistingDirectory(self, _("Choose the folder that all computers share"), start)


class WatchSheet(kit.Sheet):
    """The same on a student computer, behind the teacher's way in."""

    def __init__(self, window: QWidget, context: AppContext, watching: FolderWatching) -> None:
        words = _("What is chosen here holds for this computer only, also while nobody is signed in.")
        super().__init__(window, _("Shared folder"), words, width=760)
        self.setObjectName("watch_sheet")
        if self.cancel is not None:
            self.cancel.setText(_("Close"))
        self.folder = WatchCard(context, watching, self)
        self.body.addWidget(self.folder)
        watching.changed.connect(self._fit)

    def _fit(self) -> None:
        """What is to be said may be longer than before."""
        self.body.activate()
        self.place()
