"""Real Syncthing processes on this computer only, for tests: own configuration, chosen ports, no discovery, no relays.

``with pair(root) as (one, other)`` gives two of them that keep ``one.folder`` and ``other.folder`` alike.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

FOLDER = "shared"
START_SECONDS = 30.0
QUIET_OPTIONS = {
    "globalAnnounceEnabled": "false",
    "localAnnounceEnabled": "false",
    "relaysEnabled": "false",
    "natEnabled": "false",
    "stunKeepaliveStartS": "0",
    "crashReportingEnabled": "false",
    "urAccepted": "-1",
    "startBrowser": "false",
    "autoUpgradeIntervalH": "0",
    "setLowPriority": "false",
    "reconnectionIntervalS": "1",
    "progressUpdateIntervalS": "-1",
}


def program() -> str | None:
    """Where Syncthing is on this computer, if it is."""
    return shutil.which("syncthing")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


class Syncthing:
    """One process with its own copy of the folder. ``start`` it after ``meet``."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self._port, self._address = free_port(), free_port()
        self._key = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)
        self._run("generate", f"--home={home}", "--no-default-folder", "--skip-port-probing")
        self._config = ET.parse(home / "config.xml")
        own = self._config.getroot().find("device")
        assert own is not None
        self.id = own.attrib["id"]

    def meet(self, other: Syncthing) -> None:
        """Writes the configuration: this one and the other share the folder, over loopback only."""
        root = self._config.getroot()
        options, gui = root.find("options"), root.find("gui")
        assert options is not None
        assert gui is not None
        for name, value in {**QUIET_OPTIONS, "listenAddress": f"tcp://127.0.0.1:{self._address}"}.items():
            _set(options, name, value)
        _set(gui, "address", f"127.0.0.1:{self._port}")
        _set(gui, "apikey", self._key)
        for device in root.findall("device"):
            root.remove(device)
        shared = ET.SubElement(
            root,
            "folder",
            id=FOLDER,
            label=FOLDER,
            path=str(self.folder),
            type="sendreceive",
            rescanIntervalS="3600",
            fsWatcherEnabled="false",
        )
        _set(shared, "maxConflicts", "-1")
        for one in (self, other):
            ET.SubElement(
                ET.SubElement(root, "device", id=one.id, name=one.home.name), "address"
            ).text = f"tcp://127.0.0.1:{one._address}"
            ET.SubElement(shared, "device", id=one.id)
        self._config.write(self.home / "config.xml")

    def start(self) -> None:
        log = (self.home / "output.log").open("ab")
        command = [_program(), "serve", f"--home={self.home}", "--no-browser", "--no-restart", "--no-upgrade"]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment())
        log.close()
        wait_until(lambda: self._answers(), START_SECONDS, "Syncthing does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def ask(self, method: str, path: str, **query: str) -> Any:
        """One call of its interface on loopback; the decoded answer, None for none."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, f"/rest/{path}?{urlencode(query)}", headers={"X-API-Key": self._key})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise OSError(f"{path}: {answer.status} {body[:200]!r}")
        return json.loads(body) if body.strip().startswith((b"{", b"[")) else None

    def scan(self) -> None:
        """Looks at its copy of the folder now; ends when it has."""
        self.ask("POST", "db/scan", folder=FOLDER)

    def pause(self, other: Syncthing) -> None:
        self.ask("POST", "system/pause", device=other.id)

    def resume(self, other: Syncthing) -> None:
        self.ask("POST", "system/resume", device=other.id)

    def is_connected(self, other: Syncthing) -> bool:
        connections: dict[str, dict[str, Any]] = self.ask("GET", "system/connections")["connections"]
        return bool(connections.get(other.id, {}).get("connected"))

    def has_all(self) -> bool:
        """Whether it is at rest and lacks nothing that the other has told it of."""
        status = self.ask("GET", "db/status", folder=FOLDER)
        return status["state"] == "idle" and not status["needTotalItems"]

    def other_has_all(self, other: Syncthing) -> bool:
        told = self.ask("GET", "db/completion", folder=FOLDER, device=other.id)
        return bool(told["completion"] == 100 and not told["needItems"] and not told.get("needDeletes", 0))

    def _answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            self.ask("GET", "system/ping")
            return True
        assert self._process is not None
        assert self._process.poll() is None, (self.home / "output.log").read_text(errors="replace")[-2000:]
        return False

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [_program(), *arguments], capture_output=True, timeout=60, env=self._environment(), check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")[-2000:]

    def _environment(self) -> dict[str, str]:
        """Nothing of this account's own Syncthing, if it has one."""
        return {**os.environ, "HOME": str(self.home.parent), "STNOUPGRADE": "1", "STNODEFAULTFOLDER": "1"}


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@contextmanager
def pair(root: Path) -> Iterator[tuple[Syncthing, Syncthing]]:
    one = Syncthing(root / "st-one", root / "folder-one")
    other = Syncthing(root / "st-other", root / "folder-other")
    one.meet(other)
    other.meet(one)
    try:
        one.start()
        other.start()
        wait_until(lambda: one.is_connected(other) and other.is_connected(one), START_SECONDS, "they do not meet")
        yield one, other
    finally:
        one.stop()
        other.stop()


def _program() -> str:
    found = program()
    assert found is not None
    return found


def _set(parent: ET.Element, name: str, value: str) -> None:
    for old in parent.findall(name):
        parent.remove(old)
    ET.SubElement(parent, name).text = value
