"""Fixtures that every floor's tests share: a desk in a temporary folder with a clock that only tests move."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.domain.ids import Id
from blenddesk.services import classes, rosters
from blenddesk.services.context import AppContext

MONDAY_8_30 = 1_795_422_600_000
"""Monday 23 November 2026, 8:30 UTC, in ms since 1970."""


@dataclass
class FakeClock:
    """A clock that stands still until a test moves it."""

    now_ms: int = MONDAY_8_30
    zone: int = 0

    def wall_ms(self) -> int:
        return self.now_ms

    def steady_ms(self) -> int:
        return self.now_ms

    def zone_minutes(self) -> int:
        return self.zone

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.now_ms += round(minutes * 60_000 + seconds * 1000)


@dataclass
class FakeRandomness:
    """Repeatable bytes, so that a failing test fails again."""

    seed: int = 1
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)

    def token(self, length: int) -> bytes:
        return self._rng.randbytes(length)


@pytest.fixture(autouse=True)
def state_dir(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What belongs to this computer: a folder of the test's own, for its processes too."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("BLENDDESK_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def randomness() -> FakeRandomness:
    return FakeRandomness()


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock, randomness: FakeRandomness) -> Iterator[AppContext]:
    """A new desk of Ms Okoro, without a class."""
    context = bootstrap.create_device(
        Paths(tmp_path / "desk"), role="desk", name="Ms Okoro", clock=clock, randomness=randomness
    )
    classes.found_desk(context, "Ms Okoro")
    yield context
    bootstrap.close_device(context)


NAMES = """Amina Diallo|Ben Novak|Beyza Kaya|Carlos Ruiz|Chloe Martin|Daniel Kim|Dina Haddad|Elif Demir|Farid Azizi
Grace Okafor|Hana Sato|Ibrahim Sow|Ines Costa|Jonas Weber|Kaya Arslan|Kwame Mensah|Lara Rossi|Leo Dubois|Li Wei Chen
Maya Patel|Mei Lin|Nadia Petrova|Noah Smith|Omar Farouk|Priya Nair|Rosa Gomez|Sam Taylor|Sofia Silva|Tariq Hussain
Uma Rao|Yusuf Ali|Zoe Muller|Aaron Bell|Bruno Lopes|Clara Vogel|Diego Vega|Emma Berg|Felix Kurz|Gita Shah|Hugo Blanc
Iris Wolf|Jamal Reed|Kim Tran|Lucia Moya|Mohamed Salah""".replace("\n", "|").split("|")


def fill_class(context: AppContext, students: int = 8, name: str = "Sunflowers") -> Id:
    """Makes a class of ``students`` (at most 45) and returns its id."""
    classes.create_class(context, name)
    found = classes.class_by_name(context, name)
    assert found is not None
    for full in NAMES[:students]:
        given, _space, family = full.rpartition(" ")
        rosters.add_student(context, found.id, given, family)
    return found.id


@pytest.fixture
def section(desk: AppContext) -> Id:
    """A class of eight on the desk."""
    return fill_class(desk)
