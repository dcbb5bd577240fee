"""Signing in on the student's window: which tile asks for pictures, what three taps mean, choosing them at first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from blenddesk.domain.people import Student
from blenddesk.services import kiosk
from blenddesk.text import _
from blenddesk.ui.kiosk.first_time import AvatarScreen
from blenddesk.ui.kiosk.pictures import PicturesScreen

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


class SignIn:
    """From a tapped tile to ``window.sign_in``; on a desk by way of the pictures chosen for the first time."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window

    def begin(self, student: Student) -> None:
        """A tile was tapped: asks for the three pictures, has them chosen, or lets the student in."""
        window = self._window
        view = window.session.view
        assert view is not None
        if view.section.sign_in == "pictures" and kiosk.may_choose_sign_in(window.context, student):
            if student.avatar:
                self._choose_code(student, student.avatar)
            else:
                self.choose_avatar(student)
        elif kiosk.needs_code(view, student):
            self._ask_pictures(student, _("Tap your 3 pictures."), partial(self._check_code, student))
        else:
            window.sign_in(student)

    def _ask_pictures(
        self, student: Student, ask: str, then: Callable[[Sequence[int]], str], *, all_different: bool = False
    ) -> None:
        window = self._window
        shape = window.session.shape_of(student)
        window.show_screen(PicturesScreen(window, student, shape, ask=ask, on_code=then, all_different=all_different))

    def _check_code(self, student: Student, code: Sequence[int]) -> str:
        """What to say instead of letting in; "" when the pictures were right."""
        window = self._window
        if window.session.code_fits(student, code):
            window.sign_in(student)
            return ""
        if not window.session.needs_teacher(student):
            return _("Not quite. Try again.")
        assert window.session.section_id is not None
        window.do(kiosk.note_missed_sign_in, window.session.section_id, student.id)
        return _("Ask your teacher.")

    # --- the first time (on a desk) ---------------------------------------------------------------------------------

    def choose_avatar(self, student: Student, page: int = 0) -> None:
        view = self._window.session.view
        taken = {tile.student.avatar for tile in view.tiles} if view is not None else set()
        on_chosen = partial(self._choose_code, student)
        on_more = partial(self.choose_avatar, student, page + 1)
        self._window.show_screen(AvatarScreen(self._window, taken, page, on_chosen=on_chosen, on_more=on_more))

    def _choose_code(self, student: Student, avatar: str) -> None:
        then = partial(self._confirm_code, student, avatar)
        self._ask_pictures(student, _("Choose 3 pictures."), then, all_different=True)

    def _confirm_code(self, student: Student, avatar: str, first: Sequence[int]) -> str:
        window = self._window

        def again(second: Sequence[int]) -> str:
            if list(second) != list(first):
                self._choose_code(student, avatar)
            elif window.do(kiosk.choose_sign_in, student.id, avatar=avatar, code=list(first)) is not None:
                window.sign_in(student)
            return ""

        self._ask_pictures(student, _("And once more, the same 3."), again)
        return ""
