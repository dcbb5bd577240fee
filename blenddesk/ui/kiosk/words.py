"""The student's words in the two looks: the same screens, said to a six-year-old or to a sixteen-year-old."""

from __future__ import annotations

from blenddesk import text
from blenddesk.domain.pictures import CHIPS
from blenddesk.domain.plans import Block, Mode, Priority, Role
from blenddesk.services.kiosk import MyStation
from blenddesk.text import _, ngettext, pgettext
from blenddesk.ui import assets, kit

LANGUAGES = {"en": "English", "es": "Español", "ar": "العربية"}
"""The languages that a child can choose, each in its own words."""

CHIP_PICTURES = {
    "fun": "grinning-face-with-big-eyes",
    "hard": "flexed-biceps",
    "learned": "light-bulb",
    "helped": "handshake",
    "question": "thinking-face",
}


def did_it(older: bool) -> str:
    return pgettext("button", "Done") if older else _("I did it")


def finished_with(block: Block, older: bool, *, own_time: bool) -> str:
    """What the button says that claims a station: what was looked at before class was watched."""
    return _("I watched it") if own_time and block.role is Role.INPUT else did_it(older)


def goodbye(older: bool) -> str:
    return _("Sign out") if older else _("Goodbye")


def who_are_you(older: bool) -> tuple[str, str]:
    return (_("Sign in"), _("Choose your name.")) if older else (_("Who are you?"), _("Tap your picture."))


def hello(name: str, older: bool) -> str:
    return text.name(name) if older else _("Hi, {name}!").format(name=text.name(name))


def see_you(name: str, older: bool) -> str:
    return (
        _("Saved, {name}.").format(name=text.name(name))
        if older
        else _("See you, {name}!").format(name=text.name(name))
    )


def chip_word(chip: str) -> str:
    return {
        "fun": pgettext("word chip", "fun"),
        "hard": pgettext("word chip", "hard"),
        "learned": pgettext("word chip", "I learned"),
        "helped": pgettext("word chip", "I helped"),
        "question": pgettext("word chip", "a question"),
    }[chip]


assert set(CHIP_PICTURES) == set(CHIPS)


def group_words(shape: str, older: bool) -> str:
    """What a group is called: "Triangles", or "Group B"."""
    if older:
        return _("Group {letter}").format(letter=kit.group_letter(shape))
    return kit.group_name(shape)


def who_is_there(station: MyStation) -> str:
    """The line below a station's name: with whom, else what to do there."""
    if station.adult:
        return _("with {name}").format(name=text.name(station.adult))
    return station.block.task


def on_the_list(station: MyStation) -> str:
    """The line below the name of an item of one's list: how much it matters and how long it takes."""
    if station.waits_for:
        return _("After {station}").format(station=station.waits_for)
    priority = {
        Priority.MUST: pgettext("item of a list", "Must do"),
        Priority.SHOULD: pgettext("item of a list", "Should do"),
        Priority.MAY: pgettext("item of a list", "May do"),
    }[station.block.priority]
    minutes = station.block.minutes
    if not minutes:
        return priority
    return _("{priority} · {minutes}").format(
        priority=priority, minutes=ngettext("{n} min", "{n} min", minutes).format(n=minutes)
    )


def place_icon(block: Block, older: bool) -> str:
    """The line icon of a station in the Older look; "" in the Younger, which has pictures."""
    if not older and assets.has_picture(block.picture):
        return ""
    if block.mode is Mode.ONLINE or block.devices:
        return "laptop"
    return {
        Role.TEACHER: "chalkboard-teacher",
        Role.COLLABORATIVE: "users-three",
        Role.MAKE_UP: "clock-counter-clockwise",
        Role.INPUT: "presentation",
        Role.CHECK: "list-checks",
    }.get(block.role, "book-open")
