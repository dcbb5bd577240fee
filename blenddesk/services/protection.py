"""Protecting a desk: setting, changing and removing its pass phrase, the recovery sheet, and opening with either.

Only the wraps of the database's key change, never the key or the database. Everything here that takes a pass phrase or
words works for a third of a second on purpose: screens call it in a thread. Nothing here needs the database to be open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from blenddesk.config import Paths
from blenddesk.domain.ports import Clock, Randomness
from blenddesk.errors import EnvironmentTrouble, Refusal

if TYPE_CHECKING:
    from blenddesk.sync.key_file import Disk, KeyFile
    from blenddesk.sync.recovery import NewSheet, SheetLock
    from blenddesk.sync.wordlock import Strength

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 30
LEAST_LETTERS = 8
MOST_LETTERS = 200
"""Of a pass phrase, spaces between words counted once."""


class Protection(NamedTuple):
    """How the data of a computer is protected. ``key_in_file``: whoever can read this account's files can open it."""

    has_phrase: bool
    has_sheet: bool
    key_in_file: bool


def protection(paths: Paths) -> Protection:
    """Raises ``EnvironmentTrouble`` (``key_missing``, ``key_damaged``)."""
    from blenddesk.sync import account, key_file

    file = key_file.read(paths.key)
    return Protection(
        file.phrase is not None,
        file.sheet is not None,
        account.is_plain(file.account),
    )


# --- opening ------------------------------------------------------------------------------------------------------


