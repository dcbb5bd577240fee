"""The base of History and the bin: lines in a card for each day, the newest first, a part at a time."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ports import today
from blenddesk.text import _
from blenddesk.ui import kit
from blenddesk.ui.desk.child_words import clear
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession


class DayListPage(DeskPage):
    """``part``: lines shown at first and added by each "Show more". Every change refreshes it, whatever its kind."""

    def __init__(
        self, session: DeskSession, parent: QWidget | None, *, part: int, name: str, icon: str, empty: kit.EmptyState
    ) -> None:
        super().__init__(session, parent)
        self._limit = part
        self.area = kit.ScrollBody(parent=self)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.more = kit.Button(_("Show more"), icon=icon, parent=self)
        self.more.setObjectName(f"{name}_more")
        self.more.clicked.connect(self._show_more)
        self.area.body.addLayout(self._list)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        self.area.body.addLayout(foot)
        self.area.body.addStretch(1)
        self.empty = empty
        session.bus.changed.connect(lambda _change: self.refresh_soon())

    def lay_out(self, head: QWidget | QLayout) -> None:
        """Puts the page together below its head."""
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 16, 12)
        column.setSpacing(12)
        if isinstance(head, QWidget):
            column.addWidget(head)
        else:
            column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addWidget(self.empty, 1)

    def part(self) -> int:
        raise NotImplementedError

    def show_whether(self, any_line: bool, more: bool) -> None:
        self.more.setVisible(more)
        self.area.setVisible(any_line)
        self.empty.setVisible(not any_line)

    def begin_list(self) -> None:
        """Takes all lines away; ``card_of`` begins anew."""
        clear(self._list)
        self._card: tuple[date, kit.Card] | None = None

    def card_of(self, day: date) -> kit.Card:
        """The card of a day, begun when the day changes; lines are given day by day."""
        if self._card is None or self._card[0] != day:
            card = kit.Card(title=self._day_words(day), parent=self)
            card.body.setSpacing(2)
            self._list.addWidget(card)
            self._card = day, card
        return self._card[1]

    def _day_words(self, day: date) -> str:
        now = today(self.session.context.clock)
        if day == now:
            return _("Today")
        if day == now - timedelta(days=1):
            return _("The day before")
        shape = "dddd d MMMM" if day.year == now.year else "d MMMM yyyy"
        return QLocale(text.language()).toString(QDate(day.year, day.month, day.day), shape)

    def _show_more(self) -> None:
        self._limit += self.part()
        self.refresh()
