"""The stations of a plan: editing one, a task of its own for a group, taking another from the library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from blenddesk.domain import station_library
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.plans import (
    ADULT_ANY,
    ADULT_NONE,
    Block,
    BlockTask,
    Decides,
    Gate,
    Mode,
    PlanSheet,
    Priority,
    Role,
)
from blenddesk.domain.registry import Value
from blenddesk.domain.station_library import LIBRARY
from blenddesk.errors import Refusal
from blenddesk.services.plan_sheets import block_task_id, commit_sheet, load_sheet
from blenddesk.text import catalogue

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

MOST_STEPS = 6
MOST_TITLE = 40
LANGUAGES = ("en", "es", "ar")
"""Languages that ready-made stations have names in."""

OF_THE_LESSON = ("id", "plan", "position", "tint", "minutes", "capacity", "priority", "after")
"""What a place in a lesson keeps when another station is put there."""

_FIXED = frozenset({"id", "plan", "position"})
_WORDS: dict[str, type[StrEnum]] = {"mode": Mode, "role": Role, "priority": Priority, "gate": Gate} | {
    f"decides_{what}": Decides for what in ("what", "how", "when", "where", "pace", "path")
}


def class_words(ctx: AppContext, section: Id) -> Callable[[str], str]:
    """Puts a message id into the language of the class, whatever the desk speaks."""
    home = ctx.reads.sections.get(section)
    return catalogue((home.language if home else "") or ctx.settings.language).gettext


def library_block(ctx: AppContext, section: Id, code: str) -> Block:
    """A station of the library without ids: a ready-made one in the class's language, or an own one by its id in hex.

    Refusal ``station_unknown``.
    """
    if code in LIBRARY:
        return ready_made(code, class_words(ctx, section))
    for own in ctx.reads.plans.own_stations():
        if own.id.hex() == code and not own.archived:
            return own._replace(id=b"", plan=b"")
    raise Refusal("station_unknown", station=code)


def ready_made(code: str, translate: Callable[[str], str]) -> Block:
    """A ready-made station put through ``translate``, with its name in the other languages of the program."""
    return named(station_library.in_words(LIBRARY[code], translate), LIBRARY[code].title)


def named(block: Block, message: str) -> Block:
    """The station with its name in the other languages of the program; ``message`` is the message id of its title."""
    if block.names:
        return block
    names = {language: catalogue(language).gettext(message) for language in LANGUAGES}
    return block._replace(names=spoken_names({key: name for key, name in names.items() if name != block.title}))


def spoken_names(names: Mapping[str, str]) -> tuple[str, ...]:
    """Titles by language as a ``Block`` holds them; empty ones are left out. Refusal ``station_title_long``."""
    trimmed = {language: " ".join(name.split()) for language, name in names.items()}
    if any(len(name) > MOST_TITLE for name in trimmed.values()):
        raise Refusal("station_title_long", most=MOST_TITLE)
    return tuple(f"{language} {name}" for language, name in sorted(trimmed.items()) if name)


def edit_block(
    ctx: AppContext, section: Id, block: Id, /, *, group_tasks: Mapping[Id, str] | None = None, **changes: Value
) -> ChangeSet:
    """Writes fields of a station (``title``, ``task``, ``steps``, ``resource``, ``devices``, ``adult``, ...).

    ``group_tasks``: what single groups do here instead ("": the station's own task), in the same change.
    Refusals ``station_unknown``, ``station_title_empty``, ``station_title_long``, ``too_many_steps``,
    ``field_malformed``, ``unknown_field``, ``group_unknown``.
    """
    before = _sheet_of_block(ctx, section, block)
    old = before.block(block)
    new = old._replace(**clean_fields(changes))  # type: ignore[arg-type]
    if new.title != old.title and new.names == old.names:
        # Names in other languages say the old title: better none than another one.
        new = new._replace(names=())
    after = with_block(before, new)
    for group, task in (group_tasks or {}).items():
        after = _with_task(after, block, group, task)
    return commit_sheet(ctx, section, "station_edited", before, after, block=block)


def swap_block_from_library(ctx: AppContext, section: Id, block: Id, code: str) -> ChangeSet:
    """Puts a station of the library in the place of this one; its seats stay, tasks of single groups go.

    Colour, minutes, room for how many, whether all must come and after what stay too: they are the lesson's.
    """
    before = _sheet_of_block(ctx, section, block)
    old = before.block(block)
    kept = {name: getattr(old, name) for name in OF_THE_LESSON}
    taken = library_block(ctx, section, code)._replace(**kept)
    tasks = tuple(task for task in before.tasks if task.block != block)
    after = with_block(before, taken)._replace(tasks=tasks)
    return commit_sheet(ctx, section, "station_swapped", before, after, block=block)


def set_block_task(
    ctx: AppContext,
    section: Id,
    plan: Id,
    block: Id,
    group: Id,
    *,
    task: str = "",
    steps: Sequence[str] = (),
    step_pictures: Sequence[str] = (),
    resource: str = "",
) -> ChangeSet:
    """What one group does here instead of the station's own task; all empty: the station's own again.

    Refusals ``group_unknown``, ``station_unknown``, ``too_many_steps``.
    """
    before = load_sheet(ctx, section, plan)
    if all(one.id != group for one in before.groups):
        raise Refusal("group_unknown")
    if all(one.id != block for one in before.blocks):
        raise Refusal("station_unknown", station=block.hex())
    words, pictures = _clean_steps(steps, step_pictures)
    own = BlockTask(block_task_id(block, group), plan, block, group, task.strip(), words, pictures, resource.strip())
    others = tuple(one for one in before.tasks if one.id != own.id)
    said = bool(own.task or own.steps or own.resource)
    after = before._replace(tasks=(*others, own) if said else others)
    return commit_sheet(ctx, section, "station_edited", before, after, block=block)


def with_block(sheet: PlanSheet, block: Block) -> PlanSheet:
    """The sheet with this station in the place of the one with its id."""
    return sheet._replace(blocks=tuple(block if one.id == block.id else one for one in sheet.blocks))


def _with_task(sheet: PlanSheet, block: Id, group: Id, task: str) -> PlanSheet:
    """The sheet with another task of one group at a station; the group's own steps and file stay."""
    if all(one.id != group for one in sheet.groups):
        raise Refusal("group_unknown")
    key = block_task_id(block, group)
    old = next((one for one in sheet.tasks if one.id == key), BlockTask(key, sheet.plan.id, block, group))
    own = old._replace(task=task.strip())
    others = tuple(one for one in sheet.tasks if one.id != key)
    return sheet._replace(tasks=(*others, own) if own.task or own.steps or own.resource else others)


def clean_fields(changes: dict[str, Value]) -> dict[str, object]:
    """The fields as a ``Block`` holds them: trimmed, words as enum members, lists as tuples."""
    known = set(Block._fields) - _FIXED
    cleaned: dict[str, object] = {}
    for name, value in changes.items():
        if name not in known:
            raise Refusal("unknown_field", field=name)
        if name in _WORDS:
            if not isinstance(value, str) or value not in set(_WORDS[name]):
                raise Refusal("field_malformed", field=name)
            cleaned[name] = _WORDS[name](value)
        else:
            cleaned[name] = value.strip() if isinstance(value, str) else value
    if "title" in cleaned:
        title = " ".join(str(cleaned["title"]).split())
        if not title:
            raise Refusal("station_title_empty")
        if len(title) > MOST_TITLE:
            raise Refusal("station_title_long", most=MOST_TITLE)
        cleaned["title"] = title
    if "adult" in cleaned and not _is_adult(cleaned["adult"]):
        raise Refusal("field_malformed", field="adult")
    if "steps" in cleaned:
        steps, pictures = changes["steps"], changes.get("step_pictures")
        if not isinstance(steps, list | tuple) or not isinstance(pictures, list | tuple | None):
            raise Refusal("field_malformed", field="steps")
        cleaned["steps"], cleaned["step_pictures"] = _clean_steps(
            [str(step) for step in steps], [str(picture) for picture in pictures or ()]
        )
    return cleaned


def _clean_steps(steps: Sequence[str], pictures: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Steps without empty ones, each with its picture ("" where it has none)."""
    shown = [*pictures, *[""] * len(steps)]
    kept = [(step.strip(), picture) for step, picture in zip(steps, shown, strict=False) if step.strip()]
    if len(kept) > MOST_STEPS:
        raise Refusal("too_many_steps", most=MOST_STEPS)
    return tuple(step for step, _picture in kept), tuple(picture for _step, picture in kept)


def _is_adult(value: object) -> bool:
    if value in (ADULT_NONE, ADULT_ANY):
        return True
    return isinstance(value, str) and len(value) == 32 and all(letter in "0123456789abcdef" for letter in value)


def _sheet_of_block(ctx: AppContext, section: Id, block: Id) -> PlanSheet:
    for row in ctx.reads.reader.records("block", section=section, id=block):
        return load_sheet(ctx, section, row["plan"])
    raise Refusal("station_unknown", station=block.hex())
