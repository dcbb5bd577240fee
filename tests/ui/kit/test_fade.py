"""The lower edge of what scrolls is soft while there is more below, and only then."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from blenddesk.ui import kit


def test_a_fade_stands_at_the_edge_until_the_end_is_reached(themed_app: QApplication, qtbot: QtBot) -> None:
    area = kit.ScrollBody()
    qtbot.addWidget(area)
    tall = QWidget()
    tall.setMinimumHeight(900)
    area.body.addWidget(tall)
    area.resize(300, 200)
    area.show()
    QTest.qWait(20)
    fade = area.viewport().findChild(QWidget, "fade")
    assert fade is not None
    assert fade.isVisible()
    assert fade.geometry().bottom() == area.viewport().rect().bottom()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert not fade.isVisible()
    area.hide()


def test_what_fits_has_none(themed_app: QApplication, qtbot: QtBot) -> None:
    area = kit.ScrollBody()
    qtbot.addWidget(area)
    area.body.addWidget(QWidget())
    area.resize(300, 200)
    area.show()
    QTest.qWait(20)
    assert area.viewport().findChild(QWidget, "fade") is None
    area.hide()
