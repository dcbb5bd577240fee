"""Forty computers in the list: the first are there at once, the others soon, and nothing below them jumps."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from blenddesk.services.exchange import ComputerStatus
from blenddesk.ui.desk.computer_list import FIRST, ComputerList, Line
from blenddesk.ui.desk.computers_page import _by_name


def lines(count: int) -> list[Line]:
    return [Line(b"%d" % n, f"Blue-{n}", "Last home today 10:40", "ok", "Has all your changes") for n in range(count)]


def make_list(qtbot: QtBot) -> tuple[QWidget, ComputerList]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 400)
    made = ComputerList("Who is home", lambda _id, _lost: None, host, icon="desktop", lost="Lost or stolen")
    QVBoxLayout(host).addWidget(made)
    host.show()
    return host, made


def in_order(made: ComputerList) -> list[str]:
    rows = sorted(made.rows.values(), key=lambda row: row.y())
    return [row.name.text() for row in rows]


def test_the_first_at_once_and_the_others_where_room_was_kept(themed_app: QApplication, qtbot: QtBot) -> None:
    _host, made = make_list(qtbot)
    made.show_lines(lines(41))
    assert len(made.rows) == FIRST
    # New rows count in a layout from the next turn on.
    made._more.stop()
    QApplication.processEvents()
    before = made.sizeHint().height()
    made._more.start()
    qtbot.waitUntil(lambda: len(made.rows) == 41, timeout=10_000)
    qtbot.waitUntil(lambda: in_order(made) == [f"Blue-{n}" for n in range(41)], timeout=10_000)
    assert made.sizeHint().height() == before > 41 * made.rows[b"0"].height()


def test_what_changes_while_rows_are_missing(themed_app: QApplication, qtbot: QtBot) -> None:
    _host, made = make_list(qtbot)
    made.show_lines(lines(30))
    first = made.rows[b"1"]
    wanted = [line._replace(home="Not home yet", tone="warn") for line in lines(20)[1:]]
    made.show_lines(wanted)
    qtbot.waitUntil(lambda: len(made.rows) == 19, timeout=10_000)
    assert made.rows[b"1"] is first
    assert {row.home.text() for row in made.rows.values()} == {"Not home yet"}
    qtbot.waitUntil(lambda: in_order(made) == [line.name for line in wanted], timeout=10_000)
    made.show_lines([])
    assert (made.rows, made._more.isActive()) == ({}, False)


def test_numbers_in_names_count_as_numbers() -> None:
    def status(name: str, standing: str = "certified") -> ComputerStatus:
        return ComputerStatus(name, "station", standing, None, None, 0)

    wanted = ["7", "Blue-1", "blue-2", "Blue-10", "Blue-10 b", "Red"]
    mixed = [status("Blue-1 old", "retired"), *(status(name) for name in sorted(wanted))]
    assert [one.name for one in sorted(mixed, key=_by_name)] == [*wanted, "Blue-1 old"]
