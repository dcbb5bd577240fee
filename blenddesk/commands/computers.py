"""Commands about student computers and the work that travels between computers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.commands.terminal import Answer, Terminal, absolute, existing_folder, read_bytes, section_named
from blenddesk.errors import BlendDeskError, ExchangeTrouble
from blenddesk.messages import error_sentence
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from blenddesk.sync.exchange import PackageResult


def seat_new(terminal: Terminal) -> Answer:
    from blenddesk.services import exchange

    options = terminal.options
    folder = existing_folder(options.to)
    with terminal.desk() as context:
        section = section_named(context, options.section)
        added = context.run(
            exchange.add_computer,
            section.id,
            options.name,
            folder,
            for_desk=options.teacher,
            language=terminal.language,
        )
    lines = [
        _("{name} can join {section}. The file is {path}").format(
            name=added.name, section=section.name, path=added.file
        ),
        _("On that computer, open the file and type these five words. They are shown only now:"),
        "  " + " ".join(added.words),
    ]
    return Answer({"file": added.file, "words": list(added.words)}, lines)


def seat_open(terminal: Terminal) -> Answer:
    from blenddesk import bootstrap, joining

    file = absolute(terminal.options.file)
    data = read_bytes(file)
    try:
        with bootstrap.DataLock(terminal.paths):
            joined = joining.open_seat(terminal.paths, data, terminal.options.words)
    except ExchangeTrouble as trouble:
        trouble.data.setdefault("file", file.name)
        raise
    classes = [{"id": section, "name": name} for section, name in joined.classes]
    line = _("This computer is {name} now, in: {classes}").format(
        name=joined.name, classes=", ".join(name for _section, name in joined.classes)
    )
    return Answer({"device": joined.device_id, "name": joined.name, "classes": classes}, [line])


def package_write(terminal: Terminal) -> Answer:
    from blenddesk.services import exchange

    folder = existing_folder(terminal.options.to)
    with terminal.device() as context:
        taken = exchange.take_to_computers(context, folder, progress=terminal.counter(_("Changes")))
    line = ngettext(
        "{n} file written to {path} and read back. You can take the stick.",
        "{n} files written to {path} and read back. You can take the stick.",
        len(taken.files),
    ).format(n=len(taken.files), path=folder)
    return Answer({"files": list(taken.files), "ops": taken.ops, "bytes": taken.bytes}, [line])


def package_read(terminal: Terminal) -> Answer:
    from blenddesk.services import exchange

    terminal.on_failure = {"packages": []}
    paths = [absolute(path) for path in terminal.options.paths]
    with terminal.device() as context:
        home = context.run(
            exchange.bring_home, paths, preview=terminal.options.preview, progress=terminal.counter(_("Bytes"))
        )
    rows = [_row(result) for result in home.packages]
    data: dict[str, object] = {"packages": rows, "preview": terminal.options.preview}
    lines = [_line(result) for result in home.packages] or [_("There is no file to read there.")]
    trouble = None
    if home.refused:
        sentence = ngettext(
            "{n} file was refused. Nothing of it was read; everything else is safe.",
            "{n} files were refused. Nothing of them was read; everything else is safe.",
            len(home.refused),
        )
        trouble = ("package_refused", sentence.format(n=len(home.refused)))
    return Answer(data, lines, trouble)


def _row(result: PackageResult) -> dict[str, object]:
    row: dict[str, object] = {
        "file": absolute(result.file),
        "status": result.status,
        "reason": result.reason,
        "from": result.sender,
        "new_ops": result.new_ops,
        "conflicts": result.conflicts,
        "refused_ops": result.refused_ops,
        "records": dict(result.records),
    }
    if result.reason is not None:
        row["message"] = _why(result)
    return row


def _line(result: PackageResult) -> str:
    if result.reason is not None:
        return f"{absolute(result.file)}: {_why(result)}"
    said = ngettext("{n} new change from {name}", "{n} new changes from {name}", result.new_ops)
    if not result.new_ops:
        said = _("nothing new from {name}")
    return f"{absolute(result.file)}: " + said.format(n=result.new_ops, name=result.sender or "?")


def _why(result: PackageResult) -> str:
    return error_sentence(BlendDeskError(result.reason or "", path=str(result.file), file=result.file.name))
