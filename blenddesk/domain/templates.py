"""Ready-made lessons of the station model: every station is filled in, so that a plan can be used as it comes.

Words are English message ids marked with ``N_``; whoever makes a plan translates them once, with ``plan_blocks``,
into the language of the class. From then on they are the teacher's own words and no catalogue touches them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.domain.plans import ADULT_ANY, Block, Decides, Gate, Mode, Model, Priority, Role

_TO_BE_MADE: Id = b""


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Marks a message id for extraction; translating is for the floors above."""
    return message


class Template(NamedTuple):
    """A lesson to start from. ``blocks`` have no ids yet and hold message ids where they hold words.

    ``rounds``: how many turns there are. ``groups``: how many groups to make; more of them than stations means that
    every station runs more than once at a time (mirrored). Minutes are suggestions; the period comes from My room.
    """

    code: str
    title: str
    summary: str
    groups: int
    rounds: int
    blocks: tuple[Block, ...]
    model: Model = Model.STATION
    shape: str = ""
    opening_minutes: int = 5
    moving_minutes: int = 2
    closing_minutes: int = 4


WITH_ME = Block(
    id=_TO_BE_MADE,
    plan=_TO_BE_MADE,
    title=N_("With me"),
    task=N_("Work together with the teacher"),
    picture="teacher",
    tint=0,
    mode=Mode.OFFLINE,
    role=Role.TEACHER,
    priority=Priority.MUST,
    capacity=10,
    adult=ADULT_ANY,
    steps=(N_("Bring your pencil"), N_("Try it with me"), N_("Show what you can do")),
    step_pictures=("pencil", "speech-balloon", "raised-hand"),
    output=N_("One thing shown to the teacher"),
    gate=Gate.TEACHER,
    paper_twin=N_("The same talk around a small table, on paper"),
    extension=N_("Explain it to a partner"),
    decides_how=Decides.CHOICE,
)
COMPUTER = Block(
    id=_TO_BE_MADE,
    plan=_TO_BE_MADE,
    title=N_("Computer"),
    task=N_("Practise on the computer"),
    picture="laptop",
    tint=1,
    mode=Mode.ONLINE,
    role=Role.INDEPENDENT,
    priority=Priority.MUST,
    capacity=10,
    devices=2,
    headphones=True,
    steps=(N_("Headphones on"), N_("Do your task"), N_("Write down one thing")),
    step_pictures=("headphone", "laptop", "memo"),
    output=N_("One thing written in the notebook"),
    gate=Gate.SELF,
    paper_twin=N_("The practice sheet with the same exercises"),
    extension=N_("Try the next part"),
    decides_pace=Decides.STUDENT,
    decides_path=Decides.CHOICE,
)
TEAM = Block(
    id=_TO_BE_MADE,
    plan=_TO_BE_MADE,
    title=N_("Team"),
    task=N_("Solve it together"),
    picture="puzzle-piece",
    tint=2,
    mode=Mode.OFFLINE,
    role=Role.COLLABORATIVE,
    priority=Priority.MUST,
    capacity=10,
    steps=(N_("Share the jobs"), N_("Solve it together"), N_("Tidy up")),
    step_pictures=("handshake", "puzzle-piece", "broom"),
    output=N_("One answer from the team"),
    gate=Gate.SELF,
    paper_twin=N_("It is on paper already"),
    extension=N_("Make a new puzzle for another team"),
    decides_how=Decides.STUDENT,
    decides_where=Decides.CHOICE,
)
ON_YOUR_OWN = Block(
    id=_TO_BE_MADE,
    plan=_TO_BE_MADE,
    title=N_("On your own"),
    task=N_("Quiet work"),
    picture="open-book",
    tint=3,
    mode=Mode.OFFLINE,
    role=Role.INDEPENDENT,
    priority=Priority.MUST,
    capacity=10,
    steps=(N_("Take your work"), N_("Work quietly"), N_("Check it yourself")),
    step_pictures=("open-book", "shushing-face", "check-mark-button"),
    output=N_("One page done and checked"),
    gate=Gate.SELF,
    paper_twin=N_("It is on paper already"),
    extension=N_("Go on with your own book"),
    decides_what=Decides.CHOICE,
    decides_where=Decides.CHOICE,
    decides_pace=Decides.STUDENT,
)
CATCH_UP = ON_YOUR_OWN._replace(
    title=N_("Catch up"),
    task=N_("Finish what you missed"),
    picture="counterclockwise-arrows-button",
    tint=4,
    role=Role.MAKE_UP,
    priority=Priority.SHOULD,
    steps=(N_("Look at your list"), N_("Finish one thing"), N_("Check it yourself")),
    step_pictures=("clipboard", "pencil", "check-mark-button"),
    output=N_("One thing finished"),
    extension=N_("Help a friend to finish"),
)
CHOICE = ON_YOUR_OWN._replace(
    title=N_("Choice"),
    task=N_("Choose what you practise"),
    picture="artist-palette",
    tint=5,
    mode=Mode.EITHER,
    priority=Priority.MAY,
    steps=(N_("Choose one task"), N_("Work on it"), N_("Show a friend")),
    step_pictures=("game-die", "artist-palette", "busts-in-silhouette"),
    output=N_("Something to show"),
    extension=N_("Invent a task for others"),
    decides_what=Decides.STUDENT,
    decides_how=Decides.STUDENT,
    decides_path=Decides.STUDENT,
)


