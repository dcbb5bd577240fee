"""Notices that a database was copied, put back from an old copy or moved to another computer, before it writes again.

Two databases that both go on in the same stream write two different ops at one place. Both are kept wherever they
arrive (``sync``), so nothing depends on this module; but it makes such forks rare. How far this life (epoch) of the
database has come is written down in a second place, a small file in the state folder of this computer's account. A
database that the file does not know, or that lacks what the file says was written, begins a new life: new streams
under the same device, which continue the old.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blenddesk.domain.ids import ID_BYTES, Id
from blenddesk.domain.ports import Randomness
from blenddesk.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

FORMAT = 1
ANCHORED = "anchored"
"""The local fact that says that this database has been written down in a second place before."""


class Anchor:
    """The second place of one device's databases on this computer.

    ``data`` is the data directory, ``state`` the folder of the file, ``machine`` tells this computer from others
    (``machine_mark``).
    """

    def __init__(self, database: Database, device_id: Id, data: Path, state: Path, machine: str) -> None:
        self._database = database
        self._device_id = device_id
        self._place = str(data.resolve())
        self._file = state / f"{device_id.hex()}.json"
        self._machine = machine

    def settle(self, randomness: Randomness) -> bool:
        """Begins a new life of the database unless both places agree that this one goes on; says whether it did."""
        with self._database.read() as connection:
            is_new = not self._goes_on(connection)
        if is_new:
            with self._database.write() as connection:
                epoch = randomness.token(ID_BYTES)
                connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES ('epoch', ?)", (epoch,))
            log.warning("device %s: a new life begins, the other place knows another one", self._device_id.hex()[:8])
        self.note()
        return is_new

    def note(self) -> None:
        """Writes down how far this life has come: after opening, after what was written left the computer, at the end.

        Where the file cannot be written nothing is lost but the early notice.
        """
        with self._database.read() as connection:
            life = {
                "epoch": _epoch(connection).hex(),
                "machine": self._machine,
                "heads": [[stream.hex(), seq, head.hex()] for stream, seq, head in self._heads(connection)],
            }
            is_anchored = _local(connection, ANCHORED) is not None
        lives = self._lives()
        kept = {place: other for place, other in lives.items() if _is_there(place) and place != self._place}
        try:
            _write_whole(self._file, {"format": FORMAT, "lives": kept | {self._place: life}})
        except OSError as error:
            log.warning("the place beside the database cannot be written: %s", error.strerror)
            return
        if not is_anchored:
            with self._database.write() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO local VALUES (?, x'01')", (ANCHORED,))

    def _goes_on(self, connection: Connection) -> bool:
        lives = self._lives()
        epoch = _epoch(connection).hex()
        life = lives.get(self._place)
        if life is None:
            if not lives:
                # Never written down before: just made, or by a program that knew no second place.
                return _local(connection, ANCHORED) is None
            same = {place: other for place, other in lives.items() if other["epoch"] == epoch}
            if not same or any(_is_there(place) for place in same):
                # The database it was copied from is still where it was, or nobody here knows this one.
                return False
            # The folder was moved or renamed.
            life = next(iter(same.values()))
        if (life["epoch"], life["machine"]) != (epoch, self._machine):
            return False
        return all(
            connection.exec_driver_sql(
                "SELECT 1 FROM op JOIN stream USING (sid) WHERE stream_id = ? AND op.seq = ? AND hash8 = ?",
                (bytes.fromhex(stream), seq, bytes.fromhex(head)),
            ).first()
            for stream, seq, head in life["heads"]
        )

    def _heads(self, connection: Connection) -> Iterator[tuple[bytes, int, bytes]]:
        rows = connection.exec_driver_sql(
            "SELECT stream_id, seq, substr(hash, 1, 8) FROM stream WHERE device_id = ? AND epoch = ? AND seq > 0",
            (self._device_id, _epoch(connection)),
        )
        for stream_id, seq, head in rows:
            yield bytes(stream_id), seq, bytes(head)

    def _lives(self) -> dict[str, dict[str, Any]]:
        """By data directory. A file that is missing or damaged knows nothing."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            lives = found["lives"] if found["format"] == FORMAT else {}
            return {place: life for place, life in lives.items() if _is_whole(life)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def machine_mark(device_id: Id) -> str:
    """Tells this computer from every other, as far as it can be told; says nothing about it to who reads the file.

    The system's own number and the fixed addresses of its network cards: a disk that was copied to twenty computers
    brings the first along, but not the second.
    """
    parts = [*_system_numbers(), *_card_addresses()]
    return blake2b("\n".join(sorted(parts)).encode(), key=device_id, digest_size=16).hexdigest()


def _system_numbers() -> list[str]:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return [str(winreg.QueryValueEx(key, "MachineGuid")[0])]
        except OSError:
            return []
    found = []
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            found.append(Path(path).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            continue
    return found[:1]


def _card_addresses() -> list[str]:
    cards = Path("/sys/class/net")
    if cards.is_dir():
        # Only what is built in or plugged in: bridges and tunnels come and go.
        return [text for card in cards.iterdir() if (card / "device").exists() and (text := _address(card))]
    import uuid

    node = uuid.getnode()
    # With this bit set Python found no card and drew the number by lot.
    return [] if node >> 40 & 1 else [f"{node:012x}"]


def _address(card: Path) -> str:
    try:
        return (card / "address").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _epoch(connection: Connection) -> bytes:
    return _local(connection, "epoch") or b""


def _local(connection: Connection, name: str) -> bytes | None:
    found = connection.exec_driver_sql("SELECT value FROM local WHERE name = ?", (name,)).scalar_one_or_none()
    return None if found is None else bytes(found)


def _is_there(place: str) -> bool:
    return (Path(place) / "blenddesk.db").exists()


def _is_whole(life: Any) -> bool:
    try:
        heads = [(bytes.fromhex(stream), int(seq), bytes.fromhex(head)) for stream, seq, head in life["heads"]]
        return isinstance(life["epoch"], str) and isinstance(life["machine"], str) and heads is not None
    except (KeyError, TypeError, ValueError):
        return False


def _write_whole(file: Path, content: object) -> None:
    """The new file or the old one, whatever happens."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(content, out)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
