"""Every error BlendDesk raises on purpose: a code and data below, a sentence only at the top.

Lower floors never write sentences. They raise one of these with a ``code`` (snake_case, stable: scripts and
tests rely on it) and the values the sentence needs; ``blenddesk.messages`` turns both into words that say what
happened, what is safe and what to do, in the reader's language.
"""

from __future__ import annotations


class BlendDeskError(Exception):
    """An expected trouble. Anything else that is raised is a bug."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        return f"{self.code} {self.data}" if self.data else self.code


class Refusal(BlendDeskError):
    """The wish cannot be granted as it stands; nothing was changed and asking differently may work."""


class EnvironmentTrouble(BlendDeskError):
    """The computer is in the way: disk full, file locked, read-only folder, database from a newer version."""


class ExchangeTrouble(BlendDeskError):
    """A file from elsewhere is not for us, unknown, damaged, hostile or too new; our data is untouched."""
