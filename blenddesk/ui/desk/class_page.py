"""The class as a grid of students: who is here, whose goal waits, how much is done; the way to everything about one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from blenddesk.domain.attendance import AttendanceStatus
from blenddesk.domain.ids import Id
from blenddesk.domain.names import sort_key
from blenddesk.domain.ports import today
from blenddesk.services import goals
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.class_settings import ClassSettingsSheet, NewClassSheet
from blenddesk.ui.desk.class_tile import StudentTile, TileFacts
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession

TILE_WIDTH = 196
NEW_CLASS = "new"


class ClassPage(DeskPage):
    """T3. A tile opens the student; typing a name finds it."""

    kinds = frozenset(
        {"section", "student", "enrollment", "meeting", "attendance", "entry", "goal", "goal_step", "profile"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._tiles: dict[Id, StudentTile] = {}
        self.switcher = kit.Choice(name=_("Class in view"), parent=self)
        self.switcher.setObjectName("class_switcher")
        self.switcher.activated.connect(self._on_class_chosen)
        self.search = kit.SearchField(_("Find a student"), parent=self)
        self.search.setObjectName("class_search")
        self.search.setMaximumWidth(theme.look_of(self).px(230))
        self.search.textChanged.connect(self._show_found)
        self.search.results_requested.connect(self._focus_first)
        self.settings = kit.IconButton("sliders-horizontal", _("Class settings"), px=42, parent=self)
        self.settings.setObjectName("class_settings")
        self.settings.clicked.connect(self.open_settings)
        self.print = kit.IconButton("printer", _("Print"), px=42, parent=self)
        self.print.setObjectName("class_print")
        self.print.clicked.connect(lambda: session.window.open_print("cards"))
        self.add = kit.Button(_("Add students"), "primary", icon="user-plus", parent=self)
        self.add.setObjectName("class_add")
        self.add.clicked.connect(lambda: self._add("paste"))
        self.header = kit.PageHeader(
            _("Class"), actions=(self.switcher, self.search, self.settings, self.print, self.add), parent=self
        )
        self.grid = kit.ArrowGrid(6, spacing=8, letters=True)
        self.grid.setObjectName("class_grid")
        self.grid.setAccessibleName(_("Students"))
        self.nobody = kit.Text("", tone="dim", parent=self)
        self.nobody.hide()
        self.area = kit.ScrollBody(parent=self)
        self.area.body.addWidget(self.nobody)
        self.area.body.addWidget(self.grid)
        self.area.body.addStretch(1)
        self.empty = self._empty_state()
        self.no_class = self._no_class_state()
        self.stack = QStackedWidget(self)
        for state in (self.area, self.empty, self.no_class):
            self.stack.addWidget(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)

    def _empty_state(self) -> kit.EmptyState:
        ways = (
            ("paste", _("Paste names"), "clipboard-text"),
            ("file", _("Open a class list"), "folder-open"),
            ("type", _("Type names"), "keyboard"),
        )
        buttons = []
        for way, words, icon in ways:
            button = kit.Button(words, "primary" if way == "paste" else "secondary", icon=icon, parent=self)
            button.setObjectName(f"empty_{way}")
            button.clicked.connect(lambda _checked=False, way=way: self._add(way))
            buttons.append(button)
        text = _("Copy the names from any list, open the file your school gave you, or type them one by one.")
        return kit.EmptyState(_("Who is in this class?"), text, picture="school", actions=buttons, parent=self)

    def _no_class_state(self) -> kit.EmptyState:
        button = kit.Button(_("New class"), "primary", icon="plus", parent=self)
        button.setObjectName("empty_new_class")
        button.clicked.connect(self.open_new_class)
        text = _("A class has a name, such as 4B, and the students who learn together in it.")
        return kit.EmptyState(_("No class yet"), text, picture="school", actions=(button,), parent=self)

    # --- showing --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        context = self.session.context
        sections = context.reads.sections.all()
        section = self.session.section()
        if section is None or section.archived:
            self.session.choose_section(sections[0].id if sections else None)
            section = sections[0] if sections else None
        self.switcher.clear()
        for one in sections:
            self.switcher.addItem(one.name, one.id.hex())
        self.switcher.addItem(_("New class…"), NEW_CLASS)
        for control in (self.switcher, self.search, self.settings, self.print, self.add):
            control.setVisible(section is not None)
        if section is None:
            self.header.set_words(_("Class"))
            self.stack.setCurrentWidget(self.no_class)
            return
        self.switcher.choose(section.id.hex())
        facts = self._facts(section.id)
        self._show_tiles(facts)
        away = sum(not one.here for one in facts)
        words = [ngettext("{n} student", "{n} students", len(facts)).format(n=len(facts))]
        if away:
            words.append(_("{here} here, {away} away").format(here=len(facts) - away, away=away))
        words.append(_("Older look") if section.look == "older" else _("Younger look"))
        self.header.set_words(section.name, " · ".join(words))
        self.search.setVisible(bool(facts))
        self.stack.setCurrentWidget(self.area if facts else self.empty)

    def _facts(self, section: Id) -> list[TileFacts]:
        reads = self.session.context.reads
        day = today(self.session.context.clock).isoformat()
        meetings = [meeting for meeting in reads.lessons.meetings(section) if meeting.day == day]
        marks = reads.lessons.attendance(section, meetings[-1].id) if meetings else {}
        finished = reads.entries.finished_counts(section)
        profiles = reads.people.profiles(section)
        found = []
        for one in goals.goals_of_class(self.session.context, section):
            student, mark = one.student, marks.get(one.student.id)
            quiet = [goal.quiet_school_days for goal in one.active]
            profile = profiles.get(student.id)
            found.append(
                TileFacts(
                    student.id,
                    student.name,
                    student.avatar,
                    here=mark is None or mark.status is not AttendanceStatus.AWAY,
                    late=mark is not None and mark.status is AttendanceStatus.LATE,
                    goal_days=max(quiet) if quiet else None,
                    goal_stale=any(goal.stale for goal in one.active),
                    finished=finished.get(student.id, 0),
                    noted=profile is not None and bool(profile.needs or profile.note),
                )
            )
        return found

    def _show_tiles(self, facts: list[TileFacts]) -> None:
        """Tiles are kept by student, so that focus and scroll stay where they are."""
        before = [tile.facts.id for tile in self._tiles.values()]
        for one in facts:
            tile = self._tiles.get(one.id)
            if tile is None:
                tile = StudentTile(one, self.grid)
                tile.setObjectName(f"student_{one.id.hex()}")
                tile.clicked.connect(lambda _checked=False, student=one.id: self.open_student(student))
                self._tiles[one.id] = tile
            else:
                tile.show_facts(one)
        self._tiles = {one.id: self._tiles[one.id] for one in facts}
        if before != list(self._tiles):
            self._show_found()

    def _show_found(self) -> None:
        wanted = sort_key(self.search.text().strip())[0]
        found = [tile for tile in self._tiles.values() if wanted in sort_key(tile.facts.name)[0]]
        for tile in self._tiles.values():
            tile.setVisible(tile in found)
        hidden = [tile for tile in self._tiles.values() if tile not in found]
        # Those not found stay alive behind the grid: a tile is one student's, whatever is typed.
        self.grid.set_widgets([*found, *hidden], columns=self._columns())
        self.nobody.setText(_("Nobody here is called “{text}”.").format(text=self.search.text()))
        self.nobody.setVisible(not found and bool(self._tiles))

    def _columns(self) -> int:
        return max(2, (self.width() - 44) // theme.look_of(self).px(TILE_WIDTH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grid.set_columns(self._columns())

    def tile(self, student: Id) -> StudentTile | None:
        return self._tiles.get(student)

    # --- doing ----------------------------------------------------------------------------------------------

    def open_student(self, student: Id) -> None:
        self.session.window.open_page("child", student=student)

    def open_settings(self) -> None:
        section = self.session.section()
        if section is not None:
            ClassSettingsSheet(self.session, section).open()

    def open_new_class(self) -> None:
        NewClassSheet(self.session).open()

    def _add(self, way: str) -> None:
        self.session.window.open_page("add_students", way=way)

    def _on_class_chosen(self) -> None:
        key = self.switcher.chosen()
        section = self.session.section_id
        if key == NEW_CLASS:
            self.switcher.choose(section.hex() if section is not None else "")
            self.open_new_class()
        elif key:
            self.session.choose_section(bytes.fromhex(key))

    def _focus_first(self) -> None:
        first = next((tile for tile in self.grid.widgets() if tile.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
