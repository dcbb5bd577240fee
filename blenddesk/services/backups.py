"""Backups: those that are made by themselves, here and at a second place, and one that a person asks for."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.config import Paths
from blenddesk.domain.retention import START, Mark, Position, after_seen, next_position
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble
from blenddesk.services import pictures, protection

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.sync.backup_files import Head, Way
    from blenddesk.sync.backup_store import Disk
    from blenddesk.sync.wordlock import Strength

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
DAY_MS = 86_400_000
LONG_AWAY = 5
"""Days of use after which a second place that was not there deserves a quiet line."""
POSITION, CHANGE, REACHED = "backup/position", "backup/change", "backup/reached"
"""Local facts: where the counting stands, what the newest backup holds, and the day the second place was last there."""
PICTURES_LEFT = "backup/pictures_left"
"""Local fact: what ``pictures_left`` says."""


class SavedBackup(NamedTuple):
    """A backup in a folder of one's choice, read back and equal. ``words`` open it and are shown once; none where the
    recovery sheet opens it. ``digest`` is of everything that screens show."""

    file: Path
    words: tuple[str, ...]
    ops: int
    digest: str
    pictures_left: int = 0
    """Pictures of work that are not in the folder beside it."""


class OwnBackup(NamedTuple):
    """What a backup that was made by itself came to. ``second``: what became of the second place: ``none`` (there is
    none), ``written``, ``away``, or the code of what was wrong there."""

    file: Path
    second: str
    thinned: int
    pictures_left: int = 0
    """Pictures of work that are not at the second place; 0 when there is none."""


class PicturesLeft(NamedTuple):
    """Pictures of work that the newest copy in another place is without: ``away`` had not come home yet and were at
    ``computers`` (their names), ``no_room`` could not be written there."""

    away: int = 0
    computers: tuple[str, ...] = ()
    no_room: int = 0


class SecondPlace(NamedTuple):
    """The folder that backups also go to; ``days_away``: days of use since it was last there."""

    folder: Path
    days_away: int

    @property
    def is_long_away(self) -> bool:
        return self.days_away >= LONG_AWAY


class BackupFile(NamedTuple):
    """A backup on this computer or at the second place. ``made_ms`` is what the file system says: a label only."""

    path: Path
    made_ms: int
    bytes: int


def folder_of(paths: Paths) -> Path:
    """Where the backups of a data directory lie on this computer."""
    return paths.data / "backups"


def making_folder(paths: Paths) -> Path:
    """Where a backup is made; what an interrupted one left there is taken away by the next."""
    return paths.data / "making-backup"


def save_backup(
    ctx: AppContext,
    folder: Path,
    *,
    language: str = "",
    strength: Strength | None = None,
    progress: Progress | None = None,
    disk: Disk | None = None,
) -> SavedBackup:
    """Writes a backup of this device into ``folder`` under a name that is never thinned. Raises ``EnvironmentTrouble``.

    ``progress`` may raise to stop; nothing is left behind then.
    """
    from blenddesk.sync import backups, wordlock

    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    ways, words = _ways(ctx), tuple[str, ...]()
    if not ways:
        drawn = backups.draw_words(
            ctx.randomness, language or ctx.settings.language or "en", strength or wordlock.Strength()
        )
        ways, words = [drawn.way], drawn.words
    position = _take_position(ctx, disk)
    name = f"blenddesk-{_life_mark(ctx)}-{position.mark.number:06d}{backups.SUFFIX}"
    head, file = _make(ctx, position.mark, ways, folder, name, progress, disk)
    return SavedBackup(file, words, head.ops, head.digest, _copy_pictures(ctx, folder))


def is_due(ctx: AppContext) -> bool:
    """Whether anything was written since the newest backup that was made by itself."""
    return _fact(ctx, CHANGE) != _state(ctx)


def back_up(ctx: AppContext, *, progress: Progress | None = None, disk: Disk | None = None) -> OwnBackup:
    """Makes a backup on this computer, takes away those that need not stay, and copies it to the second place.

    What is wrong at the second place is in the result. Raises ``EnvironmentTrouble``; ``progress`` may raise to stop.
    """
    from blenddesk.sync import backup_store

    here = folder_of(ctx.paths)
    here.mkdir(parents=True, exist_ok=True)
    disk = disk or backup_store.LargeFileDisk()
    backup_store.discard_unfinished(here, disk)
    state = _state(ctx)
    position = _take_position(ctx, disk)
    name = backup_store.name_of(_life_mark(ctx), position.mark)
    _head, file = _make(ctx, position.mark, _ways(ctx), here, name, progress, disk)
    _set_fact(ctx, CHANGE, state)
    thinned = _thin(here, _life_mark(ctx), disk)
    second = _copy_to_second_place(ctx, file, position.mark.day, disk)
    left = _copy_pictures(ctx, Path(ctx.settings.backup_folder)) if second == "written" else 0
    return OwnBackup(file, second, thinned, left)


# --- the second place -----------------------------------------------------------------------------------------------


def second_place(ctx: AppContext) -> SecondPlace | None:
    folder = ctx.settings.backup_folder
    if not folder:
        return None
    return SecondPlace(Path(folder), _position(ctx).mark.day - int(_fact(ctx, REACHED) or 0))


def choose_second_place(ctx: AppContext, folder: Path | None) -> None:
    """Remembers where backups also go, or that they go nowhere else. Raises ``EnvironmentTrouble``."""
    if folder is not None:
        if not folder.is_dir():
            raise EnvironmentTrouble("folder_missing", path=str(folder))
        if folder.resolve().is_relative_to(ctx.paths.data.resolve()):
            raise EnvironmentTrouble("backup_same_place", path=str(folder))
        _set_fact(ctx, REACHED, str(_position(ctx).mark.day))
    ctx.save_settings(ctx.settings._replace(backup_folder="" if folder is None else str(folder)))
    _set_fact(ctx, CHANGE, "")
    _set_fact(ctx, PICTURES_LEFT, "")


def _copy_to_second_place(ctx: AppContext, file: Path, day: int, disk: Disk) -> str:
    from blenddesk.sync import backup_store

    if not ctx.settings.backup_folder:
        return "none"
    folder = Path(ctx.settings.backup_folder)
    if not folder.is_dir():
        return "away"
    try:
        backup_store.store(file, folder, file.name, disk)
    except EnvironmentTrouble as trouble:
        log.warning("the second place did not take a backup: %s", trouble.code)
        return trouble.code
    _set_fact(ctx, REACHED, str(day))
    _thin(folder, _life_mark(ctx), disk)
    return "written"


def _copy_pictures(ctx: AppContext, folder: Path) -> int:
    """The pictures go beside the backup, which is safe by now; how many are not there. Here they lie anyway."""
    from blenddesk.storage.blobs import beside
    from blenddesk.sync import picture_copies

    with ctx.ledger.database.read() as connection:
        known = picture_copies.pictures_of(connection)
    try:
        left = picture_copies.copy_beside(beside(ctx.paths.database), known, folder).left
    except EnvironmentTrouble as trouble:
        log.warning("pictures were not copied beside a backup: %s", trouble.code)
        left = sum(len(one.known) for one in known.values())
    away = pictures.away(ctx) if left else pictures.Away()
    here = max(0, left - away.pictures)
    _set_fact(ctx, PICTURES_LEFT, json.dumps([left - here, away.computers, here]))
    return left


def pictures_left(ctx: AppContext) -> PicturesLeft:
    """Of the newest backup that went to another place, of one's choice or the second one."""
    kept = _fact(ctx, PICTURES_LEFT)
    if not kept:
        return PicturesLeft()
    away, computers, no_room = json.loads(kept)
    return PicturesLeft(away, tuple(computers), no_room)


