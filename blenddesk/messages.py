"""Codes into sentences: errors (what happened, what is safe, what to do) and changes ("Omar moved to Circles").

Used by every face. Lower floors raise and record codes; a code without a sentence here fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blenddesk.errors import BlendDeskError
from blenddesk.text import N_, _

ERRORS: dict[str, str] = {
    # The computer is in the way.
    "disk_full": N_("The disk is full. What was saved before is safe. Make some room and try again."),
    "database_missing": N_("There is no class data in {path}. Nothing was changed. Open a backup or start new."),
    "database_locked": N_("Another program is using the class data. Nothing was changed. Close it and try again."),
    "database_not_writable": N_("The folder {path} cannot be written to. Nothing was changed. Choose another folder."),
    "database_unreadable": N_("The class data in {path} cannot be read. It was left as it is. Open a backup."),
    "database_newer": N_("The class data is from a newer BlendDesk. It was left as it is. Install the newer version."),
    "folder_not_writable": N_("The folder {path} cannot be written to. Nothing was changed. Choose another folder."),
    "key_missing": N_("The key to the class data is gone from {path}. The data was left as it is. Open a backup."),
    "key_damaged": N_("The key to the class data in {path} cannot be read. The data was left as it is. Open a backup."),
    "file_missing": N_("There is no file {path}. Nothing was changed. Check the name and try again."),
    "file_unreadable": N_("The file {path} cannot be read. Nothing was changed. Copy it again and try once more."),
    # Wishes that cannot be granted as they stand.
    "device_exists": N_("BlendDesk is already set up in {path}. Nothing was changed. Choose another folder."),
    "no_device": N_(
        "BlendDesk is not set up in {path} yet. Nothing was changed. Start with a new desk or add this "
        "computer to a class."
    ),
    "in_use": N_("BlendDesk is already open with this data. Nothing was changed. Use that window or close it first."),
    "field_malformed": N_("That value does not fit. Nothing was changed. Make it shorter or simpler."),
    "unknown_field": N_("There is no such field. Nothing was changed."),
    "profile_too_long": N_("A list can hold {most} lines. Nothing was changed. Join some of them."),
    "nothing_to_redo": N_("There is nothing to do again."),
    "nothing_to_undo": N_("There is nothing to undo."),
    "already_undone": N_("That was already undone."),
    "undo_written_since": N_("Something was changed there since. Nothing was undone. Undo the later change first."),
}
"""Message id by error code. Placeholders are the error's data."""

CHANGES: dict[str, str] = {
    "undo": N_("Undone: {label}"),
    "redo": N_("Done again: {label}"),
    "profile_edited": N_("What you know about {student} was saved."),
}
"""Message id by change label. ``{student}``, ``{group}`` and the like are the names of the ids in the args."""


def error_sentence(error: BlendDeskError) -> str:
    """What happened, what is safe, what to do."""
    message = ERRORS.get(error.code)
    if message is None:
        return _("Something did not work ({code}). Nothing was changed.").format(code=error.code)
    return _(message).format_map(_Lenient(error.data))


def change_sentence(label: str, args: Mapping[str, object], name_of: Callable[[str], str]) -> str:
    """A change in words. ``name_of`` turns an id (hex) into the name the teacher knows it by."""
    values: dict[str, object] = {key: name_of(str(v)) if _is_id(v) else v for key, v in args.items()}
    if label in ("undo", "redo"):
        inner = {key: value for key, value in args.items() if key != "label"}
        values["label"] = change_sentence(str(args.get("label", "")), inner, name_of)
    message = CHANGES.get(label)
    return label if message is None else _(message).format_map(_Lenient(values))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 32 and all(c in "0123456789abcdef" for c in value)


class _Lenient(dict[str, object]):
    """A sentence must never fail for want of a detail."""

    def __missing__(self, key: str) -> str:
        return "…"
