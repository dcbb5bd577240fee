"""Commands that look after the data: check, sample, undo, history; the demo; and those of later versions."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.commands.authority import set_apart
from blenddesk.commands.terminal import Answer, Terminal, UsageError, absolute, columns, section_named
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import change_sentence, error_sentence
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from blenddesk.domain.ids import Id
    from blenddesk.restoring import Repaired
    from blenddesk.services.context import AppContext
    from blenddesk.storage.history import Change


class Known(NamedTuple):
    """What ``check`` counts; None where a damaged page makes every answer a guess."""

    streams: int | None
    ops: int | None
    shared: str | None
    desk: str | None


def demo(terminal: Terminal) -> Answer:
    from blenddesk.demo import play

    options = terminal.options
    for name, value, least, most in (("students", options.students, 1, 45), ("kiosks", options.kiosks, 1, 12)):
        if not least <= value <= most:
            raise UsageError(
                _("--{name} can be {least} to {most}, not {value}.").format(
                    name=name, least=least, most=most, value=value
                )
            )
    out = absolute(options.out)
    data = play(out, options.students, options.kiosks, options.seed, terminal.note)
    lost = int(data.get("lost", 0))
    line = _("{students} students, {entries} entries, {packages} files carried, {lost} lost. Pictures are in {path}")
    said = line.format_map({"path": out, **data})
    trouble = ("demo_lost_entries", _("Entries were lost on the way.")) if lost else None
    return Answer(dict(data), [said], trouble)


def sample(terminal: Terminal) -> Answer:
    from blenddesk.services import sample_years, samples

    options = terminal.options
    if not terminal.paths.exists:
        _new_desk(terminal)
    with terminal.desk() as context:
        if options.classes is None:
            made = context.run(samples.make_sample, progress=terminal.counter(_("Sample class")))
        else:
            made = context.run(
                sample_years.make_year,
                classes=options.classes,
                students=options.students,
                days=options.days,
                entries_per_day=options.entries_per_day,
                seed=options.seed,
                progress=terminal.counter(_("Entries")),
            )
    data: dict[str, object] = {
        "classes": [{"id": one, "name": name} for one, name in made.classes],
        "students": made.students,
        "entries": made.entries,
    }
    line = _("{classes} classes, {students} students, {entries} entries.")
    said = line.format(classes=len(made.classes), students=made.students, entries=made.entries)
    return Answer(data, [said])


def _new_desk(terminal: Terminal) -> None:
    from blenddesk import bootstrap
    from blenddesk.changing_places import make_beside
    from blenddesk.commands.classroom import found_desk
    from blenddesk.services import samples

    with bootstrap.DataLock(terminal.paths):
        make_beside(terminal.paths, lambda making: found_desk(making, samples.TEACHER))


def check(terminal: Terminal) -> Answer:
    options = terminal.options
    repaired = _repair(terminal) if options.repair else None
    with terminal.device() as context:
        wanted = section_named(context, options.section).id if options.section else None
        findings = _findings(context)
        is_damaged = any(found["code"] == "integrity" for found in findings)
        if not is_damaged and options.rebuild and not _rebuild(context):
            findings.append({"code": "projections_differed", "message": _finding_words("projections_differed", {})})
        known = Known(None, None, None, None) if is_damaged else _what_is_there(context, wanted)
        apart, said = ({"refused": [], "held": []}, []) if is_damaged else set_apart(context)
    data: dict[str, object] = {
        "integrity": "damaged" if is_damaged else "ok",
        "streams": known.streams,
        "ops": known.ops,
        "state_digest": {"class": known.shared, "desk": known.desk},
        "findings": findings,
        **apart,
    }
    lines = [str(one["message"]) for one in findings]
    if known.ops is not None:
        lines = [
            ngettext("{n} change in the log", "{n} changes in the log", known.ops).format(n=known.ops),
            _("Class: {digest}").format(digest=known.shared),
            *lines,
            *said,
        ]
    if repaired is not None:
        data["repaired"] = {"saved": repaired.saved, "backup": repaired.backup, "kept_aside": repaired.kept_aside}
        lines.append(_("What was here before is kept in {path}").format(path=repaired.kept_aside))
    trouble = ("damage_found", error_sentence(BlendDeskError("damage_found"))) if findings else None
    return Answer(data, lines, trouble)


def _rebuild(context: AppContext) -> bool:
    from blenddesk.storage import digest, packed_frames

    packed_frames.pack_older(context.ledger.database)
    return digest.rebuild(context.ledger)


def _repair(terminal: Terminal) -> Repaired:
    from blenddesk import bootstrap, restoring

    key = terminal.key()
    with bootstrap.DataLock(terminal.paths):
        return restoring.repair(terminal.paths, key, progress=terminal.counter(_("Changes")))


def _findings(context: AppContext) -> list[dict[str, object]]:
    from blenddesk.storage import digest

    try:
        with context.ledger.database.read() as connection:
            found = digest.verify(connection)
    except EnvironmentTrouble as trouble:
        found = [digest.Finding("integrity", {"detail": trouble.data.get("detail", trouble.code)})]
    return [{"code": one.code, "message": _finding_words(one.code, one.data), **one.data} for one in found]


def _what_is_there(context: AppContext, wanted: Id | None) -> Known:
    from blenddesk.storage import digest
    from blenddesk.storage.streams import load_streams

    with context.ledger.database.read() as connection:
        sections = [wanted] if wanted is not None else digest.sections(connection)
        return Known(
            len(load_streams(connection).by_sid),
            int(connection.exec_driver_sql("SELECT count(*) FROM op").scalar_one()),
            _one_digest([digest.class_digest(connection, section) for section in sections]),
            digest.desk_digest(connection) if context.is_desk else None,
        )


def _one_digest(parts: list[str]) -> str | None:
    """The class's digest; of several classes one over all of them; None without a class."""
    if len(parts) < 2:
        return next(iter(parts), None)
    return blake2b("".join(parts).encode(), digest_size=16).hexdigest()


