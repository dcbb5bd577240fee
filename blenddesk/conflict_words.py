"""Questions of the tray in words: what they are about and what each computer says; for the screen and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from blenddesk.check_words import clock_words, minutes_words
from blenddesk.domain.ids import Id
from blenddesk.domain.registry import BY_NAME
from blenddesk.services import conflicts
from blenddesk.services.conflicts import Cell, Kind, Question, Side
from blenddesk.text import N_, _, name, ngettext

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

MOST_CELLS = 6
"""Lines of a side; of more it is said how many there are."""

FIELDS: Mapping[tuple[str, str], str] = {
    ("student", "name"): N_("name"),
    ("student", "avatar"): N_("picture"),
    ("student", "code"): N_("sign-in pictures"),
    ("student", "language"): N_("language"),
    ("student", "source_id"): N_("number at school"),
    ("student", "symbol"): N_("symbol"),
    ("enrollment", "number"): N_("number in the list"),
    ("enrollment", "start_day"): N_("first day in the class"),
    ("enrollment", "end_day"): N_("last day in the class"),
    ("profile", "strengths"): N_("strengths"),
    ("profile", "needs"): N_("needs"),
    ("profile", "interests"): N_("interests"),
    ("profile", "preferences"): N_("works best"),
    ("profile", "note"): N_("note"),
    ("goal", "words"): N_("goal"),
    ("goal", "status"): N_("how the goal stands"),
    ("goal", "set_by"): N_("who set the goal"),
    ("goal", "picture"): N_("picture of the goal"),
    ("goal", "measure"): N_("how the goal is measured"),
    ("goal", "why"): N_("why the goal matters"),
    ("goal", "note"): N_("note on the goal"),
    ("goal", "reason"): N_("reason"),
    ("goal", "by_day"): N_("day of the goal"),
    ("goal_step", "words"): N_("step of the goal"),
    ("goal_step", "position"): N_("order of the steps"),
    ("attendance", "status"): N_("here or away"),
    ("attendance", "minute"): N_("came at"),
    ("judgement", "level"): N_("your sorting"),
    ("section", "name"): N_("name"),
    ("section", "year"): N_("school year"),
    ("section", "look"): N_("look on student screens"),
    ("section", "sign_in"): N_("signing in"),
    ("section", "language"): N_("language"),
    ("section", "archived"): N_("put away"),
    ("section", "minutes"): N_("minutes of a lesson"),
    ("section", "idle_seconds"): N_("seconds of quiet"),
    ("section", "subject"): N_("subject"),
    ("plan", "name"): N_("name"),
    ("plan", "day"): N_("day"),
    ("plan", "start_minute"): N_("starts at"),
    ("plan", "period_minutes"): N_("minutes"),
    ("plan", "opening_minutes"): N_("minutes to open"),
    ("plan", "moving_minutes"): N_("minutes to move"),
    ("plan", "closing_minutes"): N_("minutes to close"),
    ("plan", "rounds"): N_("rounds"),
    ("plan", "status"): N_("ready or not"),
    ("block", "title"): N_("name"),
    ("block", "task"): N_("task"),
    ("block", "picture"): N_("picture"),
    ("block", "minutes"): N_("minutes"),
    ("block", "steps"): N_("steps"),
    ("block", "resource"): N_("what it opens"),
    ("block", "position"): N_("order of the stations"),
    ("meeting", "adults"): N_("adults in the lesson"),
    ("meeting", "minutes"): N_("minutes"),
    ("room", "computers"): N_("student computers"),
    ("room", "students_per_computer"): N_("students at a computer"),
    ("room", "headphones"): N_("headphones"),
    ("room", "projector"): N_("projector"),
    ("room", "printer"): N_("printer"),
    ("room", "period_minutes"): N_("minutes of a lesson"),
    ("room", "class_size"): N_("size of a class"),
    ("adult", "name"): N_("name"),
    ("calendar_day", "name"): N_("name"),
    ("school_year", "first_day"): N_("first day"),
    ("school_year", "last_day"): N_("last day"),
    ("computer", "name"): N_("name"),
}
"""What a field is called, where people say its name; others are "something"."""

_RECORDS: Mapping[str, str] = {
    "adult": N_("An adult of the class"),
    "attendance": N_("Who is here"),
    "block": N_("A station"),
    "calendar_day": N_("School calendar"),
    "computer": N_("A student computer"),
    "enrollment": N_("Class list"),
    "goal": N_("A goal"),
    "goal_step": N_("A step of a goal"),
    "judgement": N_("Your sorting"),
    "meeting": N_("A lesson"),
    "pair_rule": N_("Together or apart"),
    "period": N_("Timetable"),
    "plan": N_("A lesson"),
    "profile": N_("About a student"),
    "room": N_("My room"),
    "run": N_("A lesson"),
    "school_year": N_("School year"),
    "section": N_("A class"),
    "student": N_("A student"),
    "teacher": N_("My name"),
}
_WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("goal", "status"): {
        "active": N_("Going on"),
        "reached": N_("Reached"),
        "changed": N_("Set aside for another"),
        "let_go": N_("Let go"),
    },
    ("goal", "set_by"): {
        "student": N_("The student's own"),
        "together": N_("Set together"),
        "teacher": N_("Set by the teacher"),
    },
    ("attendance", "status"): {"here": N_("Here"), "away": N_("Away"), "late": N_("Late")},
    ("section", "look"): {"younger": N_("Younger"), "older": N_("Older")},
    ("section", "sign_in"): {"pictures": N_("Three pictures"), "tap": N_("Tap the name")},
    ("plan", "status"): {"draft": N_("Being planned"), "ready": N_("Ready"), "archived": N_("Put away")},
    ("pair_rule", "kind"): {"together": N_("Together"), "apart": N_("Apart")},
}
_CLOCKS = frozenset({("plan", "start_minute"), ("attendance", "minute"), ("period", "start_minute")})


def title(ctx: AppContext, asked: Question) -> str:
    """What a question is about: "Amina: needs"."""
    if asked.kind is Kind.COPIES:
        who = next((side.who for side in asked.sides if side.who), _("A computer"))
        return _("{name} is on two computers").format(name=name(who))
    if asked.kind in (Kind.SAME_NAME, Kind.SAME_NUMBER):
        people = _People(ctx)
        names = [people.in_full(asked.section, student) for student in asked.students]
        section = people.section(asked.section)
        words = (
            _("Two students share a name in {class}")
            if asked.kind is Kind.SAME_NAME
            else _("Two students share a number in {class}")
        )
        return _("{what}: {names}").format(what=words.format_map({"class": name(section)}), names=", ".join(names))
    about = subject(ctx, asked)
    if asked.kind is Kind.PLAN:
        return _("{what}: groups and places").format(what=name(about))
    if asked.kind is Kind.EDITED_MEANWHILE:
        return _("{what}: taken away, but changed meanwhile").format(what=name(about))
    return _("{what}: {detail}").format(what=name(about), detail=field_words(asked.record, asked.field))


def field_words(record: str, field: str) -> str:
    known = FIELDS.get((record, field))
    return _("something of it") if known is None else _(known)


def subject(ctx: AppContext, asked: Question) -> str:
    """The name of what a question is about: of the student, lesson or station; else what kind of thing it is."""
    student = conflicts.student_of(ctx, asked)
    if student:
        return _People(ctx).known(asked.section, student)
    column = {"plan": "name", "section": "name", "block": "title", "adult": "name"}.get(asked.record)
    if column is not None:
        for row in ctx.reads.reader.records(asked.record, section=asked.section, id=asked.subject):
            if row[column]:
                return str(row[column])
    return _(_RECORDS[asked.record]) if asked.record in _RECORDS else _("Something")


def side_lines(ctx: AppContext, asked: Question, side: Side) -> list[str]:
    """What one side says, line by line; of many lines the first few."""
    if side.deleted:
        return [_("Taken away")]
    if asked.kind is Kind.EDITED_MEANWHILE:
        return [_("Still used and changed"), *_what_it_is(ctx, side)]
    people = _People(ctx)
    cells = list({cell[1:4]: cell for cell in side.cells}.values())
    if asked.record == "student" and asked.field == "name":
        named = {cell.field: str(cell.value or "") for cell in cells}
        full = " ".join(part for part in (named.get("given", ""), named.get("family", "")) if part)
        return [line for line in dict.fromkeys((named.get("name", ""), full, named.get("preferred", ""))) if line]
    if asked.kind is Kind.PLAN:
        lines = [line for cell in cells if (line := _place_words(ctx, people, cell))]
    else:
        lines = [line for cell in cells for line in value_lines(cell.record, cell.field, cell.value)]
    lines = list(dict.fromkeys(lines))
    more = len(lines) - MOST_CELLS
    if more > 0:
        lines = [*lines[:MOST_CELLS], ngettext("and {n} more", "and {n} more", more).format(n=more)]
    return lines or [_("Nothing")]


def _what_it_is(ctx: AppContext, side: Side) -> list[str]:
    """What kind of thing was taken away and changed, and its words as they are now."""
    lines: list[str] = []
    for cell in side.cells:
        if cell.record in _RECORDS:
            lines.append(_(_RECORDS[cell.record]))
        for audience in BY_NAME[cell.record].audiences():
            for row in ctx.reads.reader.records(cell.record, audience, section=cell.section, id=cell.entity):
                lines += [str(row[key]) for key in ("words", "name", "title", "note") if row.get(key)]
    return list(dict.fromkeys(lines))[:MOST_CELLS]


def value_lines(record: str, field: str, value: object) -> list[str]:
    """A value as people say it."""
    if value is None or value in ("", []):
        return [_("Nothing")]
    if field == "code":
        # The pictures themselves are the student's secret.
        return [_("Three sign-in pictures")]
    if isinstance(value, bool):
        return [_("Yes") if value else _("No")]
    if isinstance(value, int):
        if (record, field) in _CLOCKS:
            return [clock_words(value)]
        return [minutes_words(value) if field.endswith("minutes") else str(value)]
    if isinstance(value, list):
        if field == "rounds":
            return [", ".join(minutes_words(one) for one in value if isinstance(one, int))]
        return [str(one) for one in value if not isinstance(one, bytes)] or [_("Another choice")]
    if isinstance(value, bytes):
        return [_("Another choice")]
    words = _WORDS.get((record, field), {}).get(str(value))
    return [_(words)] if words is not None else str(value).splitlines()


def _place_words(ctx: AppContext, people: _People, cell: Cell) -> str:
    """One cell of a plan: who is in which group, or which group is where in a round."""
    rows = ctx.reads.reader.records(cell.record, section=cell.section, id=cell.entity)
    row = rows[0] if rows else {}
    if cell.record == "membership" and cell.field == "group":
        group = people.called("group", "name", cell.section, cell.value)
        return _("{what}: {detail}").format(
            what=name(people.known(cell.section, row.get("student") or b"")), detail=name(group or _("no group"))
        )
    if cell.record == "seat" and cell.field == "block":
        what = _("{group}, round {number}").format(
            group=name(people.called("group", "name", cell.section, row.get("group"))),
            number=(row.get("round") or 0) + 1,
        )
        block = people.called("block", "title", cell.section, cell.value)
        return _("{what}: {detail}").format(what=what, detail=name(block or _("no place")))
    if cell.field in ("name", "task"):
        return str(cell.value or "")
    return ""


class _People:
    """Names by id, each class read once."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._students: dict[Id, dict[Id, str]] = {}

    def known(self, section: Id, student: Id) -> str:
        """What a student is called in a class; in another class of theirs where this one does not know them."""
        if section not in self._students:
            people = self._ctx.reads.people.students(section, left=True)
            self._students[section] = {one.id: one.name for one in people}
        found = self._students[section].get(student)
        if found is None:
            rows = self._ctx.reads.reader.records("student", id=student)
            found = next((str(row["name"]) for row in rows if row["name"]), _("A student"))
        return found

    def in_full(self, section: Id, student: Id) -> str:
        """First and family name, to tell those apart who are called the same."""
        found = self._ctx.reads.people.student(section, student)
        if found is None:
            return self.known(section, student)
        return " ".join(part for part in (found.given or found.name, found.family) if part)

    def called(self, record: str, column: str, section: Id, key: object) -> str:
        if not isinstance(key, bytes):
            return ""
        rows = self._ctx.reads.reader.records(record, section=section, id=key)
        return next((str(row[column]) for row in rows if row[column]), "")

    def section(self, section: Id) -> str:
        return self._sections.get(section, "")

    @cached_property
    def _sections(self) -> dict[Id, str]:
        return {one.id: one.name for one in self._ctx.reads.sections.all(archived=True)}
