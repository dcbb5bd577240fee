"""Pages onto something: a PDF, a printer or a picture for the preview; counted, and with a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.printing.canvas import Canvas
from blenddesk.printing.paper import SIZES, Page, Paper

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all) before each page and after the last."""
Cancelled = Callable[[], bool]

PDF_DOTS_PER_INCH = 300
_PER_INCH = 254
"""Tenths of a millimetre."""


def _silent(_done: int, _total: int) -> None:
    """For whoever does not want to know."""


def _never() -> bool:
    return False


def write_pdf(
    path: Path,
    pages: Sequence[Page],
    paper: Paper,
    *,
    title: str = "BlendDesk",
    progress: Progress = _silent,
    cancelled: Cancelled = _never,
) -> None:
    """Writes the pages into one file, which is there whole or not at all.

    Raises ``Refusal`` (``nothing_to_print``, ``cancelled``) and ``EnvironmentTrouble`` (``print_not_written``).
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("BlendDesk")
    writer.setResolution(PDF_DOTS_PER_INCH)
    draw_pages(writer, pages, paper, progress=progress, cancelled=cancelled)
    buffer.close()
    fresh = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(buffer.data().data())
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise EnvironmentTrouble("print_not_written", path=str(path), detail=error.strerror) from error


def draw_pages(
    device: QPagedPaintDevice,
    pages: Sequence[Page],
    paper: Paper,
    *,
    progress: Progress = _silent,
    cancelled: Cancelled = _never,
) -> None:
    """Draws the pages on a PDF writer or a printer (which is set to full pages here).

    Raises ``Refusal`` (``nothing_to_print``, ``cancelled``) and ``EnvironmentTrouble`` (``print_not_started``).
    """
    if not pages:
        raise Refusal("nothing_to_print")
    device.setPageLayout(_page_layout(pages[0], paper))
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentTrouble("print_not_started")
    try:
        for number, page in enumerate(pages):
            if cancelled():
                raise Refusal("cancelled")
            progress(number, len(pages))
            if number:
                device.setPageLayout(_page_layout(page, paper))
                if not device.newPage():
                    raise EnvironmentTrouble("print_stopped", page=number)
            _draw(painter, page, paper, device.logicalDpiX() / _PER_INCH)
        progress(len(pages), len(pages))
    finally:
        painter.end()


def page_image(page: Page, paper: Paper, width: int) -> QImage:
    """The page as a picture ``width`` pixels wide: what the preview shows."""
    across, down = paper.extent(landscape=page.landscape)
    image = QImage(width, round(width * down / across), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    try:
        _draw(painter, page, paper, width / across)
    finally:
        painter.end()
    return image


def page_words(page: Page, paper: Paper) -> list[str]:
    """Everything written on the page, in the order it is drawn: for screen readers, and for tests of privacy."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        return _draw(painter, page, paper, 0.01)
    finally:
        painter.end()


def _draw(painter: QPainter, page: Page, paper: Paper, scale: float) -> list[str]:
    painter.save()
    painter.scale(scale, scale)
    canvas = Canvas(painter, *paper.extent(landscape=page.landscape), paper)
    page.draw(canvas)
    painter.restore()
    return canvas.words


def _page_layout(page: Page, paper: Paper) -> QPageLayout:
    width, height = SIZES[paper.size]
    size = QPageSize(
        QSizeF(width / 10, height / 10), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch
    )
    way = QPageLayout.Orientation.Landscape if page.landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
