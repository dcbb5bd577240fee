"""The teacher's way on a student computer: carrying work, a shared folder, one more class, and closing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from blenddesk.text import _
from blenddesk.ui.kiosk.signs import KioskSheet

if TYPE_CHECKING:
    from blenddesk.ui.kiosk.window import KioskWindow


def ask_teacher(window: KioskWindow) -> None:
    """What the lock opens. On the desk there is nothing to carry: the work is at home already.

    On a desk with a pass phrase that takes the place of the plain question.
    """
    if window.guard is not None:
        window.guard(window.close_for_good)
        return
    sheet = KioskSheet(window, _("Only for your teacher"), _("Close the student computer? What is ticked is saved."))
    if not window.context.is_desk:
        sheet.text.setText(_("What is ticked is saved."))
        sheet.offer(_("Carry work with a stick"), "teacher_carry", "usb", partial(carry, window))
        sheet.offer(_("Shared folder"), "teacher_watch", "folder-open", partial(watch, window))
        sheet.offer(_("Add another class"), "teacher_join", "plus", partial(join, window))
        if window.context.key_in_file:
            from blenddesk.ui.key_place import KeyPlaceLine

            sheet.body.addWidget(KeyPlaceLine(sheet))
    sheet.answer(_("Stay"), "stay_open", lambda: None, kind="primary")
    sheet.answer(_("Close"), "close_for_good", window.close_for_good, kind="secondary")
    sheet.open()


def carry(window: KioskWindow) -> None:
    """Work from here onto the stick, what is new from it. What children ticked and left goes along."""
    from blenddesk.ui.carry import CarrySheet

    window.show_who()
    if window.save_drafts():
        CarrySheet(window, window.context, window.tasks).open()


def watch(window: KioskWindow) -> None:
    """The folder that is read and written by itself."""
    from blenddesk.ui.watch_card import WatchSheet

    window.show_who()
    WatchSheet(window, window.context, window.watching).open()


def join(window: KioskWindow) -> None:
    from blenddesk.ui.join import JoinSheet

    window.show_who()
    JoinSheet(window, window.context, window.tasks, lambda _section: window.show_classes()).open()
