"""Sentences for everything that can be wrong with a stick, a package or the file that adds a student computer.

Part of ``blenddesk.messages.ERRORS``. Whatever a damaged or foreign file holds, it is read whole or not at all, so each
sentence can promise that nothing was changed.
"""

from __future__ import annotations

from blenddesk.text import N_

_DAMAGED = N_(
    "{file} is damaged. Nothing of it was read and your data is as it was. Write it again on the other computer."
)
_NOT_TRUSTED = N_(
    "{file} was not written by a computer of your class. Nothing of it was read and your data is as it was. Ask where "
    "it comes from."
)
_NEWER = N_(
    "{file} was written by a newer BlendDesk. Nothing of it was read. Install the newer version, then read it again."
)
_FOREIGN = N_("{file} is for other computers. It was left as it is and nothing was changed.")

EXCHANGE_ERRORS: dict[str, str] = {
    # Sticks and folders.
    "folder_missing": N_("There is no folder {path}. Nothing was changed. Put the stick in or choose another folder."),
    "folder_is_data": N_(
        "In {path} BlendDesk keeps its own data, so it cannot be shared. Nothing was changed. Choose another folder."
    ),
    "stick_full": N_("The stick is full. Nothing was changed on it. Make some room on it or take another one."),
    "stick_read_only": N_(
        "The stick cannot be written to. Nothing was changed. Slide its lock, if it has one, or take another one."
    ),
    "stick_gone": N_("The stick was taken out too early. Your data is safe. Put it in again and try once more."),
    "stick_unreliable": N_(
        "What was written to the stick could not be read back. Your data is safe. Take another stick."
    ),
    "cancelled": N_("Stopped. What was done before is safe."),
    "interrupted": N_("Stopped. What was saved before is safe."),
    # What a file can be.
    "file_empty": N_("{file} is empty. Nothing was changed. Write it again on the other computer."),
    "file_too_large": N_("{file} is far too large to be work from a class. Nothing of it was read."),
    "not_a_package": N_("{file} is no work from BlendDesk. It was left as it is and nothing was changed."),
    "not_for_us": _FOREIGN,
    "seal_damaged": N_("{file} cannot be opened. It was left as it is. Write it again on the other computer."),
    "class_unknown": _FOREIGN,
    "not_addressed_to_us": _FOREIGN,
    "package_newer": _NEWER,
    "format_newer": _NEWER,
    "package_malformed": _DAMAGED,
    "package_not_understood": _DAMAGED,
    "padding_not_empty": _DAMAGED,
    "manifest_malformed": _DAMAGED,
    "genesis_malformed": _DAMAGED,
    "limits_exceeded": _DAMAGED,
    "segment_damaged": _DAMAGED,
    "segment_size_wrong": _DAMAGED,
    "frame_malformed": _DAMAGED,
    "frame_out_of_range": _DAMAGED,
    "chain_broken": _DAMAGED,
    "content_missing": _DAMAGED,
    "scope_wrong": _DAMAGED,
    "recipient_malformed": N_(
        "The key of one computer of this class cannot be used. Nothing was written. Add that computer again."
    ),
    "signature_wrong": _NOT_TRUSTED,
    "head_signature_wrong": _NOT_TRUSTED,
    "sender_unknown": _NOT_TRUSTED,
    "sender_may_not": _NOT_TRUSTED,
    "writer_unknown": _NOT_TRUSTED,
    "class_root_differs": N_(
        "There is another class with the same number here. Nothing was changed. Ask the teacher who made the file."
    ),
    "class_too_large": N_("The class is too large for one file. Nothing was written. Close an old school year first."),
    "log_damaged": N_(
        "A part of the data here is damaged, so nothing was written. Bring home work from another computer first: it "
        "brings back what is missing."
    ),
    "no_class": N_("There is no class on this computer yet. Nothing was changed. Make a class first."),
    "no_desk_known": N_(
        "This computer does not know the teacher's computer of this class. Nothing was saved. Bring the stick from the "
        "teacher's computer."
    ),
    "package_refused": N_("A file was refused. Nothing of it was read; everything else is safe."),
    # Who may do what.
    "not_allowed_here": N_("This computer may not change that. Nothing was changed. Do it on the teacher's computer."),
    "not_confirmed_yet": N_(
        "The teacher who made this class has not confirmed this computer yet. Nothing was changed. Take a stick there "
        "and back first."
    ),
    "computer_retired": N_(
        "This computer was retired from the class. Nothing was saved. The teacher can let it count again."
    ),
    "no_such_computer": N_("There is no such computer in your classes. Nothing was changed."),
    "which_computer": N_("Several computers have that name. Nothing was changed. Say which by its id, one of {ids}."),
    "cannot_retire_itself": N_("This is the computer you are at. Nothing was changed. Choose another one."),
    "retired_already": N_("That computer is retired already. Nothing was changed."),
    "not_retired": N_("That computer is not retired. Nothing was changed."),
    "confirmed_already": N_("There is nothing to confirm about that computer. Nothing was changed."),
    "computer_doubtful": N_(
        "Somebody else gives himself out for that computer. Nothing was changed. Retire it and add it anew."
    ),
    "nothing_then": N_("That computer wrote nothing in that time. Nothing was changed. Choose another time."),
    "desk_seat_on_a_student_computer": N_(
        "This is the file for another teacher's computer, and this is a student computer. Nothing was changed. Use the "
        "file on the teacher's computer."
    ),
    # Adding a student computer.
    "name_missing": N_("A computer needs a name. Nothing was changed. Type one, such as Blue-3."),
    "computer_name_empty": N_("A computer needs a name. Nothing was changed. Type one, such as Blue-3."),
    "computer_name_long": N_("The name of a computer can have {most} letters. Nothing was changed. Make it shorter."),
    "computer_exists": N_("There is a computer named {name} already. Nothing was changed. Choose another name."),
    "not_class_owner": N_(
        "Only the computer that made this class can add student computers. Nothing was changed. Do it there."
    ),
    "not_a_seat": N_("This is not the file of a student computer. Nothing was changed. Choose the other file."),
    "seat_newer": N_(
        "The file was made by a newer BlendDesk. Nothing was changed. Install the newer version, then open it again."
    ),
    "seat_damaged": N_("The file is damaged. Nothing was changed. Add the computer again on the teacher's computer."),
    "seat_malformed": N_("The file is damaged. Nothing was changed. Add the computer again on the teacher's computer."),
    "seat_words_wrong": N_("These are not the five words of this file. Nothing was changed. Read them again, slowly."),
    "seat_own_class": N_("This class was made on this computer. Nothing was changed. Use the file on another one."),
    "seat_on_a_desk": N_(
        "This is a teacher's computer, so it cannot become a student computer. Nothing was changed. Use the file on "
        "another computer."
    ),
    "class_already_here": N_("This computer is in that class already, as {name}. Nothing was changed."),
    "words_count": N_("There must be {wanted} words, and these are {found}. Nothing was changed. Read them again."),
    "word_unknown": N_("Word {place} is not on the list. Nothing was changed. Read it again, letter by letter."),
    # The command line.
    "teacher_name_empty": N_("A desk needs the name of its teacher. Nothing was changed. Type one, such as Ms Okoro."),
    "which_class": N_("There are several classes: {classes}. Nothing was changed. Say which one with --class."),
    "no_plan": N_("There is no such lesson plan. Nothing was changed. Make one first, or choose another day."),
    "no_such_block": N_("There is no station {block}; the plan has {blocks}. Nothing was changed."),
    "damage_found": N_("Something is wrong with the data here. It was left as it is. Look at what was found."),
    "sample_out_of_range": N_("A sample can have {least} to {most} here, not {found}. Nothing was changed."),
}
"""Message id by error code."""
