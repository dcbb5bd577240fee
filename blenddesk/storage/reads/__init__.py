"""What screens read: a read model per noun over one reader."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from blenddesk.storage.reader import Reader

if TYPE_CHECKING:
    from blenddesk.storage.reads.conflicts import ConflictReads
    from blenddesk.storage.reads.entries import EntryReads
    from blenddesk.storage.reads.evidence import EvidenceReads
    from blenddesk.storage.reads.goals import GoalReads
    from blenddesk.storage.reads.lessons import LessonReads
    from blenddesk.storage.reads.people import PeopleReads
    from blenddesk.storage.reads.plans import PlanReads
    from blenddesk.storage.reads.sections import SectionReads
    from blenddesk.storage.reads.verdicts import VerdictReads


class Reads:
    """All read models of one database, each imported when first asked for: the first screen needs few of them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    @cached_property
    def sections(self) -> SectionReads:
        from blenddesk.storage.reads.sections import SectionReads

        return SectionReads(self.reader)

    @cached_property
    def people(self) -> PeopleReads:
        from blenddesk.storage.reads.people import PeopleReads

        return PeopleReads(self.reader)

    @cached_property
    def plans(self) -> PlanReads:
        from blenddesk.storage.reads.plans import PlanReads

        return PlanReads(self.reader)

    @cached_property
    def goals(self) -> GoalReads:
        from blenddesk.storage.reads.goals import GoalReads

        return GoalReads(self.reader)

    @cached_property
    def entries(self) -> EntryReads:
        from blenddesk.storage.reads.entries import EntryReads

        return EntryReads(self.reader)

    @cached_property
    def evidence(self) -> EvidenceReads:
        from blenddesk.storage.reads.evidence import EvidenceReads

        return EvidenceReads(self.reader)

    @cached_property
    def lessons(self) -> LessonReads:
        from blenddesk.storage.reads.lessons import LessonReads

        return LessonReads(self.reader)

    @cached_property
    def conflicts(self) -> ConflictReads:
        from blenddesk.storage.reads.conflicts import ConflictReads

        return ConflictReads(self.reader)

    @cached_property
    def verdicts(self) -> VerdictReads:
        from blenddesk.storage.reads.verdicts import VerdictReads

        return VerdictReads(self.reader)
