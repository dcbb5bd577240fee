"""Everything done on this computer in the last 30 days, in words, newest first, with undo from here."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.errors import BlendDeskError, Refusal
from blenddesk.messages import change_sentence
from blenddesk.services import history
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.day_list import DayListPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.desk.today_days import clock_of_minute

if TYPE_CHECKING:
    from blenddesk.services.history import Change

DAYS = 30
PART = 60
"""Lines shown at first and added by each "Show more"."""
MANY_ALIKE = 4
"""So many equal sentences in a row are one line until somebody opens it."""


class Line(NamedTuple):
    change: Change
    at: datetime
    sentence: str


class HistoryPage(DayListPage):
    """T20. Changes that were undone stay in the list and say so; many alike in a row are one line until opened."""

    kinds = frozenset()

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        empty = kit.EmptyState(
            _("Nothing was done yet"),
            _("Whatever you change appears here, such as “Omar moved to Circles”, and can be taken back."),
            icon="clipboard-text",
        )
        super().__init__(session, parent, part=PART, name="history", icon="clock-counter-clockwise", empty=empty)
        self._shown: object = None
        self._opened: set[int] = set()
        self.bin = kit.Button(_("Bin"), icon="archive", parent=self)
        self.bin.setObjectName("history_bin")
        self.bin.setToolTip(_("What was put away or taken away in the last year"))
        self.bin.clicked.connect(lambda: session.window.open_page("bin"))
        about = _("What was done on this computer in the last 30 days")
        self.header = kit.PageHeader(_("History"), about, actions=(self.bin,), parent=self)
        self.lay_out(self.header)

    def part(self) -> int:
        return PART

    def refresh(self) -> None:
        context = self.session.context
        since = context.clock.wall_ms() - DAYS * 24 * 3_600_000
        changes = history.changes_since(context, since, limit=self._limit + 1)
        self.show_whether(bool(changes), len(changes) > self._limit)
        changes = changes[: self._limit]
        key = [(one.id, one.undone_by) for one in changes], set(self._opened)
        if key == self._shown:
            return
        self._shown = key
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        zone = timezone(timedelta(minutes=context.clock.zone_minutes()))
        name_of = history.Names(context).of
        lines = [
            Line(one, datetime.fromtimestamp(one.at_ms / 1000, zone), change_sentence(one.label, one.args, name_of))
            for one in changes
        ]
        self.begin_list()
        for (day, _sentence, _undone), alike in groupby(lines, key=_likeness):
            run, card = list(alike), self.card_of(day)
            # The oldest of them names the run: newer ones may join it.
            oldest = run[-1].change.id
            if len(run) < MANY_ALIKE or oldest in self._opened:
                for line in run:
                    card.body.addWidget(self._row(line.change, line.at, line.sentence, card))
            else:
                card.body.addWidget(self._run_row(run, card))
        back = self.findChild(QWidget, name) if name else None
        if back is not None:
            back.setFocus()

    def _run_row(self, run: list[Line], parent: QWidget) -> QWidget:
        """ "Amina has a new goal. 12 times", with the way to see each."""
        row, inner = self._begin_row(run[0].at, parent)
        inner.addWidget(kit.Text(run[0].sentence, tone="dim" if _is_undone(run[0]) else "text", parent=row), 1)
        times = ngettext("{n} time", "{n} times", len(run)).format(n=len(run))
        inner.addWidget(kit.Text(times, role="small", tone="dim", wrap=False, parent=row))
        each = kit.Button(_("Show each"), "quiet", size="small", icon="caret-down", parent=row)
        each.setObjectName(f"each_{run[-1].change.id}")
        each.setAccessibleName(_("Show each: {sentence}").format(sentence=f"{run[0].sentence} {times}"))
        each.clicked.connect(partial(self._open_run, run))
        inner.addWidget(each)
        return row

    def _open_run(self, run: list[Line], _checked: bool = False) -> None:
        self._opened.add(run[-1].change.id)
        self.refresh()
        first = self.findChild(QWidget, f"undo_{run[0].change.id}")
        if first is not None:
            first.setFocus()

    def _begin_row(self, at: datetime, parent: QWidget) -> tuple[QWidget, QHBoxLayout]:
        row = QWidget(parent)
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        clock = clock_of_minute(at.hour * 60 + at.minute)
        time = kit.Text(clock, role="small", tone="dim", wrap=False, parent=row)
        time.setMinimumWidth(theme.look_of(self).px(44))
        inner.addWidget(time)
        row.setMinimumHeight(34)
        return row, inner

    def _row(self, line: Change, at: datetime, sentence: str, parent: QWidget) -> QWidget:
        row, inner = self._begin_row(at, parent)
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
        return row

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


def _likeness(line: Line) -> tuple[date, str, bool]:
    return line.at.date(), line.sentence, _is_undone(line)


def _is_undone(line: Line) -> bool:
    return line.change.undone_by is not None
