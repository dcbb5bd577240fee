"""The grammar of the command line: every command, its arguments, and the function that carries it out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn, TypeAlias

from blenddesk import __version__
from blenddesk.commands.terminal import UsageError
from blenddesk.text import _

LATER = {
    "tally": ("import",),
}
"""Commands that a later version has."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong by raising ``UsageError``, so that programs get their one JSON object then too."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_("{message}. See {program} --help.").format(message=message, program=self.prog))


def build_parser() -> Parser:
    """``namespace.run`` is ``module:function`` of ``blenddesk.commands``."""
    anywhere = Parser(add_help=False)
    _global_options(anywhere, default=argparse.SUPPRESS)
    parser = Parser(
        prog="blenddesk",
        description=_("Blended learning for classrooms with little technology. Without a command, the window opens."),
        allow_abbrev=False,
    )
    _global_options(parser, default=None)
    parser.add_argument("--version", action="version", version=f"BlendDesk {__version__}")
    nouns = parser.add_subparsers(metavar="COMMAND", required=True, dest="noun")

    groups: dict[str, _Verbs] = {}

    def command(path: str, run: str, text: str) -> Parser:
        noun, _space, verb = path.partition(" ")
        if verb and noun not in groups:
            inner = nouns.add_parser(noun, help=_NOUNS().get(noun, text), parents=[anywhere], allow_abbrev=False)
            groups[noun] = inner.add_subparsers(metavar="ACTION", required=True, dest="verb")
        group = groups[noun] if verb else nouns
        made: Parser = group.add_parser(
            verb or noun, help=text, description=text, parents=[anywhere], allow_abbrev=False
        )
        made.set_defaults(run=run, command=path)
        return made

    _upkeep_commands(command)
    _class_commands(command)
    _computer_commands(command)
    _lesson_commands(command)
    _solve_commands(command)
    _later_commands(command)
    return parser


_Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"
_Command = Callable[[str, str, str], Parser]


def _global_options(parser: Parser, *, default: str | None) -> None:
    flag = default if default is not None else False
    parser.add_argument("--data-dir", metavar="DIR", default=default, help=_("the data directory: one is one device"))
    parser.add_argument(
        "--passphrase-file", metavar="F", default=default, help=_("a file whose first line is the pass phrase")
    )
    parser.add_argument("--json", action="store_true", default=flag, help=_("answer with one JSON object"))
    parser.add_argument("--lang", metavar="LL", default=default, help=_("language of messages, such as en, es or ar"))
    parser.add_argument("--debug", action="store_true", default=flag, help=_("write details of a mistake to the log"))


def _NOUNS() -> dict[str, str]:  # noqa: N802 - a table that must follow the language chosen at run time
    return {
        "desk": _("the teacher's computer"),
        "class": _("classes"),
        "roster": _("class lists from files and to files"),
        "student": _("students of a class"),
        "seat": _("student computers of a class"),
        "computer": _("who belongs to a class; lost and doubtful computers"),
        "package": _("work that travels between computers"),
        "plan": _("lesson plans"),
        "entry": _("what students did"),
        "report": _("reports"),
        "solve": _("groups and rotations computed from a file, without a class"),
        "backup": _("backups of everything on this computer"),
        "conflict": _("what needs a decision after work came together"),
    }


def _upkeep_commands(command: _Command) -> None:
    demo = command("demo", "upkeep:demo", _("play a whole lesson for real and keep pictures of every screen"))
    demo.add_argument("--out", metavar="DIR", default="demo-pictures")
    demo.add_argument("--students", type=int, metavar="N", default=32)
    demo.add_argument("--kiosks", type=int, metavar="K", default=2)
    demo.add_argument("--seed", type=int, metavar="S", default=1)
    sample = command("sample", "upkeep:sample", _("write a pretend school year, for trying and measuring"))
    sample.add_argument("--classes", type=int, metavar="N", default=None)
    sample.add_argument("--students", type=int, metavar="N", default=40)
    sample.add_argument("--days", type=int, metavar="N", default=180)
    sample.add_argument("--entries-per-day", type=int, metavar="N", default=4)
    sample.add_argument("--seed", type=int, metavar="S", default=1)
    check = command("check", "upkeep:check", _("check the data and print what must be equal on all computers"))
    check.add_argument("--rebuild", action="store_true", help=_("make everything shown anew from the log and compare"))
    check.add_argument("--repair", action="store_true", help=_("put damage right first, from the newest backup"))
    check.add_argument("--class", dest="section", metavar="NAME")
    write = command("backup write", "backups:write", _("save everything on this computer into one file"))
    write.add_argument("--to", metavar="DIR", required=True)
    verify = command("backup verify", "backups:verify", _("see whether a backup is whole and what is in it"))
    verify.add_argument("file", metavar="FILE")
    restore = command("backup restore", "backups:restore", _("put a backup back; what is here now is kept aside"))
    restore.add_argument("file", metavar="FILE")
    command("conflict list", "conflicts:list_all", _("what needs a decision: every version, who and when"))
    resolve = command("conflict resolve", "conflicts:resolve", _("decide: one version stays, or both"))
    resolve.add_argument("id", metavar="ID")
    resolve.add_argument("--keep", metavar="N", default=None, help=_("the number of a version, or both"))
    command("undo", "upkeep:undo", _("take back the newest change"))
    history = command("history", "upkeep:history", _("the latest changes on this computer"))
    history.add_argument("--limit", type=int, metavar="N", choices=range(1, 100_001), default=200)


