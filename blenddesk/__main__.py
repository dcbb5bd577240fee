"""Starts BlendDesk: its window, or the command line when a command is given. Imports neither Qt nor the database."""

from __future__ import annotations

import sys
from collections.abc import Sequence

TEXT_OPTIONS = ("--data-dir", "--lang")
FLAGS = ("--sample", "--debug")
"""Options that may stand without a command; then the window opens."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 done, 1 refused or a person is needed, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--self-test"]:
        from blenddesk.selftest import run_self_test

        return run_self_test()
    if words[:1] == ["--demo-station"]:
        # Programs that the demo starts: the frozen program has no other interpreter to run them with.
        from blenddesk.demo.station import main as station

        return station(words[1:])
    if words[:1] == ["--demo-pictures"]:
        from blenddesk.demo.pictures import main as pictures

        return pictures(words[1:])
    options = window_options(words)
    if options is None:
        from blenddesk.cli import main as command_line

        return command_line(words)
    from blenddesk.ui.app import run

    return run(
        data_dir=options.get("--data-dir", ""),
        lang=options.get("--lang", ""),
        sample="--sample" in options,
        debug="--debug" in options,
    )


def window_options(words: Sequence[str]) -> dict[str, str] | None:
    """The options when there is no command, so that the window opens; else None."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in FLAGS and not equals:
            found[name] = ""
        elif name in TEXT_OPTIONS and (equals or rest):
            found[name] = value if equals else rest.pop(0)
        else:
            return None
    return found


if __name__ == "__main__":
    sys.exit(main())
