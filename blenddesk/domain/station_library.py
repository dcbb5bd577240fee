"""The 24 ready-made stations: what a room with paper, pencils and few computers really uses, for ages 5 to 18.

Words are English message ids, as in ``templates``; ``in_words`` translates them once, when a plan takes the station.
"""

from __future__ import annotations

from collections.abc import Callable

from blenddesk.domain import templates
from blenddesk.domain.plans import Block, Decides, Mode
from blenddesk.domain.templates import N_

ANY_SUBJECT = N_("Any subject")
READING = N_("Reading")
WRITING = N_("Writing")
LISTENING = N_("Speaking and listening")
MATHS = N_("Maths")
SCIENCE = N_("Science")
MAKING = N_("Making")
WORLD = N_("Our world")
THINKING = N_("Thinking about my work")

_ALONE = templates.ON_YOUR_OWN
_TOGETHER = templates.TEAM._replace(decides_where=Decides.TEACHER)
_PAPER = N_("It is on paper already")

WITH_ME = templates.WITH_ME._replace(minutes=15, materials=N_("Pencils, a small board"), skill=ANY_SUBJECT)
COMPUTER = templates.COMPUTER._replace(minutes=15, materials=N_("Computers, headphones, notebook"), skill=ANY_SUBJECT)
TEAM = templates.TEAM._replace(minutes=15, materials=N_("One sheet for each team"), skill=ANY_SUBJECT)
ON_YOUR_OWN = templates.ON_YOUR_OWN._replace(minutes=15, materials=N_("Own book or sheet"), skill=ANY_SUBJECT)
CATCH_UP = templates.CATCH_UP._replace(minutes=15, materials=N_("The list of what is open"), skill=ANY_SUBJECT)
CHOICE = templates.CHOICE._replace(minutes=15, materials=N_("Three tasks to choose from"), skill=ANY_SUBJECT)

