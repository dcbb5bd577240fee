"""The plan page with nothing to plan: no class, nobody in it, or no lesson yet; and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QWidget

from blenddesk.text import _
from blenddesk.ui import kit

Why = Literal["class", "students", "lesson"]
"""What is missing."""


def nothing_to_plan(why: Why, add_students: Callable[[], object]) -> kit.EmptyState:
    """What stands in place of the plan; ``add_students`` is called by its button when nobody is in the class."""
    texts = {
        "class": (_("No class yet"), _("Set up a class first. Then a lesson is four presses away.")),
        "students": (
            _("Nobody is in this class yet"),
            _("Add students first. Then a lesson is planned in a minute."),
        ),
        "lesson": (
            _("No lesson planned"),
            _("Choose one of the lessons above: stations, minutes and groups are made for you."),
        ),
    }
    actions: list[QWidget] = []
    if why == "students":
        add = kit.Button(_("Add students"), "primary", icon="user-plus")
        add.setObjectName("plan_add_students")
        add.clicked.connect(lambda: add_students())
        actions.append(add)
    title, text = texts[why]
    empty = kit.EmptyState(title, text, picture="clipboard", actions=actions)
    empty.setObjectName("plan_empty")
    return empty
