"""My room, timetable, holidays and adults: twenty seconds of steppers that every template and check then uses."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from blenddesk.domain.calendars import CalendarDay, DayKind, Period
from blenddesk.domain.ids import Id
from blenddesk.domain.minutes import DEFAULT_FLOOR
from blenddesk.domain.plan_checks import RoomCard
from blenddesk.domain.ports import today
from blenddesk.services import calendars, classes, rooms
from blenddesk.text import _, language
from blenddesk.ui import kit, theme
from blenddesk.ui.desk import plan_words as words
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.kit.fade import fade_below

_NUMBERS: tuple[tuple[str, str, int], ...] = (
    ("computers", "desktop-computer", 0),
    ("students_per_computer", "busts-in-silhouette", 2),
    ("headphones", "headphone", 0),
    ("period_minutes", "alarm-clock", 50),
    ("class_size", "school", 30),
    ("floor_minutes", "hourglass-not-done", DEFAULT_FLOOR),
)
"""Field, picture and the number shown while nothing was said."""
_STEPS = {"period_minutes": 5}
_FIRST_START, _PERIOD = 8 * 60, 50
_DAYS_AHEAD = 370


def _label(field: str) -> str:
    return {
        "computers": _("Student computers"),
        "students_per_computer": _("Students at one computer"),
        "headphones": _("Headphones"),
        "period_minutes": _("Usual lesson, minutes"),
        "class_size": _("Students in a class"),
        "floor_minutes": _("Shortest round, minutes"),
    }[field]


class RoomPage(DeskPage):
    """My room and the adults by name on the left; on the right the timetable of the class in view and holidays."""

    kinds = frozenset({"room", "period", "calendar_day", "adult", "section"})

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setAccessibleName(_("My room"))
        self.year = kit.Button(_("Close the school year"), icon="calendar-blank")
        self.year.setObjectName("room_close_year")
        self.year.clicked.connect(self.open_year)
        about = _("Every template and check uses this. Skip what you like.")
        self.header = kit.PageHeader(_("My room"), about, actions=(self.year,))
        self._columns = QHBoxLayout()
        self._columns.setSpacing(10)
        self._steppers: dict[str, kit.Stepper] = {}
        self._switches: dict[str, kit.Switch] = {}
        self._notes: dict[str, kit.Text] = {}
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._room_card())
        right = QVBoxLayout()
        right.setSpacing(8)
        self.timetable = TimetableCard(self)
        self.timetable.add.clicked.connect(self._on_period_added)
        self.days = DaysCard(self)
        self.days.add.clicked.connect(self._on_days_added)
        self.adults = AdultsCard(self)
        self.adults.add.clicked.connect(self._on_adult_added)
        self.adults.field.returnPressed.connect(self._on_adult_added)
        left.addWidget(self.adults)
        left.addStretch(1)
        for card in (self.timetable, self.days):
            right.addWidget(card)
        right.addStretch(1)
        self._columns.addLayout(left, 5)
        self._columns.addLayout(right, 6)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 12, 18, 8)
        column.setSpacing(6)
        column.addWidget(self.header)
        column.addLayout(self._columns, 1)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(inner)
        fade_below(self.scroll_area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scroll_area)

    def _room_card(self) -> kit.Card:
        card = kit.Card(title=_("What there is"), padding=16)
        card.setObjectName("room_card")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        for row, (field, picture, usual) in enumerate(_NUMBERS):
            label = _label(field)
            low, high = rooms.LIMITS[field]
            stepper = kit.Stepper(usual, low, high, name=label, step=_STEPS.get(field, 1))
            stepper.setObjectName(f"room_{field}")
            stepper.setMinimumWidth(theme.look_of(self).px(140))
            stepper.value_changed.connect(lambda value, field=field: self._edit(field, value))
            note = kit.Text("", role="small", tone="dim")
            words_ = QVBoxLayout()
            words_.setSpacing(0)
            words_.addWidget(kit.Text(label, bold=True))
            words_.addWidget(note)
            grid.addWidget(kit.PlacePicture(label, picture, row, px=40), row, 0)
            grid.addLayout(words_, row, 1)
            grid.addWidget(stepper, row, 2, Qt.AlignmentFlag.AlignRight)
            self._steppers[field], self._notes[field] = stepper, note
        for row, (field, picture, label) in enumerate(
            (("projector", "movie-camera", _("Projector")), ("printer", "printer", _("Printer"))), len(_NUMBERS)
        ):
            switch = kit.Switch(label)
            switch.setObjectName(f"room_{field}")
            switch.toggled.connect(lambda on, field=field: self._edit(field, on))
            grid.addWidget(kit.PlacePicture(label, picture, row, px=40), row, 0)
            grid.addWidget(switch, row, 1, 1, 2)
            self._switches[field] = switch
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        return card

    # --- showing --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        context = self.session.context
        self._show_room(rooms.room_card(context))
        section = self.session.section()
        for card in (self.timetable, self.adults):
            card.setVisible(section is not None)
        self.days.show_days(calendars.special_days(context), self._on_days_removed)
        if section is not None:
            self.timetable.show_periods(section.name, calendars.periods(context, section.id), self._on_period_removed)
            names = [adult.name for adult in context.reads.sections.adults(section.id)]
            self.adults.show_names(section.name, names, self._on_adult_removed)

    def _show_room(self, room: RoomCard) -> None:
        for field, _picture, usual in _NUMBERS:
            value = getattr(room, field)
            self._steppers[field].set_value(usual if value is None else value)
            self._notes[field].setText(_("not said yet") if value is None else "")
            self._notes[field].setVisible(value is None)
        for field, switch in self._switches.items():
            switch.blockSignals(True)
            switch.setChecked(bool(getattr(room, field)))
            switch.blockSignals(False)
            switch.update()

    # --- changing -------------------------------------------------------------------------------------------

    def _edit(self, field: str, value: bool | int) -> None:
        self.session.quietly(rooms.edit_room, **{field: value})

    def _on_period_added(self) -> None:
        section = self.session.section_id
        if section is not None:
            day, start, minutes = self.timetable.wanted()
            self.session.do(calendars.add_period, section, day, start, minutes)

    def _on_period_removed(self, period: Id) -> None:
        section = self.session.section_id
        if section is not None:
            self.session.do(calendars.remove_period, section, period)

    def _on_days_added(self) -> None:
        first, last, minutes, name = self.days.wanted()
        if minutes:
            self.session.do(calendars.add_short_days, first, last, minutes, name=name)
        else:
            self.session.do(calendars.add_days_off, first, last, name=name)

    def _on_days_removed(self, days: Id) -> None:
        self.session.do(calendars.remove_days, days)

    def open_year(self) -> None:
        from blenddesk.ui.desk.year_sheet import YearSheet

        YearSheet(self.session).open()

    def _names(self) -> list[str]:
        section = self.session.section_id
        if section is None:
            return []
        return [adult.name for adult in self.session.context.reads.sections.adults(section)]

    def _on_adult_added(self) -> None:
        name = " ".join(self.adults.field.text().split())
        section = self.session.section_id
        if section is not None and name and name not in self._names():
            self.session.do(classes.set_adults, section, [*self._names(), name])
            self.adults.field.clear()

    def _on_adult_removed(self, name: str) -> None:
        section = self.session.section_id
        if section is not None:
            self.session.do(classes.set_adults, section, [one for one in self._names() if one != name])

    def start_today(self) -> QDate:
        day = today(self.session.context.clock)
        return QDate(day.year, day.month, day.day)


class _ListCard(kit.Card):
    """A card with lines that can be taken away and a row that adds one."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title=title, padding=14, parent=parent)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.body.addLayout(self._lines)
        self._shown: list[tuple[str, str]] = []

    def show_lines(self, lines: list[tuple[str, str]], remove: Callable[[str], None], empty: str) -> None:
        """Lines as (key, words); ``remove(key)`` when one is taken away; ``empty`` is said when there is none."""
        if lines == self._shown and self._lines.count():
            return
        self._shown = lines
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        for key, line in lines:
            holder = QWidget(self)
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(kit.Text(line, parent=holder), 1)
            gone = kit.IconButton("trash", _("Take away: {line}").format(line=line), px=32, framed=False, parent=holder)
            gone.setObjectName(f"remove_{key}")
            gone.clicked.connect(lambda _checked=False, key=key: remove(key))
            row.addWidget(gone)
            self._lines.addWidget(holder)
        if not lines:
            self._lines.addWidget(kit.Text(empty, role="small", tone="dim", parent=self))


