"""Saving everything of this computer into one file that five words open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.errors import EnvironmentTrouble

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.sync.wordlock import Strength


class SavedBackup(NamedTuple):
    """A backup on a stick, read back and equal; the words open it and are shown once."""

    file: Path
    words: tuple[str, ...]
    ops: int


def save_backup(ctx: AppContext, folder: Path, *, language: str = "", strength: Strength | None = None) -> SavedBackup:
    """Writes a backup of this device into ``folder`` under a new name. Raises ``EnvironmentTrouble``."""
    from blenddesk.sync import backups, wordlock
    from blenddesk.sync.sticks import RealDisk, write_new_file

    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    key = ctx.reads.reader.key
    made = backups.make_backup(
        ctx.ledger,
        key,
        language=language or ctx.settings.language or "en",
        strength=strength or wordlock.Strength(),
    )
    file = write_new_file(
        folder,
        made.data,
        backups.SUFFIX,
        device_id=ctx.keys.device_id,
        randomness=ctx.randomness,
        disk=RealDisk(),
        stem="blenddesk",
    )
    return SavedBackup(file, made.words, made.ops)
