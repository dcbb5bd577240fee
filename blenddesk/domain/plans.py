"""A lesson plan: its blocks (stations), groups, seats (who is where in which round) and what follows from them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from blenddesk.domain.ids import Id

ADULT_NONE = "none"
ADULT_ANY = "any"
"""``Block.adult`` is one of these two words or the id of one adult in hex."""

SHAPES: tuple[str, ...] = ("circle", "triangle", "square", "diamond", "hexagon", "drop", "arch", "flower")
"""The signs of groups. None is a star: no group is the best one."""


class Model(StrEnum):
    STATION = "station"
    WHOLE_GROUP = "whole_group"
    FLIPPED = "flipped"
    PLAYLIST = "playlist"
    MIXED = "mixed"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    ARCHIVED = "archived"


class Grouping(StrEnum):
    RANDOM = "random"
    MIXED = "mixed"
    BY_HAND = "by_hand"
    AS_LAST_TIME = "as_last_time"


class Mode(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    EITHER = "either"


class Role(StrEnum):
    TEACHER = "teacher"
    INDEPENDENT = "independent"
    COLLABORATIVE = "collaborative"
    MAKE_UP = "make_up"
    INPUT = "input"
    CHECK = "check"


class Priority(StrEnum):
    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Gate(StrEnum):
    """Who says that the block is done."""

    NONE = "none"
    SELF = "self"
    TEACHER = "teacher"
    MASTERY = "mastery"


class Decides(StrEnum):
    """Who decides: the teacher, the student among choices, or the student."""

    TEACHER = "teacher"
    CHOICE = "choice"
    STUDENT = "student"


class Plan(NamedTuple):
    """The lesson as a whole. ``rounds`` holds whole minutes of each round; moving time lies between rounds."""

    id: Id
    name: str = ""
    model: Model = Model.STATION
    template: str = ""
    day: str | None = None
    """ISO date, or None while the lesson has no day yet."""
    start_minute: int | None = None
    """Minutes after midnight, local time."""
    period_minutes: int = 50
    opening_minutes: int = 5
    moving_minutes: int = 2
    closing_minutes: int = 4
    rounds: tuple[int, ...] = ()
    status: PlanStatus = PlanStatus.DRAFT
    grouping: Grouping = Grouping.MIXED
    copied_from: Id | None = None
    shape: str = ""
    """How the groups go round: a word of ``registry`` record ``plan``; empty: classic."""
    series: Id | None = None
    part: int | None = None
    """Of several lessons that are one plan: which it is, from 1."""
    adults: tuple[Id, ...] = ()

    @property
    def planned_minutes(self) -> int:
        """What opening, rounds, the moves between them and closing take together."""
        moves = max(len(self.rounds) - 1, 0) * self.moving_minutes
        return self.opening_minutes + sum(self.rounds) + moves + self.closing_minutes

    def round_offset(self, round_: int) -> int:
        """Minutes from the start of the lesson to the start of a round (0 is the first)."""
        return self.opening_minutes + sum(self.rounds[:round_]) + round_ * self.moving_minutes


class Block(NamedTuple):
    """A learning activity that a group can be at: a station, a whole-class part or an item of a playlist."""

    id: Id
    plan: Id
    position: int = 0
    title: str = ""
    task: str = ""
    picture: str = ""
    tint: int = 0
    mode: Mode = Mode.OFFLINE
    role: Role = Role.INDEPENDENT
    priority: Priority = Priority.MUST
    minutes: int | None = None
    """How long one student needs, for playlists; a seat lasts as long as its round."""
    capacity: int | None = None
    """How many students fit at once; None: no limit."""
    devices: int = 0
    """How many students share one computer here; 0 when none is needed."""
    headphones: bool = False
    adult: str = ADULT_NONE
    steps: tuple[str, ...] = ()
    step_pictures: tuple[str, ...] = ()
    output: str = ""
    gate: Gate = Gate.SELF
    paper_twin: str = ""
    resource: str = ""
    extension: str = ""
    decides_what: Decides = Decides.TEACHER
    decides_how: Decides = Decides.TEACHER
    decides_when: Decides = Decides.TEACHER
    decides_where: Decides = Decides.TEACHER
    decides_pace: Decides = Decides.TEACHER
    decides_path: Decides = Decides.TEACHER
    names: tuple[str, ...] = ()
    """The title in other languages: "ar ..."."""
    questions: tuple[str, ...] = ()
    after: tuple[Id, ...] = ()
    """Blocks that a group visits before this one."""
    materials: str = ""
    skill: str = ""
    archived: bool = False
    copied_from: Id | None = None

    def title_in(self, language: str) -> str:
        """The title in a language (its code) if it has one there, else the title itself."""
        return next((words for code, _space, words in map(_code_and_words, self.names) if code == language), self.title)


def _code_and_words(name: str) -> tuple[str, str, str]:
    return name.partition(" ")


class BlockTask(NamedTuple):
    """What one group does at a block instead of the block's own task; an empty field keeps the block's."""

    id: Id
    plan: Id
    block: Id
    group: Id
    task: str = ""
    steps: tuple[str, ...] = ()
    step_pictures: tuple[str, ...] = ()
    resource: str = ""


class Group(NamedTuple):
    id: Id
    plan: Id
    position: int = 0
    name: str = ""
    shape: str = ""
    students: tuple[Id, ...] = ()
    """From the memberships; not a field of the record."""
    locked: tuple[Id, ...] = ()
    """Those of the students who stay here whatever is dealt anew; from the memberships too."""


class Membership(NamedTuple):
    plan: Id
    student: Id
    group: Id | None
    locked: bool = False


class Seat(NamedTuple):
    """Where a group is in a round. Rounds count from 0."""

    plan: Id
    group: Id
    round: int
    block: Id | None
    locked: bool = False


class Turn(NamedTuple):
    """A seat with its time: ``start_offset`` is minutes after the start of the lesson."""

    group: Id
    round: int
    block: Id
    start_offset: int
    minutes: int


class PlanSheet(NamedTuple):
    """One whole plan as read from storage. Blocks and groups are in order of their position."""

    plan: Plan
    blocks: tuple[Block, ...] = ()
    groups: tuple[Group, ...] = ()
    seats: tuple[Seat, ...] = ()
    tasks: tuple[BlockTask, ...] = ()

    def block(self, block: Id) -> Block:
        """KeyError when the plan has no such block."""
        for candidate in self.blocks:
            if candidate.id == block:
                return candidate
        raise KeyError(block)

    def group(self, group: Id) -> Group:
        """KeyError when the plan has no such group."""
        for candidate in self.groups:
            if candidate.id == group:
                return candidate
        raise KeyError(group)

    def group_of(self, student: Id) -> Group | None:
        return next((group for group in self.groups if student in group.students), None)

    def students(self) -> tuple[Id, ...]:
        """Everyone who is in a group, group after group."""
        return tuple(student for group in self.groups for student in group.students)

    def block_of(self, group: Id, round_: int) -> Block | None:
        """Where the group is in the round; None when it has no place (or the place was deleted)."""
        for seat in self.seats:
            if seat.group == group and seat.round == round_ and seat.block is not None:
                return next((block for block in self.blocks if block.id == seat.block), None)
        return None

    def groups_at(self, block: Id, round_: int) -> tuple[Group, ...]:
        """The groups at a place in a round, in order of position."""
        here = {seat.group for seat in self.seats if seat.block == block and seat.round == round_}
        return tuple(group for group in self.groups if group.id in here)

    def block_for(self, block: Id, group: Id | None) -> Block:
        """The block as one group sees it: with the task, steps and file that are for this group only."""
        shown = self.block(block)
        for task in self.tasks:
            if task.block == block and task.group == group:
                return shown._replace(
                    task=task.task or shown.task,
                    steps=task.steps or shown.steps,
                    step_pictures=task.step_pictures or (() if task.steps else shown.step_pictures),
                    resource=task.resource or shown.resource,
                )
        return shown

    def turns(self, group: Id | None = None) -> tuple[Turn, ...]:
        """Every seat with its planned time, round by round in order of the groups; of one group when given."""
        turns = []
        for round_, minutes in enumerate(self.plan.rounds):
            for candidate in self.groups:
                if group is not None and candidate.id != group:
                    continue
                block = self.block_of(candidate.id, round_)
                if block is not None:
                    offset = self.plan.round_offset(round_)
                    turns.append(Turn(candidate.id, round_, block.id, offset, minutes))
        return tuple(turns)

    def own_time(self) -> tuple[Block, ...]:
        """What students do in their own time or order and no group is seated at: what is looked at before class, the
        items of a playlist."""
        if self.plan.model not in (Model.FLIPPED, Model.PLAYLIST):
            return ()
        seated = {seat.block for seat in self.seats}
        return tuple(block for block in self.blocks if block.id not in seated)

    def is_list(self, block: Block) -> bool:
        """Whether being at this block means working on one's own list: it is a place and nothing to do by itself."""
        return (
            self.plan.model is Model.PLAYLIST
            and block.role is not Role.TEACHER
            and any(seat.block == block.id for seat in self.seats)
        )

    def counts_at(self, block: Block) -> tuple[Id, ...]:
        """What counts as done by somebody who is at this block: itself, and while on one's list all of its items."""
        return (block.id, *(item.id for item in self.own_time())) if self.is_list(block) else (block.id,)

    def blocks_of_student(self, student: Id) -> tuple[Block, ...]:
        """What this student has to do, as their group sees it; () when in no group.

        First what is for their own time (before class, the items of a list), then the places in order of the rounds.
        """
        group = self.group_of(student)
        if group is None:
            return ()
        visited = {block.id: self.block_for(block.id, group.id) for block in self.own_time()}
        for round_ in range(len(self.plan.rounds)):
            block = self.block_of(group.id, round_)
            if block is not None and not self.is_list(block):
                visited.setdefault(block.id, self.block_for(block.id, group.id))
        return tuple(visited.values())