# --- what there is --------------------------------------------------------------------------------------------------


def own_backups(paths: Paths, second: str = "", *, disk: Disk | None = None) -> list[BackupFile]:
    """The backups that were made by themselves, here and at the second place, the newest first as they are counted.
    A folder that is not there has none."""
    return backups_in(folder_of(paths), *([Path(second)] if second else []), disk=disk)


def backups_in(*folders: Path, disk: Disk | None = None) -> list[BackupFile]:
    """The same of any folders; a file that lies in several of them counts where it is found first."""
    from blenddesk.sync import backup_store

    disk = disk or backup_store.LargeFileDisk()
    found: dict[str, tuple[Mark, BackupFile]] = {}
    for folder in folders:
        try:
            for one in backup_store.listed(folder, disk):
                stat = one.path.stat()
                file = BackupFile(one.path, int(stat.st_mtime * 1000), stat.st_size)
                found.setdefault(one.path.name, (one.mark, file))
        except OSError as error:
            log.info("no backups there: %s", error.strerror)
    return [file for _mark, file in sorted(found.values(), key=lambda one: one[0], reverse=True)]


def has_sheet(paths: Paths) -> bool:
    """Whether a recovery sheet opens the backups of this computer."""
    return protection.sheet_lock(paths) is not None


def words_of(file: Path) -> frozenset[str]:
    """Which words open a backup: ``words`` (five of its own), ``sheet`` (ten, of the recovery sheet), both or none.

    Looks at its beginning only; a file that is none says so when it is opened.
    """
    from blenddesk.sync import backup_files, backups

    try:
        return frozenset(way.kind for way in backups.peek(file).ways)
    except (EnvironmentTrouble, ExchangeTrouble):
        return frozenset({backup_files.WORDS})


