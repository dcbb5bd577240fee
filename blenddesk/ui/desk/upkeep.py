"""News of what the desk does for its data unasked: one line when something was wrong, and a backup before it closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import backups
from blenddesk.services.selfcheck import Health
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.upkeep import Upkeep

if TYPE_CHECKING:
    from blenddesk.ui.desk.window import DeskWindow


class Caretaker(QObject):
    """Joins ``Upkeep`` to a desk window: its news as one line at the top, and a backup before the window closes."""

    def __init__(self, window: DeskWindow) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.session.context
        self.line: kit.Banner | None = None
        self.upkeep = Upkeep(self._context, self, is_busy=window.is_working)
        self.upkeep.checked.connect(self._on_checked)
        self.upkeep.backed_up.connect(self._on_backed_up)
        self.upkeep.start()

    @property
    def is_working(self) -> bool:
        return self.upkeep.is_working

    def stop(self) -> None:
        self.upkeep.stop()

    def begin_last_backup(self, then: Callable[[], object]) -> bool:
        """Starts the backup that is due before the end, under counted progress; ``then`` is called whatever comes of
        it, also after Cancel. False: none is due."""
        if self._window.tasks.is_busy or not self.upkeep.is_backup_due():
            return False
        self.stop()
        self._window.tasks.start(
            _("Saving a backup"),
            lambda progress: backups.back_up(self._context, progress=progress),
            done=lambda _made: _call(then),
            failed=lambda _error: _call(then),
            cancelled=lambda: _call(then),
            text=_("BlendDesk closes by itself. Cancel closes it at once; everything is saved in any case."),
        )
        return True

    def _on_checked(self, found: object) -> None:
        if isinstance(found, BlendDeskError):
            if found.code in ("database_unreadable", "database_missing"):
                self._say_damaged()
        elif isinstance(found, Health):
            self._say_health(found)
        place = None if self._context.reads.reader.is_locked else backups.second_place(self._context)
        if self.line is None and place is not None and place.is_long_away:
            self.say(
                ngettext(
                    "No backup on {name} for {n} day. Put it in, and the next backup goes there too.",
                    "No backup on {name} for {n} days. Put it in, and the next backup goes there too.",
                    place.days_away,
                ).format(name=place.folder.name or str(place.folder), n=place.days_away),
                "info",
            )

    def _say_health(self, health: Health) -> None:
        if health.is_damaged:
            self._say_damaged()
        elif health.misses_changes:
            computers = kit.Button(_("To the computers"), size="small")
            computers.clicked.connect(lambda: self._window.open_page("computers"))
            self.say(
                _(
                    "A few changes are missing since the class data was damaged. Everything else is safe. Bring home "
                    "work from the other computers: what they hold comes back."
                ),
                "warn",
                computers,
            )
        elif health.damaged_backups:
            self.say(
                ngettext(
                    "{n} backup on this computer was damaged and is put aside. The class data is fine. A new backup is "
                    "being made.",
                    "{n} backups on this computer were damaged and are put aside. The class data is fine. A new backup "
                    "is being made.",
                    len(health.damaged_backups),
                ).format(n=len(health.damaged_backups)),
                "warn",
            )
            self.upkeep.back_up_now()
        elif health.remade:
            self.say(
                _("What was shown differed from what is stored. It was made anew and is right now. Nothing is lost."),
                "info",
            )

    def _say_damaged(self) -> None:
        face = self._window.face
        actions = []
        if face is not None:
            right = kit.Button(_("Put it right"), "primary", size="small")
            right.setObjectName("upkeep_repair")
            right.clicked.connect(self._on_repair_clicked)
            actions.append(right)
        self.say(
            _(
                "A part of the class data on this computer's disk is damaged. Backups and the other computers have it. "
                "Put it right before you go on; it takes about a minute."
            ),
            "danger",
            *actions,
        )

    def _on_repair_clicked(self) -> None:
        from blenddesk.ui import rescue

        face = self._window.face
        if face is not None:
            rescue.repair(face, self._context.reads.reader.key)

    def _on_backed_up(self, made: object) -> None:
        if isinstance(made, BlendDeskError) and made.code != "locked":
            self.say(_("No backup could be made. {reason}").format(reason=error_sentence(made)), "warn")

    def say(self, words: str, kind: str, *actions: kit.Button) -> None:
        """One line at the top of the window, in place of the one before."""
        if self.line is not None:
            self.line.hide()
            self.line.deleteLater()
        self.line = kit.Banner(words, kind, actions=actions, closable=kind != "danger", parent=self._window)  # type: ignore[arg-type]
        self.line.setObjectName("upkeep_line")
        self._window.show_line(self.line)
        kit.announce(self._window, words, urgent=kind == "danger")


def _call(then: Callable[[], object]) -> None:
    then()
