"""Ready-made lessons of the other models: whole group, flipped and playlist; and the list of all there are.

They are the same structure as the station templates: blocks, groups, rounds. What differs is which blocks groups are
seated at (``model_seats``) and who decides what.
"""

from __future__ import annotations

from blenddesk.domain.plans import Block, Decides, Gate, Mode, Model, Priority, Role
from blenddesk.domain.templates import CHOICE, COMPUTER, N_, ON_YOUR_OWN, TEAM, TEMPLATES, WITH_ME, Template

# --- whole group ------------------------------------------------------------------------------------------------

TOGETHER = WITH_ME._replace(
    title=N_("Together"),
    task=N_("Learn something new together"),
    capacity=None,
    steps=(N_("Look and listen"), N_("Try it with me"), N_("Show it with your hand")),
    step_pictures=("eyes", "speech-balloon", "raised-hand"),
    output=N_("A thumb up, level or down"),
    paper_twin=N_("The same on the blackboard"),
    extension=N_("Tell a partner in your own words"),
    decides_how=Decides.TEACHER,
)
ALL_ONLINE = COMPUTER._replace(
    task=N_("Everyone practises on a computer"),
    capacity=None,
    devices=1,
    decides_pace=Decides.STUDENT,
)
IN_PAIRS = TEAM._replace(
    title=N_("In pairs"),
    task=N_("Practise with a partner"),
    picture="busts-in-silhouette",
    capacity=None,
    steps=(N_("Find your partner"), N_("First one, then the other"), N_("Check each other")),
    step_pictures=("busts-in-silhouette", "counterclockwise-arrows-button", "check-mark-button"),
    output=N_("One page of two together"),
    extension=N_("Write a question for another pair"),
    decides_how=Decides.CHOICE,
    decides_where=Decides.CHOICE,
)
ON_PAPER = ON_YOUR_OWN._replace(
    title=N_("On paper"),
    task=N_("The practice sheet with the same exercises"),
    picture="page-facing-up",
    tint=4,
    priority=Priority.SHOULD,
    capacity=None,
)
"""The paper twin of the online part, for those who are online another day."""

FROM_THE_PROJECTOR = N_("Do it together, from the projector")
"""The task of the online part when all eyes are on one screen."""

# --- flipped ------------------------------------------------------------------------------------------------------

BEFORE_CLASS = Block(
    id=b"",
    plan=b"",
    title=N_("Before class"),
    task=N_("Watch or read it at home"),
    picture="house",
    tint=5,
    mode=Mode.EITHER,
    role=Role.INPUT,
    priority=Priority.MUST,
    minutes=15,
    steps=(N_("Watch it or read it"), N_("Stop and go back"), N_("Write down one question")),
    step_pictures=("television", "counterclockwise-arrows-button", "thinking-face"),
    questions=(N_("What is it about?"), N_("What was new for me?"), N_("What do I want to ask?")),
    output=N_("One sentence and one question"),
    gate=Gate.SELF,
    paper_twin=N_("The pages to read, in the take-home folder"),
    extension=N_("Show it to somebody at home"),
    decides_when=Decides.STUDENT,
    decides_where=Decides.STUDENT,
    decides_pace=Decides.STUDENT,
)
QUICK_CHECK = Block(
    id=b"",
    plan=b"",
    title=N_("Quick check"),
    task=N_("Three minutes at the start"),
    picture="clipboard",
    tint=4,
    mode=Mode.EITHER,
    role=Role.CHECK,
    priority=Priority.SHOULD,
    minutes=3,
    steps=(N_("Say it in your words"), N_("Ask your question"), N_("Say how sure you are")),
    step_pictures=("speech-balloon", "thinking-face", "flexed-biceps"),
    questions=(N_("What did I learn?"), N_("What is my question?"), N_("How sure am I?")),
    output=N_("A slip with a sentence and a question"),
    gate=Gate.SELF,
    paper_twin=N_("A slip of paper"),
    extension=N_("Answer the question of a friend"),
    decides_how=Decides.CHOICE,
)
WATCH_HERE = COMPUTER._replace(
    title=N_("Watch here"),
    task=N_("Watch it now, in class"),
    picture="television",
    role=Role.INPUT,
    priority=Priority.SHOULD,
    capacity=None,
    steps=(N_("Headphones on"), N_("Watch and stop"), N_("Write down one question")),
    step_pictures=("headphone", "television", "thinking-face"),
    questions=BEFORE_CLASS.questions,
    output=N_("One sentence and one question"),
    paper_twin=N_("The pages to read, on paper"),
    extension=N_("Tell a partner in your own words"),
)
FLIPPED_WITH_ME = WITH_ME._replace(
    task=N_("Your questions, answered together"),
    capacity=None,
    priority=Priority.MUST,
    output=N_("My question answered"),
    decides_what=Decides.CHOICE,
)
PRACTISE = TEAM._replace(
    title=N_("Practise"),
    task=N_("Use it with a partner"),
    capacity=None,
    priority=Priority.MUST,
    steps=(N_("Find your partner"), N_("Solve it together"), N_("Check each other")),
    step_pictures=("busts-in-silhouette", "puzzle-piece", "check-mark-button"),
    output=N_("One task solved and checked"),
)
GO_FURTHER = ON_YOUR_OWN._replace(
    title=N_("Go further"),
    task=N_("A harder one of your choice"),
    picture="rocket",
    capacity=None,
    priority=Priority.SHOULD,
    steps=(N_("Choose one task"), N_("Work on it"), N_("Show a friend")),
    step_pictures=("game-die", "rocket", "busts-in-silhouette"),
    output=N_("Something to show"),
    extension=N_("Invent a task for others"),
    decides_what=Decides.STUDENT,
    decides_path=Decides.CHOICE,
)

