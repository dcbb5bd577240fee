"""The desk's window: rail, pages built when first visited, toast with Undo. It wires and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services.context import AppContext
from blenddesk.text import N_, _
from blenddesk.ui import kit
from blenddesk.ui.desk.class_switcher import class_to_open
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession
from blenddesk.ui.first_paint import FirstPaint

if TYPE_CHECKING:
    from blenddesk.ui.app import Face
    from blenddesk.ui.desk.lock_button import LockButton
    from blenddesk.ui.desk.upkeep import Caretaker
    from blenddesk.ui.locker import Locker
    from blenddesk.ui.tasks import TaskRunner
    from blenddesk.ui.watching import FolderWatching

PAGES: dict[str, tuple[str, str, str]] = {
    "today": (N_("Today"), "house", "blenddesk.ui.desk.today:TodayPage"),
    "class": (N_("Class"), "users-three", "blenddesk.ui.desk.class_page:ClassPage"),
    "plan": (N_("Plan"), "path", "blenddesk.ui.desk.plan_page:PlanPage"),
    "goals": (N_("Goals"), "target", "blenddesk.ui.desk.goals_page:GoalsPage"),
    "computers": (N_("Computers"), "usb", "blenddesk.ui.desk.computers_page:ComputersPage"),
    "room": (N_("My room"), "desktop", "blenddesk.ui.desk.room_page:RoomPage"),
}
"""Rail pages from the top: word, icon, class. A page's module is imported when it is first visited."""
FOOT_PAGES: dict[str, tuple[str, str, str]] = {
    "history": (N_("History"), "clipboard-text", "blenddesk.ui.desk.history_page:HistoryPage"),
    "settings": (N_("Settings"), "gear", "blenddesk.ui.desk.settings_page:SettingsPage"),
}
HIDDEN_PAGES: dict[str, str] = {
    "child": "blenddesk.ui.desk.child_page:ChildPage",
    "add_students": "blenddesk.ui.desk.add_students_page:AddStudentsPage",
    "bin": "blenddesk.ui.desk.bin_page:BinPage",
    "week": "blenddesk.ui.desk.week_page:WeekPage",
    "stations": "blenddesk.ui.desk.stations_page:StationsPage",
}
"""Pages reached from others, not from the rail."""

T = TypeVar("T", bound=QWidget)