def _finding_words(code: str, data: dict[str, object]) -> str:
    if code == "integrity":
        return _("The database file is damaged: {detail}").format(detail=data.get("detail"))
    if code == "chain_broken":
        return _("The log was changed from outside at {stream}, {seq}").format(**data)
    if code == "changes_missing":
        words = _("Changes {first} to {last} of {stream} are missing. Work of another computer brings them back.")
        return words.format(**data)
    if code == "projections_differed":
        return _("What was shown differed from the log. It was made anew and is right now.")
    return code


# --- undo and history -----------------------------------------------------------------------------------------------


def undo(terminal: Terminal) -> Answer:
    from blenddesk.services import history

    with terminal.device() as context:
        change = context.run(history.undo)
        line = history.change(context, change.change_id)
        sentence = _sentence(context, line)
    return Answer({"undone": line.args.get("label", ""), "message": sentence}, [sentence])


def history(terminal: Terminal) -> Answer:
    from blenddesk.services import history as service

    with terminal.device() as context:
        lines = service.changes(context, limit=terminal.options.limit)
        changes = [
            {
                "id": line.id,
                "label": line.label,
                "message": _sentence(context, line),
                "at": datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="seconds"),
                "undoes": line.undoes,
                "undone_by": line.undone_by,
            }
            for line in lines
        ]
    rows = [[one["id"], one["at"], one["message"], _("undone") if one["undone_by"] else ""] for one in changes]
    return Answer({"changes": changes}, columns(rows))


def _sentence(context: AppContext, line: Change) -> str:
    from blenddesk.services import history as service

    return change_sentence(line.label, line.args, lambda key: service.name_of(context, key))


def later(terminal: Terminal) -> Answer:
    sentence = _("{command} comes with a later version of BlendDesk. Nothing was done.")
    raise UsageError(sentence.format(command=terminal.options.command), "not_in_this_version")
