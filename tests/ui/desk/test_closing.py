"""What a closed desk window no longer does."""

from __future__ import annotations

from blenddesk.domain.ids import Id
from blenddesk.services import rosters
from blenddesk.services.context import AppContext
from blenddesk.ui.desk.window import DeskWindow


def test_a_closed_window_hears_no_later_commit(desk_window: DeskWindow, desk: AppContext, section: Id) -> None:
    heard: list[object] = []
    desk_window.session.bus.changed.connect(heard.append)
    desk.run(rosters.add_student, section, "Amina")
    assert len(heard) == 1
    desk_window.close()
    desk.run(rosters.add_student, section, "Ben")
    assert len(heard) == 1
    assert not desk.listeners


def test_closing_the_bus_twice_is_no_mistake(desk_window: DeskWindow, desk: AppContext) -> None:
    desk_window.session.bus.close()
    desk_window.session.bus.close()
    assert not desk.listeners
