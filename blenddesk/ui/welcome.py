"""The first window on a computer: four doors; and the window that says in words why nothing can be opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from blenddesk import bootstrap, joining, restoring, text
from blenddesk.config import Paths, load_settings, save_settings
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services.context import DESK, STATION
from blenddesk.text import _
from blenddesk.ui import assets, kit, theme
from blenddesk.ui.kit import paint
from blenddesk.ui.tasks import Progress, TaskRunner
from blenddesk.ui.welcome_doors import SEAT_FILES, make_own_desk, make_sample_desk, own_key
from blenddesk.ui.welcome_sheets import FileWithWordsSheet, SetUpSheet

if TYPE_CHECKING:
    from blenddesk.restoring import Prepared
    from blenddesk.ui.app import Face
    from blenddesk.ui.restore_sheet import RestoreSheet

LANGUAGES = (("en", "English"), ("es", "Español"), ("ar", "العربية"))


class WelcomeWindow(QWidget):
    """T0. Keys 1 to 4 open the doors."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.setObjectName("welcome_window")
        self.setWindowTitle("BlendDesk")
        self.setWindowIcon(assets.app_icon())
        self.setMinimumSize(1024, 600)
        self.resize(1366, 705)
        self.face = face
        self.tasks = TaskRunner(self)
        self.toast = kit.Toast(self)
        doors: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
            (
                "sample",
                _("Play with a sample class"),
                _("Sunflowers, 32 pretend students and three weeks of lessons. Nothing can go wrong."),
                "sunflower",
                self.play_with_sample,
            ),
            (
                "own",
                _("Set up my class"),
                _("Your name, your class, the list of students. Three minutes, every step may be skipped."),
                "teacher",
                self.set_up,
            ),
            (
                "student",
                _("This is a student computer"),
                _("Put in the stick from the teacher and type the five words."),
                "desktop-computer",
                self.join_class,
            ),
            (
                "backup",
                _("Open a backup"),
                _("Bring everything back from a file, with its words or the recovery sheet."),
                "computer-disk",
                self.open_backup,
            ),
        )
        self.grid = kit.ArrowGrid(2, spacing=14)
        self.grid.setAccessibleName(_("Where to begin"))
        self.doors = []
        for number, (key, title, words, picture, act) in enumerate(doors, 1):
            door = Door(title, words, picture, number, self.grid)
            door.setObjectName(f"door_{key}")
            door.clicked.connect(act)
            self.doors.append(door)
        self.grid.set_widgets(list(self.doors))
        self._lay_out()
        self.doors[0].setFocus()

    def _lay_out(self) -> None:
        title = kit.Heading(_("Welcome to BlendDesk"), "display", parent=self)
        about = _("Station rotations for your class. Everything stays on this computer: no account, no internet.")
        line = kit.Text(about, tone="dim", parent=self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(line)
        for _key, name in LANGUAGES:
            theme.need_fonts_for(name, theme.look_of(self))
        chosen = text.language() if text.language() in dict(LANGUAGES) else ""
        self.language = kit.Segmented(LANGUAGES, name=_("Language"), chosen=chosen, parent=self)
        self.language.setObjectName("welcome_language")
        self.language.changed.connect(self._speak)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(_AppSign(self))
        top.addLayout(words, 1)
        top.addWidget(self.language, 0, Qt.AlignmentFlag.AlignTop)
        inner = QWidget(self)
        inner.setMaximumWidth(theme.look_of(self).px(1040))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(self.grid)
        self.colleague = kit.Button(_("I was given a stick by a colleague"), "quiet", icon="usb", parent=self)
        self.colleague.setObjectName("door_colleague")
        self.colleague.clicked.connect(self.join_colleague)
        column.addWidget(self.colleague, 0, Qt.AlignmentFlag.AlignHCenter)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(28, 14, 28, 14)
        outer.addStretch(1)
        outer.addWidget(inner, 20, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdecimal() and 1 <= int(event.text()) <= len(self.doors):
            self.doors[int(event.text()) - 1].click()
            return
        super().keyPressEvent(event)

    def _speak(self, language: str) -> None:
        """Keeps the language for this computer and shows the window anew in it."""
        settings = self.face.paths.settings
        try:
            settings.parent.mkdir(parents=True, exist_ok=True)
            save_settings(settings, load_settings(settings)._replace(language=language))
        except OSError as error:
            self.toast.show_message(error.strerror or str(error))
            return
        self.face.relook()

    # --- the doors ------------------------------------------------------------------------------------------

    def play_with_sample(self) -> None:
        """Opens the pretend class, made the first time; Cancel leaves nothing behind."""
        target = self.face.paths.sample
        if target.exists:
            self._enter(target)
            return
        held = target == self.face.paths

        def work(progress: Progress) -> None:
            if held:
                make_sample_desk(target, progress)
            else:
                with bootstrap.DataLock(target):
                    make_sample_desk(target, progress)

        self._start(_("Making the pretend class"), work, then=lambda: self._enter(target))

    def set_up(self) -> SetUpSheet:
        sheet = SetUpSheet(self, lambda teacher, name: self._make_own(sheet, teacher, name))
        sheet.open()
        return sheet

    def _make_own(self, sheet: SetUpSheet, teacher: str, class_name: str) -> None:
        target = self.face.paths.own
        held = target == self.face.paths

        def work(_progress: Progress) -> None:
            if held:
                make_own_desk(target, teacher, class_name)
            else:
                with bootstrap.DataLock(target):
                    make_own_desk(target, teacher, class_name)

        def then() -> None:
            sheet.close_sheet()
            self._enter(target, page="add_students")

        self._start(_("Making your class"), work, then=then, trouble=sheet.show_trouble)

    def join_class(self) -> FileWithWordsSheet:
        """Makes this a student computer of a class from the teacher's file and words."""
        return self._ask_file(
            _("This is a student computer"),
            _("The teacher adds this computer on the desk and gets a file on a stick and five words."),
            SEAT_FILES,
            _("Join the class"),
            lambda data, words: joining.open_seat(self.face.paths, data, words, role=STATION),
        )

    def join_colleague(self) -> FileWithWordsSheet:
        """Makes this another teacher's desk of a class from a colleague's file and words."""
        return self._ask_file(
            _("Join a colleague's class"),
            _("Your colleague adds your computer on the page of the computers and gives you the stick and five words."),
            SEAT_FILES,
            _("Join the class"),
            lambda data, words: joining.open_seat(self.face.paths, data, words, role=DESK),
        )

    def open_backup(self) -> RestoreSheet:
        """Brings a whole computer back; only where nothing is set up yet."""
        from blenddesk.ui.restore_sheet import RestoreSheet

        sheet = RestoreSheet(self, self.tasks, self.face.paths, self._put_back, key=own_key(self.face.paths))
        sheet.open()
        return sheet

    def _put_back(self, prepared: Prepared) -> None:
        paths = self.face.paths

        def work(_progress: Progress) -> None:
            restoring.carry_out(paths, prepared)

        def then() -> None:
            from blenddesk.ui.rescue import tell_restored

            face = self.face
            self._enter(paths)
            face.after_first_paint(lambda: tell_restored(face, prepared))

        self._start(_("Putting the backup back"), work, then=then)

    def _ask_file(
        self, title: str, about: str, pattern: str, action: str, take: Callable[[bytes, str], object]
    ) -> FileWithWordsSheet:
        def open_file(data: bytes, words: str) -> None:
            def work(_progress: Progress) -> None:
                take(data, words)

            def then() -> None:
                sheet.close_sheet()
                self._enter(self.face.paths)

            self._start(title, work, then=then, trouble=sheet.show_trouble)

        sheet = FileWithWordsSheet(self, title, about, pattern, open_file, action=action)
        sheet.open()
        return sheet

    def _start(
        self,
        title: str,
        work: Callable[[Progress], None],
        *,
        then: Callable[[], None],
        trouble: Callable[[BlendDeskError], None] | None = None,
    ) -> None:
        if self.tasks.is_busy:
            return

        def failed(error: Exception) -> None:
            if not isinstance(error, BlendDeskError):
                raise error
            (trouble or self._say_trouble)(error)

        self.tasks.start(title, work, done=lambda _nothing: then(), failed=failed)

    def _say_trouble(self, error: BlendDeskError) -> None:
        self.toast.show_message(error_sentence(error))

    def _enter(self, paths: Paths, *, page: str = "") -> None:
        try:
            self.face.switch_to(paths, page=page)
        except BlendDeskError as error:
            self._say_trouble(error)


class Door(kit.PaintedButton):
    """A large way in: picture, title, one sentence, and the key that opens it."""

    def __init__(self, title: str, words: str, picture: str, number: int, parent: QWidget) -> None:
        self._line, self._picture, self._number = words, picture, number
        super().__init__(title, parent)
        theme.need_fonts_for(words, theme.look_of(self))
        self.setAccessibleDescription(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(380), look.px(164))

    def minimumSizeHint(self) -> QSize:
        look = theme.look_of(self)
        return QSize(look.px(300), look.px(150))

    def paint_content(self, painter: QPainter) -> None:
        look = theme.look_of(self)
        tokens = look.tokens
        box = QRectF(self.rect()).adjusted(2, 1, -2, -5)
        paint.shadow(painter, box, theme.RADIUS_LARGE, tokens)
        first = self._number == 1
        fill = tokens.primary_soft if first else tokens.surface
        line = tokens.primary if first or self.is_hovered() else tokens.border
        paint.card(painter, box, theme.RADIUS_LARGE, fill, line=line, width=max(2.0 if first else 1.2, tokens.line / 2))
        side = min(look.px(92), box.height() - 40)
        spot = QRectF(box.left() + 24, box.center().y() - side / 2, side, side)
        assets.draw_picture(painter, paint.mirrored(self, spot), self._picture)
        start = spot.right() + 24
        width = box.right() - start - 20
        title = QRectF(start, box.top() + 22, width - look.px(30), box.height() * 0.34)
        words = QRectF(start, title.bottom() + 2, width, box.bottom() - title.bottom() - 18)
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        paint.draw_text(
            painter, paint.mirrored(self, title), self.words(), look.font("title", bold=True), tokens.text, bottom
        )
        self._paint_line(painter, paint.mirrored(self, words), look)
        key_side = look.px(26)
        key = paint.mirrored(self, QRectF(box.right() - key_side - 14, box.top() + 14, key_side, key_side))
        paint.card(painter, key, 7, tokens.sunken)
        small = look.font("small", bold=True)
        paint.draw_text(painter, key, str(self._number), small, tokens.dim, Qt.AlignmentFlag.AlignCenter, lines=1)

    def _paint_line(self, painter: QPainter, room: QRectF, look: theme.Look) -> None:
        """The sentence over as many lines as it takes at full size; smaller only when that does not fit."""
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        font, wrapped = look.font("body"), Qt.TextFlag.TextWordWrap | top
        if QFontMetricsF(font).boundingRect(room, int(wrapped), self._line).height() > room.height():
            paint.draw_text(painter, room, self._line, font, look.tokens.dim, top, lines=5)
            return
        painter.setFont(font)
        painter.setPen(QColor(look.tokens.dim))
        painter.drawText(room, int(wrapped), self._line)


class _AppSign(QLabel):
    """The program's sign; the heading beside it says the name."""

    def sizeHint(self) -> QSize:
        return QSize(72, 72)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with paint.painting(self) as painter:
            assets.draw_app_icon(painter, QRectF(0, 0, 72, 72))


class TroubleWindow(QWidget):
    """Why nothing can be opened, what is safe and what to do, with one button."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.setObjectName("trouble_window")
        self.setWindowTitle("BlendDesk")
        self.resize(760, 440)
        close = kit.Button(_("Close BlendDesk"), "primary", parent=self)
        close.setObjectName("trouble_close")
        close.clicked.connect(self.close)
        self.state = kit.EmptyState(_("BlendDesk cannot open"), sentence, icon="info", actions=(close,), parent=self)
        column = QVBoxLayout(self)
        column.addWidget(self.state)
        close.setFocus()
