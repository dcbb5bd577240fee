"""Taking work to other computers and bringing it home: what the use cases call."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from blenddesk.domain.ids import ID_BYTES, MINE, Id
from blenddesk.domain.ops import ChangeSet
from blenddesk.errors import BlendDeskError, ExchangeTrouble, Refusal
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import importing, own_files, peers
from blenddesk.sync.envelope import MAX_FILE_BYTES
from blenddesk.sync.keys import DeviceKeys, our_sections, read_local, write_local
from blenddesk.sync.manifest import PackageKind
from blenddesk.sync.packages import SET_ASIDE, SUFFIX, Export, content_mark, open_package, write_package
from blenddesk.sync.peers import PeerStatus
from blenddesk.sync.statements import DESKS
from blenddesk.sync.sticks import Disk, RealDisk, write_new_file
from blenddesk.sync.trust import known_devices, voucher

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with (done, total), in ops when writing and in bytes when reading."""
Cancelled = Callable[[], bool]
Status = Literal["applied", "nothing_new", "refused", "set_aside"]


def no_progress(done: int, total: int) -> None:
    """For whoever does not want to know."""


def never() -> bool:
    return False


class Parcel(NamedTuple):
    """A file that was written and read back. ``mark``: what it holds, as ``packages.content_mark`` has it."""

    path: Path
    section: Id
    kind: PackageKind
    size: int
    sha256: bytes
    mark: bytes


@dataclass(frozen=True, slots=True)
class WriteReport:
    """``files`` in the order class packages, desk packages; ``ops`` counts every op of ours once; sizes in bytes."""

    files: tuple[Path, ...]
    ops: int
    bytes: int
    sections: tuple[Id, ...]
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageResult:
    """What became of one file. ``reason`` is a code (refused, set aside) and ``sender`` the name of its computer.

    ``records`` counts the new ops by record name (``unknown`` for those of a newer program), for the preview in words.
    """

    file: Path
    status: Status
    reason: str | None = None
    sender: str | None = None
    sender_id: Id | None = None
    section: Id | None = None
    new_ops: int = 0
    conflicts: int = 0
    refused_ops: int = 0
    records: Counter[str] = field(default_factory=Counter)
    changes: ChangeSet | None = None


def write_packages(
    ledger: Ledger,
    keys: DeviceKeys,
    folder: Path,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
    disk: Disk | None = None,
    only: Collection[tuple[Id, PackageKind]] | None = None,
) -> WriteReport:
    """Writes everything this computer holds of each of its classes into ``folder``, one full package each.

    A desk adds a package that only desks can open for each class and one for what belongs to no class. When this
    returns every file has been read back. ``only``: no other packages than these. Raises ``Refusal`` (``no_class``,
    ``cancelled``), ``EnvironmentTrouble`` (stick, ``log_damaged``): files that were there before are untouched.
    """
    disk = disk or RealDisk()
    export = _next_export(ledger)
    parcels: list[Parcel] = []
    ops = 0
    with ledger.database.read() as connection:
        wanted = [one for one in packages_of(connection, keys) if only is None or one in only]
        if not wanted:
            raise Refusal("no_class")
        meter = _Meter(progress, cancelled, total := _ops_to_write(connection), 0, total, total)
        for section, kind in wanted:
            written = write_package(connection, keys, section, kind, export, step=meter.step)
            path = write_new_file(
                folder, written.data, SUFFIX, device_id=keys.device_id, randomness=ledger.randomness, disk=disk
            )
            mark = content_mark(connection, section, kind)
            parcels.append(Parcel(path, section, kind, len(written.data), sha256(written.data).digest(), mark))
            ops += written.ops if kind is PackageKind.CLASS or section == MINE else written.private_ops
            names = own_files.remember(ledger.database, section, kind, path.name)
            own_files.tidy(connection, keys, names, section, kind, path.parent, disk)
    ledger.note_position()
    return WriteReport(
        tuple(parcel.path for parcel in parcels),
        ops,
        sum(parcel.size for parcel in parcels),
        tuple(dict.fromkeys(section for section, _kind in wanted)),
        tuple(parcels),
    )


