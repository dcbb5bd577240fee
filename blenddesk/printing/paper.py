"""What a print is made of: a size of paper, choices for it, and pages that draw themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blenddesk.printing.canvas import Canvas

MARGIN = 100
"""Left free on every side, in tenths of a millimetre: more than any school printer cannot reach."""


class PaperSize(StrEnum):
    A4 = "a4"
    LETTER = "letter"


SIZES: dict[PaperSize, tuple[int, int]] = {PaperSize.A4: (2100, 2970), PaperSize.LETTER: (2159, 2794)}
"""Width and height upright, in tenths of a millimetre."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Choices that all pages of a print share. ``ink_saver``: outlines and pale pictures, no filled areas."""

    size: PaperSize = PaperSize.A4
    ink_saver: bool = False
    right_to_left: bool = False

    def extent(self, *, landscape: bool = False) -> tuple[int, int]:
        """Width and height of a page in tenths of a millimetre."""
        width, height = SIZES[self.size]
        return (height, width) if landscape else (width, height)


@dataclass(frozen=True, slots=True)
class Page:
    """One side of paper. ``title`` is what a reader of the preview hears; ``draw`` may be called again and again."""

    title: str
    draw: Callable[[Canvas], None]
    landscape: bool = False
