"""Pictures of work: adding one, what a desk shows of them, captions, hiding, and how many are on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.evidence import MAX_PICTURE_BYTES, MAX_SIDE, MOST_CAPTION, Evidence
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft, put
from blenddesk.domain.ports import today
from blenddesk.errors import ExchangeTrouble, Refusal

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext
    from blenddesk.storage.blobs import Blobs

JPEG = b"\xff\xd8\xff"


class Picture(NamedTuple):
    """A picture as it is kept: JPEG without anything but the picture (``ui.picture_intake`` makes it), size in
    pixels."""

    data: bytes
    width: int
    height: int


class Shown(NamedTuple):
    """A picture on the student's page. ``is_here``: its blob has come; else it is still at ``computer`` ("" when this
    desk does not know the computer)."""

    evidence: Evidence
    is_here: bool
    computer: str


class OnTheWay(NamedTuple):
    """Pictures that this computer has to give, and that a desk still misses."""

    to_send: int = 0
    to_come: int = 0


class Away(NamedTuple):
    """Pictures that are not on this computer, and where they were taken: names of computers, sorted."""

    pictures: int = 0
    computers: tuple[str, ...] = ()


def add_picture(
    ctx: AppContext,
    section: Id,
    student: Id,
    picture: Picture,
    *,
    plan: Id | None = None,
    block: Id | None = None,
    entry: Id | None = None,
    from_student: bool = False,
) -> ChangeSet:
    """Keeps a picture of a student's work: first its sealed bytes, then the change that names them.

    ``from_student``: what a student shows is sealed to the desks as it is saved, and this computer keeps no key to it.
    Refusals ``not_in_class``, ``not_a_desk`` (a teacher's picture on a student computer), ``not_a_picture``,
    ``picture_too_large``. Raises ``EnvironmentTrouble``; nothing was added then.
    """
    if not from_student and not ctx.is_desk:
        raise Refusal("not_a_desk")
    if all(one.id != student for one in ctx.reads.people.students(section, left=True)):
        raise Refusal("not_in_class")
    with kept(ctx, section, student, picture, plan=plan, block=block, entry=entry, from_student=from_student) as drafts:
        return ctx.commit(
            "picture_added", drafts, args={"student": student.hex()}, actor=student if from_student else b""
        )


@contextmanager
def kept(
    ctx: AppContext,
    section: Id,
    student: Id,
    picture: Picture | None,
    *,
    plan: Id | None = None,
    block: Id | None = None,
    entry: Id | None = None,
    from_student: bool,
) -> Iterator[list[Draft]]:
    """Seals a picture and keeps it for what is committed inside the block, which must write the drafts it is given.

    No picture, no draft; and when the block raises, no picture. Refusals and troubles as of ``add_picture``.
    """
    from blenddesk.storage.blobs import beside
    from blenddesk.sync import picture_seal

    if picture is None:
        yield []
        return
    if not picture.data.startswith(JPEG) or min(picture.width, picture.height) < 1:
        raise Refusal("not_a_picture")
    if len(picture.data) > MAX_PICTURE_BYTES or max(picture.width, picture.height) > MAX_SIDE:
        raise Refusal("picture_too_large", most=MAX_PICTURE_BYTES)
    sealed = picture_seal.seal(section, picture.data, ctx.randomness)
    blobs = beside(ctx.paths.database)
    blobs.add(section, sealed.data)
    shows = {name: value for name, value in (("plan", plan), ("block", block), ("entry", entry)) if value is not None}
    draft = put(
        section,
        "evidence" if from_student else "evidence_private",
        ctx.new_id(),
        student=student,
        blob=sealed.name,
        key=sealed.key,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        day=today(ctx.clock).isoformat(),
        at_ms=ctx.clock.wall_ms(),
        device=ctx.keys.device_id,
        **shows,
    )
    try:
        yield [draft]
    except BaseException:
        # Nothing will ever name it.
        blobs.remove(section, [sealed.name])
        raise


def pictures_of(ctx: AppContext, section: Id, student: Id, *, hidden: bool = False) -> list[Shown]:
    """The student's pictures, the newest first; hidden ones only when asked for. None on a student computer."""
    from blenddesk.services.exchange import computer_names

    found = [one for one in reversed(ctx.reads.evidence.of_student(section, student)) if hidden or not one.hidden]
    blobs = _blobs(ctx)
    here = {one.id for one in found if blobs.has(section, one.blob)}
    away = {one.device for one in found if one.id not in here and one.device is not None}
    names = computer_names(ctx) if away else {}
    return [
        Shown(one, one.id in here, "" if one.device is None or one.id in here else names.get(one.device, ""))
        for one in found
    ]


def picture_data(ctx: AppContext, section: Id, evidence: Evidence) -> bytes | None:
    """The picture itself (JPEG); None when it is not here. A damaged file is set aside and so asked for again.

    Raises ``EnvironmentTrouble``.
    """
    from blenddesk.sync import picture_seal

    blobs = _blobs(ctx)
    try:
        sealed = blobs.read(section, evidence.blob)
        return None if sealed is None else picture_seal.unseal(section, sealed, evidence.key)
    except ExchangeTrouble:
        blobs.set_aside(section, evidence.blob)
        return None


def set_caption(ctx: AppContext, section: Id, evidence: Id, caption: str) -> ChangeSet:
    """What the teacher says of a picture. Refusals ``no_such_picture``, ``caption_too_long``."""
    words = " ".join(caption.split())
    if len(words) > MOST_CAPTION:
        raise Refusal("caption_too_long", most=MOST_CAPTION)
    found = _one(ctx, section, evidence)
    if words == found.caption:
        return ChangeSet(0, "picture_captioned")
    draft = put(section, "evidence_note", evidence, student=found.student, caption=words)
    return ctx.commit("picture_captioned", [draft], args={"student": found.student.hex()})


def hide(ctx: AppContext, section: Id, evidence: Id) -> ChangeSet:
    """Takes a picture off the student's page; it is kept, and undo shows it again. Refusal ``no_such_picture``."""
    found = _one(ctx, section, evidence)
    draft = put(section, "evidence_note", evidence, student=found.student, hidden=True)
    return ctx.commit("picture_hidden", [draft], args={"student": found.student.hex()})


def on_the_way(ctx: AppContext) -> OnTheWay:
    """Over all classes. Costs a few milliseconds for each class with pictures, and nothing without."""
    blobs, spoken_of = _blobs(ctx), ctx.reads.evidence.sections_with_any()
    classes = (one.id for one in ctx.reads.sections.all(archived=True))
    concerned = [section for section in classes if section in spoken_of or blobs.names(section)]
    if not concerned:
        return OnTheWay()
    from blenddesk.sync import volume_carrier

    parts = [volume_carrier.on_the_way(ctx.ledger, section) for section in concerned]
    return OnTheWay(sum(part.to_send for part in parts), sum(part.to_come for part in parts))


def away(ctx: AppContext) -> Away:
    """Pictures of all classes that this desk knows of and that have not come home. Raises ``EnvironmentTrouble``."""
    from blenddesk.services.exchange import computer_names

    blobs = _blobs(ctx)
    missing = [
        one
        for section in ctx.reads.evidence.sections_with_any()
        for here in [frozenset(blobs.names(section))]
        for one in ctx.reads.evidence.of_section(section)
        if one.blob not in here
    ]
    if not missing:
        return Away()
    names = computer_names(ctx)
    found = {names.get(one.device, "") for one in missing if one.device is not None}
    return Away(len({one.blob for one in missing}), tuple(sorted(found - {""})))


def _one(ctx: AppContext, section: Id, evidence: Id) -> Evidence:
    if not ctx.is_desk:
        raise Refusal("not_a_desk")
    found = ctx.reads.evidence.one(section, evidence)
    if found is None:
        raise Refusal("no_such_picture")
    return found


def _blobs(ctx: AppContext) -> Blobs:
    from blenddesk.storage.blobs import beside

    return beside(ctx.paths.database)
