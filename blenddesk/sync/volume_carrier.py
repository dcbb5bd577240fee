"""Pictures onto a stick within a budget, and home from it: after the packages, and never in their way.

A student computer sends the pictures that were taken there to the desks; desks send each other what the other misses,
and tell everybody what they have. Nothing is left out for ever: what did not fit goes with a later lap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from blenddesk.domain.ids import MINE, Id
from blenddesk.errors import BlendDeskError, EnvironmentTrouble, ExchangeTrouble, Refusal
from blenddesk.storage.blobs import Blobs, beside
from blenddesk.storage.ledger import Ledger
from blenddesk.sync import envelope, picture_words, volume_files
from blenddesk.sync.erasures import erased_blobs
from blenddesk.sync.keys import DeviceKeys, age_identities, class_root_public, our_sections, read_local, write_local
from blenddesk.sync.packages import SET_ASIDE
from blenddesk.sync.picture_words import Told
from blenddesk.sync.statements import DESKS
from blenddesk.sync.sticks import Disk, RealDisk, stick_trouble, write_new_file
from blenddesk.sync.trust import load_trust, voucher
from blenddesk.sync.volume_files import BLOBS, WORD, OwnVolume
from blenddesk.sync.volumes import MAX_NAMES, SUFFIX, WRITTEN_BYTES, Label, Volume, open_volume, write_volume

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

USUAL_BUDGET = 500 << 20
"""Bytes of volumes on one stick."""
Status = Literal["taken", "nothing_new", "refused", "set_aside"]
Cancelled = Callable[[], bool]


class VolumeResult(NamedTuple):
    """What became of one file. ``names``: the pictures in it, where it could be opened; ``taken``: how many came."""

    file: Path
    status: Status
    reason: str | None = None
    sender: str | None = None
    taken: int = 0
    names: frozenset[bytes] = frozenset()


class Carried(NamedTuple):
    """``pictures`` were written now, into ``files``; ``waiting`` have no room this time. ``trouble``: the code of what
    was wrong with the stick; the packages on it, and older volumes, are as they were."""

    files: tuple[Path, ...] = ()
    pictures: int = 0
    waiting: int = 0
    trouble: str | None = None


class OnTheWay(NamedTuple):
    """Pictures of a class that are not home yet: that this computer has and a desk needs, and that a desk misses."""

    to_send: int
    to_come: int


def never() -> bool:
    return False


def settle_erased(ledger: Ledger) -> int:
    """Takes away the pictures that were erased; returns how many files. Raises ``EnvironmentTrouble``."""
    blobs = beside(ledger.database.path)
    removed = 0
    with ledger.database.read() as connection:
        for section in our_sections(connection):
            removed += blobs.remove(section, erased_blobs(connection, section))
    return removed


def on_the_way(ledger: Ledger, section: Id) -> OnTheWay:
    blobs = beside(ledger.database.path)
    here = blobs.names(section)
    with ledger.database.read() as connection:
        known = picture_words.known_pictures(connection, section)
        told = picture_words.told(connection, section, ledger.device_id, at_desk=_is_desk(connection, section, ledger))
        leaving = picture_words.to_travel(here, told, erased_blobs(connection, section))
    return OnTheWay(len(leaving), len(known - set(here)))


# --- home -----------------------------------------------------------------------------------------------------------


def volumes_at(paths: Sequence[Path]) -> list[Path]:
    """The volumes meant: each path is one, or a folder of them. Files of other kinds are left out."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.iterdir() if not one.name.startswith("."))
            found.update(dict.fromkeys(sorted(one for one in inside if _is_volume(one) and one.is_file())))
        elif _is_volume(path):
            found[path] = None
    return list(found)


def read_volumes(
    ledger: Ledger, keys: DeviceKeys, paths: Sequence[Path], *, cancelled: Cancelled = never
) -> list[VolumeResult]:
    """Takes from volumes the pictures that this desk knows of and misses, and hears what other desks say.

    In any order and any number of times. Raises ``Refusal`` (``cancelled``; what was taken stays) and
    ``EnvironmentTrouble`` (our own disk); whatever is wrong with a file is in its result.
    """
    settle_erased(ledger)
    results = []
    for file in volumes_at(paths):
        if cancelled():
            raise Refusal("cancelled")
        results.append(_read_file(ledger, keys, file))
    return results


