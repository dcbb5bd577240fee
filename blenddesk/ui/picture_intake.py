"""From a file that somebody chose to a picture as it is kept: small, upright, and nothing in it but the picture.

Read with limits before anything is decoded: a file may claim any size. What comes out was painted anew, so no place,
time, camera or thumbnail from the file can be in it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from blenddesk.domain.evidence import MAX_PICTURE_BYTES, MAX_SIDE
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.services.pictures import Picture

MAX_FILE_BYTES = 60 << 20
MAX_PIXELS = 120_000_000
"""More than any camera in a classroom makes; what decodes whole (not JPEG) is held to ``ALLOCATION_MB`` besides."""
MAX_FILE_SIDE = 20_000
ALLOCATION_MB = 256
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp")
FORMATS = frozenset({b"jpeg", b"png", b"bmp"})
QUALITIES = (82, 70, 55, 40)


def read_picture(path: Path) -> Picture:
    """The picture in a file, as it is kept.

    Refusals ``picture_file_too_large``, ``not_a_picture`` (or damaged). Raises ``EnvironmentTrouble``
    (``file_unreadable``).
    """
    return packed(_image(path, MAX_SIDE))


def thumbnail(path: Path, side: int) -> QImage:
    """A small view of a file; raises like ``read_picture``."""
    return _image(path, side)


def view_of(data: bytes, side: int) -> QImage:
    """A kept picture (JPEG), at most ``side`` pixels on its longer side; a null image when it is none."""
    try:
        return _decode(QByteArray(data), side)
    except Refusal:
        return QImage()


def packed(image: QImage) -> Picture:
    """JPEG of at most ``MAX_PICTURE_BYTES``: packed harder, and then smaller, until it fits."""
    shown = image
    while True:
        for quality in QUALITIES:
            data = _jpeg(shown, quality)
            if len(data) <= MAX_PICTURE_BYTES:
                return Picture(data, shown.width(), shown.height())
        shown = shown.scaled(
            shown.size() * 0.7, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )


def _image(path: Path, side: int) -> QImage:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise EnvironmentTrouble("file_unreadable", path=str(path), detail=error.strerror) from error
    if len(data) > MAX_FILE_BYTES:
        raise Refusal("picture_file_too_large")
    return _decode(QByteArray(data), side)


def _decode(data: QByteArray, side: int) -> QImage:
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(ALLOCATION_MB)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if bytes(reader.format().data()) not in FORMATS or not size.isValid() or size.isEmpty():
        raise Refusal("not_a_picture")
    if max(size.width(), size.height()) > MAX_FILE_SIDE or size.width() * size.height() > MAX_PIXELS:
        raise Refusal("picture_file_too_large")
    if max(size.width(), size.height()) > side:
        reader.setScaledSize(_at_least_one(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)))
    image = reader.read()
    if image.isNull():
        raise Refusal("not_a_picture")
    return _only_the_picture(image)


def _at_least_one(size: QSize) -> QSize:
    return size.expandedTo(QSize(1, 1))


def _only_the_picture(image: QImage) -> QImage:
    """The same pixels on a new sheet: what a file says beside its picture stays behind."""
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    sheet = QImage(image.size(), QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, image)
    painter.end()
    return sheet


def _jpeg(image: QImage, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(quality)
    writer.setOptimizedWrite(True)
    if not writer.write(image):
        # Into memory, so only a program without its JPEG part comes here.
        raise EnvironmentTrouble("folder_not_writable", path="", detail=writer.errorString())
    return bytes(buffer.data().data())