class Attempts:
    """Wrong tries of the pass phrase at this computer: after each the wait doubles, 1 to 30 s.

    The number is on the disk before a try is judged, so neither a restart nor pulling the plug gives another one. It is
    no time of day that is kept: setting the clock forward does not help. After a restart the whole wait runs again.
    """

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self._file = paths.wrong_tries
        self._clock = clock
        self._count = self._read()
        self._free_at = clock.steady_ms() + self._wait_ms()

    @property
    def count(self) -> int:
        return self._count

    def seconds_left(self) -> int:
        """Whole seconds until the next try is taken; 0: now. Tries in another window of the program count too."""
        elsewhere = self._read()
        if elsewhere > self._count:
            self._count = elsewhere
            self._free_at = self._clock.steady_ms() + self._wait_ms()
        return max(0, -(-(self._free_at - self._clock.steady_ms()) // 1000))

    def begin(self) -> None:
        """Call before a try is judged. Raises ``Refusal`` (``wait`` with ``seconds``)."""
        left = self.seconds_left()
        if left:
            raise Refusal("wait", seconds=left)
        self._count += 1
        self._free_at = self._clock.steady_ms() + self._wait_ms()
        try:
            self._file.write_text(str(self._count), encoding="ascii")
        except OSError as error:
            # A full disk must not lock its owner out; the wait of this run holds all the same.
            log.warning("wrong tries are not counted: %s", error.strerror)

    def succeeded(self) -> None:
        self._count, self._free_at = 0, self._clock.steady_ms()
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("wrong tries are still counted: %s", error.strerror)

    def _wait_ms(self) -> int:
        return 1000 * min(LONGEST_WAIT_S, 2 ** (min(self._count, 10) - 1)) if self._count else 0

    def _read(self) -> int:
        try:
            return max(0, int(self._file.read_text(encoding="ascii")[:9]))
        except FileNotFoundError:
            return 0
        except (OSError, ValueError):
            # Somebody spoilt it: as after many tries.
            return 10


def open_with_phrase(paths: Paths, phrase: str, attempts: Attempts) -> bytes:
    """The database's key. Raises ``Refusal`` (``wait``, ``phrase_wrong``, ``no_phrase``), ``EnvironmentTrouble``."""
    from blenddesk.sync import key_file, wrapping

    file = key_file.read(paths.key)
    if file.phrase is None:
        raise Refusal("no_phrase")
    attempts.begin()
    key = wrapping.open_by_phrase(file.phrase, phrase)
    attempts.succeeded()
    return key


def open_with_sheet(paths: Paths, words: str) -> bytes:
    """The database's key from the ten words.

    Raises ``Refusal`` (``no_sheet``, what ``sync.recovery.open_sheet`` raises) and ``EnvironmentTrouble``. Wrong words
    are not counted: nobody guesses 88 bits, and whoever copies words by hand needs several tries.
    """
    from blenddesk.sync import key_file, wrapping

    file = key_file.read(paths.key)
    if file.sheet is None:
        raise Refusal("no_sheet")
    return wrapping.open_by_sheet(file.sheet, words)


# --- changing -----------------------------------------------------------------------------------------------------


def check_phrase(phrase: str) -> None:
    """Raises ``Refusal`` (``phrase_short``, ``phrase_long``)."""
    length = len(" ".join(phrase.split()))
    if length < LEAST_LETTERS:
        raise Refusal("phrase_short", least=LEAST_LETTERS)
    if length > MOST_LETTERS:
        raise Refusal("phrase_long", most=MOST_LETTERS)


def draw_sheet(randomness: Randomness, language: str, strength: Strength | None = None) -> NewSheet:
    """A new recovery sheet, in force once ``set_phrase`` or ``set_sheet`` was given it."""
    from blenddesk.sync import recovery, wordlock

    return recovery.draw_sheet(randomness, language, strength or wordlock.Strength())


def sheet_lock(paths: Paths) -> SheetLock | None:
    """What backups are sealed to the recovery sheet with; None while there is no sheet."""
    from blenddesk.sync import key_file, wrapping

    sheet = key_file.read(paths.key).sheet
    return None if sheet is None else wrapping.lock_of(sheet)


def set_phrase(
    paths: Paths,
    key: bytes,
    phrase: str,
    randomness: Randomness,
    *,
    sheet: NewSheet | None = None,
    strength: Strength | None = None,
    disk: Disk | None = None,
) -> KeyFile:
    """From now on only ``phrase`` opens the data, or the recovery sheet: ``sheet``, or the one there is.

    Returns what was in force before, for ``put_back``. Raises ``Refusal`` (``phrase_short``, ``phrase_long``,
    ``no_sheet``: a phrase alone is never set, it could be forgotten) and ``EnvironmentTrouble`` (``key_not_written``).
    """
    from blenddesk.sync import key_file, wordlock, wrapping

    check_phrase(phrase)
    before = key_file.read(paths.key)
    if sheet is None and before.sheet is None:
        raise Refusal("no_sheet")
    wrap = wrapping.wrap_by_phrase(key, phrase, randomness, strength or wordlock.Strength())
    sheet_wrap = before.sheet if sheet is None else wrapping.wrap_for_sheet(key, sheet.lock)
    after = before._replace(account=key_file.NO_ACCOUNT, phrase=wrap, sheet=sheet_wrap)

    def opens(read: KeyFile) -> bool:
        by_phrase = read.phrase is not None and wrapping.open_by_phrase(read.phrase, phrase) == key
        return by_phrase and (sheet is None or _sheet_opens(read, sheet, key))

    _put(paths, before, after, opens, disk)
    return before


def set_sheet(paths: Paths, key: bytes, sheet: NewSheet, *, disk: Disk | None = None) -> KeyFile:
    """A new recovery sheet in place of the old one, which opens nothing any more; the rest stays.

    Returns what was in force before, for ``put_back``. Raises ``EnvironmentTrouble`` (``key_not_written``).
    """
    from blenddesk.sync import key_file, wrapping

    before = key_file.read(paths.key)
    after = before._replace(sheet=wrapping.wrap_for_sheet(key, sheet.lock))
    _put(paths, before, after, lambda read: _sheet_opens(read, sheet, key), disk)
    return before


def remove_phrase(paths: Paths, key: bytes, *, disk: Disk | None = None) -> KeyFile:
    """From now on the data opens without being asked, for this account; the recovery sheet stays.

    Returns what was in force before, for ``put_back``. Raises ``EnvironmentTrouble`` (``key_not_written``).
    """
    from blenddesk.sync import account, key_file

    before = key_file.read(paths.key)
    after = before._replace(account=account.keep(key), phrase=None)
    _put(paths, before, after, lambda read: account.give(read.account) == key, disk)
    return before


def put_back(paths: Paths, before: KeyFile, *, disk: Disk | None = None) -> None:
    """Undo: what was in force before opens the data again, as it did. Raises ``EnvironmentTrouble``."""
    from blenddesk.sync import key_file

    _put(paths, key_file.read(paths.key), before, lambda _read: True, disk)


def _put(paths: Paths, before: KeyFile, after: KeyFile, opens: Callable[[KeyFile], bool], disk: Disk | None) -> None:
    """``after`` in place of ``before``, once the disk gives back what was written and it opens."""
    from blenddesk.sync import account, key_file

    def check(read: KeyFile) -> None:
        if read != after or not opens(read):
            raise EnvironmentTrouble("key_not_written", path=str(paths.key), detail="read back differently")

    lasting = key_file.replace(paths.key, after, check, disk)
    if lasting and before.account != after.account:
        account.forget(before.account)


def _sheet_opens(read: KeyFile, sheet: NewSheet, key: bytes) -> bool:
    from blenddesk.sync import wrapping

    return read.sheet is not None and wrapping.open_by_sheet(read.sheet, " ".join(sheet.words)) == key
