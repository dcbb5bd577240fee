"""The student's window ("Student computer"): which screen is up, who is signed in, and what is kept of whom.

It runs as the whole program on a shared computer, and on the teacher's desk with ``live=True``, where it sees the
lesson as it runs. Screens are built when shown; everything a child has begun is in a ``Draft`` that outlives them.

For drivers and tests, widgets by objectName: ``tile_<n>`` (place on the screen), ``picture_<1-9>`` (as on a pad),
``did_it``, ``start``, ``station_<n>``, ``tick_<n>``, ``more_stations``, ``friend``, ``friend_<n>``, ``friends_done``,
``growth_<1-4>``, ``chip_<word>``, ``write``, ``remark``, ``remark_done``, ``skip``, ``finish``, ``oops``, ``goal``,
``goal_step_<n>``, ``did_step``, ``help``, ``help_back``, ``not_me``, ``back``, ``goodbye``, ``class_<n>``,
``next_round``, ``wake``, ``language``, ``teacher``, ``teacher_carry``, ``teacher_watch``,
``teacher_join``, ``stay``, ``close_for_good``;
``strip_done`` on ``window.strip``.
``window.screen_name`` says which screen is up, ``window.screen_changed`` when that changes, ``window.saved`` when a
visit is on the disk. ``window.tick()`` lets time pass as the clock of the context has it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.errors import BlendDeskError
from blenddesk.messages import error_sentence
from blenddesk.services import kiosk
from blenddesk.services.context import AppContext
from blenddesk.services.kiosk import MyDay, MyStation
from blenddesk.text import _
from blenddesk.ui.first_paint import FirstPaint
from blenddesk.ui.kiosk import words
from blenddesk.ui.kiosk.entrance import AsleepScreen, ClassScreen
from blenddesk.ui.kiosk.frame import GUARD_MS, KioskFrame
from blenddesk.ui.kiosk.friends import FriendsScreen
from blenddesk.ui.kiosk.goal import GoalScreen
from blenddesk.ui.kiosk.opening import open_resource
from blenddesk.ui.kiosk.reflect import ReflectScreen
from blenddesk.ui.kiosk.sign_in import SignIn
from blenddesk.ui.kiosk.signs import HelpScreen, KioskSheet
from blenddesk.ui.kiosk.stations import StationsScreen
from blenddesk.ui.kiosk.strip import KioskStrip
from blenddesk.ui.kiosk.teacher import ask_teacher
from blenddesk.ui.kiosk.visit import work_of
from blenddesk.ui.kiosk.watch import Watch
from blenddesk.ui.kiosk.who import WhoScreen, avatar_of
from blenddesk.ui.kit.buttons import Kind
from blenddesk.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from blenddesk.ui.app import Face
    from blenddesk.ui.upkeep import StationCare
    from blenddesk.ui.watching import FolderWatching

STRIP_SECONDS = 20 * 60
"""How long a child may work beside the strip when neither round nor plan says."""


class KioskWindow(KioskFrame):
    """``section``: the class to begin with; None asks. ``live``: this computer sees the teacher's running lesson."""

    saved = Signal(object)
    """The ``ChangeSet`` of a visit, once it is on the disk and before Goodbye shows."""

    def __init__(
        self,
        context: AppContext,
        *,
        section: Id | None = None,
        live: bool = False,
        guard_ms: int = GUARD_MS,
        opener: Callable[[str], bool] = open_resource,
    ) -> None:
        super().__init__(context, live=live, guard_ms=guard_ms)
        self.strip: KioskStrip | None = None
        self.has_several_classes = False
        self._strip_ends = 0
        self._behind_help: Callable[[], None] = self.show_who
        self._opener = opener
        self.tasks = TaskRunner(self)
        self.watch = Watch(self)
        self.asking = SignIn(self)
        self.second_passed.connect(self.tick)
        self.outdated.connect(self.refresh)
        self.close_asked.connect(lambda: ask_teacher(self))
        self.closing.connect(self._take_away)
        self.tapped.connect(self.watch.note_input)
        self.resized.connect(self.watch.resize)
        if context.settings.watched_folder and not context.is_desk:
            FirstPaint(self, lambda: self.watching.start())
        self.face: Face | None = None
        """Of a student computer that runs by itself: what can put its data right."""
        self.care: StationCare | None = None
        if not context.is_desk:
            FirstPaint(self, self._take_care)
        self._begin(section)

    @cached_property
    def watching(self) -> FolderWatching:
        """Looks into the shared folder by itself, best while no child is at work; on a desk its own window does."""
        from blenddesk.ui.watching import FolderWatching

        tasks = self.tasks
        made = FolderWatching(self.context, self, is_busy=lambda: tasks.is_busy, rests=lambda: self.student is not None)
        made.start()
        return made

    def _take_care(self) -> None:
        """Self-check and backups, best while no child is at work; on a desk its own window does."""
        from blenddesk.ui.upkeep import StationCare

        self.care = StationCare(
            self.context, self, is_busy=lambda: self.tasks.is_busy or self.student is not None or self._may_close
        )

    # --- screens ----------------------------------------------------------------------------------------------------

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
        view = self.session.view
        self.show_screen(AsleepScreen(self, view.section.name if view is not None else ""))

    def wake(self) -> None:
        if self.session.section_id is None or self.has_several_classes:
            self.show_classes()
        else:
            self.show_who()

    def show_classes(self) -> None:
        self._sign_out()
        choices = kiosk.class_choices(self.context)
        self.has_several_classes = len(choices) > 1
        self.show_screen(ClassScreen(self, choices))

    def choose_class(self, section: Id) -> None:
        self.session.section_id = section
        self.show_who()

    def show_who(self) -> None:
        """The tiles, with nobody signed in."""
        if self.session.section_id is None:
            self.show_classes()
            return
        self._sign_out()
        view = self.session.load_class()
        self.speak(view.section.language or self._outer_language)
        self.show_screen(WhoScreen(self, view))

    def show_stations(self, *, page: int = 0) -> None:
        day = self._load_day()
        if day is not None:
            draft = self.session.draft()
            draft.answering = False
            self.show_screen(StationsScreen(self, day, draft, page=page))

    def show_reflect(self, place: int = 0) -> None:
        draft, day = self.session.draft(), self.session.day
        assert day is not None
        known = {work_of(station) for station in day.stations}
        draft.ticked = [work for work in draft.ticked if work in known]
        if not draft.ticked:
            self.show_stations()
            return
        draft.answering = True
        self.show_screen(ReflectScreen(self, day, draft, min(place, len(draft.ticked) - 1)))

    def show_work(self, place: int) -> None:
        """A picture for the answers to the station at ``place``."""
        from blenddesk.ui.kiosk.show_work import ShowWorkScreen

        self.show_screen(ShowWorkScreen(self, self.session.draft(), place))

    def show_goal(self, place: int | bool = 0) -> None:
        day = self._load_day()
        if day is not None and day.goals:
            self.show_screen(GoalScreen(self, day.goals, int(place)))
        elif day is not None:
            self.show_stations()

    def show_friends(self, *, everyone: bool = False) -> None:
        view, student, day = self.session.view, self.student, self.session.day
        assert view is not None
        assert student is not None
        others = [tile for tile in view.tiles if tile.student.id != student.id]
        shape = day.shape if day is not None else ""
        self.show_screen(FriendsScreen(self, others, shape, self.session.draft(), everyone=everyone))

    # --- signing in and out -----------------------------------------------------------------------------------------

    def choose_student(self, student: Student) -> None:
        """A tile was tapped."""
        self.watch.end_goodbye()
        if student.language:
            self.speak(student.language)
        self.asking.begin(student)

    def sign_in(self, student: Student) -> None:
        """The student is who they say; their kept draft comes back where they left it."""
        draft = self.session.sign_in(student)
        if self._load_day() is None:
            return
        if draft.answering and draft.ticked:
            self.show_reflect()
        else:
            self.show_stations()

    def not_me(self) -> None:
        """The wrong child: leaves the draft as its owner had left it, and nothing is written."""
        self.session.forget_since_sign_in()
        self.show_who()

    def say_goodbye(self) -> None:
        """Signs out. What was ticked is asked about first, so that a tick never goes home unsaved."""
        if self.session.draft().ticked:
            self.show_reflect()
        else:
            self.show_who()

    def _sign_out(self) -> None:
        self.session.sign_out()
        self.watch.close_question()
        self.watch.end_goodbye()
        self._behind_help = self.show_who
        view = self.session.view
        self.speak((view.section.language if view is not None else "") or self._outer_language)

    # --- doing ------------------------------------------------------------------------------------------------------

    def did_it(self, station: MyStation) -> None:
        draft = self.session.draft()
        work = work_of(station)
        if work not in draft.ticked:
            # First in line: words and remark are about what the child is just coming from.
            draft.ticked.insert(0, work)
        self.show_reflect()

    def finish(self) -> None:
        """Saves the visit; Goodbye shows only after it is on the disk."""
        student, day, draft = self.student, self.session.day, self.session.draft()
        assert student is not None
        assert day is not None
        change = self.do(
            kiosk.finish_visit,
            day.section.id,
            student.id,
            draft.finished(day),
            words=draft.words,
            remark=draft.remark,
            friends=draft.friends,
            picture=draft.picture,
        )
        if change is None:
            return
        self.session.drop_draft(student)
        self.saved.emit(change)
        self.show_who()
        self.watch.begin_goodbye(change, student, draft)

    def oops(self) -> None:
        """Takes the visit back, whole, and returns to its answers."""
        goodbye = self.watch.end_goodbye()
        if goodbye is None:
            return
        change, student, draft = goodbye
        if self.do(kiosk.take_back, change) is not None:
            self.session.put_draft_back(student, draft)
            if student.language:
                self.speak(student.language)
            self.sign_in(student)

    def tap_step(self, step: Id, done: bool) -> None:
        day = self.session.day
        assert day is not None
        use_case = kiosk.do_goal_step if done else kiosk.undo_goal_step
        self.do(use_case, day.section.id, day.student.id, step)
        screen = self.screen_widget
        self.show_goal(screen.place if isinstance(screen, GoalScreen) else 0)

    def ask_for_help(self) -> None:
        """A raised hand across the room; noted for the teacher when it is known whose."""
        screen, day = self.screen_widget, self.session.day
        if day is not None:
            here = day.stations[day.now] if day.now is not None else None
            plan, block = (here.plan, here.block.id) if here is not None else (None, None)
            self.do(kiosk.ask_for_help, day.section.id, day.student.id, plan=plan, block=block)
            self._behind_help = self.show_goal if isinstance(screen, GoalScreen) else self.show_stations
            if isinstance(screen, ReflectScreen) or (screen is not None and screen.name == "show_work"):
                self._behind_help = partial(self.show_reflect, getattr(screen, "place", 0))
        self.show_screen(HelpScreen(self, day.shape if day is not None else ""))

    def back_from_help(self) -> None:
        self._behind_help()

    def move_on(self) -> None:
        """The round is a suggestion of the plan's clock; anyone moves it on with one tap."""
        self.session.move_on()
        self.show_who()

    # --- the station's own program ----------------------------------------------------------------------------------

    def start_station(self, station: MyStation) -> None:
        """Opens what the station works with and leaves only the strip on the screen."""
        student, day = self.student, self.session.day
        assert student is not None
        if not self._opener(station.block.resource):
            twin = station.block.paper_twin
            self.tell(
                _("It did not open."), _("On paper: {task}").format(task=twin) if twin else _("Ask your teacher.")
            )
            return
        self.session.started.add(work_of(station))
        self.session.draft().shown = work_of(station)
        minutes = self.session.minutes_of(station)
        left = day.round.seconds_left if day is not None else None
        seconds = left or (minutes * 60 if minutes else None)
        self._strip_ends = self.watch.now() + (seconds or STRIP_SECONDS) * 1000
        self.strip = KioskStrip(self, student, avatar_of(student, self.older), station.block.title, seconds)
        self.strip.finished.connect(self._back_from_strip)
        self.strip.show_on_top()
        # Hidden only after the strip shows: a program without a window would end.
        self.stands_aside = True
        self.hide()

    def _back_from_strip(self) -> None:
        strip, self.strip = self.strip, None
        self.stands_aside = False
        if strip is None:
            return
        strip.deleteLater()
        if self._may_close:
            return
        self.show()
        self.raise_()
        self.activateWindow()
        self.show_stations()

    def _take_away(self) -> None:
        """What lies over the screens goes with the window."""
        self.watch.close_question()
        if self.strip is not None:
            self.strip.close()
        if "watching" in vars(self):
            self.watching.stop()
        if self.care is not None:
            self.care.stop()

    # --- time -------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Once a second: the strip's timer, the clock, and what ``Watch`` looks after."""
        if self.strip is not None:
            left = max(0, (self._strip_ends - self.watch.now()) // 1000)
            self.strip.set_seconds(left if self.strip.timer.isVisibleTo(self.strip) else None)
            if left == 0:
                self.strip.close()
            return
        if self.screen_widget is not None:
            self.screen_widget.tick()
        self.watch.tick()

    def stay(self) -> None:
        """Still here."""
        self.watch.close_question()
        self.watch.note_input()

    # --- language ---------------------------------------------------------------------------------------------------

    def ask_language(self) -> None:
        sheet = KioskSheet(self, _("Which language?"))
        for code, name in words.LANGUAGES.items():
            kind: Kind = "primary" if code == self.language else "secondary"
            sheet.answer(name, f"language_{code}", partial(self._choose_language, code), kind=kind)
        sheet.open()

    def _choose_language(self, language: str) -> None:
        view = self.session.load_class()
        self.speak(language)
        self.show_screen(WhoScreen(self, view))

    # --- data -------------------------------------------------------------------------------------------------------

    def _load_day(self) -> MyDay | None:
        """What the signed-in student sees; None, and back to the tiles, when they are not in the class any more."""
        try:
            return self.session.load_day()
        except BlendDeskError as error:
            self.show_who()
            self.tell(_("Ask your teacher."), error_sentence(error))
            return None

    def refresh(self) -> None:
        """Shows the same screen with the data as it is now; the keys stay where they are."""
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None else ""
        if self.screen_name == "classes":
            self.show_classes()
        elif self.screen_name == "who" and not self.watch.says_goodbye:
            self.show_screen(WhoScreen(self, self.session.load_class()), focus=name, guard=False)
        elif self.screen_name == "stations":
            day = self._load_day()
            if day is not None:
                self.show_screen(StationsScreen(self, day, self.session.draft()), focus=name, guard=False)
