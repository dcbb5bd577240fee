"""Commands about what needs a decision: listing both versions with who and when, and choosing one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from blenddesk import conflict_words
from blenddesk.commands.terminal import Answer, Terminal, UsageError
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from blenddesk.services.conflicts import Question, Side
    from blenddesk.services.context import AppContext

BOTH = "both"


def list_all(terminal: Terminal) -> Answer:
    from blenddesk.services import conflicts

    with terminal.desk() as context:
        asked = conflicts.questions(context)
        found = [_as_data(context, one) for one in asked]
        lines = [line for data in found for line in _lines(data)]
    lines.append(ngettext("{n} thing needs you", "{n} things need you", len(asked)).format(n=len(asked)))
    return Answer({"conflicts": found}, lines)


def _lines(data: dict[str, Any]) -> list[str]:
    versions = [f"  {one['n']}  {one['message']}  ({one['who']}, {one['when']})" for one in data["values"]]
    return [f"{data['id']}  {data['message']}", *versions]


def resolve(terminal: Terminal) -> Answer:
    """``--keep N`` counts from 1, the version shown first; ``both`` where a record allows it."""
    from blenddesk.messages import change_sentence
    from blenddesk.services import conflicts, history

    options = terminal.options
    with terminal.desk() as context:
        asked = conflicts.question(context, options.id)
        if asked.kind not in (conflicts.Kind.VALUES, conflicts.Kind.PLAN, conflicts.Kind.EDITED_MEANWHILE):
            change = context.run(conflicts.put_right, asked.id)
        elif options.keep == BOTH:
            change = context.run(conflicts.keep_both, asked.id)
        else:
            change = context.run(conflicts.keep, asked.id, _number(options.keep) - 1)
        line = history.change(context, change.change_id)
        sentence = change_sentence(line.label, line.args, lambda key: history.name_of(context, key))
    return Answer({"resolved": asked.id, "message": sentence}, [sentence])


def _number(given: str | None) -> int:
    if given is None or not (given.isascii() and given.isdigit()):
        raise UsageError(_("--keep needs the number of a version, or both."))
    return int(given)


def _as_data(context: AppContext, asked: Question) -> dict[str, Any]:
    values = [
        {
            "n": number,
            "value": _value(side),
            "message": ", ".join(conflict_words.side_lines(context, asked, side)),
            "who": side.who,
            "when": datetime.fromtimestamp(side.at_ms / 1000, UTC).isoformat(timespec="seconds"),
        }
        for number, side in enumerate(asked.sides, 1)
    ]
    return {
        "id": asked.id,
        "kind": asked.kind.value,
        "record": asked.record,
        "field": asked.field,
        "message": conflict_words.title(context, asked),
        "values": values,
        "both": asked.can_keep_both,
    }


def _value(side: Side) -> object:
    """The value itself; of several fields all of them by name; null for a deletion."""
    if side.deleted or not side.cells:
        return None
    named = {cell.field: _plain(cell.value) for cell in side.cells}
    return next(iter(named.values())) if len(named) == 1 else named


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    return [_plain(one) for one in value] if isinstance(value, list) else value
