"""Copies of one computer: what they are called, how they are noticed, and giving one of them a name of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, count
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.hlc import milliseconds
from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.ops import ChangeSet, put
from blenddesk.errors import Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.storage.reads.conflicts import Life


class Copies(NamedTuple):
    """A device that lives twice. ``lives``: (epoch, when it last wrote, by its clock) of those that go by one name, the
    older first; one only while the two have not met and write as if they were one. ``here``: the life of this very
    computer among them, empty when there is none."""

    device: Id
    lives: tuple[tuple[Id, int], ...]
    sections: tuple[Id, ...]
    here: Id = b""

    @property
    def can_rename(self) -> bool:
        return len(self.lives) > 1


def unnamed(ctx: AppContext) -> list[Copies]:
    """Computers of which two go by one name, until one of them gets another.

    Two lives of one device that wrote in the same stretch of time cannot be one computer: whoever restores a backup
    begins the next life after the last one ended.
    """
    lives = ctx.reads.conflicts.lives()
    forked = ctx.reads.conflicts.forked()
    by_device: dict[Id, list[Life]] = {}
    for life in lives:
        by_device.setdefault(life.device, []).append(life)
    if not forked and all(len(some) < 2 for some in by_device.values()):
        return []
    given = _given_names(ctx, lives)
    found = []
    for device, some in by_device.items():
        sections = tuple(sorted({section for life in some for section in life.sections if section != MINE}))
        if not sections:
            continue
        names = {given.get((device, life.epoch), "") for life in some}
        alike = (two for two in _pairs(some) if len({given.get((device, life.epoch), "") for life in two}) == 1)
        pair = next(alike, None)
        if pair is not None:
            # A copy has the first life on its disk as well: what it is itself is the later one.
            here = next((life.epoch for life in reversed(pair) if life.here), b"")
            times = tuple((life.epoch, milliseconds(life.newest_hlc)) for life in pair)
            found.append(Copies(device, times, sections, here))
        elif device in forked and len(names) < 2:
            newest = max(some, key=lambda life: life.newest_hlc)
            found.append(Copies(device, ((newest.epoch, milliseconds(newest.newest_hlc)),), sections))
    return found


def _pairs(lives: list[Life]) -> list[tuple[Life, Life]]:
    """Lives that wrote in the same stretch of time, the one that began first before the other."""
    ordered = sorted(lives, key=lambda life: (life.first_hlc, life.epoch))
    return [(one, other) for one, other in combinations(ordered, 2) if one.newest_hlc > other.first_hlc]


def _given_names(ctx: AppContext, lives: Iterable[Life]) -> dict[tuple[Id, Id], str]:
    """The names that teachers gave to lives of devices; a life that goes on from another has its name."""
    rows = ctx.reads.reader.records("computer")
    given = {(row["device"], row["epoch"]): row["name"] for row in rows if row["name"] and row["epoch"]}
    for life in sorted(lives, key=lambda life: life.first_hlc) if given else ():
        for before in life.continues:
            if (life.device, before) in given:
                given.setdefault((life.device, life.epoch), given[life.device, before])
    return given


def rename(ctx: AppContext, device: Id, name: str) -> ChangeSet:
    """Calls the younger of two copies ``name`` from now on, in every class of it.

    Refusals ``computer_name_empty``, ``question_gone``, ``copy_not_met``: both still write as one.
    """
    cleaned = " ".join(name.split())
    pair = next((one for one in unnamed(ctx) if one.device == device), None)
    if pair is None:
        raise Refusal("question_gone")
    if not pair.can_rename:
        raise Refusal("copy_not_met")
    if not cleaned:
        raise Refusal("computer_name_empty")
    epoch = pair.lives[-1][0]
    drafts = [
        put(section, "computer", derived_id("computer_life", device, epoch), name=cleaned, device=device, epoch=epoch)
        for section in pair.sections
    ]
    return ctx.commit("copy_renamed", drafts, args={"name": cleaned})


class ComputerNames:
    """What computers are called: a copy by the name it was given, others as they were certified. Asked once a class."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._certified: dict[Id, dict[Id, str]] = {}
        self._given: dict[tuple[Id, Id], str] | None = None
        self._me: Id | None = None

    def of(self, section: Id, device: Id, epoch: Id) -> str:
        """The name, or "" for a computer that nobody vouched for here."""
        if self._given is None:
            self._given = _given_names(self._ctx, self._ctx.reads.conflicts.lives())
        return self._given.get((device, epoch)) or self._certified_names(section).get(device, "")

    def is_ours(self, device: Id) -> bool:
        """Whether it is this computer, or one of the same identity."""
        if self._me is None:
            self._me = self._ctx.reads.conflicts.this_device()
        return device == self._me

    def free(self, section: Id, name: str) -> str:
        """A name for the copy of a computer: the next free number behind it, such as Blue-4 for Blue-3."""
        assert self._given is not None
        taken = {one.casefold() for one in (*self._certified_names(section).values(), *self._given.values())}
        stem = name.rstrip("0123456789")
        digits = name[len(stem) :]
        start, joint = (int(digits) + 1, stem) if digits else (2, f"{stem} ")
        return next(one for n in count(start) if (one := f"{joint}{n}").casefold() not in taken)

    def _certified_names(self, section: Id) -> dict[Id, str]:
        if section not in self._certified:
            from blenddesk.sync.trust import known_devices

            with self._ctx.ledger.database.read() as connection:
                devices = known_devices(connection, section)
            self._certified[section] = {device.device_id: device.name for device in reversed(devices)}
        return self._certified[section]
