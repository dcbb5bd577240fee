"""What one day of the week holds as blocks: its lessons, its free meetings, and room where it has neither."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.services.weeks import Day
from blenddesk.ui.desk.week_cards import DayHead, FreeSlot, LessonCard, Target, trouble_words
from blenddesk.ui.desk.week_grid import Block, Column
from blenddesk.ui.desk.week_words import failed_words


def column_of(ctx: AppContext, day: Day, names: Mapping[Id, str], home: Id | None, *, is_today: bool) -> Column:
    """A day's blocks and head. ``names``: what classes are called on them ("": not at all); ``home``: the class that
    the room of a day without a free meeting is for."""
    iso = day.day.isoformat()
    blocks: list[Block] = [
        LessonCard(
            lesson,
            names[lesson.section],
            trouble_words(lesson, off=day.is_off, checks=partial(failed_words, ctx, lesson)),
            off=day.is_off,
        )
        for lesson in day.lessons
    ]
    for section, slot in day.free:
        free = FreeSlot(Target(section, iso, slot.start_minute), slot, names[section])
        free.setObjectName(f"week_free_{iso}_{slot.start_minute}_{section.hex()[:6]}")
        blocks.append(free)
    if not day.free and not day.is_off and home is not None:
        room = FreeSlot(Target(home, iso, None), None, "")
        room.setObjectName(f"week_room_{iso}")
        blocks.append(room)
    blocks.sort(key=_time_of)
    head = DayHead(day, is_today=is_today)
    head.setObjectName(f"week_head_{iso}")
    return Column(day, head, blocks)


def _time_of(block: Block) -> tuple[int, int]:
    if isinstance(block, LessonCard):
        return block.lesson.plan.start_minute or 0, 0
    return (0, 1) if block.slot is None else (block.slot.start_minute, 1)
