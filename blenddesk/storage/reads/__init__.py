"""What screens read: a read model per noun over one reader."""

from __future__ import annotations

from blenddesk.storage.reader import Reader
from blenddesk.storage.reads.entries import EntryReads
from blenddesk.storage.reads.goals import GoalReads
from blenddesk.storage.reads.lessons import LessonReads
from blenddesk.storage.reads.people import PeopleReads
from blenddesk.storage.reads.plans import PlanReads
from blenddesk.storage.reads.sections import SectionReads


class Reads:
    """All read models of one database. Cheap to make; nothing is cached between calls."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.sections = SectionReads(reader)
        self.people = PeopleReads(reader)
        self.plans = PlanReads(reader)
        self.goals = GoalReads(reader)
        self.entries = EntryReads(reader)
        self.lessons = LessonReads(reader)
