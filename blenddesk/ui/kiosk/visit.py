"""What one child has begun and not saved yet; kept in memory until it is saved, whoever sits there in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from blenddesk.domain.ids import Id
from blenddesk.services.kiosk import Finished, MyDay, MyStation, Picture

Work = tuple[Id, Id]
"""(plan, block)."""


@dataclass(slots=True)
class Draft:
    """Ticks and answers of a visit.

    In memory only: it holds what a child says, and a shared computer must not be able to read that from its disk. What
    a child has ticked is saved when the window closes, so a tick is never lost.
    """

    ticked: list[Work] = field(default_factory=list)
    growth: dict[Work, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    remark: str = ""
    friends: list[Id] = field(default_factory=list)
    picture: Picture | None = None
    """Of the work at the first station ticked."""
    shown: Work | None = None
    """The station in the big card when the child chose another than the suggested one."""
    answering: bool = False
    """Whether the child was at "How did it go?"."""

    def copy(self) -> Draft:
        return replace(
            self,
            ticked=list(self.ticked),
            growth=dict(self.growth),
            words=list(self.words),
            friends=list(self.friends),
        )

    @property
    def is_empty(self) -> bool:
        return not (self.ticked or self.growth or self.words or self.remark or self.friends or self.picture)

    def toggle(self, work: Work) -> bool:
        """Ticks a station or takes the tick (and its answer) back; returns whether it is ticked now."""
        if work in self.ticked:
            self.ticked.remove(work)
            self.growth.pop(work, None)
            return False
        self.ticked.append(work)
        return True

    def finished(self, day: MyDay) -> list[Finished]:
        """What to save, in the order ticked."""
        rounds = {work_of(one): one.round for one in day.stations}
        return [Finished(*work, rounds.get(work), self.growth.get(work)) for work in self.ticked]


def work_of(station: MyStation) -> Work:
    return station.plan, station.block.id