READING_PAIRS = _TOGETHER._replace(
    title=N_("Reading pairs"),
    task=N_("Read aloud to your partner"),
    picture="books",
    tint=6,
    minutes=12,
    steps=(N_("Choose a page"), N_("Read a page each"), N_("Tell what happened")),
    step_pictures=("open-book", "speaker-high-volume", "speech-balloon"),
    output=N_("One sentence about the page"),
    materials=N_("Books or readers"),
    skill=READING,
    extension=N_("Read it again, like an actor"),
    decides_what=Decides.CHOICE,
)
WORD_WORK = _ALONE._replace(
    title=N_("Word work"),
    task=N_("Make and sort words"),
    picture="input-latin-letters",
    tint=7,
    minutes=12,
    steps=(N_("Lay out the letters"), N_("Make five words"), N_("Write them down")),
    step_pictures=("input-latin-letters", "puzzle-piece", "pencil"),
    output=N_("Five words in the notebook"),
    materials=N_("Letter cards"),
    skill=READING,
    extension=N_("Use two of them in a sentence"),
)
WORD_CARDS = _TOGETHER._replace(
    title=N_("Word cards"),
    task=N_("Learn new words with a partner"),
    picture="page-facing-up",
    tint=4,
    minutes=10,
    steps=(N_("Look and say"), N_("Turn and remember"), N_("Use it in a sentence")),
    step_pictures=("eyes", "thinking-face", "speech-balloon"),
    output=N_("Three words I know now"),
    materials=N_("Word cards"),
    skill=READING,
    extension=N_("Make a card for a new word"),
)
READING_ALOUD = _ALONE._replace(
    title=N_("Reading aloud"),
    task=N_("Practise reading smoothly"),
    picture="microphone",
    tint=0,
    minutes=10,
    steps=(N_("Read it quietly"), N_("Read it aloud"), N_("Read it once more")),
    step_pictures=("shushing-face", "microphone", "counterclockwise-arrows-button"),
    output=N_("One text read three times"),
    materials=N_("A short text"),
    skill=READING,
    extension=N_("Read it to another group"),
)
LISTENING_CORNER = templates.COMPUTER._replace(
    title=N_("Listening"),
    task=N_("Listen and answer"),
    picture="ear",
    tint=1,
    minutes=12,
    steps=(N_("Listen once"), N_("Listen again"), N_("Answer the questions")),
    step_pictures=("ear", "headphone", "pencil"),
    output=N_("Answers on the sheet"),
    materials=N_("Headphones, question sheet"),
    skill=LISTENING,
    paper_twin=N_("A partner reads the text aloud"),
    extension=N_("Ask a question of your own"),
)
LETTER = _ALONE._replace(
    title=N_("Letter to a friend"),
    task=N_("Write to someone in the class"),
    picture="envelope",
    tint=5,
    minutes=15,
    steps=(N_("Think what to tell"), N_("Write your letter"), N_("Read it, then post it")),
    step_pictures=("thought-balloon", "pencil", "envelope"),
    output=N_("One letter"),
    materials=N_("Paper, a letter box"),
    skill=WRITING,
    extension=N_("Answer a letter"),
    decides_what=Decides.STUDENT,
)
STORY_PICTURE = _ALONE._replace(
    title=N_("Draw the story"),
    task=N_("Draw a part and write a line"),
    picture="crayon",
    tint=3,
    minutes=15,
    steps=(N_("Choose a part"), N_("Draw it"), N_("Write one sentence")),
    step_pictures=("open-book", "crayon", "pencil"),
    output=N_("One picture with a sentence"),
    materials=N_("Paper and crayons"),
    skill=WRITING,
    extension=N_("Draw what happens next"),
)
MATHS_GAME = _TOGETHER._replace(
    title=N_("Maths game"),
    task=N_("Play and work it out"),
    picture="game-die",
    tint=2,
    minutes=12,
    steps=(N_("Throw the dice"), N_("Work it out"), N_("Check your partner")),
    step_pictures=("game-die", "abacus", "check-mark-button"),
    output=N_("Ten tasks on the score sheet"),
    materials=N_("Dice, counters, score sheet"),
    skill=MATHS,
    extension=N_("Change one rule"),
)
MEASURING = _TOGETHER._replace(
    title=N_("Measuring"),
    task=N_("Measure things in the room"),
    picture="straight-ruler",
    tint=6,
    minutes=15,
    steps=(N_("Guess first"), N_("Measure it"), N_("Write it in the table")),
    step_pictures=("thinking-face", "straight-ruler", "clipboard"),
    output=N_("Five lengths in a table"),
    materials=N_("Rulers or string"),
    skill=MATHS,
    extension=N_("Draw bars for your numbers"),
    decides_what=Decides.CHOICE,
)
PUZZLES = _TOGETHER._replace(
    title=N_("Puzzles"),
    task=N_("Solve a puzzle step by step"),
    picture="light-bulb",
    tint=7,
    minutes=12,
    steps=(N_("Choose a puzzle"), N_("Try more than one way"), N_("Say what helped")),
    step_pictures=("puzzle-piece", "counterclockwise-arrows-button", "speech-balloon"),
    output=N_("One puzzle solved"),
    materials=N_("Puzzle cards"),
    skill=MATHS,
    decides_what=Decides.CHOICE,
    decides_path=Decides.STUDENT,
)
SORTING = _TOGETHER._replace(
    title=N_("Sorting"),
    task=N_("Sort things and say why"),
    picture="package",
    tint=4,
    minutes=12,
    steps=(N_("Look closely"), N_("Make groups"), N_("Name your rule")),
    step_pictures=("magnifying-glass-tilted-left", "package", "speech-balloon"),
    output=N_("A rule for each group"),
    materials=N_("Leaves, stones or cards"),
    skill=SCIENCE,
    extension=N_("Sort them another way"),
)
LOOK_AND_DRAW = _ALONE._replace(
    title=N_("Look and draw"),
    task=N_("Look at a real thing and draw it"),
    picture="magnifying-glass-tilted-left",
    tint=2,
    minutes=15,
    steps=(N_("Look closely"), N_("Draw what you see"), N_("Write the names")),
    step_pictures=("eyes", "pencil", "memo"),
    output=N_("One drawing with names"),
    materials=N_("A plant, a stone or a shell"),
    skill=SCIENCE,
    extension=N_("Write a question about it"),
)
BUILDING = _TOGETHER._replace(
    title=N_("Building"),
    task=N_("Build it and test it"),
    picture="brick",
    tint=5,
    minutes=20,
    steps=(N_("Plan it"), N_("Build it"), N_("Test it")),
    step_pictures=("triangular-ruler", "brick", "gear"),
    output=N_("One model that stands"),
    materials=N_("Blocks, boxes, string"),
    skill=MAKING,
    extension=N_("Make it stronger"),
    decides_path=Decides.STUDENT,
)
MAP_WORK = _TOGETHER._replace(
    title=N_("Map work"),
    task=N_("Find places on the map"),
    picture="world-map",
    tint=3,
    minutes=12,
    steps=(N_("Find the place"), N_("Show the way"), N_("Tell about it")),
    step_pictures=("world-map", "compass", "speech-balloon"),
    output=N_("Three places marked"),
    materials=N_("A map or an atlas"),
    skill=WORLD,
    extension=N_("Draw a map of your way to school"),
)
FIND_OUT = _ALONE._replace(
    title=N_("Book detective"),
    task=N_("Find an answer in a book"),
    picture="globe-showing-europe-africa",
    tint=0,
    minutes=15,
    steps=(N_("Write your question"), N_("Find the page"), N_("Note two facts")),
    step_pictures=("pencil", "books", "memo"),
    output=N_("Two facts with their page"),
    materials=N_("Fact books"),
    skill=WORLD,
    extension=N_("Find a second book that says so"),
    decides_what=Decides.STUDENT,
    decides_path=Decides.STUDENT,
)
PARTNER_CHECK = _TOGETHER._replace(
    title=N_("Check with a partner"),
    task=N_("Help each other to make work better"),
    picture="handshake",
    tint=1,
    minutes=10,
    steps=(N_("Swap your work"), N_("Say one good thing"), N_("Give one tip")),
    step_pictures=("counterclockwise-arrows-button", "speech-balloon", "light-bulb"),
    output=N_("One thing made better"),
    materials=N_("Own work, a pencil"),
    skill=THINKING,
    extension=N_("Write what your partner did well"),
)
QUIZ_CORNER = _TOGETHER._replace(
    title=N_("Quiz corner"),
    task=N_("Ask each other"),
    picture="clipboard",
    tint=6,
    mode=Mode.EITHER,
    minutes=10,
    steps=(N_("Take a card"), N_("Ask and answer"), N_("Check the back")),
    step_pictures=("page-facing-up", "speech-balloon", "check-mark-button"),
    output=N_("A tick for each card you know"),
    materials=N_("Question cards"),
    skill=THINKING,
    paper_twin=_PAPER,
    extension=N_("Write a new question card"),
)
LOOK_BACK = _ALONE._replace(
    title=N_("Look back"),
    task=N_("Think about what you learned"),
    picture="thought-balloon",
    tint=7,
    minutes=8,
    steps=(N_("Read your goal"), N_("Write what you learned"), N_("Choose a next step")),
    step_pictures=("bullseye", "pencil", "footprints"),
    output=N_("One next step"),
    materials=N_("Goal sheet"),
    skill=THINKING,
    extension=N_("Tell a partner about it"),
    decides_what=Decides.STUDENT,
)

