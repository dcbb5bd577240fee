"""What we rely on in Qt itself."""

from __future__ import annotations

import sys

import PySide6
import pytest
from PySide6.QtWidgets import QApplication, QWidget


def test_a_call_that_returns_nothing_keeps_none_alive(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 drops a reference to None per void call and dies after some thousand of them."""
    if sys.version_info >= (3, 12):
        pytest.skip("None is immortal here")
    widget = QWidget()
    before = sys.getrefcount(None)
    for _call in range(10_000):
        widget.setFixedSize(10, 10)
    assert sys.getrefcount(None) > before - 500
    widget.deleteLater()


def test_the_version_is_one_that_does_not_crash() -> None:
    assert (6, 8, 3) <= PySide6.__version_info__[:3] < (6, 12)