class TimetableCard(_ListCard):
    """The weekly meetings of a class."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_("Timetable"), parent)
        self.setObjectName("timetable_card")
        first = QLocale(language()).firstDayOfWeek().value
        days = [(first - 1 + ahead) % 7 for ahead in range(7)]
        self.day = kit.Choice([(str(day), day_name(day)) for day in days], name=_("Day"), chosen="0")
        self.day.setObjectName("period_day")
        starts = [(str(minute), words.clock_words(minute)) for minute in range(6 * 60, 21 * 60, 5)]
        self.start = kit.Choice(starts, name=_("Begins"), chosen=str(_FIRST_START))
        self.start.setObjectName("period_start")
        self.minutes = kit.Stepper(_PERIOD, 5, 300, name=_("Minutes"), step=5, suffix=_("min"))
        self.minutes.setObjectName("period_minutes")
        self.add = kit.Button(_("Add"), icon="plus")
        self.add.setObjectName("period_add")
        self.add.setAccessibleName(_("Add to the timetable"))
        row = kit.FlowLayout(spacing=8)
        for part in (self.day, self.start, self.minutes, self.add):
            row.addWidget(part)
        self.body.addLayout(row)

    def show_periods(self, class_name: str, periods: list[Period], remove: Callable[[Id], None]) -> None:
        if self.heading is not None:
            self.heading.setText(_("Timetable of {class_name}").format(class_name=class_name))
        lines = []
        for period in periods:
            start, end = (words.clock_words(m) for m in (period.start_minute, period.start_minute + period.minutes))
            line = _("{day}, {start} to {end}").format(day=day_name(period.day), start=start, end=end)
            lines.append((period.id.hex(), line))
        empty = _("Without a timetable a lesson is planned for today or the next free school day.")
        self.show_lines(lines, lambda key: remove(bytes.fromhex(key)), empty)

    def wanted(self) -> tuple[int, int, int]:
        """Day (0 Monday), start in minutes after midnight, minutes."""
        return int(self.day.chosen()), int(self.start.chosen()), self.minutes.value()


class DaysCard(_ListCard):
    """Holidays and days with short lessons."""

    def __init__(self, page: RoomPage) -> None:
        super().__init__(_("Holidays and short days"), page)
        self.setObjectName("days_card")
        self._today = page.start_today()
        days = [self._today.addDays(ahead) for ahead in range(_DAYS_AHEAD)]
        written = [(day.toString("yyyy-MM-dd"), _short_day(day)) for day in days]
        self.first = kit.Choice(written, name=_("First day"), chosen=written[0][0])
        self.last = kit.Choice(written, name=_("Last day"), chosen=written[0][0])
        self.first.setObjectName("days_first")
        self.last.setObjectName("days_last")
        self.first.activated.connect(self._on_first_activated)
        kinds = [("0", _("No school")), ("30", _("Lessons of 30 min")), ("40", _("Lessons of 40 min"))]
        self.kind = kit.Choice(kinds, name=_("What kind of day"), chosen="0")
        self.kind.setObjectName("days_kind")
        self.name = kit.TextField(name=_("Name"), placeholder=_("Name, such as Spring break"))
        self.name.setObjectName("days_name")
        self.add = kit.Button(_("Add"), icon="plus")
        self.add.setObjectName("days_add")
        self.add.setAccessibleName(_("Add these days"))
        row = kit.FlowLayout(spacing=8)
        for part in (self.first, self.last, self.kind, self.add):
            row.addWidget(part)
        self.body.addWidget(self.name)
        self.body.addLayout(row)

    def show_days(self, days: list[CalendarDay], remove: Callable[[Id], None]) -> None:
        lines = [(day.id.hex(), _days_line(day)) for day in days]
        self.show_lines(lines, lambda key: remove(bytes.fromhex(key)), _("No holidays yet."))

    def wanted(self) -> tuple[str, str, int, str]:
        """First and last ISO day, minutes of a short day (0: no school), name."""
        return self.first.chosen(), self.last.chosen(), int(self.kind.chosen() or 0), self.name.text()

    def _on_first_activated(self, index: int) -> None:
        if self.last.currentIndex() < index:
            self.last.setCurrentIndex(index)


class AdultsCard(_ListCard):
    """The adults of a class, by name; stations may need one of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_("Adults"), parent)
        self.setObjectName("adults_card")
        self.field = kit.TextField(name=_("Name of an adult"), placeholder=_("Name, such as Mr Hill"))
        self.field.setObjectName("adult_name")
        self.add = kit.Button(_("Add"), icon="plus")
        self.add.setObjectName("adult_add")
        self.add.setAccessibleName(_("Add this adult"))
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        self.body.addLayout(row)

    def show_names(self, class_name: str, names: list[str], remove: Callable[[str], None]) -> None:
        if self.heading is not None:
            self.heading.setText(_("Adults of {class_name}").format(class_name=class_name))
        self.show_lines([(name, name) for name in names], remove, _("Only you."))


def day_name(day: int) -> str:
    """The weekday in the language of the desk; 0 is Monday."""
    return QLocale(language()).standaloneDayName(day + 1)


def _short_day(day: QDate) -> str:
    return QLocale(language()).toString(day, "ddd d MMM yyyy")


def _days_line(day: CalendarDay) -> str:
    when = words.day_words(day.first_day)
    if day.last_day != day.first_day:
        when = _("{first} to {last}").format(first=when, last=words.day_words(day.last_day))
    what = day.name or _("No school")
    if day.kind == DayKind.SHORT:
        short = _("lessons of {minutes}").format(minutes=words.minutes_words(day.minutes or 0))
        what = _("{name}, {short}").format(name=day.name, short=short) if day.name else short
    return _("{when}: {what}").format(when=when, what=what)