def _class_commands(command: _Command) -> None:
    desk = command("desk new", "classroom:desk_new", _("set up a teacher's computer in the data directory"))
    desk.add_argument("--teacher", metavar="NAME", required=True)
    command("class new", "classroom:class_new", _("make a class")).add_argument("name", metavar="NAME")
    command("class list", "classroom:class_list", _("the classes of this computer"))
    preview = command("roster preview", "classroom:roster_preview", _("show what is in a class list; changes nothing"))
    take = command("roster import", "classroom:roster_import", _("add a class list; the same file again changes 0"))
    for parser in (preview, take):
        parser.add_argument("file", metavar="FILE", help=_("a file, or a folder of files that belong together"))
        parser.add_argument("--format", metavar="F")
        parser.add_argument("--mapping", metavar="given=2,family=1", help=_("columns by number, counted from 0"))
    take.add_argument("--class", dest="section", metavar="NAME", help=_("put everyone in this class"))
    give = command("roster export", "classroom:roster_export", _("write a class list (.csv or .xlsx)"))
    give.add_argument("--class", dest="section", metavar="NAME", required=True)
    give.add_argument("file", metavar="FILE")
    students = command("student list", "classroom:student_list", _("the students of a class"))
    students.add_argument("--class", dest="section", metavar="NAME")


def _computer_commands(command: _Command) -> None:
    new = command("seat new", "computers:seat_new", _("add a student computer: a file and five words"))
    new.add_argument("--class", dest="section", metavar="NAME")
    new.add_argument("--name", metavar="NAME", required=True, help=_("what the computer is called, such as Blue-3"))
    new.add_argument("--to", metavar="DIR", required=True)
    opened = command("seat open", "computers:seat_open", _("make this computer a student computer"))
    opened.add_argument("file", metavar="FILE")
    opened.add_argument("--words", metavar='"a b c d e"', required=True)
    new.add_argument("--teacher", action="store_true", help=_("for another teacher's computer, named like the teacher"))
    command("computer list", "authority:computer_list", _("the computers of the classes, what they tried, what waits"))
    for verb, run, text in (
        ("retire", "retire", _("lost or stolen: what it writes from now on waits for you")),
        ("reinstate", "reinstate", _("a retired computer was found: all of it counts again")),
        ("accept", "accept", _("take in what waits of a retired computer")),
        ("confirm", "confirm", _("a second computer that opened a file is real too")),
        ("take-back", "take_back", _("take back everything from one computer between two times")),
    ):
        about = command(f"computer {verb}", f"authority:{run}", text)
        about.add_argument("who", metavar="WHO", help=_("a name such as Blue-3, or an id"))
        if verb == "confirm":
            about.add_argument("--name", metavar="NAME", help=_("what the computer is called from now on"))
        if verb == "take-back":
            about.add_argument("--from", dest="first", metavar="T", required=True, help="2026-11-23T10:00")
            about.add_argument("--to", dest="last", metavar="T", required=True, help="2026-11-23T11:00")
    write = command("package write", "computers:package_write", _("take the work of this computer to others"))
    write.add_argument("--to", metavar="DIR", required=True)
    read = command("package read", "computers:package_read", _("bring home the work of other computers"))
    read.add_argument("paths", metavar="PATH", nargs="+", help=_("a file, or a folder of .bdx files"))
    read.add_argument("--preview", action="store_true", help=_("say what would come; change nothing"))


def _lesson_commands(command: _Command) -> None:
    new = command("plan new", "lessons:plan_new", _("plan a station rotation, with groups, ready to use"))
    new.add_argument("--class", dest="section", metavar="NAME")
    new.add_argument("--template", metavar="T", required=True, help="station-4, station-3, station-2, ...")
    new.add_argument("--minutes", type=int, metavar="M")
    new.add_argument("--date", metavar="D", help=_("such as 2026-11-23; today by default"))
    for verb, text in (("show", _("a plan: who is where when")), ("check", _("check a plan"))):
        shown = command(f"plan {verb}", f"lessons:plan_{verb}", text)
        shown.add_argument("--class", dest="section", metavar="NAME")
        shown.add_argument("--plan", metavar="ID", help=_("the newest of the day by default"))
        shown.add_argument("--date", metavar="D", help=_("today by default, else the next planned day"))
    entry = command("entry add", "lessons:entry_add", _("note that a student finished a station"))
    entry.add_argument("--student", metavar="WHO", required=True, help=_("number or id"))
    entry.add_argument("--block", type=int, metavar="N", required=True, help=_("the station, counted from 1"))
    entry.add_argument("--growth", type=int, choices=range(1, 5), metavar="1..4")
    entry.add_argument("--words", metavar="W")
    entry.add_argument("--class", dest="section", metavar="NAME")
    entry.add_argument("--date", metavar="D")
    report = command("report progress", "lessons:report_progress", _("what each student of a class did"))
    report.add_argument("--class", dest="section", metavar="NAME")


def _solve_commands(command: _Command) -> None:
    groups = command("solve groups", "solve_groups:solve_groups", _("groups for a lesson, a term or a day of absences"))
    rotation = command("solve rotation", "solve_rotation:solve_rotation", _("ways of groups or students through a day"))
    for parser in (groups, rotation):
        parser.add_argument("file", metavar="FILE", help=_("a JSON file with the problem"))


def _later_commands(command: _Command) -> None:
    for noun, verbs in LATER.items():
        for verb in verbs:
            later = command(f"{noun} {verb}", "upkeep:later", _("comes with a later version"))
            # Nothing that follows is read, so nothing is an option: a first word with dashes would be wrong usage.
            later.prefix_chars = ""
            later.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