def read_packages(
    ledger: Ledger,
    keys: DeviceKeys,
    paths: Sequence[Path],
    *,
    preview: bool = False,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> list[PackageResult]:
    """Reads packages: each path is a file, or a folder whose ``*.bdx`` files are meant (not of folders inside).

    Each package is one transaction: all of it or nothing; together they are one change, which one undo takes back.
    ``preview`` keeps nothing; its counts are what reading the files in this order would bring. Raises ``Refusal``
    (``cancelled``; packages read before stay) and ``EnvironmentTrouble`` (our own disk or database); whatever is wrong
    with a file is in its result.
    """
    files = list(_files_at(paths))
    sizes = [_size_of(file) for file in files]
    counted: set[importing.OpName] | None = set() if preview else None
    results: list[PackageResult] = []
    joins: int | None = None
    for at, file in enumerate(files):
        meter = _Meter(progress, cancelled, sum(sizes), sum(sizes[:at]), sizes[at])
        meter.step(0)
        results.append(_read_file(ledger, keys, file, counted, meter, joins))
        brought = results[-1].changes
        if brought is not None and not brought.is_empty:
            joins = brought.change_id
    progress(sum(sizes), sum(sizes))
    return results


def who_is_home(ledger: Ledger, section: Id) -> list[PeerStatus]:
    """Every other computer of the class: when its work last came here and how much of ours it had then."""
    with ledger.database.read() as connection:
        return peers.who_is_home(connection, section, ledger.device_id)


@dataclass(slots=True)
class _Meter:
    """Counts ops of the part (a file) that lies at ``start`` and is ``size`` of ``total`` long."""

    progress: Progress
    cancelled: Cancelled
    total: int
    start: int
    size: int
    ops: int = 0
    _done: int = 0

    def step(self, ops: int) -> None:
        """Some ops are done. Raises ``Refusal`` (``cancelled``)."""
        if self.cancelled():
            raise Refusal("cancelled")
        self._done += ops
        share = min(1.0, self._done / self.ops) if self.ops else 0.0
        self.progress(self.start + int(self.size * share), self.total)


# --- reading -------------------------------------------------------------------------------------------------------


def _files_at(paths: Sequence[Path]) -> list[Path]:
    """The files meant, each once, in the order of their names within a folder."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            # Names that begin with a dot are what macOS and file managers leave beside real files.
            inside = (p for p in path.iterdir() if p.suffix.lower() == SUFFIX and not p.name.startswith("."))
            found.update(dict.fromkeys(sorted(p for p in inside if p.is_file())))
        else:
            found[path] = None
    return list(found)


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong


def _read_file(
    ledger: Ledger,
    keys: DeviceKeys,
    file: Path,
    counted: set[importing.OpName] | None,
    meter: _Meter,
    joins: int | None,
) -> PackageResult:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        log.warning("a package cannot be read from its disk: %s", error.errno)
        return PackageResult(file, "refused", "file_unreadable")
    return _judge(ledger, keys, file, data, counted, meter, joins)


def read_package(
    ledger: Ledger,
    keys: DeviceKeys,
    file: Path,
    data: bytes,
    *,
    label: str = "package_read",
    cancelled: Cancelled = never,
) -> PackageResult:
    """Reads one package that is in memory already; ``label`` names the change in the history. Raises like
    ``read_packages``."""
    return _judge(ledger, keys, file, data, None, _Meter(no_progress, cancelled, 0, 0, 0), None, label)


def _judge(
    ledger: Ledger,
    keys: DeviceKeys,
    file: Path,
    data: bytes,
    counted: set[importing.OpName] | None,
    meter: _Meter,
    joins: int | None,
    label: str = "package_read",
) -> PackageResult:
    digest = sha256(data).digest()
    try:
        result = _read_data(ledger, keys, file, data, digest, counted, meter, joins, label)
    except ExchangeTrouble as trouble:
        log.info("package %s not taken: %s", digest.hex()[:16], trouble)
        result = PackageResult(file, "set_aside" if trouble.code in SET_ASIDE else "refused", trouble.code)
    except (BlendDeskError, MemoryError):
        raise
    except Exception:
        # The last wall before the teacher's data: the transaction is undone, and a mistake of ours in judging a hostile
        # file must not stop the other files. Tests with damaged packages assert that nothing ever gets here.
        log.exception("package %s could not be judged", digest.hex()[:16])
        result = PackageResult(file, "refused", "package_not_understood")
    if counted is None and result.status in ("refused", "set_aside"):
        with ledger.database.write() as connection:
            importing.note_seen(
                connection, digest, result.sender_id, result.status, result.reason, ledger.clock.wall_ms()
            )
    return result


def _read_data(
    ledger: Ledger,
    keys: DeviceKeys,
    file: Path,
    data: bytes,
    digest: bytes,
    counted: set[importing.OpName] | None,
    meter: _Meter,
    joins: int | None,
    label: str,
) -> PackageResult:
    with ledger.database.read() as connection:
        package = open_package(connection, keys, data)
    meter.ops = package.contents.ops
    outcome = importing.apply_package(
        ledger, package, digest, label=label, counted=counted, step=meter.step, joins=joins
    )
    manifest = package.manifest
    return PackageResult(
        file,
        "applied" if outcome.new_ops else "nothing_new",
        None,
        _name_of(ledger, manifest.section, manifest.sender) or outcome.sender_name,
        manifest.sender,
        manifest.section,
        outcome.new_ops,
        outcome.conflicts,
        outcome.refused_ops,
        outcome.records,
        outcome.changes,
    )


def _name_of(ledger: Ledger, section: Id, device_id: Id) -> str | None:
    with ledger.database.read() as connection:
        devices = known_devices(connection, section)
    return next((device.name for device in devices if device.device_id == device_id), None)


# --- writing -------------------------------------------------------------------------------------------------------


def packages_of(connection: Connection, keys: DeviceKeys) -> list[tuple[Id, PackageKind]]:
    """What this computer can write: a package for each class, then those for desks only.

    After an older backup was put back there may be keys of a class that has yet to come home: nothing to write of it.
    """
    vouched = {section: voucher(connection, section, keys) for section in our_sections(connection)}
    wanted = [(section, PackageKind.CLASS) for section, by in vouched.items() if by is not None and section != MINE]
    for section, by in vouched.items():
        if by is not None and by[1] is None and by[0].role in DESKS:
            wanted.append((section, PackageKind.DESK))
    return wanted


def _ops_to_write(connection: Connection) -> int:
    total: int = connection.exec_driver_sql("SELECT COUNT(*) FROM op").scalar_one()
    return total


def _next_export(ledger: Ledger) -> Export:
    with ledger.database.write() as connection:
        number = int.from_bytes(read_local(connection, "export_no") or b"", "big") + 1
        write_local(connection, "export_no", number.to_bytes(8, "big"))
    return Export(number, ledger.randomness.token(ID_BYTES), max(0, ledger.clock.wall_ms()))
