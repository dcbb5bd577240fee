"""What every use case is handed: the data, the clock, this device, and who wants to know about changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

from blenddesk.config import Paths, Settings, save_settings
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet, Draft
from blenddesk.domain.ports import Clock, Randomness, new_id

if TYPE_CHECKING:
    from blenddesk.storage.ledger import Ledger
    from blenddesk.storage.reads import Reads
    from blenddesk.sync.keys import DeviceKeys

P = ParamSpec("P")
R = TypeVar("R")

DESK = "desk"
STATION = "station"


class Core(NamedTuple):
    """What needs the heavy libraries."""

    ledger: Ledger
    keys: DeviceKeys


class AppContext:
    """One open data directory. Passed to every use case; there is no global."""

    def __init__(
        self,
        *,
        paths: Paths,
        role: str,
        device_name: str,
        reads: Reads,
        core: Callable[[], Core],
        clock: Clock,
        randomness: Randomness,
        settings: Settings,
    ) -> None:
        """``role`` is ``desk`` or ``station`` (a shared computer).

        ``core`` gives what needs the heavy libraries; just after the start it waits until they are loaded.
        """
        self.paths = paths
        self.role = role
        self.device_name = device_name
        self.reads = reads
        self.core = core
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        self.listeners: list[Callable[[ChangeSet], None]] = []

    @property
    def ledger(self) -> Ledger:
        """The write door."""
        return self.core().ledger

    @property
    def keys(self) -> DeviceKeys:
        return self.core().keys

    def with_ports(self, *, clock: Clock | None = None, randomness: Randomness | None = None) -> AppContext:
        """The same data directory, seen with another clock or source of chance."""
        other = copy(self)
        other.clock = clock or self.clock
        other.randomness = randomness or self.randomness
        return other

    @property
    def is_desk(self) -> bool:
        return self.role == DESK

    @property
    def key_in_file(self) -> bool:
        """Whether the database's key lies in a file of this account, as no service of the system keeps it."""
        from blenddesk.services.protection import protection

        return protection(self.paths).key_in_file

    def run(self, use_case: Callable[Concatenate[AppContext, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls a use case and tells the listeners what it changed. The one way for a screen to change anything."""
        result = use_case(self, *args, **kwargs)
        change = result if isinstance(result, ChangeSet) else getattr(result, "change", None)
        if isinstance(change, ChangeSet) and not change.is_empty:
            self.announce(change)
        return result

    def announce(self, change: ChangeSet) -> None:
        for listener in list(self.listeners):
            listener(change)

    def commit(
        self,
        label: str,
        drafts: Sequence[Draft],
        *,
        args: Mapping[str, object] | None = None,
        actor: bytes = b"",
    ) -> ChangeSet:
        return self.ledger.commit(label, drafts, args=args, actor=actor)

    def new_id(self) -> Id:
        return new_id(self.randomness)

    def seed(self) -> int:
        """A fresh seed for a choice at random that can be repeated from it."""
        return int.from_bytes(self.randomness.token(4), "big")

    def save_settings(self, settings: Settings) -> None:
        self.settings = settings
        save_settings(self.paths.settings, settings)
