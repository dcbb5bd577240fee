"""The classrooms that histories begin with: made once each with the real code, then copied as disks."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from blenddesk.domain.ids import Id
from blenddesk.storage import setup
from blenddesk.storage.database import Database
from tests.faults.histories.computers import DATABASE, STUDENTS, Image, SeatFile
from tests.faults.histories.direct_sql import long_way
from tests.faults.histories.facts import NOTHING
from tests.sync.devices import Classroom, Device, HandClock, SeededRandomness, add_desk


class Layout(NamedTuple):
    """``desks`` of one class and their student computers; ``second``: the last desk has a class of its own, too, and
    the first student computer is in both."""

    desks: int
    stations: int
    second: bool = False


LAYOUTS = (
    *[Layout(1, 1)] * 3,
    *[Layout(1, 2)] * 2,
    Layout(1, 3),
    Layout(1, 4),
    *[Layout(2, 1)] * 2,
    Layout(2, 2),
    Layout(1, 1, second=True),
    Layout(1, 2, second=True),
    Layout(2, 1, second=True),
    Layout(2, 2, second=True),
)
"""A seed draws one. Copies and computers set up anew come on top."""


class Template(NamedTuple):
    """Classes that were made once: the desks first, then every student computer; and a disk without a class."""

    images: tuple[Image, ...]
    blank: Image


def memory_folder() -> str | None:
    """Where files cost no disk; None for the system's own temporary folder."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def template(layout: Layout) -> Template:
    """A classroom in which everybody knows everybody; copied for every history."""
    with long_way(), tempfile.TemporaryDirectory(dir=memory_folder(), prefix="classroom-") as folder:
        root, clock = Path(folder), HandClock()
        desk = Device(root / "desk 1", "Ms Okoro", "desk", 100, clock)
        desk.found_mine()
        first = desk.make_class(STUDENTS)
        desks = [desk, *(add_desk(desk, root) for _ in range(layout.desks - 1))]
        stations = [
            Device(root / f"blue {at}", f"Blue-{at + 1}", "station", 101 + at, clock) for at in range(layout.stations)
        ]
        sections: dict[Device, list[Id]] = {device: [first] for device in desks}
        seats: dict[Device, dict[Id, SeatFile]] = {}
        for station in stations:
            seats[station] = {first: _seated(desk, station)}
        if layout.second:
            second = desks[-1].make_class(STUDENTS)
            sections[desks[-1]].append(second)
            seats[stations[0]][second] = _seated(desks[-1], stations[0])
        for lap in range(2):
            Classroom(desk, stations, clock).lap(root / f"lap {lap}", [*desks, *stations, *desks])
        everyone = [*desks, *stations]
        for device in everyone:
            device.close()
        images = tuple(
            Image(
                (device.folder / DATABASE).read_bytes(),
                b"",
                device.key,
                device in desks,
                tuple(sections.get(device) or seats[device]),
                seats.get(device, {}),
            )
            for device in everyone
        )
        return Template(images, _blank(root))


def _seated(desk: Device, station: Device) -> SeatFile:
    """``station`` joins the class that ``desk`` made last."""
    seat = desk.give_seat(station.name)
    station.take_seat(seat)
    return SeatFile(seat, NOTHING)


def _blank(root: Path) -> Image:
    blank = Database(root / DATABASE, b"\0" * 32)
    token = SeededRandomness(5)
    setup.create(blank, device_id=token.token(16), role="station", name="new", randomness=token)
    blank.close()
    return Image((root / DATABASE).read_bytes(), b"", b"\0" * 32, is_desk=False)
