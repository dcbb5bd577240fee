"""Commands about the desk, its classes, class lists and students."""

from __future__ import annotations

from blenddesk.commands.terminal import Answer, Terminal, UsageError, absolute, columns, read_bytes, section_named
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.errors import EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.interop.roster_model import RosterPreview
from blenddesk.text import _, ngettext


def desk_new(terminal: Terminal) -> Answer:
    from blenddesk import bootstrap
    from blenddesk.changing_places import make_beside

    teacher = " ".join(terminal.options.teacher.split())
    if not teacher:
        raise Refusal("teacher_name_empty")
    if terminal.paths.exists:
        raise Refusal("device_exists", path=str(terminal.paths.data))
    with bootstrap.DataLock(terminal.paths):
        device = make_beside(terminal.paths, lambda making: found_desk(making, teacher))
    line = _("A desk for {name} was set up in {path}.").format(name=teacher, path=terminal.paths.data)
    return Answer({"device": device, "data_dir": terminal.paths.data}, [line])


def found_desk(paths: Paths, teacher: str) -> Id:
    """A new desk with its teacher and nothing else; returns the device's id."""
    from blenddesk import bootstrap
    from blenddesk.services import classes

    context = bootstrap.create_device(paths, role="desk", name=teacher)
    try:
        context.run(classes.found_desk, teacher)
        return context.keys.device_id
    finally:
        bootstrap.close_device(context)


def class_new(terminal: Terminal) -> Answer:
    from blenddesk.services import classes

    with terminal.desk() as context:
        name = classes.clean_class_name(terminal.options.name)
        context.run(classes.create_class, name)
        made = section_named(context, name)
    return Answer({"class": made.id, "name": made.name}, [_("The class {name} was made.").format(name=made.name)])


def class_list(terminal: Terminal) -> Answer:
    with terminal.device() as context:
        counts = context.reads.people.counts()
        classes = [{"id": s.id, "name": s.name, "students": counts.get(s.id, 0)} for s in context.reads.sections.all()]
    rows = [[one["name"], one["students"]] for one in classes]
    return Answer({"classes": classes}, columns([[_("Class"), _("Students")], *rows]))


def student_list(terminal: Terminal) -> Answer:
    with terminal.device() as context:
        section = section_named(context, terminal.options.section)
        students = [
            {
                "id": student.id,
                "number": student.number,
                "given": student.given,
                "family": student.family,
                "display": student.name,
                "source_id": student.source_id,
            }
            for student in context.reads.people.students(section.id)
        ]
    rows = [[one["number"], one["display"], one["given"], one["family"]] for one in students]
    head = [_("Number"), _("Called"), _("First name"), _("Family name")]
    return Answer({"class": section.name, "students": students}, columns([head, *rows]))


# --- class lists ----------------------------------------------------------------------------------------------------


def roster_preview(terminal: Terminal) -> Answer:
    preview = _read_list(terminal)
    students = [
        {
            "given": student.given,
            "family": student.family,
            "display": student.display,
            "source_id": student.source_id,
            "class": ", ".join(student.classes),
            "classes": student.classes,
            "row": student.row,
        }
        for student in preview.students
    ]
    data: dict[str, object] = {
        "format": preview.format,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter,
        "columns": [{"index": c.index, "header": c.header, "field": c.field} for c in preview.columns],
        "rows": preview.rows,
        "students": students,
        "warnings": _warnings(preview),
    }
    rows = [[one["row"], one["given"], one["family"], one["class"]] for one in students]
    head = [_("Row"), _("First name"), _("Family name"), _("Class")]
    return Answer(data, [*columns([head, *rows]), "", *_warning_lines(preview)])


