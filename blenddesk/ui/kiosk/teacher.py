"""The teacher's way on a student computer: carrying work, a shared folder, one more class, and closing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from blenddesk.text import _
from blenddesk.ui import kit
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
        _tell_of_data(window, sheet)
        if window.context.key_in_file:
            from blenddesk.ui.key_place import KeyPlaceLine

            sheet.body.addWidget(KeyPlaceLine(sheet))
    sheet.answer(_("Stay"), "stay_open", lambda: None, kind="primary")
    sheet.answer(_("Close"), "close_for_good", window.close_for_good, kind="secondary")
    sheet.open()


def _tell_of_data(window: KioskWindow, sheet: KioskSheet) -> None:
    """What the self-check and the backups of this computer met; nothing while all is well."""
    care, face = window.care, window.face
    if care is None or not care.news():
        return
    line = kit.Text(care.news(), "small", tone="warn", parent=sheet)
    line.setObjectName("care_line")
    sheet.body.addWidget(line)
    if care.is_damaged and face is not None:
        from blenddesk.ui import rescue

        key = window.context.reads.reader.key
        sheet.offer(_("Put it right"), "teacher_repair", "arrow-counter-clockwise", lambda: rescue.repair(face, key))


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
