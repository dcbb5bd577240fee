"""Pictures of one student's work on the desk: small views, where a picture still is, adding one, words and hiding."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from blenddesk.domain.evidence import MOST_CAPTION
from blenddesk.domain.people import Student
from blenddesk.errors import BlendDeskError
from blenddesk.services import pictures
from blenddesk.services.pictures import Picture, Shown
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_words import clear, day_words
from blenddesk.ui.desk.session import DeskSession

MOST_TILES = 12
MOST_BELOW = 40
"""Letters below a small view; all of them are in the large one and the tool tip."""
VIEW = 320
LARGE = 1_000


def picture_name(shown: Shown) -> str:
    """What a picture is called in words: its caption, else the day it was taken."""
    evidence = shown.evidence
    return evidence.caption or _("Picture of {day}").format(day=day_words(evidence.day))


def away_words(shown: Shown) -> str:
    return _("on {computer}").format(computer=shown.computer) if shown.computer else _("on its way")


class EvidenceCard(kit.Card):
    """The pictures of one student, the newest first. While covered only their number shows."""

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(title=_("Pictures of work"), parent=parent)
        self._session = session
        self._student: Student | None = None
        self._state: tuple[object, ...] | None = None
        self._all = False
        self._pending: list[tuple[kit.PhotoTile, Shown]] = []
        assert self.heading is not None
        self.body.removeWidget(self.heading)
        self.add = kit.Button(_("Add a picture"), size="small", icon="plus", parent=self)
        self.add.setObjectName("evidence_add")
        self.add.clicked.connect(self._add)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.add)
        self.body.addLayout(top)
        self.words = kit.Text("", role="small", tone="dim", parent=self)
        self.body.addWidget(self.words)
        self._tiles = QWidget(self)
        self._flow = kit.FlowLayout(self._tiles, spacing=10)
        self.body.addWidget(self._tiles)
        self.everything = kit.Button("", "quiet", size="small", parent=self)
        self.everything.setObjectName("evidence_all")
        self.everything.clicked.connect(self._show_all)
        self.body.addWidget(self.everything, 0, Qt.AlignmentFlag.AlignLeading)
        self._views = QTimer(self)
        self._views.setSingleShot(True)
        self._views.timeout.connect(self._view_next)

    def show_pictures(self, student: Student, *, covered: bool) -> None:
        found = pictures.pictures_of(self._session.context, student.section, student.id)
        if self._student is None or self._student.id != student.id:
            self._all = False
        state = (student.id, covered, self._all, tuple(found))
        self._student = student
        if state == self._state:
            return
        self._state = state
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        clear(self._flow)
        shown = [] if covered else found if self._all else found[:MOST_TILES]
        self._pending = []
        for number, one in enumerate(shown):
            tile = self._tile(number, one)
            self._flow.addWidget(tile)
            tile.show()
            if one.is_here:
                self._pending.append((tile, one))
        self._tiles.setVisible(bool(shown))
        self.everything.setVisible(len(found) > len(shown) and not covered)
        self.everything.setText(_("Show all {n}").format(n=len(found)))
        self.words.setText(self._summary(found, covered=covered))
        self.words.setVisible(bool(self.words.text()))
        back = self.findChild(QWidget, name) if name else None
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._views.start(0)

    def _summary(self, found: list[Shown], *, covered: bool) -> str:
        away = sum(not one.is_here for one in found)
        if not found:
            return _("Nothing yet. Students add pictures of their work at their computer, or you add one here.")
        parts = []
        if covered:
            parts.append(ngettext("{n} picture, covered", "{n} pictures, covered", len(found)).format(n=len(found)))
        if away:
            parts.append(ngettext("{n} has not come home yet", "{n} have not come home yet", away).format(n=away))
        return " · ".join(parts)

    def _tile(self, number: int, shown: Shown) -> kit.PhotoTile:
        name = f"{number + 1}. {picture_name(shown)}"
        if not shown.is_here:
            name = f"{name}, {away_words(shown)}"
        caption = shown.evidence.caption
        short = caption if len(caption) <= MOST_BELOW else caption[: MOST_BELOW - 1].rstrip() + "…"
        below = short or day_words(shown.evidence.day)
        tile = kit.PhotoTile(name, below, waiting="" if shown.is_here else away_words(shown), parent=self._tiles)
        tile.setToolTip(caption if caption != short else "")
        tile.setObjectName(f"evidence_{shown.evidence.id.hex()}")
        tile.clicked.connect(lambda: EvidenceSheet(self._session, shown).open())
        return tile

    def _view_next(self) -> None:
        """One picture at a time, so that the page can be used meanwhile."""
        if not self._pending or self._student is None:
            return
        tile, shown = self._pending.pop(0)
        show_view(self._session, tile, self._student, shown, VIEW)
        if self._pending:
            self._views.start(0)

    def _show_all(self) -> None:
        self._all = True
        if self._student is not None:
            self.show_pictures(self._student, covered=False)

    # --- adding -----------------------------------------------------------------------------------------------------

    def ask_file(self) -> str:
        """A picture file that the teacher chooses; "" for none. Tests put another in its place."""
        from PySide6.QtWidgets import QFileDialog

        kinds = _("Pictures")
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Add a picture"), self._session.context.settings.last_folder, f"{kinds} (*.jpg *.jpeg *.png *.bmp)"
        )
        return chosen

    def _add(self) -> None:
        student = self._student
        chosen = self.ask_file()
        if chosen and student is not None:
            from blenddesk.ui.picture_intake import read_picture

            path = Path(chosen)
            self._session.window.tasks.start(
                _("Adding a picture"),
                lambda _progress: read_picture(path),
                done=lambda picture: self._keep(student, picture),
                failed=self._session.say_trouble,
            )

    def _keep(self, student: Student, picture: Picture) -> None:
        self._session.do(pictures.add_picture, student.section, student.id, picture)


class EvidenceSheet(kit.Sheet):
    """One picture, large, with the teacher's words below it."""

    def __init__(self, session: DeskSession, shown: Shown) -> None:
        window = session.window
        super().__init__(window, picture_name(shown), width=760)
        self._session, self._shown = session, shown
        evidence = shown.evidence
        section = session.section_id
        student = session.context.reads.people.student(section, evidence.student) if section is not None else None
        self._student = student
        look = theme.look_of(window)
        room = max(150, window.height() - look.px(360))
        waiting = "" if shown.is_here else away_words(shown)
        self.photo = kit.PhotoTile(picture_name(shown), waiting=waiting, width=600, height=round(room / look.px(1)))
        self.photo.setObjectName("evidence_photo")
        self.photo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignHCenter)
        if not shown.is_here:
            words = _("This picture is still {where}. Bring work home from there and it appears here.")
            self.body.addWidget(kit.Text(words.format(where=away_words(shown)), role="small", tone="dim", parent=self))
        self.caption = kit.TextField(evidence.caption, placeholder=_("Such as: reads a whole page"), parent=self)
        self.caption.setObjectName("evidence_caption")
        self.caption.setMaxLength(MOST_CAPTION)
        self.caption.returnPressed.connect(self._save)
        self.body.addWidget(kit.FormRow(_("Words under the picture"), self.caption, parent=self))
        hide = kit.Button(_("Hide the picture"), icon="eye-slash", parent=self)
        hide.setObjectName("evidence_hide")
        hide.clicked.connect(self._hide)
        save = kit.Button(_("Save"), "primary", parent=self)
        save.setObjectName("evidence_save")
        save.clicked.connect(self._save)
        self.add_action(hide)
        self.add_action(save)
        if shown.is_here and student is not None:
            show_view(session, self.photo, student, shown, LARGE)

    def _save(self) -> None:
        if self._student is not None:
            evidence = self._shown.evidence
            done = self._session.do(pictures.set_caption, self._student.section, evidence.id, self.caption.text())
            if done is not None:
                self.close_sheet()

    def _hide(self) -> None:
        if self._student is not None:
            self._session.do(pictures.hide, self._student.section, self._shown.evidence.id)
            self.close_sheet()


def show_view(session: DeskSession, tile: kit.PhotoTile, student: Student, shown: Shown, side: int) -> None:
    """Puts the picture into the tile; one that cannot be read stays a camera, and is fetched again."""
    from blenddesk.ui.picture_intake import view_of

    try:
        data = pictures.picture_data(session.context, student.section, shown.evidence)
    except BlendDeskError as error:
        session.say_trouble(error)
        return
    image = view_of(data, side) if data is not None else None
    if image is not None and not image.isNull():
        tile.set_image(image)
