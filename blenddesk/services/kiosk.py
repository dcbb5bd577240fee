"""The student's visit: signing in, what was done, how it went, the goal's small steps; and what their screens show.

The only use cases (with ``context``) that the student's window may import: what is not here, a child's screen cannot
show. Reflections are written here, sealed to the desks, and never read. The reading half is in ``kiosk_view``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.entries import By, EntryKind, effective
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.people import Student
from blenddesk.domain.pictures import AVATARS, CHIPS, is_code
from blenddesk.domain.ports import today
from blenddesk.domain.progress import DONE, Status, statuses
from blenddesk.domain.registry import Value
from blenddesk.errors import Refusal
from blenddesk.services.kiosk_view import (
    ClassChoice,
    ClassView,
    MyDay,
    MyStation,
    RoundNow,
    Tile,
    class_choices,
    class_view,
    entries_everywhere,
    groups_at_computers,
    my_day,
    my_goals,
    plan_in_view,
    round_now,
)
from blenddesk.services.people import person_drafts
from blenddesk.services.pictures import Picture, kept

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

__all__ = [
    "MOST_REMARK",
    "SIGN_IN_WORD",
    "TRIES",
    "ClassChoice",
    "ClassView",
    "Finished",
    "MyDay",
    "MyStation",
    "Picture",
    "RoundNow",
    "Tile",
    "ask_for_help",
    "choose_sign_in",
    "class_choices",
    "class_view",
    "code_fits",
    "do_goal_step",
    "finish_visit",
    "groups_at_computers",
    "may_choose_sign_in",
    "my_day",
    "my_goals",
    "needs_code",
    "note_missed_sign_in",
    "plan_in_view",
    "round_now",
    "take_back",
    "undo_goal_step",
]

MOST_REMARK = 60
"""Letters of a remark; words and remark are said of the whole visit and kept with its first station."""
TRIES = 3
"""Misses of the picture code after which a child is sent to the teacher; nobody is ever locked out."""
SIGN_IN_WORD = "sign_in"
"""The word of the sealed call for help that three misses make. Sealed, because other children need not know of it."""


class Finished(NamedTuple):
    """A station a student says is done; ``growth`` 1 to 4, None when they would rather not say."""

    plan: Id
    block: Id
    round: int | None = None
    growth: int | None = None


# --- signing in ---------------------------------------------------------------------------------------------------


def needs_code(view: ClassView, student: Student) -> bool:
    """Whether the tile leads to the pictures.

    A student without a code is let in with a tap, and the screen asks them to see the teacher: codes are dealt by the
    desk, so this is a new child on an old stick, and a child who cannot log loses work while a wrong claim is only a
    claim that the teacher can move.
    """
    return view.section.sign_in == "pictures" and is_code(student.code)


def code_fits(student: Student, code: Sequence[int]) -> bool:
    """Whether these are the student's pictures in order. It confirms who tapped, never tells who it is."""
    return tuple(code) == tuple(student.code)


def note_missed_sign_in(ctx: AppContext, section: Id, student: Id) -> ChangeSet:
    """Three misses in a row: the teacher finds it among the calls for help. No actor: who tapped is not known."""
    draft = _reflection(ctx, section, student, help=True, words=[SIGN_IN_WORD])
    return ctx.commit("sign_in_missed", [draft], args={"student": student.hex()})


def may_choose_sign_in(ctx: AppContext, student: Student) -> bool:
    """Whether the first sign-in ever chooses picture and code here: on a desk, for a student who has no code.

    Never on a shared computer: a class mate could choose for another, and the teacher's list would not know.
    """
    return ctx.is_desk and not student.code


def choose_sign_in(ctx: AppContext, student: Id, *, avatar: str, code: Sequence[int]) -> ChangeSet:
    """Writes what a student chose at the first sign-in. Refusals ``not_a_desk``, ``code_malformed``,
    ``unknown_picture``."""
    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    if not is_code(code):
        raise Refusal("code_malformed")
    if avatar and avatar not in AVATARS:
        raise Refusal("unknown_picture", picture=avatar)
    chosen = {"avatar": avatar} if avatar else {}
    drafts = person_drafts(ctx, student, "student", student, code=list(code), **chosen)
    return ctx.commit("sign_in_chosen", drafts, args={"student": student.hex()}, actor=student)


# --- writing --------------------------------------------------------------------------------------------------------


