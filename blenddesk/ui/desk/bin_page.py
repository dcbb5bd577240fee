"""The bin: what was put away or taken away in the last year, newest first, each brought back with one press."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk import text
from blenddesk.check_words import clock_words
from blenddesk.services import bins
from blenddesk.services.bins import Kind, Thing
from blenddesk.text import _, name
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.day_list import DayListPage
from blenddesk.ui.desk.session import DeskSession

PART = 60
"""Things shown at first and added by each "Show more"."""


class BinPage(DayListPage):
    """Reached from History. Undo of bringing back is in the toast."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        empty = kit.EmptyState(
            _("The bin is empty"),
            _("Classes and lessons that you put away, students who left and goals' steps wait here for a year."),
            icon="archive",
        )
        super().__init__(session, parent, part=PART, name="bin", icon="archive", empty=empty)
        self.back = kit.IconButton("caret-left", _("Back to History"), px=42, parent=self)
        self.back.setObjectName("bin_back")
        self.back.clicked.connect(self._go_back)
        about = _("What was put away or taken away in the last year. Nothing in here is lost.")
        self.header = kit.PageHeader(_("Bin"), about, parent=self)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.back)
        top.addWidget(self.header, 1)
        self.lay_out(top)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._go_back)

    def part(self) -> int:
        return PART

    def refresh(self) -> None:
        things = bins.things(self.session.context)
        self.show_whether(bool(things), len(things) > self._limit)
        focused = self.focusWidget()
        had_keys = focused is not None and self.area.isAncestorOf(focused)
        self.begin_list()
        first: kit.Button | None = None
        for thing in things[: self._limit]:
            card = self.card_of(thing.day)
            row, button = self._row(thing, card)
            card.body.addWidget(row)
            card.show()
            first = first or button
        if had_keys:
            # What had the keys is back where it was.
            self._list.activate()
            (first or self.back).setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, thing: Thing, parent: QWidget) -> tuple[QWidget, kit.Button]:
        row = QWidget(parent)
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        what, detail = self._words(thing)
        words = kit.Text(what, parent=row)
        inner.addWidget(words, 1)
        about = kit.Text(detail, role="small", tone="dim", wrap=False, parent=row)
        inner.addWidget(about)
        back = kit.Button(_("Bring back"), "quiet", size="small", icon="arrow-counter-clockwise", parent=row)
        back.setObjectName(f"back_{thing.record}_{thing.id.hex()}_{thing.section.hex()[:8]}")
        back.setAccessibleName(_("Bring back: {what}").format(what=f"{what}, {detail}"))
        back.clicked.connect(partial(self._bring_back, thing))
        inner.addWidget(back)
        row.setMinimumHeight(theme.look_of(self).px(34))
        return row, back

    def _bring_back(self, thing: Thing, _checked: bool = False) -> None:
        self.session.do(bins.bring_back, thing)

    def _words(self, thing: Thing) -> tuple[str, str]:
        """What it is by name, and what kind of thing."""
        reads = self.session.context.reads
        section = reads.sections.get(thing.section)
        home = section.name if section is not None else ""
        if thing.kind is Kind.CLASS:
            return name(thing.name), _("Class, put away")
        if thing.kind is Kind.LESSON:
            return name(thing.name), _("Lesson of {name}, put away").format(name=name(home))
        if thing.kind is Kind.STUDENT:
            return name(thing.name), _("Left {name}").format(name=name(home))
        values = thing.values
        if thing.record == "period":
            start, day = values.get("start_minute"), values.get("day")
            when = clock_words(start) if isinstance(start, int) else ""
            weekday = QLocale(text.language()).dayName(day % 7 + 1) if isinstance(day, int) else ""
            return f"{weekday} {when}".strip(), _("Timetable of {name}").format(name=name(home))
        if thing.record == "pair_rule":
            pair = [self._student(thing, values.get(key)) for key in ("first", "second")]
            return ", ".join(name(one) for one in pair), _("Together or apart")
        kinds = {
            "adult": _("Adult of {name}").format(name=name(home)),
            "calendar_day": _("School calendar"),
            "goal": _("Goal of {name}").format(name=name(self._student(thing, values.get("student")))),
            "goal_step": _("Step of a goal of {name}").format(name=name(self._student(thing, values.get("student")))),
        }
        return name(thing.name) or "…", kinds.get(thing.record, "")

    def _student(self, thing: Thing, student: object) -> str:
        if not isinstance(student, bytes):
            return "…"
        found = self.session.context.reads.people.student(thing.section, student)
        return found.name if found is not None else "…"

    def _go_back(self) -> None:
        self.session.window.open_page("history")
