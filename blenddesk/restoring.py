"""Putting a backup back, and putting a damaged database right: a new life each time, the old database kept aside.

What is to take its place is made and checked whole in a folder beside it; then the two change places
(``changing_places``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk import bootstrap
from blenddesk.changing_places import (
    change_places,
    discard,
    empty_folder,
    has_anything,
    kept_aside_folder,
    new_aside,
)
from blenddesk.class_keys import carry_from_here, carry_from_newest
from blenddesk.config import Paths, load_settings
from blenddesk.domain.ports import Clock, Randomness, SystemRandomness
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble
from blenddesk.services import backups as own

if TYPE_CHECKING:
    from blenddesk.storage.database import Database
    from blenddesk.sync.backup_files import Head

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
UNKNOWN = "unknown"


class Difference(NamedTuple):
    """Changes of the log by record name that only this computer has, and that only the backup has."""

    only_here: Counter[str]
    only_there: Counter[str]


class Prepared(NamedTuple):
    """A backup opened, checked and made ready beside the data; nothing has changed yet.

    ``difference``: None where there is nothing here yet, or it cannot be read. ``sheet_opens``: the recovery sheet that
    the backup was sealed to, which will open this computer too. ``file``: the backup; work of other computers may lie
    beside it.
    """

    head: Head
    difference: Difference | None
    file: Path


class Restored(NamedTuple):
    """What is in place now. ``kept_aside``: the folder of what was there before, with packages of all it held where it
    could still be read (``packages``)."""

    ops: int
    kept_aside: Path | None
    packages: tuple[Path, ...]


class Repaired(NamedTuple):
    """A damaged database put right. ``saved``: changes that only the damaged one had; ``backup``: what the rest came
    from; ``whole``: every change that the log speaks of is there."""

    saved: int
    backup: Path | None
    whole: bool
    kept_aside: Path | None


# --- putting a backup back ------------------------------------------------------------------------------------------


def prepare(
    paths: Paths,
    file: Path,
    *,
    key: bytes | None = None,
    typed: str = "",
    progress: Progress | None = None,
    randomness: Randomness | None = None,
) -> Prepared:
    """Opens a backup beside the data and says what putting it back would change. The data stays as it is.

    ``key`` is the database's key of this computer and ``typed`` the words that somebody typed, whichever there is. The
    caller holds the data directory's lock; the device may be open. ``progress`` (done, total changes) may raise to
    stop. Raises ``ExchangeTrouble``, ``Refusal`` and ``EnvironmentTrouble`` of ``sync.backups.open_backup``.
    """
    from blenddesk.storage.database import Database
    from blenddesk.sync import backups
    from blenddesk.sync.backup_files import Secrets

    bootstrap.check_place(paths)
    making = empty_folder(paths)
    try:
        fresh = making / paths.database.name
        head = backups.open_backup(file, Secrets(key, typed), fresh)
        database = Database(fresh, head.key)
        try:
            difference = None
            if paths.exists and key is not None:
                difference = _difference(database, paths, key)
                carry_from_here(paths, key, database)
            carry_from_newest(paths, file, Secrets(key, typed), database)
            _make_ready(database, head.digest, head.projections, progress, randomness or SystemRandomness())
            _fetch_pictures(database, paths, file.parent)
        finally:
            database.close()
        _write_key_file(paths, making, head.key, file, key)
    except BaseException:
        discard(paths)
        raise
    return Prepared(head, difference, file)


def carry_out(
    paths: Paths,
    prepared: Prepared,
    *,
    key: bytes | None = None,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
) -> Restored:
    """Puts what ``prepare`` made in place of the data, which is kept aside with packages of all it held.

    The device must be closed, the lock held. Raises ``EnvironmentTrouble``; then either nothing has changed or the next
    start finishes it.
    """
    aside = new_aside(paths) if has_anything(paths) else None
    packages: tuple[Path, ...] = ()
    if aside is not None:
        aside.mkdir(parents=True)
        if paths.exists and key is not None:
            packages = _write_packages(paths, key, aside, clock, randomness)
    change_places(paths, aside)
    return Restored(prepared.head.ops, aside, packages)


def restore(
    paths: Paths,
    file: Path,
    *,
    typed: str = "",
    key: bytes | None = None,
    progress: Progress | None = None,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
) -> Restored:
    """``prepare`` and ``carry_out`` in one, for whoever has seen the preview or wants none."""
    prepared = prepare(paths, file, key=key, typed=typed, progress=progress, randomness=randomness)
    return carry_out(paths, prepared, key=key, clock=clock, randomness=randomness)


def _fetch_pictures(database: Database, paths: Paths, folder: Path) -> None:
    """What the backup speaks of and lies beside it comes along: more files in the data folder, nothing is replaced."""
    from blenddesk.storage.blobs import beside
    from blenddesk.sync import picture_copies

    with database.read() as connection:
        pictures = picture_copies.pictures_of(connection)
    try:
        picture_copies.fetch_from([folder], beside(paths.database), pictures)
    except EnvironmentTrouble as trouble:
        # They come home in volumes, and without them the page says where they are.
        log.warning("pictures were not fetched from beside a backup: %s", trouble.code)


def packages_found(paths: Paths, folders: Sequence[Path] = ()) -> list[Path]:
    """Packages that may hold what a restored database lacks: kept aside here, and in ``folders`` (sticks, inbox)."""
    found: list[Path] = []
    aside = kept_aside_folder(paths)
    for folder in (*sorted(aside.glob("*"), reverse=True), *folders):
        try:
            found += sorted(file for file in folder.glob("*.bdx") if not file.name.startswith("."))
        except OSError as error:
            log.info("no packages there: %s", error.strerror)
    return list(dict.fromkeys(found))


# --- putting damage right -------------------------------------------------------------------------------------------


def repair(
    paths: Paths, key: bytes, *, progress: Progress | None = None, randomness: Randomness | None = None
) -> Repaired:
    """Makes the database anew from the newest backup that opens and all that can be read of the damaged one.

    The device must be closed, the lock held. Nothing that is in either is lost; the damaged database is kept aside.
    Raises ``EnvironmentTrouble`` (``repair_impossible``: there is neither a backup nor enough that can be read).
    """
    from blenddesk.storage.database import Database
    from blenddesk.storage.salvage import Salvaged, Wreck, bring_over

    randomness = randomness or SystemRandomness()
    bootstrap.check_place(paths)
    making = empty_folder(paths)
    fresh = making / paths.database.name
    wreck = Wreck(paths.database, key) if paths.exists else None
    try:
        backup = _newest_backup(paths, key, fresh)
        if backup is None:
            _begin_from_wreck(wreck, fresh, key, paths)
        database = Database(fresh, key)
        try:
            saved = Salvaged(0, whole=False)
            if wreck is not None:
                with database.write() as connection:
                    saved = bring_over(wreck, connection)
            _settle_heads(database, randomness)
            gaps = _make_ready(database, "", b"", progress, randomness)
        finally:
            database.close()
        _write_key_file(paths, making, key, backup, key)
    except BaseException:
        discard(paths)
        raise
    finally:
        if wreck is not None:
            wreck.close()
    aside = new_aside(paths) if has_anything(paths) else None
    if aside is not None:
        aside.mkdir(parents=True)
    change_places(paths, aside)
    return Repaired(saved.ops, backup, not gaps and (saved.whole or backup is None), aside)


def _settle_heads(database: Database, randomness: Randomness) -> None:
    from blenddesk.storage.ledger import head_message
    from blenddesk.storage.salvage import settle_heads
    from blenddesk.sync.keys import DeviceKeys

    keys = DeviceKeys(database, randomness)
    with database.write() as connection:
        settle_heads(connection, keys.device_id, lambda *head: keys.sign(head_message(*head)))


def _newest_backup(paths: Paths, key: bytes, to: Path) -> Path | None:
    """Opens the newest backup that this computer's key opens into ``to``."""
    from blenddesk.sync import backups
    from blenddesk.sync.backup_files import Secrets

    for one in own.own_backups(paths, load_settings(paths.settings).backup_folder):
        try:
            backups.open_backup(one.path, Secrets(key), to)
        except BlendDeskError as error:
            log.warning("backup %s does not open: %s", one.path.name, error.code)
        else:
            return one.path
    return None


