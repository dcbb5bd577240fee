"""The station library: the 24 ready-made ones and the teacher's own, which every class of this teacher can use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.ops import ChangeSet, put
from blenddesk.domain.plans import Block, Mode
from blenddesk.domain.registry import BY_NAME, Value
from blenddesk.domain.station_library import LIBRARY
from blenddesk.errors import Refusal
from blenddesk.services.blocks import (
    class_words,
    clean_fields,
    library_block,
    ready_made,
    spoken_names,
)
from blenddesk.services.plan_sheets import load_sheet
from blenddesk.text import catalogue

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

WITH_ME, COMPUTER, PAPER = "with_me", "computer", "paper"
_OF_THE_PLAN = frozenset({"id", "plan", "position", "after", "priority"})
"""What a station has from the lesson it stands in."""


class LibraryStation(NamedTuple):
    """A card of the library. ``key``: the code of a ready-made one, or the id of an own one in hex."""

    key: str
    block: Block
    own: bool

    @property
    def kind(self) -> str:
        """What it takes: ``with_me`` (an adult), ``computer`` or ``paper``."""
        if self.block.adult != "none":
            return WITH_ME
        return COMPUTER if self.block.devices > 0 or self.block.mode is Mode.ONLINE else PAPER


class StationMade(NamedTuple):
    """A new own station; ``station`` is its id."""

    change: ChangeSet
    station: Id


# --- reading ------------------------------------------------------------------------------------------------------


def library(ctx: AppContext, section: Id | None) -> tuple[LibraryStation, ...]:
    """Every station to choose from: own ones by name, then the ready-made in the class's (else the desk's) language."""
    translate = catalogue(ctx.settings.language).gettext if section is None else class_words(ctx, section)
    own = [LibraryStation(one.id.hex(), one, True) for one in ctx.reads.plans.own_stations() if not one.archived]
    made = [LibraryStation(code, ready_made(code, translate), False) for code in LIBRARY]
    return (*own, *made)


def archived(ctx: AppContext) -> tuple[LibraryStation, ...]:
    """Own stations that were put away, by name."""
    return tuple(LibraryStation(one.id.hex(), one, True) for one in ctx.reads.plans.own_stations() if one.archived)


def found(
    stations: Collection[LibraryStation], words: str = "", *, kind: str = "", skill: str = ""
) -> tuple[LibraryStation, ...]:
    """Those that hold every one of the words (in name, task, skill, materials or steps), of a kind, for a skill."""
    wanted = words.casefold().split()

    def matches(one: LibraryStation) -> bool:
        block = one.block
        said = " ".join((block.title, block.task, block.skill, block.materials, *block.steps, *block.names)).casefold()
        return (
            all(word in said for word in wanted)
            and (not kind or one.kind == kind)
            and (not skill or block.skill == skill)
        )

    return tuple(one for one in stations if matches(one))


# --- changing -----------------------------------------------------------------------------------------------------


def new_station(ctx: AppContext, /, *, names: Mapping[str, str] | None = None, **fields: Value) -> StationMade:
    """A station of one's own; ``fields`` as in ``blocks.edit_block``, ``names`` by language.

    Refusals ``station_title_empty``, ``station_title_long``, ``too_many_steps``, ``field_malformed``,
    ``unknown_field``.
    """
    given = {"title": ""} | fields
    return _made(ctx, "own_station_made", {**_cleaned(given), "names": list(spoken_names(names or {}))})


def edit_station(
    ctx: AppContext, station: Id, /, *, names: Mapping[str, str] | None = None, **fields: Value
) -> ChangeSet:
    """Writes fields of an own station; ``names`` takes the place of all names in other languages.

    Refusals as ``new_station``, and ``station_unknown``.
    """
    old = _own(ctx, station)
    after = _cleaned(fields)
    if names is not None:
        after["names"] = list(spoken_names(names))
    before = _stored(old)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    drafts = [put(MINE, "block", station, **changed)] if changed else []
    return ctx.commit("own_station_edited", drafts, args={"block": station.hex()})


def archive_station(ctx: AppContext, station: Id) -> ChangeSet:
    """Puts an own station away; lessons that took it keep theirs. Refusal ``station_unknown``."""
    return _mark(ctx, station, "own_station_archived", archived=True)


def restore_station(ctx: AppContext, station: Id) -> ChangeSet:
    """Takes an own station out of what was put away. Refusal ``station_unknown``."""
    return _mark(ctx, station, "own_station_back", archived=False)


def copy_station(ctx: AppContext, section: Id | None, key: str) -> StationMade:
    """An own station like one of the library, to change as one likes. Refusal ``station_unknown``."""
    pattern = next((one for one in library(ctx, section) if one.key == key), None)
    if pattern is None:
        raise Refusal("station_unknown", station=key)
    copied = pattern.block.id if pattern.own else None
    return _made(ctx, "own_station_made", _stored(pattern.block) | ({"copied_from": copied} if copied else {}))


def keep_station(ctx: AppContext, section: Id, plan: Id, block: Id) -> StationMade:
    """A lesson's station into one's own library, for every class. Refusals ``plan_unknown``, ``station_unknown``."""
    sheet = load_sheet(ctx, section, plan)
    kept = next((one for one in sheet.blocks if one.id == block), None)
    if kept is None:
        raise Refusal("station_unknown", station=block.hex())
    # A named adult is of one class: another class asks for anyone.
    adult = kept.adult if kept.adult in ("none", "any") else "any"
    return _made(ctx, "own_station_kept", _stored(kept._replace(adult=adult)) | {"copied_from": block})


def _made(ctx: AppContext, label: str, fields: dict[str, Value]) -> StationMade:
    station = ctx.new_id()
    change = ctx.commit(label, [put(MINE, "block", station, **fields)], args={"block": station.hex()})
    return StationMade(change, station)


def _mark(ctx: AppContext, station: Id, label: str, *, archived: bool) -> ChangeSet:
    old = _own(ctx, station)
    drafts = [put(MINE, "block", station, archived=archived)] if old.archived != archived else []
    return ctx.commit(label, drafts, args={"block": station.hex()})


def _own(ctx: AppContext, station: Id) -> Block:
    for one in ctx.reads.plans.own_stations():
        if one.id == station:
            return one
    raise Refusal("station_unknown", station=station.hex())


def _cleaned(fields: dict[str, Value]) -> dict[str, Value]:
    return {name: _plain(value) for name, value in clean_fields(fields).items()}


def _stored(block: Block) -> dict[str, Value]:
    """What the library keeps of a station."""
    stored = {field.name for field in BY_NAME["block"].fields} - _OF_THE_PLAN - {"archived", "copied_from"}
    values = {name: _plain(value) for name, value in block._asdict().items() if name in stored}
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: object) -> Value:
    if isinstance(value, tuple | list):
        return list(value)
    # An enum member is its word.
    return str(value) if isinstance(value, str) else value  # type: ignore[return-value]


__all__ = [
    "COMPUTER",
    "PAPER",
    "WITH_ME",
    "LibraryStation",
    "StationMade",
    "archive_station",
    "archived",
    "copy_station",
    "edit_station",
    "found",
    "keep_station",
    "library",
    "library_block",
    "new_station",
    "restore_station",
]
