"""Pictures of work: what is known of one, and how large one may be."""

from __future__ import annotations

from typing import NamedTuple

from blenddesk.domain.ids import Id

MAX_SIDE = 1_600
"""Pixels of the longer side: a full A4 page can be read."""
MAX_PICTURE_BYTES = 1 << 20
"""Of a picture as it is kept. Whatever is larger is packed harder until it fits."""
BLOB_NAME_BYTES = 32
BLOB_KEY_BYTES = 32
BLOB_EXTRA_BYTES = 64
"""What sealing may add to a picture."""
MAX_BLOB_BYTES = MAX_PICTURE_BYTES + BLOB_EXTRA_BYTES
MOST_CAPTION = 120
"""Letters."""


class Evidence(NamedTuple):
    """A picture of a student's work; only a desk can read it. ``blob`` names its sealed bytes and ``key`` opens them.

    ``device`` is the computer where it was taken. ``plan``, ``block`` and ``entry``: the finished station that it
    shows, where there is one.
    """

    id: Id
    student: Id
    blob: bytes
    key: bytes
    size: int = 0
    width: int = 0
    height: int = 0
    day: str = ""
    at_ms: int = 0
    device: Id | None = None
    plan: Id | None = None
    block: Id | None = None
    entry: Id | None = None
    caption: str = ""
    hidden: bool = False
