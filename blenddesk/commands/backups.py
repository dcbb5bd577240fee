"""Commands about backups: writing one, seeing that one is whole, putting one back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from blenddesk.commands.terminal import Answer, Terminal, absolute, existing_folder
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from blenddesk.restoring import Prepared
    from blenddesk.sync.backup_files import Head


def write(terminal: Terminal) -> Answer:
    from blenddesk.services import backups

    folder = existing_folder(terminal.options.to)
    with terminal.device() as context:
        saved = backups.save_backup(
            context, folder, language=terminal.language, progress=terminal.counter(_("Backup, step"))
        )
    lines = [_("The backup is {path}. It was read back and is whole.").format(path=saved.file)]
    if saved.words:
        lines += [_("On another computer only these five words open it. They are shown only now:")]
        lines += ["  " + " ".join(saved.words)]
    else:
        lines += [_("The recovery sheet opens it on any computer.")]
    data: dict[str, object] = {
        "file": saved.file,
        "ops": saved.ops,
        "digest": saved.digest,
        "words": list(saved.words),
    }
    return Answer(data, lines)


def verify(terminal: Terminal) -> Answer:
    """Opens it beside the data, makes everything shown from it, compares, and takes it all away again."""
    from blenddesk import bootstrap, changing_places

    file = absolute(terminal.options.file)
    paths, was_there = terminal.paths, terminal.paths.data.exists()
    try:
        with bootstrap.DataLock(paths):
            try:
                prepared, _key = _prepare(terminal, file)
            finally:
                changing_places.discard(paths)
    finally:
        if not was_there:
            shutil.rmtree(paths.data, ignore_errors=True)
    return Answer(_data(file, prepared), [_what_is_in(prepared.head), *_what_would_change(prepared)])


def restore(terminal: Terminal) -> Answer:
    from blenddesk import bootstrap, restoring

    file = absolute(terminal.options.file)
    with bootstrap.DataLock(terminal.paths):
        prepared, key = _prepare(terminal, file)
        lines = [_what_is_in(prepared.head), *_what_would_change(prepared)]
        restored = restoring.carry_out(terminal.paths, prepared, key=key)
        with_packages = restoring.packages_found(terminal.paths, [file.parent])
    lines.append(_("The backup is in place now."))
    if restored.kept_aside is not None:
        lines.append(_("What was here before is kept in {path}").format(path=restored.kept_aside))
    if with_packages:
        lines.append(
            ngettext(
                "{n} file may hold work that is not in the backup. Read it with: package read {path}",
                "{n} files may hold work that is not in the backup. Read them with: package read {path}",
                len(with_packages),
            ).format(n=len(with_packages), path=" ".join(dict.fromkeys(str(one.parent) for one in with_packages)))
        )
    data = _data(file, prepared)
    data |= {"kept_aside": restored.kept_aside, "packages": with_packages}
    return Answer(data, lines)


def _prepare(terminal: Terminal, file: Path) -> tuple[Prepared, bytes | None]:
    from blenddesk import restoring

    key = _own_key(terminal)
    count = terminal.counter(_("Changes"))
    try:
        return restoring.prepare(terminal.paths, file, key=key, progress=count), key
    except Refusal as error:
        if error.code != "backup_needs_words":
            raise
    try:
        typed = terminal.phrase(_("The words of the backup: "))
    except Refusal as error:
        raise Refusal("backup_needs_words") from error
    return restoring.prepare(terminal.paths, file, key=key, typed=typed, progress=count), key


def _own_key(terminal: Terminal) -> bytes | None:
    """The key of the data here, if there is any and it can be had without asking."""
    from blenddesk import bootstrap

    if not terminal.paths.key.exists():
        return None
    try:
        return bootstrap.read_key(terminal.paths.key)
    except EnvironmentTrouble:
        return None
    except Refusal:
        try:
            return terminal.key()
        except Refusal:
            # What was given may be the words of the backup instead; the data is kept aside unread then.
            return None


def _data(file: Path, prepared: Prepared) -> dict[str, object]:
    head = prepared.head
    data: dict[str, object] = {"file": file, "ops": head.ops, "digest": head.digest, "counts": dict(head.counts)}
    if prepared.difference is not None:
        data["only_here"] = dict(prepared.difference.only_here)
        data["only_in_backup"] = dict(prepared.difference.only_there)
    return data


def _what_is_in(head: Head) -> str:
    made = datetime.fromtimestamp(head.made_ms / 1000, UTC).isoformat(timespec="minutes")
    line = _("In the backup of {when}: {students} students, {entries} entries, {plans} lessons, {goals} goals.")
    counts = head.counts
    return line.format(
        when=made, students=counts["student"], entries=counts["entry"], plans=counts["plan"], goals=counts["goal"]
    )


def _what_would_change(prepared: Prepared) -> list[str]:
    if prepared.difference is None:
        return []
    here, there = prepared.difference.only_here, prepared.difference.only_there
    line = _("Only here: {entries} entries, {changes} changes in all. Only in the backup: {others} changes.")
    return [line.format(entries=here["entry"], changes=here.total(), others=there.total())]
