"""Every screen of the student's window as a screen reader, a keyboard and a small finger meet it."""

from __future__ import annotations

import pytest

from blenddesk.domain.ids import Id
from tests.conftest import FakeClock
from tests.ui.kiosk.conftest import Open
from tests.ui.kiosk.walk import troubles, visit


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("look", ["younger", "older"])
def test_every_screen_can_be_walked(open_kiosk: Open, me: Id, clock: FakeClock, look: str, language: str) -> None:
    driver = open_kiosk(look=look, language=language)
    found: list[str] = []
    visit(driver, me, clock, lambda screen: found.extend(troubles(driver, screen, rtl=language == "ar")))
    assert not found, "\n".join(found)
