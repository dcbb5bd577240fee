"""What every command is handed and gives back: the data directory, counted progress, and its answer."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from blenddesk.config import Paths, load_settings
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.text import _

if TYPE_CHECKING:
    from blenddesk.domain.ids import Id
    from blenddesk.domain.people import Section
    from blenddesk.services.context import AppContext

DONE, REFUSED, USAGE = 0, 1, 2
SILENT_SECONDS = 1.0


class UsageError(Exception):
    """The command was typed wrongly; the sentence says how."""

    def __init__(self, sentence: str, code: str = "usage") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(slots=True)
class Answer:
    """``data`` is the contract for programs, ``lines`` the same for people. ``trouble`` (code, sentence): not ok."""

    data: dict[str, object]
    lines: Sequence[str] = ()
    trouble: tuple[str, str] | None = None


@dataclass(slots=True)
class Terminal:
    """One call of a command. ``options`` are its arguments as argparse read them."""

    paths: Paths
    options: argparse.Namespace
    on_failure: dict[str, object] = field(default_factory=dict)
    """Keys of the answer that are there even when the command fails."""
    _counting: bool = False

    @contextmanager
    def device(self) -> Iterator[AppContext]:
        """The device in the data directory, held so that no window writes at the same time.

        Refusals: ``no_device``, ``in_use``, and those of ``key``.
        """
        from blenddesk import bootstrap
        from blenddesk.diagnostics import start_logging, stop_logging

        if not self.paths.exists and not bootstrap.is_interrupted(self.paths):
            raise Refusal("no_device", path=str(self.paths.data))
        with bootstrap.DataLock(self.paths):
            start_logging(self.paths.logs, debug=self.options.debug)
            context = bootstrap.open_device(self.paths, key=self.key(), progress=self._after_an_update())
            try:
                yield context
            finally:
                bootstrap.close_device(context)
                stop_logging()

    @contextmanager
    def desk(self) -> Iterator[AppContext]:
        """Like ``device``, for what only a teacher's desk can do. Refusal ``not_a_desk``."""
        with self.device() as context:
            if not context.is_desk:
                raise Refusal("not_a_desk")
            yield context

    def key(self) -> bytes:
        """The database's key: as this account has it, or by the pass phrase from a file or typed at a terminal.

        Refusals ``phrase_wrong``, ``passphrase_needed`` (neither file nor terminal).
        """
        from blenddesk import bootstrap
        from blenddesk.domain.ports import SystemClock
        from blenddesk.services import protection

        try:
            return bootstrap.read_key(self.paths.key)
        except Refusal as error:
            if error.code != "locked":
                raise
        phrase = self.phrase(_("Pass phrase: "))
        attempts = protection.Attempts(self.paths, SystemClock())
        if wait := attempts.seconds_left():
            self.note(_("The pass phrase was typed wrongly before. The next try is taken in {n} s.").format(n=wait))
            sleep(wait)
        return protection.open_with_phrase(self.paths, phrase, attempts)

    def phrase(self, question: str) -> str:
        """A secret from ``--passphrase-file`` or typed at a terminal. Refusal ``passphrase_needed`` (neither)."""
        file = getattr(self.options, "passphrase_file", None)
        if file:
            path = absolute(file)
            try:
                lines = read_bytes(path).decode("utf-8-sig").splitlines()
            except UnicodeDecodeError:
                lines = []
            if not lines or not lines[0].strip():
                raise UsageError(_("{path} holds no pass phrase. Write it into the first line.").format(path=path))
            return lines[0]
        if not sys.stdin.isatty():
            raise Refusal("passphrase_needed")
        from getpass import getpass

        try:
            return getpass(question, sys.stderr)
        except EOFError as error:
            raise Refusal("passphrase_needed") from error

    def counter(self, title: str) -> Callable[[int, int], None]:
        """Counted progress on one line of the terminal; nothing when nobody is looking at one."""

        def count(done: int, total: int) -> None:
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{title} {done:,} / {total:,}")
                sys.stderr.flush()
                self._counting = True

        return count

    def _after_an_update(self) -> Callable[[int, int], None]:
        """Counts the getting ready that nobody asked for; says nothing when it is over within a second."""
        begun, told = monotonic(), False
        count = self.counter(_("Changes"))

        def count_late(done: int, total: int) -> None:
            nonlocal told
            if monotonic() - begun < SILENT_SECONDS:
                return
            if not told:
                told = True
                self.note(_("Getting ready for the new version of BlendDesk. Nothing is lost; it happens once."))
            count(done, total)

        return count_late

    def note(self, line: str) -> None:
        """A line beside the answer, on standard error."""
        self.end_counting()
        sys.stderr.write(line + "\n")

    def end_counting(self) -> None:
        if self._counting:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._counting = False

    @property
    def language(self) -> str:
        return str(getattr(self.options, "lang", "") or load_settings(self.paths.settings).language or "en")


def absolute(path: str | os.PathLike[str]) -> Path:
    """The path from the root, as every path is printed; links stay as they were typed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots of ../x


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises ``EnvironmentTrouble`` (``file_missing``, ``file_unreadable``)."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise EnvironmentTrouble("file_missing", path=str(path)) from error
    except OSError as error:
        raise EnvironmentTrouble("file_unreadable", path=str(path), detail=error.strerror) from error


def existing_folder(path: str) -> Path:
    """A folder that is there. Raises ``EnvironmentTrouble`` (``folder_missing``)."""
    folder = absolute(path)
    if not folder.is_dir():
        raise EnvironmentTrouble("folder_missing", path=str(folder))
    return folder


def section_named(ctx: AppContext, name: str | None) -> Section:
    """The class of that name or id, or the only one. Refusals: ``no_such_class``, ``no_class``, ``which_class``."""
    sections = ctx.reads.sections.all()
    if name is not None:
        wanted = " ".join(name.split()).casefold()
        for section in sections:
            if wanted in (section.name.casefold(), section.id.hex()):
                return section
        raise Refusal("no_such_class", name=name)
    if not sections:
        raise Refusal("no_class")
    if len(sections) > 1:
        raise Refusal("which_class", classes=", ".join(section.name for section in sections))
    return sections[0]


def student_called(ctx: AppContext, section: Id, who: str) -> Id:
    """The student of that number or id. Refusal ``no_such_student``."""
    wanted = who.strip().casefold()
    for student in ctx.reads.people.students(section):
        if wanted in (str(student.number), student.id.hex()):
            return student.id
    raise Refusal("no_such_student", student=who)


def iso_day(text: str) -> str:
    """The text if it is a day like 2026-11-23. Raises ``UsageError``."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(_("{text} is not a day. Write it like 2026-11-23.").format(text=text)) from error


def columns(rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows of cells as lines with aligned columns."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]


def plain(data: Mapping[str, object]) -> dict[str, object]:
    """A copy with ids in hex and paths as text, ready for JSON."""
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in value]
    return value
