"""The room, the timetable, meetings, who is there, and the log of running lessons, as read from the projections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blenddesk.domain.calendars import CalendarDay, Period
from blenddesk.domain.ids import MINE, Id, derived_id
from blenddesk.domain.registry import Audience
from blenddesk.storage.reader import Reader, build, with_words

if TYPE_CHECKING:
    from blenddesk.domain.attendance import Attendance, Meeting
    from blenddesk.domain.lesson_log import LessonEvent

# The timetable is read for the first screen, meetings and events only with a lesson: their records come then. What
# the first screen asks of plans is answered here, so that a day without one needs no plan's records either.


class LessonReads:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def periods(self, section: Id | None = None) -> list[Period]:
        """The weekly periods of one class, or of all."""
        where: dict[str, Any] = {} if section is None else {"section": section}
        found = [build(Period, row) for row in self._reader.records("period", **where)]
        return sorted(found, key=lambda period: (period.day, period.start_minute, period.id))

    def calendar_days(self) -> list[CalendarDay]:
        found = [build(CalendarDay, row) for row in self._reader.records("calendar_day", Audience.DESK)]
        return sorted(found, key=lambda day: (day.first_day, day.id))

    def is_planned(self, section: Id, day: str) -> bool:
        """Whether a class has a plan, draft or ready, for a day (an ISO date)."""
        rows = self._reader.rows(
            "SELECT 1 FROM plan WHERE section = ? AND day = ? AND status IS NOT 'archived' LIMIT 1", (section, day)
        )
        return bool(rows)

    def latest_planned(self, section: Id, before: str) -> tuple[Id, str] | None:
        """Id and name of the last lesson planned for a day before ``before`` (an ISO date)."""
        rows = self._reader.rows(
            "SELECT id, name FROM plan WHERE section = ? AND day < ? AND status IS NOT 'archived' "
            "ORDER BY day DESC, coalesce(start_minute, 0) DESC, id DESC LIMIT 1",
            (section, before),
        )
        return (rows[0][0], rows[0][1] or "") if rows else None

    def room_row(self) -> dict[str, Any]:
        """The fields of My room that were ever set; {} before that."""
        rows = self._reader.records("room", Audience.DESK, section=MINE, id=derived_id("room", MINE))
        return {key: value for key, value in rows[0].items() if value is not None} if rows else {}

    def meeting(self, section: Id, meeting: Id) -> Meeting | None:
        from blenddesk.domain.attendance import Meeting

        rows = self._reader.records("meeting", section=section, id=meeting)
        return build(Meeting, rows[0]) if rows else None

    def meetings(self, section: Id) -> list[Meeting]:
        from blenddesk.domain.attendance import Meeting

        found = [build(Meeting, row) for row in self._reader.records("meeting", section=section)]
        return sorted(found, key=lambda meeting: (meeting.day, meeting.start_minute, meeting.id))

    def attendance(self, section: Id, meeting: Id) -> dict[Id, Attendance]:
        """Who is marked, by student; nobody marked means here."""
        from blenddesk.domain.attendance import Attendance, AttendanceStatus

        rows = self._reader.records("attendance", section=section, meeting=meeting)
        return {row["student"]: build(Attendance, with_words(row, {"status": AttendanceStatus})) for row in rows}

    def runs(self, section: Id, plan: Id) -> list[dict[str, Any]]:
        """The runs of a plan (id, meeting, started_ms), the latest first."""
        rows = self._reader.records("run", section=section, plan=plan)
        return sorted(rows, key=lambda row: (row["started_ms"] or 0, row["id"]), reverse=True)

    def latest_run(self, section: Id) -> dict[str, Any] | None:
        """The run of a class that was started last (id, plan, meeting, started_ms)."""
        rows = self._reader.rows(
            "SELECT id FROM run WHERE section = ? ORDER BY started_ms DESC, id DESC LIMIT 1", (section,)
        )
        return self._reader.records("run", section=section, id=rows[0][0])[0] if rows else None

    def events(self, section: Id, run: Id) -> list[LessonEvent]:
        """The log of one run in the order it was written: ids begin with the number of events seen before."""
        from blenddesk.domain.lesson_log import LessonEvent

        found = [build(LessonEvent, row) for row in self._reader.records("lesson_event", section=section, run=run)]
        return sorted(found, key=lambda event: (event.id[:4], event.at_ms, event.id))

    def computers_home(self, section: Id) -> list[tuple[str, int | None]]:
        """The student computers of a class by name, and when (wall ms) work of each was last read here; None: never.

        From what the class root certified; whether a computer may still be trusted is for ``sync`` to say.
        """
        rows = self._reader.rows(
            "SELECT seat.name, max(peer.last_seen_ms) FROM certificate AS seat "
            "LEFT JOIN announcement AS came ON came.section = seat.section AND came.seat = seat.seat "
            "LEFT JOIN peer ON peer.section = came.section AND peer.device_id = came.device "
            "WHERE seat.section = ? AND seat.role = 'seat' GROUP BY seat.seat, seat.name ORDER BY seat.name",
            (section,),
        )
        return [(name or "", at_ms) for name, at_ms in rows]