# --- playlist -----------------------------------------------------------------------------------------------------

MY_LIST = ON_YOUR_OWN._replace(
    title=N_("My list"),
    task=N_("Your own list in your own order"),
    picture="clipboard",
    tint=1,
    mode=Mode.EITHER,
    priority=Priority.MUST,
    capacity=None,
    gate=Gate.NONE,
    steps=(N_("Look at your list"), N_("Do one thing"), N_("Tick it")),
    step_pictures=("clipboard", "pencil", "check-mark-button"),
    output=N_("What is ticked on the list"),
    paper_twin=N_("The list on paper"),
    extension=N_("Choose from what you may do"),
    decides_what=Decides.CHOICE,
    decides_when=Decides.STUDENT,
    decides_where=Decides.STUDENT,
    decides_pace=Decides.STUDENT,
    decides_path=Decides.CHOICE,
)
TALK_WITH_ME = WITH_ME._replace(
    title=N_("Talk with me"),
    task=N_("Show your list and talk about it"),
    picture="speech-balloon",
    capacity=None,
    steps=(N_("Bring your list"), N_("Show what you did"), N_("Choose what is next")),
    step_pictures=("clipboard", "raised-hand", "bullseye"),
    output=N_("One next step"),
    paper_twin=N_("The same talk, with the list on paper"),
    decides_what=Decides.CHOICE,
    decides_path=Decides.CHOICE,
)


def _item(block: Block, minutes: int, priority: Priority) -> Block:
    """A block as an item of a list: students decide when, where and how fast."""
    return block._replace(
        minutes=minutes,
        priority=priority,
        capacity=None,
        decides_when=Decides.STUDENT,
        decides_where=Decides.STUDENT,
        decides_pace=Decides.STUDENT,
    )


WATCH_OR_READ = _item(
    BEFORE_CLASS._replace(
        title=N_("Watch or read"), task=N_("Meet what is new"), picture="television", output=N_("One sentence about it")
    ),
    8,
    Priority.MUST,
)
PRACTISE_IT = _item(
    ON_YOUR_OWN._replace(
        title=N_("Practise it"),
        task=N_("One page of practice"),
        picture="pencil",
        steps=(N_("Take your work"), N_("Work quietly"), N_("Check it yourself")),
        step_pictures=("pencil", "shushing-face", "check-mark-button"),
    ),
    10,
    Priority.MUST,
)
SHOW_I_CAN = _item(
    QUICK_CHECK._replace(
        title=N_("Show I can do it"),
        task=N_("A short check when you are ready"),
        picture="check-mark-button",
        tint=0,
        mode=Mode.OFFLINE,
        steps=(N_("Do it without help"), N_("Check it yourself"), N_("Show your teacher")),
        step_pictures=("memo", "check-mark-button", "teacher"),
        questions=(),
        output=N_("A check done without help"),
        gate=Gate.MASTERY,
        paper_twin=N_("It is on paper already"),
    ),
    5,
    Priority.MUST,
)
GAME = _item(COMPUTER._replace(title=N_("Computer time"), tint=7), 10, Priority.SHOULD)
MAKE = _item(CHOICE._replace(title=N_("Make something"), tint=6, picture="artist-palette"), 12, Priority.MAY)
HELP = _item(
    TEAM._replace(
        title=N_("Help a friend"),
        task=N_("Explain it to somebody"),
        picture="handshake",
        tint=2,
        steps=(N_("Ask who wants help"), N_("Ask, do not tell"), N_("Tidy up")),
        step_pictures=("raised-hand", "speech-balloon", "broom"),
        output=N_("A friend who can do it"),
    ),
    8,
    Priority.MAY,
)


def _in_order(*blocks: Block) -> tuple[Block, ...]:
    return tuple(block._replace(position=position) for position, block in enumerate(blocks))


MODEL_TEMPLATES: tuple[Template, ...] = (
    Template(
        "whole-group",
        N_("Whole group"),
        N_("move as one"),
        groups=1,
        rounds=3,
        blocks=_in_order(TOGETHER, ALL_ONLINE, IN_PAIRS),
        model=Model.WHOLE_GROUP,
        opening_minutes=3,
    ),
    Template(
        "flipped",
        N_("Flipped"),
        N_("watch, practise"),
        groups=3,
        rounds=3,
        blocks=_in_order(BEFORE_CLASS, QUICK_CHECK, WATCH_HERE, FLIPPED_WITH_ME, PRACTISE, GO_FURTHER),
        model=Model.FLIPPED,
        moving_minutes=1,
    ),
    Template(
        "playlist",
        N_("Playlist"),
        N_("each student's list"),
        groups=3,
        rounds=3,
        blocks=_in_order(
            MY_LIST,
            TALK_WITH_ME,
            WATCH_OR_READ,
            PRACTISE_IT,
            SHOW_I_CAN._replace(after=(bytes([3]),)),
            GAME,
            MAKE,
            HELP,
        ),
        model=Model.PLAYLIST,
        moving_minutes=1,
    ),
)
WHOLE_GROUP, FLIPPED, PLAYLIST = MODEL_TEMPLATES
ALL_TEMPLATES = (*TEMPLATES[:2], *MODEL_TEMPLATES, *TEMPLATES[2:])
"""In the order of the strip: the first five stand there, the others behind More."""
ALL_BY_CODE: dict[str, Template] = {template.code: template for template in ALL_TEMPLATES}