def _begin_from_wreck(wreck: object, fresh: Path, key: bytes, paths: Paths) -> None:
    from blenddesk.storage.database import Database
    from blenddesk.storage.salvage import Wreck, begin_from

    database = Database(fresh, key)
    try:
        if not isinstance(wreck, Wreck) or not begin_from(wreck, database):
            raise EnvironmentTrouble("repair_impossible", path=str(paths.data))
    finally:
        database.close()


# --- what is in it --------------------------------------------------------------------------------------------------


def _make_ready(
    database: Database, shown: str, projections: bytes, progress: Progress | None, randomness: Randomness
) -> bool:
    """Tables of the screens, a new life, and everything checked; says whether changes are missing.

    ``shown`` is what the screens showed when the backup was made, to be compared where this program shows the same.
    """
    from blenddesk.storage import digest, setup
    from blenddesk.storage.columns import fingerprint
    from blenddesk.sync import backups
    from blenddesk.sync.keys import DeviceKeys

    try:
        backups.begin_new_life(database, randomness)
        setup.refresh_projections(database, DeviceKeys(database, randomness), progress)
    except EnvironmentTrouble as error:
        if error.code == "database_unreadable":
            raise ExchangeTrouble("backup_damaged") from error
        raise
    with database.read() as connection:
        if projections == fingerprint() and digest.whole_digest(connection) != shown:
            raise ExchangeTrouble("backup_damaged")
        return any(finding.code == "changes_missing" for finding in digest.verify(connection))