def finish_visit(
    ctx: AppContext,
    section: Id,
    student: Id,
    finished: Sequence[Finished],
    *,
    words: Sequence[str] = (),
    remark: str = "",
    friends: Sequence[Id] = (),
    picture: Picture | None = None,
) -> ChangeSet:
    """One transaction with everything of a visit: a claim per station and student, and what the child said, sealed.

    ``friends`` signed in together or were ticked by the one who records: they did the stations too (``by`` recorder),
    but only the one who signed in is asked how it went, so nobody's answer is given by another. Who had logged a
    station before gets no second claim. ``picture``: of the work at the first station; it is sealed like what was
    said, and this computer cannot show it again. Refusals ``nothing_finished``, ``not_in_class``,
    ``growth_out_of_range``, ``unknown_word``, ``remark_too_long``, and those of ``pictures.add_picture``.
    """
    remark = " ".join(remark.split())
    everyone = list(dict.fromkeys([student, *friends]))
    _check_visit(ctx, section, everyone, finished, words, remark)
    day, at_ms = today(ctx.clock).isoformat(), ctx.clock.wall_ms()
    drafts: list[Draft] = []
    claims: dict[Id, Id] = {}
    for person in everyone:
        stands = statuses(ctx.reads.entries.of_student(section, person))
        for one in finished:
            if stands.get((person, one.plan, one.block), Status.NONE) in DONE:
                continue
            entry = ctx.new_id()
            if person == student:
                claims[one.block] = entry
            drafts.append(
                put(
                    section,
                    "entry",
                    entry,
                    student=person,
                    kind=EntryKind.CLAIMED.value,
                    plan=one.plan,
                    block=one.block,
                    day=day,
                    at_ms=at_ms,
                    round=one.round,
                    by=(By.STUDENT if person == student else By.RECORDER).value,
                )
            )
    for place, one in enumerate(finished):
        said = bool(words or remark) and place == 0
        if one.growth is None and not said:
            continue
        more: dict[str, Value] = {"words": list(words), "remark": remark} if said else {}
        drafts.append(
            _reflection(
                ctx,
                section,
                student,
                entry=claims.get(one.block),
                plan=one.plan,
                block=one.block,
                growth=one.growth,
                help=False,
                **more,
            )
        )
    args = {"student": student.hex(), "section": section.hex(), "stations": len(finished)}
    first = finished[0]
    of_entry = claims.get(first.block)
    with kept(
        ctx, section, student, picture, plan=first.plan, block=first.block, entry=of_entry, from_student=True
    ) as shown:
        return ctx.commit("visit_finished", [*drafts, *shown], args=args, actor=student)


def take_back(ctx: AppContext, change: ChangeSet) -> ChangeSet:
    """Oops: as if the visit had not been saved. Refusals as of ``storage.history.undo``."""
    from blenddesk.services import history

    return history.undo(ctx, change.change_id)


def do_goal_step(ctx: AppContext, section: Id, student: Id, step: Id) -> ChangeSet:
    """The student did a small step: noted in each of their classes, like the goal itself. Refusal ``no_such_step``."""
    _goal_step(ctx, section, student, step)
    return _step_entries(ctx, student, "goal_step_done", [(EntryKind.STEP_DONE, step)])


def undo_goal_step(ctx: AppContext, section: Id, student: Id, step: Id) -> ChangeSet:
    """Takes a tapped step back. Refusals ``no_such_step``, ``nothing_to_undo``."""
    _goal_step(ctx, section, student, step)
    tapped = [
        (EntryKind.UNDONE, entry.id)
        for entry in effective(entries_everywhere(ctx, student))
        if entry.kind == EntryKind.STEP_DONE and entry.about == step
    ]
    if not tapped:
        raise Refusal("nothing_to_undo")
    return _step_entries(ctx, student, "goal_step_undone", tapped)


def ask_for_help(
    ctx: AppContext, section: Id, student: Id, *, plan: Id | None = None, block: Id | None = None
) -> ChangeSet:
    """A raised hand, sealed: what a child cannot do is nobody else's business. The screen still says to raise it."""
    draft = _reflection(ctx, section, student, plan=plan, block=block, help=True)
    return ctx.commit("help_asked", [draft], args={"student": student.hex()}, actor=student)


# --- parts ----------------------------------------------------------------------------------------------------------


def _check_visit(
    ctx: AppContext, section: Id, people: Sequence[Id], finished: Sequence[Finished], words: Sequence[str], remark: str
) -> None:
    if not finished:
        raise Refusal("nothing_finished")
    enrolled = {student.id for student in ctx.reads.people.students(section)}
    if not enrolled.issuperset(people):
        raise Refusal("not_in_class")
    if any(one.growth is not None and not 1 <= one.growth <= 4 for one in finished):
        raise Refusal("growth_out_of_range")
    if not set(CHIPS).issuperset(words):
        raise Refusal("unknown_word")
    if len(remark) > MOST_REMARK:
        raise Refusal("remark_too_long", most=MOST_REMARK)


def _reflection(ctx: AppContext, section: Id, student: Id, **said: Value) -> Draft:
    day, at_ms = today(ctx.clock).isoformat(), ctx.clock.wall_ms()
    fields = {name: value for name, value in said.items() if value is not None}
    return Draft(section, "reflection", ctx.new_id(), {"student": student, "day": day, "at_ms": at_ms, **fields})


def _goal_step(ctx: AppContext, section: Id, student: Id, step: Id) -> None:
    steps = [one for goal in ctx.reads.goals.steps(section).values() for one in goal]
    if not any(one.id == step and one.student == student for one in steps):
        raise Refusal("no_such_step")


def _step_entries(ctx: AppContext, student: Id, label: str, what: Sequence[tuple[EntryKind, Id]]) -> ChangeSet:
    day, at_ms = today(ctx.clock).isoformat(), ctx.clock.wall_ms()
    drafts = []
    for kind, about in what:
        drafts += person_drafts(
            ctx,
            student,
            "entry",
            ctx.new_id(),
            student=student,
            kind=kind.value,
            about=about,
            day=day,
            at_ms=at_ms,
            by=By.STUDENT.value,
        )
    return ctx.commit(label, drafts, args={"student": student.hex()}, actor=student)