def _is_volume(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX


def _read_file(ledger: Ledger, keys: DeviceKeys, file: Path) -> VolumeResult:
    try:
        with file.open("rb") as opened:
            data = opened.read(envelope.MAX_FILE_BYTES + 1)
    except OSError as error:
        log.warning("a volume cannot be read from its disk: %s", error.errno)
        return VolumeResult(file, "refused", "file_unreadable")
    return judge(ledger, keys, file, data)


def judge(ledger: Ledger, keys: DeviceKeys, file: Path, data: bytes) -> VolumeResult:
    """``read_volumes`` of one file that is in memory."""
    try:
        with ledger.database.read() as connection:
            identities = age_identities(connection, keys)
            volume = open_volume(data, identities, lambda section: class_root_public(connection, section))
        taken = _take(ledger, volume)
    except ExchangeTrouble as trouble:
        log.info("volume %s not taken: %s", sha256(data).hexdigest()[:16], trouble)
        return VolumeResult(file, "set_aside" if trouble.code in SET_ASIDE else "refused", trouble.code)
    except (BlendDeskError, MemoryError):
        raise
    except Exception:
        # As for packages: a mistake of ours in judging a hostile file must not stop the other files.
        log.exception("volume %s could not be judged", sha256(data).hexdigest()[:16])
        return VolumeResult(file, "refused", "package_not_understood")
    return VolumeResult(
        file, "taken" if taken else "nothing_new", None, volume.sender_name, taken, frozenset(volume.blobs)
    )


def _take(ledger: Ledger, volume: Volume) -> int:
    index = volume.listed
    if index.sender != ledger.device_id and (index.held or index.missing):
        with ledger.database.write() as connection:
            label = Label(index.epoch, index.number)
            picture_words.hear(connection, index.section, index.sender, label, index.held, index.missing)
    if not volume.blobs:
        return 0
    blobs = beside(ledger.database.path)
    with ledger.database.read() as connection:
        # Only what an op that counts speaks of: nobody fills our disk, and what was erased does not come back.
        known = picture_words.known_pictures(connection, index.section)
    wanted = [name for name in volume.blobs if name in known and not blobs.has(index.section, name)]
    for name in wanted:
        blobs.add(index.section, volume.blobs[name])
    return len(wanted)


# --- onto the stick -------------------------------------------------------------------------------------------------


def write_volumes(
    ledger: Ledger,
    keys: DeviceKeys,
    folder: Path,
    *,
    budget: int = USUAL_BUDGET,
    disk: Disk | None = None,
    cancelled: Cancelled = never,
) -> Carried:
    """Writes what the desks need and is not in a volume of ours there already, and takes away what is home.

    To be called when the packages are safe. Every file written has been read back. Raises ``Refusal`` (``cancelled``)
    and ``EnvironmentTrouble`` of our own disk; trouble with the stick is in the answer.
    """
    settle_erased(ledger)
    found = Carried()
    with ledger.database.read() as connection:
        sections = [one for one in our_sections(connection) if one != MINE and voucher(connection, one, keys)]
    for section in sections:
        part = _Stick(ledger, keys, section, folder, budget, disk or RealDisk(), cancelled).carry()
        found = Carried(
            found.files + part.files,
            found.pictures + part.pictures,
            found.waiting + part.waiting,
            found.trouble or part.trouble,
        )
    return found


class _Stick:
    """One class on one stick."""

    def __init__(
        self,
        ledger: Ledger,
        keys: DeviceKeys,
        section: Id,
        folder: Path,
        budget: int,
        disk: Disk,
        cancelled: Cancelled,
    ) -> None:
        self._ledger, self._keys, self._section = ledger, keys, section
        self._folder, self._budget, self._disk, self._cancelled = folder, budget, disk, cancelled
        self._blobs: Blobs = beside(ledger.database.path)
        here = self._blobs.names(section)
        with ledger.database.read() as connection:
            is_desk = _is_desk(connection, section, ledger)
            trust = load_trust(connection, section)
            self._known = picture_words.known_pictures(connection, section)
            self._erased = erased_blobs(connection, section)
            self._told: Told = picture_words.told(connection, section, ledger.device_id, at_desk=is_desk)
            self._volumes = volume_files.remembered(connection, section)
        self._here = frozenset(here)
        self._leaving = picture_words.to_travel(here, self._told, self._erased)
        # Ourselves too: so that we can look into what we wrote. A student computer sees only sealed pictures there.
        self._to_desks = sorted({*trust.recipients(desks_only=True), keys.age_recipient})
        self._to_all = sorted({*trust.recipients(desks_only=False), keys.age_recipient})
        self._says = is_desk and bool(self._known)
        self._written: list[Path] = []
        self._out: set[bytes] = set()
        self._there_before: set[bytes] = set()

    def carry(self) -> Carried:
        trouble = None
        try:
            if self._says:
                self._say()
            self._tidy()
            for group in self._groups(self._missing_there()):
                if self._cancelled():
                    raise Refusal("cancelled")
                self._write(BLOBS, self._to_desks, group)
                self._out.update(name for name, _data in group)
            self._tidy()
        except ExchangeTrouble as error:
            trouble = error.code
        except OSError as error:
            trouble = stick_trouble(error, self._folder).code
        except EnvironmentTrouble as error:
            if error.code not in ("stick_full", "stick_read_only", "stick_gone", "stick_unreliable"):
                raise
            trouble = error.code
        waiting = set(self._leaving) - self._out - self._there_before
        return Carried(tuple(self._written), len(self._out - self._there_before), len(waiting), trouble)

    def _present(self, kind: str) -> list[tuple[OwnVolume, str]]:
        there = self._disk.listing(self._folder)
        return volume_files.present([one for one in self._volumes if one.kind == kind], there)

    def _say(self) -> None:
        """What this desk has and misses, unless the folder has it already."""
        held, missing = (sorted(names)[:MAX_NAMES] for names in (self._known & self._here, self._known - self._here))
        mark = blake2b(self._ledger.epoch + b"".join(held) + b"|" + b"".join(missing), digest_size=16).digest()
        if any(one.mark == mark for one, _name in self._present(WORD)):
            return
        self._write(WORD, self._to_all, [], mark=mark, held=held, missing=missing)
        for older, name in self._present(WORD)[:-1]:
            self._remove(older, name)

    def _missing_there(self) -> list[bytes]:
        """What has to travel and is in no volume of ours there that is fit to stay."""
        mark = self._mark_of_words()
        kept: set[bytes] = set()
        small: set[bytes] = set()
        for one, name in self._present(BLOBS):
            if not self._erased.isdisjoint(one.names):
                continue  # written anew without what was erased
            if one.mark != mark and any(blob in one.names for blob in self._leaving):
                # A desk has spoken since, and these were not among what it has: perhaps the file is damaged.
                if not volume_files.is_whole(self._disk, self._folder / name, one):
                    continue
                self._note(one, mark)
            (kept if one.size * 2 >= WRITTEN_BYTES else small).update(one.names)
        self._there_before = kept | small
        if self._there_before.issuperset(self._leaving):
            return []
        # Many small files become a larger one when there is something to add.
        return [name for name in self._leaving if name not in kept]

    def _groups(self, wanted: Sequence[bytes]) -> Iterator[list[tuple[bytes, bytes]]]:
        """The blobs as they go into one volume each, as far as the budget goes."""
        there = self._disk.listing(self._folder)
        room = self._budget - sum(size for name, (size, _at) in there.items() if name.lower().endswith(SUFFIX))
        group: list[tuple[bytes, bytes]] = []
        held = 0
        for name in wanted:
            data = self._read(name)
            if data is None:
                continue
            if held + len(data) > WRITTEN_BYTES:
                yield group
                room -= envelope.padded_size(held)
                group, held = [], 0
            # An eighth for the padding and something for the index.
            if (held + len(data)) * 9 // 8 + envelope.SMALLEST_BUCKET > room:
                break
            group.append((name, data))
            held += len(data)
        if group:
            yield group

    def _read(self, name: bytes) -> bytes | None:
        try:
            return self._blobs.read(self._section, name)
        except ExchangeTrouble:
            self._blobs.set_aside(self._section, name)
            return None

    def _write(
        self,
        kind: str,
        recipients: Sequence[str],
        blobs: Sequence[tuple[bytes, bytes]],
        *,
        mark: bytes = b"",
        held: Sequence[bytes] = (),
        missing: Sequence[bytes] = (),
    ) -> None:
        label = self._next_label()
        with self._ledger.database.read() as connection:
            data = write_volume(
                connection, self._keys, self._section, label, recipients, blobs, held=held, missing=missing
            )
        path = write_new_file(
            self._folder,
            data,
            SUFFIX,
            device_id=self._keys.device_id,
            randomness=self._ledger.randomness,
            disk=self._disk,
        )
        self._written.append(path)
        names = [name for name, _data in blobs]
        digest = sha256(data).digest()
        self._note(OwnVolume(path.name, len(data), digest, kind, names, mark or self._mark_of_words()))

    def _note(self, volume: OwnVolume, mark: bytes | None = None) -> None:
        if mark is not None:
            volume = OwnVolume(volume.name, volume.size, volume.sha256, volume.kind, volume.names, mark)
        self._volumes = [*(one for one in self._volumes if one.name != volume.name), volume]
        self._save()

    def _save(self) -> None:
        with self._ledger.database.write() as connection:
            volume_files.remember(connection, self._section, self._volumes)

    def _tidy(self) -> None:
        """Volumes of ours go when each picture in them is home, erased, or in a newer one that was just read back."""
        names = {path.name for path in self._written}
        newer = [one for one in self._volumes if one.kind == BLOBS and one.name in names]
        safe = {name for one in self._volumes for name in one.names if name in self._erased or self._told.is_safe(name)}
        for one, name in self._present(BLOBS):
            if one not in newer and volume_files.is_superfluous(one, safe, newer):
                self._remove(one, name)

    def _remove(self, volume: OwnVolume, name: str) -> None:
        path = self._folder / name
        if volume_files.is_whole(self._disk, path, volume):
            self._disk.remove(path)
            self._volumes = [one for one in self._volumes if one.name != volume.name]
            self._save()

    def _mark_of_words(self) -> bytes:
        parts = [*sorted(self._told.home), b"|", *sorted(self._told.missing)]
        return blake2b(b"".join(parts), digest_size=16).digest()

    def _next_label(self) -> Label:
        with self._ledger.database.write() as connection:
            number = int.from_bytes(read_local(connection, "volume_no") or b"", "big") + 1
            write_local(connection, "volume_no", number.to_bytes(8, "big"))
        return Label(self._ledger.epoch, number)


def _is_desk(connection: Connection, section: Id, ledger: Ledger) -> bool:
    devices = load_trust(connection, section).keys_of(ledger.device_id)
    return any(device.role in DESKS for device in devices)
