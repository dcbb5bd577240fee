"""Commands about who belongs to a class: its computers, what they tried, what waits, lost and doubtful ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from blenddesk.authority_words import held_sentence, question_sentence, refused_lines, refused_sentence, standing_word
from blenddesk.commands.terminal import Answer, Terminal, UsageError, columns
from blenddesk.errors import Refusal
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from blenddesk.domain.ids import Id
    from blenddesk.domain.ops import ChangeSet
    from blenddesk.services.authority import Computer
    from blenddesk.services.context import AppContext


def computer_list(terminal: Terminal) -> Answer:
    from blenddesk.services import authority

    with terminal.device() as context:
        names = {section.id: section.name for section in context.reads.sections.all(archived=True)}
        found = authority.computers(context)
        questions = authority.questions(context)
        said, lines = set_apart(context)
    rows = [
        {
            "id": one.device_id,
            "name": one.name,
            "role": one.role,
            "standing": one.standing,
            "classes": [{"id": section, "name": names.get(section, "")} for section in one.sections],
            "held": one.held,
            "refused": one.refused,
            "this": one.is_this,
        }
        for one in found
    ]
    asked = [
        {
            "name": one.name,
            "class": one.section,
            "holder": one.holder.device_id if one.holder is not None else None,
            "waiting": [computer.device_id for computer in one.waiting],
            "message": question_sentence(one),
        }
        for one in questions
    ]
    table = columns([[one.name, standing_word(one), one.device_id.hex()] for one in found])
    return Answer(
        {"computers": rows, "questions": asked, **said}, [*table, *(str(one["message"]) for one in asked), *lines]
    )


def set_apart(context: AppContext) -> tuple[dict[str, object], list[str]]:
    """What was refused and what waits, as rows and as lines."""
    from blenddesk.services import authority

    refused, held = authority.refused(context, seen=True), authority.held(context)
    rows = [
        {
            "computer": one.computer,
            "device": one.device_id,
            "class": one.section,
            "record": one.record,
            "change": one.change,
            "fields": list(one.fields),
            "why": one.why.value,
            "at": _iso(one.at_ms),
            "message": refused_sentence(one),
        }
        for one in refused
    ]
    waiting = [
        {
            "computer": one.computer,
            "device": one.device_id,
            "class": one.section,
            "ops": one.ops,
            "records": dict(one.records),
            "first": _iso(one.first_ms),
            "last": _iso(one.last_ms),
            "message": held_sentence(one),
        }
        for one in held
    ]
    lines = [line for line, _ops in refused_lines(refused)] + [held_sentence(one) for one in held]
    return {"refused": rows, "held": waiting}, lines


def retire(terminal: Terminal) -> Answer:
    from blenddesk.services import authority

    return _answer(terminal, authority.retire, _("{computer} is retired. What it writes from now on waits for you."))


def reinstate(terminal: Terminal) -> Answer:
    from blenddesk.services import authority

    return _answer(terminal, authority.reinstate, _("{computer} counts again."))


def accept(terminal: Terminal) -> Answer:
    from blenddesk.services import authority

    return _answer(terminal, authority.accept_held, _("What waited of {computer} was taken in."))


def confirm(terminal: Terminal) -> Answer:
    from blenddesk.services import authority

    name = terminal.options.name or ""
    return _answer(
        terminal, lambda context, device: authority.confirm(context, device, name), _("{computer} is confirmed.")
    )


def take_back(terminal: Terminal) -> Answer:
    """Everything from one computer between two times, as one change that undo takes back."""
    from blenddesk.services import authority

    first, last = _moment(terminal.options.first), _moment(terminal.options.last)
    with terminal.desk() as context:
        computer = _computer(context, terminal.options.who)
        count = authority.work_between(context, computer.device_id, first, last)
        context.run(authority.undo_between, computer.device_id, first, last)
    line = ngettext("{n} change of {computer} was taken back.", "{n} changes of {computer} were taken back.", count)
    return Answer({"taken_back": count}, [line.format(n=count, computer=computer.name)])


def _answer(terminal: Terminal, use_case: Callable[[AppContext, Id], ChangeSet], sentence: str) -> Answer:
    with terminal.desk() as context:
        computer = _computer(context, terminal.options.who)
        context.run(use_case, computer.device_id)
        [after] = [one for one in _computers(context) if one.device_id == computer.device_id]
    data = {"id": after.device_id, "name": after.name, "standing": after.standing, "held": after.held}
    return Answer(data, [sentence.format(computer=after.name)])


def _computers(context: AppContext) -> tuple[Computer, ...]:
    from blenddesk.services import authority

    return authority.computers(context)


def _computer(context: AppContext, who: str) -> Computer:
    """By id, or by name where only one has it. Refusals: ``no_such_computer``, ``which_computer``."""
    wanted = who.casefold()
    everyone = _computers(context)
    found = [one for one in everyone if one.device_id.hex() == wanted]
    found = found or [one for one in everyone if one.name.casefold() == wanted]
    if not found:
        raise Refusal("no_such_computer")
    if len(found) > 1:
        raise Refusal("which_computer", ids=", ".join(one.device_id.hex() for one in found))
    return found[0]


def _moment(text: str) -> int:
    """ISO 8601 in ms since 1970; without a zone in the one of this computer."""
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(_("{text} is no time such as 2026-11-23T10:00.").format(text=text)) from error


def _iso(ms: int) -> str | None:
    """A clock may say anything; what no calendar has is null."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return None
