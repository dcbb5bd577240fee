"""The student's window ("Student computer"): which screen is up, who is signed in, and what is kept of whom.

It runs as the whole program on a shared computer, and on the teacher's desk with ``live=True``, where it sees the
lesson as it runs. Screens are built when shown; everything a child has begun is in a ``Draft`` that outlives them.

For drivers and tests, widgets by objectName: ``tile_<n>`` (place on the screen), ``picture_<1-9>`` (as on a pad),
``did_it``, ``start``, ``station_<n>``, ``tick_<n>``, ``more_stations``, ``friend``, ``friend_<n>``, ``friends_done``,
``growth_<1-4>``, ``chip_<word>``, ``write``, ``remark``, ``remark_done``, ``skip``, ``finish``, ``oops``, ``goal``,
``goal_step_<n>``, ``did_step``, ``help``, ``help_back``, ``not_me``, ``back``, ``goodbye``, ``class_<n>``,
``next_round``, ``wake``, ``language``, ``teacher``, ``stay``, ``close_for_good``; ``strip_done`` on ``window.strip``.
``window.screen_name`` says which screen is up, ``window.screen_changed`` when that changes, ``window.saved`` when a
visit is on the disk. ``window.tick()`` lets time pass as the clock of the context has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from blenddesk import text
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.domain.people import Student
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import kiosk
from blenddesk.services.context import AppContext
from blenddesk.services.kiosk import MyDay, MyStation
from blenddesk.text import _
from blenddesk.ui import kit, theme
from blenddesk.ui.bus import Bus
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.entrance import AsleepScreen, ClassScreen
from blenddesk.ui.kiosk.first_time import AvatarScreen
from blenddesk.ui.kiosk.friends import FriendsScreen
from blenddesk.ui.kiosk.goal import GoalScreen
from blenddesk.ui.kiosk.opening import open_resource
from blenddesk.ui.kiosk.pictures import PicturesScreen
from blenddesk.ui.kiosk.reflect import ReflectScreen
from blenddesk.ui.kiosk.screen import KioskScreen
from blenddesk.ui.kiosk.signs import (
    OOPS_SECONDS,
    STILL_HERE_SECONDS,
    EyesSign,
    GoodbyeBar,
    HelpScreen,
    KioskSheet,
    Shield,
    StillHere,
)
from blenddesk.ui.kiosk.stations import StationsScreen
from blenddesk.ui.kiosk.strip import KioskStrip
from blenddesk.ui.kiosk.visit import Draft, Work, work_of
from blenddesk.ui.kiosk.who import WhoScreen, avatar_of
from blenddesk.ui.kit.buttons import Kind

GUARD_MS = 250
"""Taps this soon after a screen change were meant for the screen before."""
ASLEEP_AFTER_SECONDS = 300
STRIP_SECONDS = 20 * 60
"""How long a child may work beside the strip when neither round nor plan says."""
_INPUT = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.Wheel,
    }
)


class KioskWindow(QWidget):
    """``section``: the class to begin with; None asks. ``live``: this computer sees the teacher's running lesson."""

    screen_changed = Signal(str)
    saved = Signal(object)
    """The ``ChangeSet`` of a visit, once it is on the disk and before Goodbye shows."""
    closed = Signal()

    def __init__(
        self,
        context: AppContext,
        *,
        section: Id | None = None,
        live: bool = False,
        guard_ms: int = GUARD_MS,
        opener: Callable[[str], bool] = open_resource,
    ) -> None:
        super().__init__()
        self.setObjectName("kiosk_window")
        self.setWindowTitle(_("Student computer"))
        self.context = context
        self.live = live
        self.section_id: Id | None = None
        self.student: Student | None = None
        """Who is signed in; None at the tiles and the pictures."""
        self.day: MyDay | None = None
        self.older = False
        self.started: set[Work] = set()
        self.all_friends = False
        self.strip: KioskStrip | None = None
        self.has_several_classes = False
        self._view: kiosk.ClassView | None = None
        self._drafts: dict[tuple[Id, Id], Draft] = {}
        self._before: Draft | None = None
        self._misses: dict[Id, int] = {}
        self._moved_to: dict[Id, int] = {}
        self._goodbye: tuple[ChangeSet, Student, Draft, int] | None = None
        self._question: tuple[StillHere, int] | None = None
        self._strip_ends = 0
        self._eyes: EyesSign | None = None
        self._may_close = False
        self._behind_help: Callable[[], None] = self.show_who
        self._guard_ms = guard_ms
        self._opener = opener
        self._outer_language = text.language()
        self.language = self._outer_language
        theme.set_look(self, face="kiosk", scale=context.settings.text_scale)
        self.setMinimumSize(960, 600)
        self.resize(1366, 768)
        if not context.is_desk:
            self.setWindowFlags(self.windowFlags() | Qt.WindowType.FramelessWindowHint)
        self._built_for = self.size()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shield = Shield(self)
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.timeout.connect(self._shield.hide)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self.tick)
        self._last_input = self._now()
        self._bus = Bus(context, self)
        self._bus.changed.connect(self._on_data_changed)
        self.screen_widget: KioskScreen | None = None
        self._begin(section)

    # --- screens ----------------------------------------------------------------------------------------------------

    @property
    def screen_name(self) -> str:
        """``asleep``, ``classes``, ``who``, ``pictures``, ``choose_avatar``, ``stations``, ``friends``, ``reflect``,
        ``goal`` or ``help``."""
        return self.screen_widget.name if self.screen_widget is not None else ""

    def _show(self, screen: KioskScreen, *, focus: str = "", guard: bool = True) -> None:
        old, self.screen_widget = self.screen_widget, screen
        self._built_for = self.size()
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            # Out of the window at once: names on the new screen must not find the old one's buttons.
            old.setParent(None)
            old.deleteLater()
        self._column.addWidget(screen)
        screen.show()
        target = screen.findChild(QWidget, focus) if focus else None
        target = target or screen.first_focus() or screen
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if guard:
            self._last_input = self._now()
            if self._guard_ms:
                self._shield.cover(self.size())
                self._guard.start(self._guard_ms)
        self.screen_changed.emit(screen.name)

    def _begin(self, section: Id | None) -> None:
        choices = kiosk.class_choices(self.context)
        self.has_several_classes = len(choices) > 1
        if section is None and len(choices) == 1:
            section = choices[0].section.id
        if section is None:
            self.show_classes()
        else:
            self.choose_class(section)

    def sleep(self) -> None:
        self._sign_out()
        names = self._view.section.name if self._view is not None else ""
        self._show(AsleepScreen(self, names))

    def wake(self) -> None:
        if self.section_id is None or self.has_several_classes:
            self.show_classes()
        else:
            self.show_who()

    def show_classes(self) -> None:
        self._sign_out()
        self.older = False
        choices = kiosk.class_choices(self.context)
        self.has_several_classes = len(choices) > 1
        self._show(ClassScreen(self, choices))

    def choose_class(self, section: Id) -> None:
        self.section_id = section
        self.show_who()

    def show_who(self) -> None:
        """The tiles, with nobody signed in."""
        if self.section_id is None:
            self.show_classes()
            return
        self._sign_out()
        self._load_class()
        assert self._view is not None
        self._show(WhoScreen(self, self._view))

    def show_stations(self, *, page: int = 0) -> None:
        if not self._load_day():
            return
        assert self.day is not None
        self._draft().answering = False
        self._show(StationsScreen(self, self.day, self._draft(), page=page))

    def show_reflect(self, place: int = 0) -> None:
        draft = self._draft()
        assert self.day is not None
        known = {work_of(station) for station in self.day.stations}
        draft.ticked = [work for work in draft.ticked if work in known]
        if not draft.ticked:
            self.show_stations()
            return
        draft.answering = True
        self._show(ReflectScreen(self, self.day, draft, min(place, len(draft.ticked) - 1)))

    def show_goal(self, place: int | bool = 0) -> None:
        if not self._load_day():
            return
        assert self.day is not None
        if self.day.goals:
            self._show(GoalScreen(self, self.day.goals, int(place)))
        else:
            self.show_stations()

    def show_friends(self) -> None:
        self.all_friends = False
        self._show_friends()

    def show_all_friends(self) -> None:
        self.all_friends = True
        self._show_friends()

    def _show_friends(self) -> None:
        assert self._view is not None
        assert self.student is not None
        others = [tile for tile in self._view.tiles if tile.student.id != self.student.id]
        shape = self.day.shape if self.day is not None else ""
        self._show(FriendsScreen(self, others, shape, self._draft()))

    # --- signing in and out -----------------------------------------------------------------------------------------

    def choose_student(self, student: Student) -> None:
        """A tile was tapped."""
        self._end_goodbye()
        assert self._view is not None
        if student.language:
            self._speak(student.language)
        if self._view.section.sign_in == "pictures" and kiosk.may_choose_sign_in(self.context, student):
            if student.avatar:
                self._choose_code(student, student.avatar)
            else:
                self.choose_avatar(student)
        elif kiosk.needs_code(self._view, student):
            self._ask_pictures(student)
        else:
            self.sign_in(student)

    def _ask_pictures(self, student: Student) -> None:
        ask = _("Tap your 3 pictures.")
        check = partial(self._check_code, student)
        self._show(PicturesScreen(self, student, self._shape_of(student), ask=ask, on_code=check))

    def _check_code(self, student: Student, code: Sequence[int]) -> str:
        if kiosk.code_fits(student, code):
            self._misses.pop(student.id, None)
            self.sign_in(student)
            return ""
        misses = self._misses.get(student.id, 0) + 1
        self._misses[student.id] = misses
        if misses % kiosk.TRIES:
            return _("Not quite. Try again.")
        assert self.section_id is not None
        self._do(kiosk.note_missed_sign_in, self.section_id, student.id)
        return _("Ask your teacher.")

    def sign_in(self, student: Student) -> None:
        """The student is who they say; their kept draft comes back where they left it."""
        self.student = student
        draft = self._draft()
        self._before = draft.copy()
        if not self._load_day():
            return
        if draft.answering and draft.ticked:
            self.show_reflect()
        else:
            self.show_stations()

    def not_me(self) -> None:
        """The wrong child: leaves the draft as its owner had left it, and nothing is written."""
        if self.student is not None and self.section_id is not None and self._before is not None:
            self._drafts[self.section_id, self.student.id] = self._before
        self.show_who()

    def say_goodbye(self) -> None:
        """Signs out. What was ticked is asked about first, so that a tick never goes home unsaved."""
        if self._draft().ticked:
            self.show_reflect()
        else:
            self.show_who()

    def _sign_out(self) -> None:
        if self.student is not None and self.section_id is not None:
            key = (self.section_id, self.student.id)
            if key in self._drafts and self._drafts[key].is_empty:
                del self._drafts[key]
        self._close_question()
        self._end_goodbye()
        self.student, self.day, self._before = None, None, None
        self.started.clear()
        self._behind_help = self.show_who
        section = self._view.section if self._view is not None else None
        self._speak(section.language if section is not None and section.language else self._outer_language)

    # --- first sign-in (on a desk) ----------------------------------------------------------------------------------

    def choose_avatar(self, student: Student, page: int = 0) -> None:
        assert self._view is not None
        taken = {tile.student.avatar for tile in self._view.tiles}
        self._show(AvatarScreen(self, student, taken, page))

    def avatar_chosen(self, student: Student, avatar: str) -> None:
        self._choose_code(student, avatar)

    def _choose_code(self, student: Student, avatar: str) -> None:
        ask = _("Choose 3 pictures.")
        then = partial(self._confirm_code, student, avatar)
        self._show(PicturesScreen(self, student, self._shape_of(student), ask=ask, on_code=then, all_different=True))

    def _confirm_code(self, student: Student, avatar: str, first: Sequence[int]) -> str:
        def again(second: Sequence[int]) -> str:
            if list(second) != list(first):
                self._choose_code(student, avatar)
                return ""
            if self._do(kiosk.choose_sign_in, student.id, avatar=avatar, code=list(first)) is not None:
                self.sign_in(student)
            return ""

        ask = _("And once more, the same 3.")
        self._show(PicturesScreen(self, student, self._shape_of(student), ask=ask, on_code=again))
        return ""

    # --- doing ------------------------------------------------------------------------------------------------------

    def did_it(self, station: MyStation) -> None:
        draft = self._draft()
        work = work_of(station)
        if work not in draft.ticked:
            # First in line: words and remark are about what the child is just coming from.
            draft.ticked.insert(0, work)
        self.show_reflect()

    def finish(self) -> None:
        """Saves the visit; Goodbye shows only after it is on the disk."""
        assert self.day is not None
        assert self.student is not None
        assert self.section_id is not None
        student, draft = self.student, self._draft()
        change = self._do(
            kiosk.finish_visit,
            self.section_id,
            student.id,
            draft.finished(self.day),
            words=draft.words,
            remark=draft.remark,
            friends=draft.friends,
        )
        if change is None:
            return
        del self._drafts[self.section_id, student.id]
        self.saved.emit(change)
        self.show_who()
        until = self._now() + OOPS_SECONDS * 1000
        self._goodbye = (change, student, draft, until)
        screen = self.screen_widget
        assert screen is not None
        bar = GoodbyeBar(student, avatar_of(student, self.older), self.older, self.oops, screen)
        bar.setFixedHeight(screen.header.sizeHint().height())
        screen.header.hide()
        screen.column.insertWidget(0, bar)
        last = screen.pills.itemAt(screen.pills.count() - 1).widget()
        if last is not None:
            QWidget.setTabOrder(last, bar.oops)
        kit.announce(self, words.see_you(student.name, self.older))

    def oops(self) -> None:
        """Takes the visit back, whole, and returns to its answers."""
        if self._goodbye is None or self.section_id is None:
            return
        change, student, draft, _until = self._goodbye
        self._end_goodbye()
        if self._do(kiosk.take_back, change) is not None:
            self._drafts[self.section_id, student.id] = draft
            if student.language:
                self._speak(student.language)
            self.sign_in(student)

    def tap_step(self, step: Id, done: bool) -> None:
        assert self.section_id is not None
        assert self.student is not None
        use_case = kiosk.do_goal_step if done else kiosk.undo_goal_step
        self._do(use_case, self.section_id, self.student.id, step)
        screen = self.screen_widget
        self.show_goal(screen.place if isinstance(screen, GoalScreen) else 0)

    def ask_for_help(self) -> None:
        """A raised hand across the room; noted for the teacher when it is known whose."""
        screen = self.screen_widget
        name = screen.name if screen is not None else ""
        if self.student is not None and self.section_id is not None and self.day is not None:
            place = self.day.now
            here = self.day.stations[place] if place is not None else None
            plan, block = (here.plan, here.block.id) if here is not None else (None, None)
            self._do(kiosk.ask_for_help, self.section_id, self.student.id, plan=plan, block=block)
            backs: dict[str, Callable[[], None]] = {"goal": self.show_goal}
            if isinstance(screen, ReflectScreen):
                backs["reflect"] = partial(self.show_reflect, screen.place)
            self._behind_help = backs.get(name, self.show_stations)
        shape = self.day.shape if self.day is not None else ""
        self._show(HelpScreen(self, shape))

    def back_from_help(self) -> None:
        self._behind_help()

    def move_on(self) -> None:
        """The round is a suggestion of the plan's clock; anyone moves it on with one tap, round and round."""
        if self._view is None or self._view.sheet is None or self._view.round.index is None:
            return
        self._moved_to[self._view.sheet.plan.id] = (self._view.round.index + 1) % max(self._view.round.count, 1)
        self.show_who()

    # --- the station's own program ----------------------------------------------------------------------------------

    def start_station(self, station: MyStation) -> None:
        """Opens what the station works with and leaves only the strip on the screen."""
        assert self.student is not None
        if not self._opener(station.block.resource):
            twin = station.block.paper_twin
            say = _("On paper: {task}").format(task=twin) if twin else _("Ask your teacher.")
            self._tell(_("It did not open."), say)
            return
        self.started.add(work_of(station))
        self._draft().shown = work_of(station)
        minutes = self.minutes_of(station)
        left = self.day.round.seconds_left if self.day is not None else None
        seconds = left or (minutes * 60 if minutes else None)
        self._strip_ends = self._now() + (seconds or STRIP_SECONDS) * 1000
        avatar = avatar_of(self.student, self.older)
        self.strip = KioskStrip(self, self.student, avatar, station.block.title, seconds)
        self.strip.finished.connect(self._back_from_strip)
        self.strip.show_on_top()
        # Hidden only after the strip shows: a program without a window would end.
        self._hide_for_strip()

    def _hide_for_strip(self) -> None:
        self.hide()
        self._clock.start()

    def _back_from_strip(self) -> None:
        strip, self.strip = self.strip, None
        if strip is None:
            return
        strip.deleteLater()
        if self._may_close:
            return
        self.show()
        self.raise_()
        self.activateWindow()
        self.show_stations()

    def minutes_of(self, station: MyStation) -> int | None:
        """How long the station lasts by the plan; None when nobody said."""
        sheet = self._view.sheet if self._view is not None else None
        if sheet is not None and sheet.plan.id == station.plan and station.round is not None:
            return sheet.plan.rounds[station.round]
        return station.block.minutes

    # --- time -------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Once a second: timers, the idle question, Oops, the teacher's eyes-on-me."""
        now = self._now()
        if self.strip is not None:
            left = max(0, (self._strip_ends - now) // 1000)
            self.strip.set_seconds(left if self.strip.timer.isVisibleTo(self.strip) else None)
            if left == 0:
                self.strip.close()
            return
        if self.screen_widget is not None:
            self.screen_widget.tick()
        self._watch_lesson()
        if self._goodbye is not None:
            self._tick_goodbye(now)
        if self._question is not None:
            question, until = self._question
            question.ring.set_share(max(0, until - now) / (STILL_HERE_SECONDS * 1000))
            if now >= until:
                self.show_who()
        else:
            self._watch_idle(now)

    def _watch_idle(self, now: int) -> None:
        idle = (now - self._last_input) // 1000
        limit = max(10, self._view.section.idle_seconds) if self._view is not None else 20
        name = self.screen_name
        if self.student is not None and idle >= limit:
            question = StillHere(self, self.student.name)
            question.open()
            self._question = (question, now + STILL_HERE_SECONDS * 1000)
        elif name in ("pictures", "choose_avatar", "help") and idle >= limit:
            self.show_who()
        elif name in ("who", "classes") and idle >= ASLEEP_AFTER_SECONDS and self._open_sheet() is None:
            self.sleep()

    def stay(self) -> None:
        """Still here."""
        self._close_question()
        self._last_input = self._now()

    def _close_question(self) -> None:
        if self._question is not None:
            question, _until = self._question
            self._question = None
            question.close_sheet()

    def _tick_goodbye(self, now: int) -> None:
        assert self._goodbye is not None
        until = self._goodbye[3]
        bar = self.findChild(GoodbyeBar)
        if now >= until:
            self._end_goodbye()
        elif bar is not None:
            bar.ring.set_share((until - now) / (OOPS_SECONDS * 1000))

    def _end_goodbye(self) -> None:
        self._goodbye = None
        bar = self.findChild(GoodbyeBar)
        if bar is not None and self.screen_widget is not None:
            self.screen_widget.column.removeWidget(bar)
            bar.hide()
            bar.setParent(None)
            bar.deleteLater()
            self.screen_widget.header.show()

    def _watch_lesson(self) -> None:
        view = self._view
        if view is None or view.sheet is None:
            return
        plan = view.sheet.plan.id
        section = view.section.id
        moved = self._moved_to.get(plan)
        now = kiosk.round_now(self.context, section, view.sheet, live=self.live, moved_to=moved)
        if now.eyes_on_me and self._eyes is None:
            self._eyes = EyesSign(self)
            self._eyes.show()
            self._eyes.raise_()
        elif not now.eyes_on_me and self._eyes is not None:
            self._eyes.deleteLater()
            self._eyes.hide()
            self._eyes = None
        if self.screen_name == "who" and now.index != view.round.index:
            self._refresh()

    # --- language ---------------------------------------------------------------------------------------------------

    def _speak(self, language: str) -> None:
        text.use_language(language)
        if language != self.language or theme.look_of(self).language != language:
            self.language = language
            theme.set_look(self, language=language)

    def ask_language(self) -> None:
        sheet = KioskSheet(self, _("Which language?"))
        for code, name in words.LANGUAGES.items():
            kind: Kind = "primary" if code == self.language else "secondary"
            sheet.answer(name, f"language_{code}", partial(self._choose_language, code), kind=kind)
        sheet.open()

    def _choose_language(self, language: str) -> None:
        self._load_class()
        self._speak(language)
        assert self._view is not None
        self._show(WhoScreen(self, self._view))

    # --- data -------------------------------------------------------------------------------------------------------

    def _load_class(self) -> None:
        assert self.section_id is not None
        sheet = kiosk.plan_in_view(self.context, self.section_id, live=self.live)
        moved = self._moved_to.get(sheet.plan.id) if sheet is not None else None
        self._view = kiosk.class_view(self.context, self.section_id, live=self.live, moved_to=moved)
        self.older = self._view.section.look == "older"
        if self.student is None:
            self._speak(self._view.section.language or self._outer_language)

    def _load_day(self) -> bool:
        """Reads what the signed-in student sees; back to the tiles when they are not in the class any more."""
        assert self.section_id is not None
        assert self.student is not None
        sheet = self._view.sheet if self._view is not None else None
        moved = self._moved_to.get(sheet.plan.id) if sheet is not None else None
        try:
            self.day = kiosk.my_day(self.context, self.section_id, self.student.id, live=self.live, moved_to=moved)
        except BlendDeskError as error:
            self.show_who()
            self._tell(_("Ask your teacher."), error_sentence(error))
            return False
        return True

    def _draft(self) -> Draft:
        assert self.section_id is not None
        assert self.student is not None
        return self._drafts.setdefault((self.section_id, self.student.id), Draft())

    def name_of(self, student: Id) -> str:
        tiles = self._view.tiles if self._view is not None else ()
        return next((tile.student.name for tile in tiles if tile.student.id == student), "")

    def without_code(self, student: Student) -> bool:
        """Let in with a tap although the class signs in with pictures."""
        return self._view is not None and self._view.section.sign_in == "pictures" and not student.code

    def _shape_of(self, student: Student) -> str:
        tiles = self._view.tiles if self._view is not None else ()
        shape = next((tile.shape for tile in tiles if tile.student.id == student.id), "")
        return shape if shape in theme.SHAPES else ""

    def _do(self, use_case: Callable[..., ChangeSet], *args: object, **kwargs: object) -> ChangeSet | None:
        """Runs a use case; trouble is told in words, and what the child did is kept."""
        try:
            return self.context.run(use_case, *args, **kwargs)
        except BlendDeskError as error:
            self._tell(_("Ask your teacher."), error_sentence(error))
            return None

    def _tell(self, title: str, sentence: str) -> None:
        sheet = KioskSheet(self, title, sentence)
        sheet.answer(_("OK"), "told", lambda: None, kind="primary")
        sheet.open()

    def _open_sheet(self) -> KioskSheet | None:
        return next((sheet for sheet in self.findChildren(KioskSheet) if not sheet.isHidden()), None)

    def _on_data_changed(self, change: ChangeSet) -> None:
        """The teacher changed something on this very computer, or a stick was read."""
        if change.kinds & {"student", "enrollment", "plan", "membership", "seat", "section", "lesson_event", "block"}:
            self._refresh()

    def _refresh(self) -> None:
        """Shows the same screen with the data as it is now; the finger and the keys stay where they are."""
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None else ""
        if self.screen_name == "who" and self._goodbye is None:
            self._load_class()
            assert self._view is not None
            self._show(WhoScreen(self, self._view), focus=name, guard=False)
        elif self.screen_name == "stations" and self._load_day():
            assert self.day is not None
            self._show(StationsScreen(self, self.day, self._draft()), focus=name, guard=False)

    def _now(self) -> int:
        return self.context.clock.steady_ms()

    # --- closing ----------------------------------------------------------------------------------------------------

    def ask_to_close(self) -> None:
        """The teacher's way out. A PIN takes the place of the plain question once teachers have one."""
        sheet = KioskSheet(self, _("Only for your teacher"), _("Close the student computer? What is ticked is saved."))
        sheet.answer(_("Stay"), "stay_open", lambda: None, kind="primary")
        sheet.answer(_("Close"), "close_for_good", self.close_for_good, kind="secondary")
        sheet.open()

    def close_for_good(self) -> None:
        """Closes without a question. Kept drafts with ticks are saved first: what a child ticked is never lost."""
        self._may_close = True
        self.close()

    def save_drafts(self) -> None:
        """Saves what children ticked and walked away from, with the answers they had given."""
        for (section, student), draft in list(self._drafts.items()):
            if draft.ticked:
                self.section_id = section
                try:
                    day = kiosk.my_day(self.context, section, student, live=self.live)
                    finished = draft.finished(day)
                    given = {"words": draft.words, "remark": draft.remark, "friends": draft.friends}
                    self.context.run(kiosk.finish_visit, section, student, finished, **given)  # type: ignore[arg-type]
                except BlendDeskError as error:
                    if error.code != "not_in_class":
                        raise
            del self._drafts[section, student]

    def closeEvent(self, event: QCloseEvent) -> None:
        nobody = self.student is None and not any(draft.ticked for draft in self._drafts.values())
        if not self._may_close and not (self.context.is_desk and nobody):
            event.ignore()
            if self._open_sheet() is None:
                self.ask_to_close()
            return
        self._may_close = True
        self.save_drafts()
        self._clock.stop()
        self._guard.stop()
        self._close_question()
        if self.strip is not None:
            self.strip.close()
        if self._bus is not None:
            self._bus.close()
        text.use_language(self._outer_language)
        super().closeEvent(event)
        self.closed.emit()

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            text.use_language(self.language)
        elif event.type() == QEvent.Type.WindowDeactivate and self.context.is_desk:
            # The desk on the same computer goes on in the teacher's language.
            text.use_language(self._outer_language)
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._last_input = self._now()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self._last_input = self._now()
        if self._built_for != self.size():
            self._refresh()
        handle = self.windowHandle()
        if handle is not None:
            # At the window, not the application: a filter there would cost a call for every event of every object.
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.strip is None:
            self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shield.setGeometry(0, 0, self.width(), self.height())
        if self._eyes is not None:
            self._eyes.setGeometry(self.rect())
        if self.isVisible() and self.screen_name in ("who", "stations") and event.oldSize() != event.size():
            QTimer.singleShot(0, self, self._refresh)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), QColor(theme.look_of(self).tokens.bg))
        painter.end()
