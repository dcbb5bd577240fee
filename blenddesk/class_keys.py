"""Keys of classes newer than a backup: brought along when it is put back, or their packages would stay shut."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from blenddesk.changing_places import preparing_folder
from blenddesk.config import Paths, load_settings
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.services import backups

if TYPE_CHECKING:
    from blenddesk.storage.database import Database
    from blenddesk.sync.backup_files import Secrets

log = logging.getLogger(__name__)


def carry_from_here(paths: Paths, key: bytes, to: Database) -> None:
    """From the data that is about to be replaced, if it can be read."""
    from blenddesk.storage.database import Database

    here = Database(paths.database, key)
    try:
        _carry_class_keys(here, to)
    except EnvironmentTrouble as error:
        log.warning("the keys of newer classes stay where they are: %s", error.code)
    finally:
        here.close()


def carry_from_newest(paths: Paths, file: Path, secrets: Secrets, to: Database) -> None:
    """From the newest other backup that the same secrets open, on this computer or beside ``file``."""
    from blenddesk.storage.database import Database
    from blenddesk.sync.backups import open_backup

    opened = preparing_folder(paths) / "newest.db"
    second = load_settings(paths.settings).backup_folder
    folders = (backups.folder_of(paths), *([Path(second)] if second else []), file.parent)
    for other in (one.path for one in backups.backups_in(*folders)):
        if other.name == file.name:
            # What is older than the backup itself knows no class that it does not know.
            return
        try:
            head = open_backup(other, secrets, opened)
        except BlendDeskError as error:
            log.info("backup %s does not open: %s", other.name, error.code)
            continue
        newest = Database(opened, head.key)
        try:
            _carry_class_keys(newest, to)
        finally:
            newest.close()
            opened.unlink()
        return


def _carry_class_keys(source: Database, to: Database) -> None:
    """Keys of classes that were made or joined since the backup: without them their packages could never be read."""
    with source.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, value FROM local WHERE name = 'device_id' OR name LIKE 'key/root/%'"
            " OR name LIKE 'key/public/%' OR name LIKE 'key/seat/%'"
        ).all()
    facts = {str(name): bytes(value) for name, value in rows}
    with to.write() as connection:
        device = connection.exec_driver_sql("SELECT value FROM local WHERE name = 'device_id'").scalar_one()
        if facts.get("device_id") == device:
            connection.exec_driver_sql("INSERT OR IGNORE INTO local VALUES (?, ?)", list(facts.items()))
