"""Codes into sentences: errors (what happened, what is safe, what to do) and changes ("Omar moved to Circles").

Used by every face. Lower floors raise and record codes; a code without a sentence here fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blenddesk.backup_words import BACKUP_ERRORS
from blenddesk.errors import BlendDeskError
from blenddesk.exchange_words import EXCHANGE_ERRORS
from blenddesk.text import N_, _, name

_OWN_ERRORS: dict[str, str] = {
    # The computer is in the way.
    "erase_elsewhere": N_(
        "Another teacher's computer made one of the classes of this student. Nothing was erased. Erase the student on "
        "that computer."
    ),
    "student_unknown": N_("Nothing is known of this student here. Nothing was changed."),
    "disk_full": N_("The disk is full. What was saved before is safe. Make some room and try again."),
    "disk_failing": N_(
        "This computer's disk did not do what it was asked. What was saved before is safe. Try again, and if it "
        "happens once more, save a backup on a stick."
    ),
    "database_missing": N_("There is no class data in {path}. Nothing was changed. Open a backup or start new."),
    "database_locked": N_("Another program is using the class data. Nothing was changed. Close it and try again."),
    "database_not_writable": N_("The folder {path} cannot be written to. Nothing was changed. Choose another folder."),
    "database_unreadable": N_("The class data in {path} cannot be read. It was left as it is. Open a backup."),
    "database_newer": N_("The class data is from a newer BlendDesk. It was left as it is. Install the newer version."),
    "folder_not_writable": N_("The folder {path} cannot be written to. Nothing was changed. Choose another folder."),
    "folder_on_network": N_(
        "The folder {path} is on another computer. Class data kept there can be lost. Nothing was changed. "
        "Choose a folder on this computer."
    ),
    "folder_synchronised": N_(
        "Another program copies the folder {name} between computers, and class data in it can be lost. Nothing was "
        "changed. Move {path} to a folder that stays on this computer, and open it there."
    ),
    "key_missing": N_("The key to the class data is gone from {path}. The data was left as it is. Open a backup."),
    "key_damaged": N_("The key to the class data in {path} cannot be read. The data was left as it is. Open a backup."),
    "key_not_ours": N_(
        "The key to the class data opens only for the account and computer it was made on. The data was left as it is. "
        "Use that account, the recovery sheet or a backup."
    ),
    "key_not_written": N_(
        "The new key file could not be written to {path}. What opened the class data before still opens it. Make some "
        "room on the disk and try again."
    ),
    # Pass phrase and recovery sheet.
    "locked": N_("The class data is locked. Nothing was changed. Type the pass phrase."),
    "passphrase_needed": N_(
        "The class data is locked. Nothing was changed. Give the pass phrase with --passphrase-file, or at a terminal."
    ),
    "phrase_wrong": N_("That is not the pass phrase. Nothing was changed. Try again, or use the recovery sheet."),
    "phrase_short": N_(
        "A pass phrase needs at least {least} letters. Nothing was changed. Four words make a good one."
    ),
    "phrase_long": N_("A pass phrase can have {most} letters. Nothing was changed. Make it shorter."),
    "no_phrase": N_("No pass phrase is set on this computer. Nothing was changed."),
    "no_sheet": N_(
        "There is no recovery sheet for this computer. Nothing was changed. Without one only the pass phrase or a "
        "backup opens the class data."
    ),
    "wait": N_("Wait {seconds} s before the next try. Nothing was changed."),
    "recovery_word_slip": N_("Word {place} does not fit: {word}. It is probably {meant}. Look at your sheet."),
    "recovery_words_swapped": N_("Words {first} and {second} have changed places. Look at your sheet."),
    "recovery_words_slip": N_(
        "These words do not fit together. At least two are not as on the sheet. Read them again."
    ),
    "recovery_words_wrong": N_(
        "These words are from another recovery sheet. Nothing was changed. Look for the newest sheet of this computer."
    ),
    "file_missing": N_("There is no file {path}. Nothing was changed. Check the name and try again."),
    "file_unreadable": N_("The file {path} cannot be read. Nothing was changed. Copy it again and try once more."),
    "folder_missing": N_("There is no folder {path}. Nothing was changed. Choose another one."),
    # Wishes that cannot be granted as they stand.
    "device_exists": N_("BlendDesk is already set up in {path}. Nothing was changed. Choose another folder."),
    "no_device": N_(
        "BlendDesk is not set up in {path} yet. Nothing was changed. Start with a new desk or add this "
        "computer to a class."
    ),
    "in_use": N_("BlendDesk is already open with this data. Nothing was changed. Use that window or close it first."),
    "too_late": N_(
        "There is not a minute left for each round. Nothing was changed. Use fewer rounds or start in full."
    ),
    "record_too_large": N_("That is too much to keep in one place. Nothing was changed. Make it shorter."),
    "field_malformed": N_("That value does not fit. Nothing was changed. Make it shorter or simpler."),
    "unknown_field": N_("There is no such field. Nothing was changed."),
    "profile_too_long": N_("A list can hold {most} lines. Nothing was changed. Join some of them."),
    # Classes, students, goals.
    "class_name_empty": N_("A class needs a name. Nothing was changed. Type one, such as 4B."),
    "class_name_long": N_("A class name can have {most} letters. Nothing was changed. Make it shorter."),
    "class_exists": N_("There is a class named {name} already. Nothing was changed. Choose another name."),
    "no_such_class": N_("That class is not here any more. Nothing was changed. Choose another class."),
    "no_such_student": N_("That student is not in this class any more. Nothing was changed."),
    "already_in_class": N_("The student is in {name} already. Nothing was changed."),
    "not_a_desk": N_("Only a teacher's computer can do this. Nothing was changed."),
    "name_empty": N_("A student needs a name. Nothing was changed. Type a first name."),
    "code_malformed": N_("A sign-in needs three different pictures. Nothing was changed. Choose three."),
    "goal_empty": N_("A goal needs words. Nothing was changed. Write what the student says."),
    "goal_step_empty": N_("A step needs words. Nothing was changed. Write what the student will do."),
    "goal_too_long": N_("This can have {most} letters. Nothing was changed. Say it shorter."),
    "goal_steps_many": N_("A goal can have {most} steps. Nothing was changed. Leave some out or join two."),
    "goal_day": N_("{day} is not a day. Nothing was changed. Choose a day or leave it empty."),
    "no_such_goal": N_("That goal is not here any more. Nothing was changed."),
    "no_such_picture": N_("That picture is not here any more. Nothing was changed."),
    "not_a_picture": N_(
        "That file is not a picture BlendDesk can open. Nothing was added. Choose a JPG or PNG picture."
    ),
    "picture_file_too_large": N_("That picture is too large to open safely. Nothing was added. Save it smaller first."),
    "picture_too_large": N_("That picture could not be made small enough. Nothing was added. Choose another one."),
    "picture_damaged": N_("A picture is damaged. Nothing else was changed. It is fetched again with the next stick."),
    "caption_too_long": N_("Words under a picture have {most} letters at most. Nothing was saved. Make them shorter."),
    "no_such_step": N_("That step is not here any more. Nothing was changed."),
    # Class lists from elsewhere.
    "roster_empty": N_("There is nobody in this list. Nothing was changed. Paste names, one in each line."),
    "roster_empty_file": N_("{file} is empty. Nothing was changed. Save the list again and choose the new file."),
    "roster_unreadable": N_(
        "{file} cannot be read as a list: it is damaged or something else. Nothing was changed. Save it as CSV or "
        "XLSX and try again, or copy the names and paste them."
    ),
    "roster_encrypted": N_(
        "{file} is locked with a password. Nothing was changed. Save it without the password and try again."
    ),
    "roster_too_large": N_(
        "{file} is too large for a class list. Nothing was changed. Save only the rows of your students and try again."
    ),
    "roster_no_names": N_(
        "No column with names was found in {file}. Nothing was changed. Choose which column holds the names."
    ),
    "roster_no_rows": N_("{file} has headings but no students. Nothing was changed. Check that it is the right list."),
    "roster_no_sheet": N_("{file} has no such sheet. Nothing was changed. Choose another sheet."),
    "roster_only_staff": N_(
        "{file} lists teachers or other adults, no students. Nothing was changed. Choose the list of students."
    ),
    "roster_all_left": N_("Everyone in {file} is marked as gone. Nothing was changed. Choose this year's list."),
    "roster_unknown_encoding": N_("There are no letters named {encoding}. Nothing was changed. Choose another kind."),
    "roster_unknown_format": N_(
        "Lists of the kind {format} are not known. Nothing was changed. Let BlendDesk find out."
    ),
    "roster_unknown_zip": N_(
        "{file} is a packed folder without a class list that BlendDesk knows. Nothing was changed. Unpack it and "
        "choose the list itself."
    ),
    "roster_mapping_field": N_("A column cannot hold {field}. Nothing was changed. Choose something else for it."),
    "roster_mapping_column": N_("The list has {columns} columns only. Nothing was changed. Choose one of them."),
    "roster_mapping_private": N_(
        "The column {header} looks private, so it is never read. Nothing was changed. Choose another column."
    ),
    "nothing_finished": N_("Nothing is ticked yet. Nothing was saved. Tap a station first."),
    "not_in_class": N_("That student is not in this class any more. Nothing was saved. Ask your teacher."),
    "growth_out_of_range": N_("There are four answers, 1 to 4. Nothing was saved. Choose one of them."),
    "unknown_word": N_("That word is not on the list. Nothing was saved. Choose another."),
    "remark_too_long": N_("A remark has {most} letters at most. Nothing was saved. Make it shorter."),
    "unknown_picture": N_("There is no picture of that name. Nothing was changed. Choose another."),
    # Plans, groups, stations, my room, timetable.
    "plan_unknown": N_("That lesson is not here any more. Nothing was changed. Choose another."),
    "locks_clash": N_("Two locked places do not go together. Nothing was changed. Unlock one of them."),
    "plan_has_gaps": N_("Somebody has no place yet. The plan is saved as it is. Look at the checks, then use it."),
    "plan_name_empty": N_("A lesson needs a name. Nothing was changed. Type one, such as Reading."),
    "plan_name_long": N_("A lesson's name can have {most} letters. Nothing was changed. Make it shorter."),
    "template_unknown": N_("There is no template {template}. Nothing was changed. Choose one from the list."),
    "class_empty": N_("There is nobody in this class yet. Nothing was changed. Add students first."),
    "no_last_lesson": N_("There is no earlier lesson to copy. Nothing was changed. Choose a template."),
    "no_last_grouping": N_("There are no groups from an earlier lesson. Nothing was changed. Choose mixed groups."),
    "grouping_unknown": N_("There is no way of grouping named {mode}. Nothing was changed."),
    "groups_impossible": N_(
        "No groups keep every rule of together and apart. Nothing was changed. Take one of the rules away."
    ),
    "groups_out_of_range": N_("{students} students cannot make {groups} groups. Nothing was changed."),
    "group_unknown": N_("That group is not here any more. Nothing was changed. Choose another."),
    "already_there": N_("The student is in that group already. Nothing was changed."),
    "pair_of_one": N_("A rule needs two students. Nothing was changed. Choose another student."),
    "level_out_of_range": N_("The sorting goes from {least} to {most}. Nothing was changed."),
    "rounds_do_not_fit": N_(
        "{rounds} rounds do not fit into {period} minutes. Nothing was changed. At most {most_rounds} do."
    ),
    "round_out_of_range": N_("A round can have {least} to {most} minutes here. Nothing was changed."),
    "round_is_over": N_("That round is over. Nothing was changed."),
    "minutes_out_of_range": N_("These minutes do not fit into the lesson. Nothing was changed."),
    "period_out_of_range": N_("A lesson has {least} to {most} minutes. Nothing was changed."),
    "period_exists": N_("The class meets at that time already. Nothing was changed. Choose another time."),
    "day_malformed": N_("{day} is not a day. Nothing was changed. Choose one such as 2026-11-24."),
    "days_out_of_order": N_("The last day lies before the first. Nothing was changed."),
    "station_unknown": N_("That station is not here any more. Nothing was changed. Choose another."),
    "station_title_empty": N_("A station needs a name. Nothing was changed. Type one, such as Computer."),
    "station_title_long": N_("A station's name can have {most} letters. Nothing was changed. Make it shorter."),
    "too_many_steps": N_("A station can have {most} steps. Nothing was changed. Leave some out."),
    "no_remedy": N_("This cannot be put right by itself. Nothing was changed. Change the plan by hand."),
    "room_out_of_range": N_("This goes from {least} to {most}. Nothing was changed."),
    "demo_folder_taken": N_(
        "The folder {path} is there and is not from an earlier demo. Nothing was changed. Choose another folder."
    ),
    "demo_stopped": N_("The demo stopped at “{step}”: {detail}. Nothing of your own was touched. Please tell us."),
    "nothing_to_print": N_("There is nothing to print yet. Nothing was changed. Add students or a plan first."),
    "no_plan_to_print": N_("There is no plan yet. Nothing was changed. Plan a lesson first, then print it."),
    "print_not_written": N_("The print could not be saved as {path}. Nothing was changed. Choose another folder."),
    "print_not_started": N_("The printer did not start. Nothing was printed. Check it, or save a PDF instead."),
    "print_stopped": N_("The printer stopped after {page} pages. Check it and print the rest, or save a PDF instead."),
    "question_gone": N_(
        "That was answered already, or something new came. Nothing was changed. Look at the list again."
    ),
    "no_such_side": N_("That cannot be chosen here. Nothing was changed. Choose one of what is shown."),
    "not_in_bin": N_("That is back already. Nothing was changed."),
    "year_closed": N_("The school year {year} is closed already. Nothing was changed."),
    "copy_not_met": N_(
        "The two computers still write as one. Nothing was changed. Take the stick to both of them first, then rename."
    ),
    "undo_not_possible": N_("That cannot be undone. Nothing was changed."),
    "nothing_to_redo": N_("There is nothing to do again."),
    "nothing_to_undo": N_("There is nothing to undo."),
    "already_undone": N_("That was already undone."),
    "undo_written_since": N_("Something was changed there since. Nothing was undone. Undo the later change first."),
    # A running lesson and what is written of work.
    "lesson_has_started": N_("This lesson has started already. Nothing was changed. Its buttons are on Today."),
    "lesson_not_running": N_("This lesson is not running. Nothing was changed. Press Start first."),
    "plan_without_rounds": N_("This lesson has no rounds yet. Nothing was started. Finish the plan first."),
    "station_gone": N_("That station is no longer in the lesson. Nothing was changed. Choose another one."),
    "minute_out_of_range": N_("{minute} is not a time of day. Nothing was changed. Type it like 9:52."),
    "unknown_entry_kind": N_("That cannot be said of a student's work. Nothing was changed."),
    "nobody_chosen": N_("Nobody is chosen. Nothing was changed. Choose a student first."),
    "no_station_then": N_("That group has no station in that round. Nothing was changed."),
    "all_logged": N_("Everyone of that group who is here has logged this station already. Nothing was changed."),
    "too_many_words": N_("At most {most} words fit. Nothing was changed. Leave some out."),
    "entry_gone": N_("That entry was taken back already. Nothing was changed."),
    "same_student": N_("That is the same student. Nothing was changed. Choose the right one."),
    "class_unknown": N_("That class is no longer there. Nothing was changed. Choose another one."),
    # The week.
    "day_is_off": N_("There is no school on that day. Nothing was changed. Choose another day."),
    "lesson_was_taught": N_("This lesson was taught already, so it stays on its day. Copy it instead."),
    "no_earlier_week": N_("No earlier week has lessons. Nothing was changed. Add a lesson first."),
    "nothing_to_copy": N_(
        "Nothing was copied: every lesson of the earlier week falls on a day off, does not fit, or its time has a "
        "lesson already."
    ),
    "no_class_chosen": N_("No class was chosen. Nothing was changed. Choose at least one."),
    "no_class_fits": N_(
        "None of these classes has students and a free meeting in the next three weeks. Nothing was changed."
    ),
    "no_free_meeting": N_("The class has no free meeting in the next three weeks. Nothing was changed."),
}
ERRORS = EXCHANGE_ERRORS | BACKUP_ERRORS | _OWN_ERRORS
"""Message id by error code. Placeholders are the error's data."""

