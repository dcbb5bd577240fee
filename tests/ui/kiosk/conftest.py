"""A student's window over a class with a lesson, opened at any size and look, and closed again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.services import classes
from blenddesk.services.context import AppContext
from blenddesk.ui.kiosk.window import KioskWindow
from tests.conftest import FakeClock
from tests.ui.kiosk.driver import Driver
from tests.ui.kiosk.world import give_goal, plan_lesson, set_code

Open = Callable[..., Driver]


@pytest.fixture
def me(desk: AppContext, section: Id) -> Id:
    """A student with a code (key, ball, apple) and a goal of three steps, in a lesson of today."""
    student = desk.reads.people.students(section)[3].id
    set_code(desk, section, student)
    give_goal(desk, section, student, "I can read a page aloud.", "One line", "Three lines", "A page")
    plan_lesson(desk, section)
    return student


@pytest.fixture(autouse=True)
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, themed_app: QApplication) -> Path:
    """A camera's card with ten pictures, the only place where this computer has any."""
    folder = tmp_path / "card" / "DCIM"
    folder.mkdir(parents=True)
    for number in range(10):
        image = QImage(40 + number, 30, QImage.Format.Format_RGB32)
        image.fill(number)
        assert image.save(str(folder / f"IMG_{number}.jpg"))
        os.utime(folder / f"IMG_{number}.jpg", (number, number))
    monkeypatch.setattr("blenddesk.ui.kiosk.show_work.places", lambda: [folder.parent])
    return folder


@pytest.fixture
def open_kiosk(desk: AppContext, section: Id) -> Iterator[Open]:
    made: list[KioskWindow] = []

    def build(
        *,
        size: tuple[int, int] = (1366, 768),
        language: str = "en",
        scale: float = 1.0,
        look: str = "younger",
        live: bool = False,
        guard_ms: int = 0,
        opens: bool = True,
        context: AppContext | None = None,
        of: Id | None = None,
    ) -> Driver:
        ctx = context or desk
        ctx.settings = ctx.settings._replace(text_scale=scale)
        if ctx.is_desk:
            classes.edit_class(ctx, of or section, look=look, language=language)
        text.use_language(language)
        opened: list[str] = []

        def opener(resource: str) -> bool:
            opened.append(resource)
            return opens

        begin = of or (section if ctx.is_desk else None)
        window = KioskWindow(ctx, section=begin, live=live, guard_ms=guard_ms, opener=opener)
        made.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        driver = Driver(window)
        driver.opened = opened
        driver.settle()
        return driver

    yield build
    for window in made:
        if window.isVisible() or window.strip is not None:
            window.close_for_good()
        window.deleteLater()


@pytest.fixture
def pass_time(clock: FakeClock) -> Callable[[Driver, float], None]:
    def go(driver: Driver, seconds: float) -> None:
        clock.advance(seconds=seconds)
        driver.window.tick()
        driver.settle()

    return go
