"""Work that travels: adding student computers, taking work to them, bringing theirs home, and who is home."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import MINE, Id
from blenddesk.domain.ops import ChangeSet, merge_change_sets
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.sync.exchange import PackageResult
    from blenddesk.sync.volume_carrier import VolumeResult
    from blenddesk.sync.wordlock import Strength

MOST_NAME = 40
SPARE_BYTES = 8 << 20
WITHDRAWALS = ("withdrawal", "withdrawal_private")

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class AddedComputer(NamedTuple):
    """A place for one more student computer: its file on the stick and the five words that open it, shown once."""

    file: Path
    words: tuple[str, ...]
    name: str
    change: ChangeSet


class Seat(NamedTuple):
    """The class that this student computer is now one of, and what its desk calls the computer."""

    section: Id
    name: str


class Taken(NamedTuple):
    """What was written to the stick and read back: it may be pulled now."""

    files: tuple[Path, ...]
    ops: int
    bytes: int
    classes: int
    pictures: int = 0
    pictures_waiting: int = 0
    """Pictures of work that went along, and those that had no room and go another time."""
    pictures_trouble: str | None = None
    """The code of what kept pictures from going along; the changes are safe on the stick all the same."""


class Home(NamedTuple):
    """What came (or, in a preview, would come) from other computers. ``change``: everything, for one refresh."""

    packages: tuple[PackageResult, ...]
    change: ChangeSet
    changes: tuple[int, ...] = ()
    """The changes that all this is in the history, oldest first: one, unless it was undone while more was coming."""

    volumes: tuple[VolumeResult, ...] = ()
    pictures_trouble: str | None = None
    """The code of what kept pictures from being taken in (our own disk); the changes are here all the same."""

    @property
    def pictures(self) -> int:
        """Pictures of work that are here now and were not before."""
        return sum(volume.taken for volume in self.volumes)

    @property
    def new_ops(self) -> int:
        return sum(package.new_ops for package in self.packages)

    @property
    def conflicts(self) -> int:
        return sum(package.conflicts for package in self.packages)

    @property
    def files(self) -> tuple[PackageResult | VolumeResult, ...]:
        return (*self.packages, *self.volumes)

    @property
    def refused(self) -> tuple[PackageResult | VolumeResult, ...]:
        return tuple(file for file in self.files if file.status == "refused")

    def senders(self) -> list[str]:
        """The computers that something new comes from, by name."""
        return sorted({package.sender for package in self.packages if package.new_ops and package.sender})

    def records(self) -> Counter[str]:
        """New records by kind, such as ``entry`` or ``reflection``."""
        total: Counter[str] = Counter()
        for package in self.packages:
            total.update(package.records)
        return total

    @property
    def taken_back(self) -> int:
        """Changes of others that their own computers took back."""
        records = self.records()
        return sum(records[name] for name in WITHDRAWALS)


class ComputerStatus(NamedTuple):
    """Another computer of a class, as far as files have told us; never what it does now.

    ``standing``: ``certified``, ``announced`` (new, this desk has not met it), ``held`` (two computers opened one
    seat), or ``not_opened``. Times are ms since 1970, None when nothing ever came.
    """

    name: str
    role: str
    standing: str
    last_home_ms: int | None
    has_up_to_ms: int | None
    behind: int
    """How many of our changes it did not have when its work last came home."""
    device_id: Id | None = None
    sections: tuple[Id, ...] = field(default=())
    added_ms: int | None = None
    """When its place in the class was made; None on a computer that does not know."""


NOT_OPENED = "not_opened"


def add_computer(
    ctx: AppContext,
    section: Id,
    name: str,
    folder: Path,
    *,
    for_desk: bool = False,
    language: str = "",
    strength: Strength | None = None,
) -> AddedComputer:
    """Writes the file that makes another computer a student computer of the class, safe to pull when this returns.

    ``for_desk``: the desk of another teacher of the class, whose name is given. Refusals: ``not_a_desk``,
    ``no_such_class``, ``computer_name_empty``, ``computer_name_long``, ``computer_exists``,
    ``not_class_owner``. ``EnvironmentTrouble``: ``folder_missing`` and those of a stick; nothing was added then.
    """
    from blenddesk.sync import seats
    from blenddesk.sync.sticks import RealDisk, write_new_file
    from blenddesk.sync.wordlock import Strength

    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    if ctx.reads.sections.get(section) is None:
        raise Refusal("no_such_class")
    cleaned = " ".join(name.split())
    if not cleaned:
        raise Refusal("computer_name_empty")
    if len(cleaned) > MOST_NAME:
        raise Refusal("computer_name_long", most=MOST_NAME)
    if any(peer.name.casefold() == cleaned.casefold() for peer in who_is_home(ctx, section)):
        raise Refusal("computer_exists", name=cleaned)
    # Before anything is written: a seat without its file would wait for ever for a computer that cannot come.
    check_stick(folder)
    seat = seats.new_seat(
        ctx.ledger,
        ctx.keys,
        section,
        cleaned,
        for_desk=for_desk,
        language=language or ctx.settings.language or "en",
        strength=strength or Strength(),
    )
    file = write_new_file(
        folder,
        seat.data,
        seats.SUFFIX,
        device_id=ctx.keys.device_id,
        randomness=ctx.randomness,
        disk=RealDisk(),
        stem=_file_stem(cleaned),
    )
    return AddedComputer(file, seat.words, cleaned, seat.changes)


def check_stick(folder: Path) -> None:
    """Raises ``EnvironmentTrouble``: ``folder_missing``, ``stick_read_only``, ``stick_full``."""
    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    if not os.access(folder, os.W_OK):
        raise EnvironmentTrouble("stick_read_only", folder=str(folder))
    if shutil.disk_usage(folder).free < SPARE_BYTES:
        raise EnvironmentTrouble("stick_full", folder=str(folder))


def take_to_computers(
    ctx: AppContext, folder: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Taken:
    """Writes all this computer holds of its classes into ``folder``; when this returns it has been read back.

    Raises ``Refusal`` (``no_class``, ``cancelled``) and ``EnvironmentTrouble``; older files there stay as they were.
    """
    from blenddesk.sync import exchange
    from blenddesk.sync.volume_carrier import Carried, write_volumes

    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    if not ctx.reads.sections.all(archived=True):
        raise Refusal("no_class")
    written = exchange.write_packages(
        ctx.ledger,
        ctx.keys,
        folder,
        progress=progress or exchange.no_progress,
        cancelled=cancelled or exchange.never,
    )
    classes = sum(section != MINE for section in written.sections)
    # After the packages, which are safe by now and matter more.
    budget = ctx.settings.picture_budget_mb << 20
    try:
        carried = write_volumes(ctx.ledger, ctx.keys, folder, budget=budget, cancelled=cancelled or exchange.never)
    except EnvironmentTrouble as trouble:
        carried = Carried(trouble=trouble.code)
    return Taken(written.files, written.ops, written.bytes, classes, carried.pictures, carried.waiting, carried.trouble)


def take_seat(ctx: AppContext, data: bytes, words: str) -> Seat:
    """Makes this computer one of the class of a file (its content) and five words; a desk one of its desks.

    Raises what ``sync.seats.open_seat`` raises.
    """
    from blenddesk.sync import seats

    opened = seats.open_seat(ctx.ledger, ctx.keys, data, words)
    if opened.changes is not None and not opened.changes.is_empty:
        ctx.announce(opened.changes)
    return Seat(opened.section, opened.name)


def bring_home(
    ctx: AppContext,
    paths: Sequence[Path],
    *,
    preview: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Home:
    """Reads packages (files, or folders of them), each in one transaction. ``preview`` only says what would come.

    On a desk, computers that announce themselves are confirmed in the same transaction. What is wrong with a file is
    in its result. Raises ``Refusal`` (``cancelled``) and ``EnvironmentTrouble`` (our own disk).
    """
    from blenddesk.sync import exchange
    from blenddesk.sync.volume_carrier import read_volumes

    results = exchange.read_packages(
        ctx.ledger,
        ctx.keys,
        paths,
        preview=preview,
        progress=progress or exchange.no_progress,
        cancelled=cancelled or exchange.never,
    )
    parts = [result.changes for result in results if result.changes is not None and not result.changes.is_empty]
    # Pictures after the changes that name them. A preview does not open them: they change nothing that needs a look.
    volumes: list[VolumeResult] = []
    pictures_trouble = None
    if not preview:
        try:
            volumes = read_volumes(ctx.ledger, ctx.keys, paths, cancelled=cancelled or exchange.never)
        except BlendDeskError as trouble:
            # Stopped, or no room here for more pictures: what was brought home before is to be said all the same.
            pictures_trouble = trouble.code if trouble.code != "cancelled" else None
    return Home(
        tuple(results),
        merge_change_sets("package_read", parts),
        tuple(dict.fromkeys(part.change_id for part in parts)),
        tuple(volumes),
        pictures_trouble,
    )


def undo_bring_home(ctx: AppContext, changes: Sequence[int]) -> ChangeSet:
    """Takes back everything that one ``bring_home`` brought, the newest first. Refusals of ``history.undo``."""
    from blenddesk.services import history

    parts = [history.undo(ctx, change) for change in reversed(changes)]
    return merge_change_sets("undo", parts)


def who_is_home(ctx: AppContext, section: Id) -> list[ComputerStatus]:
    """Every other computer of the class by name: when its work last came home and how much of ours it had then."""
    # Not by way of ``sync.exchange``, which brings along all that reads and writes packages.
    from blenddesk.sync import peers

    with ctx.ledger.database.read() as connection:
        found = peers.who_is_home(connection, section, ctx.ledger.device_id)
    return [
        ComputerStatus(
            peer.name,
            peer.role.value,
            peer.standing.value if peer.standing is not None else NOT_OPENED,
            peer.last_seen_ms,
            peer.has_up_to_ms,
            peer.behind,
            peer.device_id,
            (section,),
            peer.added_ms,
        )
        for peer in found
    ]


def computer_names(ctx: AppContext) -> dict[Id, str]:
    """What the desk called each computer of our classes."""
    from blenddesk.sync.keys import our_sections
    from blenddesk.sync.trust import known_devices

    names: dict[Id, str] = {}
    with ctx.ledger.database.read() as connection:
        for section in our_sections(connection):
            for device in known_devices(connection, section):
                names.setdefault(device.device_id, device.name)
    return names


def _file_stem(name: str) -> str:
    """The computer's name as far as every file system can write it, so that a teacher finds the file on the stick."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return "-".join(part for part in plain.split("-") if part) or "computer"