def _difference(restored: Database, paths: Paths, key: bytes) -> Difference | None:
    """Compares op by op. None where the data here cannot be read."""
    from blenddesk.storage import snapshots

    try:
        found = snapshots.difference(restored, paths.database, key)
    except EnvironmentTrouble as error:
        log.warning("what is here cannot be compared: %s", error.code)
        return None
    return Difference(_by_name(found.only_second), _by_name(found.only_first))


def _by_name(records: Counter[int]) -> Counter[str]:
    from blenddesk.domain.registry import BY_NUMBER

    named: Counter[str] = Counter()
    for record, count in records.items():
        named[BY_NUMBER[record].name if record in BY_NUMBER else UNKNOWN] += count
    return named


def _write_key_file(paths: Paths, making: Path, fresh: bytes, file: Path | None, ours: bytes | None) -> None:
    """The key of the restored database, for this account, and for the recovery sheet that the backup was sealed to.

    Where the key is the one in force here its file stays: the pass phrase and the sheet go on opening it.
    """
    from blenddesk.sync import account, backups, key_file, wrapping
    from blenddesk.sync.backup_files import SHEET
    from blenddesk.sync.recovery import SheetLock
    from blenddesk.sync.wordlock import Strength

    if ours == fresh and _opens(paths, fresh):
        return
    sheets = [way for way in backups.read_outer(file).ways if way.kind == SHEET] if file is not None else []
    wrap = None
    if sheets:
        way = sheets[0]
        lock = SheetLock(way.recipient, way.salt, Strength(way.passes, way.memory_bytes))
        wrap = wrapping.wrap_for_sheet(fresh, lock)
    text = key_file.encode(key_file.KeyFile(account.keep(fresh), sheet=wrap))
    try:
        key_file.PrivateDisk().write_private(making / paths.key.name, text.encode("ascii"))
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(paths.data), detail=error.strerror) from error


def _opens(paths: Paths, key: bytes) -> bool:
    """Whether the key file in force is whole and, as far as this account can tell, opens what it should."""
    from blenddesk.sync import account, key_file

    try:
        file = key_file.read(paths.key)
        return not file.opens_by_itself or account.give(file.account) == key
    except EnvironmentTrouble:
        return False


def _write_packages(
    paths: Paths, key: bytes, aside: Path, clock: Clock | None, randomness: Randomness | None
) -> tuple[Path, ...]:
    """All that the data here holds, as packages that can be read again. None where it cannot be read any more."""
    from blenddesk.services import exchange

    try:
        context = bootstrap.open_device(paths, key=key, clock=clock, randomness=randomness)
    except BlendDeskError as error:
        log.warning("what is here cannot be packed: %s", error.code)
        return ()
    try:
        return exchange.take_to_computers(context, aside).files
    except BlendDeskError as error:
        # No class yet, or damaged: the database itself is kept aside in any case.
        log.warning("what is here cannot be packed: %s", error.code)
        return ()
    finally:
        bootstrap.close_device(context)