class DeskWindow(QWidget):
    """One window of one desk. ``session`` is what its pages share."""

    def __init__(self, context: AppContext, *, section: Id | None = None, face: Face | None = None) -> None:
        super().__init__()
        self.setObjectName("desk_window")
        self.setWindowTitle("BlendDesk")
        self.setMinimumSize(1024, 600)
        self.resize(1366, 705)
        self.face = face
        self.locker: Locker | None = None
        """Of a desk with a pass phrase, once its window is painted by a ``face``."""
        self.session = DeskSession(context, self)
        self._pages: dict[str, DeskPage] = {}
        self._extra_windows: list[QWidget] = []
        self._lock_button: LockButton | None = None
        self.caretaker: Caretaker | None = None
        """Once the window is painted, and only over data of one's own."""
        self._is_leaving = False
        top = [(key, _(word), icon) for key, (word, icon, _class) in PAGES.items()]
        foot = [(key, _(word), icon) for key, (word, icon, _class) in FOOT_PAGES.items()]
        self.rail = kit.Rail(top, foot, parent=self)
        self.rail.setObjectName("rail")
        self.rail.page_requested.connect(self.open_page)
        self.stack = QStackedWidget(self)
        self.stack.setObjectName("pages")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        pages = QVBoxLayout()
        pages.setSpacing(0)
        if face is not None and context.paths.is_sample:
            pages.addWidget(self._sample_line(face))
        pages.addWidget(self.stack, 1)
        self._column = pages
        layout.addLayout(pages, 1)
        FirstPaint(self, partial(self._complete, face))
        if context.settings.watched_folder:
            FirstPaint(self, lambda: self.watching.start())
        # Chosen before the first page is built: a page that chooses has to show everything twice.
        self.session.choose_section(class_to_open(context) if section is None else section)
        self.open_page("today")

    @cached_property
    def tasks(self) -> TaskRunner:
        from blenddesk.ui.tasks import TaskRunner

        return TaskRunner(self)

    @cached_property
    def watching(self) -> FolderWatching:
        """Looks into the shared folder, if one is chosen, for as long as the window is there and not locked."""
        from blenddesk.ui.watching import FolderWatching

        tasks = self.tasks
        made = FolderWatching(
            self.session.context, self, is_busy=lambda: tasks.is_busy, sleeps=lambda: not self.isVisible()
        )
        made.start()
        return made

    @cached_property
    def toast(self) -> kit.Toast:
        toast = kit.Toast(self)
        # Beside the rail, whose foot has buttons of its own.
        toast.setProperty("lead", self.rail.sizeHint().width() + 22)
        return toast

    def _sample_line(self, face: Face) -> kit.Banner:
        """Says that nobody here is real, with the way to a class of one's own."""
        own = kit.Button(_("Start my own class"), "primary", size="small")
        own.setObjectName("sample_own")
        own.clicked.connect(lambda: face.switch_to(self.session.context.paths.own))
        line = kit.Banner(_("This class is pretend. Try anything."), actions=(own,), parent=self)
        line.setObjectName("sample_line")
        line.body.setContentsMargins(22, 2, 20, 2)
        return line

    # --- pages ----------------------------------------------------------------------------------------------

    def open_page(self, key: str, **what: object) -> DeskPage:
        """Brings a page up, building it the first time; ``what`` goes to its ``open_with``."""
        page = self._pages.get(key)
        if page is None:
            page = self._build(key)
            self._pages[key] = page
            self.stack.addWidget(page)
        if what:
            page.open_with(**what)
        self.stack.setCurrentWidget(page)
        if key in PAGES or key in FOOT_PAGES:
            self.rail.choose(key)
        return page

    def page(self, key: str) -> DeskPage | None:
        """The page if it has been visited."""
        return self._pages.get(key)

    def _build(self, key: str) -> DeskPage:
        place = HIDDEN_PAGES.get(key) or (PAGES | FOOT_PAGES)[key][2]
        module, _colon, name = place.partition(":")
        kind: type[DeskPage] = getattr(import_module(module), name)
        page = kind(self.session)
        page.setObjectName(f"page_{key}")
        return page

    def open_print(self, what: str = "") -> None:
        """The print sheet: ``what``, or what fits the page in view (station cards of a plan, else sign-in cards)."""
        from blenddesk.ui.desk.print_sheet import PrintSheet

        if self.findChild(PrintSheet) is None:
            in_plan = self.stack.currentWidget() is self._pages.get("plan")
            PrintSheet(self.session, what or ("stations" if in_plan else "cards")).open()

    # --- windows beside it (board, student computer on this laptop) -----------------------------------------

    def keep(self, window: T) -> T:
        """Holds a window that was opened from the desk; it closes with the desk."""
        self._extra_windows.append(window)
        return window

    def forget(self, window: QWidget) -> None:
        """Lets go of a window that has closed."""
        if window in self._extra_windows:
            self._extra_windows.remove(window)

    def extra_windows(self) -> list[QWidget]:
        return list(self._extra_windows)

    # --- keys -----------------------------------------------------------------------------------------------

    def _complete(self, face: Face | None) -> None:
        """What the first paint did without."""
        self._add_shortcuts()
        if face is not None:
            self.refresh_lock(face)
            self._take_care()

    def _take_care(self) -> None:
        context = self.session.context
        if not context.paths.is_sample:
            from blenddesk.ui.desk.upkeep import Caretaker

            self.caretaker = Caretaker(self)

    def _add_shortcuts(self) -> None:
        for number, key in enumerate(PAGES, 1):
            self._shortcut(f"Ctrl+{number}", partial(self.open_page, key))
        self._shortcut("Ctrl+Z", self._on_undo_key)
        self._shortcut("Ctrl+Y", self.session.redo)
        self._shortcut("Ctrl+Shift+Z", self.session.redo)
        self._shortcut("Ctrl+P", self.open_print)
        self._shortcut("Ctrl+L", self.lock_now)
        self._shortcut("F6", self._focus_next_pane)
        self.session.painted.emit()

    # --- locking --------------------------------------------------------------------------------------------

    def refresh_lock(self, face: Face | None) -> None:
        """After the pass phrase was set, changed or removed, or another time to lock was chosen."""
        if self.locker is not None:
            self.locker.refresh()
        elif face is not None:
            self.locker = face.new_locker(self)

    def lock_now(self) -> None:
        """Locks; without a pass phrase says how to get one."""
        if self.locker is None or not self.locker.is_protected:
            self.session.say(_("There is no pass phrase yet. Choose one in Settings."))
        else:
            self.locker.lock()

    def show_lock_button(self, on: bool) -> None:
        """The padlock at the head of the rail, while there is a pass phrase."""
        if on and self._lock_button is None:
            from blenddesk.ui.desk.lock_button import LockButton

            self._lock_button = LockButton(self.rail)
            self._lock_button.clicked.connect(self.lock_now)
            self.rail.add_at_foot(self._lock_button)
        if self._lock_button is not None:
            self._lock_button.setVisible(on)

    def is_working(self) -> bool:
        """Whether long work is under way, which needs the data."""
        looking = "watching" in vars(self) and self.watching.is_looking
        caring = self.caretaker is not None and self.caretaker.is_working
        return looking or caring or ("tasks" in vars(self) and self.tasks.is_busy)

    def let_go_of_data(self) -> None:
        """Locked, and nothing is under way: whatever works behind the window keeps nothing that opens the data."""
        if "watching" in vars(self):
            self.watching.let_go()

    def take_up_data(self) -> None:
        """Unlocked: what worked behind the window goes on."""
        if "watching" in vars(self):
            self.watching.start()

    def flip_windows(self) -> None:
        """The next of desk, board and student computer, as the key of Today does."""
        from blenddesk.ui.desk.today import TodayPage

        page = self.page("today")
        if isinstance(page, TodayPage):
            page.windows().flip()

    def _shortcut(self, keys: str, action: Callable[[], object]) -> None:
        from PySide6.QtGui import QKeySequence, QShortcut

        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(action)

    def _on_undo_key(self) -> None:
        """Ctrl+Z belongs to a text field that has the keys, as long as it has something to take back."""
        from PySide6.QtWidgets import QLineEdit, QTextEdit

        field = self.focusWidget()
        if (isinstance(field, QLineEdit) and field.isUndoAvailable()) or (
            isinstance(field, QTextEdit) and field.document().isUndoAvailable()
        ):
            field.undo()
        else:
            self.session.undo()

    def _focus_next_pane(self) -> None:
        if self.toast.isVisible() and not self.toast.isAncestorOf(self.focusWidget() or self):
            self.toast.focus_undo()
        elif self.rail.isAncestorOf(self.focusWidget() or self):
            page = self.stack.currentWidget()
            if page is not None:
                page.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.rail.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _saves_first(self) -> bool:
        """Begins the backup that is due at the end, and closes after it; whoever closes twice wants no backup."""
        if self._is_leaving and self.tasks.is_busy:
            self.tasks.cancel()
            return True
        if self._is_leaving or self.caretaker is None:
            return False
        self._is_leaving = self.caretaker.begin_last_backup(self.close)
        return self._is_leaving

    def show_line(self, line: QWidget) -> None:
        """Puts one line above the page in view."""
        self._column.insertWidget(0, line)
        line.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        # Closed by a person, not to make room for another window.
        if event.spontaneous() and self._saves_first():
            event.ignore()
            return
        if self.caretaker is not None:
            self.caretaker.stop()
        for window in self.extra_windows():
            # A student computer goes with its desk without asking who may close it; what is ticked is saved.
            getattr(window, "close_for_good", window.close)()
        if self.locker is not None and self.locker.window is not None:
            self.locker.window.close()
        if "watching" in vars(self):
            self.watching.stop()
        # Later commits (of a window that takes this one's place) are none of its business.
        self.session.bus.close()
        super().closeEvent(event)
