"""What the student's window knows: class, who is signed in, their day, and the drafts of all who have been here."""

from __future__ import annotations

from collections.abc import Sequence

from blenddesk.domain.ids import Id
from blenddesk.domain.people import Student
from blenddesk.errors import BlendDeskError
from blenddesk.services import kiosk
from blenddesk.services.context import AppContext
from blenddesk.services.kiosk import ClassView, MyDay, MyStation, RoundNow
from blenddesk.text import language
from blenddesk.ui import theme
from blenddesk.ui.kiosk.visit import Draft, Work

_Key = tuple[Id, Id]
"""(class, student)."""


class KioskSession:
    """The window's data half: reads through ``services.kiosk``, shows nothing."""

    def __init__(self, context: AppContext, *, live: bool) -> None:
        self.context = context
        self.live = live
        self.section_id: Id | None = None
        self.view: ClassView | None = None
        self.student: Student | None = None
        """Who is signed in; None at the tiles and the pictures."""
        self.day: MyDay | None = None
        self.started: set[Work] = set()
        """Stations whose program this child has opened."""
        self._drafts: dict[_Key, Draft] = {}
        self._before: Draft | None = None
        self._misses: dict[Id, int] = {}
        self._moved_to: dict[Id, int] = {}

    # --- the class --------------------------------------------------------------------------------------------------

    @property
    def older(self) -> bool:
        return self.view is not None and self.view.section.look == "older"

    @property
    def idle_seconds(self) -> int:
        return max(10, self.view.section.idle_seconds) if self.view is not None else 20

    def load_class(self) -> ClassView:
        assert self.section_id is not None
        sheet = kiosk.plan_in_view(self.context, self.section_id, live=self.live)
        moved = self._moved_to.get(sheet.plan.id) if sheet is not None else None
        self.view = kiosk.class_view(self.context, self.section_id, live=self.live, moved_to=moved)
        return self.view

    def round_now(self) -> RoundNow | None:
        """The round at this moment, of the lesson in view; None without one."""
        view = self.view
        if view is None or view.sheet is None:
            return None
        moved = self._moved_to.get(view.sheet.plan.id)
        return kiosk.round_now(self.context, view.section.id, view.sheet, live=self.live, moved_to=moved)

    def move_on(self) -> None:
        """To the next round by hand, after the last one to the first."""
        view = self.view
        if view is not None and view.sheet is not None and view.round.number is not None:
            self._moved_to[view.sheet.plan.id] = (view.round.number + 1) % max(view.round.total, 1)

    def name_of(self, student: Id) -> str:
        tiles = self.view.tiles if self.view is not None else ()
        return next((tile.student.name for tile in tiles if tile.student.id == student), "")

    def shape_of(self, student: Student) -> str:
        """The shape of the group that a student is in now; "" for none, and in the Older look, which has letters."""
        tiles = self.view.tiles if self.view is not None and not self.older else ()
        shape = next((tile.shape for tile in tiles if tile.student.id == student.id), "")
        return shape if shape in theme.SHAPES else ""

    # --- signing in and out -----------------------------------------------------------------------------------------

    def code_fits(self, student: Student, code: Sequence[int]) -> bool:
        """Whether the pictures are theirs; counts the misses."""
        if kiosk.code_fits(student, code):
            self._misses.pop(student.id, None)
            return True
        self._misses[student.id] = self._misses.get(student.id, 0) + 1
        return False

    def needs_teacher(self, student: Student) -> bool:
        """Whether it was the third miss (or sixth, ...): time to fetch the teacher, never to lock anyone out."""
        return self._misses.get(student.id, 0) % kiosk.TRIES == 0

    def without_code(self, student: Student) -> bool:
        """Let in with a tap although the class signs in with pictures."""
        return self.view is not None and self.view.section.sign_in == "pictures" and not student.code

    def sign_in(self, student: Student) -> Draft:
        """From now on this is ``student``; answers with the draft they had left."""
        self.student = student
        draft = self.draft()
        self._before = draft.copy()
        return draft

    def forget_since_sign_in(self) -> None:
        """Puts the draft back as it was: another child sat under this name."""
        if self.student is not None and self._before is not None:
            self._drafts[self._key(self.student.id)] = self._before

    def sign_out(self) -> None:
        if self.student is not None:
            key = self._key(self.student.id)
            if key in self._drafts and self._drafts[key].is_empty:
                del self._drafts[key]
        self.student, self.day, self._before = None, None, None
        self.started.clear()

    def load_day(self) -> MyDay:
        """Refusal ``not_in_class`` when the student has left meanwhile."""
        assert self.section_id is not None
        assert self.student is not None
        sheet = self.view.sheet if self.view is not None else None
        moved = self._moved_to.get(sheet.plan.id) if sheet is not None else None
        self.day = kiosk.my_day(
            self.context, self.section_id, self.student.id, live=self.live, moved_to=moved, language=language()
        )
        return self.day

    def minutes_of(self, station: MyStation) -> int | None:
        """How long the station lasts by the plan; None when nobody said."""
        sheet = self.view.sheet if self.view is not None else None
        if sheet is not None and sheet.plan.id == station.plan and station.round is not None:
            return sheet.plan.rounds[station.round]
        return station.block.minutes

    # --- drafts -----------------------------------------------------------------------------------------------------

    def draft(self) -> Draft:
        """The draft of who is signed in."""
        assert self.student is not None
        return self._drafts.setdefault(self._key(self.student.id), Draft())

    def drop_draft(self, student: Student) -> None:
        """It is saved."""
        self._drafts.pop(self._key(student.id), None)

    def put_draft_back(self, student: Student, draft: Draft) -> None:
        """It was taken back."""
        self._drafts[self._key(student.id)] = draft

    @property
    def has_ticks(self) -> bool:
        return any(draft.ticked for draft in self._drafts.values())

    def save_drafts(self) -> None:
        """Saves what children ticked and walked away from, with the answers they had given: a tick is never lost."""
        for (section, student), draft in list(self._drafts.items()):
            if draft.ticked:
                try:
                    day = kiosk.my_day(self.context, section, student, live=self.live)
                    self.context.run(
                        kiosk.finish_visit,
                        section,
                        student,
                        draft.finished(day),
                        words=draft.words,
                        remark=draft.remark,
                        friends=draft.friends,
                        picture=draft.picture,
                    )
                except BlendDeskError as error:
                    # Who has left the class meanwhile has nothing left to log here.
                    if error.code != "not_in_class":
                        raise
            del self._drafts[section, student]

    def _key(self, student: Id) -> _Key:
        assert self.section_id is not None
        return self.section_id, student
