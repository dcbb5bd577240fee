"""Looking by itself: in a thread, giving way, stopping with the window; and its words."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from blenddesk import bootstrap, joining
from blenddesk.config import Paths
from blenddesk.domain.entries import By
from blenddesk.domain.ids import Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import EnvironmentTrouble
from blenddesk.services import entries, exchange, plans
from blenddesk.services import watching as use_case
from blenddesk.services.context import AppContext
from blenddesk.sync.watching import Look
from blenddesk.ui import watch_words, watching
from blenddesk.ui.kiosk.window import KioskWindow
from blenddesk.ui.watch_card import WatchSheet
from blenddesk.ui.watching import FolderWatching
from tests.conftest import FakeClock
from tests.sync.devices import WEAK


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_LOOK_MS", "LOOK_EVERY_MS", "GONE_LOOK_MS", "GO_ON_MS", "BUSY_MS", "ASK_MS"):
        monkeypatch.setattr(watching, name, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Shared"
    made.mkdir()
    return made


@pytest.fixture
def station(desk: AppContext, section: Id, folder: Path, tmp_path: Path, clock: FakeClock) -> Iterator[AppContext]:
    """Blue-1 with an entry, on which no folder is chosen yet."""
    made = plans.new_plan(desk, section, "station-4", seed=1)
    plans.mark_ready(desk, section, made.plan)
    added = exchange.add_computer(desk, section, "Blue-1", folder, strength=WEAK)
    paths = Paths(tmp_path / "blue-1")
    paths.data.mkdir()
    joining.open_seat(paths, added.file.read_bytes(), " ".join(added.words), clock=clock)
    context = bootstrap.open_device(paths, clock=clock)
    sheet = context.reads.plans.sheet(section, made.plan)
    assert sheet is not None
    student = context.reads.people.students(section)[0]
    entries.add_entry(context, section, student.id, made.plan, sheet.blocks[0].id, growth=2, by=By.STUDENT)
    yield context
    bootstrap.close_device(context)


@pytest.fixture
def watch(desk: AppContext) -> Iterator[Callable[..., FolderWatching]]:
    made: list[FolderWatching] = []
    parent = QObject()

    def make(context: AppContext = desk, **how: Callable[[], bool]) -> FolderWatching:
        made.append(FolderWatching(context, parent, **how))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def wait_seen(qtbot: QtBot, one: FolderWatching) -> Look:
    qtbot.waitUntil(lambda: one.seen is not None and not one.seen.more, timeout=10_000)
    assert one.seen is not None
    return one.seen


def test_it_reads_and_writes_by_itself_and_tells_the_screens(
    desk: AppContext, section: Id, station: AppContext, folder: Path, watch: Callable[..., FolderWatching], qtbot: QtBot
) -> None:
    exchange.take_to_computers(station, folder)
    heard: list[ChangeSet] = []
    desk.listeners.append(heard.append)
    one = watch()
    one.start()
    assert one.seen is None
    one.choose(str(folder))
    seen = wait_seen(qtbot, one)
    assert seen.last_read_from == "Blue-1"
    assert len(list(folder.glob("*.bdx"))) == 4
    assert any("entry" in change.kinds for change in heard)
    assert len(desk.reads.entries.of_section(section)) == 1
    desk.listeners.clear()


def test_it_looks_again_and_again(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    looks: list[bool] = []

    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        looks.append(threading.current_thread() is threading.main_thread())
        return Look(trouble="folder_gone" if len(looks) == 2 else None, more=len(looks) == 1), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    one = watch()
    one.choose(str(folder))
    qtbot.waitUntil(lambda: len(looks) >= 4, timeout=5_000)
    assert not any(looks), "never in the window's thread"
    one.pause(paused=True)
    qtbot.waitUntil(lambda: not one.is_looking, timeout=5_000)
    count = len(looks)
    qtbot.wait(80)
    assert len(looks) == count
    one.pause(paused=False)
    qtbot.waitUntil(lambda: len(looks) > count, timeout=5_000)
    one.choose("")
    assert one.seen is None


def test_the_window_goes_on_while_it_looks(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        time.sleep(0.3)
        return Look(), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(10)
    one = watch()
    one.choose(str(folder))
    wait_seen(qtbot, one)
    timer.stop()
    assert max(b - a for a, b in itertools.pairwise(beats)) < 0.2


def test_a_desk_that_is_still_loading_is_not_waited_for(
    desk: AppContext, folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    loaded = threading.Event()
    real = desk.core
    monkeypatch.setattr(desk, "core", lambda: (loaded.wait(10), real())[1])
    one = watch()
    one.choose(str(folder))
    qtbot.waitUntil(lambda: one.is_looking, timeout=5_000)
    qtbot.wait(30)
    assert one.seen is None
    loaded.set()
    wait_seen(qtbot, one)


def test_longer_work_comes_first(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    busy, gave_way = [True], []

    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        while not cancelled():
            time.sleep(0.005)
        gave_way.append(True)
        return Look(more=True), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    one = watch(is_busy=lambda: busy[0])
    one.choose(str(folder))
    qtbot.wait(60)
    assert not one.is_looking
    busy[0] = False
    qtbot.waitUntil(lambda: one.is_looking, timeout=5_000)
    busy[0] = True
    qtbot.waitUntil(lambda: bool(gave_way), timeout=5_000)


def test_after_giving_way_it_waits_longer_each_time(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(watching, "LONGEST_WAY_MS", 70)
    looks: list[float] = []

    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        looks.append(time.monotonic())
        return Look(more=True, gave_way=len(looks) < 6), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    one = watch()
    one.choose(str(folder))
    qtbot.waitUntil(lambda: len(looks) >= 6, timeout=5_000)
    waits = [b - a for a, b in itertools.pairwise(looks)]
    assert all(wait >= at_least for wait, at_least in zip(waits, (0.02, 0.04, 0.07, 0.07, 0.07), strict=False))
    qtbot.waitUntil(lambda: len(looks) >= 7, timeout=5_000)


def test_it_rests_while_a_child_is_at_work_but_not_for_ever(
    folder: Path, watch: Callable[..., FolderWatching], clock: FakeClock, qtbot: QtBot
) -> None:
    one = watch(rests=lambda: True)
    one.choose(str(folder))
    qtbot.wait(60)
    assert one.seen is None
    clock.advance(minutes=5)
    wait_seen(qtbot, one)


def test_behind_a_lock_it_never_looks_and_stops_what_it_began(
    folder: Path, watch: Callable[..., FolderWatching], clock: FakeClock, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asleep, ended = [False], []

    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        while not cancelled():
            time.sleep(0.005)
        ended.append(True)
        return Look(more=True), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    one = watch(sleeps=lambda: asleep[0])
    one.choose(str(folder))
    qtbot.waitUntil(lambda: one.is_looking, timeout=5_000)
    asleep[0] = True
    qtbot.waitUntil(lambda: bool(ended) and not one.is_looking, timeout=5_000)
    clock.advance(minutes=60)
    qtbot.wait(60)
    assert not one.is_looking


def test_a_dead_share_does_not_keep_the_window_open(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    back = threading.Event()

    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        back.wait(20)
        return Look(), ChangeSet(0, "")

    monkeypatch.setattr(use_case, "look", look)
    monkeypatch.setattr(watching, "STOP_SECONDS", 0.05)
    one = watch()
    one.choose(str(folder))
    qtbot.waitUntil(lambda: one.is_looking, timeout=5_000)
    begun = time.monotonic()
    one.stop()
    assert time.monotonic() - begun < 2
    back.set()
    qtbot.wait(50)
    assert one.seen is None


def test_what_a_look_into_the_former_folder_saw_is_not_shown(
    folder: Path, tmp_path: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    real = use_case.look
    other = tmp_path / "other"
    other.mkdir()

    def look(watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        if getattr(watcher, "folder", None) == folder:
            while not cancelled():
                time.sleep(0.005)
            return Look(trouble="folder_gone"), ChangeSet(0, "")
        return real(watcher, cancelled)  # type: ignore[arg-type]

    monkeypatch.setattr(use_case, "look", look)
    one = watch()
    one.choose(str(folder))
    qtbot.waitUntil(lambda: one.is_looking, timeout=5_000)
    one.choose(str(other))
    assert wait_seen(qtbot, one).trouble is None


def test_a_mistake_in_the_thread_reaches_the_crash_dialogue(
    folder: Path, watch: Callable[..., FolderWatching], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def look(_watcher: object, cancelled: Callable[[], bool]) -> tuple[Look, ChangeSet]:
        raise ZeroDivisionError

    monkeypatch.setattr(use_case, "look", look)
    one = watch()
    with qtbot.captureExceptions() as caught:
        one.choose(str(folder))
        qtbot.waitUntil(lambda: bool(caught), timeout=5_000)
    assert caught[0][0] is ZeroDivisionError


def test_a_folder_that_cannot_be_chosen_changes_nothing(
    desk: AppContext, folder: Path, watch: Callable[..., FolderWatching]
) -> None:
    one = watch()
    with pytest.raises(EnvironmentTrouble):
        one.choose(str(folder / "gone"))
    assert desk.settings.watched_folder == ""


# --- the student computer -------------------------------------------------------------------------------------------


def test_a_student_computer_does_it_while_nobody_signs_in(
    desk: AppContext, section: Id, station: AppContext, folder: Path, qtbot: QtBot
) -> None:
    exchange.take_to_computers(desk, folder)
    use_case.choose_folder(station, folder)
    window = KioskWindow(station, guard_ms=0)
    qtbot.addWidget(window)
    window.show()
    seen = wait_seen(qtbot, window.watching)
    assert seen.last_read_from == "Ms Okoro"
    assert seen.last_written_ms
    window.close_for_good()
    assert not window.watching.is_looking
    exchange.bring_home(desk, [folder])
    assert len(desk.reads.entries.of_section(section)) == 1


def test_the_teacher_chooses_it_behind_the_lock(station: AppContext, folder: Path, qtbot: QtBot) -> None:
    from blenddesk.ui import kit
    from blenddesk.ui.kiosk.teacher import ask_teacher

    window = KioskWindow(station, guard_ms=0)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    ask_teacher(window)
    offer = window.findChild(kit.Button, "teacher_watch")
    assert offer is not None
    offer.click()
    sheet = window.findChild(WatchSheet)
    assert sheet is not None
    card = sheet.folder
    assert card.status.text() == watch_words.about()
    card.ask_folder = lambda _start: str(folder)
    card.choose.click()
    qtbot.waitUntil(lambda: "Last written" in card.status.text(), timeout=10_000)
    sheet.close_sheet()
    window.close_for_good()


# --- words ----------------------------------------------------------------------------------------------------------


def test_the_words(clock: FakeClock) -> None:
    now = clock.wall_ms()

    def words(seen: Look | None, *, paused: bool = False) -> tuple[str, str]:
        return watch_words.status(clock, seen, paused=paused)

    assert words(None) == ("Looking into the folder…", "dim")
    assert words(Look(), paused=True) == ("Paused. Nothing is read or written.", "dim")
    assert words(Look()) == ("Nothing to read yet.", "ok")
    quiet = Look(last_read_ms=now, last_read_from="Blue-1", last_written_ms=now)
    assert words(quiet) == ("Last read today 8:30, from Blue-1. Last written today 8:30.", "ok")
    assert words(quiet._replace(last_read_from=""))[0].startswith("Last read today 8:30. ")
    assert words(quiet._replace(writes_at_ms=now + 600_000))[0].endswith("What is new here goes out today 8:40.")
    said, tone = words(quiet._replace(unread=2))
    assert tone == "warn"
    assert said.endswith("2 files there cannot be read yet. They are left as they are and tried again.")
    assert "another class" in words(quiet._replace(only_foreign=True))[0]
    said_of = {
        code: words(quiet._replace(trouble=code))[0]
        for code in (
            "folder_gone",
            "folder_closed",
            "stick_read_only",
            "stick_full",
            "stick_gone",
            "stick_unreliable",
            "disk_full",
        )
    }
    assert len(set(said_of.values())) == 6
    assert all(code not in said for code, said in said_of.items())
