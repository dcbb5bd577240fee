"""One student: goals beside the work, what the teacher knows (covered when others see), signing in, classes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from blenddesk.domain.ids import Id
from blenddesk.services import conflicts, goals, profiles
from blenddesk.text import _, ngettext
from blenddesk.ui import kit, theme
from blenddesk.ui.desk.child_evidence import EvidenceCard
from blenddesk.ui.desk.child_goals import GoalsCard
from blenddesk.ui.desk.child_profile import ProfileCard
from blenddesk.ui.desk.child_sign_in import ClassesCard, RenameSheet, SignInCard
from blenddesk.ui.desk.child_work import WorkCard, work_of
from blenddesk.ui.desk.page import DeskPage
from blenddesk.ui.desk.session import DeskSession

SIDE_WIDTH = 340
NARROW = 900


class ChildPage(DeskPage):
    """T4. ``open_with(student=id)`` says whose page it is; notes are covered whenever another display may show them."""

    kinds = frozenset(
        {"section", "student", "enrollment", "profile", "goal", "goal_step", "entry", "reflection", "plan", "block"}
        | {"evidence", "evidence_private", "evidence_note"}
    )

    def __init__(self, session: DeskSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._student: Id | None = None
        self._covered = False
        self.back = kit.IconButton("caret-left", _("Back to the class"), px=42, parent=self)
        self.back.setObjectName("child_back")
        self.back.clicked.connect(self._go_back)
        self.avatar = kit.AvatarCircle("", px=48, parent=self)
        self.rename = kit.Button(_("Name"), icon="pencil-simple", parent=self)
        self.rename.setObjectName("child_rename")
        self.rename.clicked.connect(self._rename)
        self.cover = kit.Button(_("Cover the notes"), icon="eye-slash", parent=self)
        self.cover.setObjectName("child_cover")
        self.cover.clicked.connect(lambda: self.set_covered(not self._covered))
        self.header = kit.PageHeader("", actions=(self.rename, self.cover), parent=self)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.back)
        top.addWidget(self.avatar)
        top.addWidget(self.header, 1)
        self.gone = kit.EmptyState(
            _("Choose a student"),
            _("Open the class and press a name to see goals, work and notes."),
            icon="student",
            parent=self,
        )
        self._look = kit.Button(_("Look"), size="small", parent=self)
        self._look.setObjectName("child_versions")
        self._look.clicked.connect(self._open_versions)
        self.versions = kit.Banner("", "info", actions=(self._look,), parent=self)
        self.area = kit.ScrollBody(parent=self)
        self.goals = GoalsCard(session)
        self.work = WorkCard()
        self.evidence = EvidenceCard(session)
        self.profile = ProfileCard(session)
        self.profile.uncover_requested.connect(lambda: self.set_covered(False))
        self.sign_in = SignInCard(session)
        self.classes = ClassesCard(session)
        main, side = QVBoxLayout(), QVBoxLayout()
        for column, cards in (
            (main, (self.goals, self.evidence, self.profile)),
            (side, (self.work, self.sign_in, self.classes)),
        ):
            column.setSpacing(12)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
        self._side = QWidget()
        self._side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(14)
        self._columns.addLayout(main, 1)
        self._columns.addWidget(self._side)
        self.area.body.addLayout(self._columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 14, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.versions)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.gone, 1)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._go_back)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._on_screen_added)

    def open_with(self, **what: object) -> None:
        student = what.get("student")
        if isinstance(student, bytes):
            self._student = student
            self._covered = self._others_may_see()
            self.sign_in.hide_code()
            self.area.verticalScrollBar().setValue(0)
            self.refresh_soon()

    def _others_may_see(self) -> bool:
        """A second display, or a window opened from the desk such as the board."""
        return len(QGuiApplication.screens()) > 1 or bool(self.session.window.extra_windows())

    def _on_screen_added(self) -> None:
        self._cover_from_others()

    def _cover_from_others(self) -> None:
        """A display was plugged in or the board was opened since: notes are covered until uncovered on purpose."""
        if self._others_may_see() and not self._covered:
            self._covered = True
            self.refresh_soon()

    def set_covered(self, covered: bool) -> None:
        """Hides or shows notes and answers on this page."""
        self._covered = covered
        self.refresh()

    def refresh(self) -> None:
        context, section = self.session.context, self.session.section()
        student = None
        if section is not None and self._student is not None:
            student = context.reads.people.student(section.id, self._student)
        for part in (self.area, self.avatar, self.rename, self.cover):
            part.setVisible(student is not None)
        self.gone.setVisible(student is None)
        waiting = 0 if student is None else conflicts.count_about(context, student.id)
        self.versions.setVisible(waiting > 0)
        words = ngettext(
            "{n} thing here was written on two computers. Both versions are kept.",
            "{n} things here were written on two computers. Both versions are kept.",
            waiting,
        ).format(n=waiting)
        self.versions.set_text(words)
        self._look.setAccessibleName(_("Look: {what}").format(what=words))
        if section is None or student is None:
            self.header.set_words(_("Student"))
            return
        full = " ".join(filter(None, (student.given, student.middle, student.family)))
        self.header.set_words(student.name, " · ".join(filter(None, (full, section.name))))
        self.avatar.set_student(student.name, student.avatar)
        self.cover.setText(_("Show the notes") if self._covered else _("Cover the notes"))
        self.cover.set_icon("eye" if self._covered else "eye-slash")
        self.goals.show_goals(student, goals.goals_of_student(context, section.id, student.id))
        self.profile.show_profile(student.id, profiles.profile(context, section.id, student.id))
        self.profile.show_covered(self._covered)
        self.work.show_work(
            work_of(context, section.id, student.id), older=section.look == "older", covered=self._covered
        )
        self.evidence.show_pictures(student, covered=self._covered)
        self.sign_in.show_student(student, section)
        self.classes.show_student(student)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.look_of(self)
        narrow = self.width() < look.px(NARROW)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(direction)
        self._side.setFixedWidth(16_777_215 if narrow else look.px(SIDE_WIDTH))
        if narrow:
            self._side.setMinimumWidth(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.window.rail.choose("class")
        self._cover_from_others()

    def hideEvent(self, event: QHideEvent) -> None:
        self.sign_in.hide_code()
        super().hideEvent(event)

    def _go_back(self) -> None:
        self.session.window.open_page("class")

    def _open_versions(self) -> None:
        from blenddesk.ui.desk.tray_sheet import TraySheet

        TraySheet(self.session, self._student).open()

    def _rename(self) -> None:
        section = self.session.section_id
        if section is None or self._student is None:
            return
        student = self.session.context.reads.people.student(section, self._student)
        if student is not None:
            RenameSheet(self.session, student).open()