def _in_order(*blocks: Block) -> tuple[Block, ...]:
    return tuple(block._replace(position=position) for position, block in enumerate(blocks))


TEMPLATES: tuple[Template, ...] = (
    Template(
        "station-4",
        N_("4 stations"),
        N_("everyone visits all"),
        groups=4,
        rounds=4,
        blocks=_in_order(WITH_ME, COMPUTER, TEAM, ON_YOUR_OWN),
    ),
    Template(
        "station-3",
        N_("3 stations"),
        N_("for a shorter lesson"),
        groups=3,
        rounds=3,
        blocks=_in_order(WITH_ME, COMPUTER, ON_YOUR_OWN),
    ),
    Template(
        "station-2",
        N_("2 halves"),
        N_("swap at half time"),
        groups=2,
        rounds=2,
        blocks=_in_order(WITH_ME._replace(capacity=24), TEAM._replace(capacity=24)),
    ),
    Template(
        "station-mirrored",
        N_("Big class"),
        N_("3 stations, twice in the room"),
        groups=6,
        rounds=3,
        blocks=_in_order(
            WITH_ME._replace(capacity=20), COMPUTER._replace(capacity=20), ON_YOUR_OWN._replace(capacity=20)
        ),
    ),
    Template(
        "station-must-may",
        N_("Must and may"),
        N_("two for all, two of your choice"),
        groups=4,
        rounds=4,
        blocks=_in_order(
            WITH_ME,
            COMPUTER,
            TEAM._replace(priority=Priority.MAY),
            ON_YOUR_OWN._replace(priority=Priority.MAY),
            CATCH_UP,
            CHOICE,
        ),
    ),
    Template(
        "station-catch-up",
        N_("With catch up"),
        N_("one station for what was missed"),
        groups=4,
        rounds=4,
        blocks=_in_order(WITH_ME, COMPUTER, TEAM, CATCH_UP),
    ),
)
BY_CODE: dict[str, Template] = {template.code: template for template in TEMPLATES}


def plan_blocks(
    template: Template, plan: Id, new_id: Callable[[], Id], translate: Callable[[str], str]
) -> tuple[Block, ...]:
    """The blocks of a template for a plan: with ids, and with every word put through ``translate``.

    Blocks of a ready-made template have no ids, so ``after`` holds their places in it, each as one byte.
    """
    ids = {block.id or bytes([place]): new_id() for place, block in enumerate(template.blocks)}

    def words(message: str) -> str:
        # gettext answers the empty message with the catalogue's header.
        return translate(message) if message else ""

    return tuple(
        block._replace(
            id=ids[block.id or bytes([place])],
            plan=plan,
            after=tuple(ids[before] for before in block.after if before in ids),
            title=words(block.title),
            task=words(block.task),
            steps=tuple(words(step) for step in block.steps),
            output=words(block.output),
            paper_twin=words(block.paper_twin),
            extension=words(block.extension),
            questions=tuple(words(question) for question in block.questions),
        )
        for place, block in enumerate(template.blocks)
    )
