"""Refused changes, held work and doubtful computers in words, for the tray on Today and for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from blenddesk.domain.authority import Wrong
from blenddesk.text import N_, _, name, ngettext

if TYPE_CHECKING:
    from blenddesk.services.authority import Computer, HeldWork, RefusedOp, SeatQuestion

THINGS: dict[str, str] = {
    "section": N_("the class"),
    "student": N_("a student"),
    "enrollment": N_("who is in the class"),
    "room": N_("My room"),
    "adult": N_("the adults of the class"),
    "period": N_("the timetable"),
    "calendar_day": N_("the school calendar"),
    "meeting": N_("a meeting of the class"),
    "attendance": N_("who is here"),
    "plan": N_("a lesson"),
    "block": N_("a station"),
    "block_task": N_("a group's task"),
    "group": N_("a group"),
    "membership": N_("who is in which group"),
    "seat": N_("who is where in a round"),
    "run": N_("when a lesson was held"),
    "lesson_event": N_("a running lesson"),
    "entry": N_("logged work"),
    "reflection": N_("what a student said"),
    "goal": N_("a goal"),
    "goal_step": N_("a step of a goal"),
    "profile": N_("what you know about a student"),
    "pair_rule": N_("who belongs together or apart"),
    "judgement": N_("your sorting of the class"),
    "certificate": N_("which computers belong to the class"),
    "announcement": N_("which computers belong to the class"),
    "retirement": N_("which computers belong to the class"),
    "withdrawal": N_("what was taken back"),
    "withdrawal_private": N_("what was taken back"),
    "teacher": N_("the teacher's name"),
    "school_year": N_("the school year"),
    "computer": N_("the name of a computer"),
    "evidence": N_("a picture of a student's work"),
    "evidence_private": N_("a picture of a student's work"),
    "evidence_note": N_("what you wrote about a picture"),
}
"""What a record is to a teacher, as the object of "tried to change"."""

_TRIED: dict[Wrong, str] = {
    Wrong.STRANGER: N_("Somebody who says to be {computer} tried to change {thing}."),
    Wrong.RECORD: N_("{computer} tried to change {thing}."),
    Wrong.FIELD: N_("{computer} tried to change {thing}."),
    Wrong.WORD: N_("{computer} tried to say of {thing} what only a teacher says."),
    Wrong.OTHERS: N_("{computer} tried to take back what another computer wrote."),
}
_REMOVED = N_("{computer} tried to remove {thing}.")


def refused_sentence(op: RefusedOp) -> str:
    """Such as "Blue-3 tried to change a lesson." """
    stranger = op.why is Wrong.STRANGER
    message = _TRIED[op.why] if stranger or op.change == "put" else _REMOVED
    thing = THINGS.get(op.record)
    return _(message).format(
        computer=name(op.computer or _("a computer nobody knows")), thing=_(thing) if thing else _("something")
    )


def refused_lines(ops: Iterable[RefusedOp]) -> list[tuple[str, tuple[RefusedOp, ...]]]:
    """One line for all tries of the same kind, with what ``services.authority.dismiss`` is to be told of."""
    lines: dict[str, list[RefusedOp]] = {}
    for op in ops:
        lines.setdefault(refused_sentence(op), []).append(op)
    return [
        (
            sentence
            if len(tries) == 1
            else _("{sentence} ({times})").format(
                sentence=sentence,
                times=ngettext("{n} time", "{n} times", len(tries)).format(n=len(tries)),
            ),
            tuple(tries),
        )
        for sentence, tries in lines.items()
    ]


REFUSED_IS_SAFE = N_("It had no effect. If nobody at school did this, someone may have changed files on that computer.")
"""What a teacher may want to know beside ``refused_sentence``."""


def held_sentence(work: HeldWork) -> str:
    if work.retired:
        message = ngettext(
            "{computer} is retired. {n} change that it wrote afterwards waits for you.",
            "{computer} is retired. {n} changes that it wrote afterwards wait for you.",
            work.ops,
        )
    else:
        message = ngettext(
            "{computer} is not confirmed yet. {n} change of it waits.",
            "{computer} is not confirmed yet. {n} changes of it wait.",
            work.ops,
        )
    return message.format(computer=name(work.computer or _("A computer nobody knows")), n=work.ops)


def question_sentence(question: SeatQuestion) -> str:
    """Which is the real Blue-3? Of another teacher's: whether it is hers, or which of several."""
    called = name(question.name)
    if question.for_desk and question.holder is None and len(question.waiting) == 1:
        return _("{name}'s computer wants to join.").format(name=called)
    if question.for_desk:
        return _("Which is {name}'s computer? Several opened the file.").format(name=called)
    return _("Which is the real {computer}? Several computers opened its file.").format(computer=called)


def standing_word(computer: Computer) -> str:
    """A student computer is confirmed by itself, another teacher's by a person."""
    waits = _("wants to join, waits to be confirmed") if computer.role == "teacher" else ""
    words = {
        "certified": _("belongs to the class"),
        "announced": waits or _("new, waits for its first trip home"),
        "held": _("opened a file that another computer has"),
        "retired": _("retired"),
    }
    return words[computer.standing]
