"""Starting up: the first page is painted without the heavy libraries, and they are there when they are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blenddesk import bootstrap
from blenddesk.config import Paths
from blenddesk.services import classes, protection
from tests.conftest import FakeRandomness, fill_class
from tests.sync.devices import WEAK

ROOT = Path(__file__).parent.parent.parent

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from blenddesk.config import Paths
from blenddesk.ui import app

application = app.theme.new_application()
face = app.Face(application, Paths(Path(sys.argv[1])))
face.start()

def painted():
    print("at first paint:", *sorted({name.split(".")[0] for name in sys.modules}))
    face.after_first_paint(lambda: None)
    QTimer.singleShot(0, loaded)

def loaded():
    assert face.context.ledger.device_id
    print("later:", *sorted({name.split(".")[0] for name in sys.modules}))
    application.quit()

app.FirstPaint(face.window, painted)
application.exec()
face.close()
"""


@pytest.fixture(params=["desk", "empty"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "desk":
        context = bootstrap.create_device(Paths(tmp_path / "data"), role="desk", name="Ms Okoro")
        classes.found_desk(context, "Ms Okoro")
        fill_class(context, 4)
        bootstrap.close_device(context)
    return tmp_path / "data"


def test_nothing_heavy_is_loaded_before_the_first_paint(data: Path) -> None:
    program = PROGRAM if data.exists() else PROGRAM.replace("    assert face.context.ledger.device_id\n", "")
    done = subprocess.run(
        [sys.executable, "-c", program, str(data)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    first, later = (set(line.split()) for line in done.stdout.splitlines()[-2:])
    assert not first & {"sqlalchemy", "alembic", "nacl", "pyrage", "zstandard", "python_calamine", "segno"}
    if data.name in later or (data / "blenddesk.db").exists():
        assert {"sqlalchemy", "nacl"} <= later


LOCKED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from blenddesk.config import Paths
from blenddesk.ui import app

application = app.theme.new_application()
face = app.Face(application, Paths(Path(sys.argv[1])))
face.start()

def painted():
    print("at first paint:", *sorted({name.split(".")[0] for name in sys.modules}))
    face.window.phrase.line.setText(sys.argv[2])
    face.window.try_phrase()
    QTimer.singleShot(20, look)

def look():
    if face.context is None:
        QTimer.singleShot(20, look)
        return
    assert face.context.ledger.device_id
    print("opened:", type(face.window).__name__)
    application.quit()

app.FirstPaint(face.window, painted)
application.exec()
face.close()
"""


def test_a_locked_desk_shows_its_lock_without_anything_heavy_and_opens_in_a_thread(tmp_path: Path) -> None:
    paths, randomness, phrase = Paths(tmp_path / "data"), FakeRandomness(1), "sunflowers in the rain"
    context = bootstrap.create_device(paths, role="desk", name="Ms Okoro")
    key = context.reads.reader.key
    bootstrap.close_device(context)
    sheet = protection.draw_sheet(randomness, "en", WEAK)
    protection.set_phrase(paths, key, phrase, randomness, sheet=sheet, strength=WEAK)
    done = subprocess.run(
        [sys.executable, "-c", LOCKED, str(paths.data), phrase],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    first, opened = done.stdout.splitlines()[-2:]
    assert not set(first.split()) & {"sqlalchemy", "alembic", "nacl", "pyrage", "zstandard", "msgspec"}
    assert opened == "opened: DeskWindow"


REFUSED = """
import sys
from pathlib import Path
from blenddesk.config import Paths
from blenddesk.ui import app
from PySide6.QtCore import QTimer

application = app.theme.new_application()
face = app.Face(application, Paths(Path(sys.argv[1])))
face.start()

def look():
    print(type(face.window).__name__, face.window.isVisible(), face.context)
    application.quit()

app.FirstPaint(face.window, lambda: QTimer.singleShot(300, look))
application.exec()
face.close()
"""


def test_a_desk_in_a_synchronised_folder_is_not_written_to(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "Dropbox" / "data")
    made = Paths(tmp_path / "data")
    bootstrap.close_device(bootstrap.create_device(made, role="desk", name="Ms Okoro"))
    paths.data.parent.mkdir()
    made.data.rename(paths.data)
    before = paths.database.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", REFUSED, str(paths.data)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["TroubleWindow", "True", "None"], done.stderr
    assert paths.database.read_bytes() == before
