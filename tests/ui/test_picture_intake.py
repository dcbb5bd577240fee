"""Pictures as they are kept: small, upright, with nothing in them but the picture; bombs and other files refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageReader

from blenddesk.domain.evidence import MAX_PICTURE_BYTES, MAX_SIDE
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.ui import picture_intake

CANARIES = (b"GPSCanary", b"CommentCanary", b"ThumbCanary", b"BehindCanary", b"DescriptionCanary")


def jpeg(width: int = 300, height: int = 200, *, noise: bool = False) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#cc3311"))
    if noise:
        import random

        image = QImage(random.Random(1).randbytes(width * height * 4), width, height, QImage.Format.Format_RGB32).copy()
    image.setText("Description", "DescriptionCanary")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPEG", 100 if noise else 90)
    return bytes(buffer.data().data())


def with_parts(data: bytes, orientation: int = 1) -> bytes:
    """A JPEG with what cameras and programs put in: EXIF with a place, a comment, another picture behind."""
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*\0\0\0\x08" + b"\0\x01" + entries + b"\0\0\0\0" + b"GPSCanary ThumbCanary"
    exif = b"Exif\0\0" + tiff
    part = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    comment = b"CommentCanary"
    part += b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return data[:2] + part + data[2:] + b"BehindCanary"


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def kept(tmp_path: Path, data: bytes, name: str = "a.jpg") -> picture_intake.Picture:
    path = tmp_path / name
    path.write_bytes(data)
    return picture_intake.read_picture(path)


def test_nothing_but_the_picture_is_kept(tmp_path: Path) -> None:
    data = with_parts(jpeg())
    assert all(canary in data for canary in CANARIES), "else this shows nothing"
    picture = kept(tmp_path, data)
    assert not any(canary in picture.data for canary in CANARIES)
    assert b"Exif" not in picture.data
    assert (picture.width, picture.height) == (300, 200)


def test_what_was_held_upright_is_upright(tmp_path: Path) -> None:
    picture = kept(tmp_path, with_parts(jpeg(), orientation=6))
    assert (picture.width, picture.height) == (200, 300)


@pytest.mark.parametrize("noise", [False, True])
def test_large_ones_become_small(tmp_path: Path, noise: bool) -> None:
    picture = kept(tmp_path, jpeg(2_400, 1_800, noise=noise))
    assert max(picture.width, picture.height) <= MAX_SIDE
    assert len(picture.data) <= MAX_PICTURE_BYTES
    shown = QImage.fromData(QByteArray(picture.data))
    assert (shown.width(), shown.height()) == (picture.width, picture.height)


def test_what_no_quality_makes_fit_becomes_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_intake, "MAX_PICTURE_BYTES", 3_000)
    image = QImage.fromData(QByteArray(jpeg(200, 200, noise=True)))
    picture = picture_intake.packed(image)
    assert len(picture.data) <= 3_000
    assert picture.width < 200


def test_what_can_be_seen_through_is_on_white(tmp_path: Path) -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    assert image.save(str(tmp_path / "clear.png"))
    picture = picture_intake.read_picture(tmp_path / "clear.png")
    assert QImage.fromData(QByteArray(picture.data)).pixelColor(10, 10).lightness() > 250


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (20_001, 10), (19_000, 19_000)])
def test_a_bomb_is_refused_before_it_is_decoded(
    tmp_path: Path, width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(_reader: QImageReader) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(QImageReader, "read", decoded)
    with pytest.raises(Refusal, match="picture_file_too_large"):
        kept(tmp_path, png_header(width, height), "bomb.png")


def test_what_would_take_all_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not_a_picture"):
        kept(tmp_path, png_header(10_500, 10_500), "large.png")


def test_a_file_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_intake, "MAX_FILE_BYTES", 1_000)
    with pytest.raises(Refusal, match="picture_file_too_large"):
        kept(tmp_path, jpeg())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        jpeg()[:50],
        png_header(0, 5),
    ],
    ids=["empty", "text", "svg", "cut", "no width"],
)
def test_what_is_no_picture_is_said_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refusal, match="not_a_picture"):
        kept(tmp_path, data)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentTrouble, match="file_unreadable"):
        picture_intake.read_picture(tmp_path / "gone.jpg")


def test_views_are_as_large_as_asked(tmp_path: Path) -> None:
    assert picture_intake.view_of(jpeg(), 100).width() == 100
    assert picture_intake.view_of(b"nonsense", 100).isNull()
    (tmp_path / "a.jpg").write_bytes(jpeg())
    assert picture_intake.thumbnail(tmp_path / "a.jpg", 60).width() == 60
