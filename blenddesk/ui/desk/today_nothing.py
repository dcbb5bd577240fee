"""Today without a lesson: plan one, go on with a draft, copy the last; or make the first class."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services.today import TodayView
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.today_days import clock_of_minute, day_words


def _next_words(view: TodayView) -> str:
    slot = view.next_meeting
    if slot is None:
        return _("A lesson with stations takes a minute to plan.")
    return _("Next lesson by the timetable: {day}, {time}.").format(
        day=day_words(slot.day), time=clock_of_minute(slot.start_minute)
    )


class NothingView(QWidget):
    """No lesson yet: plan one, go on with a draft, copy the last."""

    plan_requested = Signal(object)
    """A draft's id, or None for a new one."""
    copy_requested = Signal()
    class_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nothing_view")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._key: object = None
        self._state: kit.EmptyState | None = None

    def show_no_class(self) -> None:
        if self._key == "no class":
            return
        self._key = "no class"
        make = kit.Button(_("Set up my class"), "primary", icon="users-three")
        make.setObjectName("set_up_class")
        make.clicked.connect(lambda: self.class_requested.emit())
        self._put(kit.EmptyState(_("No class yet"), _("Make your class first; then plan its lessons."), actions=[make]))

    def show_view(self, view: TodayView, last: tuple[Id, str] | None) -> None:
        """``last``: id and name of the lesson that can be copied."""
        draft = next((one for one in view.plans if one.status == "draft"), None)
        key = (draft, last, view.next_meeting, view.section.id)
        if key == self._key:
            return
        self._key = key
        words = _("Go on with {name}").format(name=draft.name) if draft is not None else _("Plan a lesson")
        plan = kit.Button(words, "primary", icon="path")
        plan.setObjectName("plan_lesson")
        plan.clicked.connect(lambda: self.plan_requested.emit(None if draft is None else draft.id))
        actions: list[QWidget] = [plan]
        if last is not None:
            copy = kit.Button(_("Copy last lesson"), icon="copy")
            copy.setObjectName("copy_lesson")
            copy.setToolTip(last[1])
            copy.clicked.connect(lambda: self.copy_requested.emit())
            actions.append(copy)
        self._put(kit.EmptyState(_("No lesson yet"), _next_words(view), picture="sunflower", actions=actions))
        plan.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, state: kit.EmptyState) -> None:
        if self._state is not None:
            self._state.setParent(None)
            self._state.deleteLater()
        self._state = state
        self._column.addWidget(state)