CHANGES: dict[str, str] = {
    "seat_new": N_("A student computer can join."),
    "seat_opened": N_("This computer joined a class."),
    "package_read": N_("Work from another computer was brought home."),
    "desk_seat_new": N_("Another teacher's computer can join."),
    "seat_confirmed": N_("A computer was confirmed."),
    "computer_retired": N_("A computer was retired: what it writes from now on waits for you."),
    "student_erased": N_("A student was erased for good."),
    "computer_reinstated": N_("A retired computer counts again."),
    "held_accepted": N_("What waited of a retired computer was taken in."),
    "work_taken_back": N_("{count} changes of one computer were taken back."),
    "folder_read": N_("Work from {device} came by itself, from the shared folder."),
    "sample_made": N_("The sample class was made."),
    "conflict_resolved": N_("Chosen: one version stays."),
    "conflict_resolved_student": N_("{student}: one version was chosen."),
    "conflict_both_kept": N_("Both versions stay."),
    "deletion_kept": N_("It stays taken away."),
    "deletion_taken_back": N_("It is kept, with what was changed."),
    "class_brought_back": N_("{section} is back."),
    "plan_brought_back": N_("{plan} is back and can be planned on."),
    "student_back": N_("{student} is back in {section}."),
    "brought_back": N_("It is back as it was."),
    "year_closed": N_("The school year {year} is closed."),
    "copy_renamed": N_("One of the two computers is now called {name}."),
    "namesakes_told_apart": N_("Students of {section} who shared a name have letters of the family name now."),
    "numbers_told_apart": N_("Each student of {section} has a number of their own."),
    "undo": N_("Undone: {label}"),
    "redo": N_("Done again: {label}"),
    "picture_added": N_("A picture of {student}'s work was added."),
    "picture_captioned": N_("The words under a picture of {student}'s work were changed."),
    "picture_hidden": N_("A picture of {student}'s work was hidden. It is kept."),
    "visit_finished": N_("{student} logged what they did."),
    "goal_step_done": N_("{student} did a step of a goal."),
    "goal_step_undone": N_("{student} took back a step of a goal."),
    "help_asked": N_("{student} asked for help."),
    "sign_in_missed": N_("{student} could not sign in."),
    "sign_in_chosen": N_("{student} chose pictures to sign in with."),
    "plan_made": N_("The lesson {plan} is planned."),
    "plan_copied": N_("{plan} was copied, with groups for this lesson."),
    "week_copied": N_("Lessons of an earlier week were copied: {count}."),
    "plan_given": N_("{plan} was given to other classes: {count}."),
    "plan_ready": N_("{plan} is ready to use."),
    "plan_renamed": N_("The lesson is now called {plan}."),
    "plan_day_set": N_("{plan} has another day."),
    "plan_archived": N_("{plan} was put away."),
    "plan_fixed": N_("{plan} was put right."),
    "minutes_changed": N_("The minutes of {plan} were fitted."),
    "groups_made": N_("New groups for {plan}."),
    "student_regrouped": N_("{student} moved to {group}."),
    "student_locked": N_("{student} stays in {group} when groups are made again."),
    "student_unlocked": N_("{student} may change group when groups are made again."),
    "group_helpers_chosen": N_("What every group of {plan} needs was saved."),
    "student_helps": N_("What {student} helps others with was saved."),
    "pair_rule_removed": N_("A rule about two students was taken away."),
    "kept_together": N_("{student} and {other} stay together from now on."),
    "kept_apart": N_("{student} and {other} stay apart from now on."),
    "judgement_set": N_("Your sorting of the class was saved."),
    "station_edited": N_("{block} was changed."),
    "station_swapped": N_("{block} took the place of a station."),
    "own_station_made": N_("{block} is in your station library."),
    "own_station_kept": N_("{block} is in your station library, for all your classes."),
    "own_station_edited": N_("{block} was changed in your library. Lessons keep theirs as they were."),
    "own_station_archived": N_("{block} was put away. Lessons keep theirs."),
    "own_station_back": N_("{block} is back in your station library."),
    "template_kept": N_("{plan} is a template of yours now."),
    "template_renamed": N_("Your template is now called {plan}."),
    "template_archived": N_("Your template {plan} was put away."),
    "room_edited": N_("My room was saved."),
    "timetable_edited": N_("The timetable of {section} was changed."),
    "calendar_edited": N_("The school calendar was changed."),
    "profile_edited": N_("What you know about {student} was saved."),
    "desk_created": N_("This desk was set up."),
    "class_created": N_("The class {section} was made."),
    "class_edited": N_("{section} was changed."),
    "class_archived": N_("{section} was put away."),
    "adults_edited": N_("The adults of {section} were changed."),
    "roster_imported": N_("Class list read: {added} new, {updated} changed."),
    "student_added": N_("A student was added to {section}."),
    "student_renamed": N_("{student} has a new name."),
    "student_left": N_("{student} left {section}."),
    "student_moved": N_("{student} moved to {section}."),
    "student_joined": N_("{student} is now in {section} too."),
    "avatar_chosen": N_("{student} has another picture."),
    "code_changed": N_("{student} has new sign-in pictures."),
    "goal_set": N_("{student} has a new goal."),
    "goal_edited": N_("{student}'s goal was changed."),
    "goal_active": N_("{student}'s goal goes on."),
    "goal_reached": N_("{student} reached the goal."),
    "goal_changed": N_("{student}'s goal was set aside for another."),
    "goal_let_go": N_("{student} let a goal go."),
    "goal_step_added": N_("{student}'s goal has one more step."),
    "goal_step_edited": N_("A step of {student}'s goal was changed."),
    "goal_step_removed": N_("A step of {student}'s goal was taken away."),
    "goal_steps_ordered": N_("The steps of {student}'s goal were put in order."),
    "step_done": N_("{student} did a step."),
    "step_undone": N_("A step of {student} is open again."),
    # A running lesson and what is written of work.
    "lesson_started": N_("{plan} started."),
    "lesson_next": N_("On to the next part of {plan}."),
    "lesson_longer": N_("Minutes added."),
    "lesson_shorter": N_("Minutes taken off."),
    "lesson_paused": N_("Paused."),
    "lesson_resumed": N_("Going on."),
    "round_skipped": N_("The round is left out."),
    "eyes_on": N_("Eyes on me."),
    "eyes_off": N_("Back to the round."),
    "lesson_refit": N_("The rounds to come share the time to the bell."),
    "lesson_slept": N_("Going on from where the lesson was."),
    "lesson_finished": N_("{plan} is finished."),
    "student_here": N_("{student} is here."),
    "student_away": N_("{student} is away."),
    "student_late": N_("{student} came late."),
    "lesson_adults": N_("Who is with the class was saved."),
    "rounds_excused": N_("{student} is excused from what was missed."),
    "work_logged": N_("{block} logged for {student}."),
    "work_checked": N_("{block} checked for {student}."),
    "work_mastered": N_("{student} has mastered {block}."),
    "work_to_revise": N_("{student} will do {block} again."),
    "work_excused": N_("{student} is excused from {block}."),
    "work_logged_many": N_("{block} logged for {count} students."),
    "work_checked_many": N_("{block} checked for {count} students."),
    "work_mastered_many": N_("{count} students have mastered {block}."),
    "work_to_revise_many": N_("{count} students will do {block} again."),
    "work_excused_many": N_("{count} students are excused from {block}."),
    "group_logged": N_("{block} logged for {group}: {count}."),
    "entry_taken_back": N_("{block} of {student} was taken back."),
    "entry_moved": N_("{block} goes from {student} to {to}."),
}
"""Message id by change label. ``{student}``, ``{group}`` and the like are the names of the ids in the args."""


