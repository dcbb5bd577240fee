"""Everybody of whom nothing is said is here."""

from blenddesk.domain.attendance import Attendance, AttendanceStatus, missed_rounds, register
from blenddesk.domain.plans import Plan

MEETING = bytes(16)
ANA, BEN, CARLA, GONE = (bytes([number]) * 16 for number in range(4))


def test_the_register() -> None:
    late = Attendance(MEETING, CARLA, AttendanceStatus.LATE, 592)
    marks = [Attendance(MEETING, BEN, AttendanceStatus.AWAY), late, Attendance(MEETING, GONE, AttendanceStatus.AWAY)]
    found = register([CARLA, BEN, ANA], marks)
    assert (found.here, found.away, found.late) == ((CARLA, ANA), (BEN,), (late,))
    assert register([ANA], []).here == (ANA,)


def test_omar_came_late_and_missed_round_one() -> None:
    plan = Plan(bytes(16), opening_minutes=10, moving_minutes=0, rounds=(15, 15, 15, 15), closing_minutes=5)
    # The lesson began at 9:30; round 1 ran from 9:40 to 9:55.
    assert missed_rounds(plan, 570, 570) == ()
    assert missed_rounds(plan, 570, 587) == ()
    assert missed_rounds(plan, 570, 592) == (0,)
    assert missed_rounds(plan, 570, 9 * 60 + 60) == (0,)
    assert missed_rounds(plan, 570, 700) == (0, 1, 2, 3)
