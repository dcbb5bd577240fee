"""The watched folder of this computer: choosing it, pausing, and looking into it by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from blenddesk.domain.ops import ChangeSet, merge_change_sets
from blenddesk.errors import EnvironmentTrouble, Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.sync.watching import Look, Watcher


def choose_folder(ctx: AppContext, folder: Path) -> None:
    """Watches this folder from now on, on this computer, and remembers it.

    Raises ``EnvironmentTrouble`` (``folder_missing``) and ``Refusal`` (``folder_is_data``: what is in there belongs to
    the program and must not be shared).
    """
    from blenddesk.sync.watching import mount_of

    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    whole = folder.resolve()
    if whole == ctx.paths.data.resolve() or ctx.paths.data.resolve() in whole.parents:
        raise Refusal("folder_is_data", path=str(folder))
    ctx.save_settings(
        ctx.settings._replace(watched_folder=str(folder), watched_mount=mount_of(whole), watch_paused=False)
    )


def forget_folder(ctx: AppContext) -> None:
    """Watches no folder any more; what is in it stays as it is."""
    ctx.save_settings(ctx.settings._replace(watched_folder="", watched_mount="", watch_paused=False))


def pause(ctx: AppContext, *, paused: bool) -> None:
    ctx.save_settings(ctx.settings._replace(watch_paused=paused))


def watcher(ctx: AppContext) -> Watcher:
    """Whoever looks into the chosen folder. To be made anew when another one is chosen."""
    from blenddesk.sync.watching import Watcher

    return Watcher(
        ctx.ledger,
        ctx.keys,
        Path(ctx.settings.watched_folder),
        mount=ctx.settings.watched_mount,
        picture_budget=ctx.settings.picture_budget_mb << 20,
    )


def look(watcher: Watcher, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
    """One look, and everything that it changed, for one refresh of the screens. For a thread of its own."""
    seen = watcher.look(cancelled=cancelled)
    brought = [package.changes for package in seen.packages if package.changes is not None]
    return seen, merge_change_sets("folder_read", [change for change in brought if not change.is_empty])
