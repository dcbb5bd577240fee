"""Arabic words stand in lines as close as Latin ones, whole, and at the leading side."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from blenddesk.ui import kit, theme
from blenddesk.ui.kit import arabic_lines

SENTENCE = "محطات متناوبة لصفّك. يبقى كل شيء على هذا الحاسوب"


@pytest.fixture
def arabic(themed_app: QApplication) -> theme.Look:
    theme.apply_theme(themed_app, theme.current().tokens, language="ar")
    return theme.current()


def test_a_line_is_no_higher_than_needed(arabic: theme.Look, qtbot: QtBot) -> None:
    label = kit.Text("الهدف", wrap=False)
    qtbot.addWidget(label)
    font = arabic.font()
    assert label.sizeHint().height() == arabic_lines.step_of(font)
    assert label.sizeHint().height() < font.pixelSize() * 1.5
    # The letters themselves, from the tallest to the deepest, fit into it.
    assert label.fontMetrics().tightBoundingRect(label.text()).height() <= label.sizeHint().height()


def test_a_sentence_takes_the_lines_its_width_asks_for(arabic: theme.Look, qtbot: QtBot) -> None:
    label = kit.Text(SENTENCE)
    qtbot.addWidget(label)
    step = arabic_lines.step_of(arabic.font())
    assert label.heightForWidth(2000) == step
    narrow = arabic_lines.lay_out(SENTENCE, arabic.font(), 120)
    assert narrow.lineCount() > 2
    assert label.heightForWidth(120) == narrow.lineCount() * step
    assert all(narrow.lineAt(n).naturalTextWidth() <= 120 for n in range(narrow.lineCount()))


def test_words_are_painted_at_the_leading_side(arabic: theme.Look, qtbot: QtBot) -> None:
    label = kit.Text("الهدف", wrap=False)
    qtbot.addWidget(label)
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    label.resize(400, label.sizeHint().height())
    label.show()
    image = label.grab().toImage()
    ground = image.pixelColor(1, 1)
    inked = [x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != ground]
    assert min(inked) > image.width() // 2
    label.hide()
