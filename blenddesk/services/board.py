"""What the whole class may see of a lesson: places, names, times. Never a need, a goal, a level or an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.live import LessonState, Phase
from blenddesk.domain.plans import Block, Group, PlanSheet
from blenddesk.services.attendance import register_of
from blenddesk.services.live import LessonLog, lesson_log, sheet_of

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext


class BoardName(NamedTuple):
    """A student as the board shows them."""

    name: str
    avatar: str


class Place(NamedTuple):
    """A station in one round: the groups there, who of them is here, and where each group goes afterwards."""

    block: Block
    groups: tuple[Group, ...]
    names: tuple[BoardName, ...]
    goes_to: tuple[Block | None, ...]


class BoardView(NamedTuple):
    """One lesson for all eyes. ``names`` holds those who are here."""

    title: str
    older: bool
    language: str
    sheet: PlanSheet
    log: LessonLog
    names: dict[Id, BoardName]

    def places(self, round_: int) -> tuple[Place, ...]:
        """The stations with a group in a round, in their order."""
        found = []
        for block in self.sheet.blocks:
            groups = self.sheet.groups_at(block.id, round_)
            if not groups:
                continue
            students = [one for group in groups for one in group.students if one in self.names]
            shown = self.sheet.block_for(block.id, groups[0].id) if len(groups) == 1 else block
            found.append(
                Place(
                    shown,
                    groups,
                    tuple(self.names[one] for one in students),
                    tuple(self.sheet.block_of(group.id, round_ + 1) for group in groups),
                )
            )
        return tuple(found)

    def moves(self, round_: int) -> tuple[tuple[Group, Block], ...]:
        """Where each group goes for a round."""
        pairs = ((group, self.sheet.block_of(group.id, round_)) for group in self.sheet.groups)
        return tuple((group, block) for group, block in pairs if block is not None)


def board_view(ctx: AppContext, section: Id, plan: Id) -> BoardView:
    """Refusal ``plan_unknown``. Students who are away are left out."""
    sheet = sheet_of(ctx, section, plan)
    log = lesson_log(ctx, section, plan)
    home = ctx.reads.sections.get(section)
    here = set(register_of(ctx, log).here)
    groups = tuple(
        group._replace(students=tuple(one for one in group.students if one in here)) for group in sheet.groups
    )
    names = {one.id: BoardName(one.name, one.avatar) for one in ctx.reads.people.students(section) if one.id in here}
    return BoardView(
        sheet.plan.name,
        home is not None and home.look == "older",
        home.language if home is not None else "",
        sheet._replace(groups=groups),
        log,
        names,
    )


def round_shown(state: LessonState) -> int | None:
    """The round whose places the board shows; None when it shows something else (the way, the close)."""
    if state.phase in (Phase.READY, Phase.OPENING):
        return 0
    return state.round if state.phase is Phase.ROUND else None