LIBRARY: dict[str, Block] = {
    "with_me": WITH_ME,
    "computer": COMPUTER,
    "team": TEAM,
    "on_your_own": ON_YOUR_OWN,
    "catch_up": CATCH_UP,
    "choice": CHOICE,
    "reading_pairs": READING_PAIRS,
    "word_work": WORD_WORK,
    "word_cards": WORD_CARDS,
    "reading_aloud": READING_ALOUD,
    "listening": LISTENING_CORNER,
    "letter": LETTER,
    "story_picture": STORY_PICTURE,
    "maths_game": MATHS_GAME,
    "measuring": MEASURING,
    "puzzles": PUZZLES,
    "sorting": SORTING,
    "look_and_draw": LOOK_AND_DRAW,
    "building": BUILDING,
    "map_work": MAP_WORK,
    "find_out": FIND_OUT,
    "partner_check": PARTNER_CHECK,
    "quiz_corner": QUIZ_CORNER,
    "look_back": LOOK_BACK,
}
"""Ready-made stations by code; codes are kept for good."""

_WORDS = ("title", "task", "output", "paper_twin", "extension", "materials", "skill")


def in_words(block: Block, translate: Callable[[str], str]) -> Block:
    """A ready-made station with every word put through ``translate``."""
    words = {name: translate(value) for name in _WORDS if (value := getattr(block, name))}
    return block._replace(steps=tuple(translate(step) for step in block.steps), **words)  # type: ignore[arg-type]
