"""Sentences for everything that can be wrong with a backup, with putting one back, and with the data itself."""

from __future__ import annotations

from blenddesk.text import N_

BACKUP_ERRORS: dict[str, str] = {
    "backup_copy_differs": N_(
        "The copy for the backup was not the same as the class data. Nothing was changed. "
        "Try again, and look after this computer's disk."
    ),
    "not_a_backup": N_("That file is not a BlendDesk backup. Nothing was changed. Choose another file."),
    "backup_newer": N_("The backup is from a newer BlendDesk. Nothing was changed. Install the newer version."),
    "backup_damaged": N_("The backup is damaged. Nothing was changed. Try another backup."),
    "backup_malformed": N_("The backup cannot be read. Nothing was changed. Try another backup."),
    "backup_words_wrong": N_("These words do not open the backup. Nothing was changed. Check the words and try again."),
    "backup_needs_words": N_(
        "This computer alone cannot open the backup. Nothing was changed. Use its five words or the recovery sheet."
    ),
    "backup_no_sheet": N_(
        "The recovery sheet does not open this backup: it was made before the sheet. Nothing was changed. "
        "Use its five words, or another backup."
    ),
    "backup_no_words": N_(
        "This backup has no five words: the recovery sheet opens it. Nothing was changed. Type the ten words of the "
        "sheet."
    ),
    "backup_same_place": N_(
        "That folder is lost together with the class data. Nothing was changed. Choose a stick or another disk."
    ),
    "repair_impossible": N_(
        "Too little of the class data can be read, and there is no backup on this computer. It was left as it is. "
        "Open a backup from a stick, or start new and bring home work from the other computers."
    ),
}
"""Message id by error code."""
