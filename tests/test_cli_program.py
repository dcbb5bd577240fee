"""The command line as a program of its own: one object, a status, what it loads, and Ctrl+C in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from blenddesk import cli
from tests.cli_flow import LIST, ROOT


def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "blenddesk", "--data-dir", str(data), "--json", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_the_program_answers_with_one_object_and_a_status(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    assert json.loads(run("desk", "new", "--teacher", "Zoë", data=data).stdout)["ok"]
    refused = run("class", "new", "", data=data)
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "class_name_empty")
    wrong = run("class", "nwe", data=data)
    assert (wrong.returncode, json.loads(wrong.stdout)["code"]) == (2, "usage")
    assert "Traceback" not in refused.stderr + wrong.stderr


def test_a_command_loads_only_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    program = (
        "import sys; from blenddesk.cli import main; "
        f"main(['--data-dir', {str(tmp_path / 'x')!r}, '--json', 'roster', 'preview', {str(file)!r}]); "
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"PySide6", "sqlalchemy", "sqlcipher3", "nacl", "pyrage", "zstandard"}
    assert json.loads(done.stdout)["rows"] == 12


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal to send to one program")
def test_ctrl_c_leaves_whole_batches_and_a_sound_database(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    size = ("--classes", "20", "--students", "40", "--days", "200")
    command = [sys.executable, "-m", "blenddesk", "--data-dir", str(data), "--json", "sample", *size]
    # A background job of a shell ignores Ctrl+C, and so would its children: ours must hear it.
    heard = (lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name == "posix" else None
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as program:
        deadline = time.monotonic() + 30
        while not (data / "blenddesk.db-wal").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.8)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    assert (program.returncode, json.loads(out)["code"]) == (1, "interrupted")
    assert "Traceback" not in err
    checked = json.loads(run("check", data=data).stdout)
    assert (checked["integrity"], checked["findings"]) == ("ok", [])


def test_ctrl_c_while_python_tidies_up_is_not_thrown_away() -> None:
    class Thing:
        """Something that a weak reference can watch."""

    def interrupted(_gone: object) -> None:
        raise KeyboardInterrupt

    def work() -> None:
        thing = Thing()
        watched = weakref.ref(thing, interrupted)
        del thing
        assert watched() is None
        time.sleep(5)

    with cli.every_ctrl_c_heard(), pytest.raises(KeyboardInterrupt):
        work()
