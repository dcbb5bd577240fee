"""Commands about lessons: planning stations, noting what students did, and the report of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blenddesk.commands.terminal import Answer, Terminal, columns, iso_day, section_named, student_called
from blenddesk.errors import Refusal
from blenddesk.text import _, ngettext

if TYPE_CHECKING:
    from blenddesk.domain.ids import Id
    from blenddesk.domain.people import Section
    from blenddesk.domain.plan_checks import Check
    from blenddesk.domain.plans import Plan, PlanSheet
    from blenddesk.services.context import AppContext


def plan_new(terminal: Terminal) -> Answer:
    from blenddesk.services import plans

    options = terminal.options
    day = iso_day(options.date) if options.date else None
    with terminal.desk() as context:
        section = section_named(context, options.section)
        made = context.run(plans.new_plan, section.id, options.template, day=day, minutes=options.minutes, ready=True)
        return _plan_answer(context, section, made.plan)


def plan_show(terminal: Terminal) -> Answer:
    with terminal.device() as context:
        section = section_named(context, terminal.options.section)
        return _plan_answer(context, section, _plan_meant(terminal, context, section.id).id)


def plan_check(terminal: Terminal) -> Answer:
    with terminal.desk() as context:
        section = section_named(context, terminal.options.section)
        return _plan_answer(context, section, _plan_meant(terminal, context, section.id).id, only_checks=True)


def entry_add(terminal: Terminal) -> Answer:
    from blenddesk.domain.entries import By
    from blenddesk.services import entries

    options = terminal.options
    with terminal.device() as context:
        section = section_named(context, options.section)
        student = student_called(context, section.id, options.student)
        plan = _plan_meant(terminal, context, section.id)
        sheet = context.reads.plans.sheet(section.id, plan.id)
        blocks = sheet.blocks if sheet is not None else ()
        if not 1 <= options.block <= len(blocks):
            raise Refusal("no_such_block", block=options.block, blocks=len(blocks))
        block = blocks[options.block - 1]
        logged = context.run(
            entries.add_entry,
            section.id,
            student,
            plan.id,
            block.id,
            growth=options.growth,
            words=[word.strip() for word in (options.words or "").split(",") if word.strip()],
            by=By.TEACHER if context.is_desk else By.STUDENT,
            day=iso_day(options.date) if options.date else None,
        )
    line = _("Noted: {station} is done.").format(station=block.title)
    return Answer({"entry": logged.entry, "plan": plan.id, "block": block.id}, [line])


def report_progress(terminal: Terminal) -> Answer:
    from blenddesk.services import reports

    with terminal.desk() as context:
        section = section_named(context, terminal.options.section)
        students = [
            {
                "id": line.student.id,
                "number": line.student.number,
                "display": line.student.name,
                "claimed": line.progress.claimed,
                "checked": line.progress.checked,
                "mastered": line.progress.mastered,
                "carried": line.progress.carried,
                "goals": line.progress.goals,
                "last_entry": line.progress.last_entry or None,
            }
            for line in reports.progress_report(context, section.id)
        ]
    keys = ("number", "display", "claimed", "checked", "mastered", "carried", "goals", "last_entry")
    head = [_("Number"), _("Student"), _("Done"), _("Checked"), _("Mastered"), _("Catch up"), _("Goals"), _("Last")]
    rows = [[one[key] if one[key] is not None else "" for key in keys] for one in students]
    return Answer({"class": section.name, "students": students}, columns([head, *rows]))


# --- one plan -------------------------------------------------------------------------------------------------------


def _plan_meant(terminal: Terminal, context: AppContext, section: Id) -> Plan:
    """The plan of ``--plan``, or of ``--date``, or of today, or the next planned one, or the last there was."""
    from blenddesk.domain.ports import today

    options = terminal.options
    everything = context.reads.plans.all(section)
    wanted = getattr(options, "plan", None)
    if wanted:
        found = [plan for plan in everything if plan.id.hex() == wanted]
    elif options.date:
        found = [plan for plan in everything if plan.day == iso_day(options.date)]
    else:
        now = today(context.clock).isoformat()
        found = [plan for plan in everything if plan.day == now]
        found = found or [plan for plan in everything if plan.day is not None and plan.day > now][:1]
        found = found or everything[-1:]
    if not found:
        raise Refusal("no_plan")
    return max(found, key=lambda plan: _made(context, section, plan)) if len(found) > 1 else found[0]


def _made(context: AppContext, section: Id, plan: Plan) -> int:
    """When a plan was first written, to tell the newest of a day."""
    rows = context.reads.reader.rows(
        "SELECT min(op.hlc) FROM op JOIN stream USING (sid) WHERE section = ? AND entity_id = ?", (section, plan.id)
    )
    return int(rows[0][0] or 0)


def _plan_answer(context: AppContext, section: Section, plan: Id, *, only_checks: bool = False) -> Answer:
    from blenddesk.services import plans

    sheet = plans.sheet(context, section.id, plan)
    names = {student.id: student.name for student in context.reads.people.students(section.id)}
    checks = [
        {"code": check.code, "ok": check.ok, "message": _check_words(check, sheet, names)}
        for check in plans.checks(context, section.id, plan)
    ]
    data: dict[str, object] = {
        "plan": plan,
        "name": sheet.plan.name,
        "date": sheet.plan.day,
        "status": sheet.plan.status.value,
        "minutes": sheet.plan.period_minutes,
        "turns": [
            {"n": n + 1, "start": sheet.plan.round_offset(n), "minutes": minutes}
            for n, minutes in enumerate(sheet.plan.rounds)
        ],
        "blocks": [{"n": n, "id": block.id, "title": block.title} for n, block in enumerate(sheet.blocks, 1)],
        "seats": _seats(sheet),
        "checks": checks,
    }
    lines = [] if only_checks else _table(sheet, names)
    lines += [("  " if check["ok"] else "! ") + str(check["message"]) for check in checks]
    return Answer(data, lines)


def _seats(sheet: PlanSheet) -> list[dict[str, object]]:
    numbers = {block.id: n for n, block in enumerate(sheet.blocks, 1)}
    return [
        {
            "turn": turn.round + 1,
            "block": sheet.block(turn.block).title,
            "block_n": numbers[turn.block],
            "block_id": turn.block,
            "group": sheet.group(turn.group).name,
            "group_id": turn.group,
            "students": list(sheet.group(turn.group).students),
        }
        for turn in sheet.turns()
    ]


def _table(sheet: PlanSheet, names: dict[Id, str]) -> list[str]:
    """Groups down, turns across: short enough for a blackboard."""
    head = [""] + [
        ngettext("Round {turn} ({n} minute)", "Round {turn} ({n} minutes)", minutes).format(turn=turn, n=minutes)
        for turn, minutes in enumerate(sheet.plan.rounds, 1)
    ]
    rows = []
    for group in sheet.groups:
        places = [sheet.block_of(group.id, turn) for turn in range(len(sheet.plan.rounds))]
        rows.append([group.name, *(place.title if place is not None else "-" for place in places)])
    members = [f"{group.name}: {', '.join(names.get(s, '?') for s in group.students)}" for group in sheet.groups]
    title = f"{sheet.plan.name} {sheet.plan.day or ''}".strip()
    return [title, *columns([head, *rows]), *members, ""]


def _check_words(check: Check, sheet: PlanSheet, names: dict[Id, str]) -> str:
    from blenddesk.check_words import check_sentence

    return check_sentence(check, sheet, names)
