"""Brings the program up: window first, database library behind the first paint, trouble in words.

The order is for speed on an old laptop (``tests/benchmarks/test_start.py`` holds the line): Qt is imported first, the
first page is painted from the database driver alone, and everything else loads in a thread while the teacher looks.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from blenddesk import bootstrap, text
from blenddesk.config import SAMPLE_FOLDER, Paths, default_data_dir, load_settings
from blenddesk.diagnostics import start_logging, stop_logging
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.services.context import AppContext, Core
from blenddesk.ui import kit, theme
from blenddesk.ui.first_paint import FirstPaint
from blenddesk.ui.load_behind import LoadBehind

if TYPE_CHECKING:
    from blenddesk.ui.desk.window import DeskWindow
    from blenddesk.ui.locker import Locker

LANGUAGES = ("en", "es", "ar")


def run(*, data_dir: str = "", lang: str = "", sample: bool = False, debug: bool = False) -> int:
    """Opens the window of the device in ``data_dir`` and stays until it is closed. Returns the exit status."""
    collecting = gc.isenabled()
    gc.disable()
    application = theme.new_application(sys.argv[:1])
    application.setApplicationName("BlendDesk")
    application.setQuitOnLastWindowClosed(True)
    root = Path(data_dir).absolute() if data_dir else default_data_dir()
    paths = Paths(root / SAMPLE_FOLDER if sample else root)
    face = Face(application, paths, language=lang, debug=debug)
    try:
        face.start(sample=sample)
        if collecting:
            face.after_first_paint(_collect_again)
        return application.exec()
    finally:
        face.close()


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


class Face:
    """The running program with a screen: one data directory, one main window, one language and look."""

    def __init__(self, application: QApplication, paths: Paths, *, language: str = "", debug: bool = False) -> None:
        self.application = application
        self.paths = paths
        self.context: AppContext | None = None
        self.window: QWidget | None = None
        self._language = language
        self._qt_language = text.SOURCE_LANGUAGE
        self._lock = bootstrap.DataLock(paths)
        self._painted: list[Callable[[], None]] = []
        self._forgot = False
        start_logging(paths.logs, debug=debug)
        qInstallMessageHandler(_qt_message)
        self._old_hook = sys.excepthook
        sys.excepthook = self._on_crash
        self._apply_look(sheet=False)

    # --- which window ---------------------------------------------------------------------------------------

    def start(self, *, sample: bool = False) -> None:
        """Shows the desk, the student computer or Welcome, whatever this data directory is."""
        try:
            self._lock.acquire()
            if self.paths.exists:
                self.open_device()
            elif sample:
                self.open_sample()
            elif (self.paths.data / "backups").is_dir():
                # There was a device here, or an older backup of it would not lie there.
                self.show_trouble(EnvironmentTrouble("database_missing", path=str(self.paths.data)))
            else:
                self.show_welcome()
        except BlendDeskError as error:
            self.show_trouble(error)
        self.after_first_paint(self._complete_look)

    def _complete_look(self) -> None:
        """What the first paint does without: the sheet of fields, menus and scroll bars, the ring of the keys."""
        theme.apply_sheet(self.application)
        kit.watch_focus(self.application)

    def open_device(self, *, page: str = "", key: bytes | None = None) -> None:
        """Opens the device of the data directory and shows its window; after an update, counted progress first.

        Without ``key``, a desk with a pass phrase shows its lock.
        """
        loading: list[LoadBehind] = []

        def load(make: Callable[[], Core]) -> LoadBehind:
            loading.append(LoadBehind(make))
            return loading[0]

        try:
            self.context = bootstrap.open_device(self.paths, key=key, load=load, as_it_is=True)
        except bootstrap.OutOfDate:
            self._get_ready(page, key)
            return
        except BlendDeskError as error:
            if key is not None or not self._ask_for_key(page, error):
                raise
            return
        if self.context.is_desk:
            from blenddesk.ui.desk.window import DeskWindow

            desk = DeskWindow(self.context, face=self)
            if page:
                desk.open_page(page)
            self.show(desk)
        else:
            from blenddesk.ui.kiosk.window import KioskWindow

            window = KioskWindow(self.context)
            window.face = self
            self.show(window, full_screen=True)
        for begun in loading:
            self.after_first_paint(partial(self._load_behind, begun))

    def _load_behind(self, begun: LoadBehind) -> None:
        """Goes on behind the first paint, unless the data is where none may be; nothing was written until here."""
        try:
            bootstrap.check_place(self.paths)
        except BlendDeskError as error:
            context, self.context = self.context, None
            self.show_trouble(error)
            if context is not None:
                context.reads.reader.close()
            return
        begun.begin()

    def _ask_for_key(self, page: str, error: BlendDeskError) -> bool:
        """Shows the lock if a pass phrase or a recovery sheet can open what this account cannot."""
        if error.code not in ("locked", "key_not_ours"):
            return False
        from blenddesk.domain.ports import SystemClock
        from blenddesk.services.protection import protection
        from blenddesk.ui.lock_window import LockWindow

        known = protection(self.paths)
        if not known.has_phrase and not known.has_sheet:
            return False
        window = LockWindow(self.paths, SystemClock(), words_only=not known.has_phrase)
        window.opened.connect(partial(self._on_unlocked, page))
        self.show(window)
        return True

    def _on_unlocked(self, page: str, key: bytes, by_words: bool) -> None:
        self._forgot = by_words
        try:
            self.open_device(page=page, key=key)
        except BlendDeskError as error:
            self.show_trouble(error)

    def let_go_of_data(self) -> None:
        """Closes the database and forgets its key, while the window waits behind a lock."""
        if self.context is not None:
            bootstrap.lock_device(self.context)

    def open_data_again(self, key: bytes) -> None:
        """Opens what ``let_go_of_data`` closed. Raises ``EnvironmentTrouble``."""
        if self.context is not None:
            bootstrap.unlock_device(self.context, key)

    def new_locker(self, desk: DeskWindow) -> Locker | None:
        """What locks this desk; None while it has no pass phrase. Asked once its window is painted."""
        if not bootstrap.asks_for_key(self.paths.key):
            self._forgot = False
            return None
        from blenddesk.ui.locker import Locker

        locker = Locker(self, desk)
        if self._forgot and locker.is_protected:
            locker.ask_new_phrase()
        self._forgot = False
        return locker

    def _get_ready(self, page: str, key: bytes | None) -> None:
        from blenddesk.ui.getting_ready import GettingReadyWindow

        def open_now() -> None:
            try:
                self.open_device(page=page, key=key)
            except BlendDeskError as error:
                self.show_trouble(error)

        paths = self.paths
        window = GettingReadyWindow(
            lambda progress: bootstrap.bring_up_to_date(paths, progress, key=key),
            done=open_now,
            failed=self.show_trouble,
        )
        self.show(window)
        window.start()

    def open_sample(self) -> None:
        """Makes the sample class if it is not there yet (under counted progress) and opens it."""
        from blenddesk.ui.welcome import WelcomeWindow

        window = WelcomeWindow(self)
        self.show(window)
        window.play_with_sample()

    def show_welcome(self) -> None:
        from blenddesk.ui.welcome import WelcomeWindow

        self.show(WelcomeWindow(self))

    def switch_to(self, paths: Paths, *, page: str = "") -> None:
        """Closes what is open and opens the device in another data directory, or Welcome when none is there."""
        # The same one anew (another language, say) is not locked in between.
        stays_open = self.context is not None and paths == self.paths and not self.context.reads.reader.is_locked
        key = self.context.reads.reader.key if self.context is not None and stays_open else None
        self.close_device()
        self._lock.release()
        self.paths = paths
        self._lock = bootstrap.DataLock(paths)
        self._lock.acquire()
        start_logging(paths.logs)
        self._apply_look()
        if paths.exists:
            self.open_device(page=page, key=key)
        else:
            self.show_welcome()

    def show(self, window: QWidget, *, full_screen: bool = False) -> None:
        """Makes ``window`` the main window in place of the one before."""
        before, self.window = self.window, window
        for then in self._painted:
            FirstPaint(window, then)
        self._painted.clear()
        # Sizes are set as well: where nobody manages windows, "full screen" and "maximized" alone change nothing.
        if full_screen:
            window.setGeometry(window.screen().geometry())
            window.showFullScreen()
        else:
            room = self.application.primaryScreen().availableSize()
            fills = room.width() <= window.width()
            window.resize(window.size().boundedTo(room))
            if fills:
                window.showMaximized()
            else:
                window.show()
        if before is not None:
            before.close()
            before.deleteLater()

    def after_first_paint(self, then: Callable[[], None]) -> None:
        if self.window is None:
            self._painted.append(then)
        else:
            FirstPaint(self.window, then)

    def show_trouble(self, error: BlendDeskError) -> None:
        """What is wrong, in words, in a window of its own."""
        from blenddesk.ui import rescue

        if error.code in rescue.RESCUED:
            self.show(rescue.RescueWindow(self, error))
            return
        from blenddesk.messages import error_sentence
        from blenddesk.ui.welcome import TroubleWindow

        self.show(TroubleWindow(error_sentence(error)))

    # --- look and language ----------------------------------------------------------------------------------

    def _apply_look(self, *, sheet: bool = True) -> None:
        settings = load_settings(self.paths.settings)
        chosen = self._language or settings.language or _system_language()
        text.use_language(chosen)
        if chosen != self._qt_language:
            speak_qt(self.application, chosen)
            self._qt_language = chosen
        tokens = theme.load_tokens(settings.theme if settings.theme in theme.THEMES else "day")
        language = text.language()
        theme.apply_theme(self.application, tokens, scale=settings.text_scale, language=language, sheet=sheet)

    def relook(self) -> None:
        """Applies changed settings (language, theme, text size) by building the window anew."""
        self._language = ""
        self.switch_to(self.paths, page="settings")

    # --- the end --------------------------------------------------------------------------------------------

    def close(self) -> None:
        self.close_device()
        self._lock.release()
        sys.excepthook = self._old_hook
        qInstallMessageHandler(None)
        stop_logging()

    def close_device(self) -> None:
        """Closes the window and its data; the data directory stays ours."""
        if self.window is not None and self.context is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self.context is not None:
            bootstrap.close_device(self.context)
            self.context = None

    def _on_crash(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A bug: what was being done is undone by the transaction, what was saved before is safe."""
        if isinstance(error, BlendDeskError) and self.window is not None:
            from blenddesk.messages import error_sentence

            kit.Toast(self.window).show_message(error_sentence(error))
            return
        if issubclass(kind, KeyboardInterrupt):
            self.application.quit()
            return
        from blenddesk.ui.crash import tell_crash

        tell_crash(error, self.paths, self.window)


def speak_qt(application: QApplication, language: str) -> bool:
    """Gives Qt's own dialogs and menus (open a file, copy, paste) the words of ``language``; False if it has none."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    name = "qt_words"
    for old in application.findChildren(QTranslator, name):
        application.removeTranslator(old)
        old.deleteLater()
    words = QTranslator(application)
    words.setObjectName(name)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return words.load(f"qtbase_{language.split('_')[0]}", folder) and application.installTranslator(words)


def _system_language() -> str:
    return next((name for name in (QLocale.system().name().split("_")[0],) if name in LANGUAGES), "en")


def _qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    level = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}.get(kind, logging.WARNING)
    logging.getLogger("blenddesk.qt").log(level, "%s", message)
