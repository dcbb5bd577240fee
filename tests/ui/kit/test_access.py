"""Every control as a screen reader and a keyboard meet it: name, role, state, reachable, large enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from blenddesk.ui import kit

Role = QAccessible.Role
CONTROLS: dict[str, tuple[Callable[[], QWidget], str, QAccessible.Role]] = {
    "button": (lambda: kit.Button("Start", "primary", icon="play"), "Start", Role.Button),
    "icon button": (lambda: kit.IconButton("trash", "Delete"), "Delete", Role.Button),
    "chip": (lambda: kit.Chip("fun", picture="sun"), "fun", Role.CheckBox),
    "switch": (lambda: kit.Switch("Sounds"), "Sounds", Role.CheckBox),
    "nav item": (lambda: kit.NavItem("today", "Today", "house"), "Today", Role.CheckBox),
    "name tile": (lambda: kit.NameTile("Li & Wei", avatar="fox", shape="circle"), "Li & Wei", Role.Button),
    "name chip": (lambda: kit.NameChip("Omar", avatar="fox"), "Omar", Role.Button),
    "picture": (lambda: kit.PictureButton("Sun", "sun"), "Sun", Role.Button),
    "station": (lambda: kit.StationCard("Computer", "Sounds", picture="laptop"), "Computer", Role.Button),
    "station tile": (lambda: kit.StationTile("Watch", picture="laptop"), "Watch", Role.Button),
    "cell": (lambda: kit.RotationCell("Team", "Puzzle"), "Team", Role.Button),
    "growth card": (lambda: kit.GrowthCard(1), "Still tricky", Role.CheckBox),
    "growth bars": (lambda: kit.GrowthBars(4), "Can explain it", Role.CheckBox),
    "text field": (lambda: kit.TextField(name="Class name"), "Class name", Role.EditableText),
    "search": (lambda: kit.SearchField("Find a student"), "Find a student", Role.EditableText),
}
READ_ONLY: dict[str, tuple[Callable[[], QWidget], str, QAccessible.Role]] = {
    "heading": (lambda: kit.Heading("Today"), "Today", Role.StaticText),
    "text": (lambda: kit.Text("7 here"), "7 here", Role.StaticText),
    "icon": (lambda: kit.IconLabel("warning", name="Look at this"), "Look at this", Role.StaticText),
    "avatar": (lambda: kit.AvatarCircle("Omar", "fox"), "Omar", Role.StaticText),
    "shape": (lambda: kit.ShapeIcon("drop"), "Drops", Role.StaticText),
    "place": (lambda: kit.PlacePicture("Computer", "laptop"), "Computer", Role.StaticText),
    "step": (lambda: kit.StepCard(2, "Play", picture="laptop"), "Step 2: Play", Role.StaticText),
    "dots": (lambda: kit.ProgressDots(3, 8), "3 of 8 done", Role.StaticText),
    "bar": (lambda: kit.ProgressBar(3, 8, name="Written"), "Written", Role.ProgressBar),
    "digits": (lambda: kit.TimerDigits(462), "7 min 42 s left", Role.StaticText),
    "growth line": (lambda: kit.GrowthLine(2), "2 of 4", Role.StaticText),
    "growth count": (lambda: kit.GrowthCount(3, 12, 30), "Can do it: 12 of 30", Role.StaticText),
    "lesson": (lambda: kit.LessonLine([kit.Part("Round 1", 15)], current=0), "Lesson: Round 1 now", Role.StaticText),
    "badge": (lambda: kit.CountBadge(4, name="{n} need you"), "4 need you", Role.StaticText),
}


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize("key", CONTROLS)
def test_a_control_has_name_role_and_focus(key: str) -> None:
    build, name, role = CONTROLS[key]
    widget = build()
    face = QAccessible.queryAccessibleInterface(widget)
    assert face.text(QAccessible.Text.Name).replace("&&", "&") == name
    assert face.role() == role
    assert face.state().focusable
    assert widget.minimumSizeHint().height() >= 24
    assert widget.sizeHint().height() >= 32


@pytest.mark.parametrize("key", READ_ONLY)
def test_what_is_read_has_a_name_and_takes_no_focus(key: str) -> None:
    build, name, role = READ_ONLY[key]
    widget = build()
    face = QAccessible.queryAccessibleInterface(widget)
    assert face.text(QAccessible.Text.Name) == name
    assert face.role() == role
    assert not face.state().focusable


@pytest.mark.parametrize("key", CONTROLS)
def test_a_disabled_control_says_so(key: str) -> None:
    widget = CONTROLS[key][0]()
    widget.setEnabled(False)
    assert QAccessible.queryAccessibleInterface(widget).state().disabled


@pytest.mark.parametrize(
    "build",
    [
        lambda: kit.Button("Finish", "go", size="kiosk"),
        lambda: kit.Chip("fun", picture="sun", size="kiosk"),
        lambda: kit.NameTile("Omar", avatar="fox"),
        lambda: kit.PictureButton("Sun", "sun"),
        lambda: kit.StationCard("Computer", picture="laptop", kiosk=True),
        lambda: kit.StationTile("Watch", picture="laptop"),
        lambda: kit.GrowthCard(1),
    ],
)
def test_what_a_student_taps_is_at_least_eighty_pixels(build: Callable[[], QWidget]) -> None:
    smallest = build().minimumSizeHint()
    assert (smallest.width() >= 80, smallest.height() >= 80) == (True, True)


def test_header_pills_are_sixty_four_high() -> None:
    assert kit.Button("Listen", size="pill", icon="speaker-high").sizeHint().height() == 64


def test_a_tile_says_group_turn_and_done_beside_the_name() -> None:
    tile = kit.NameTile("Omar", avatar="fox", shape="triangle")
    tile.set_state(turn=True, done=True)
    assert tile.accessibleDescription() == "Triangles, Your turn now, Done"
    tile.set_state(turn=False, done=False, shape="circle")
    assert tile.accessibleDescription() == "Circles"


def test_a_name_with_an_ampersand_keeps_it() -> None:
    assert kit.NameTile("A & B").words() == "A & B"
    assert not kit.NameTile("A & B").shortcut().toString()


def test_growth_cards_say_their_level_in_words_and_numbers() -> None:
    assert kit.GrowthCard(2).accessibleDescription() == "2 of 4"


def test_the_choices_of_a_segmented_are_radio_buttons() -> None:
    choice = kit.Segmented([("a", "By hand"), ("b", "Mixed")], name="Groups")
    face = QAccessible.queryAccessibleInterface(choice.button("a"))
    assert face.role() == Role.RadioButton
    assert name_of(choice) == "Groups"


def test_a_stepper_names_what_its_buttons_change() -> None:
    stepper = kit.Stepper(15, 5, 30, name="Minutes of round 1", suffix="min")
    names = {name_of(button) for button in stepper.findChildren(kit.IconButton)}
    assert names == {"Less: Minutes of round 1", "More: Minutes of round 1"}
    assert name_of(stepper.findChild(QLabel)) == "Minutes of round 1: 15 min"


def test_a_form_row_names_its_field_and_tells_the_trouble() -> None:
    field = kit.TextField()
    row = kit.FormRow("Class name", field, "Students see it.")
    assert name_of(field) == "Class name"
    row.set_trouble("Write a name.")
    assert field.accessibleDescription() == "Write a name."
    row.set_trouble("")
    assert field.accessibleDescription() == "Students see it."


def test_dot_boxes_tell_how_many_but_never_which() -> None:
    boxes = kit.DotBoxes(3)
    boxes.set_count(2)
    assert name_of(boxes) == "2 pictures of 3"
    names = " ".join(name_of(b) for b in boxes.findChildren(kit.PaintedButton))
    assert not {kit.password_picture_name(i) for i in range(9)} & set(names.split())


def test_a_check_row_names_finding_and_fix() -> None:
    check = kit.CheckRow("Only 6 headphones", "8 students at Computer", "warn", fix=True)
    assert check.button is not None
    assert (name_of(check.button), check.button.accessibleDescription()) == ("Fix", "Only 6 headphones")
    assert name_of(check.icon) == "Look at this"


def test_a_choice_is_named_by_its_label() -> None:
    """On Linux the name of a combo box is its value; the label reaches screen readers as a relation."""
    choice = kit.Choice([("45", "45 minutes"), ("60", "60 minutes")], chosen="60")
    row = kit.FormRow("Length", choice)
    face = QAccessible.queryAccessibleInterface(choice)
    assert (face.role(), face.text(QAccessible.Text.Value)) == (Role.ComboBox, "60 minutes")
    assert row.label.buddy() is choice
    assert choice.accessibleName() == "Length"
    assert choice.chosen() == "60"
