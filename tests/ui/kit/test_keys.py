"""The kit by keyboard: Enter, arrows in two dimensions, digits, the focus ring, Esc and Tab in sheets, toasts."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from blenddesk.ui import kit

Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    page = QWidget()
    QVBoxLayout(page)
    page.resize(700, 520)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    return page


def put(window: QWidget, *widgets: QWidget) -> None:
    for widget in widgets:
        window.layout().addWidget(widget)
    QApplication.processEvents()


def press(window: QWidget, key: Qt.Key) -> None:
    """A key through the window, as a person presses it."""
    QTest.keyClick(window.windowHandle(), key)


def focused() -> QWidget | None:
    return QApplication.focusWidget()


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
def test_enter_and_space_press_a_button(window: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    button = kit.Button("I did it", "go")
    put(window, button)
    button.setFocus()
    with qtbot.waitSignal(button.clicked, timeout=500):
        press(window, key)


def grid_of(window: QWidget, count: int, columns: int, *, rtl: bool = False) -> kit.ArrowGrid:
    grid = kit.ArrowGrid(columns, letters=True)
    for index in range(count):
        grid.add(kit.NameTile(f"{'ABCDEFGHIJ'[index]}name"))
    if rtl:
        window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    put(window, grid)
    grid.widgets()[0].setFocus()
    return grid


def walk(window: QWidget, grid: kit.ArrowGrid, *keys: Qt.Key) -> int:
    for key in keys:
        press(window, key)
    now = focused()
    assert now is not None
    return grid.widgets().index(now)


def test_arrows_move_in_two_dimensions(window: QWidget) -> None:
    grid = grid_of(window, 7, 3)
    assert walk(window, grid, Key.Key_Right) == 1
    assert walk(window, grid, Key.Key_Down) == 4
    assert walk(window, grid, Key.Key_Left, Key.Key_Left) == 3
    assert walk(window, grid, Key.Key_Up) == 0
    assert walk(window, grid, Key.Key_Up) == 0
    assert walk(window, grid, Key.Key_End) == 6
    assert walk(window, grid, Key.Key_Home) == 0


def test_a_short_last_row_is_reached_from_every_column(window: QWidget) -> None:
    grid = grid_of(window, 7, 3)
    assert walk(window, grid, Key.Key_Right, Key.Key_Right, Key.Key_Down, Key.Key_Down) == 6


def test_arrows_follow_the_screen_from_right_to_left(window: QWidget) -> None:
    grid = grid_of(window, 6, 3, rtl=True)
    assert grid.widgets()[1].x() < grid.widgets()[0].x()
    assert walk(window, grid, Key.Key_Left) == 1
    assert walk(window, grid, Key.Key_Right) == 0


def test_arrows_pass_over_what_cannot_be_used(window: QWidget) -> None:
    grid = grid_of(window, 6, 3)
    grid.widgets()[1].setEnabled(False)
    assert walk(window, grid, Key.Key_Right) == 2


def test_a_letter_jumps_to_the_next_name(window: QWidget) -> None:
    grid = grid_of(window, 6, 3)
    QTest.keyClicks(focused(), "e")
    assert grid.widgets().index(focused()) == 4


def test_a_grid_takes_other_widgets_and_drops_the_old(window: QWidget) -> None:
    grid = grid_of(window, 6, 3)
    kept = grid.widgets()[0]
    grid.set_widgets([kept, kit.NameTile("New")], columns=2)
    QApplication.processEvents()
    assert [w.words() for w in grid.widgets()] == ["Aname", "New"]
    assert walk(window, grid, Key.Key_Right) == 1


def test_the_ring_comes_with_a_key_and_goes_with_a_tap(window: QWidget) -> None:
    first, second = kit.Button("One"), kit.TextField(name="Two")
    put(window, first, second)
    watcher = kit.watch_focus(QApplication.instance())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=first.mapTo(window, QPoint(5, 5)))
    first.setFocus()
    assert not watcher.by_keys()
    assert watcher.ring() is None or not watcher.ring().isVisible()
    press(window, Key.Key_Tab)
    assert focused() is second
    assert watcher.by_keys()
    assert watcher.ring().widget() is second
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=first.mapTo(window, QPoint(5, 5)))
    assert watcher.ring() is None


def test_the_ring_survives_what_happens_to_its_widget(window: QWidget) -> None:
    """Rebuilt pages delete and move widgets under the focus; following them crashed."""
    keep, box = kit.Button("Keep"), QWidget()
    put(window, keep, box)
    watcher = kit.watch_focus(QApplication.instance())
    for fate in ("deleted", "moved", "hidden"):
        widget = QPushButton("Gone", box)
        widget.show()
        keep.setFocus()
        press(window, Key.Key_Tab)
        widget.setFocus()
        assert watcher.ring().widget() is widget
        if fate == "deleted":
            shiboken6.delete(widget)
        elif fate == "moved":
            widget.setParent(window)
        else:
            widget.hide()
        QApplication.processEvents()
        assert watcher.ring() is None or not watcher.ring().isVisible() or watcher.ring().widget() is not widget


def test_digits_choose_how_it_went_and_nothing_is_chosen_before(window: QWidget, qtbot: QtBot) -> None:
    scale = kit.GrowthScale()
    put(window, scale)
    assert scale.chosen() == 0
    scale.cards()[0].setFocus()
    with qtbot.waitSignal(scale.changed) as signal:
        QTest.keyClicks(focused(), "3")
    assert signal.args == [3]
    assert scale.chosen() == 3
    scale.choose(0)
    assert scale.chosen() == 0


def test_plus_and_minus_stop_at_the_ends(window: QWidget) -> None:
    stepper = kit.Stepper(29, 5, 30, name="Minutes")
    put(window, stepper)
    seen: list[int] = []
    stepper.value_changed.connect(seen.append)
    more = stepper.findChild(kit.IconButton, "stepper_more")
    more.click()
    more.click()
    assert (seen, stepper.value(), more.isEnabled()) == ([30], 30, False)
    less = stepper.findChild(kit.IconButton, "stepper_less")
    less.setFocus()
    press(window, Key.Key_Down)
    assert stepper.value() == 29


def test_a_segmented_tells_only_what_a_person_chose(window: QWidget) -> None:
    choice = kit.Segmented([("a", "A"), ("b", "B")], name="Groups", chosen="a")
    put(window, choice)
    seen: list[str] = []
    choice.changed.connect(seen.append)
    choice.choose("b")
    assert (choice.chosen(), seen) == ("b", [])
    choice.button("a").click()
    assert (choice.chosen(), seen) == ("a", ["a"])


def test_a_sheet_keeps_the_keys_and_gives_them_back(window: QWidget, qtbot: QtBot) -> None:
    below = kit.Button("Below")
    put(window, below)
    below.setFocus()
    go = kit.Button("Go on", "primary")
    sheet = kit.Sheet(window, "Sure?", "Nothing is lost.", actions=[go])
    field = kit.TextField(name="Name")
    sheet.body.addWidget(field)
    sheet.open()
    assert focused() is field
    visited = set()
    for _step in range(5):
        press(window, Key.Key_Tab)
        visited.add(focused())
    assert visited == {field, go, sheet.cancel}
    with qtbot.waitSignal(sheet.closed):
        press(window, Key.Key_Escape)
    assert focused() is below


def test_a_progress_sheet_counts_and_asks_to_stop_once(window: QWidget) -> None:
    sheet = kit.ProgressSheet(window, "Writing")
    sheet.open()
    sheet.set_progress(12, 32)
    assert "12 of 32" in [label.text() for label in sheet.findChildren(kit.Text)]
    asked: list[bool] = []
    sheet.cancel_requested.connect(lambda: asked.append(True))
    press(window, Key.Key_Escape)
    press(window, Key.Key_Escape)
    assert asked == [True]
    assert not sheet.isHidden()
    sheet.close_sheet()


def test_a_toast_undoes_once_and_closes(window: QWidget) -> None:
    undone: list[bool] = []
    toast = kit.Toast(window)
    toast.show_message("Omar moved.", lambda: undone.append(True))
    toast.focus_undo()
    assert toast.is_waiting()
    press(window, Key.Key_Return)
    assert undone == [True]
    assert toast.message() == ""


def test_a_toast_goes_by_itself_and_waits_for_whoever_is_on_it(window: QWidget, qtbot: QtBot) -> None:
    other = kit.Button("Elsewhere")
    put(window, other)
    other.setFocus()
    toast = kit.Toast(window)
    toast.show_message("Saved.", lambda: None, stays_ms=40)
    toast.focus_undo()
    QTest.qWait(80)
    assert toast.message() == "Saved."
    toast.show_message("Saved again.", stays_ms=40)
    other.setFocus()
    qtbot.waitUntil(lambda: toast.message() == "", timeout=3000)


def test_a_toast_stays_inside_its_window(window: QWidget) -> None:
    toast = kit.Toast(window)
    toast.show_message("A long sentence about what was moved where and why. " * 4, lambda: None)
    assert window.rect().contains(toast.geometry())
    toast.close_now()


def test_search_empties_by_escape_and_goes_on_by_arrow(window: QWidget, qtbot: QtBot) -> None:
    field = kit.SearchField("Find")
    put(window, field)
    field.setFocus()
    QTest.keyClicks(field, "om")
    with qtbot.waitSignal(field.results_requested):
        press(window, Key.Key_Down)
    press(window, Key.Key_Escape)
    assert field.text() == ""


def test_tapping_a_filled_box_takes_back_to_it(window: QWidget) -> None:
    boxes = kit.DotBoxes(3)
    put(window, boxes)
    boxes.set_count(2)
    seen: list[int] = []
    boxes.take_back_requested.connect(seen.append)
    boxes.findChild(kit.PaintedButton, "dot_1").click()
    boxes.findChild(kit.PaintedButton, "dot_2").click()
    assert seen == [1]


def test_shaking_ends_where_it_began(window: QWidget, qtbot: QtBot) -> None:
    boxes = kit.DotBoxes(3)
    put(window, boxes)
    before = boxes.layout().contentsMargins()
    boxes.shake()
    assert boxes.is_shaking()
    qtbot.waitUntil(lambda: not boxes.is_shaking(), timeout=2000)
    assert boxes.layout().contentsMargins() == before


def test_the_rail_asks_for_pages(window: QWidget) -> None:
    rail = kit.Rail([("today", "Today", "house"), ("plan", "Plan", "path")])
    put(window, rail)
    rail.choose("today")
    seen: list[str] = []
    rail.page_requested.connect(seen.append)
    rail.item("plan").click()
    assert seen == ["plan"]
    assert not rail.item("today").isChecked()
