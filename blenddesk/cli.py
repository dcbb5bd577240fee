"""The command line: reads the arguments, runs one command, prints its answer for people or as one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from blenddesk import text
from blenddesk.commands.terminal import DONE, REFUSED, USAGE, Answer, Terminal, UsageError, absolute, plain
from blenddesk.config import Paths, default_data_dir
from blenddesk.errors import BlendDeskError, EnvironmentTrouble
from blenddesk.messages import error_sentence
from blenddesk.text import _

Command = Callable[[Terminal], Answer]
PATHS = frozenset({"data_dir", "passphrase_file", "file", "to", "out", "paths"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 done, 1 refused or a person is needed, 2 wrong usage; never raises."""
    with every_ctrl_c_heard():
        return _run(arguments)


@contextmanager
def every_ctrl_c_heard() -> Iterator[None]:
    """Ctrl+C pressed while Python tidies up (in the callback of a weak reference, of which SQLAlchemy has many) is only
    reported there and thrown away: here it is pressed again at once."""
    before = sys.unraisablehook

    def told(thrown_away: sys.UnraisableHookArgs) -> None:
        if issubclass(thrown_away.exc_type, KeyboardInterrupt):
            import _thread
            import threading

            again = threading.Timer(0.02, _thread.interrupt_main)
            again.daemon = True
            again.start()
        else:
            before(thrown_away)

    sys.unraisablehook = told
    try:
        yield
    finally:
        sys.unraisablehook = before


def _run(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    _soften(sys.stdout)
    _soften(sys.stderr)
    text.use_language(_wanted_language(words))
    terminal: Terminal | None = None
    try:
        from blenddesk.commands.parser import build_parser

        parser = build_parser()
        options = parser.parse_args(words)
        _refuse_broken_letters(parser, options)
        terminal = Terminal(Paths(absolute(options.data_dir) if options.data_dir else default_data_dir()), options)
        if not options.lang:
            text.use_language(terminal.language)
        answer = _command(options)(terminal)
        status = REFUSED if answer.trouble else DONE
    except SystemExit as leaving:
        # --help and --version have printed what was asked for.
        return leaving.code if isinstance(leaving.code, int) else DONE
    except UsageError as error:
        answer, status = _failure(terminal, error.code, error.sentence), USAGE
        if {"package", "read"} <= set(words):
            # Promised in every answer, also when the rest could not be understood.
            answer.data.setdefault("packages", [])
    except BlendDeskError as error:
        answer, status = _failure(terminal, error.code, error_sentence(error)), REFUSED
    except OSError as error:
        # A path too long, a folder that may not be listed, a disk that gave up: whoever typed it can mend it.
        trouble = EnvironmentTrouble("file_unreadable", path=str(error.filename or ""), detail=error.strerror)
        answer, status = _failure(terminal, trouble.code, error_sentence(trouble)), REFUSED
    except KeyboardInterrupt:
        answer, status = _failure(terminal, "interrupted", _("Stopped. What was saved before is safe.")), REFUSED
    except Exception as error:  # noqa: BLE001 - the last wall: a mistake of ours is told in words, never as a traceback
        answer, status = _failure(terminal, "mistake", _mistake(terminal, error)), REFUSED
    finally:
        if terminal is not None:
            terminal.end_counting()
    _say(answer, as_json)
    return status


def _refuse_broken_letters(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """A name in another encoding than the terminal's cannot be kept. A path may hold any bytes: it names a file."""
    for name, value in vars(options).items():
        if name not in PATHS and isinstance(value, str) and not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                shown = value.encode("utf-8", "backslashreplace").decode("utf-8")
                parser.error(f"argument {name}: not UTF-8: {shown}")


def _command(options: argparse.Namespace) -> Command:
    """The function of the command; its module and what it needs are imported only now."""
    module, _colon, name = str(options.run).partition(":")
    command: Command = getattr(import_module(f"blenddesk.commands.{module}"), name)
    return command


def _failure(terminal: Terminal | None, code: str, sentence: str) -> Answer:
    return Answer(terminal.on_failure if terminal is not None else {}, (), (code, sentence))


def _mistake(terminal: Terminal | None, error: Exception) -> str:
    """Notes a bug in the data directory's log, where there is one; returns what to say."""
    import logging

    from blenddesk.diagnostics import log_crash, start_logging

    kind = type(error).__name__
    if terminal is None or not (terminal.paths.data.is_dir() or terminal.options.debug):
        return _("BlendDesk made a mistake ({kind}). What was saved before is safe.").format(kind=kind)
    start_logging(terminal.paths.logs, debug=terminal.options.debug)
    log_crash(error)
    if terminal.options.debug:
        logging.getLogger("blenddesk.crash").error("in full", exc_info=error)
    return _("BlendDesk made a mistake ({kind}). What was saved before is safe. Details are in {path}.").format(
        kind=kind, path=terminal.paths.logs / "blenddesk.log"
    )


def _say(answer: Answer, as_json: bool) -> None:
    try:
        if as_json:
            head: dict[str, object] = {"ok": answer.trouble is None}
            if answer.trouble is not None:
                head |= {"code": answer.trouble[0], "message": answer.trouble[1]}
            # Escaped, so that any terminal and any file name can be printed.
            print(json.dumps(head | plain(answer.data)))
        else:
            for line in answer.lines:
                print(line)
        sys.stdout.flush()
        if answer.trouble is not None:
            print(answer.trouble[1], file=sys.stderr)
    except BrokenPipeError:
        # Whoever read has gone (as with "| head"); Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _soften(stream: object) -> None:
    """A terminal that lacks a letter shows a stand-in instead of stopping the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _wanted_language(words: Sequence[str]) -> str:
    """The language asked for, before anything is parsed, so that complaints about arguments are in it too."""
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--lang":
            return value if equals else next(iter(words[place + 1 :]), "en")
    return "en"
