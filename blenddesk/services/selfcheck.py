"""The self-check of the data here: what is wrong, and once a school week whether what is shown is what the log says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.services import backups

if TYPE_CHECKING:
    from pathlib import Path

    from blenddesk.services.context import AppContext
    from blenddesk.storage.selfcheck import Finding

Progress = Callable[[int, int], None]
COMPARE_AFTER = 5
"""Days of use, as backups count them, between two comparisons of what is shown with the log."""
COMPARED = "check/compared"


class Health(NamedTuple):
    """What a self-check found. ``remade``: what was shown differed from the log and was made anew.

    ``damaged_backups``: backups of this computer that cannot be used; they were renamed.
    """

    findings: tuple[Finding, ...] = ()
    remade: bool = False
    damaged_backups: tuple[Path, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether something of the file or the log is not as it was written."""
        return any(finding.code != "changes_missing" for finding in self.findings)

    @property
    def misses_changes(self) -> bool:
        """Whether changes are gone that a package from another computer, or a backup, may bring again."""
        return any(finding.code == "changes_missing" for finding in self.findings)


def check(ctx: AppContext) -> Health:
    """Pages, chains and heads, and what is shown where that is due. Others read and write meanwhile.

    A sound log is then made smaller where much came one by one. Raises ``EnvironmentTrouble`` where not even the
    beginning of the database can be read, or nothing can be written.
    """
    from blenddesk.storage import digest, packed_frames

    with ctx.ledger.database.read() as connection:
        findings = tuple(digest.verify(connection))
    if findings:
        return Health(findings)
    health = Health()
    if is_comparison_due(ctx):
        health = Health((), _compare(ctx), tuple(backups.check_own_backups(ctx)))
    packed_frames.pack_older(ctx.ledger.database)
    return health


def is_comparison_due(ctx: AppContext) -> bool:
    from blenddesk.storage import setup

    compared = setup.local_value(ctx.ledger.database, COMPARED)
    return compared is None or backups.day_of_use(ctx) - int(compared) >= COMPARE_AFTER


def _compare(ctx: AppContext) -> bool:
    """Makes everything shown anew in a copy and compares; only if that differs also here. Says whether it did."""
    from blenddesk.storage import digest, setup, snapshots

    folder = ctx.paths.data / "comparing"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
        copy = snapshots.copy_exactly(ctx.ledger.database, ctx.reads.reader.key, folder / "copy.db")
        same = False
        if copy is not None:
            try:
                same = digest.rebuild_in(copy, ctx.keys)
            finally:
                copy.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    remade = not same and not digest.rebuild(ctx.ledger)
    setup.set_local_value(ctx.ledger.database, COMPARED, str(backups.day_of_use(ctx)).encode())
    return remade
