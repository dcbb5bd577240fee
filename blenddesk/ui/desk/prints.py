"""What a class and its plan give to print: reads the data and hands plain cards, boards and lists to ``printing``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import Block, Group, PlanSheet
from blenddesk.errors import Refusal
from blenddesk.printing.chalk_board import BoardRound, BoardRow, ChalkBoard, Place, board_pages
from blenddesk.printing.group_lists import GroupList, group_pages
from blenddesk.printing.paper import Page
from blenddesk.printing.sign_in_cards import CodeLine, SignInCard, card_pages, code_pages
from blenddesk.printing.station_cards import StationCard, station_pages
from blenddesk.printing.words_sheet import WordsSheet, words_pages
from blenddesk.text import N_, _, ngettext

if TYPE_CHECKING:
    from blenddesk.services.context import AppContext

KINDS: dict[str, str] = {
    "cards": N_("Sign-in cards"),
    "stations": N_("Station cards"),
    "board": N_("Board for the wall"),
    "groups": N_("Group lists"),
    "codes": N_("Sign-in pictures, for my folder"),
}
"""What can be printed of a class at any time, with its word."""
WORDS = "words"
"""The sheet with five words, which only the moment it is made can print."""
FILE_NAMES = {"cards": "sign-in-cards", "codes": "sign-in-pictures", "words": "five-words"}


@dataclass(frozen=True, slots=True)
class NewComputer:
    """What the sheet with the five words shows."""

    name: str
    file: str
    words: tuple[str, ...]
    for_teacher: bool = False


def print_pages(
    ctx: AppContext, section: Id, what: str, *, plan: Id | None = None, computer: NewComputer | None = None
) -> list[Page]:
    """The pages of one of ``KINDS`` or of ``WORDS``; of ``plan``, else of today's or the next one.

    Refusals ``no_such_class``, ``no_plan_to_print``, ``nothing_to_print``.
    """
    found = ctx.reads.sections.get(section)
    if found is None:
        raise Refusal("no_such_class")
    if what == WORDS:
        if computer is None:
            raise Refusal("nothing_to_print")
        return words_pages(WordsSheet(computer.name, found.name, computer.file, computer.words, computer.for_teacher))
    students = ctx.reads.people.students(section)
    if not students:
        raise Refusal("nothing_to_print")
    names = {student.id: student.name for student in students}
    older = found.look == "older"
    faces = {student.id: student.symbol if older else student.avatar for student in students}
    if what == "cards":
        return card_pages([SignInCard(one.name, faces[one.id], found.name) for one in students])
    if what == "codes":
        return code_pages([CodeLine(one.name, faces[one.id], tuple(one.code)) for one in students], found.name)
    sheet = _sheet(ctx, section, plan)
    if what == "stations":
        return station_pages([_station_card(sheet, block) for block in sheet.blocks])
    if what == "board":
        return board_pages(_board(sheet))
    if what == "groups":
        return group_pages([_group_list(sheet, group, names) for group in sheet.groups], sheet.plan.name)
    raise Refusal("nothing_to_print")


def file_name(what: str) -> str:
    """The name proposed for a PDF."""
    return f"{FILE_NAMES.get(what, what)}.pdf"


def _sheet(ctx: AppContext, section: Id, plan: Id | None) -> PlanSheet:
    from blenddesk.services import plans

    wanted = plan
    if wanted is None:
        coming = plans.coming_plans(ctx, section, days=None)
        last = coming[0] if coming else plans.last_plan(ctx, section)
        wanted = last.id if last is not None else None
    sheet = None if wanted is None else ctx.reads.plans.sheet(section, wanted)
    if sheet is None:
        raise Refusal("no_plan_to_print")
    return sheet


def _station_card(sheet: PlanSheet, block: Block) -> StationCard:
    rounds = [
        minutes
        for number, minutes in enumerate(sheet.plan.rounds)
        if any(seat.block == block.id and seat.round == number for seat in sheet.seats)
    ]
    own = [(group.shape, sheet.block_for(block.id, group.id).task) for group in sheet.groups]
    return StationCard(
        block.title,
        block.picture,
        block.task,
        block.steps,
        block.step_pictures,
        (min(rounds), max(rounds)) if rounds else None,
        tuple(_materials(block)),
        block.output,
        tuple((shape, task) for shape, task in own if task != block.task),
    )


def _materials(block: Block) -> list[str]:
    needed = []
    if block.devices:
        needed.append(ngettext("one computer each", "a computer for {n}", block.devices).format(n=block.devices))
    if block.headphones:
        needed.append(_("headphones"))
    return needed


def _board(sheet: PlanSheet) -> ChalkBoard:
    plan = sheet.plan
    starts = plan.start_minute
    rounds = tuple(
        BoardRound(minutes, None if starts is None else starts + plan.round_offset(number))
        for number, minutes in enumerate(plan.rounds)
    )
    rows = tuple(BoardRow(group.shape, _places(sheet, group)) for group in sheet.groups)
    return ChalkBoard(plan.name, rounds, rows)


def _places(sheet: PlanSheet, group: Group) -> tuple[Place | None, ...]:
    visited = [sheet.block_of(group.id, number) for number in range(len(sheet.plan.rounds))]
    return tuple(None if block is None else Place(block.title, block.picture) for block in visited)


def _group_list(sheet: PlanSheet, group: Group, names: dict[Id, str]) -> GroupList:
    places: Sequence[Place | None] = _places(sheet, group)
    students = tuple(names[student] for student in group.students if student in names)
    return GroupList(group.shape, students, tuple(place for place in places if place is not None))