ROSTER_WARNINGS: dict[str, str] = {
    "bad_characters": N_("{count} letters could not be read. Look at names with a question mark."),
    "class_left": N_("The class {class} is over, so its students were not put in it."),
    "duplicate_id": N_("The same student as in row {other_row}; read once."),
    "encoding_guessed": N_("The letters were guessed. If accents look wrong, choose other letters."),
    "enrollments_not_read": N_("The file that says who is in which class is missing or could not be read."),
    "guessed_columns": N_("The list has no headings, so the columns were guessed. Please check them."),
    "left": N_("Marked as gone, so not added."),
    "long_cell": N_("Very long text, cut short."),
    "maybe_staff": N_("This may be a list of adults. Check that these are students."),
    "name_too_long": N_("This name has more than {limit} letters, so the row was left out."),
    "names_not_split": N_("{count} names were not split into first and family name. They stay whole."),
    "no_family": N_("No family name."),
    "no_given": N_("No first name."),
    "no_name": N_("No name, so the row was left out."),
    "not_a_student": N_("Not a student, so not added."),
    "numeric_id": N_("The numbers of the students may have lost zeros at the front."),
    "odd_name": N_("This does not look like a name. Please check it."),
    "role_contradicts": N_("One file says student, another says adult. Please check."),
    "roles_missing": N_("The list does not say who is a student. Check that no adults are in it."),
    "same_id_other_name": N_("Has the same number as row {other_row} but another name."),
    "same_name": N_("The same name as in row {other_row}. Two students, or one twice?"),
    "sheet_chosen": N_("Read from the sheet {sheet}."),
    "status_contradicts": N_("Marked as here and as gone (row {other_row}). The student stays."),
    "stray_quote": N_("A quotation mark has no partner. Check that no names run together."),
    "unknown_class": N_("In a class that the list does not describe."),
}
"""Message id by the code of a warning about a class list. Placeholders are the warning's data."""


def warning_sentence(code: str, data: Mapping[str, object]) -> str:
    """What to look at in a class list."""
    message = ROSTER_WARNINGS.get(code)
    return code if message is None else _(message).format_map(_Lenient(data))


def error_sentence(error: BlendDeskError) -> str:
    """What happened, what is safe, what to do."""
    message = ERRORS.get(error.code)
    if message is None:
        return _("Something did not work ({code}). Nothing was changed.").format(code=error.code)
    # A path reads from the left in every language.
    paths = {key: name(str(error.data[key])) for key in ("path", "file") if key in error.data}
    return _(message).format_map(_Lenient(error.data | paths))


def change_sentence(label: str, args: Mapping[str, object], name_of: Callable[[str], str]) -> str:
    """A change in words. ``name_of`` turns an id (hex) into the name the teacher knows it by."""
    values: dict[str, object] = {key: name(name_of(str(v))) if _is_id(v) else v for key, v in args.items()}
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
