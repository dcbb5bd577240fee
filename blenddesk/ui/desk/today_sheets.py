"""Questions that Today asks over the page: what to do with a whole group, with a latecomer, with a student's work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Group
from blenddesk.services.today import DayState, Need, TodayView
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk.today_group import shape_of
from blenddesk.ui.desk.today_words import clock_of_minute, round_words


def group_sheet(
    window: QWidget,
    view: TodayView,
    group: Group,
    round_: int | None,
    *,
    choose: Callable[[Id], object],
    log: Callable[[Id, int], object],
) -> kit.Sheet:
    """Everyone of a group to choose from, and "everyone did it" for a round."""
    assert view.sheet is not None
    shown = round_ if round_ is not None else view.board_round
    block = None if shown is None else view.sheet.block_of(group.id, shown)
    name = group.name or kit.group_name(shape_of(group))
    words = ""
    if block is not None and shown is not None:
        words = _("{round}: {place}").format(round=round_words(shown), place=block.title)
    sheet = kit.Sheet(window, name, words)
    grid = kit.ArrowGrid(3, spacing=8, letters=True, parent=sheet)
    for one in group.students:
        student = view.students.get(one)
        if student is None:
            continue
        chip = kit.NameChip(student.name, avatar=student.avatar, parent=grid)
        chip.setObjectName(f"choose_{one.hex()}")
        chip.setAccessibleDescription(_("Away") if one in view.away else "")
        chip.clicked.connect(lambda _checked=False, one=one: _close_and(sheet, choose, one))
        grid.add(chip)
    sheet.body.addWidget(grid)
    if block is not None and shown is not None and view.state in (DayState.RUNNING, DayState.FINISHED):
        everyone = kit.Button(_("Everyone here did it"), "primary", icon="check", parent=sheet.card)
        everyone.setObjectName("log_group")
        everyone.clicked.connect(lambda: _close_and(sheet, log, group.id, shown))
        sheet.add_action(everyone)
    return sheet


def late_sheet(
    window: QWidget,
    view: TodayView,
    need: Need,
    *,
    excuse: Callable[[Need], object],
    later: Callable[[Need], object],
) -> kit.Sheet:
    """A latecomer's missed rounds: excused, or kept to catch up on."""
    student = view.students.get(need.student)
    name = student.name if student is not None else ""
    came = "" if need.minute is None else clock_of_minute(need.minute)
    missed = ngettext("Came at {time} and missed {rounds}.", "Came at {time} and missed {rounds}.", len(need.rounds))
    rounds = ", ".join(round_words(one) for one in need.rounds)
    text = missed.format(time=came, rounds=rounds) if need.rounds else _("Came at {time}; nothing is missed.")
    sheet = kit.Sheet(window, _("{name} came late").format(name=name), text.format(time=came))
    keep = kit.Button(_("Catch up later"), "primary", parent=sheet.card)
    keep.setObjectName("late_keep")
    keep.clicked.connect(lambda: _close_and(sheet, later, need))
    if need.rounds:
        free = kit.Button(_("Excuse from it"), parent=sheet.card)
        free.setObjectName("late_excuse")
        free.clicked.connect(lambda: _close_and(sheet, excuse, need))
        sheet.add_action(free)
    sheet.add_action(keep)
    return sheet


def _close_and(sheet: kit.Sheet, then: Callable[..., object], *args: object) -> None:
    sheet.close_sheet()
    then(*args)