def check_own_backups(ctx: AppContext, *, disk: Disk | None = None) -> list[Path]:
    """Reads every backup on this computer; damaged ones are renamed, so that no good one goes for their sake.

    Returns what was damaged, by its new name.
    """
    from blenddesk.sync import backup_store, backups

    disk = disk or backup_store.LargeFileDisk()
    damaged = []
    for one in own_backups(ctx.paths, disk=disk):
        try:
            backups.read_outer(one.path)
        except (ExchangeTrouble, EnvironmentTrouble) as trouble:
            log.warning("backup %s: %s", one.path.name, trouble.code)
            damaged.append(backup_store.set_aside(one.path, disk))
    return damaged


# --- counting -------------------------------------------------------------------------------------------------------


def _make(
    ctx: AppContext,
    mark: Mark,
    ways: list[Way],
    folder: Path,
    name: str,
    progress: Progress | None,
    disk: Disk | None,
) -> tuple[Head, Path]:
    from blenddesk.sync import backup_store, backups

    making = making_folder(ctx.paths)
    try:
        sealed = backups.seal_backup(ctx.ledger, ctx.reads.reader.key, making, mark, ways, progress)
        return sealed.head, backup_store.store(sealed.file, folder, name, disk or backup_store.LargeFileDisk())
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _thin(folder: Path, life: str, disk: Disk) -> int:
    from blenddesk.sync import backup_store

    try:
        return backup_store.thin(folder, life, disk)
    except OSError as error:
        # One too many does no harm; the next backup tries again.
        log.warning("old backups were not taken away: %s", error.strerror)
        return 0


def _take_position(ctx: AppContext, disk: Disk | None) -> Position:
    """The next place in the count, written down before it is used: a number is never used twice."""
    from blenddesk.sync import backup_store

    disk = disk or backup_store.LargeFileDisk()
    # Here past all there is, so that the numbers tell the order also after an older backup was put back; elsewhere
    # other computers may count as well.
    seen = _marks_in(folder_of(ctx.paths), None, disk)
    if ctx.settings.backup_folder:
        seen += _marks_in(Path(ctx.settings.backup_folder), _life_mark(ctx), disk)
    date = (ctx.clock.wall_ms() + ctx.clock.zone_minutes() * 60_000) // DAY_MS
    position = next_position(after_seen(_position(ctx), seen), date)
    _set_fact(ctx, POSITION, json.dumps([*position.mark, position.date, position.in_day]))
    return position


def _marks_in(folder: Path, life: str | None, disk: Disk) -> list[Mark]:
    from blenddesk.sync import backup_store

    try:
        return [one.mark for one in backup_store.listed(folder, disk) if life in (None, one.life)]
    except OSError:
        # Not there yet, or just not there: the count of this database goes on by itself.
        return []


def day_of_use(ctx: AppContext) -> int:
    """Days that this computer was used on, as backups count them (``domain.retention``)."""
    return _position(ctx).mark.day


def _position(ctx: AppContext) -> Position:
    kept = _fact(ctx, POSITION)
    if not kept:
        return START
    number, day, date, in_day = json.loads(kept)
    return Position(Mark(number, day), date, in_day)


def _state(ctx: AppContext) -> str:
    """What a backup made now would hold, and who could open it."""
    from blenddesk.storage import snapshots

    change = snapshots.newest_change(ctx.ledger.database)
    return json.dumps([*change, ctx.ledger.epoch.hex(), *(way.recipient for way in _ways(ctx))])


def _ways(ctx: AppContext) -> list[Way]:
    from blenddesk.sync import backups

    sheet = protection.sheet_lock(ctx.paths)
    return [] if sheet is None else [backups.way_of_sheet(sheet)]


def _life_mark(ctx: AppContext) -> str:
    from blenddesk.sync import backup_store

    return backup_store.life_mark(ctx.ledger.device_id, ctx.ledger.epoch)


def _fact(ctx: AppContext, name: str) -> str:
    from blenddesk.storage import setup

    return (setup.local_value(ctx.ledger.database, name) or b"").decode()


def _set_fact(ctx: AppContext, name: str, value: str) -> None:
    from blenddesk.storage import setup

    setup.set_local_value(ctx.ledger.database, name, value.encode())