def roster_import(terminal: Terminal) -> Answer:
    from blenddesk.interop.called_names import called_by_one_word
    from blenddesk.services import rosters

    wanted = terminal.options.section
    with terminal.desk() as context:
        preview = _read_list(terminal)
        done = context.run(
            rosters.import_roster,
            called_by_one_word(preview, terminal.language),
            file_name=absolute(terminal.options.file).name,
            class_name=wanted,
            progress=terminal.counter(_("Students")),
        )
    data: dict[str, object] = {
        "classes": [{"id": c.id, "name": c.name, "students": c.students} for c in done.classes],
        "students_added": done.students_added,
        "students_updated": done.students_updated,
        "students_unchanged": done.students_unchanged,
        "enrollments_added": done.enrollments_added,
        "warnings": _warnings(preview),
    }
    said = _("{added} new, {updated} changed, {unchanged} as they were.").format(
        added=done.students_added, updated=done.students_updated, unchanged=done.students_unchanged
    )
    lines = [
        ngettext("{name}: {n} student", "{name}: {n} students", c.students).format(name=c.name, n=c.students)
        for c in done.classes
    ]
    return Answer(data, [said, *lines, *_warning_lines(preview)])


def roster_export(terminal: Terminal) -> Answer:
    from blenddesk.interop.rosters_out import write_roster_csv, write_roster_xlsx
    from blenddesk.services import rosters

    path = absolute(terminal.options.file)
    writers = {".csv": write_roster_csv, ".xlsx": write_roster_xlsx}
    if path.suffix.lower() not in writers:
        raise UsageError(_("The file must end in .csv or .xlsx, and {name} does not.").format(name=path.name))
    with terminal.desk() as context:
        section = section_named(context, terminal.options.section)
        students = rosters.students_for_export(context, section.id)
    try:
        path.write_bytes(writers[path.suffix.lower()](students))
    except OSError as error:
        raise EnvironmentTrouble("folder_not_writable", path=str(path.parent), detail=error.strerror) from error
    line = ngettext("{n} student written to {path}", "{n} students written to {path}", len(students))
    return Answer({"file": path, "students": len(students)}, [line.format(n=len(students), path=path)])


def _read_list(terminal: Terminal) -> RosterPreview:
    """The list in the file, or in the folder of files that belong together."""
    from blenddesk.interop.rosters import preview_roster, preview_roster_set

    path = absolute(terminal.options.file)
    options = terminal.options
    mapping = _mapping(options.mapping)
    if path.is_dir():
        if mapping is not None:
            raise UsageError(_("--mapping is for one file, and {path} is a folder.").format(path=path))
        files = {file.name: read_bytes(file) for file in sorted(path.iterdir()) if file.is_file()}
        if not files:
            raise ExchangeTrouble("roster_empty_file", file=path.name)
        return preview_roster_set(files, format=options.format, language=terminal.language)
    return preview_roster(
        read_bytes(path), path.name, format=options.format, mapping=mapping, language=terminal.language
    )


def _mapping(typed: str | None) -> dict[str, int] | None:
    """``given=2,family=1`` as fields and columns counted from 0."""
    if not typed:
        return None
    mapping = {}
    for part in typed.split(","):
        field, equals, column = part.partition("=")
        try:
            mapping[field.strip()] = int(column)
        except ValueError as error:
            raise UsageError(_("{part} is no field and column. Write it like given=2.").format(part=part)) from error
        if not equals or not field.strip() or mapping[field.strip()] < 0:
            raise UsageError(_("{part} is no field and column. Write it like given=2.").format(part=part))
    return mapping


def _warnings(preview: RosterPreview) -> list[dict[str, object]]:
    from blenddesk.messages import warning_sentence

    return [
        {"row": warning.row, "code": warning.code, "message": warning_sentence(warning.code, warning.data)}
        for warning in preview.warnings
    ]


def _warning_lines(preview: RosterPreview) -> list[str]:
    return [
        _("Row {row}: {message}").format(row=warning["row"], message=warning["message"])
        if warning["row"]
        else str(warning["message"])
        for warning in _warnings(preview)
    ]
