"""Everything done on this computer in the last 30 days, in words, newest first, with undo from here."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ports import local_datetime
from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.messages import change_sentence
from blenddesk.services import history
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_words import clear
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import clock_of_minute

if TYPE_CHECKING:
    from blenddesk.services.history import Change

DAYS = 30
PART = 60
"""Lines shown at first and added by each "Show more"."""


class HistoryPage(DeskPage):
    """T20. Changes that were undone stay in the list and say so."""

    kinds = frozenset()

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._limit = PART
        self._shown: list[tuple[int, int | None]] = []
        self.bin = kit.Button(_("Bin"), icon="archive", parent=self)
        self.bin.setObjectName("history_bin")
        self.bin.setToolTip(_("What was put away or taken away in the last year"))
        self.bin.clicked.connect(lambda: session.window.open_page("bin"))
        about = _("What was done on this computer in the last 30 days")
        self.header = kit.PageHeader(_("History"), about, actions=(self.bin,), parent=self)
        self.area = kit.ScrollBody(parent=self)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.more = kit.Button(_("Show more"), icon="clock-counter-clockwise", parent=self)
        self.more.setObjectName("history_more")
        self.more.clicked.connect(self._show_more)
        self.area.body.addLayout(self._list)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        self.area.body.addLayout(foot)
        self.area.body.addStretch(1)
        self.empty = kit.EmptyState(
            _("Nothing was done yet"),
            _("Whatever you change appears here, such as “Omar moved to Circles”, and can be taken back."),
            icon="clipboard-text",
            parent=self,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.area, 1)
        column.addWidget(self.empty, 1)
        # Every change is a line here, whatever its kind.
        session.bus.changed.connect(lambda _change: self.refresh_soon())

    def refresh(self) -> None:
        context = self.session.context
        since = context.clock.wall_ms() - DAYS * 24 * 3_600_000
        lines = history.changes_since(context, since, limit=self._limit + 1)
        self.more.setVisible(len(lines) > self._limit)
        lines = lines[: self._limit]
        self.area.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        key = [(line.id, line.undone_by) for line in lines]
        if key == self._shown:
            return
        self._shown = key
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        clear(self._list)
        zone = timezone(timedelta(minutes=context.clock.zone_minutes()))
        name_of = cache(partial(history.name_of, context))
        card: kit.Card | None = None
        day = None
        for line in lines:
            at = datetime.fromtimestamp(line.at_ms / 1000, zone)
            if card is None or at.date() != day:
                day = at.date()
                card = kit.Card(title=self._day_words(at), parent=self)
                card.body.setSpacing(2)
                self._list.addWidget(card)
            sentence = change_sentence(line.label, line.args, name_of)
            card.body.addWidget(self._row(line, at, sentence, card))
        back = self.findChild(QWidget, name) if name else None
        if back is not None:
            back.setFocus()

    def _row(self, line: Change, at: datetime, sentence: str, parent: QWidget) -> QWidget:
        row = QWidget(parent)
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        clock = clock_of_minute(at.hour * 60 + at.minute)
        time = kit.Text(clock, role="small", tone="dim", wrap=False, parent=row)
        time.setMinimumWidth(theme.look_of(self).px(44))
        inner.addWidget(time)
        gone = line.undone_by is not None
        inner.addWidget(kit.Text(sentence, tone="dim" if gone else "text", parent=row), 1)
        if gone:
            inner.addWidget(kit.Text(_("Undone"), role="small", tone="dim", wrap=False, parent=row))
        elif line.undoes is None and not line.lasting:
            undo = kit.Button(_("Undo"), "quiet", size="small", icon="arrow-counter-clockwise", parent=row)
            undo.setObjectName(f"undo_{line.id}")
            undo.setAccessibleName(_("Undo: {sentence}").format(sentence=sentence))
            undo.clicked.connect(partial(self.undo, line.id))
            inner.addWidget(undo)
        row.setMinimumHeight(34)
        return row

    def _day_words(self, at: datetime) -> str:
        today = local_datetime(self.session.context.clock).date()
        if at.date() == today:
            return _("Today")
        if at.date() == today - timedelta(days=1):
            return _("The day before")
        return QLocale(text.language()).toString(QDate(at.year, at.month, at.day), "dddd d MMMM")

    def _show_more(self) -> None:
        self._limit += PART
        self.refresh()

    # --- undo -----------------------------------------------------------------------------------------------

    def undo(self, change_id: int) -> None:
        """Takes a change back; when a later one is in the way, that one is offered first."""
        context = self.session.context
        try:
            done = context.run(history.undo, change_id)
        except Refusal as refused:
            nearest = history.in_the_way(context, refused) if refused.code == "undo_written_since" else None
            if nearest is None:
                self.session.say_trouble(refused)
            else:
                self._offer(nearest)
        except BlendDeskError as error:
            self.session.say_trouble(error)
        else:
            self.session.say_change(done.change_id)

    def _offer(self, nearest: Change) -> None:
        sentence = change_sentence(nearest.label, nearest.args, partial(history.name_of, self.session.context))
        button = kit.Button(_("Undo the later change"), "primary")
        button.setObjectName("history_undo_later")
        sheet = kit.Sheet(
            self.session.window,
            _("Something was changed there since"),
            _("Nothing was undone. This came later and has to be undone first: {sentence}").format(sentence=sentence),
            actions=(button,),
        )
        button.clicked.connect(sheet.close_sheet)
        button.clicked.connect(lambda: self.undo(nearest.id))
        sheet.open()
