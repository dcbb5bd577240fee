"""The demo: a whole lesson played for real by separate programs in their own data folders, and looked over at the end.

A desk and its student computers are programs of their own (processes), the stick is a folder, children tap in the real
window. Nothing is assumed: what is answered is counted from what each computer holds at the end.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from blenddesk.demo import privacy, programs
from blenddesk.demo.classroom import (
    CLASS_NAME,
    STATION_NAMES,
    STATIONS,
    TEACHER,
    TEMPLATE,
    Child,
    class_list,
    pretend_class,
)
from blenddesk.demo.programs import Computer
from blenddesk.errors import Refusal

DEVICES = "devices"
MARK = "made-by-the-demo.txt"
LAPS = 2

T = TypeVar("T")


@dataclass(slots=True)
class Room:
    """Where everything of one demo is, and what was seen so far."""

    out: Path
    desk: Computer
    stations: list[Computer]
    children: list[Child]
    say: Callable[[str], None]
    packages: set[Path] = field(default_factory=set)
    """Every file that was ever on the stick; older ones are tidied away."""
    acknowledged: set[str] = field(default_factory=set)
    """Ids of entries that a child saw saved."""
    steps: set[str] = field(default_factory=set)

    @property
    def stick(self) -> Path:
        return self.out / DEVICES / "stick"

    @property
    def computers(self) -> list[Computer]:
        return [self.desk, *self.stations]


def play(
    out: Path,
    students: int = 32,
    kiosks: int = 2,
    seed: int = 1,
    say: Callable[[str], None] = print,
    *,
    pictures: bool = True,
) -> dict[str, Any]:
    """Plays the lesson into ``out`` (an earlier demo there is replaced) and returns what was counted.

    Keys: ``students``, ``entries`` (at the desk, from the student computers), ``goal_steps``, ``packages``, ``lost``
    (acknowledged at a student computer but not at the desk), ``digest``, ``pictures``, ``prints``, ``devices``,
    ``laps``, ``secrets_checked``, ``seconds``. Refusals: ``demo_folder_taken``, ``demo_stopped`` (step, detail).
    """
    begun = time.monotonic()
    room = _prepare(out, students, kiosks, seed, say)
    cameras = _start_pictures(room) if pictures else []
    try:
        _set_up(room)
        _log_work(room)
        for lap in range(1, LAPS + 1):
            say(f"Stick, lap {lap} of {LAPS}: student computers to the desk and back")
            _lap(room)
            if lap == 1:
                _all_home(room)
        digest = _same_everywhere(room)
        _nothing_new(room, digest)
        checked = _secrets_kept(room)
        shots = [path for camera in cameras for path in _pictures_of(camera)]
    finally:
        for camera in cameras:
            if camera.poll() is None:
                camera.kill()
            camera.communicate()
    home = _entries_at_desk(room)
    return {
        "students": students,
        "entries": len(home["claimed"]),
        "goal_steps": len(home["step_done"]),
        "packages": len(room.packages),
        "lost": len((room.acknowledged | room.steps) - (home["claimed"] | home["step_done"])),
        "laps": LAPS,
        "digest": digest,
        "secrets_checked": checked,
        "pictures": sorted(path for path in shots if path.endswith(".png")),
        "prints": sorted(path for path in shots if path.endswith(".pdf")),
        "devices": [{"name": one.name, "dir": str(one.folder)} for one in room.computers],
        "seconds": round(time.monotonic() - begun, 1),
    }


# --- before the lesson ----------------------------------------------------------------------------------------------


def _prepare(out: Path, students: int, kiosks: int, seed: int, say: Callable[[str], None]) -> Room:
    """Empty folders. An earlier demo's are replaced; anything else of that name is left alone."""
    devices = out / DEVICES
    if devices.exists():
        if not (devices / MARK).is_file():
            raise Refusal("demo_folder_taken", path=str(devices))
        shutil.rmtree(devices)
    devices.mkdir(parents=True)
    (devices / MARK).write_text("The demo made this folder and replaces it the next time.\n", encoding="utf-8")
    (devices / "stick").mkdir()
    desk = Computer("Desk", devices / "desk")
    names = [f"{name}-{number}" for number in range(1, kiosks // len(STATION_NAMES) + 2) for name in STATION_NAMES]
    stations = [Computer(name, devices / name.lower()) for name in names[:kiosks]]
    return Room(out, desk, stations, pretend_class(students, seed), say)


def _set_up(room: Room) -> None:
    """The teacher's evening: the class, what is known of it, goals, a plan, and the student computers."""
    desk, stick = room.desk, room.stick
    desk.run("desk", "new", "--teacher", TEACHER)
    roster = room.out / DEVICES / "class-list.csv"
    roster.write_text(class_list(room.children), encoding="utf-8")
    answer = desk.run("roster", "import", roster, "--class", CLASS_NAME)
    _expect("roster import", answer["students_added"], len(room.children))
    again = desk.run("roster", "import", roster, "--class", CLASS_NAME)
    _expect("the same list again", again["students_added"] + again["students_updated"], 0)
    room.say(f"A class of {len(room.children)} on the desk")
    from blenddesk.demo.desk import note_class

    note_class(desk.folder, room.children)
    planned = desk.run("plan", "new", "--class", CLASS_NAME, "--template", TEMPLATE)
    seated = {student for seat in planned["seats"] for student in _ids(seat["students"])}
    _expect("students with a place", len(seated), len(room.children))
    seats = [desk.run("seat", "new", "--class", CLASS_NAME, "--name", one.name, "--to", stick) for one in room.stations]

    def open_one(pair: tuple[Computer, dict[str, Any]]) -> None:
        station, seat = pair
        station.run("seat", "open", seat["file"], "--words", " ".join(seat["words"]))

    _side_by_side(open_one, zip(room.stations, seats, strict=True))
    room.say(f"{len(room.stations)} student computers joined, each with its five words")


def _ids(students: Sequence[Any]) -> list[str]:
    return [str(one["id"]) if isinstance(one, dict) else str(one) for one in students]


# --- the lesson -----------------------------------------------------------------------------------------------------


def visits_at(children: Sequence[Child], place: int, kiosks: int) -> list[dict[str, object]]:
    """What the children of one computer do there: everyone's first visit, then everyone's second."""
    from blenddesk.demo.station import Visit

    mine = [child for child in children if child.number % kiosks == place]
    return [
        asdict(
            Visit(
                child.number,
                child.visits[turn],
                1 + (child.number + turn) % 4,
                child.remark if turn == 0 else "",
                child.taps_step and turn == 0,
            )
        )
        for turn in range(max(len(child.visits) for child in children))
        for child in mine
        if turn < len(child.visits)
    ]


def _log_work(room: Room) -> None:
    """All student computers at the same time, each a program of its own with its window and its children."""
    running: list[tuple[Computer, int, subprocess.Popen[str]]] = []
    for place, station in enumerate(room.stations):
        visits = visits_at(room.children, place, len(room.stations))
        job = room.out / DEVICES / f"{station.folder.name}-visits.json"
        job.write_text(json.dumps(visits), encoding="utf-8")
        process = programs.start(["--demo-station", str(station.folder), str(job)], station.folder)
        running.append((station, len(visits), process))
    try:
        for station, visits_there, process in running:
            answer = programs.answer_of(process, f"{station.name}: visits")
            _expect(f"{station.name}: visits", answer["visits"], visits_there)
            room.acknowledged |= set(answer["entries"])
            room.steps |= set(answer["steps"])
            room.say(f"{station.name}: {visits_there} visits, {len(answer['entries'])} stations, {answer['taps']} taps")
    finally:
        for _station, _visits, process in running:
            if process.poll() is None:
                process.kill()
                process.communicate()
    _expect("stations logged", len(room.acknowledged), len(room.children) * STATIONS)
    _expect("goal steps tapped", len(room.steps), sum(child.taps_step for child in room.children))


# --- the stick ------------------------------------------------------------------------------------------------------


def _lap(room: Room) -> None:
    """Every student computer writes, the desk reads and writes, every student computer reads."""
    for answer in _side_by_side(lambda one: one.run("package", "write", "--to", room.stick), room.stations):
        _carry(room, answer)
    _expect("set aside or refused", _not_taken(room.desk.run("package", "read", room.stick)), [])
    _carry(room, room.desk.run("package", "write", "--to", room.stick))
    _side_by_side(lambda one: one.run("package", "read", room.stick), room.stations)


def _carry(room: Room, written: dict[str, Any]) -> None:
    room.packages |= {Path(file) for file in written["files"]}


def _not_taken(answer: dict[str, Any]) -> list[str]:
    return [row["reason"] for row in answer["packages"] if row["status"] not in ("applied", "nothing_new")]


# --- looking it over ------------------------------------------------------------------------------------------------


def _all_home(room: Room) -> None:
    """After one lap the desk has everything, and its report says the same."""
    home = _entries_at_desk(room)
    missing = (room.acknowledged | room.steps) - (home["claimed"] | home["step_done"])
    _expect("entries that did not come home", len(missing), 0)
    report = room.desk.run("report", "progress", "--class", CLASS_NAME)["students"]
    _expect("done in the report", sum(one["claimed"] for one in report), len(room.children) * STATIONS)
    _expect("answers to how it went", len(home["reflections"]), len(room.children) * STATIONS)
    _expect("remarks that the desk can read", home["remarks"], {child.remark for child in room.children})
    room.say(f"At home on the desk: {len(home['claimed'])} stations, {len(home['step_done'])} goal steps, 0 lost")


def _entries_at_desk(room: Room) -> dict[str, set[str]]:
    from blenddesk.demo.desk import entries_at

    return entries_at(room.desk.folder)


def _same_everywhere(room: Room) -> str:
    """The one digest of the class, the same on all computers."""
    answers = _side_by_side(lambda one: one.run("check", "--rebuild"), room.computers)
    digests = {str(answer["state_digest"]["class"]) for answer in answers}
    _expect("digests of the class", len(digests), 1)
    _expect("findings", [finding for answer in answers for finding in answer["findings"]], [])
    return digests.pop()


def _nothing_new(room: Room, digest: str) -> None:
    """Every package once more on every computer: nothing changes."""
    answers = _side_by_side(lambda one: one.run("package", "read", room.stick), room.computers)
    _expect("changes from files read again", sum(row["new_ops"] for a in answers for row in a["packages"]), 0)
    _expect("the digest afterwards", _same_everywhere(room), digest)
    room.say(f"The same class on all {len(room.computers)} computers; every file read again changes nothing")


def _secrets_kept(room: Room) -> int:
    """Looks for needs, notes, family names and what was written at the student computers and on the stick.

    Returns how many words were looked for. The desk must have them all, or the search would prove nothing.
    """
    secrets = privacy.secrets_of(room.children)
    at_desk = privacy.found_in(privacy.decrypted(room.desk.folder), secrets)
    _expect("secrets that the desk itself has", len(at_desk), len(secrets))
    places = [room.stick, *(folder for one in room.stations for folder in (one.folder, one.scratch))]
    for path, data in privacy.raw_files(places).items():
        _expect(f"secrets in {path.name}", sorted(privacy.found_in(data, secrets)), [])
    for station in room.stations:
        data = privacy.decrypted(station.folder)
        if room.children[0].given.encode() not in data:
            raise Refusal("demo_stopped", step=f"{station.name}: reading its data", detail="no first name in it")
        _expect(f"secrets at {station.name}", sorted(privacy.found_in(data, secrets)), [])
    room.say(f"{len(secrets)} family names, needs, notes and answers: none at a student computer or on the stick")
    return len(secrets)


def _expect(what: str, found: object, wanted: object) -> None:
    """Refusal ``demo_stopped`` with both when they differ."""
    if found != wanted:
        raise Refusal("demo_stopped", step=what, detail=f"{found!r} != {wanted!r}"[:500])


# --- pictures -------------------------------------------------------------------------------------------------------


def _start_pictures(room: Room) -> list[subprocess.Popen[str]]:
    """The photographers: programs of their own that run while the children log.

    What they take replaces what an earlier demo took; other files in the folder are none of our business.
    """
    from blenddesk.demo.pictures import PARTS

    return [
        programs.start(["--demo-pictures", str(room.out), part], room.out / DEVICES / f"pictures-{part}")
        for part in PARTS
    ]


def _pictures_of(camera: subprocess.Popen[str]) -> list[str]:
    answer = programs.answer_of(camera, "pictures")
    return [str(path) for path in answer["pictures"]]


def _side_by_side(work: Callable[[Any], T], things: Iterable[Any]) -> list[T]:
    """The same for several computers at the same time, as it is in a classroom; two for two cores."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(work, things))
