"""What the pages of one desk window share: the data, the class in view, and the ways to change, ask and undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import BlendDeskError
from blenddesk.services import history
from blenddesk.services.context import AppContext
from blenddesk.ui.bus import Bus

if TYPE_CHECKING:
    from blenddesk.domain.people import Section
    from blenddesk.ui.desk.window import DeskWindow

P = ParamSpec("P")
R = TypeVar("R")


class DeskSession(QObject):
    """Handed to every desk page. ``do`` is the one way to change anything from a page."""

    section_changed = Signal()
    painted = Signal()
    """The window has been painted for the first time: what could wait until then."""

    def __init__(self, context: AppContext, window: DeskWindow) -> None:
        super().__init__(window)
        self.context = context
        self.window = window
        self.bus = Bus(context, self)
        self._section: Id | None = None

    # --- the class in view ----------------------------------------------------------------------------------

    @property
    def section_id(self) -> Id | None:
        """The class in view; None while there is no class at all."""
        return self._section

    def section(self) -> Section | None:
        return None if self._section is None else self.context.reads.sections.get(self._section)

    def choose_section(self, section: Id | None) -> None:
        if section != self._section:
            self._section = section
            self.section_changed.emit()

    # --- changing -------------------------------------------------------------------------------------------

    def do(self, use_case: Callable[Concatenate[AppContext, P], R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Runs a use case and says so with Undo; a refusal is said in words and gives None."""
        result = self.quietly(use_case, *args, **kwargs)
        change = result if isinstance(result, ChangeSet) else getattr(result, "change", None)
        if isinstance(change, ChangeSet) and not change.is_empty:
            self.say_change(change.change_id)
        return result

    def quietly(self, use_case: Callable[Concatenate[AppContext, P], R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Like ``do`` but without a word when it works (typing in a form, ticking attendance)."""
        try:
            return self.context.run(use_case, *args, **kwargs)
        except BlendDeskError as error:
            self.say_trouble(error)
            return None

    def undo(self) -> None:
        """Takes back the newest change that stands (Ctrl+Z)."""
        self.do(history.undo)

    def redo(self) -> None:
        self.do(history.redo)

    # --- saying ---------------------------------------------------------------------------------------------

    def say_change(self, change_id: int) -> None:
        """The change in words, with Undo beside it for 8 seconds."""
        line = history.change(self.context, change_id)
        from blenddesk.messages import change_sentence

        sentence = change_sentence(line.label, line.args, lambda key: history.name_of(self.context, key))
        undoable = line.undoes is None and not line.lasting
        self.window.toast.show_message(sentence, (lambda: self.do(history.undo, change_id)) if undoable else None)

    def say(self, sentence: str) -> None:
        self.window.toast.show_message(sentence)

    def say_trouble(self, error: Exception) -> None:
        """A refusal or trouble in words; a bug is handed on to the crash dialog."""
        if not isinstance(error, BlendDeskError):
            raise error
        from blenddesk.messages import error_sentence

        self.window.toast.show_message(error_sentence(error))
