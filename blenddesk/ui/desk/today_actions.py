"""What a person does with the lesson in view on Today: its buttons, taps on the board, answers to who needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from blenddesk.domain.entries import EntryKind
from blenddesk.domain.ids import Id
from blenddesk.domain.live import LessonState, Phase
from blenddesk.services import attendance, entries, live, plans
from blenddesk.services.today import Need, NeedKind, TodayView

if TYPE_CHECKING:
    from blenddesk.ui.desk.today import TodayPage
    from blenddesk.ui.desk.today_board import GroupBoard
    from blenddesk.ui.desk.today_done import DoneView
    from blenddesk.ui.desk.today_ready import ReadyView
    from blenddesk.ui.desk.today_run import RunView
    from blenddesk.ui.desk.today_side import SideColumn

# Imported with the first view of a lesson, never before the first paint.


class LessonActions:
    """Connects the wishes of the views to use cases on the lesson that the page shows at that moment."""

    def __init__(self, page: TodayPage) -> None:
        self._page = page
        self._session = page.session
        self.answered: set[Id] = set()
        """Needs that were seen to. Kept on this page only: that somebody was helped is no other computer's business."""

    @property
    def _view(self) -> TodayView | None:
        return self._page.view

    # --- the views --------------------------------------------------------------------------------------------

    def connect_ready(self, view: ReadyView) -> None:
        view.start_requested.connect(lambda full_rounds: self.do(live.start_lesson, full_rounds=full_rounds))
        view.away_toggled.connect(self._toggle_away)
        self._connect_board(view.board)

    def connect_run(self, view: RunView) -> None:
        for wish, use in (
            (view.next_requested, self._next),
            (view.plus_requested, lambda: self.do(live.plus_minute)),
            (view.pause_requested, self._toggle_pause),
            (view.eyes_requested, self._toggle_eyes),
            (view.skip_requested, lambda: self.do(live.skip_round)),
            (view.refit_requested, lambda: self.do(live.refit)),
            (view.cover_requested, lambda: self._page.cover(not self._page.is_covered())),
        ):
            wish.connect(use)
        self._connect_board(view.board)
        self._connect_side(view.side)

    def connect_done(self, view: DoneView) -> None:
        self._connect_side(view.side)
        view.student_requested.connect(self._open_student)
        view.finish_requested.connect(lambda: self.do(live.finish))

    def _connect_board(self, board: GroupBoard) -> None:
        board.move_requested.connect(lambda student, group: self.do(live.move_student, student, group))
        board.away_requested.connect(self._toggle_away)
        board.log_requested.connect(self._log_student)
        board.student_requested.connect(self._open_student)
        board.group_requested.connect(lambda group, round_: self._open_group(board, group, round_))

    def _connect_side(self, side: SideColumn) -> None:
        side.answered.connect(self._answer)
        side.cover_toggled.connect(self._page.cover)
        side.computers.open_requested.connect(self._page.open_student_computer)
        side.computers.stick_requested.connect(lambda: self._session.window.open_page("computers"))

    # --- the lesson's buttons ---------------------------------------------------------------------------------

    def do(self, use_case: Callable[..., object], *args: object, quiet: bool = False, **kwargs: object) -> None:
        """Runs a use case on the lesson in view; ``quiet``: without a word about it when it works."""
        view = self._view
        if view is None or view.sheet is None:
            return
        run = self._session.quietly if quiet else self._session.do
        run(use_case, view.section.id, view.sheet.plan.id, *args, **kwargs)

    def copy_last(self) -> None:
        if self._view is not None:
            self._session.do(plans.copy_plan, self._view.section.id)

    def _next(self) -> None:
        state = self._state()
        self.do(live.finish if state is not None and state.phase is Phase.CLOSING else live.next_round)

    def _toggle_pause(self) -> None:
        state = self._state()
        self.do(live.resume if state is not None and state.paused else live.pause, quiet=True)

    def _toggle_eyes(self) -> None:
        state = self._state()
        self.do(live.eyes_off if state is not None and state.eyes_on_me else live.eyes_on, quiet=True)

    def _state(self) -> LessonState | None:
        log = self._view.log if self._view is not None else None
        return None if log is None else log.at(self._session.context.clock.wall_ms())

    # --- students and groups ----------------------------------------------------------------------------------

    def _toggle_away(self, student: Id) -> None:
        self.do(attendance.toggle_away, student)

    def _log_student(self, student: Id) -> None:
        view = self._view
        if view is None or view.sheet is None or view.board_round is None:
            return
        group = view.sheet.group_of(student)
        block = None if group is None else view.sheet.block_of(group.id, view.board_round)
        if block is not None:
            self.do(entries.mark_work, block.id, [student], EntryKind.CLAIMED)

    def _open_student(self, student: Id) -> None:
        self._session.window.open_page("child", student=student)

    def _open_group(self, board: GroupBoard, group: Id, round_: int | None) -> None:
        from blenddesk.ui.desk.today_sheets import group_sheet

        view = self._view
        if view is None or view.sheet is None:
            return
        found = next((one for one in view.sheet.groups if one.id == group), None)
        if found is not None:
            group_sheet(
                self._session.window,
                view,
                found,
                round_,
                choose=board.choose,
                log=lambda one, number: self.do(entries.log_group, one, number),
            ).open()

    # --- who needs the teacher --------------------------------------------------------------------------------

    def _answer(self, need: Need) -> None:
        view = self._view
        if view is None:
            return
        if need.kind is NeedKind.LATE and need.rounds:
            from blenddesk.ui.desk.today_sheets import late_sheet

            late_sheet(self._session.window, view, need, excuse=self._excuse, later=self._note_answered).open()
            return
        self._note_answered(need)
        if need.kind is NeedKind.TRICKY:
            self._open_student(need.student)

    def _note_answered(self, need: Need) -> None:
        self.answered.add(need.id)
        self._page.refresh()

    def _excuse(self, need: Need) -> None:
        self.do(entries.excuse_rounds, need.student, need.rounds)
        self._note_answered(need)
